"""The default graph of a store: one copy of every triple that its named graphs state, or their union."""

from __future__ import annotations

from pyoxigraph import DefaultGraph, Quad, Store


def merge_small(store: Store) -> None:
    """Fill the default graph of a store that was not built by us; every quad goes through Python."""
    store.bulk_extend(Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in store)


def has_default_graph(store: Store) -> bool:
    """Whether the store keeps a default graph of its own; else queries go over the union of all."""
    return next(iter(store.quads_for_pattern(None, None, None, DefaultGraph())), None) is not None
