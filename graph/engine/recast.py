"""Answers of outside engines written anew, where they come in another form than was asked for."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyoxigraph

from isogloss.errors import EngineError

from .formats import GRAPHS, Format

TURTLE, N_TRIPLES, N_QUADS, TRIG, N3 = (
    next(each for each in GRAPHS if each.oxigraph == name)
    for name in ("TURTLE", "N_TRIPLES", "N_QUADS", "TRIG", "N3")
)
# What says the same of triples, and more engines know: of these formats each is the left one's smaller part.
PLAINER = {N_QUADS: N_TRIPLES, TRIG: TURTLE, N3: TURTLE}


def verdict(body: bytes, chosen: Format) -> bytes:
    """The answer to an ASK in the chosen format; Virtuoso says yes in JSON with one row, and no with none."""
    with _translated():
        found = pyoxigraph.parse_query_results(body, format=pyoxigraph.QueryResultsFormat.JSON)
        yes = (
            bool(found) if isinstance(found, pyoxigraph.QueryBoolean) else next(iter(found), None) is not None
        )
    plain = pyoxigraph.parse_query_results(
        b'{"head":{},"boolean":%s}' % (b"true" if yes else b"false"),
        format=pyoxigraph.QueryResultsFormat.JSON,
    )
    return plain.serialize(format=getattr(pyoxigraph.QueryResultsFormat, chosen.oxigraph)) or b""


def rows(body: bytes, chosen: Format) -> bytes:
    """A table that came as JSON in the chosen format."""
    with _translated():
        found = pyoxigraph.parse_query_results(body, format=pyoxigraph.QueryResultsFormat.JSON)
        return found.serialize(format=getattr(pyoxigraph.QueryResultsFormat, chosen.oxigraph)) or b""


def triples(body: bytes, chosen: Format) -> bytes:
    """N-Triples in the chosen format."""
    with _translated():
        found = (quad.triple for quad in pyoxigraph.parse(body, pyoxigraph.RdfFormat.N_TRIPLES))
        return pyoxigraph.serialize(found, format=getattr(pyoxigraph.RdfFormat, chosen.oxigraph)) or b""


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except (SyntaxError, ValueError) as error:
        raise EngineError("The engine's answer cannot be read.") from error
