"""Proof slips: what a reviewer sees of each mapping to judge it, and what was marked on it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from isogloss.graph.engine.base import Engine
from isogloss.mappings.claims import INVERSE, NO_TERM, STRENGTH
from isogloss.mappings.marks import LONGEST_COMMENT, Mark

from .addresses import path_of
from .languages import best, foreign
from .mapping_rows import MAPPING, MappingRow
from .mapping_words import JUSTIFIED, Record, relation
from .term_lists import short_names
from .term_views import TermView, Views, seen

ON_A_SHEET = 25  # slips: what is marked is handed in before the page is turned
RELATIONS = (*STRENGTH, "not-exactMatch")
_ABSENT = "has no counterpart in"
Meant = tuple[str, str, str, bool]  # subject, predicate, object, and whether that is denied


@dataclass(frozen=True, slots=True)
class End:
    """One end of a mapping: its word, where that stands, and what it is there said to mean."""

    word: str
    language: str
    place: str
    gloss: str
    path: str


@dataclass(frozen=True, slots=True)
class Slip:
    """One mapping to judge; `relations` are those that may hold instead, each as it reads."""

    record: Record
    says: str
    one: End
    other: End
    relations: tuple[tuple[str, str], ...]
    finding: str = ""
    mark: Mark = field(default_factory=Mark)

    @property
    def slug(self) -> str:
        return self.record.iri.removeprefix(MAPPING)

    @property
    def how(self) -> str:
        """Where the record stands and how it was found, in short."""
        record = self.record
        sure = f"confidence {record.confidence:g}" if record.confidence >= 0 else ""
        found = JUSTIFIED.get(record.justification, "")
        return ", ".join(filter(None, (record.status, sure, "" if found == "not told" else found)))

    @property
    def reviewed(self) -> str:
        """The last review in words; nothing where there is none."""
        record = self.record
        if not record.reviews:
            return ""
        done = "left open" if record.status == "proposed" else record.status
        day = f" on {record.review_date}" if record.review_date else ""
        agreement = f", agreement {record.review_agreement}" if record.review_agreement else ""
        said = f": {record.review_comment}" if record.review_comment else ""
        return f"{done} by {' and '.join(record.reviews)}{day}{agreement}{said}"


@dataclass(frozen=True, slots=True)
class Proof:
    """A sheet of slips as it was filled in; `faults` say by the names of fields what is wrong in them."""

    slips: tuple[Slip, ...]
    reviewer: str = ""
    faults: Mapping[str, str] = field(default_factory=dict)
    longest: int = LONGEST_COMMENT

    def fault(self, name: str) -> str:
        return self.faults.get(name, "")


def slips(found: Views, wanted: tuple[str, ...]) -> list[Slip]:
    """A slip for each record among `found`, those of an absence too."""
    terms = {view.iri: view for view in found.terms}
    short = short_names({view.vocabulary: view.vocabulary_label for view in found.terms})
    absent = {record.iri: place for record, place in found.absent}
    ends = {iri: _end(view, short[view.vocabulary], wanted) for iri, view in terms.items()}
    every = [*found.records, *(record for record, _ in found.absent)]
    return [
        _slip(record, ends[record.subject], ends.get(record.object), absent.get(record.iri, ""))
        for record in every
    ]


async def of_rows(engine: Engine, rows: Sequence[MappingRow], wanted: tuple[str, ...]) -> tuple[Slip, ...]:
    """A slip for each row, in their order. One query."""
    if not rows:
        return ()
    ends = {iri for row in rows for iri in (row.record.subject, row.record.object)} - {NO_TERM}
    found = await seen(engine, sorted(ends), [row.record.iri for row in rows])
    known = {slip.record.iri: slip for slip in slips(found, wanted)}
    return tuple(
        replace(known.get(row.record.iri) or _plain(row), finding=row.finding, says=row.says) for row in rows
    )


def _slip(record: Record, one: End, other: End | None, where: str) -> Slip:
    if other is None:
        return Slip(record, _ABSENT, one, End("", "", where, "", ""), ())
    return Slip(record, record.says, one, other, _relations(record))


def _plain(row: MappingRow) -> Slip:
    """A slip of what the row alone tells, for a record with an end that is no term of ours."""
    one = End(row.subject_label, "", row.subject_source, "", path_of(row.record.subject) or "")
    other = End(row.other, "", row.object_source, "", path_of(row.record.object) or "")
    return Slip(row.record, row.says, one, other, _relations(row.record) if row.other else ())


def _relations(record: Record) -> tuple[tuple[str, str], ...]:
    own = ("not-" if record.negated else "") + record.predicate
    return tuple(
        (name, relation(name.removeprefix("not-"), negated=name.startswith("not-")))
        for name in RELATIONS
        if name != own
    )


def _end(view: TermView, source: str, wanted: tuple[str, ...]) -> End:
    word, language = best(view.labels, wanted)
    place = ", ".join(filter(None, (source, view.clause_told)))
    return End(word, foreign(language), place, view.gloss, path_of(view.iri) or "")


def claims_of(record: Record) -> tuple[Meant, Meant]:
    """What a record claims, seen from either end."""
    back = INVERSE.get(record.predicate, record.predicate)
    return (
        (record.subject, record.predicate, record.object, record.negated),
        (record.object, back, record.subject, record.negated),
    )
