"""Takes up a new snapshot while serving: watches the pointer of the state folder, and switches the engine."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Protocol, runtime_checkable

from fastapi import FastAPI

from isogloss.errors import IsoglossError, SnapshotError
from isogloss.graph.snapshot import Snapshot, current

from .deps import Services
from .meanwhile import meanwhile

_LOG = logging.getLogger(__name__)
EVERY = 1.0  # seconds between two looks at the pointer, which cost one small read each


@runtime_checkable
class Switchable(Protocol):
    """An engine that can go over to another snapshot without dropping a query."""

    async def swap(self, store_path: Path, digest: str) -> None: ...


@contextlib.asynccontextmanager
async def following(app: FastAPI) -> AsyncIterator[None]:
    """While inside, a snapshot that a build switches in is served within about a second."""
    services: Services = app.state.services
    if services.snapshot is None or not isinstance(services.engine, Switchable):
        yield
        return
    async with meanwhile(_follow(app, services.engine)):
        yield


async def _follow(app: FastAPI, engine: Switchable) -> None:
    while True:
        await asyncio.sleep(EVERY)
        services: Services = app.state.services
        found = await asyncio.to_thread(_newest, services.settings.state)
        if found is None or found.digest == services.engine.digest:
            continue
        try:
            await engine.swap(found.store, found.digest)
        except IsoglossError as error:
            _LOG.error("the snapshot %s cannot be taken up, the old one goes on: %s", found.name, error)
            continue
        app.state.services = replace(services, snapshot=found)
        _LOG.info("now serving snapshot %s", found.name)


def _newest(state: Path) -> Snapshot | None:
    try:
        return current(state)
    except SnapshotError:
        return None
