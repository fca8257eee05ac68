"""Mapping sets as quads: each record a resource, matches of the accepted, and what follows from them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from curies import Converter
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, serialize
from sssom_pydantic import SemanticMapping
from sssom_pydantic.models import MULTIPLE_REFERENCE_FIELDS, SINGLE_REFERENCE_FIELDS

from isogloss.mappings.claims import SKOS, STATUS_SLOT, STATUSES, STRENGTH, Claim, claim, status_of
from isogloss.mappings.derive import Derived, derive
from isogloss.mappings.sets import Alignment
from isogloss.mappings.suggest import record_slug
from isogloss.ontology import names

from . import terms

MAPPINGS = NamedNode(names.graph("mappings"))
INFERRED = NamedNode(names.graph("inferred"))
_REFERENCES = SINGLE_REFERENCE_FIELDS | MULTIPLE_REFERENCE_FIELDS | {"mapping_tool_id"}
_WORDS = {
    "exactMatch": "means the same as",
    "closeMatch": "means nearly the same as",
    "broadMatch": "is narrower than",
    "narrowMatch": "is broader than",
    "relatedMatch": "is related to",
}


def quads(alignments: Iterable[Alignment]) -> Iterator[Quad]:
    """All quads of these sets: records and matches in graph/mappings, derived records in graph/inferred.

    A match is stated only for a record that is accepted, not negated, and joins two terms. What follows
    from several stays a record: it states no match, so that a match can always be traced to one record.
    """
    yield from _author()
    accepted: list[Claim] = []
    for alignment in alignments:
        yield from _set(alignment)
        for mapping in alignment.mappings:
            says = claim(mapping, alignment.converter)
            record = NamedNode(says.record or _record_iri(says))
            yield from _record(record, mapping, alignment)
            if says.status == "accepted" and says.joins and says.predicate in STRENGTH:
                accepted.append(says)
                yield Quad(
                    NamedNode(says.subject),
                    NamedNode(SKOS + says.predicate),
                    NamedNode(says.object),
                    MAPPINGS,
                )
    for found in derive(accepted):
        yield from _derived(found)


def serialised(alignment: Alignment, ending: str) -> str:
    """The set's quads as text: `ttl` (graphs left out) or `nq`, in a fixed order."""
    found = sorted(set(quads([alignment])), key=str)
    if ending == "nq":
        text = serialize(found, format=RdfFormat.N_QUADS)
    else:
        text = serialize((q.triple for q in found), format=RdfFormat.TURTLE, prefixes=names.PREFIXES)
    return (text or b"").decode("utf-8")


def _record_iri(says: Claim) -> str:
    return names.thing("mapping", record_slug(says.subject, says.predicate, says.object, says.negated))


def _author() -> Iterator[Quad]:
    """The project, which stands as the author of what was judged by hand."""
    project = NamedNode(names.thing("body", "isogloss"))
    name = terms.english("The Isogloss project")
    yield Quad(project, terms.prefixed("rdf:type"), terms.prefixed("ig:Body"), MAPPINGS)
    yield Quad(project, terms.prefixed("rdfs:label"), name, MAPPINGS)
    yield Quad(project, terms.prefixed("skos:prefLabel"), name, MAPPINGS)
    yield Quad(project, terms.prefixed("dcterms:source"), NamedNode(names.BASE), MAPPINGS)


def _set(alignment: Alignment) -> Iterator[Quad]:
    about = NamedNode(str(alignment.about.id))
    title = terms.english(alignment.about.title or str(alignment.about.id))
    yield Quad(about, terms.prefixed("rdf:type"), terms.prefixed("sssom:MappingSet"), MAPPINGS)
    yield Quad(about, terms.prefixed("rdfs:label"), title, MAPPINGS)
    yield Quad(about, terms.prefixed("dcterms:title"), title, MAPPINGS)
    if alignment.about.description:
        told = terms.english(alignment.about.description)
        yield Quad(about, terms.prefixed("dcterms:description"), told, MAPPINGS)
    if alignment.about.license:
        license_ = NamedNode(str(alignment.about.license))
        yield Quad(about, terms.prefixed("dcterms:license"), license_, MAPPINGS)


def _record(record: NamedNode, mapping: SemanticMapping, alignment: Alignment) -> Iterator[Quad]:
    def state(name: str, value: NamedNode | Literal) -> Quad:
        return Quad(record, terms.prefixed(name), value, MAPPINGS)

    yield state("rdf:type", terms.prefixed("ig:Mapping"))
    yield state("rdfs:label", terms.english(_label(mapping)))
    yield state("dcterms:isPartOf", NamedNode(str(alignment.about.id)))
    status = status_of(mapping)
    if status in STATUSES:
        yield state("ig:mappingStatus", NamedNode(names.thing("concept", f"mapping-status/{status}")))
    told = mapping.to_record().model_dump(exclude_none=True, exclude={"record_id", "extensions"})
    for slot, value in told.items():
        for one in value if isinstance(value, list) else [value]:
            name = "rdfs:comment" if slot == "comment" else f"sssom:{slot}"
            yield state(name, _value(slot, one, alignment.converter))
    for name, extension in (mapping.extensions or {}).items():
        if name != STATUS_SLOT:
            predicate = NamedNode(alignment.converter.expand_reference(extension.predicate, strict=True))
            yield Quad(record, predicate, Literal(str(extension.value)), MAPPINGS)


def _value(slot: str, value: object, converter: Converter) -> NamedNode | Literal:
    if slot in _REFERENCES:
        return NamedNode(converter.expand(str(value), strict=True))
    if slot == "comment":
        return terms.english(str(value))
    if isinstance(value, date):
        return terms.date(value.isoformat())
    if isinstance(value, float):
        return terms.decimal(f"{value:.4f}".rstrip("0").rstrip("."))
    return Literal(str(value))


def _label(mapping: SemanticMapping) -> str:
    said = _WORDS.get(mapping.predicate.identifier, mapping.predicate.curie)
    said = f"not: {said}" if mapping.negated else said
    one = mapping.subject_name or mapping.subject.identifier
    if mapping.object.curie == "sssom:NoTermFound":
        place = mapping.object_source.identifier if mapping.object_source else "the other vocabulary"
        return f"{one} ({mapping.subject.prefix}) has no counterpart in {place}"
    other = mapping.object_name or mapping.object.identifier
    return f"{one} ({mapping.subject.prefix}) {said} {other} ({mapping.object.prefix})"


def _derived(found: Derived) -> Iterator[Quad]:
    slug = f"derived/{record_slug(found.subject, found.predicate, found.object)}"
    record = NamedNode(names.thing("mapping", slug))

    def state(name: str, value: NamedNode | Literal) -> Quad:
        return Quad(record, terms.prefixed(name), value, INFERRED)

    chain = [NamedNode(step.record or _record_iri(step)) for step in found.chain]
    through = ", then ".join(node.value.removeprefix(names.BASE + "id/mapping/") for node in chain)
    ends = [iri.removeprefix(f"{names.BASE}id/term/") for iri in (found.subject, found.object)]
    yield state("rdf:type", terms.prefixed("ig:DerivedMapping"))
    yield state("rdfs:label", terms.english(f"{ends[0]} {_WORDS[found.predicate]} {ends[1]} (derived)"))
    yield state("rdfs:comment", terms.english(f"Follows from {through}."))
    yield state("sssom:subject_id", NamedNode(found.subject))
    yield state("sssom:predicate_id", NamedNode(SKOS + found.predicate))
    yield state("sssom:object_id", NamedNode(found.object))
    yield state("sssom:mapping_justification", terms.prefixed("semapv:MappingChaining"))
    yield state("sssom:confidence", terms.decimal(f"{found.confidence:.4f}".rstrip("0").rstrip(".")))
    yield from (state("sssom:derived_from", node) for node in chain)
