"""JSON-LD that reads as JSON: short names from our context, labels where things are named (JSON-LD 1.1)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from functools import cache
from typing import Any

import pyoxigraph as ox
from pyoxigraph import BlankNode, Literal, NamedNode, Quad

from isogloss.ontology.names import PREFIXES

from . import vocabulary
from .negotiation import RdfFormat

Node = NamedNode | BlankNode
Links = dict[tuple[str, str], list[Any]]

_RDF, _XSD = PREFIXES["rdf"], PREFIXES["xsd"]
_LABEL = PREFIXES["rdfs"] + "label"
_INTEGER = re.compile(r"0|-?[1-9]\d{0,14}")  # what JSON and xsd:integer write alike

# Short names for properties of others; those in _TEXTS are nearly always in English.
_TEXTS = {
    "label": "rdfs", "prefLabel": "skos", "altLabel": "skos", "definition": "skos", "title": "dcterms",
    "description": "dcterms", "alternative": "dcterms", "editorialNote": "skos",
}  # fmt: skip
_LINKS = {
    "broader": "skos", "narrower": "skos", "inScheme": "skos", "topConceptOf": "skos",
    "isPartOf": "dcterms", "references": "dcterms", "license": "dcterms", "conformsTo": "dcterms",
    "page": "foaf", "homepage": "foaf", "primaryTopic": "foaf", "inDataset": "void",
    "subOrganizationOf": "org", "memberOf": "org", "wasDerivedFrom": "prov",
}  # fmt: skip
_VALUES = {"identifier": "dcterms", "issued": "dcterms", "notation": "skos"}


@cache  # what ships does not change while this runs
def context() -> Mapping[str, Any]:
    """The prefixes and the short names of properties, as /context.jsonld has them."""
    told: dict[str, Any] = dict(PREFIXES)
    for term in vocabulary.shipped().properties():
        linking = PREFIXES["owl"] + "ObjectProperty" in term.types
        told[term.name] = (
            {"@id": f"ig:{term.name}", "@type": "@id"} if linking else {"@id": f"ig:{term.name}"}
        )
    told |= {name: {"@id": f"{prefix}:{name}", "@language": "en"} for name, prefix in _TEXTS.items()}
    told |= {name: {"@id": f"{prefix}:{name}", "@type": "@id"} for name, prefix in _LINKS.items()}
    told |= {name: {"@id": f"{prefix}:{name}"} for name, prefix in _VALUES.items()}
    return told


def is_json_ld(wanted: RdfFormat) -> bool:
    """Whether a format is JSON-LD, under its own media type or as plain JSON."""
    return wanted.suffix in ("jsonld", "json")


def json_ld(quads: Iterable[Quad], focus: str) -> bytes:
    """The triples with the thing `focus` first; what it names is told beside its name, if that is its label.

    The part of the context that is used stands in the document, so that reading it asks nobody else.
    """
    triples = list(dict.fromkeys(quad.triple for quad in quads))
    writer = _Writer(triples, focus)
    graph = writer.graph()
    body = {"@context": writer.used(), "@graph": graph}
    return json.dumps(body, ensure_ascii=False, indent=1).encode() + b"\n"


class _Writer:
    """One document: its triples by subject, and what of the context it uses."""

    def __init__(self, triples: list[ox.Triple], focus: str) -> None:
        self._focus = focus
        self._schemes = {_iri(term).partition(":")[0] for triple in triples for term in triple}
        self._by_subject: dict[Node, list[ox.Triple]] = {}
        for triple in triples:
            assert isinstance(triple.subject, (NamedNode, BlankNode))  # noqa: S101 - of RDF 1.1
            self._by_subject.setdefault(triple.subject, []).append(triple)
        self._terms = {_expanded(entry["@id"]): name for name, entry in context().items() if _is_term(entry)}
        self._prefixes = [  # a prefix that is also the scheme of an IRI here would change what that IRI means
            (namespace, prefix) for prefix, namespace in PREFIXES.items() if prefix not in self._schemes
        ]
        self._used: set[str] = set()
        self._labelled: set[Node] = set()

    def graph(self) -> list[dict[str, Any]]:
        """The thing, then every other subject that says more than its name and its link to the thing."""
        thing = NamedNode(self._focus)
        whole = [each for each in self._by_subject if each == thing or not self._is_mention(each)]
        nodes = [self._node(each) for each in sorted(whole, key=lambda each: each != thing)]
        mentions = [each for each in self._by_subject if each not in whole]
        inward = self._inward(thing, mentions)
        if inward and nodes and thing in self._by_subject:
            nodes[0]["@reverse"] = inward
        elif inward:
            nodes.insert(0, {"@id": self._focus, "@reverse": inward})
        left = [each for each in mentions if each not in self._labelled and self._label(each)]
        return nodes + [{"@id": _identity(each), **self._label(each)} for each in left]

    def used(self) -> dict[str, Any]:
        """The part of the context that the document needs."""
        whole = context()
        prefixes = {
            str(whole[name]["@id"]).partition(":")[0] for name in self._used if _is_term(whole[name])
        } | {name for name in self._used if not _is_term(whole[name])}
        terms = sorted(name for name in self._used if _is_term(whole[name]))
        return {name: whole[name] for name in (*sorted(prefixes), *terms)}

    def _is_mention(self, subject: Node) -> bool:
        return isinstance(subject, NamedNode) and all(
            triple.predicate.value == _LABEL or _iri(triple.object) == self._focus
            for triple in self._by_subject[subject]
        )

    def _node(self, subject: Node) -> dict[str, Any]:
        node: dict[str, Any] = {"@id": _identity(subject)}
        for triple in self._by_subject[subject]:
            if triple.predicate.value == _RDF + "type" and not isinstance(triple.object, Literal):
                node.setdefault("@type", []).append(self._short(_identity(triple.object)))
                continue
            name = self._name(triple.predicate.value)
            value = self._value(name, triple.object)
            node[name] = [*_listed(node[name]), value] if name in node else value
        return node

    def _inward(self, thing: NamedNode, mentions: Iterable[Node]) -> dict[str, list[Any]]:
        told: dict[str, list[Any]] = {}
        for subject in mentions:
            for triple in self._by_subject[subject]:
                if triple.object == thing and subject != thing:
                    told.setdefault(self._name(triple.predicate.value), []).append(self._reference(subject))
        return told

    def _value(self, name: str, value: Any) -> Any:
        entry = context().get(name, {})
        if isinstance(value, Literal):
            return _literal(value, entry, self._short)
        if isinstance(value, ox.Triple):
            raise TypeError("JSON-LD 1.1 has no triple terms")
        reference = self._reference(value)
        return reference["@id"] if len(reference) == 1 and entry.get("@type") == "@id" else reference

    def _reference(self, node: Node) -> dict[str, Any]:
        told = {"@id": _identity(node)}
        if node in self._by_subject and self._is_mention(node) and node not in self._labelled:
            self._labelled.add(node)
            told |= self._label(node)
        return told

    def _label(self, subject: Node) -> dict[str, Any]:
        name = self._name(_LABEL)
        found = [
            self._value(name, triple.object)
            for triple in self._by_subject[subject]
            if triple.predicate.value == _LABEL
        ]
        return {name: found[0] if len(found) == 1 else found} if found else {}

    def _name(self, iri: str) -> str:
        """The term of the context for a property, else its compact IRI."""
        name = self._terms.get(iri)
        if name and not self._schemes & {name, str(context()[name]["@id"]).partition(":")[0]}:
            self._used.add(name)
            return name
        return self._short(iri)

    def _short(self, iri: str) -> str:
        for namespace, prefix in self._prefixes:
            local = iri[len(namespace) :]
            if iri.startswith(namespace) and local and not local.startswith("//"):
                self._used.add(prefix)
                return f"{prefix}:{local}"
        return iri


def _literal(value: Literal, entry: Mapping[str, Any], short: Any) -> Any:
    """A plain value where the context makes it the same literal again, else a value object."""
    datatype = value.datatype.value
    if value.language:
        same = entry.get("@language") == value.language
        return value.value if same else {"@value": value.value, "@language": value.language}
    if datatype == _XSD + "boolean" and value.value in ("true", "false") and "@type" not in entry:
        return value.value == "true"
    if datatype == _XSD + "integer" and _INTEGER.fullmatch(value.value) and "@type" not in entry:
        return int(value.value)
    if datatype == _XSD + "string":
        return {"@value": value.value} if entry.keys() & {"@language", "@type"} else value.value
    return {"@value": value.value, "@type": short(datatype)}


def _is_term(entry: object) -> bool:
    return isinstance(entry, dict)


def _expanded(name: str) -> str:
    prefix, _, local = name.partition(":")
    return PREFIXES[prefix] + local


def _identity(node: Any) -> str:
    return str(node) if isinstance(node, BlankNode) else str(node.value)


def _iri(term: object) -> str:
    return term.value if isinstance(term, NamedNode) else ""


def _listed(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
