"""What a file of mappings brings: reviews of known records, new records, and what cannot be taken and why."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from curies import Converter
from sssom_pydantic import SemanticMapping

from isogloss.errors import MappingError
from isogloss.ontology import names

from .claims import STATUSES, claim, inverse, status_of, with_status
from .findings import Finding, short
from .judged import Judged, by_iri, ends, record_iri
from .review import Review, comment_of, judgement, reviewed
from .sets import Alignment, converter_for, joined
from .terms import Terms
from .validate import validate

_OF_THE_WHOLE = {"cardinality", "repeated"}  # found in a set, not in a record: no reason to refuse one
Meaning = tuple[tuple[str, ...], tuple[str, str], bool]


@dataclass(frozen=True, slots=True)
class Intake:
    """`change` holds the records as they are to stand; the counts say what became of those in the file."""

    change: Alignment
    reviews: int
    new: int
    unchanged: int
    refused: tuple[Finding, ...] = ()


def take_in(known: Judged, offered: Alignment, day: date | None, terms: Terms | None = None) -> Intake:
    """What `offered` adds to `known`; of a known record only its review is taken, dated `day` if it is not.

    A record is known by its identifier, else by what it claims. With `terms`, a record whose ends do not
    exist is refused. Errors: MappingError where the CURIE maps disagree.
    """
    ours = (alignment.converter for alignment in known.sets)
    converter, _ = joined([*ours, converter_for(()), offered.converter])
    shelf = _Shelf.of(known, converter)
    named = tuple(shelf.named(mapping.standardize(converter)) for mapping in offered.mappings)
    found = validate(Alignment(named, converter, offered.about), terms)
    faults = {
        iri: each
        for each in found
        for iri in each.about
        if each.weight == "error" and each.kind not in _OF_THE_WHOLE
    }
    reviews, new, refused = list[SemanticMapping](), list[SemanticMapping](), list[Finding]()
    for mapping in named:
        iri = record_iri(claim(mapping, converter))
        try:
            if iri in shelf.records:
                reviews += shelf.judged(iri, mapping, day)
            elif iri in faults:
                refused.append(faults[iri])
            else:
                new.append(mapping)
        except MappingError as error:
            refused.append(Finding("review", "error", str(error), "correct the row", (iri,), short(iri)))
    change = Alignment((*reviews, *new), converter, offered.about)
    unchanged = len(named) - len(reviews) - len(new) - len(refused)
    return Intake(change, len(reviews), len(new), unchanged, tuple(refused))


@dataclass(frozen=True, slots=True)
class _Shelf:
    """The known records by their IRIs, and the IRIs by what the records claim."""

    converter: Converter
    records: dict[str, SemanticMapping]
    claimed: dict[Meaning, str]

    @classmethod
    def of(cls, known: Judged, converter: Converter) -> _Shelf:
        records = {
            iri: mapping.standardize(converter)
            for alignment in known.sets
            for iri, mapping in by_iri(alignment).items()
        }
        return cls(converter, records, {_meaning(m, converter): iri for iri, m in records.items()})

    def named(self, mapping: SemanticMapping) -> SemanticMapping:
        """The record with an identifier, a status, and the vocabularies of its ends."""
        iri = record_iri(claim(mapping, self.converter))
        if iri not in self.records:
            iri = self.claimed.get(_meaning(mapping, self.converter), iri)
        update: dict[str, object] = {"record": self.converter.parse_uri(iri, strict=True).to_pydantic()}
        for slot, slug in zip(
            ("subject_source", "object_source"), ends(mapping, self.converter), strict=True
        ):
            if slug and getattr(mapping, slot) is None:
                there = names.thing("vocabulary", slug)
                update[slot] = self.converter.parse_uri(there, strict=True).to_pydantic()
        return with_status(mapping.model_copy(update=update), status_of(mapping))

    def judged(self, iri: str, offered: SemanticMapping, day: date | None) -> list[SemanticMapping]:
        """The known record with the review of the offered one; nothing where there is no new one.

        Errors: MappingError where the record claims something else now, or the review lacks who or when.
        """
        known = self.records[iri]
        if _meaning(known, self.converter) != _meaning(offered, self.converter):
            raise MappingError("the record claims something else now: supersede it, and add another one")
        status = _decided(offered)
        if not offered.reviewers:
            if status in (STATUSES[0], status_of(known)):
                return []  # it was written before somebody judged the record, and says nothing of that
            raise MappingError(f"it is {status} now, but no reviewer says so")
        again = offered.reviewers == known.reviewers and offered.review_date is None
        when = known.review_date if again and status == status_of(known) else offered.review_date or day
        if when is None:
            raise MappingError("the review has no date")
        said = offered.reviewer_agreement, comment_of(offered)
        after = reviewed(known, Review(tuple(offered.reviewers), status, when, *said))
        return [] if judgement(after) == judgement(known) else [after]


def _decided(offered: SemanticMapping) -> str:
    """The status after the review: as written, or where that was left at proposed, by the agreement."""
    agreement = offered.reviewer_agreement or 0.0
    if status_of(offered) != STATUSES[0] or abs(agreement) < 0.5:
        return status_of(offered)
    return "accepted" if agreement > 0 else "rejected"


def _meaning(mapping: SemanticMapping, converter: Converter) -> Meaning:
    """What a record claims, the same seen from either end; of an absence also where was looked."""
    says = claim(mapping, converter)
    forth = says.subject, says.predicate, says.object
    back = says.object, inverse(says.predicate), says.subject
    one, other = sorted(ends(mapping, converter))
    return min(forth, back), (one, other), says.negated
