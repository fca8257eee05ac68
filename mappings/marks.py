"""Marks on a proof sheet of mappings, and the SSSOM records that they come to."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from curies import Converter, NamableReference, Reference
from sssom_pydantic import SemanticMapping

from isogloss.errors import MappingError
from isogloss.ontology import names

from .claims import STATUSES, claim, status_of, with_status
from .review import Review, reviewed
from .sets import Alignment, about
from .suggest import record_slug

AGREE, DISAGREE, OTHER, LEAVE = "agree", "disagree", "other", "leave"
LONGEST_COMMENT = 1000  # characters
_STATUS = {AGREE: "accepted", DISAGREE: "rejected", OTHER: "superseded", LEAVE: "proposed"}
_COMPUTED = "=+-@"  # a spreadsheet takes what begins so for a formula
_NO_TEXT = {"Cc", "Cs"}
# Embeddings, overrides and isolates turn the order of reading around: the text shows as what it is not.
_TURNS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_HOW = Reference.from_curie("semapv:ManualMappingCuration")


@dataclass(frozen=True, slots=True)
class Mark:
    """What a reviewer makes of one record: agree, disagree, other, or leave.

    `relation` is what holds instead (SKOS's local name, `not-` before a denial), where the verdict is other.
    """

    verdict: str = LEAVE
    relation: str = ""
    comment: str = ""

    @property
    def says(self) -> bool:
        """Whether anything comes of it: one that leaves the record and gives no comment says nothing."""
        return self.verdict != LEAVE or bool(self.comment)


def plain(comment: str) -> str:
    """A comment as one line of text, word for word.

    Errors: MappingError for what a sheet cannot hold, or a spreadsheet would make something else of.
    """
    line = " ".join(comment.split())
    strange = next((each for each in line if each in _TURNS or unicodedata.category(each) in _NO_TEXT), "")
    if strange:
        raise MappingError(f"the character U+{ord(strange):04X} is no text: take it out")
    if len(line) > LONGEST_COMMENT:
        raise MappingError(f"it has {len(line)} characters, and may have {LONGEST_COMMENT}")
    if unicodedata.normalize("NFKC", line[:1]) in set(_COMPUTED):
        raise MappingError(f"a spreadsheet would compute what begins with {line[0]}: begin with a word")
    return line


def marked(
    mapping: SemanticMapping, mark: Mark, by: Reference, day: date, converter: Converter
) -> tuple[SemanticMapping, ...]:
    """What a mark comes to: the record with its review, and after it what is to take its place, if anything.

    Errors: MappingError where the record cannot be marked so.
    """
    if not mark.says:
        return ()
    if mark.verdict == LEAVE and status_of(mapping) != STATUSES[0]:
        raise MappingError(f"it is {status_of(mapping)} already: say whether you agree, or write no comment")
    after = reviewed(mapping, Review((by,), _STATUS[mark.verdict], day, comment=mark.comment))
    return (after, _instead(mapping, mark, by, day, converter)) if mark.verdict == OTHER else (after,)


def _instead(
    mapping: SemanticMapping, mark: Mark, by: Reference, day: date, converter: Converter
) -> SemanticMapping:
    """The record that is proposed in the place of another one, made by who reviewed that."""
    negated = mark.relation.startswith("not-")
    predicate = mark.relation.removeprefix("not-")
    says = claim(mapping, converter)
    iri = names.thing("mapping", record_slug(says.subject, predicate, says.object, negated))
    made = SemanticMapping(
        subject=mapping.subject,
        predicate=NamableReference.from_curie(f"skos:{predicate}"),
        predicate_modifier="Not" if negated else None,
        object=mapping.object,
        justification=_HOW,
        authors=[by],
        mapping_date=day,
        subject_source=mapping.subject_source,
        object_source=mapping.object_source,
        comment=mark.comment or None,
        record=converter.parse_uri(iri, strict=True).to_pydantic(),
    )
    return with_status(made, STATUSES[0])


def sheet_of(records: Iterable[SemanticMapping], by: Reference, day: date, converter: Converter) -> Alignment:
    """Reviewed records as the set that `isogloss load mappings` takes; its head says so."""
    told = "Bring them in with: isogloss load mappings FILE, then isogloss build."
    return Alignment(
        tuple(records), converter, about("reviews", f"Reviews by {by.curie} on {day.isoformat()}", told)
    )
