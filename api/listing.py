"""Filtered, counted, paged lists of things of one class: what to ask the engine, and what comes back."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import islice

from pyoxigraph import Literal, NamedNode

from isogloss.graph.engine.base import Engine
from isogloss.graph.search.finder import Finder
from isogloss.graph.search.lists import WantedList
from isogloss.ontology.names import IG, PROLOGUE, graph

from .addresses import path_of
from .asking import iris, number, rows, text
from .list_specs import ListSpec
from .values import Value

PER_PAGE = 50
MOST_FACET_VALUES = 200
_BATCH = 500  # things whose cells are asked for in one query


@dataclass(frozen=True, slots=True)
class FacetValue:
    """One value to filter by, with how many things of the present list have it."""

    value: str
    label: str
    count: int


@dataclass(frozen=True, slots=True)
class Item:
    """One thing of a list, with the values of each column."""

    iri: str
    label: str
    cells: dict[str, tuple[Value, ...]]

    @property
    def path(self) -> str:
        """Where its page is."""
        return path_of(self.iri) or self.iri


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list (`per_page` 0: all of it), and the counts that lead further into it."""

    spec: ListSpec
    chosen: Mapping[str, str]
    total: int
    page: int
    per_page: int
    items: tuple[Item, ...]
    facets: dict[str, tuple[FacetValue, ...]]

    @property
    def pages(self) -> int:
        """How many pages the list has under its filters."""
        return max(1, -(-self.total // self.per_page)) if self.per_page else 1

    @property
    def told(self) -> list[tuple[str, str]]:
        """The filters in words: parameter, and what it chose."""
        labels = {
            (name, value.value): value.label for name, values in self.facets.items() for value in values
        }
        return [
            (name, f"“{value}”" if name == "q" else labels.get((name, value), value))
            for name, value in self.chosen.items()
        ]

    def without(self, name: str) -> dict[str, str]:
        """The filters but one."""
        return {key: value for key, value in self.chosen.items() if key != name}


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of a list is wanted: a page (from 1) of so many things, 0 for all."""

    page: int = 1
    per_page: int = PER_PAGE

    @property
    def start(self) -> int:
        """How many things come before."""
        return (self.page - 1) * self.per_page


@dataclass(frozen=True, slots=True)
class _Found:
    """What a list has: its size, the names of one page of things by IRI, and the values of its facets."""

    total: int
    names: Mapping[str, str]
    facets: dict[str, tuple[FacetValue, ...]]


async def listing(
    engine: Engine,
    spec: ListSpec,
    asked: Mapping[str, str],
    window: Window = Window(),
    index: Finder | None = None,
) -> Listing:
    """One page of a list under the filters `asked` (facet name or "q" to value).

    The items of a whole list have no cells yet: `with_cells` fetches them while the list is sent.
    A list of works is read off the `index`, where there is one: that takes the same time however many works
    there are, and whatever they are filtered by. It says what the engine would.
    """
    chosen = {name: value for name, value in asked.items() if value}
    found = None
    if index is not None and spec.indexed:
        found = await asyncio.to_thread(_from_index, index, spec, chosen, window)
    if found is None:
        found = await _from_engine(engine, spec, chosen, window)
    items = tuple(Item(iri, label, {}) for iri, label in found.names.items())
    if window.per_page:
        items = tuple([item async for item in with_cells(engine, spec, items)])
    return Listing(spec, chosen, found.total, window.page, window.per_page, items, found.facets)


async def with_cells(engine: Engine, spec: ListSpec, items: Iterable[Item]) -> AsyncIterator[Item]:
    """The items with their cells, some hundreds at a time: one query over all takes longer than any may."""
    waiting = iter(items)
    while batch := tuple(islice(waiting, _BATCH)):
        cells = await _cells(engine, spec, (item.iri for item in batch))
        for item in batch:
            yield replace(item, cells=cells.get(item.iri, {}))


def _from_index(index: Finder, spec: ListSpec, chosen: Mapping[str, str], window: Window) -> _Found | None:
    kept_as = {facet.name: "class" if facet.name == "type" else facet.name for facet in spec.facets}
    values = {
        kept_as[facet.name]: facet.base + chosen[facet.name] for facet in spec.facets if facet.name in chosen
    }
    wanted = WantedList(IG + spec.of, values, chosen.get("q", ""), window.start, window.per_page)
    listed = index.listed(wanted, tuple(kept_as.values()))
    if listed is None:
        return None
    told = (
        (facet.name, value.value, value.label, value.count)
        for facet in spec.facets
        for value in listed.facets.get(kept_as[facet.name], ())
        if value.value != IG + spec.of
    )
    return _Found(listed.total, dict(listed.works), _facets(spec, told))


async def _from_engine(engine: Engine, spec: ListSpec, chosen: Mapping[str, str], window: Window) -> _Found:
    where = _where(spec, chosen)
    counts = await rows(engine, _counts_query(spec, where))
    part = f"LIMIT {window.per_page} OFFSET {window.start}" if window.per_page else ""
    order = "MIN(?place) MIN(?position) LCASE(SAMPLE(?label))" if spec.order else "LCASE(SAMPLE(?label))"
    found = await rows(
        engine,
        f"{PROLOGUE}SELECT ?item (SAMPLE(?label) AS ?name)"
        f" WHERE {{ {where} ?item rdfs:label ?label . {spec.order} }}"
        f" GROUP BY ?item ORDER BY {order} ?item {part}",
    )
    total = next((number(row, "count") for row in counts if not text(row, "facet")), 0)
    told = (
        (text(row, "facet"), text(row, "value"), text(row, "label"), number(row, "count")) for row in counts
    )
    return _Found(total, {text(row, "item"): text(row, "name") for row in found}, _facets(spec, told))


def _where(spec: ListSpec, chosen: Mapping[str, str]) -> str:
    """The pattern of the list; ValueError for a filter value that makes no IRI."""
    parts = [f"?item a ig:{spec.of} ."]
    for facet in spec.facets:
        if facet.name in chosen:
            parts.append(f"?item {facet.path} {NamedNode(facet.base + chosen[facet.name])} .")
    if "q" in chosen:
        parts.append(
            f"?item rdfs:label ?its FILTER(CONTAINS(LCASE(STR(?its)), LCASE({Literal(chosen['q'])})))"
        )
    return " ".join(parts)


def _counts_query(spec: ListSpec, where: str) -> str:
    """The size of the list (no facet named), and counts for each facet's values."""
    parts = [f"{{ SELECT (COUNT(DISTINCT ?item) AS ?count) WHERE {{ {where} }} }}"]
    for facet in spec.facets:
        # A type that holds by definition only, or that everything here has, does not help to choose.
        plain = (
            f"FILTER(STRSTARTS(STR(?value), STR(ig:)) && ?value != ig:{spec.of})"
            if facet.name == "type"
            else ""
        )
        # Counted first and named then: a name for each thing of a large list costs as much as its count.
        parts.append(
            f'{{ SELECT ("{facet.name}" AS ?facet) ?value (SAMPLE(?name) AS ?label) (SAMPLE(?n) AS ?count)'
            f" WHERE {{ {{ SELECT ?value (COUNT(DISTINCT ?item) AS ?n)"
            f" WHERE {{ {where} ?item {facet.path} ?value . {plain} }} GROUP BY ?value }}"
            f" ?value rdfs:label ?name }} GROUP BY ?value }}"
        )
    return f"{PROLOGUE}SELECT ?facet ?value ?label ?count WHERE {{ {' UNION '.join(parts)} }}"


def _facets(spec: ListSpec, counts: Iterable[tuple[str, str, str, int]]) -> dict[str, tuple[FacetValue, ...]]:
    """The values of each facet, the most frequent first, from (facet, IRI, label, count)."""
    bases = {facet.name: facet.base for facet in spec.facets}
    found: dict[str, list[FacetValue]] = {name: [] for name in bases}
    for name, iri, label, count in counts:
        if name in bases and iri.startswith(bases[name]):
            found[name].append(FacetValue(iri.removeprefix(bases[name]), label, count))
    return {
        name: tuple(sorted(values, key=lambda value: (-value.count, value.label))[:MOST_FACET_VALUES])
        for name, values in found.items()
        if values
    }


async def _cells(
    engine: Engine, spec: ListSpec, items: Iterable[str]
) -> dict[str, dict[str, tuple[Value, ...]]]:
    wanted = iris(items)
    parts = []
    for column in spec.columns:
        # Only the class that somebody gave: those that follow from it say less.
        said = f"FILTER NOT EXISTS {{ GRAPH <{graph('inferred')}> {{ ?item a ?value }} }}"
        parts.append(
            f'{{ VALUES ?item {{ {wanted} }} ?item {column.path} ?value BIND("{column.name}" AS ?column)'
            f" {said if column.name == 'type' else ''} }}"
        )
    found = await rows(
        engine,
        f"{PROLOGUE}SELECT DISTINCT ?item ?column ?value ?label WHERE {{ {' UNION '.join(parts)}"
        " OPTIONAL { ?value rdfs:label ?label } } ORDER BY ?label ?value",
    )
    cells: dict[str, dict[str, tuple[Value, ...]]] = {}
    for row in found:
        value = text(row, "value")
        path = path_of(value) if isinstance(row["value"], NamedNode) else None
        shown = Value(text(row, "label") or value, path or "")
        of_item = cells.setdefault(text(row, "item"), {})
        of_item[text(row, "column")] = (*of_item.get(text(row, "column"), ()), shown)
    return cells
