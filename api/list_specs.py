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
    """One list: where it is served, what it is called, the class it is of, and how it is cut and ordered.

    `indexed` is a list of works, of which the search index keeps all facets, by label.
    """

    name: str
    title: str
    lead: str
    of: str
    own_facets: tuple[Facet, ...]
    own_columns: tuple[Column, ...]
    order: str = ""
    indexed: bool = False

    @property
    def facets(self) -> tuple[Facet, ...]:
        """Its own filters after those that all lists have; by theme is with everything below it."""
        by_theme = Facet("theme", "Theme", "ig:theme/skos:broader*", BASE + "id/theme/")
        return Facet("type", "Type", "rdf:type", IG), by_theme, *self.own_facets

    @property
    def columns(self) -> tuple[Column, ...]:
        """Its own columns between those that all lists have."""
        return Column("type", "Type", "rdf:type"), *self.own_columns, Column("themes", "Themes", "ig:theme")


def by_body(name: str, label: str, predicate: str) -> Facet:
    """By a body that a property leads to."""
    return Facet(name, label, predicate, BASE + "id/body/")


def told(heading: str) -> Column:
    """The description, under a heading of its own."""
    return Column("description", heading, "dcterms:description")


_SECTION = Facet("section", "Section", "ig:citedIn", BASE + "id/section/")
_STATED = Facet("section", "Section", "ig:statedIn", BASE + "id/section/")

PUBLICATIONS = ListSpec(
    "publications",
    "Publications",
    "Standards, Recommendations, work items, reports, laws and protocols, each as a work of its own.",
    "Publication",
    (
        Facet("status", "Status", "ig:status", BASE + "id/concept/status/"),
        by_body("publisher", "Published by", "ig:publishedBy"),
        by_body("developer", "Developed by", "ig:developedBy"),
        _SECTION,
    ),
    (
        Column("status", "Status", "ig:status"),
        Column("bodies", "Bodies", "ig:publishedBy|ig:developedBy"),
        Column("issued", "Issued", "dcterms:issued"),
    ),
    indexed=True,
)
STATEMENTS = ListSpec(
    "statements",
    "Statements",
    "What the report says is missing, possible, advised, found or planned: one point each, in our own words.",
    "Statement",
    (by_body("to", "Addressed to", "ig:addressedTo"), by_body("by", "Stated by", "ig:statedBy"), _STATED),
    (
        told("In full"),
        Column("addressed_to", "Addressed to", "ig:addressedTo"),
        Column("sections", "Stated in", "ig:statedIn"),
    ),
    "OPTIONAL { ?item ig:statedIn/ig:order ?place } OPTIONAL { ?item ig:position ?position }",
)
EVENTS = ListSpec(
    "events",
    "Events",
    "Summits, workshops, sessions, meetings, courses and observances, past and announced.",
    "Event",
    (by_body("organizer", "Organized by", "ig:organizedBy"), _SECTION),
    (
        Column("start", "From", "schema:startDate"),
        Column("told", "Date as told", "ig:dateAsTold"),
        Column("organizers", "Organized by", "ig:organizedBy"),
    ),
    "OPTIONAL { ?item schema:startDate ?place }",
)
INITIATIVES = ListSpec(
    "initiatives",
    "Initiatives",
    "Programmes, campaigns, networks, databases and competitions with a name and a purpose.",
    "Initiative",
    (_SECTION,),
    (told("What it is"),),
)
USE_CASES = ListSpec(
    "usecases",
    "Use cases",
    "Applications, projects, products, tools and datasets that are told as examples.",
    "UseCase",
    (
        Facet("vertical", "Industry", "ig:industryVertical", BASE + "id/concept/industry-vertical/"),
        by_body("maker", "Made by", "ig:madeBy"),
        _SECTION,
    ),
    (Column("makers", "Made by", "ig:madeBy"), told("What it is")),
)
LISTS: dict[str, ListSpec] = {
    spec.name: spec for spec in (PUBLICATIONS, STATEMENTS, EVENTS, INITIATIVES, USE_CASES)
}
