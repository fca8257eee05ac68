"""/coverage: the catalogue beside what the report says of the Exchange Database; who works on what."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from isogloss.queries.library import ReadyQuery

from .addresses import path_of, relative
from .asking import rows, text
from .coverage_tables import Grid, crossed
from .deps import Services, ServicesDep
from .negotiation import HTML
from .rendering import render

JSON = "application/json"
# What the page shows, by the name that it has there, and the ready question behind it.
QUESTIONS = {
    "counts": "catalogue-coverage-counts",
    "types": "catalogue-coverage-types",
    "fields": "catalogue-coverage-fields",
    "unstated": "catalogue-unstated",
    "facets": "catalogue-coverage-facets",
    "bodies": "catalogue-coverage-bodies",
    "landscape": "catalogue-landscape",
    "drafts": "catalogue-drafts-by-year",
    "gaps": "catalogue-themes-gaps-and-publications",
}
MOST_BODIES = 20
MOST_THEMES = 14

router = APIRouter()


@dataclass(frozen=True, slots=True)
class Answer:
    """The whole answer of a ready question: rows of plain text, empty where a column is unbound."""

    query: ReadyQuery
    rows: tuple[dict[str, str], ...]

    def where(self, **values: str) -> list[dict[str, str]]:
        """The rows that have these values."""
        return [row for row in self.rows if all(row.get(name) == value for name, value in values.items())]


@router.get("/coverage", include_in_schema=False)
async def coverage(request: Request, services: ServicesDep) -> Response:
    """Our coverage beside the Exchange Database's, and who works on what."""
    validators = services.validators(request, HTML)
    if validators.match(request, there=True):
        return validators.not_modified()
    told = await _answers(services)
    response = render(
        request,
        services,
        "coverage.html",
        told=told,
        groups=_grouped(told["fields"], "category", ("general", "use", "other")),
        facets=_grouped(
            told["facets"], "facet", ("industry vertical", "human-AI activity", "application area", "status")
        ),
        works=_works(told["counts"]),
        bodies=_foremost(told["bodies"]),
        landscape=_landscape(told["landscape"]),
        drafts=_drafts(told["drafts"]),
        most=MOST_BODIES,
        page_of=lambda iri: path_of(iri) or iri,
        slug_of=lambda iri: iri.rpartition("/")[2],
    )
    return validators.stamp(response)


@router.get("/api/coverage")
async def coverage_data(request: Request, services: ServicesDep) -> Response:
    """The tables of /coverage, whole, each with the question that it answers and where that runs."""
    validators = services.validators(request, JSON)
    if validators.match(request, there=True):
        return validators.not_modified()
    told = await _answers(services)
    data = {name: _described(request, answer) for name, answer in told.items()}
    return validators.stamp(JSONResponse(data))


async def _answers(services: Services) -> dict[str, Answer]:
    """Every question that the page asks; an answer is the same for all until the snapshot changes."""
    found = {}
    for name, question in QUESTIONS.items():
        query = services.library[question]
        answered = await rows(services.engine, query.text)
        columns = dict.fromkeys(column for row in answered for column in row)
        found[name] = Answer(query, tuple({each: text(row, each) for each in columns} for row in answered))
    return found


def _described(request: Request, answer: Answer) -> dict[str, Any]:
    query = answer.query
    return {
        "question": query.summary,
        "description": query.description,
        "query": relative(request.scope, f"/api/queries/{query.name}"),
        "page": relative(request.scope, f"/queries/{query.name}"),
        "rows": list(answer.rows),
    }


def _grouped(answer: Answer, column: str, order: tuple[str, ...]) -> list[tuple[str, list[dict[str, str]]]]:
    return [(name, answer.where(**{column: name})) for name in order]


def _works(counts: Answer) -> int:
    """How many works there are, to see the share of them that has something."""
    return max((int(row["counted"]) for row in counts.rows), default=0)


def _foremost(bodies: Answer) -> list[dict[str, str]]:
    """The bodies with most works, and those that the report names."""
    return [
        row
        for place, row in enumerate(bodies.rows)
        if place < MOST_BODIES or row["namedForTheDatabase"] == "true"
    ]


def _landscape(answer: Answer) -> Grid:
    """Bodies by top themes: works in force and in draft."""
    return crossed(
        answer.rows,
        down=("body", "bodyName"),
        across=("theme", "themeName"),
        part="status",
        parts=("in force", "under development"),
        count="works",
        most=(MOST_BODIES, MOST_THEMES),
    )


def _drafts(answer: Answer) -> Grid:
    """Bodies by the year of their drafts, the years in order."""
    grid = crossed(
        answer.rows,
        down=("body", "name"),
        across=("year", "year"),
        part="",
        parts=("",),
        count="drafts",
        most=(MOST_BODIES, 0),
    )
    return grid.sorted_across()
