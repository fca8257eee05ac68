"""The ontology read from the file that ships: its classes, properties and schemes, for the reference page."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import pyoxigraph as ox
from pyoxigraph import NamedNode

from isogloss.graph.solutions import solutions
from isogloss.ontology.names import IG, ONTOLOGY, PREFIXES


@dataclass(frozen=True, slots=True)
class OntologyTerm:
    """A class or property of ours; lists hold IRIs."""

    iri: str
    label: str
    definition: str
    above: tuple[str, ...]
    domains: tuple[str, ...] = ()
    ranges: tuple[str, ...] = ()
    inverses: tuple[str, ...] = ()
    types: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """The local name, which is also the anchor on the page."""
        return self.iri.removeprefix(IG)

    def above_elsewhere(self, depth: int) -> tuple[str, ...]:
        """What it is narrower than, without the first of ours if it stands below that (`depth` is not 0)."""
        ours = [iri for iri in self.above if iri.startswith(IG)]
        return tuple(iri for iri in self.above if not (depth and ours and iri == ours[0]))

    @property
    def defined(self) -> bool:
        """Whether the class is defined by conditions: whatever meets them is in it."""
        return PREFIXES["owl"] + "equivalentClass" in self.types


class Vocabulary:
    """The ontology of one version, as text, as quads, and term by term."""

    def __init__(self, turtle: bytes) -> None:
        self.turtle = turtle
        self.quads = tuple(ox.parse(turtle, ox.RdfFormat.TURTLE))
        self._store = ox.Store()
        self._store.extend(self.quads)

    @property
    def version(self) -> str:
        """Its version number (owl:versionInfo)."""
        return next(self._texts(ONTOLOGY, PREFIXES["owl"] + "versionInfo"), "")

    def header(self, name: str) -> str:
        """The first value of a Dublin Core property of the ontology itself."""
        return next(self._texts(ONTOLOGY, PREFIXES["dcterms"] + name), "")

    def classes(self) -> list[OntologyTerm]:
        """Its classes in the order of the file's definitions."""
        return self._terms("owl:Class")

    def properties(self) -> list[OntologyTerm]:
        """Its properties: those that link things, those that hold values, annotations."""
        return self._terms("owl:ObjectProperty", "owl:DatatypeProperty", "owl:AnnotationProperty")

    def _terms(self, *kinds: str) -> list[OntologyTerm]:
        rows = solutions(
            self._store,
            f"SELECT DISTINCT ?term WHERE {{ VALUES ?kind {{ {' '.join(kinds)} }} ?term a ?kind ;"
            f" rdfs:isDefinedBy <{ONTOLOGY}> }}",
        )
        iris = {row["term"].value for row in rows if isinstance(row["term"], NamedNode)}
        order = {iri: place for place, iri in enumerate(self._in_file_order())}
        return [self._term(iri) for iri in sorted(iris, key=lambda iri: order.get(iri, len(order)))]

    def _in_file_order(self) -> Iterator[str]:
        seen: set[str] = set()
        for quad in self.quads:
            if isinstance(quad.subject, NamedNode) and quad.subject.value not in seen:
                seen.add(quad.subject.value)
                yield quad.subject.value

    def _term(self, iri: str) -> OntologyTerm:
        rdfs, owl, skos, rdf = (PREFIXES[name] for name in ("rdfs", "owl", "skos", "rdf"))
        types = tuple(self._links(iri, rdf + "type"))
        if any(self._store.quads_for_pattern(NamedNode(iri), NamedNode(owl + "equivalentClass"), None, None)):
            types = (*types, owl + "equivalentClass")
        return OntologyTerm(
            iri,
            next(self._texts(iri, rdfs + "label"), ""),
            next(self._texts(iri, skos + "definition"), ""),
            (*self._links(iri, rdfs + "subClassOf"), *self._links(iri, rdfs + "subPropertyOf")),
            tuple(self._links(iri, rdfs + "domain")),
            tuple(self._links(iri, rdfs + "range")),
            tuple(self._links(iri, owl + "inverseOf")),
            types,
        )

    def _links(self, subject: str, predicate: str) -> Iterator[str]:
        for quad in self._store.quads_for_pattern(NamedNode(subject), NamedNode(predicate), None, None):
            if isinstance(quad.object, NamedNode):
                yield quad.object.value

    def _texts(self, subject: str, predicate: str) -> Iterator[str]:
        for quad in self._store.quads_for_pattern(NamedNode(subject), NamedNode(predicate), None, None):
            if isinstance(quad.object, ox.Literal):
                yield quad.object.value


@cache  # the release does not change while it runs
def shipped() -> Vocabulary:
    """The ontology of this release."""
    return Vocabulary((files("isogloss.ontology") / "isogloss.ttl").read_bytes())


def nested(terms: Iterable[OntologyTerm]) -> list[tuple[int, OntologyTerm]]:
    """Terms with their depth: below the first of ours that each is narrower than, in the given order."""
    listed = list(terms)
    known = {term.iri for term in listed}
    below: dict[str, list[OntologyTerm]] = {}
    for term in listed:
        parent = next((iri for iri in term.above if iri in known and iri != term.iri), "")
        below.setdefault(parent, []).append(term)

    def walk(parent: str, depth: int) -> Iterator[tuple[int, OntologyTerm]]:
        for term in below.get(parent, []):
            yield depth, term
            yield from walk(term.iri, depth + 1)

    return list(walk("", 0))
