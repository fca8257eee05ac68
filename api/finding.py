"""Finding things: /search over everything and /catalogue over publications, with facets that narrow."""

from __future__ import annotations

import asyncio
from typing import Any

from fastapi import APIRouter, Request
from markupsafe import Markup, escape
from starlette.responses import Response

from isogloss.graph.search.finder import Found, Item

from . import facets
from .addresses import relative
from .deps import Services, ServicesDep
from .found_details import Details, details
from .negotiation import HTML
from .rendering import render
from .wanting import PER_PAGE, Asked, AskedDep, check_page, finder, page_count, to_path, url_of
from .wording import KINDS

router = APIRouter(include_in_schema=False)


@router.get("/search")
async def search(request: Request, services: ServicesDep, asked: AskedDep) -> Response:
    """Everything in the graph by words, identifiers and facets."""
    return await _page(request, services, asked)


@router.get("/catalogue")
async def catalogue(request: Request, services: ServicesDep, asked: AskedDep) -> Response:
    """The publications by words, identifiers and facets."""
    return await _page(request, services, asked, kind="publication")


async def _page(request: Request, services: Services, asked: Asked, **fixed: str) -> Response:
    validators = services.validators(request, HTML)
    if validators.match(request):
        return validators.not_modified()
    path = "/catalogue" if fixed else "/search"
    wanted = asked.model_copy(update={"per_page": PER_PAGE}).wanted(**fixed)
    found = await asyncio.to_thread(finder(services).search, wanted)
    pages = page_count(found.total, PER_PAGE)
    check_page(asked.page, pages)
    told = await details(services.engine, (item.iri for item in found.items))
    hidden = ("kind", "vocabulary") if fixed else ()
    response = render(
        request,
        services,
        "finding.html",
        asked=asked,
        found=found,
        pages=pages,
        fewer=found.matched < found.asked,
        path=path,
        facets=facets.arrange(found.facets, found.left_out, hidden),
        chips=_chips(found, asked, path),
        results=[_result(item, told.get(item.iri, Details())) for item in found.items],
        to=lambda pairs, **more: relative(request.scope, to_path(path, pairs, **more)),
        away=lambda form, **more: relative(
            request.scope, to_path("/api/search", [*asked.pairs(), *fixed.items()], format=form, **more)
        ),
        pager_to=lambda page: relative(
            request.scope, to_path(path, asked.pairs(), page=page if page > 1 else "")
        ),
    )
    return validators.stamp(response)


def _chips(found: Found, asked: Asked, path: str) -> list[tuple[str, str]]:
    """What narrows the list, in words, and the link that takes it back."""
    known = {
        (name, facets.short(name, value.value)): facets.label(name, value)
        for name, values in found.facets.items()
        for value in values
    }
    chips = [
        (known.get((name, value), value), to_path(path, asked.without(name, value)))
        for name, values in asked.facets.items()
        for value in values
    ]
    for name, words, value in (("from", "since", asked.first), ("to", "until", asked.last)):
        chips += [(f"{words} {value}", to_path(path, asked.without(name, value)))] if value else []
    return chips


def _result(item: Item, told: Details) -> dict[str, Any]:
    """One line of the list, with the reason why it is there."""
    notes = [told.first("type") or KINDS.get(item.kind, (item.kind, ""))[0], told.first("status"), item.year]
    notes += [", ".join((told.all("developer") or told.all("publisher"))[:3])]
    notes += list(told.all("vocabulary")[:1])
    in_title = item.extract.replace("«", "").replace("»", "") == item.label
    label = _marked(item.extract) if in_title else escape(item.label)
    return {
        "path": url_of(item.iri),
        "label": label + _title(item, told),
        "notes": [note for note in notes if note and note != "unknown"],
        "gloss": item.gloss,
        "why": item.why,
        "lacks": item.lacks,
        "extract": "" if in_title else _marked(item.extract),
    }


def _title(item: Item, told: Details) -> str:
    """The title of a publication that goes by its identifier alone, to stand after that."""
    title, label = told.first("title"), item.label.casefold()
    by_itself = item.kind == "publication" and ": " not in item.label
    return f": {title}" if by_itself and title and title.casefold() not in label else ""


def _marked(extract: str) -> Markup:
    """The extract with the words that matched marked.

    >>> str(_marked("«QKD» & more"))
    '<mark>QKD</mark> &amp; more'
    """
    text = str(escape(extract)).replace("«", "<mark>").replace("»", "</mark>")
    balanced = text.count("<mark>") == text.count("</mark>")
    return Markup(text if balanced else escape(extract))  # noqa: S704 - escaped before
