"""What the reasoner is given, and how its classification is held against what the rules found."""

from __future__ import annotations

from pyoxigraph import NamedNode, RdfFormat, Store, serialize

from isogloss.ontology import check

from .rules import INFERRED
from .terms import prefixed


def stated_facts(store: Store, *, inferred_types: bool) -> bytes:
    """All triples as N-Triples; without `inferred_types`, the class members that rules found are left out.

    A reasoner that is to confirm the rules must find those members by itself.
    """
    type_ = prefixed("rdf:type")
    kept = (q for q in store if inferred_types or q.graph_name != INFERRED or q.predicate != type_)
    return serialize({quad.triple for quad in kept}, format=RdfFormat.N_TRIPLES) or b""


def classes_that_rules_miss(store: Store, members: dict[str, set[str]]) -> tuple[str, ...]:
    """One line for each defined class whose members by rule differ from `members`, those of the reasoner."""
    type_ = prefixed("rdf:type")
    found: list[str] = []
    for iri in sorted(check.defined_classes(stated_facts(store, inferred_types=False))):
        quads = store.quads_for_pattern(None, type_, NamedNode(iri), None)
        by_rule = {quad.subject.value for quad in quads if isinstance(quad.subject, NamedNode)}
        for node in sorted(by_rule ^ members.get(iri, set())):
            found.append(f"{iri}: {node} by {'rule' if node in by_rule else 'HermiT'} only")
    return tuple(found)
