"""SERVICE where an operator allows it: to the list, by way of the gateway, and not an inch further."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from isogloss.errors import EngineError, QueryError, QueryRefused
from isogloss.graph.engine import federation, guard
from isogloss.graph.engine.embedded import EmbeddedEngine
from isogloss.graph.engine.gateway import Gateway

from .asked import EX, embedded

RESULT = b'{"head":{"vars":["x"]},"results":{"bindings":[{"x":{"type":"literal","value":"from afar"}}]}}'


class Endpoint(ThreadingHTTPServer):
    """A foreign endpoint that answers every query with one row, or sends the asker elsewhere."""

    daemon_threads = True
    redirect = ""
    calls = 0
    goes_on: threading.Event  # cleared: whoever asks has to wait


class _Handler(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        endpoint = self.server
        assert isinstance(endpoint, Endpoint)
        endpoint.calls += 1
        endpoint.goes_on.wait(20)
        self.rfile.read(int(self.headers["Content-Length"]))
        if endpoint.redirect:
            self.send_response(307)
            self.send_header("Location", endpoint.redirect)
            self.send_header("Content-Length", "0")
            self.end_headers()
            return
        self.send_response(200)
        self.send_header("Content-Type", "application/sparql-results+json")
        self.send_header("Content-Length", str(len(RESULT)))
        self.end_headers()
        self.wfile.write(RESULT)

    do_GET = do_POST  # noqa: N815 - http.server's name

    def log_message(self, format: str, *args: object) -> None:
        """Tests have nothing to log."""


@contextmanager
def foreign() -> Iterator[tuple[Endpoint, str]]:
    server = Endpoint(("127.0.0.1", 0), _Handler)
    server.goes_on = threading.Event()
    server.goes_on.set()
    thread = threading.Thread(target=server.serve_forever, args=(0.02,))
    thread.start()
    try:
        yield server, f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_an_allowed_endpoint_is_asked(small_store: Path) -> None:
    with foreign() as (server, address), embedded(small_store, service_allow=(address + "/open/",)) as engine:
        text = (
            f"SELECT ?x ?l {{ SERVICE <{address}/open/sparql> {{ ?a ?b ?x }} <{EX}thing/1> <{EX}label> ?l }}"
        )
        assert "from afar,thing 1" in engine.body(text, "text/csv")
        assert server.calls == 1
        assert "true" in engine.body("ASK {}")
        with pytest.raises(QueryRefused):
            engine.ask(f"SELECT * {{ SERVICE <{address}/closed> {{ ?a ?b ?x }} }}")
        with pytest.raises(QueryRefused):
            engine.ask("SELECT * { SERVICE ?anything { ?a ?b ?x } }")
        assert server.calls == 1


def test_the_server_itself_reads_no_long_query(small_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[tuple[int, bool]] = []
    examine = guard.examine

    def seen(text: str, allowed: tuple[str, ...]) -> guard.Verdict:
        read.append((len(text), threading.current_thread() is threading.main_thread()))
        return examine(text, allowed)

    monkeypatch.setattr(guard, "examine", seen)
    with foreign() as (server, address), embedded(small_store, service_allow=(address,)) as engine:
        call = f"SELECT ?x {{ SERVICE <{address}/sparql> {{ ?a ?b ?x }} }} #"
        assert "from afar" in engine.body(call, "text/csv")
        assert "from afar" in engine.body(call + "x" * 10_000, "text/csv")
        with pytest.raises(QueryRefused, match="65,536 characters") as caught:
            engine.ask(call + "x" * 100_000)
        assert (caught.value.column, caught.value.token) == (13, "SERVICE")
        assert "true" in engine.body("ASK { FILTER('at your service' != '" + "x" * 100_000 + "') }")
        assert server.calls == 2
    assert [(size > federation.LONG, in_loop) for size, in_loop in read] == [(False, True), (True, False)]


def test_a_large_answer_with_values_from_afar_is_not_gathered(small_store: Path) -> None:
    with foreign() as (server, address), embedded(small_store, service_allow=(address,)) as engine:
        text = f"SELECT * {{ SERVICE <{address}/sparql> {{ ?y ?z ?x }} ?a ?b ?c . ?d ?e ?f }} LIMIT 100000"
        answer, body = engine.ask(text, "text/csv")
        assert answer.body is None
        assert answer.volatile
        assert body.count(b"from afar") == 100_000
        assert server.calls == 1
        del answer
        assert isinstance(engine.engine, EmbeddedEngine)
        assert engine.engine._federation is not None
        assert engine.engine._federation.gateway._targets == {}


def test_an_endpoint_that_fails_is_told_by_its_own_name(small_store: Path) -> None:
    with foreign() as (server, address), embedded(small_store, service_allow=(address,)) as engine:
        server.redirect = address + "/sparql"
        with pytest.raises(EngineError, match=f"<?{address}/sparql") as told:
            engine.ask(f"SELECT * {{ SERVICE <{address}/sparql> {{ ?a ?b ?x }} }}")
        assert isinstance(engine.engine, EmbeddedEngine)
        assert engine.engine._federation is not None
        assert str(engine.engine._federation.gateway.port) not in str(told.value)


def test_a_redirect_off_the_list_is_not_followed(small_store: Path) -> None:
    with foreign() as (inside, allowed), foreign() as (outside, forbidden):
        inside.redirect = forbidden + "/sparql"
        with embedded(small_store, service_allow=(allowed,)) as engine:
            with pytest.raises((EngineError, QueryError)):
                engine.ask(f"SELECT * {{ SERVICE <{allowed}/sparql> {{ ?a ?b ?x }} }}")
            engine.ask(f"SELECT * {{ SERVICE SILENT <{allowed}/sparql> {{ ?a ?b ?x }} }}")
        assert inside.calls == 2
        assert outside.calls == 0


def test_a_redirect_on_the_list_is_followed(small_store: Path) -> None:
    with foreign() as (first, start), foreign() as (second, end):
        first.redirect = end + "/sparql"
        with embedded(small_store, service_allow=(start, end)) as engine:
            text = f"SELECT ?x {{ SERVICE <{start}/sparql> {{ ?a ?b ?x }} }}"
            assert "from afar" in engine.body(text, "text/csv")
        assert second.calls == 1


def test_endpoints_that_keep_many_waiting_hold_up_nothing_but_themselves() -> None:
    """The server does its own slow work in asyncio's threads, of which there are few."""

    async def call(port: int, path: str) -> bytes:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"POST /{path} HTTP/1.1\r\nContent-Length: 0\r\n\r\n".encode())
        told = await reader.read()
        writer.close()
        return told

    async def scene(endpoint: Endpoint, target: str) -> None:
        gateway = Gateway((target,), 20.0)
        await gateway.start()
        with gateway.ways_to((target,)) as ways:
            path = ways[target].rpartition("/")[2]
            calls = [asyncio.create_task(call(gateway.port, path)) for _ in range(40)]  # more than threads
            for _ in range(500):
                if endpoint.calls:
                    break
                await asyncio.sleep(0.01)
            try:
                async with asyncio.timeout(10):
                    assert await asyncio.to_thread(lambda: "done") == "done"
            finally:
                endpoint.goes_on.set()
            assert all(RESULT in told for told in await asyncio.gather(*calls))
        await gateway.close()

    with foreign() as (endpoint, target):
        endpoint.goes_on.clear()
        asyncio.run(scene(endpoint, target))
