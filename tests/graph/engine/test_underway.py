"""A query that is begun without a task is the same query to all others."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from isogloss.errors import QuerySyntaxError
from isogloss.graph.engine.base import Answer, QueryRequest, Underway
from isogloss.graph.engine.embedded import EmbeddedEngine

from .asked import EX, embedded

COUNT = QueryRequest(f"SELECT (COUNT(*) AS ?n) {{ ?s <{EX}label> ?o }}")


def begun(engine: EmbeddedEngine, request: QueryRequest) -> Underway:
    underway = engine.begin(request)
    assert underway is not None
    assert not isinstance(underway, Answer)
    return underway


async def known(underway: Underway) -> None:
    """Wait until it is known what is coming."""
    heard = asyncio.Event()
    underway.when_begun(heard.set)
    await asyncio.wait_for(heard.wait(), 20)


def test_its_answer_is_kept_and_given_to_who_asks_the_same_meanwhile(small_store: Path) -> None:
    async def scene(engine: EmbeddedEngine) -> None:
        underway = begun(engine, COUNT)
        assert engine.begin(COUNT) is None  # somebody asks that already
        other = asyncio.create_task(engine.query(COUNT))
        await known(underway)
        answer = underway.whole()
        assert answer is not None
        assert not answer.cached
        assert (await other).body == answer.body
        assert (await other).cached
        kept = engine.begin(COUNT)
        assert isinstance(kept, Answer)
        assert kept.body == answer.body

    with embedded(small_store) as asked:
        assert isinstance(asked.engine, EmbeddedEngine)
        asked.run(scene(asked.engine))


def test_when_it_is_given_up_who_waits_for_it_takes_over(small_store: Path) -> None:
    async def scene(engine: EmbeddedEngine) -> None:
        underway = begun(engine, COUNT)
        other = asyncio.create_task(engine.query(COUNT))
        await asyncio.sleep(0)
        underway.give_up()
        answer = await asyncio.wait_for(other, 20)
        assert answer.body is not None
        assert not answer.cached

    with embedded(small_store) as asked:
        assert isinstance(asked.engine, EmbeddedEngine)
        asked.run(scene(asked.engine))


@pytest.mark.parametrize("memory", [0, 16 << 20])
def test_what_goes_wrong_is_told_to_who_finishes_it(small_store: Path, memory: int) -> None:
    async def scene(engine: EmbeddedEngine) -> None:
        underway = begun(engine, QueryRequest("SELECT * { ?s ?p }"))
        await known(underway)
        assert underway.whole() is None
        with pytest.raises(QuerySyntaxError):
            await underway.finish()

    with embedded(small_store, answer_cache=memory) as asked:
        assert isinstance(asked.engine, EmbeddedEngine)
        asked.run(scene(asked.engine))


def test_a_long_answer_is_finished_in_pieces(large_store: Path) -> None:
    async def scene(engine: EmbeddedEngine) -> None:
        underway = begun(engine, QueryRequest("SELECT * { ?s ?p ?o . ?s ?q ?r }", ("text/csv",)))
        await known(underway)
        assert underway.whole() is None
        answer = await underway.finish()
        assert answer.body is None
        assert sum([len(chunk) async for chunk in answer.chunks]) > 1 << 20

    with embedded(large_store) as asked:
        assert isinstance(asked.engine, EmbeddedEngine)
        asked.run(scene(asked.engine))
