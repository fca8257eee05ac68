"""A real server over the shipped snapshot, one for the whole run; an engine that counts its queries."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest
from pyoxigraph import RdfFormat, Store

from isogloss.api.app import create_app
from isogloss.graph.engine.base import Answer, Engine, QueryRequest
from isogloss.graph.engine.embedded import EmbeddedEngine
from isogloss.graph.snapshot import Snapshot
from isogloss.graph.union import merge_small
from isogloss.settings import Settings

from .serving import serving


class CountingEngine:
    """Passes every query on, and keeps its text."""

    def __init__(self, engine: EmbeddedEngine) -> None:
        self._engine = engine
        self.asked: list[str] = []

    @property
    def digest(self) -> str:
        return self._engine.digest

    async def start(self) -> None:
        await self._engine.start()

    async def query(self, request: QueryRequest) -> Answer:
        self.asked.append(request.text)
        return await self._engine.query(request)

    async def close(self) -> None:
        await self._engine.close()


@pytest.fixture(scope="session")
def settings(state: Path) -> Settings:
    return Settings.model_validate({"state": state, "workers": 1, "answer_cache": 0})


@pytest.fixture(scope="session")
def engine(snapshot: Snapshot, settings: Settings) -> CountingEngine:
    return CountingEngine(EmbeddedEngine(snapshot.store, digest=snapshot.digest, settings=settings))


@pytest.fixture(scope="session")
def another_engine(snapshot: Snapshot, settings: Settings) -> Callable[[], Engine]:
    """Makes an engine for another server: each server ends its own when it stops."""
    return lambda: EmbeddedEngine(snapshot.store, digest=snapshot.digest, settings=settings)


@pytest.fixture(scope="session")
def address(snapshot: Snapshot, settings: Settings, engine: CountingEngine) -> Iterator[str]:
    """Where the shipped snapshot is served."""
    with serving(create_app(settings, engine, snapshot)) as address:
        yield address


@pytest.fixture(scope="session")
def client(address: str) -> Iterator[httpx.Client]:
    """A client that follows no redirect by itself."""
    with httpx.Client(base_url=address, timeout=30) as client:
        yield client


@pytest.fixture
def engine_over(tmp_path: Path, settings: Settings) -> Callable[[str], EmbeddedEngine]:
    """Makes an engine over a few lines of TriG."""

    def make(trig: str) -> EmbeddedEngine:
        store = Store(str(tmp_path / "store"))
        store.load(trig.encode(), RdfFormat.TRIG)
        merge_small(store)
        store.flush()
        del store
        return EmbeddedEngine(tmp_path / "store", digest="test", settings=settings)

    return make
