"""Answers of the ready questions as plain tables, with IRIs cut short so that a person can read them."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path

from pyoxigraph import QuerySolutions, Store

from isogloss.ontology.names import BASE, IG
from isogloss.queries.library import ReadyQuery

EXPECTED = Path(__file__).parent / "expected"
Table = tuple[tuple[str, ...], list[tuple[str, ...]]]


def ask(store: Store, text: str) -> Table:
    """Column names and rows; `id:` stands for our things, `graph:` for our graphs, `ig:` for the ontology."""
    found = store.query(text)
    assert isinstance(found, QuerySolutions)
    names = tuple(variable.value for variable in found.variables)
    return names, [tuple("" if term is None else short(term.value) for term in row) for row in found]


def answer(store: Store, query: ReadyQuery, values: Mapping[str, str] | None = None) -> Table:
    return ask(store, query.bind({name: full(value) for name, value in (values or {}).items()}))


def columns(table: Table, *names: str) -> list[tuple[str, ...]]:
    """The rows with these columns only."""
    places = [table[0].index(name) for name in names]
    return [tuple(row[place] for place in places) for row in table[1]]


def short(value: str) -> str:
    for start, prefix in ((BASE + "id/", "id:"), (BASE + "graph/", "graph:"), (IG, "ig:")):
        if value.startswith(start):
            return prefix + value.removeprefix(start)
    return value


def full(value: str) -> str:
    return BASE + "id/" + value.removeprefix("id:") if value.startswith("id:") else value


def read_expected(name: str) -> Table:
    with (EXPECTED / f"{name}.csv").open(encoding="utf-8", newline="") as handle:
        header, *rows = csv.reader(handle)
    return tuple(header), [tuple(row) for row in rows]


def write_expected(name: str, table: Table) -> None:
    with (EXPECTED / f"{name}.csv").open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle, lineterminator="\n").writerows([table[0], *table[1]])
