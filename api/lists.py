"""The lists as pages, JSON and CSV: /publications, /statements, /events, /initiatives, /usecases."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import AsyncIterator
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pyoxigraph import NamedNode
from starlette.responses import Response, StreamingResponse

from isogloss.graph.search.finder import Finder

from .addresses import relative, with_query
from .deps import Services, ServicesDep
from .list_specs import LISTS, ListSpec
from .listing import PER_PAGE, Listing, Window, listing, with_cells
from .negotiation import HTML, negotiate
from .problems import bad_request
from .rendering import render
from .wanting import check_page

JSON, CSV = "application/json", "text/csv"
_CHUNK = 1 << 16  # characters of a table that are sent at a time
_SUFFIXES = {"json": JSON, "csv": CSV}

router = APIRouter(include_in_schema=False)


async def _show(
    request: Request, services: ServicesDep, page: Annotated[int, Query(ge=1, le=10**6)] = 1
) -> Response:
    """A list under the filters in the query; `.json` and `.csv` choose the format, else Accept does."""
    name, _, suffix = request.url.path.rpartition("/")[2].partition(".")
    spec = LISTS[name]
    media_type = _SUFFIXES.get(suffix) or negotiate(request.headers.get("accept"), (HTML, JSON, CSV))
    validators = services.validators(request, media_type)
    if validators.match(request, there=page == 1):
        return validators.not_modified()
    asked = _filters(request, spec)
    # A table to take away is whole; one to look at comes in pages.
    window = Window(page, 0 if media_type == CSV else PER_PAGE)
    index = Finder(services.snapshot.index) if services.snapshot is not None else None
    found = await listing(services.engine, spec, asked, window, index)
    check_page(page, found.pages)
    if media_type == JSON:
        response: Response = Response(_json(found), media_type=JSON)
    elif media_type == CSV:
        lines = _csv(services, found)
        first = await anext(lines)  # what fails at once is an error, not half a table
        response = StreamingResponse(_after(first, lines), media_type="text/csv; charset=utf-8")
        response.headers["Content-Disposition"] = f'inline; filename="{name}.csv"'
    else:
        response = render(
            request,
            services,
            "list.html",
            found=found,
            spec=spec,
            pager_to=lambda number: relative(request.scope, _path(found, number)),
        )
    response.headers["Link"] = _links(request, found)
    response.headers.add_vary_header("Accept")
    return validators.stamp(response)


for _list in LISTS:
    for _suffix in ("", *(f".{each}" for each in _SUFFIXES)):
        router.add_api_route(f"/{_list}{_suffix}", _show, methods=["GET"])


def _filters(request: Request, spec: ListSpec) -> dict[str, str]:
    """The filters that the query names; a value that can name nothing is refused."""
    given = {name: value.strip() for name, value in request.query_params.items() if value.strip()}
    found = {"q": given["q"]} if "q" in given else {}
    for facet in spec.facets:
        if facet.name in given:
            try:
                NamedNode(facet.base + given[facet.name])
            except ValueError as error:
                raise bad_request(facet.name, "this can name nothing") from error
            found[facet.name] = given[facet.name]
    return found


def _links(request: Request, found: Listing) -> str:
    def to(page: int, suffix: str = "") -> str:
        return relative(request.scope, _path(found, page, suffix))

    links = [
        f'<{to(1, ".json")}>; rel="alternate"; type="{JSON}"',
        f'<{to(1, ".csv")}>; rel="alternate"; type="{CSV}"',
    ]
    if found.page > 1:
        links.append(f'<{to(found.page - 1)}>; rel="prev"')
    if found.page < found.pages:
        links.append(f'<{to(found.page + 1)}>; rel="next"')
    return ", ".join(links)


def _path(found: Listing, page: int, suffix: str = "") -> str:
    return with_query(f"/{found.spec.name}{suffix}", **found.chosen, page=page if page > 1 else None)


def _json(found: Listing) -> str:
    data: dict[str, Any] = {
        "total": found.total,
        "page": found.page,
        "pages": found.pages,
        "per_page": found.per_page,
        "filters": dict(found.chosen),
        "facets": {
            name: [{"value": value.value, "label": value.label, "count": value.count} for value in values]
            for name, values in found.facets.items()
        },
        "items": [
            {
                "iri": item.iri,
                "label": item.label,
                **{name: [value.text for value in values] for name, values in item.cells.items()},
            }
            for item in found.items
        ],
    }
    return json.dumps(data, ensure_ascii=False, indent=1) + "\n"


async def _csv(services: Services, found: Listing) -> AsyncIterator[bytes]:
    """The table (RFC 4180, UTF-8): its head with the first rows, then some rows at a time."""
    columns = found.spec.columns
    told = io.StringIO()
    writer = csv.writer(told, lineterminator="\r\n")
    writer.writerow(["iri", "label", *(column.name for column in columns)])
    async for item in with_cells(services.engine, found.spec, found.items):
        cells = (" | ".join(value.text for value in item.cells.get(column.name, ())) for column in columns)
        writer.writerow([item.iri, item.label, *cells])
        if told.tell() > _CHUNK:
            yield told.getvalue().encode()
            told.seek(0)
            told.truncate()
    yield told.getvalue().encode()


async def _after(first: bytes, parts: AsyncIterator[bytes]) -> AsyncIterator[bytes]:
    yield first
    async for part in parts:
        yield part
