"""The memory of answers: who shares one, who does not, and that all it holds counts."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import AsyncGenerator, Awaitable, Callable
from itertools import count

import pytest

from isogloss.errors import EngineBusy, IsoglossError, QueryTimeout
from isogloss.graph.engine.base import Answer, QueryRequest
from isogloss.graph.engine.cache import AnswerMemory

ASKED = QueryRequest("SELECT * { ?s ?p ?o }")


async def _whole(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body


class Slow:
    """A query that takes a while; the nth run (from 0) ends with `ends[n]`, else with an answer."""

    def __init__(self, *ends: IsoglossError) -> None:
        self.ends, self.runs = ends, 0

    async def run(self) -> Answer:
        self.runs += 1
        number = self.runs - 1
        await asyncio.sleep(0.02)
        if number < len(self.ends):
            raise self.ends[number]
        return Answer("text/csv", _whole(b"x"), body=b"x", digest="d")


async def crowd(memory: AnswerMemory, run: Callable[[], Awaitable[Answer]]) -> list[Answer | BaseException]:
    asked = (memory.answer("d", ASKED, run) for _ in range(100))
    return await asyncio.gather(*asked, return_exceptions=True)


def test_a_hundred_at_once_are_one_run() -> None:
    slow = Slow()
    answers = asyncio.run(crowd(AnswerMemory(1_000_000), slow.run))
    assert slow.runs == 1
    assert all(isinstance(each, Answer) and each.body == b"x" for each in answers)


def test_the_first_client_may_leave_and_one_other_takes_over() -> None:
    async def leave() -> tuple[int, list[Answer]]:
        memory, slow = AnswerMemory(1_000_000), Slow()
        first, *others = [asyncio.create_task(memory.answer("d", ASKED, slow.run)) for _ in range(100)]
        await asyncio.sleep(0.005)
        first.cancel()
        return slow.runs, await asyncio.gather(*others)

    slow_runs, answers = asyncio.run(leave())
    assert slow_runs == 1
    assert len(answers) == 99


def test_leaving_costs_one_more_run_and_not_one_for_everybody() -> None:
    async def leave() -> int:
        memory, slow = AnswerMemory(1_000_000), Slow()
        waiting = [asyncio.create_task(memory.answer("d", ASKED, slow.run)) for _ in range(100)]
        for gone in waiting[:3]:
            await asyncio.sleep(0.005)
            gone.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        return slow.runs

    assert asyncio.run(leave()) <= 4


def test_a_failure_of_the_query_is_everybodys_and_is_not_kept() -> None:
    async def ask() -> tuple[list[Answer | BaseException], Answer, int]:
        memory, slow = AnswerMemory(1_000_000), Slow(QueryTimeout("too long", seconds=1))
        failed = await crowd(memory, slow.run)
        return failed, await memory.answer("d", ASKED, slow.run), slow.runs

    failed, answer, runs = asyncio.run(ask())
    assert {type(each) for each in failed} == {QueryTimeout}
    assert (answer.body, answer.cached, runs) == (b"x", False, 2)


def test_a_client_without_room_does_not_fail_the_others() -> None:
    slow = Slow(EngineBusy("your queue is full"))
    answers = asyncio.run(crowd(AnswerMemory(1_000_000), slow.run))
    assert [type(each) for each in answers].count(EngineBusy) == 1
    assert slow.runs == 2


@pytest.mark.parametrize(
    "request_of",
    [
        lambda n: QueryRequest(f"# {n} {'x' * 100_000}"),
        lambda n: QueryRequest("ASK {}", default_graphs=(f"http://x/{n}/" + "x" * 100_000,)),
        lambda n: QueryRequest("ASK {}", named_graphs=tuple(f"http://x/{n}/{m}" for m in range(1000))),
    ],
)
def test_everything_that_is_held_counts(request_of: Callable[[int], QueryRequest]) -> None:
    limit = 4_000_000

    async def fill() -> AnswerMemory:
        memory, slow = AnswerMemory(limit), Slow()
        await asyncio.gather(*(memory.answer("d", request_of(n), slow.run) for n in range(100)))
        return memory

    memory = asyncio.run(fill())
    held = sum(
        sys.getsizeof(key.text) + sum(sys.getsizeof(name) for part in key.names for name in part)
        for key in memory._entries
    )
    assert 0 < held < limit
    assert memory.size <= limit
    assert len(memory._order) == len(memory._entries)


def test_a_key_too_large_to_keep_drives_nothing_out() -> None:
    async def ask() -> int:
        memory, slow = AnswerMemory(1_000_000), Slow()
        await memory.answer("d", ASKED, slow.run)
        await memory.answer("d", QueryRequest("#" * 300_000), slow.run)
        await memory.answer("d", ASKED, slow.run)
        return slow.runs

    assert asyncio.run(ask()) == 2


def test_what_may_change_is_asked_anew_and_never_shared() -> None:
    numbers = count()

    async def run() -> Answer:
        await asyncio.sleep(0.01)
        body = str(next(numbers)).encode()
        return Answer("text/csv", _whole(body), body=body, digest="d", volatile=True)

    async def ask() -> list[bytes | None]:
        memory = AnswerMemory(1_000_000)
        asked = QueryRequest("SELECT (RaNd() AS ?x) {}")
        answers = await asyncio.gather(*(memory.answer("d", asked, run) for _ in range(5)))
        return [each.body for each in (*answers, await memory.answer("d", asked, run))]

    assert len(set(asyncio.run(ask()))) == 6
