"""Terminologies in SKOS and SKOS-XL, as Turtle or JSON-LD."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, RdfFormat, Triple, serialize

from isogloss.ontology.names import PREFIXES

from ..entry_rdf import literal, to_triples
from ..terms import english, is_web_address, prefixed
from .terminology import Terminology

_XL = {"preferred": "skosxl:prefLabel", "admitted": "skosxl:altLabel", "deprecated": "skosxl:hiddenLabel"}
_USED = ("bibo", "dcterms", "foaf", "ig", "rdf", "rdfs", "schema", "skos", "skosxl")


def write_turtle(terminology: Terminology) -> bytes:
    """SKOS in Turtle."""
    return _turtle(set(_triples(terminology)))


def write_jsonld(terminology: Terminology) -> bytes:
    """SKOS in JSON-LD, expanded."""
    return serialize(_sorted(set(_triples(terminology))), format=RdfFormat.JSON_LD) or b""


def write_skosxl(terminology: Terminology) -> bytes:
    """SKOS-XL in Turtle: every label is a thing as well, beside the plain one that S55 to S57 entail."""
    return _turtle({*_triples(terminology), *_labels(terminology)})


def _turtle(triples: set[Triple]) -> bytes:
    prefixes = {name: PREFIXES[name] for name in _USED}
    return serialize(_sorted(triples), format=RdfFormat.TURTLE, prefixes=prefixes) or b""


def _sorted(triples: set[Triple]) -> list[Triple]:
    return sorted(triples, key=str)


def _triples(terminology: Terminology) -> Iterator[Triple]:
    scheme, nodes = terminology.scheme, terminology.nodes()
    yield Triple(scheme, prefixed("rdf:type"), prefixed("skos:ConceptScheme"))
    yield Triple(scheme, prefixed("rdfs:label"), english(terminology.title))
    if is_web_address(terminology.license):
        yield Triple(scheme, prefixed("dcterms:license"), NamedNode(terminology.license))
    if terminology.rights:
        yield Triple(scheme, prefixed("dcterms:rights"), english(terminology.rights))
    for entry in terminology.entries:
        node = nodes[entry.identifier]
        yield Triple(node, prefixed("rdf:type"), prefixed("skos:Concept"))
        yield Triple(node, prefixed("skos:inScheme"), scheme)
        yield from to_triples(entry, node, nodes.get)


def _labels(terminology: Terminology) -> Iterator[Triple]:
    nodes = terminology.nodes()
    for entry in terminology.entries:
        node = nodes[entry.identifier]
        for position, word in enumerate(entry.designations, 1):
            label = NamedNode(f"{node.value}#label-{position}")
            yield Triple(node, prefixed(_XL[word.status]), label)
            yield Triple(label, prefixed("rdf:type"), prefixed("skosxl:Label"))
            yield Triple(label, prefixed("skosxl:literalForm"), literal(word.text, word.language))
            yield Triple(label, prefixed("dcterms:type"), Literal(word.form))
