"""A vocabulary of a built store, or some of its terms, ready to be written in any format."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pyoxigraph import Literal, NamedNode, Store, Triple

from isogloss.errors import NotFound
from isogloss.ontology import names

from ..readers.skos import entries_of
from ..terms import prefixed
from .terminology import Terminology, with_loaded

_NODES = (prefixed("ig:passage"), prefixed("ig:citation"))


def terminology(store: Store, slug: str, only: Iterable[str] = ()) -> Terminology:
    """The terms of the vocabulary with this slug, from every graph; of `only` these slugs, if there are any.

    Definitions come along where the state holds them. Errors: NotFound where there is no such vocabulary,
    or the vocabulary no such term.
    """
    scheme = NamedNode(names.thing("vocabulary", slug))
    title = _text(store, scheme, "rdfs:label")
    members = {
        quad.subject
        for quad in store.quads_for_pattern(None, prefixed("skos:inScheme"), scheme)
        if isinstance(quad.subject, NamedNode)
    }
    chosen = {NamedNode(names.thing("term", f"{slug}/{term}")) for term in only}
    if not title or not chosen <= members:
        missing = sorted(node.value for node in chosen - members) or [scheme.value]
        raise NotFound(f"there is no {', '.join(missing)}")
    triples = (t for node in sorted(chosen or members, key=str) for t in _about(store, node))
    own = _text(store, scheme, "dcterms:license"), _text(store, scheme, "dcterms:rights")
    license_, rights = with_loaded(*own, _loaded(store, scheme))
    return Terminology(slug, title, tuple(entries_of(triples).entries), license_, rights)


def _loaded(store: Store, scheme: NamedNode) -> Iterator[tuple[str, str]]:
    """The files that were loaded into a vocabulary, with the licence of each."""
    for quad in store.quads_for_pattern(scheme, prefixed("dcterms:source"), None):
        record = quad.object
        if isinstance(record, NamedNode) and record.value.startswith(f"{scheme.value}#"):
            told = _text(store, record, "dcterms:license") or _text(store, record, "dcterms:rights")
            if told:
                yield _text(store, record, "dcterms:title"), told


def _about(store: Store, node: NamedNode) -> Iterator[Triple]:
    """What is said of a term, and of the passages and citations that hang on it."""
    yield Triple(node, prefixed("rdf:type"), prefixed("skos:Concept"))
    for quad in store.quads_for_pattern(node, None, None):
        yield quad.triple
        if quad.predicate in _NODES and isinstance(quad.object, NamedNode):
            yield from _about_node(store, quad.object)


def _about_node(store: Store, node: NamedNode) -> Iterator[Triple]:
    for quad in store.quads_for_pattern(node, None, None):
        yield quad.triple
        if quad.predicate in _NODES and isinstance(quad.object, NamedNode):
            yield from _about_node(store, quad.object)


def _text(store: Store, node: NamedNode, name: str) -> str:
    found = (quad.object for quad in store.quads_for_pattern(node, prefixed(name), None))
    return min((o.value for o in found if isinstance(o, Literal | NamedNode)), default="")
