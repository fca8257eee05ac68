"""A snapshot that is built while the server runs is taken up without dropping a request."""

import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx

from isogloss.api.app import create_app
from isogloss.graph.build import build
from isogloss.graph.engine.embedded import EmbeddedEngine
from isogloss.graph.sources import added_source, shipped_sources
from isogloss.settings import Settings

from .serving import serving

COUNT = {"query": "SELECT ?o { <x:a> <x:b> ?o }"}


def test_a_new_snapshot_is_served_and_no_request_is_dropped_meanwhile(tmp_path: Path) -> None:
    ontology, own = shipped_sources()[0], tmp_path / "own.ttl"
    own.write_text("<x:a> <x:b> 'old' .")
    old = build(tmp_path / "state", (ontology, added_source(own)))
    settings = Settings(state=tmp_path / "state", workers=1, answer_cache=0)
    engine = EmbeddedEngine(old.store, digest=old.digest, settings=settings)
    with serving(create_app(settings, engine, old)) as address, ThreadPoolExecutor(1) as pool:
        statuses: list[int] = []
        asking = pool.submit(ask_until_new, address, statuses)
        own.write_text("<x:a> <x:b> 'new' .")
        new = build(tmp_path / "state", (ontology, added_source(own)))
        assert asking.result(timeout=60)
        assert set(statuses) == {200}
        assert httpx.get(f"{address}/health").json()["digest"] == new.digest


def ask_until_new(address: str, statuses: list[int]) -> bool:
    """Ask again and again, at most for 40 seconds, until the answer is the new one."""
    deadline = time.monotonic() + 40
    while time.monotonic() < deadline:
        answer = httpx.get(f"{address}/sparql", params=COUNT, headers={"Accept": "text/csv"})
        statuses.append(answer.status_code)
        if "new" in answer.text:
            return True
        time.sleep(0.05)
    return False
