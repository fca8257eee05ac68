"""The ready questions: the list of them, a page with the answer of each, and runs as data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

import pyoxigraph as ox
from fastapi import APIRouter, Query, Request
from pyoxigraph import Literal, NamedNode
from starlette.responses import JSONResponse, Response, StreamingResponse

from isogloss.errors import NotFound
from isogloss.graph.engine.base import QueryRequest
from isogloss.graph.engine.results import fetch
from isogloss.ontology.names import BASE, PREFIXES
from isogloss.queries.library import Parameter, ReadyQuery

from .addresses import path_of, relative, with_query
from .asking import iris, rows, text
from .deps import Library, Services, ServicesDep
from .description import short_name
from .negotiation import RDF_TYPES, preferred
from .problems import bad_request
from .rendering import render
from .values import Value

MOST_ROWS_SHOWN = 500

RESULTS_JSON = "application/sparql-results+json"
_BY_SUFFIX = {
    "json": (RESULTS_JSON, "application/ld+json"),
    "csv": ("text/csv",),
    "tsv": ("text/tab-separated-values",),
    "xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "ttl": ("text/turtle",),
}
_OFFERED = (
    RESULTS_JSON, "application/json", "text/csv", "text/tab-separated-values",
    "application/sparql-results+xml",
    *(each for each in RDF_TYPES if each != "application/json"),
)  # fmt: skip

router = APIRouter()
MediaTypeParameter = Annotated[str | None, Query(alias="_mediatype")]


@router.get("/queries", include_in_schema=False)
async def ready_questions(request: Request, services: ServicesDep) -> Response:
    """All ready questions by subject."""
    validators = services.validators(request, "text/html")
    if validators.match(request, there=True):
        return validators.not_modified()
    by_tag: dict[str, list[ReadyQuery]] = {}
    for query in services.library.values():
        by_tag.setdefault(query.tags[0], []).append(query)
    return validators.stamp(
        render(request, services, "queries.html", by_tag=by_tag, count=len(services.library))
    )


@router.get("/queries/{name}", include_in_schema=False)
async def ready_question(request: Request, services: ServicesDep, name: str) -> Response:
    """One ready question with its answer."""
    query = _named(services.library, name)
    validators = services.validators(request, "text/html")
    if validators.match(request):
        return validators.not_modified()
    values = _values(request, query)
    bound = _bound(query, values)
    columns, table = _without_echoes(*await _table(services, bound))
    response = render(
        request,
        services,
        "query.html",
        query=query,
        bound=bound,
        columns=[_heading(name) for name in columns],
        table=table[:MOST_ROWS_SHOWN],
        total=len(table),
        values={param.name: values.get(param.name) or _plain(param) for param in query.params},
        download=lambda suffix: with_query(f"/api/queries/{name}.{suffix}", **values),
    )
    return validators.stamp(response)


@router.get("/api/queries")
async def library(request: Request, services: ServicesDep) -> Response:
    """Every ready question: name, summary, description, tags, parameters, text, and where it runs."""
    validators = services.validators(request, "application/json")
    if validators.match(request, there=True):
        return validators.not_modified()
    told = [
        _described(query, relative(request.scope, f"/api/queries/{name}"))
        for name, query in services.library.items()
    ]
    return validators.stamp(JSONResponse(told))


@router.get("/api/queries/{name}")
async def run(
    request: Request, services: ServicesDep, name: str, mediatype: MediaTypeParameter = None
) -> Response:
    """Run a ready question with the parameters given; `.csv`, `.json`, `.tsv` or Accept choose the format."""
    stem, _, suffix = name.rpartition(".")
    by_suffix = _BY_SUFFIX.get(suffix) if stem else None
    query = _named(services.library, stem if by_suffix else name)
    accept = by_suffix or preferred(mediatype or request.headers.get("accept"), _OFFERED)
    validators = services.validators(request, *accept)
    if validators.match(request):
        return validators.not_modified()
    answer = await services.engine.query(
        QueryRequest(
            _bound(query, _values(request, query)),
            tuple(accept),
            client=request.client.host if request.client else "",
            trusted=True,
        )
    )
    if answer.body is not None:
        response: Response = Response(answer.body, media_type=answer.media_type)
    else:
        response = StreamingResponse(answer.chunks, media_type=answer.media_type)
    response.headers.add_vary_header("Accept")
    return validators.stamp(response)


def _named(known: Library, name: str) -> ReadyQuery:
    if name not in known:
        raise NotFound(f"There is no ready question called {name}; /queries lists them all.")
    return known[name]


def _values(request: Request, query: ReadyQuery) -> dict[str, str]:
    """The parameters given; a thing may be named in short, as in `body/itu-t-sg5`."""
    given = {name: value.strip() for name, value in request.query_params.items() if not name.startswith("_")}
    kinds = {param.name: param.type for param in query.params}
    return {
        name: BASE + "id/" + value if kinds.get(name) == "iri" and ":" not in value else value
        for name, value in given.items()
        if value
    }


def _bound(query: ReadyQuery, values: Mapping[str, str]) -> str:
    try:
        return query.bind(values)
    except ValueError as error:
        raise bad_request(", ".join(values), str(error)) from error


def _plain(param: Parameter) -> str:
    """The default as a person types it: without the marks of SPARQL."""
    return param.default.removeprefix("<").removesuffix(">").strip('"')


def _described(query: ReadyQuery, url: str) -> dict[str, Any]:
    return {
        "name": query.name,
        "summary": query.summary,
        "description": query.description,
        "tags": list(query.tags),
        "params": [
            {"name": param.name, "type": param.type, "label": param.label, "default": _plain(param)}
            for param in query.params
        ],
        "url": url,
        "text": query.text,
    }


async def _table(services: Services, bound: str) -> tuple[list[str], list[list[Value]]]:
    """The answer as a table; a yes or no is one cell, triples are three columns."""
    body = await fetch(services.engine, bound, None, (RESULTS_JSON, "application/n-triples"))
    if not body.lstrip().startswith(b"{"):
        triples = [quad.triple for quad in ox.parse(body, ox.RdfFormat.N_TRIPLES)]
        terms: list[Sequence[object]] = [[each.subject, each.predicate, each.object] for each in triples]
        return ["subject", "predicate", "object"], await _values_of(services, terms)
    found = ox.parse_query_results(body, ox.QueryResultsFormat.JSON)
    if isinstance(found, ox.QueryBoolean):
        return ["answer"], [[Value("yes" if found else "no")]]
    assert isinstance(found, ox.QuerySolutions)  # noqa: S101 - the JSON format holds nothing else
    columns = [variable.value for variable in found.variables]
    return columns, await _values_of(services, [[row[name] for name in columns] for row in found])


def _without_echoes(columns: list[str], table: list[list[Value]]) -> tuple[list[str], list[list[Value]]]:
    """The table without columns that only say in words what a link in the same row says (?x and ?xLabel)."""
    shown = [line for line in table if line]

    def echoes(place: int) -> bool:
        links = [other for other in range(len(columns)) if all(line[other].href for line in shown)]
        return place not in links and any(
            all(line[place].text == line[link].text for line in shown) for link in links
        )

    kept = [place for place in range(len(columns)) if not shown or not echoes(place)]
    return [columns[place] for place in kept], [
        [line[place] for place in kept] if line else [] for line in table
    ]


def _heading(variable: str) -> str:
    """A variable's name in words.

    >>> _heading("sectionLabel"), _heading("work_item"), _heading("IRI")
    ('section label', 'work item', 'IRI')
    """
    return re.sub(r"(?<=[a-z0-9])([A-Z])", lambda found: " " + found[1].lower(), variable).replace("_", " ")


async def _values_of(services: Services, table: Sequence[Sequence[object]]) -> list[list[Value]]:
    shown = table[:MOST_ROWS_SHOWN]
    named = {term.value for line in shown for term in line if isinstance(term, NamedNode)}
    labels: dict[str, str] = {}
    if named:
        label = PREFIXES["rdfs"] + "label"
        its = f"VALUES ?thing {{ {iris(sorted(named))} }}"
        query = f"SELECT ?thing ?label WHERE {{ {its} ?thing <{label}> ?label }}"
        labels = {text(row, "thing"): text(row, "label") for row in await rows(services.engine, query)}
    return [[_cell(term, labels) for term in line] for line in shown] + [[] for _ in table[MOST_ROWS_SHOWN:]]


def _cell(term: object, labels: Mapping[str, str]) -> Value:
    if term is None:
        return Value("")
    if isinstance(term, NamedNode):
        path = path_of(term.value)
        return Value(
            labels.get(term.value) or short_name(term.value), path or term.value, outside=path is None
        )
    return Value(term.value if isinstance(term, Literal) else str(term))
