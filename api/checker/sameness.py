"""The pitfalls of OOPS! about inverses, equivalents and definitions that lead back to themselves."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

from pyoxigraph import BlankNode, NamedNode

from .ontologies import CLASSES, LINKS, OWL, RDF, RDFS, VALUES, Ontology

_EQUIVALENT_CLASS, _EQUIVALENT_PROPERTY = OWL + "equivalentClass", OWL + "equivalentProperty"
_DEFINING = (_EQUIVALENT_CLASS, RDFS + "subClassOf", OWL + "disjointUnionOf", RDFS + "domain", RDFS + "range")

Pitfall = Callable[[Ontology], Iterator[str]]


def _synonyms(it: Ontology) -> Iterator[str]:
    """Two classes of one namespace that mean the same are one class with two names."""
    return (one for one in it.own(*CLASSES) if set(it.links(one, _EQUIVALENT_CLASS)) & set(it.own(*CLASSES)))


def _called_is(it: Ontology) -> Iterator[str]:
    return (term for term in it.own(LINKS) if _name(term).casefold() in ("is", "isa"))


def _twins(kinds: tuple[str, ...], ties: tuple[str, ...]) -> Pitfall:
    """Terms of one kind with the same name, at least one of them ours, that nothing ties together."""

    def look(it: Ontology) -> Iterator[str]:
        terms = {term for kind in kinds for term in it.of_type(kind)}
        for one, other in combinations(sorted(terms), 2):
            apart = _name(one).casefold() != _name(other).casefold()
            if apart or not any(term.startswith(it.namespace) for term in (one, other)):
                continue
            if not any(it.has(*pair) for tie in ties for pair in ((one, tie, other), (other, tie, one))):
                yield one if one.startswith(it.namespace) else other

    return look


def _without_inverse(it: Ontology) -> Iterator[str]:
    """Links that can be read in one direction only: neither symmetric nor with an inverse, either way."""
    pairs = [quad for quad in it.triples() if quad.predicate.value == OWL + "inverseOf"]
    known = {
        node.value for quad in pairs for node in (quad.subject, quad.object) if isinstance(node, NamedNode)
    }
    symmetric = set(it.own(OWL + "SymmetricProperty"))
    return (term for term in it.own(LINKS) if term not in known | symmetric)


def _recursive(it: Ontology) -> Iterator[str]:
    """A term inside the expression that defines it (a bare circle of names is P06)."""
    for term in it.own(*CLASSES, LINKS, VALUES):
        waiting = [value for name in _DEFINING for value in it.values(term, name)]
        seen = set[BlankNode]()
        while waiting:
            node = waiting.pop()
            if isinstance(node, BlankNode) and node not in seen:
                seen.add(node)
                inside = it.about(node)
                waiting += inside
                if NamedNode(term) in inside:
                    yield term


def _wrong_equivalent_properties(it: Ontology) -> Iterator[str]:
    """Said to mean the same, though of another kind, or with other classes on a side."""
    for term in it.own(LINKS, VALUES):
        for other in it.links(term, _EQUIVALENT_PROPERTY):
            kinds = [
                {kind for kind in (LINKS, VALUES) if it.has(each, RDF + "type", kind)}
                for each in (term, other)
            ]
            sides = [
                [set(it.links(each, RDFS + name)) for each in (term, other)] for name in ("domain", "range")
            ]
            if any(all(both) and both[0] != both[1] for both in (kinds, *sides)):
                yield term


def _wrong_equivalent_classes(it: Ontology) -> Iterator[str]:
    """Said to mean the same, and to be disjoint or one narrower than the other as well."""
    for term in it.own(*CLASSES):
        for other in it.links(term, _EQUIVALENT_CLASS):
            against = (OWL + "disjointWith", RDFS + "subClassOf")
            if any(it.has(*pair) for name in against for pair in ((term, name, other), (other, name, term))):
                yield term


def _name(term: str) -> str:
    return term.rpartition("#")[2].rpartition("/")[2]


SAMENESS: dict[str, tuple[str, Pitfall]] = {
    "P02": ("two classes for one concept", _synonyms),
    "P03": ("a property called “is” in place of subclass or type", _called_is),
    "P12": (
        "properties of one name that nothing ties together",
        _twins((LINKS, VALUES), (_EQUIVALENT_PROPERTY, RDFS + "subPropertyOf")),
    ),
    "P13": ("no inverse", _without_inverse),
    "P24": ("used in its own definition", _recursive),
    "P27": ("said to be equivalent to a property unlike it", _wrong_equivalent_properties),
    "P30": (
        "classes of one name that nothing ties together",
        _twins(CLASSES, (_EQUIVALENT_CLASS, RDFS + "subClassOf", OWL + "disjointWith")),
    ),
    "P31": (
        "said to be equivalent to a class that it is disjoint with, or narrower than",
        _wrong_equivalent_classes,
    ),
}
