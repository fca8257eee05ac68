"""The landscape: which bodies have to do with which themes, as a table shaded by how much."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import APIRouter, Request
from starlette.responses import Response

from isogloss.graph.engine.base import Engine
from isogloss.ontology.names import PROLOGUE

from .addresses import path_of
from .asking import Row, number, rows, text
from .deps import ServicesDep
from .negotiation import HTML
from .rendering import render

router = APIRouter(include_in_schema=False)

MOST_BODIES = 30
MOST_THEMES = 16
_SHADES = (1, 3, 8, 20)  # the counts at which a cell gets darker


@dataclass(frozen=True, slots=True)
class Named:
    """A body or theme: where its page is, and its name."""

    path: str
    label: str


@dataclass(frozen=True, slots=True)
class Line:
    """A body with its count for each theme, in the order of the columns."""

    body: Named
    counts: tuple[int, ...]

    def shade(self, place: int) -> int:
        """How dark the cell is: 0 (nothing) to 4."""
        return sum(self.counts[place] >= least for least in _SHADES)


@router.get("/landscape")
async def landscape(request: Request, services: ServicesDep) -> Response:
    """The bodies with most to do, by top theme."""
    validators = services.validators(request, HTML)
    if validators.match(request, there=True):
        return validators.not_modified()
    themes, lines = await _table(services.engine)
    return validators.stamp(render(request, services, "landscape.html", themes=themes, lines=lines))


async def _table(engine: Engine) -> tuple[list[Named], list[Line]]:
    """Things on a theme or below it that a body made, says, is addressed by or takes part in, each once."""
    found = await rows(
        engine,
        f"{PROLOGUE}SELECT ?body ?theme (COUNT(DISTINCT ?thing) AS ?count) WHERE {{"
        # What has a theme first: far more has a body than a theme.
        " { SELECT DISTINCT ?thing ?theme WHERE {"
        " ?thing ig:theme/skos:broader* ?theme . ?theme skos:topConceptOf ?scheme } }"
        " { ?thing ig:publishedBy|ig:developedBy|ig:statedBy|ig:addressedTo|ig:madeBy|ig:organizedBy ?body }"
        " UNION { ?involvement ig:involves ?body ; ig:involvedIn ?thing } ?body a ig:Body }"
        " GROUP BY ?body ?theme",
    )
    names = await _names(engine, {text(row, column) for row in found for column in ("body", "theme")})
    themes = _largest(found, "theme", MOST_THEMES)
    counts = {(text(row, "body"), text(row, "theme")): number(row, "count") for row in found}
    lines = [
        Line(names[body], tuple(counts.get((body, theme), 0) for theme in themes))
        for body in _largest(found, "body", MOST_BODIES)
    ]
    return [names[theme] for theme in themes], lines


def _largest(found: Iterable[Row], column: str, most: int) -> list[str]:
    sums: dict[str, int] = {}
    for row in found:
        sums[text(row, column)] = sums.get(text(row, column), 0) + number(row, "count")
    return sorted(sums, key=lambda iri: (-sums[iri], iri))[:most]


async def _names(engine: Engine, things: Iterable[str]) -> dict[str, Named]:
    found = await rows(
        engine,
        f"{PROLOGUE}SELECT ?thing ?label ?acronym WHERE {{ VALUES ?class {{ ig:Body ig:Theme }}"
        " ?thing a ?class ; rdfs:label ?label OPTIONAL { ?thing ig:acronym ?acronym } }",
    )
    wanted = set(things)
    return {
        iri: Named(path_of(iri) or iri, text(row, "acronym") or text(row, "label"))
        for row in found
        if (iri := text(row, "thing")) in wanted
    }
