"""SELECT queries over a store that is open in this process."""

from __future__ import annotations

from pyoxigraph import QuerySolutions, Store

from isogloss.ontology.names import PROLOGUE


def solutions(store: Store, select: str, *, union: bool = False) -> QuerySolutions:
    """The solutions of a SELECT, which may use our prefixes without declaring them.

    With `union` the default graph is that of all named graphs, for stores that keep none of their own.
    """
    found = store.query(PROLOGUE + select, use_default_graph_as_union=union)
    assert isinstance(found, QuerySolutions)  # noqa: S101 - only a SELECT is asked here
    return found
