"""What nobody may do to others where an outside engine answers, and what it may not pass for an answer."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from isogloss.errors import EngineBusy, EngineError, QuerySyntaxError, QueryTooLarge
from isogloss.graph.engine import guard
from isogloss.graph.engine.base import QueryRequest
from isogloss.graph.engine.remote import RemoteEngine

from .asked import answered, settings_with

SILENT = "SELECT ?silent { ?s ?p ?o }"
QUICK = "SELECT ?s { ?s ?p ?o }"
CONNECTIONS = 8  # of an engine for one worker


class _Endpoint(BaseHTTPRequestHandler):
    """Says nothing to some queries until the client hangs up, and to others not what was asked for."""

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        if "silent" in asked:
            with suppress(OSError):
                self.connection.recv(1)
            return
        kind = "text/html" if "page" in asked else "application/sparql-results+json"
        self.send_response(400 if "wrong" in asked else 200)
        self.send_header("Content-Type", kind)
        self.end_headers()
        told = b"error at 1:8: it's wrong\nand more" if "wrong" in asked else b'{"head":{},"boolean":false}'
        self.wfile.write(told)

    def log_message(self, format: str, *args: object) -> None:
        """Tests have nothing to log."""


class _Server(ThreadingHTTPServer):
    daemon_threads = False  # so that closing it waits for whoever is still served
    request_queue_size = 64


@pytest.fixture
def address() -> Iterator[str]:
    with _Server(("127.0.0.1", 0), _Endpoint) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/sparql"
        finally:
            server.shutdown()
            thread.join()


def engine_at(address: str) -> RemoteEngine:
    return RemoteEngine(address, settings=settings_with(workers=1, query_timeout=60))


async def ask_in_silence(engine: RemoteEngine, client: str, times: int) -> list[asyncio.Task[object]]:
    request = QueryRequest(SILENT, client=client)
    waiting: list[asyncio.Task[object]] = [asyncio.create_task(engine.query(request)) for _ in range(times)]
    await asyncio.sleep(0.1)
    return waiting


async def leave(waiting: list[asyncio.Task[object]]) -> None:
    for task in waiting:
        task.cancel()
    await asyncio.gather(*waiting, return_exceptions=True)


def test_who_leaves_before_the_engine_has_answered_holds_nobody_up(address: str) -> None:
    async def scene() -> None:
        async with engine_at(address) as engine:
            for number in range(2 * CONNECTIONS):
                await leave(await ask_in_silence(engine, str(number), 1))
            async with asyncio.timeout(20):
                await answered(engine, QUICK)

    asyncio.run(scene())


def test_one_client_leaves_half_of_the_connections_to_others(address: str) -> None:
    async def scene() -> None:
        async with engine_at(address) as engine:
            greedy = await ask_in_silence(engine, "greedy", 2 * CONNECTIONS)
            async with asyncio.timeout(20):
                await answered(engine, QUICK, client="modest")
            await leave(greedy)

    asyncio.run(scene())


def test_who_has_too_much_waiting_is_told_at_once(address: str) -> None:
    async def scene() -> None:
        async with engine_at(address) as engine:
            greedy = await ask_in_silence(engine, "greedy", 100)
            busy = [task for task in greedy if task.done()]
            assert busy
            assert all(isinstance(task.exception(), EngineBusy) for task in busy)
            await leave(greedy)

    asyncio.run(scene())


def test_long_queries_are_read_one_at_a_time_and_hold_no_short_one_up(
    address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    examine, going_on = guard.examine, threading.Event()
    reading: list[str] = []

    def slow(text: str, *rest: Any) -> guard.Verdict:
        if len(text) > 10_000:
            reading.append(text)
            going_on.wait(20)
        return examine(text, *rest)

    async def scene() -> None:
        async with engine_at(address) as engine:
            long = [asyncio.create_task(answered(engine, QUICK + "#" + "x" * 20_000)) for _ in range(4)]
            async with asyncio.timeout(20):
                for _ in range(1000):
                    if reading:
                        break
                    await asyncio.sleep(0.01)
                await answered(engine, QUICK)
            assert len(reading) == 1
            going_on.set()
            await asyncio.gather(*long)

    monkeypatch.setattr(guard, "examine", slow)
    asyncio.run(scene())


def test_a_query_that_would_take_long_to_read_is_too_large(address: str) -> None:
    async def scene() -> None:
        async with engine_at(address) as engine:
            with pytest.raises(QueryTooLarge) as caught:
                await answered(engine, QUICK + "#" + "x" * 1_000_000)
        assert caught.value.cap == "query_length"

    asyncio.run(scene())


def test_a_page_for_people_is_no_answer(address: str) -> None:
    async def scene() -> None:
        async with engine_at(address) as engine:
            with pytest.raises(EngineError, match="text/html"):
                await answered(engine, "SELECT ?page { ?s ?p ?o }")

    asyncio.run(scene())


def test_what_the_engine_says_of_a_mistake_is_told_without_quotes(address: str) -> None:
    async def scene() -> None:
        async with engine_at(address) as engine:
            with pytest.raises(QuerySyntaxError) as caught:
                await answered(engine, "SELECT ?wrong { ?s ?p ?o }")
        assert str(caught.value).endswith("it's wrong")
        assert (caught.value.line, caught.value.column, caught.value.token) == (1, 8, "?wrong")

    asyncio.run(scene())
