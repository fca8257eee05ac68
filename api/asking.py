"""Asking the engine for the pages: rows of plain terms, and texts from them."""

from __future__ import annotations

from collections.abc import Iterable

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from isogloss.graph.engine.base import Engine
from isogloss.graph.engine.results import Bindings, select

Term = NamedNode | BlankNode | Literal
Row = dict[str, Term]


async def rows(engine: Engine, text: str, bindings: Bindings | None = None) -> list[Row]:
    """The rows of a SELECT; a triple as a value (RDF 1.2) is given as its text."""
    found = await select(engine, text, bindings)
    return [
        {name: Literal(str(term)) if isinstance(term, Triple) else term for name, term in row.items()}
        for row in found
    ]


def text(row: Row, name: str) -> str:
    """The IRI or lexical form of a column, empty where the row has none."""
    return row[name].value if name in row else ""


def number(row: Row, name: str) -> int:
    """A count."""
    return int(text(row, name) or 0)


def rank(told: str) -> int:
    """A place in an order, counted from 1; 0 for what tells none."""
    return int(told) if told.isdecimal() else 0


def iris(values: Iterable[str]) -> str:
    """IRIs as SPARQL writes them; ValueError for one that is none, so nothing can be smuggled in."""
    return " ".join(str(NamedNode(value)) for value in values)
