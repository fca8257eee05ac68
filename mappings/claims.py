"""What this project reads off an SSSOM record: its ends as IRIs, its claim, its status."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from curies import Converter, Reference
from sssom_pydantic import ExtensionDefinition, SemanticMapping, Slot

from isogloss.ontology import names

STATUSES = ("proposed", "accepted", "rejected", "superseded")
STATUS_SLOT = "mapping_status"
STATUS_DEFINITION = ExtensionDefinition(
    name=STATUS_SLOT,
    predicate=Reference.from_curie("ig:mappingStatus"),
    datatype=Reference.from_curie("xsd:string"),
)
COMMENT_SLOT = "review_comment"
COMMENT_DEFINITION = ExtensionDefinition(
    name=COMMENT_SLOT,
    predicate=Reference.from_curie("ig:reviewComment"),
    datatype=Reference.from_curie("xsd:string"),
)
NO_TERM = names.PREFIXES["sssom"] + "NoTermFound"
SKOS = names.PREFIXES["skos"]
# How strongly each mapping relation of SKOS ties its ends, and what it is seen from the other end.
STRENGTH = {"exactMatch": 4, "closeMatch": 3, "broadMatch": 2, "narrowMatch": 2, "relatedMatch": 1}
INVERSE = {"broadMatch": "narrowMatch", "narrowMatch": "broadMatch"}


@dataclass(frozen=True, slots=True)
class Claim:
    """One record as the checks see it. `predicate` is SKOS's local name, or an IRI for any other."""

    record: str
    subject: str
    predicate: str
    object: str
    negated: bool = False
    confidence: float = 1.0
    status: str = "proposed"

    @property
    def live(self) -> bool:
        """Whether the record still says something: neither rejected nor superseded."""
        return self.status in {"proposed", "accepted"}

    @property
    def joins(self) -> bool:
        """Whether it positively ties two terms."""
        return self.live and not self.negated and NO_TERM not in {self.subject, self.object}

    @property
    def pair(self) -> frozenset[str]:
        return frozenset({self.subject, self.object})


def status_of(mapping: SemanticMapping) -> str:
    """The status in the extension slot; for records made elsewhere, what their review amounts to.

    SSSOM 1.1 has a reviewer's agreement from -1 to 1: from 0.5 on it counts as accepted, down from
    -0.5 as rejected.
    """
    slot = (mapping.extensions or {}).get(STATUS_SLOT)
    if slot is not None:
        return str(slot.value)
    agreement = mapping.reviewer_agreement
    if agreement is None or abs(agreement) < 0.5:
        return "proposed"
    return "accepted" if agreement > 0 else "rejected"


def with_status(mapping: SemanticMapping, status: str) -> SemanticMapping:
    """The same record with this status."""
    slots = {
        **(mapping.extensions or {}),
        STATUS_SLOT: Slot(predicate=STATUS_DEFINITION.predicate, value=status),
    }
    return mapping.model_copy(update={"extensions": slots})


def claim(mapping: SemanticMapping, converter: Converter) -> Claim:
    """The claim that a record makes, with CURIEs expanded by the map of its set."""
    iri = converter.expand_reference
    predicate = iri(mapping.predicate, strict=True)
    return Claim(
        iri(mapping.record, strict=True) if mapping.record else "",
        iri(mapping.subject, strict=True),
        predicate.removeprefix(SKOS),
        iri(mapping.object, strict=True),
        mapping.negated,
        1.0 if mapping.confidence is None else mapping.confidence,
        status_of(mapping),
    )


def claims(mappings: Iterable[SemanticMapping], converter: Converter) -> tuple[Claim, ...]:
    return tuple(claim(mapping, converter) for mapping in mappings)


def inverse(predicate: str) -> str:
    """The relation as seen from the object."""
    return INVERSE.get(predicate, predicate)
