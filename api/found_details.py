"""What lists say of a thing beside its name: type, status, bodies, themes, dates and pages, in one query."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from isogloss.graph.engine.base import Engine
from isogloss.ontology.names import PROLOGUE, graph

from .asking import iris, rows, text

# An edition has its bodies, themes and, mostly, its title from its work.
_PATHS = {
    "status": "ig:status",
    "publisher": "ig:publishedBy|ig:editionOf/ig:publishedBy",
    "developer": "ig:developedBy|ig:editionOf/ig:developedBy",
    "theme": "ig:theme|ig:editionOf/ig:theme",
    "vocabulary": "skos:inScheme",
    "issued": "dcterms:issued",
    "page": "foaf:page",
    "title": "dcterms:title|ig:editionOf/dcterms:title",
    "work": "ig:editionOf",
}


@dataclass(frozen=True, slots=True)
class Details:
    """The labels (for `page` and `issued`: the values) of each property, and the names of its types."""

    of: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def all(self, name: str) -> tuple[str, ...]:
        """Every value, in order."""
        return self.of.get(name, ())

    def first(self, name: str) -> str:
        """One value, or nothing."""
        return next(iter(self.all(name)), "")


async def details(engine: Engine, things: Iterable[str]) -> dict[str, Details]:
    """What is told of these things; those of which nothing is told are left out. At most a few hundred."""
    wanted = list(things)
    if not wanted:
        return {}
    among = f"VALUES ?thing {{ {iris(wanted)} }}"
    parts = [f'{{ {among} ?thing {path} ?value BIND("{name}" AS ?as) }}' for name, path in _PATHS.items()]
    # Only the class that somebody gave: those that follow from it say less.
    parts.append(
        f'{{ {among} ?thing a ?value BIND("type" AS ?as) FILTER(STRSTARTS(STR(?value), STR(ig:)))'
        f" FILTER NOT EXISTS {{ GRAPH <{graph('inferred')}> {{ ?thing a ?value }} }} }}"
    )
    found = await rows(
        engine,
        f"{PROLOGUE}SELECT DISTINCT ?thing ?as ?value ?short ?label WHERE {{ {' UNION '.join(parts)}"
        " OPTIONAL { ?value ig:acronym ?short } OPTIONAL { ?value rdfs:label ?label } }"
        ' ORDER BY ?thing ?as (LANG(?value) NOT IN ("", "en")) ?label ?value',  # a title in English first
    )
    told: dict[str, dict[str, dict[str, None]]] = {}
    for row in found:
        shown = text(row, "short") or text(row, "label") or text(row, "value")
        told.setdefault(text(row, "thing"), {}).setdefault(text(row, "as"), {})[shown] = None
    return {thing: Details({name: tuple(all_) for name, all_ in of.items()}) for thing, of in told.items()}
