"""The page of the SPARQL endpoint: a plain form, and in its place the editor where its script is there."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, Response

from isogloss.ontology.names import BASE, PREFIXES, thing
from isogloss.queries.library import ReadyQuery

from .addresses import relative
from .asking import Row, number, rows, text
from .deps import Services, ServicesDep
from .frame import CONTENT_SECURITY_POLICY
from .negotiation import HTML
from .rendering import render

router = APIRouter()

# The editor's table has columns to drag, whose few rules its library writes into the page: they, and no other
# rules outside the style sheets, are let through by their hash.
_COLUMN_RULES = "sha256-zCK2EVMoPc04mRF/g5CotUvxbJPWS+8V0b+s9ptqQIk="
_POLICY = CONTENT_SECURITY_POLICY.replace("style-src 'self'", f"style-src 'self' '{_COLUMN_RULES}'")

# What the plain form offers, as media types: formats of a table, and of a graph.
FORMATS = {
    "text/csv": "Table as CSV",
    "text/tab-separated-values": "Table as TSV",
    "application/sparql-results+json": "Table as JSON",
    "application/sparql-results+xml": "Table as XML",
    "text/turtle": "Graph as Turtle",
    "application/ld+json": "Graph as JSON-LD",
}

FIRST_QUERY = f"""PREFIX ig: <{PREFIXES["ig"]}>
PREFIX rdfs: <{PREFIXES["rdfs"]}>

SELECT ?gap ?label ?section WHERE {{
  ?gap a ig:Gap ;
    rdfs:label ?label ;
    ig:themeOrBroader <{thing("theme", "brain-computer-interfaces")}> ;
    ig:statedIn/rdfs:label ?section .
}}
ORDER BY ?section
"""
FIRST_QUERY_FOR_OTHERS = (
    "SELECT ?subject ?property ?object WHERE {\n  ?subject ?property ?object .\n}\nLIMIT 25\n"
)

_TERMS_QUERY = f"""
PREFIX owl: <{PREFIXES["owl"]}> PREFIX rdfs: <{PREFIXES["rdfs"]}>
SELECT ?kind ?term ?uses ?label WHERE {{
  {{ SELECT ("classes" AS ?kind) ?term (COUNT(?s) AS ?uses) WHERE {{ ?s a ?term }} GROUP BY ?term }}
  UNION
  {{ SELECT ("properties" AS ?kind) ?term (COUNT(?s) AS ?uses) WHERE {{ ?s ?term ?o }} GROUP BY ?term }}
  UNION
  {{ VALUES (?type ?kind) {{
       (owl:Class "classes") (owl:ObjectProperty "properties")
       (owl:DatatypeProperty "properties") (owl:AnnotationProperty "properties") }}
     ?term a ?type }}
  FILTER(isIRI(?term))
  OPTIONAL {{ ?term rdfs:label ?label FILTER(LANG(?label) IN ("", "en")) }}
}}"""


@router.get("/sparql", include_in_schema=False)
async def editor_page(request: Request, services: ServicesDep) -> Response:
    """What a browser is shown that opens the endpoint without a query; asks nothing of the engine.

    The endpoint itself stands before the routes, and passes on only what this page is for.
    """
    validators = services.validators(request, HTML)
    if validators.match(request):
        response = validators.not_modified()
    else:
        response = validators.stamp(render(request, services, "sparql.html", **_shown(request, services)))
    response.headers["Content-Security-Policy"] = _POLICY
    response.headers.add_vary_header("Accept")
    return response


@router.get("/api/completions")
async def completions(request: Request, services: ServicesDep) -> Response:
    """The prefixes, classes and properties that a query may use, the most used first; one engine query."""
    validators = services.validators(request, "application/json")
    if validators.match(request):
        return validators.not_modified()
    found = await rows(services.engine, _TERMS_QUERY)
    told = {
        "prefixes": PREFIXES,
        "classes": _terms(found, "classes"),
        "properties": _terms(found, "properties"),
    }
    return validators.stamp(JSONResponse(told))


def _shown(request: Request, services: Services) -> dict[str, Any]:
    query = FIRST_QUERY if services.snapshot else FIRST_QUERY_FOR_OTHERS
    return {
        "query": query,
        "formats": FORMATS,
        "by_tag": _by_tag(services.library.values()),
        "setup": {
            "endpoint": relative(request.scope, "/sparql"),
            "root": relative(request.scope, "/"),
            "questions": relative(request.scope, "/api/queries"),
            "terms": relative(request.scope, "/api/completions"),
            "base": BASE,
            "prefixes": PREFIXES,
            "query": query,
        },
    }


def _by_tag(library: Iterable[ReadyQuery]) -> dict[str, list[ReadyQuery]]:
    by_tag: dict[str, list[ReadyQuery]] = {}
    for query in library:
        by_tag.setdefault(query.tags[0], []).append(query)
    return by_tag


def _terms(found: Iterable[Row], kind: str) -> list[dict[str, str | int]]:
    """One entry an IRI, however many labels and declarations it has."""
    terms: dict[str, tuple[int, str]] = {}
    for row in found:
        if text(row, "kind") == kind:
            uses, label = terms.get(text(row, "term"), (0, ""))
            terms[text(row, "term")] = max(uses, number(row, "uses")), label or text(row, "label")
    ordered = sorted(terms.items(), key=lambda item: (-item[1][0], item[0]))
    return [{"iri": iri, "label": label, "uses": uses} for iri, (uses, label) in ordered]
