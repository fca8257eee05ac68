"""Filtered, counted, paged lists of things of one class: what to ask the engine, and what comes back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from isogloss.graph.engine.base import Engine
from isogloss.ontology.names import BASE, IG, PREFIXES

from .addresses import path_of
from .asking import Row, iris, number, rows, text
from .presentation import Value

PER_PAGE = 50
MOST_FACET_VALUES = 200

_PREFIXES = "".join(f"PREFIX {name}: <{namespace}>\n" for name, namespace in PREFIXES.items())


@dataclass(frozen=True, slots=True)
class Facet:
    """A filter: the name of its parameter, its label, the property path it follows (SPARQL), and what IRI a
    parameter's value is short for (`base` + value)."""

    name: str
    label: str
    path: str
    base: str


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the list: its key in data, its heading, and the property path (SPARQL) to its values."""

    name: str
    heading: str
    path: str


@dataclass(frozen=True, slots=True)
class ListSpec:
    """One list: where it is served, what it is called, the class it is of, and how it is cut and ordered."""

    name: str
    title: str
    lead: str
    of: str
    facets: tuple[Facet, ...]
    columns: tuple[Column, ...]
    order: str = ""


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


def theme_facet() -> Facet:
    """By theme, with everything below it."""
    return Facet("theme", "Theme", "ig:theme/skos:broader*", BASE + "id/theme/")


_TYPE = Facet("type", "Type", "rdf:type", IG)
_SECTION = Facet("section", "Section", "ig:citedIn", BASE + "id/section/")
_STATED = Facet("section", "Section", "ig:statedIn", BASE + "id/section/")
_THEMES = Column("themes", "Themes", "ig:theme")
_TYPES = Column("type", "Type", "rdf:type")

PUBLICATIONS = ListSpec(
    "publications",
    "Publications",
    "Standards, Recommendations, work items, reports, laws and protocols, each as a work of its own.",
    "Publication",
    (
        _TYPE,
        Facet("status", "Status", "ig:status", BASE + "id/concept/status/"),
        theme_facet(),
        Facet("publisher", "Published by", "ig:publishedBy", BASE + "id/body/"),
        Facet("developer", "Developed by", "ig:developedBy", BASE + "id/body/"),
        _SECTION,
    ),
    (
        _TYPES,
        Column("status", "Status", "ig:status"),
        Column("bodies", "Bodies", "ig:publishedBy|ig:developedBy"),
        Column("issued", "Issued", "dcterms:issued"),
        _THEMES,
    ),
)
STATEMENTS = ListSpec(
    "statements",
    "Statements",
    "What the report says is missing, possible, advised, found or planned: one point each, in our own words.",
    "Statement",
    (
        _TYPE,
        theme_facet(),
        Facet("to", "Addressed to", "ig:addressedTo", BASE + "id/body/"),
        Facet("by", "Stated by", "ig:statedBy", BASE + "id/body/"),
        _STATED,
    ),
    (
        _TYPES,
        Column("description", "In full", "dcterms:description"),
        Column("addressed_to", "Addressed to", "ig:addressedTo"),
        _THEMES,
        Column("sections", "Stated in", "ig:statedIn"),
    ),
    "OPTIONAL { ?item ig:statedIn/ig:order ?place } OPTIONAL { ?item ig:position ?position }",
)
EVENTS = ListSpec(
    "events",
    "Events",
    "Summits, workshops, sessions, meetings, courses and observances, past and announced.",
    "Event",
    (_TYPE, theme_facet(), Facet("organizer", "Organized by", "ig:organizedBy", BASE + "id/body/"), _SECTION),
    (
        _TYPES,
        Column("start", "From", "schema:startDate"),
        Column("told", "Date as told", "ig:dateAsTold"),
        Column("organizers", "Organized by", "ig:organizedBy"),
        _THEMES,
    ),
    "OPTIONAL { ?item schema:startDate ?place }",
)
INITIATIVES = ListSpec(
    "initiatives",
    "Initiatives",
    "Programmes, campaigns, networks, databases and competitions with a name and a purpose.",
    "Initiative",
    (_TYPE, theme_facet(), _SECTION),
    (_TYPES, Column("description", "What it is", "dcterms:description"), _THEMES),
)
USE_CASES = ListSpec(
    "usecases",
    "Use cases",
    "Applications, projects, products, tools and datasets that are told as examples.",
    "UseCase",
    (
        _TYPE,
        theme_facet(),
        Facet("vertical", "Industry", "ig:industryVertical", BASE + "id/concept/industry-vertical/"),
        Facet("maker", "Made by", "ig:madeBy", BASE + "id/body/"),
        _SECTION,
    ),
    (
        _TYPES,
        Column("makers", "Made by", "ig:madeBy"),
        Column("description", "What it is", "dcterms:description"),
        _THEMES,
    ),
)
LISTS: dict[str, ListSpec] = {
    spec.name: spec for spec in (PUBLICATIONS, STATEMENTS, EVENTS, INITIATIVES, USE_CASES)
}


async def listing(
    engine: Engine, spec: ListSpec, asked: Mapping[str, str], *, page: int = 1, per_page: int = PER_PAGE
) -> Listing:
    """One page of a list under the filters `asked` (facet name or "q" to value); three queries."""
    chosen = {name: value for name, value in asked.items() if value}
    where = _where(spec, chosen)
    counts = await rows(engine, _counts_query(spec, where))
    window = f"LIMIT {per_page} OFFSET {(page - 1) * per_page}" if per_page else ""
    order = "MIN(?place) MIN(?position) LCASE(SAMPLE(?label))" if spec.order else "LCASE(SAMPLE(?label))"
    found = await rows(
        engine,
        f"{_PREFIXES}SELECT ?item (SAMPLE(?label) AS ?name) WHERE {{ {where} {spec.order} }}"
        f" GROUP BY ?item ORDER BY {order} ?item {window}",
    )
    names = {text(row, "item"): text(row, "name") for row in found}
    cells = await _cells(engine, spec, names) if names else {}
    items = tuple(Item(iri, label, cells.get(iri, {})) for iri, label in names.items())
    total = next((number(row, "count") for row in counts if not text(row, "facet")), 0)
    return Listing(spec, chosen, total, page, per_page, items, _facets(spec, counts))


def _where(spec: ListSpec, chosen: Mapping[str, str]) -> str:
    """The pattern of the list; ValueError for a filter value that makes no IRI."""
    parts = [f"?item a ig:{spec.of} ; rdfs:label ?label ."]
    for facet in spec.facets:
        if facet.name in chosen:
            parts.append(f"?item {facet.path} {NamedNode(facet.base + chosen[facet.name])} .")
    if "q" in chosen:
        parts.append(f"FILTER(CONTAINS(LCASE(STR(?label)), LCASE({Literal(chosen['q'])})))")
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
        parts.append(
            f'{{ SELECT ("{facet.name}" AS ?facet) ?value (SAMPLE(?name) AS ?label) (COUNT(DISTINCT ?item) AS ?count)'
            f" WHERE {{ {where.replace('?label', '?its')} ?item {facet.path} ?value . {plain}"
            f" ?value rdfs:label ?name }} GROUP BY ?value }}"
        )
    return f"{_PREFIXES}SELECT ?facet ?value ?label ?count WHERE {{ {' UNION '.join(parts)} }}"


def _facets(spec: ListSpec, counts: Iterable[Row]) -> dict[str, tuple[FacetValue, ...]]:
    bases = {facet.name: facet.base for facet in spec.facets}
    found: dict[str, list[FacetValue]] = {name: [] for name in bases}
    for row in counts:
        name = text(row, "facet")
        if name in bases and text(row, "value").startswith(bases[name]):
            value = text(row, "value").removeprefix(bases[name])
            found[name].append(FacetValue(value, text(row, "label"), number(row, "count")))
    return {
        name: tuple(sorted(values, key=lambda value: (-value.count, value.label))[:MOST_FACET_VALUES])
        for name, values in found.items()
        if values
    }


async def _cells(
    engine: Engine, spec: ListSpec, items: Iterable[str]
) -> dict[str, dict[str, tuple[Value, ...]]]:
    parts = []
    for column in spec.columns:
        special = (
            "FILTER NOT EXISTS { ?item a ?narrow . ?narrow rdfs:subClassOf ?value FILTER(?narrow != ?value) }"
        )
        special += (
            " FILTER NOT EXISTS { ?value owl:equivalentClass ?d } FILTER(STRSTARTS(STR(?value), STR(ig:)))"
        )
        parts.append(
            f'{{ VALUES ?item {{ {iris(items)} }} ?item {column.path} ?value BIND("{column.name}" AS ?column)'
            f" {special if column.name == 'type' else ''} }}"
        )
    found = await rows(
        engine,
        f"{_PREFIXES}SELECT DISTINCT ?item ?column ?value ?label WHERE {{ {' UNION '.join(parts)}"
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
