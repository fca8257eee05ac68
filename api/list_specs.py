"""The lists there are: what each is of, how it can be filtered, and what its columns show."""

from __future__ import annotations

from dataclasses import dataclass

from isogloss.ontology.names import BASE, IG


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
