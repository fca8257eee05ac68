"""Reviews of mappings as quads: each one a resource, the last and those that it took the place of."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from curies import Converter
from pyoxigraph import Literal, NamedNode, Quad
from sssom_pydantic import SemanticMapping

from isogloss.mappings.claims import STATUSES, status_of
from isogloss.mappings.judged import Judged, by_iri
from isogloss.mappings.review import comment_of, judgement
from isogloss.ontology import names

from . import terms
from .mapping_quads import MAPPINGS

_DONE = {"accepted": "Accepted", "rejected": "Rejected", "proposed": "Left open", "superseded": "Superseded"}


def review_quads(known: Judged) -> Iterator[Quad]:
    """Every review of every record, numbered from the first."""
    for alignment in known.sets:
        for iri, mapping in by_iri(alignment).items():
            versions = (*known.earlier.get(iri, ()), mapping)
            for number, version in enumerate(_judged(versions), 1):
                yield from _review(NamedNode(iri), number, version, alignment.converter)


def _judged(versions: Iterable[SemanticMapping]) -> Iterator[SemanticMapping]:
    """The versions that came with a review of their own."""
    before: tuple[object, ...] | None = None
    for version in versions:
        if version.reviewers and judgement(version) != before:
            yield version
        before = judgement(version)


def _review(record: NamedNode, number: int, version: SemanticMapping, converter: Converter) -> Iterator[Quad]:
    node = NamedNode(f"{record.value}#review-{number}")

    def state(name: str, value: NamedNode | Literal) -> Quad:
        return Quad(node, terms.prefixed(name), value, MAPPINGS)

    status = status_of(version)
    by = [converter.expand_reference(each, strict=True) for each in version.reviewers or ()]
    who = " and ".join(each.identifier for each in version.reviewers or ())
    day = f" on {version.review_date.isoformat()}" if version.review_date else ""
    yield state("rdf:type", terms.prefixed("ig:Review"))
    yield state("rdfs:label", terms.english(f"{_DONE.get(status, status)} by {who}{day}"))
    yield state("ig:reviewOf", record)
    yield from (state("sssom:reviewer_id", NamedNode(each)) for each in by)
    if status in STATUSES:
        yield state("ig:verdict", NamedNode(names.thing("concept", f"mapping-status/{status}")))
    if version.review_date:
        yield state("sssom:review_date", terms.date(version.review_date.isoformat()))
    if version.reviewer_agreement is not None:
        agreement = f"{version.reviewer_agreement:.4f}".rstrip("0").rstrip(".")
        yield state("sssom:reviewer_agreement", terms.decimal(agreement))
    if comment_of(version):
        yield state("rdfs:comment", terms.english(comment_of(version)))
