"""Queries that never end: others find a worker at once, and every client has its share."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from isogloss.errors import EngineBusy, QueryTimeout
from isogloss.graph.engine.apart import STOPS
from isogloss.graph.engine.base import Answer, QueryRequest
from isogloss.graph.engine.embedded import EmbeddedEngine
from isogloss.graph.engine.exchange import APART, Exchange
from isogloss.graph.engine.process import Worker

from .asked import EX, Asked, answered, embedded

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
WHILE = (
    f"SELECT (COUNT(*) AS ?n) {{ ?a <{EX}label> ?b . ?c <{EX}label> ?d FILTER(STRLEN(CONCAT(?b, ?d)) > 3) }}"
)
LARGE = "SELECT * { ?s ?p ?o } LIMIT 60000"
LONG = 60.0  # seconds that runaways would take, far beyond any test's patience
SOON = 20.0  # seconds in which all else is answered even on a busy machine


@asynccontextmanager
async def runaways(asked: Asked, *clients: str) -> AsyncIterator[list[asyncio.Task[object]]]:
    """A runaway of each client, until the block is left."""
    tasks: list[asyncio.Task[object]] = [
        asyncio.create_task(answered(asked.engine, f"# {n}\n{RUNAWAY}", timeout=LONG, client=client))
        for n, client in enumerate(clients)
    ]
    try:
        await asyncio.sleep(0)
        yield tasks
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def look_up(asked: Asked, number: int, client: str) -> None:
    async with asyncio.timeout(SOON):
        _, body = await answered(
            asked.engine, f"SELECT ?l {{ <{EX}thing/{number}> <{EX}label> ?l }}", "text/csv", client=client
        )
    assert body == f"l\r\nthing {number}\r\n".encode()


def test_who_is_known_passes_a_crowd_of_strangers(large_store: Path) -> None:
    async def scene(asked: Asked) -> bool:
        await look_up(asked, 0, "known")
        async with runaways(asked, *(f"stranger {n}" for n in range(30))) as crowd:
            for number in range(1, 20):
                await look_up(asked, number, "known")
            return not any(task.done() for task in crowd)

    with embedded(large_store, workers=1) as engine:
        assert engine.run(scene(engine))


def test_what_a_query_has_waited_until_it_had_to_make_room_counts_when_it_starts_anew() -> None:
    async def scene() -> float:
        first = Exchange("", b"", "", LONG)
        second = first.again(first.since + 12.0)
        third = second.again(second.since + 20.0)  # the twelve of the first among them
        return asyncio.get_running_loop().time() - third.since

    assert asyncio.run(scene()) >= 20.0


def test_a_newcomer_is_served_though_all_places_are_taken(large_store: Path) -> None:
    async def scene(asked: Asked) -> None:
        async with runaways(asked, *(f"stranger {n}" for n in range(10))):
            await asyncio.sleep(0.5)
            await look_up(asked, 7, "newcomer")

    with embedded(large_store, workers=1) as engine:
        engine.run(scene(engine))


def test_what_takes_long_is_answered_beside_one_clients_runaways(small_store: Path) -> None:
    async def scene(asked: Asked) -> bytes:
        async with runaways(asked, *["greedy"] * 10) as crowd:
            await asyncio.sleep(0.5)
            async with asyncio.timeout(SOON * 2):
                _, body = await answered(asked.engine, WHILE, "text/csv", timeout=LONG, client="patient")
            assert not any(task.done() for task in crowd)
            return body

    with embedded(small_store, workers=1) as engine:
        assert engine.run(scene(engine)) == b"n\r\n90000\r\n"


def test_one_clients_long_queries_may_take_all_places_and_leave_some_to_the_next(
    small_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And what had to leave is begun anew only so often, however many come."""
    begun: Counter[str] = Counter()
    serve = Worker.serve

    def counted(worker: Worker, exchange: Exchange) -> None:
        begun[exchange.text] += 1
        serve(worker, exchange)

    async def ask(asked: Asked, client: str, number: int) -> bytes:
        _, body = await answered(
            asked.engine, f"# {client} {number}\n{WHILE}", "text/csv", timeout=LONG, client=client
        )
        return body

    async def scene(asked: Asked) -> list[bytes]:
        greedy = [asyncio.create_task(ask(asked, "greedy", number)) for number in range(4)]
        await asyncio.sleep(0.3)
        async with asyncio.timeout(LONG):
            others = [asyncio.create_task(ask(asked, f"client {number}", 0)) for number in range(6)]
            return await asyncio.gather(*greedy, *others)

    monkeypatch.setattr(Worker, "serve", counted)
    with embedded(small_store, workers=1) as engine:
        assert set(engine.run(scene(engine))) == {b"n\r\n90000\r\n"}
    assert max(begun.values()) <= 1 + APART + STOPS


@pytest.mark.skipif(sys.platform != "linux", reason="processes are halted with signals")
def test_a_lookup_whose_process_is_kept_from_running_does_not_wait_behind_long_queries(
    large_store: Path,
) -> None:
    """A lookup may have to wait for the processor on a crowded machine; that makes it no long query."""

    async def scene(asked: Asked) -> None:
        assert isinstance(asked.engine, EmbeddedEngine)
        await look_up(asked, 0, "known")
        async with runaways(asked, *(f"stranger {n}" for n in range(4))) as crowd:
            await asyncio.sleep(1)  # the places for long queries are taken
            halted = asked.engine.processes
            for pid in halted:
                os.kill(pid, signal.SIGSTOP)
            looking = [asyncio.create_task(look_up(asked, n, "known")) for n in range(1, 4)]
            await asyncio.sleep(1)
            for pid in halted:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGCONT)
            await asyncio.gather(*looking)
            assert not any(task.done() for task in crowd)

    with embedded(large_store, workers=1) as engine:
        engine.run(scene(engine))


def test_what_is_under_way_when_the_service_ends_may_be_asked_again(large_store: Path) -> None:
    async def scene(asked: Asked) -> list[object]:
        asking = [
            asyncio.create_task(answered(asked.engine, f"# {n}\n{RUNAWAY}", timeout=LONG, client=f"{n}"))
            for n in range(8)
        ]
        await asyncio.sleep(0.3)
        await asked.engine.close()
        return list(await asyncio.gather(*asking, return_exceptions=True))

    with embedded(large_store, workers=1) as engine:
        ended = engine.run(scene(engine))
    assert [type(each) for each in ended] == [EngineBusy] * 8


def test_the_number_of_processes_is_bounded(large_store: Path) -> None:
    async def scene(asked: Asked) -> list[int]:
        assert isinstance(asked.engine, EmbeddedEngine)
        counts: list[int] = []
        async with runaways(asked, *(f"stranger {n}" for n in range(40))):
            for _ in range(100):
                counts.append(len(asked.engine.processes))
                await asyncio.sleep(0.02)
        return counts

    with embedded(large_store, workers=1) as engine:
        counts = engine.run(scene(engine))
    fast, slow, spare = 3, 2, 3
    assert max(counts) <= fast + slow + spare


def test_a_query_that_made_room_and_started_anew_still_has_its_deadline(large_store: Path) -> None:
    async def scene(asked: Asked) -> list[BaseException | object]:
        work = [
            answered(asked.engine, f"# {n}\n{RUNAWAY}", timeout=0.6, client=f"stranger {n}") for n in range(6)
        ]
        return list(await asyncio.gather(*work, return_exceptions=True))

    with embedded(large_store, workers=1) as engine:
        ended = engine.run(scene(engine))
    assert [type(each) for each in ended] == [QueryTimeout] * 6


def test_nobody_holds_up_others_by_fetching_slowly(large_store: Path) -> None:
    """A client asks for much and takes nothing: it keeps its share of the places, and the rest is cut off."""

    async def fetch(answer: Answer) -> int:
        return sum([chunk.count(b"\r\n") async for chunk in answer.chunks])

    async def scene(asked: Asked) -> list[int | BaseException]:
        await look_up(asked, 0, "known")
        requests = [
            QueryRequest(f"# {n}\n{LARGE}", ("text/csv",), client="greedy", timeout=LONG) for n in range(6)
        ]
        opening = [asyncio.create_task(asked.engine.query(request)) for request in requests]
        for number in range(20):
            await look_up(asked, number, "known")
            await asyncio.sleep(0.02)
        answers = await asyncio.gather(*opening, return_exceptions=True)
        fetched = await asyncio.gather(
            *(fetch(answer) for answer in answers if isinstance(answer, Answer)), return_exceptions=True
        )
        return [*fetched, *(answer for answer in answers if isinstance(answer, BaseException))]

    with embedded(large_store, workers=1) as engine:
        ended = engine.run(scene(engine))
    assert len(ended) == 6
    assert ended.count(60_001) >= 2
    assert all(each == 60_001 or isinstance(each, EngineBusy) for each in ended)


@pytest.mark.skipif(sys.platform != "linux", reason="priorities of threads are read through /proc")
def test_every_thread_of_what_takes_long_yields(large_store: Path) -> None:
    async def scene(asked: Asked) -> list[int]:
        assert isinstance(asked.engine, EmbeddedEngine)
        async with runaways(asked, "one", "two"):
            for _ in range(400):
                await look_up(asked, 1, "known")
                for pid in asked.engine.processes:
                    found = niceness(pid)
                    if found and max(found) > 0:
                        return found
                await asyncio.sleep(0.02)
        raise AssertionError("nothing yielded")

    with embedded(large_store) as engine:
        found = engine.run(scene(engine))
    assert min(found) > 0


def niceness(pid: int) -> list[int]:
    try:
        return [os.getpriority(os.PRIO_PROCESS, int(task)) for task in os.listdir(f"/proc/{pid}/task")]
    except OSError:
        return []


def test_answers_under_way_are_not_cut_off_while_nobody_needs_their_processes(large_store: Path) -> None:
    async def fetch(asked: Asked, number: int) -> int:
        answer = await asked.engine.query(
            QueryRequest(f"# {number}\n{LARGE}", ("text/csv",), client="greedy", timeout=LONG)
        )
        await asyncio.sleep(2)
        return sum([chunk.count(b"\r\n") async for chunk in answer.chunks])

    async def scene(asked: Asked) -> list[int]:
        return await asyncio.gather(*(fetch(asked, number) for number in range(8)))

    with embedded(large_store, workers=1) as engine:
        assert engine.run(scene(engine)) == [60_001] * 8
