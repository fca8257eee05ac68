"""Which worker gets the next query while all are busy."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from isogloss.graph.engine.base import Answer, QueryRequest
from isogloss.graph.engine.embedded import EmbeddedEngine
from isogloss.graph.engine.lane import BACKLOG, DEPTH, LONGEST

from .asked import make_store, settings_with


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("lane") / "store")


@pytest.mark.parametrize(
    ("pace", "number", "lined_up"),
    [
        (BACKLOG / 100, 2, [1, 1]),  # an idle worker comes first
        (BACKLOG / 100, LONGEST - 3, [1, LONGEST - 4]),  # quick ones go where most are
        (BACKLOG / 100, 2 * LONGEST, [LONGEST, LONGEST]),
        (BACKLOG / 3.5, 5, [1, 4]),  # as long as they are soon worked off
        (BACKLOG / 3.5, 9, [4, 5]),
        (BACKLOG, DEPTH, [DEPTH // 2, DEPTH // 2]),  # others go where fewest are
        (BACKLOG, 3 * DEPTH, [DEPTH, DEPTH]),  # and wait where each has enough
    ],
)
def test_lines_are_long_for_what_is_quick(store: Path, pace: float, number: int, lined_up: list[int]) -> None:
    async def lines() -> tuple[list[int], int]:
        async with EmbeddedEngine(store, digest="d", settings=settings_with(workers=2)) as engine:
            for worker in engine._pool.roster._idle:
                worker.pace = pace
            begun = [engine.begin(QueryRequest(f"ASK {{ ?s ?p {n} }}")) for n in range(number)]
            lane = engine._pool._fast
            found = sorted(len(worker.jobs) for worker in lane.crew), lane.waiting
            answers = [await each.finish() for each in begun if each and not isinstance(each, Answer)]
            assert [answer.body for answer in answers] == [answers[0].body] * number
            return found

    assert asyncio.run(lines()) == (lined_up, number - sum(lined_up))


def test_the_pace_of_a_worker_is_that_of_its_queries(store: Path) -> None:
    async def paces() -> tuple[float, float]:
        async with EmbeddedEngine(store, digest="d", settings=settings_with(workers=1)) as engine:
            for n in range(100):
                await (await engine.query(QueryRequest(f"ASK {{ ?s ?p {n} }}"))).chunks.aclose()
            quick = min(worker.pace for worker in engine._pool.roster._idle)
            rows = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . FILTER(?c != ?f) }"
            for n in range(3):
                await (await engine.query(QueryRequest(f"# {n}\n{rows}"))).chunks.aclose()
            return quick, max(worker.pace for worker in engine._pool.roster._idle)

    quick, slow = asyncio.run(paces())
    assert quick < BACKLOG / 4
    assert slow > 2 * quick
