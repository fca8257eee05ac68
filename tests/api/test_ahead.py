"""Overviews of a large snapshot are asked for before anybody waits for them."""

import time
from pathlib import Path

import httpx
import pytest

from isogloss.api.app import create_app
from isogloss.graph.build import build
from isogloss.graph.engine.cache import AnswerMemory
from isogloss.graph.engine.embedded import EmbeddedEngine
from isogloss.graph.snapshot import Snapshot
from isogloss.graph.sources import added_source, shipped_sources
from isogloss.settings import Settings

from .serving import serving


@pytest.fixture(scope="module")
def snapshot(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    folder = tmp_path_factory.mktemp("ahead")
    own = folder / "own.ttl"
    own.write_text("<x:a> <x:b> 'one' .")
    return build(folder / "state", (shipped_sources()[0], added_source(own)))


def service(state: Path, snapshot: Snapshot, ask_ahead: int) -> tuple[EmbeddedEngine, Settings]:
    settings = Settings(state=state, workers=1, ask_ahead=ask_ahead)
    return EmbeddedEngine(snapshot.store, digest=snapshot.digest, settings=settings), settings


def test_a_large_snapshot_has_its_overviews_ready(snapshot: Snapshot) -> None:
    engine, settings = service(snapshot.path.parents[1], snapshot, ask_ahead=1)
    with serving(create_app(settings, engine, snapshot)) as address:
        memory = engine.memory
        wait_until_quiet(memory)
        asked = memory.misses
        assert asked > 10
        assert httpx.get(f"{address}/coverage", headers={"Accept": "text/html"}).status_code == 200
        assert memory.misses == asked


def test_a_small_one_is_left_alone(snapshot: Snapshot) -> None:
    engine, settings = service(snapshot.path.parents[1], snapshot, ask_ahead=10**9)
    with serving(create_app(settings, engine, snapshot)) as address:
        assert httpx.get(f"{address}/health").status_code == 200
        asked = engine.memory.misses  # /health asks one question
        time.sleep(1.5)
        assert engine.memory.misses == asked


def wait_until_quiet(memory: AnswerMemory) -> None:
    """Until nothing new was asked for a second, at most half a minute."""
    last, since = 0, time.monotonic()
    for _ in range(300):
        if memory.misses != last:
            last, since = memory.misses, time.monotonic()
        if last > 10 and time.monotonic() - since > 1:
            return
        time.sleep(0.1)
