"""/vocabularies: a vocabulary in the formats of terminology work, through the exporters."""

from __future__ import annotations

import asyncio

from fastapi import APIRouter, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from isogloss.graph.exporters import EXPORTERS, Exporter
from isogloss.ontology.names import thing

from .addresses import relative, with_query
from .deps import ServicesDep
from .negotiation import HTML, negotiate
from .term_lists import vocabularies
from .terminologies import terminology

JSON = "application/json"
_BY_SUFFIX = sorted(EXPORTERS.values(), key=lambda each: len(each.suffix), reverse=True)

router = APIRouter()


@router.get("/vocabularies")
async def all_vocabularies(request: Request, services: ServicesDep) -> Response:
    """Every vocabulary with its size, and where it can be taken away; a browser is led to the glossary."""
    if negotiate(request.headers.get("accept"), (JSON, HTML)) == HTML:
        response: Response = RedirectResponse(relative(request.scope, "/glossary"), 303)
    else:
        known = await vocabularies(services.engine)
        response = JSONResponse(
            [
                {
                    "iri": thing("vocabulary", slug),
                    "label": each.label,
                    "terms": each.terms,
                    "formats": {
                        name: relative(request.scope, f"/vocabularies/{slug}{exporter.suffix}")
                        for name, exporter in EXPORTERS.items()
                    },
                }
                for slug, each in known.items()
            ]
        )
    response.headers.add_vary_header("Accept")
    return services.validators(request, JSON).stamp(response)


@router.get("/vocabularies/{name}")
async def vocabulary(request: Request, services: ServicesDep, name: str) -> Response:
    """A vocabulary by the ending of its name: .ttl .jsonld .xl.ttl .tbx .yaml .csv .jskos.json.

    Without an ending, Accept chooses; a browser is led to its words in the glossary.
    """
    exporter = next((each for each in _BY_SUFFIX if name.endswith(each.suffix)), None)
    slug = name.removesuffix(exporter.suffix) if exporter else name
    if exporter is None:
        offers = dict.fromkeys(each.media_type for each in EXPORTERS.values())
        wanted = negotiate(request.headers.get("accept"), (*offers, HTML))
        if wanted == HTML:
            await terminology(services.engine, slug)
            path = with_query("/glossary", vocabulary=slug)
            return RedirectResponse(relative(request.scope, path), 303, {"Vary": "Accept"})
        exporter = next(each for each in EXPORTERS.values() if each.media_type == wanted)
    validators = services.validators(request, exporter.media_type, exporter.suffix)
    if validators.match(request):
        return validators.not_modified()
    response = await _written(services, slug, exporter)
    response.headers.add_vary_header("Accept")
    return validators.stamp(response)


async def _written(services: ServicesDep, slug: str, exporter: Exporter) -> Response:
    told = await terminology(services.engine, slug)
    body = await asyncio.to_thread(exporter.write, told)
    headers = {"Content-Disposition": f'inline; filename="{slug}{exporter.suffix}"'}
    return Response(body, headers=headers, media_type=exporter.media_type)
