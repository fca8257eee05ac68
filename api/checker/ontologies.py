"""An ontology under check: its triples, its own terms, and what is said of it."""

from __future__ import annotations

from collections.abc import Iterator

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode

from isogloss.ontology.names import PREFIXES

OWL, RDF, RDFS, SKOS = (PREFIXES[name] for name in ("owl", "rdf", "rdfs", "skos"))
CLASSES = (OWL + "Class", RDFS + "Class")
LINKS, VALUES = OWL + "ObjectProperty", OWL + "DatatypeProperty"
PROPERTIES = (LINKS, VALUES, OWL + "AnnotationProperty", RDF + "Property")

Term = NamedNode | ox.BlankNode | Literal | ox.Triple


class Ontology:
    """The Turtle of one ontology; `iri` is that of the node typed owl:Ontology (empty if there is none)."""

    def __init__(self, turtle: bytes) -> None:
        self._store = ox.Store()
        self._store.load(turtle, ox.RdfFormat.TURTLE)
        self.iri = next((str(node.value) for node in self._typed(OWL + "Ontology")), "")

    @property
    def namespace(self) -> str:
        """Where its own terms are, as its header says, else by hash."""
        told = self.header(PREFIXES["vann"] + "preferredNamespaceUri")
        return told[0] if told else self.iri + "#"

    def header(self, *predicates: str) -> list[str]:
        """The values of any of these properties of the ontology itself."""
        return [text for predicate in predicates for text in self.texts(self.iri, predicate)]

    def texts(self, subject: str, predicate: str) -> list[str]:
        """Values as texts, IRIs and literals alike."""
        return [
            term.value for term in self.values(subject, predicate) if isinstance(term, (NamedNode, Literal))
        ]

    def values(self, subject: str, predicate: str) -> list[Term]:
        """The objects of a property of a term."""
        if not subject:
            return []
        pattern = self._store.quads_for_pattern(NamedNode(subject), NamedNode(predicate), None, None)
        return [quad.object for quad in pattern]

    def links(self, subject: str, predicate: str) -> list[str]:
        """The IRIs among the values."""
        return [term.value for term in self.values(subject, predicate) if isinstance(term, NamedNode)]

    def own(self, *kinds: str) -> list[str]:
        """The terms of its own namespace that have one of these types, in order."""
        found = {node.value for kind in kinds for node in self._typed(kind) if isinstance(node, NamedNode)}
        return sorted(iri for iri in found if iri.startswith(self.namespace))

    def of_type(self, kind: str) -> list[str]:
        """The terms of any namespace that have this type."""
        return [node.value for node in self._typed(kind) if isinstance(node, NamedNode)]

    def about(self, node: ox.BlankNode) -> list[Term]:
        """All objects of a node without a name, as in the expression of a class or a list."""
        return [quad.object for quad in self._store.quads_for_pattern(node, None, None, None)]

    def has(self, subject: str, predicate: str, value: str) -> bool:
        """Whether it says so."""
        return ox.Quad(NamedNode(subject), NamedNode(predicate), NamedNode(value)) in self._store

    def triples(self) -> Iterator[ox.Quad]:
        """All that it says."""
        return iter(self._store)

    def _typed(self, kind: str) -> Iterator[NamedNode | ox.BlankNode]:
        for quad in self._store.quads_for_pattern(None, NamedNode(RDF + "type"), NamedNode(kind), None):
            if isinstance(quad.subject, (NamedNode, ox.BlankNode)):
                yield quad.subject
