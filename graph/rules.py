"""Runs the CONSTRUCT rules over a store until nothing new follows, into the inferred graph."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.resources import files

from pyoxigraph import DefaultGraph, NamedNode, Quad, QueryTriples, Store, Triple

from isogloss.errors import OntologyError
from isogloss.ontology import names

_MOST_ROUNDS = 20  # the deepest chain of rules is far shorter; more rounds mean a rule that feeds itself
INFERRED = NamedNode(names.graph("inferred"))


def load_rules() -> dict[str, str]:
    """The text of each shipped rule, by file name, in order of name."""
    folder = files("isogloss.ontology") / "rules"
    found = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".rq")), key=lambda file: file.name
    )
    return {file.name: file.read_text(encoding="utf-8") for file in found}


def materialise(store: Store, rules: dict[str, str]) -> dict[str, int]:
    """Run all rules to a fixed point; returns how many triples each rule added.

    Only what no graph states already goes into the inferred graph. Errors: OntologyError for a rule that
    does not parse, or that never comes to rest.
    """
    added = dict.fromkeys(rules, 0)
    for _ in range(_MOST_ROUNDS):
        before = sum(added.values())
        for name, rule in rules.items():
            added[name] += _run(store, name, rule)
        if sum(added.values()) == before:
            return added
    raise OntologyError(f"the rules still find new triples after {_MOST_ROUNDS} rounds")


def _run(store: Store, name: str, rule: str) -> int:
    found = {triple for triple in _construct(store, name, rule) if not _stated(store, triple)}
    new = [Quad(t.subject, t.predicate, t.object, INFERRED) for t in found]
    store.bulk_extend(new)
    return len(new)


def _construct(store: Store, name: str, rule: str) -> Iterator[Triple]:
    try:
        result = store.query(rule, use_default_graph_as_union=True)
    except SyntaxError as error:
        raise OntologyError(f"the rule {name} does not parse: {error}") from error
    if not isinstance(result, QueryTriples):
        raise OntologyError(f"the rule {name} is no CONSTRUCT query")
    yield from result


def _stated(store: Store, triple: Triple) -> bool:
    quads = store.quads_for_pattern(triple.subject, triple.predicate, triple.object, None)
    return any(not isinstance(quad.graph_name, DefaultGraph) for quad in quads)
