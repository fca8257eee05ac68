"""Runs the CONSTRUCT rules over a store until nothing new follows, into the inferred graph."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.resources import files
from io import BytesIO

from pyoxigraph import NamedNode, Quad, QueryTriples, RdfFormat, Store, parse

from isogloss.errors import OntologyError
from isogloss.ontology import names

_MOST_ROUNDS = 20  # the deepest chain of rules is far shorter; more rounds mean a rule that feeds itself
_LARGE = 20_000  # triples beyond which the store is faster at reading them than Python at handing them over
INFERRED = NamedNode(names.graph("inferred"))

_TEMPLATE = re.compile(r"\bCONSTRUCT\s*\{(?P<template>[^{}]*)\}\s*WHERE\s*\{(?P<pattern>.*)\}\s*$", re.S)
_NAME = re.compile(r"(?<![\w?])([a-z]+:[A-Za-z]\w*)|(?<=<)([^>\s]+)(?=>)")
_ANY_CLASS = re.compile(r"\ba\s+\?")
_ANY_PROPERTY = re.compile(r"\?\w+\s+\?\w+\s+[?<\w]")
_TYPE = names.PREFIXES["rdf"] + "type"


def load_rules() -> dict[str, str]:
    """The text of each shipped rule, by file name, in order of name."""
    folder = files("isogloss.ontology") / "rules"
    found = sorted(
        (file for file in folder.iterdir() if file.name.endswith(".rq")), key=lambda file: file.name
    )
    return {file.name: file.read_text(encoding="utf-8") for file in found}


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule that yields only what no graph states yet; `reads` are the IRIs in its pattern, None for any."""

    name: str
    query: str
    reads: frozenset[str] | None


def properties_read(store: Store, rules: dict[str, str]) -> frozenset[str]:
    """The properties whose statements can make a difference to a rule, in what it looks for or yields.

    Where a rule has a variable in the place of a property, that is every property of which `store` says
    something by a property that the rule names: it must hold the ontology.
    """
    found = {_TYPE}
    for name, text in rules.items():
        match = _matched(name, text)
        own = _iris(match["template"]) | _iris(match["pattern"])
        found |= own
        if _ANY_PROPERTY.search(match["pattern"]) or _ANY_PROPERTY.search(match["template"]):
            found |= {iri for named in own - {_TYPE} for iri in _linked(store, named)}
    return frozenset(found)


def _linked(store: Store, iri: str) -> Iterator[str]:
    for quad in store.quads_for_pattern(None, NamedNode(iri), None, None):
        yield from (node.value for node in (quad.subject, quad.object) if isinstance(node, NamedNode))


def materialise(store: Store, rules: dict[str, str]) -> dict[str, int]:
    """Run all rules to a fixed point; returns how many triples each rule added.

    Only what no graph states already goes into the inferred graph. A rule runs again only where something
    that it reads was added since it ran. Errors: OntologyError for a rule that does not parse, is no plain
    CONSTRUCT, or never comes to rest.
    """
    prepared = [_prepare(name, text) for name, text in rules.items()]
    added = dict.fromkeys(rules, 0)
    due = {rule.name for rule in prepared}
    for _ in range(_MOST_ROUNDS):
        for rule in prepared:
            if rule.name not in due:
                continue
            due.discard(rule.name)
            count, touched = _run(store, rule)
            added[rule.name] += count
            due |= {other.name for other in prepared if other.reads is None and touched}
            due |= {other.name for other in prepared if other.reads is not None and other.reads & touched}
        if not due:
            return added
    raise OntologyError(f"the rules still find new triples after {_MOST_ROUNDS} rounds")


def _prepare(name: str, text: str) -> _Rule:
    """The store itself leaves out what is stated already: that is much less to hand over."""
    found = _matched(name, text)
    template, pattern = found["template"].strip(), found["pattern"]
    at = found.end("pattern")
    query = f"{text[:at]}\n  FILTER NOT EXISTS {{ {template} }}\n{text[at:]}"
    if _ANY_PROPERTY.search(pattern):
        return _Rule(name, query, None)
    any_class = {_TYPE} if _ANY_CLASS.search(pattern) else set()
    return _Rule(name, query, frozenset(_iris(pattern) | any_class))


def _matched(name: str, text: str) -> re.Match[str]:
    found = _TEMPLATE.search(text)
    if found is None:
        raise OntologyError(f"the rule {name} is no CONSTRUCT query with one template")
    return found


def _iris(pattern: str) -> set[str]:
    found = set()
    for prefixed, iri in _NAME.findall(pattern):
        prefix, _, local = prefixed.partition(":")
        found.add(names.PREFIXES.get(prefix, prefix) + local if prefixed else iri)
    return found


def _run(store: Store, rule: _Rule) -> tuple[int, set[str]]:
    """How many triples the rule added, and the properties and classes that these use."""
    text = _construct(store, rule)
    lines = set(text.splitlines(keepends=True))
    if not lines:
        return 0, set()
    touched = _touched(lines)
    if len(lines) > _LARGE and b"_:" not in text:
        store.bulk_load(b"".join(sorted(lines)), RdfFormat.N_TRIPLES, to_graph=INFERRED)
    else:  # loading would give blank nodes other names
        parsed = parse(text, RdfFormat.N_TRIPLES)
        store.bulk_extend({Quad(q.subject, q.predicate, q.object, INFERRED) for q in parsed})
    return len(lines), touched


def _construct(store: Store, rule: _Rule) -> bytes:
    try:
        result = store.query(rule.query, use_default_graph_as_union=True)
    except SyntaxError as error:
        raise OntologyError(f"the rule {rule.name} does not parse: {error}") from error
    if not isinstance(result, QueryTriples):
        raise OntologyError(f"the rule {rule.name} is no CONSTRUCT query")
    output = BytesIO()
    result.serialize(output, RdfFormat.N_TRIPLES)
    return output.getvalue()


def _touched(lines: set[bytes]) -> set[str]:
    """The properties of these triples, and the classes where that is rdf:type."""
    found: set[bytes] = set()
    for line in lines:
        _, prop, rest = line.split(b" ", 2)
        found.add(prop)
        if b"#type>" in prop:
            found.add(rest.rstrip(b" .\n"))
    return {iri.decode().strip("<>") for iri in found}
