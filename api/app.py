"""The web application: `create_app` puts the routes together around an engine and a snapshot."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from http import HTTPStatus
from pathlib import Path
from typing import Protocol, runtime_checkable

from fastapi import FastAPI
from starlette.middleware.errors import ServerErrorMiddleware
from starlette.staticfiles import StaticFiles
from starlette.types import ASGIApp, Receive, Scope, Send

from isogloss.graph.engine.base import Engine
from isogloss.queries.library import ReadyQuery, load_library
from isogloss.settings import Settings

from . import (
    browse,
    changes,
    compare,
    compare_sheet,
    coverage,
    crawlers,
    dataset,
    editor,
    finding,
    glossary,
    jskos,
    judging,
    landscape,
    linked_data,
    lists,
    mapping_pages,
    metrics,
    neighbours,
    ontology,
    pages,
    problems,
    queries,
    resolving,
    search_data,
    signposting,
    vocabularies,
)
from .ahead import ahead
from .bodies import Bodies
from .caching import code_changed, code_digest
from .conditional import Conditional
from .deps import Services, Snapshot
from .following import following
from .frame import Frame
from .gathering import WholeForOld
from .packing import Packing
from .past import Past, shipped_past
from .proxies import TrustedProxies
from .rendering import environment, problem_page
from .shortcut import Manner
from .sparql import ForPeople, SparqlEndpoint, SparqlFirst

_WEB = Path(__file__).parent / "web"


@runtime_checkable
class _Startable(Protocol):
    async def start(self) -> None: ...


class Application(FastAPI):
    """FastAPI behind `door`, which may answer at once what FastAPI's own layers would only slow down."""

    door: ASGIApp
    shortcut: Callable[[Scope], Manner | None]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        scope["app"] = self
        await self.door(scope, receive, send)

    async def inside(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().__call__(scope, receive, send)


def create_app(
    settings: Settings,
    engine: Engine,
    snapshot: Snapshot | None,
    library: Mapping[str, ReadyQuery] | None = None,
    past: Past | None = None,
) -> Application:
    """The application over `engine`, which it starts and closes with itself.

    `snapshot` is what the engine serves; None means that the data is somebody else's: then there are only
    /sparql, /browse for any IRI, and /health, and nothing of ours. `library` are the ready questions,
    and `past` is what was withdrawn or has a newer version; by default those that ship.
    """
    app = Application(
        title="Isogloss",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=_lifespan,
    )
    if library is None:
        library = load_library() if snapshot else {}
    app.state.services = Services(
        settings,
        engine,
        snapshot,
        library,
        environment(),
        code_digest(library.values()),
        code_changed(),
        datetime.now(UTC),
        Bodies(settings.answer_cache),
        past or shipped_past(),
    )
    problems.install(app, problem_page)
    app.include_router(pages.common)
    app.include_router(metrics.router)
    for each in (*_OWN, *_FINDING) if snapshot else _OTHERS:
        app.include_router(each.router)
    app.mount("/web", StaticFiles(directory=_WEB), name="web")
    app.add_middleware(Packing, memory=settings.answer_cache // 8)
    app.add_middleware(Conditional)
    app.add_middleware(Frame, routes=app.routes)
    _put_sparql_first(app, engine, settings)
    return app


def _put_sparql_first(app: Application, engine: Engine, settings: Settings) -> None:
    """Answer `/sparql` at the door, and the common query before that; all else goes inside."""
    app.state.sparql = sparql = SparqlEndpoint(
        engine,
        ForPeople(app.inside, problem_page),
        public_url=settings.public_url,
        memory=settings.answer_cache // 4,
        federated=bool(settings.service_allow),
    )
    guarded = ServerErrorMiddleware(sparql, app.exception_handlers[HTTPStatus.INTERNAL_SERVER_ERROR])
    first = SparqlFirst(app.inside, guarded, sparql.shortcut)
    proxies = TrustedProxies(first, settings.trusted_proxies)
    app.door = WholeForOld(proxies)
    app.shortcut = lambda scope: first.shortcut(proxies.seen(scope))


_LINKED = (linked_data, signposting, ontology, dataset, changes, crawlers)
_OWN = (pages, landscape, coverage, *_LINKED, lists, queries, editor, neighbours)
_FINDING = (
    finding,
    search_data,
    resolving,
    glossary,
    compare,
    compare_sheet,
    mapping_pages,
    judging,
    vocabularies,
    jskos,
)
_OTHERS = (browse, editor, neighbours)


@asynccontextmanager
async def _lifespan(app: Application) -> AsyncIterator[None]:
    engine = app.state.services.engine
    if isinstance(engine, _Startable):
        await engine.start()
    try:
        async with following(app), ahead(app, app.inside):
            yield
    finally:
        await engine.close()
