"""Somebody else's data: a start page, and a description of any IRI in it, as a page or as RDF."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

from fastapi import APIRouter, Query, Request
from pyoxigraph import NamedNode
from starlette.responses import Response

from .addresses import relative, with_query
from .asking import number, rows, text
from .deps import ServicesDep
from .describe import Extent, describe
from .description import short_name
from .documents import LABELLED, document, serialise
from .linked_data import chosen_type, with_charset
from .negotiation import BY_TYPE, HTML, RDF_FORMATS
from .overview import graph_counts
from .presentation import arrange
from .problems import bad_request
from .rendering import render

router = APIRouter(include_in_schema=False)

MOST_CLASSES = 100


@router.get("/")
async def start(request: Request, services: ServicesDep) -> Response:
    """What the data holds: its graphs and its classes."""
    validators = services.validators(request, HTML)
    if validators.match(request):
        return validators.not_modified()
    classes = await rows(
        services.engine,
        "SELECT ?class (COUNT(DISTINCT ?thing) AS ?count) WHERE { ?thing a ?class }"
        f" GROUP BY ?class ORDER BY DESC(?count) ?class LIMIT {MOST_CLASSES}",
    )
    response = render(
        request,
        services,
        "others.html",
        graphs=await graph_counts(services.engine),
        classes=[
            (text(row, "class"), short_name(text(row, "class")), number(row, "count")) for row in classes
        ],
        browse=browse_path,
    )
    return validators.stamp(response)


@router.get("/browse")
async def browse(
    request: Request,
    services: ServicesDep,
    iri: Annotated[str, Query(min_length=1, max_length=4000)],
    page: Annotated[int, Query(ge=1, le=10**6)] = 1,
    mediatype: Annotated[str | None, Query(alias="_mediatype")] = None,
) -> Response:
    """What the data says of an IRI."""
    try:
        NamedNode(iri)
    except ValueError as error:
        raise bad_request("iri", f"this is no IRI: {error}") from error
    media_type = chosen_type(request, mediatype)
    validators = services.validators(request, media_type)
    if validators.match(request):
        response = validators.not_modified()
        response.headers.add_vary_header("Accept")
        return response
    description = replace(await describe(services.engine, {iri: Extent(page)}), link=browse_path)
    if media_type == HTML:
        shown = arrange(description, services.modified.date())
        response = render(
            request,
            services,
            "thing.html",
            description=description,
            page=shown,
            language="en",
            path=browse_path(iri),
            formats=RDF_FORMATS,
            pager_to=lambda number: relative(request.scope, with_query("/browse", iri=iri, page=number)),
            structured="",
        )
    else:
        quads = document(description, LABELLED, None)
        response = Response(serialise(quads, BY_TYPE[media_type]), media_type=with_charset(media_type))
    response.headers.add_vary_header("Accept")
    return validators.stamp(response)


def browse_path(iri: str) -> str:
    """Where this server describes an IRI of any kind."""
    return with_query("/browse", iri=iri)
