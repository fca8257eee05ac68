"""The pages that lead into the graph: start, themes, bodies, sections, health, error types."""

from __future__ import annotations

from collections import Counter
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from isogloss.graph.engine.base import Sandboxed
from isogloss.ontology.names import BASE

from . import overview, problems
from .addresses import nearby, relative, with_query
from .asking import rows
from .deps import Services, ServicesDep
from .documents import PROFILES
from .negotiation import BY_TYPE, HTML, RDF_TYPES, negotiate, preferred
from .rendering import render
from .statistics import classes_of_ours, triples_of_graphs
from .wanting import check_page, page_count

router = APIRouter(include_in_schema=False)
common = APIRouter(include_in_schema=False)

BODIES = 400  # on one page
EXAMPLES = ("body-themes", "opportunities-for-body", "gaps-without-publication")


async def _page(request: Request, services: Services, template: str, **context: Any) -> Response:
    response = render(request, services, template, **context)
    return services.validators(request, HTML).stamp(response)


def _unchanged(request: Request, services: Services) -> Response | None:
    validators = services.validators(request, HTML)
    return validators.not_modified() if validators.match(request, there=True) else None


@router.get("/")
async def start(request: Request, services: ServicesDep) -> Response:
    """What this is, how much there is, where to begin; RDF clients are sent to the data set's description."""
    wanted = preferred(request.headers.get("accept"), (HTML, *RDF_TYPES))
    response = _to_dataset(request, wanted[0]) if wanted and wanted[0] != HTML else None
    response = response or await _start(request, services)
    response.headers.add_vary_header("Accept")
    return response


def _to_dataset(request: Request, media_type: str) -> Response:
    return RedirectResponse(relative(request.scope, f"/dataset.{BY_TYPE[media_type].suffix}"), 303)


async def _start(request: Request, services: Services) -> Response:
    if unchanged := _unchanged(request, services):
        return unchanged
    counts = await classes_of_ours(services)
    named = [services.library[name] for name in EXAMPLES if name in services.library]
    examples = named or list(services.library.values())[: len(EXAMPLES)]
    return await _page(
        request,
        services,
        "home.html",
        counts=[(counts.get(name, 0), label, path) for name, label, path in overview.COUNTED],
        themes=await overview.five_themes(services.engine),
        examples=examples,
    )


@router.get("/themes")
async def themes(request: Request, services: ServicesDep) -> Response:
    """The tree of themes."""
    if unchanged := _unchanged(request, services):
        return unchanged
    tree = await overview.theme_tree(services.engine)
    return await _page(request, services, "themes.html", tree=tree, five=overview.FIVE_THEMES)


@router.get("/sections")
async def sections(request: Request, services: ServicesDep) -> Response:
    """The report's structure."""
    if unchanged := _unchanged(request, services):
        return unchanged
    return await _page(request, services, "sections.html", tree=await overview.section_tree(services.engine))


@router.get("/bodies")
async def bodies(
    request: Request,
    services: ServicesDep,
    q: Annotated[str, Query(max_length=200)] = "",
    kind: Annotated[str, Query(max_length=100)] = "",
    page: Annotated[int, Query(ge=1, le=10**6)] = 1,
) -> Response:
    """All bodies by kind, or those of one kind or with some words in their name, page by page."""
    if unchanged := _unchanged(request, services):
        return unchanged
    lines = await overview.bodies(services.engine)
    wanted = q.strip().casefold()
    shown = [
        line
        for line in lines
        if (not kind or line.kind == kind)
        and (wanted in line.label.casefold() or wanted in line.acronym.casefold())
    ]
    pages = page_count(len(shown), BODIES)
    check_page(page, pages)
    shown.sort(key=lambda line: line.kind)
    by_kind: dict[str, list[overview.BodyLine]] = {}
    for line in shown[(page - 1) * BODIES : page * BODIES]:
        by_kind.setdefault(line.kind, []).append(line)
    return await _page(
        request,
        services,
        "bodies.html",
        by_kind=by_kind,
        counts=Counter(line.kind for line in shown),
        kinds=sorted({line.kind for line in lines}),
        total=len(lines),
        shown=len(shown),
        q=q,
        kind=kind,
        page=page,
        pages=pages,
        pager_to=lambda number: nearby(
            request.scope, with_query("/bodies", q=q, kind=kind, page=number if number > 1 else None)
        ),
    )


@router.get("/profiles")
async def profiles(request: Request, services: ServicesDep) -> Response:
    """The ways in which a thing can be described (content negotiation by profile)."""
    return await _page(request, services, "profiles.html", profiles=PROFILES)


@common.get("/problems")
async def problem_types(request: Request, services: ServicesDep) -> Response:
    """What the types of problem documents mean."""
    return await _page(request, services, "problems.html", kinds=problems.ALL_KINDS)


@common.get("/health")
async def health(request: Request, services: ServicesDep) -> Response:
    """Whether the engine answers, which data it has, and what its processes have given up."""
    await rows(services.engine, "SELECT (NOW() AS ?now) {}")  # an answer that nobody keeps
    counts = await triples_of_graphs(services)
    told = {
        "status": "ok",
        "digest": services.engine.digest,
        "built": services.modified.isoformat(timespec="seconds"),
        "triples": sum(counts.values()),
        "graphs": {name.removeprefix(BASE + "graph/"): count for name, count in counts.items()},
        "queries": len(services.library),
        "sandbox": services.engine.sandbox if isinstance(services.engine, Sandboxed) else {},
    }
    if negotiate(request.headers.get("accept"), ("application/json", HTML)) == HTML:
        response = render(request, services, "health.html", told=told)
    else:
        response = JSONResponse(told)
    response.headers["Cache-Control"] = "no-store"
    response.headers.add_vary_header("Accept")
    return response
