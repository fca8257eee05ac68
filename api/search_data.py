"""/api/search: what a search finds as JSON in pages, or the whole list as CSV, BibTeX or Turtle."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

from fastapi import APIRouter, Request
from starlette.responses import Response, StreamingResponse

from isogloss.graph.search.finder import Finder, Found, Item, Value

from . import facets, taking
from .addresses import relative
from .deps import Services, ServicesDep
from .found_details import Details, details
from .negotiation import negotiate
from .problems import bad_request
from .wanting import PER_PAGE, Asked, AskedDep, check_page, finder, named, page_count, to_path

JSON, CSV, BIBTEX, TURTLE = "application/json", "text/csv", "application/x-bibtex", "text/turtle"
FORMATS = {"json": JSON, "csv": CSV, "bibtex": BIBTEX, "ttl": TURTLE}
_WRITERS = {CSV: taking.as_csv, BIBTEX: taking.as_bibtex, TURTLE: taking.as_turtle}
_ENDINGS = {CSV: "csv", BIBTEX: "bib", TURTLE: "ttl"}

router = APIRouter()


@router.get("/api/search")
async def search_data(request: Request, services: ServicesDep, asked: AskedDep) -> Response:
    """Things by words and facets: JSON in pages with counts, or the whole list as CSV, BibTeX or Turtle.

    `format` (json, csv, bibtex, ttl) or Accept chooses; `per_page=0` gives the whole list as JSON. A facet
    given twice means that both values must hold. Of facets with many values the most frequent come, and how
    many there are beside; `whole` names one of which all are wanted.
    """
    if asked.format and asked.format not in FORMATS:
        raise bad_request("format", f"there are {', '.join(FORMATS)}")
    media_type = FORMATS.get(asked.format) or negotiate(
        request.headers.get("accept"), tuple(FORMATS.values())
    )
    validators = services.validators(request, media_type)
    if validators.match(request):
        return validators.not_modified()
    if media_type == JSON:
        response: Response = await _json(request, services, asked)
    else:
        response = await _whole(services, asked, media_type)
    response.headers.add_vary_header("Accept")
    return validators.stamp(response)


async def _json(request: Request, services: Services, asked: Asked) -> Response:
    index = finder(services)
    found = await asyncio.to_thread(index.search, asked.wanted())
    pages = page_count(found.total, asked.per_page)
    check_page(asked.page, pages)
    batches = _one(found.items) if asked.per_page else _each(index, asked)
    parts = _written(request, services, _about(asked, found, pages), batches)
    response: Response
    if asked.per_page:
        response = Response(b"".join([part async for part in parts]), media_type=JSON)
    else:
        response = StreamingResponse(_after(await anext(parts), parts), media_type=JSON)
    if links := _links(request, asked, pages):
        response.headers["Link"] = links
    return response


async def _one(items: tuple[Item, ...]) -> AsyncIterator[tuple[Item, ...]]:
    if items:
        yield items


async def _each(index: Finder, asked: Asked) -> AsyncIterator[tuple[Item, ...]]:
    """The whole list as it is wanted: of all things at once, each list would fill 170 MB."""
    waiting = index.each(asked.wanted(), taking.BATCH)
    while batch := await asyncio.to_thread(next, waiting, ()):
        yield batch


def _about(asked: Asked, found: Found, pages: int) -> dict[str, Any]:
    return {
        "total": found.total,
        "page": asked.page,
        "pages": pages,
        "per_page": asked.per_page,
        "asked_words": found.asked,
        "matched_words": found.matched,
        "instead": found.instead,
        "facets": {
            name: [_counted(name, value) for value in values] for name, values in found.facets.items()
        },
        "facet_values_left_out": found.left_out,
    }


async def _written(
    request: Request, services: Services, about: dict[str, Any], batches: AsyncIterator[Sequence[Item]]
) -> AsyncIterator[bytes]:
    """The list after what is told `about` it, batch by batch."""
    before = head = json.dumps(about, ensure_ascii=False, indent=1).removesuffix("\n}") + ',\n "items": [\n  '
    async for batch in batches:
        told = await details(services.engine, (item.iri for item in batch))
        shown = (_item(request, item, told.get(item.iri, Details())) for item in batch)
        yield (before + ",\n  ".join(json.dumps(each, ensure_ascii=False) for each in shown)).encode()
        before = ",\n  "
    yield (head if before is head else "").encode() + b"\n ]\n}\n"


def _counted(name: str, value: Value) -> dict[str, Any]:
    above = facets.short(name, value.above)
    told = {
        "value": facets.short(name, value.value),
        "label": facets.label(name, value),
        "count": value.count,
    }
    return told | ({"above": above} if above else {})


def _item(request: Request, item: Item, told: Details) -> dict[str, Any]:
    return {
        **named(request, item),
        "year": item.year,
        "gloss": item.gloss,
        "why": item.why,
        "extract": item.extract,
        "lacks": list(item.lacks),
        **{name: list(values) for name, values in told.of.items()},
    }


def _links(request: Request, asked: Asked, pages: int) -> str:
    def to(page: int) -> str:
        size = asked.per_page if asked.per_page != PER_PAGE else ""
        return relative(request.scope, to_path("/api/search", asked.pairs(), per_page=size, page=page))

    links = [f'<{to(asked.page - 1)}>; rel="prev"'] if asked.page > 1 else []
    links += [f'<{to(asked.page + 1)}>; rel="next"'] if asked.page < pages else []
    return ", ".join(links)


async def _whole(services: Services, asked: Asked, media_type: str) -> Response:
    """The whole list; its first part is made before anything is sent, so that what fails is an error."""
    parts = _WRITERS[media_type](services.engine, _each(finder(services), asked))
    first = await anext(parts, b"")
    name = f"isogloss-list.{_ENDINGS[media_type]}"
    return StreamingResponse(
        _after(first, parts),
        media_type=f"{media_type}; charset=utf-8" if media_type != TURTLE else media_type,
        headers={"Content-Disposition": f'inline; filename="{name}"'},
    )


async def _after(first: bytes, parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for part in parts:
        yield part
