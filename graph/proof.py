"""What the reasoner is given, and how its classification is held against what the rules found."""

from __future__ import annotations

from collections.abc import Iterator

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, serialize

from isogloss.ontology import check, names

from .rules import INFERRED
from .terms import prefixed

_ONTOLOGY = NamedNode(names.graph("ontology"))


def shaped_facts(store: Store) -> bytes:
    """The triples of the named graphs that the shapes look at, as N-Triples."""
    properties = check.shaped_properties()
    return _as_ntriples(quad for quad in _named(store) if quad.predicate.value in properties)


def stated_facts(store: Store) -> bytes:
    """What a reasoner needs to confirm the rules by itself, as N-Triples.

    That is the ontology, and of the facts what is stated. The results of rules are left out, but for what
    OWL cannot derive: the plain properties that stand for an involvement, and a status chosen among two.
    Labels and texts say nothing to a reasoner, so of literals only the values of our own properties are kept.
    """
    roles = store.quads_for_pattern(None, prefixed("ig:shortcutOfRole"), None, _ONTOLOGY)
    beyond_owl = {*(role.object for role in roles), prefixed("ig:status")}
    return _as_ntriples(
        quad
        for quad in _named(store)
        if quad.graph_name == _ONTOLOGY
        or (quad.predicate in beyond_owl if quad.graph_name == INFERRED else _matters(quad))
    )


def _named(store: Store) -> Iterator[Quad]:
    """The quads of the named graphs; the default graph only repeats them."""
    return (quad for quad in store if isinstance(quad.graph_name, NamedNode))


def _matters(quad: Quad) -> bool:
    return not isinstance(quad.object, Literal) or quad.predicate.value.startswith(names.IG)


def _as_ntriples(quads: Iterator[Quad]) -> bytes:
    return serialize({quad.triple for quad in quads}, format=RdfFormat.N_TRIPLES) or b""


def classes_that_rules_miss(store: Store, members: dict[str, set[str]]) -> tuple[str, ...]:
    """One line for each defined class whose members by rule differ from `members`, those of the reasoner."""
    found: list[str] = []
    for iri in sorted(check.defined_classes(stated_facts(store))):
        quads = store.quads_for_pattern(None, prefixed("rdf:type"), NamedNode(iri), None)
        by_rule = {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}
        for node in sorted(by_rule ^ members.get(iri, set())):
            found.append(f"{iri}: {node} by {'rule' if node in by_rule else 'HermiT'} only")
    return tuple(found)
