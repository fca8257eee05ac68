"""Asks for the pages that look over everything before anybody else does, where that takes long."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator

import httpx
from fastapi import FastAPI
from starlette.types import ASGIApp

from .deps import Services, Snapshot
from .meanwhile import meanwhile

_LOG = logging.getLogger(__name__)
EVERY = 1.0  # seconds between two looks at whether there is a new snapshot
PATIENCE = 600.0  # seconds for a page; its queries have deadlines of their own
PAGES = (
    "/", "/coverage", "/landscape", "/bodies", "/themes", "/statements", "/glossary",
    "/vocabularies", "/mappings", "/api/completions",
    "/doc/body/iso", "/doc/body/iec", "/doc/body/itu", "/doc/body/ieee", "/doc/body/etsi",
)  # fmt: skip


@contextlib.asynccontextmanager
async def ahead(app: FastAPI, inside: ASGIApp) -> AsyncIterator[None]:
    """While inside, each snapshot of `ask_ahead` triples or more has its overviews asked for, one by one.

    What the engine answers is kept (`AnswerMemory`), so that no visitor has to wait for it.
    """
    settings = app.state.services.settings
    if not settings.ask_ahead or not settings.answer_cache or app.state.services.snapshot is None:
        yield
        return
    async with meanwhile(_watch(app, inside)):
        yield


async def _watch(app: FastAPI, inside: ASGIApp) -> None:
    done = ""
    while True:
        services: Services = app.state.services
        snapshot = services.snapshot
        if snapshot is not None and snapshot.digest != done:
            done = snapshot.digest
            if _triples(snapshot) >= services.settings.ask_ahead:
                await _ask(inside)
        await asyncio.sleep(EVERY)


async def _ask(inside: ASGIApp) -> None:
    transport = httpx.ASGITransport(inside, raise_app_exceptions=False)
    async with httpx.AsyncClient(
        transport=transport, base_url="http://127.0.0.1", timeout=PATIENCE
    ) as client:
        for page in PAGES:
            answer = await client.get(page, headers={"Accept": "text/html, application/json;q=0.9"})
            if answer.is_error:
                _LOG.info("asked ahead for %s: %s", page, answer.status_code)
    _LOG.info("asked ahead for %s pages", len(PAGES))


def _triples(snapshot: Snapshot) -> int:
    return sum(snapshot.manifest["counts"].values())
