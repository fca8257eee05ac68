"""Large answers are kept too: packed on their way out, unpacked when they are asked for again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.errors import EngineError, QueryTooLarge
from isogloss.graph.engine.base import Answer, QueryRequest
from isogloss.graph.engine.cache import AnswerMemory
from isogloss.graph.engine.packed import PIECE, Packer, unpacked

from .asked import Asked, embedded, make_store

LARGE = "SELECT ?s ?o { ?s ?p ?o }"


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("packed") / "store", 20_000)


@pytest.fixture
def engine(store: Path) -> Iterator[Asked]:
    with embedded(store, workers=1) as asked:
        yield asked


@given(st.lists(st.binary(max_size=5000)))
def test_what_is_packed_comes_out_again(chunks: list[bytes]) -> None:
    packer = Packer(1_000_000)
    for chunk in chunks:
        packer.feed(chunk)
    packed = packer.finish()
    assert packed is not None
    assert b"".join(unpacked(packed)) == b"".join(chunks)


def test_what_takes_too_much_is_let_go() -> None:
    packer = Packer(100)
    for number in range(100_000):
        packer.feed(str(number * 7919).encode())
    assert packer.finish() is None


def test_it_comes_out_in_pieces() -> None:
    packer = Packer(1_000_000)
    packer.feed(bytes(10 * PIECE))
    assert max(map(len, unpacked(packer.finish() or b""))) <= PIECE


def test_a_large_answer_is_kept_and_is_the_same(engine: Asked) -> None:
    first, body = engine.ask(LARGE, "text/csv")
    again, kept = engine.ask(LARGE, "text/csv")
    assert (first.body, first.cached, again.cached) == (None, False, True)
    assert again.media_type == "text/csv"
    assert kept == body
    assert body.count(b"\n") == 40_001


def test_an_answer_that_nobody_took_to_its_end_is_not_kept(engine: Asked) -> None:
    async def leave() -> None:
        answer = await engine.engine.query(QueryRequest(LARGE, ("text/csv",)))
        await anext(answer.chunks)
        await answer.chunks.aclose()

    engine.run(leave())
    assert not engine.ask(LARGE, "text/csv")[0].cached


def test_an_answer_that_was_cut_off_is_not_kept(store: Path) -> None:
    with embedded(store, workers=1, result_bytes=1_500_000) as engine:
        for _ in range(2):
            with pytest.raises(QueryTooLarge):
                engine.ask(LARGE, "application/sparql-results+xml")


def test_one_that_fails_on_the_way_is_not_kept() -> None:
    async def chunks() -> AsyncGenerator[bytes, None]:
        yield b"something"
        raise EngineError("The engine went away.")

    async def run() -> Answer:
        return Answer("text/csv", chunks(), digest="d")

    async def ask_twice() -> None:
        memory = AnswerMemory(1_000_000)
        for _ in range(2):
            answer = await memory.answer("d", QueryRequest("q"), run)
            assert not answer.cached
            with pytest.raises(EngineError):
                [chunk async for chunk in answer.chunks]
        assert memory.size == 0

    asyncio.run(ask_twice())
