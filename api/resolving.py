"""/api/suggest and /api/resolve: from what somebody types to the things that are meant."""

from __future__ import annotations

import asyncio
from typing import Annotated
from urllib.parse import urlencode

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from isogloss.errors import NotFound
from isogloss.graph.search.finder import Finder, Item, Wanted

from .addresses import relative
from .deps import ServicesDep
from .negotiation import HTML, negotiate
from .wanting import finder, named, url_of

JSON = "application/json"
# Which kind a name means where several kinds have a thing of that name.
_MEANT_FIRST = ("publication", "body", "theme", "vocabulary", "initiative", "event", "section", "concept",
                "term", "person", "usecase", "statement", "scheme")  # fmt: skip

router = APIRouter()
Words = Annotated[str, Query(min_length=1, max_length=200)]


@router.get("/api/suggest")
async def suggest(
    request: Request,
    services: ServicesDep,
    q: Words,
    limit: Annotated[int, Query(ge=1, le=50)] = 10,
) -> Response:
    """Completions of what is being typed: identifiers first, then names."""
    validators = services.validators(request, JSON)
    if validators.match(request):
        return validators.not_modified()
    items = await asyncio.to_thread(finder(services).suggest, q, limit)
    return validators.stamp(JSONResponse([named(request, item) for item in items]))


@router.get("/api/resolve")
async def resolve(
    request: Request, services: ServicesDep, q: Words, kind: Annotated[str, Query(max_length=30)] = ""
) -> Response:
    """The one thing that a citation, URN, IRI, acronym or name means.

    200 with its IRI and URL, or 303 to its page where HTML is wanted; 300 with the choices where several of
    one kind have that name; 404 with the nearest ones where none has. A publication is meant before a body,
    a body before a theme, and so on, unless `kind` says otherwise; a dated citation means the edition.
    """
    meant = await asyncio.to_thread(_means, finder(services), q, kind)
    if not meant:
        near = await asyncio.to_thread(_nearest, finder(services), q)
        raise NotFound(f"Nothing goes by “{q}”.", near)
    wants_page = negotiate(request.headers.get("accept"), (JSON, HTML)) == HTML
    if wants_page:
        path = url_of(meant[0].iri) if len(meant) == 1 else "/search?" + urlencode({"q": q})
        response: Response = RedirectResponse(relative(request.scope, path), 303)
    elif len(meant) == 1:
        response = JSONResponse(named(request, meant[0]))
    else:
        response = JSONResponse({"q": q, "choices": [named(request, item) for item in meant]}, 300)
    response.headers.add_vary_header("Accept")
    return services.validators(request, HTML if wants_page else JSON).stamp(response)


def _means(index: Finder, text: str, kind: str) -> list[Item]:
    """The things of the foremost kind that go by this name exactly."""
    found = [item for item in index.items(index.resolve(text)) if kind in ("", item.kind)]
    if not found:
        return []
    foremost = min((item.kind for item in found), key=_rank)
    same = [item for item in found if item.kind == foremost]
    # The work of an edition, or the edition of a work, is the same thing less closely meant.
    first, *others = same
    return [first, *(each for each in others if not _related(first.iri, each.iri))]


def _related(one: str, other: str) -> bool:
    one, other = one.removesuffix("-draft"), other.removesuffix("-draft")  # the next edition of that work
    return one == other or one.startswith(other + "-") or other.startswith(one + "-")


def _rank(kind: str) -> int:
    return _MEANT_FIRST.index(kind) if kind in _MEANT_FIRST else len(_MEANT_FIRST)


def _nearest(index: Finder, text: str) -> tuple[str, ...]:
    """What is spelt nearly so, or shares words with it."""
    items = index.suggest(text, 5) or index.search(Wanted(text, per_page=5)).items
    if not items and (instead := index.search(Wanted(text, per_page=1)).instead):
        items = index.search(Wanted(instead, per_page=5)).items
    return tuple(item.iri for item in items)
