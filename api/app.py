"""The web application: `create_app` puts the routes together around an engine and a snapshot."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol, runtime_checkable

from fastapi import FastAPI
from starlette.middleware import Middleware
from starlette.staticfiles import StaticFiles

from isogloss.graph.engine.base import Engine
from isogloss.queries.library import ReadyQuery, load_library
from isogloss.settings import Settings

from . import browse, crawlers, dataset, landscape, linked_data, lists, ontology, pages, problems, queries
from .caching import code_digest
from .deps import Services, Snapshot
from .frame import Frame
from .proxies import TrustedProxies
from .rendering import environment, problem_page

_WEB = Path(__file__).parent / "web"


@runtime_checkable
class _Startable(Protocol):
    async def start(self) -> None: ...


def create_app(
    settings: Settings,
    engine: Engine,
    snapshot: Snapshot | None,
    library: Mapping[str, ReadyQuery] | None = None,
) -> FastAPI:
    """The application over `engine`, which it starts and closes with itself.

    `snapshot` is what the engine serves; None means that the data is somebody else's: then there are only
    /sparql, /browse for any IRI, and /health, and nothing of ours. `library` are the ready questions, by
    default those that ship.
    """
    app = FastAPI(
        title="Isogloss",
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
        lifespan=_lifespan,
        middleware=[Middleware(TrustedProxies, trusted=settings.trusted_proxies)],
    )
    if library is None:
        library = load_library() if snapshot else {}
    app.state.services = Services(
        settings, engine, snapshot, library, environment(), code_digest(), datetime.now(UTC)
    )
    problems.install(app, problem_page)
    app.include_router(pages.common)
    for each in _OWN if snapshot else _OTHERS:
        app.include_router(each.router)
    app.mount("/web", StaticFiles(directory=_WEB), name="web")
    app.add_middleware(Frame, routes=app.routes)
    return app


_OWN = (pages, landscape, linked_data, ontology, lists, queries, dataset, crawlers)
_OTHERS = (browse,)


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    engine = app.state.services.engine
    if isinstance(engine, _Startable):
        await engine.start()
    try:
        yield
    finally:
        await engine.close()
