"""Asking an engine from Python: rows of terms, triples, yes or no; values go in as terms, never as text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

import pyoxigraph
from pyoxigraph import Triple

from .base import Engine, QueryRequest
from .binding import Value as Term
from .binding import bind

Bindings = Mapping[str, Term]

JSON = ("application/sparql-results+json",)
NTRIPLES = ("application/n-triples",)


async def select(engine: Engine, text: str, bindings: Bindings | None = None) -> list[dict[str, Term]]:
    """The rows of a SELECT, by variable name without the question mark; an unbound variable is left out."""
    body = await fetch(engine, text, bindings, JSON)
    found = pyoxigraph.parse_query_results(body, format=pyoxigraph.QueryResultsFormat.JSON)
    rows = cast(pyoxigraph.QuerySolutions, found)
    names = [variable.value for variable in rows.variables]
    return [{name: term for name in names if (term := row[name]) is not None} for row in rows]


async def ask(engine: Engine, text: str, bindings: Bindings | None = None) -> bool:
    body = await fetch(engine, text, bindings, JSON)
    return bool(pyoxigraph.parse_query_results(body, format=pyoxigraph.QueryResultsFormat.JSON))


async def construct(engine: Engine, text: str, bindings: Bindings | None = None) -> list[Triple]:
    """The triples of a CONSTRUCT or DESCRIBE."""
    body = await fetch(engine, text, bindings, NTRIPLES)
    return [quad.triple for quad in pyoxigraph.parse(body, pyoxigraph.RdfFormat.N_TRIPLES)]


async def fetch(engine: Engine, text: str, bindings: Bindings | None, accept: tuple[str, ...]) -> bytes:
    """The whole serialized answer to a query of the service itself (no row or byte cap)."""
    request = QueryRequest(bind(text, bindings or {}), accept, trusted=True)
    answer = await engine.query(request)
    if answer.body is not None:
        return answer.body
    return b"".join([chunk async for chunk in answer.chunks])
