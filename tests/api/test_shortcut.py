"""The common query takes a short way through the server, and nobody can tell by the answer."""

from __future__ import annotations

import socket
import sys
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount
from starlette.types import Receive, Scope, Send

from isogloss.api import edge
from isogloss.api.proxies import TrustedProxies
from isogloss.api.shortcut import Manner
from isogloss.api.sparql import SparqlEndpoint, SparqlFirst
from isogloss.graph.engine.embedded import EmbeddedEngine
from tests.graph.engine.asked import EX, make_store, settings_with

from .serving import started

LABELS = f"SELECT ?s ?label {{ ?s <{EX}label> ?label }} ORDER BY ?s LIMIT 3"
SLOW = f"SELECT (COUNT(*) AS ?n) {{ ?a <{EX}label> ?b . ?c <{EX}label> ?d . ?e <{EX}label> ?f }}"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
PATIENCE = 0.3


@dataclass
class Served:
    """A server with `/sparql`, and how many requests have taken the long way there."""

    client: httpx.Client
    engine: EmbeddedEngine
    stop: Callable[[], None]
    long_ways: int = 0

    def get(self, query: str = LABELS, **headers: str) -> httpx.Response:
        return self.client.get("/sparql", params={"query": query}, headers=headers)

    @property
    def is_at_work(self) -> bool:
        return any(is_running(pid) for pid in self.engine.processes)

    def wire(self) -> socket.socket:
        url = self.client.base_url
        return socket.create_connection((url.host, url.port or 80), timeout=20)


@contextmanager
def served(
    store: Path, *, memory: int = 0, trusted: tuple[str, ...] = (), keep_alive: float = 5.0
) -> Iterator[Served]:
    engine = EmbeddedEngine(store, digest="d", settings=settings_with(workers=1, answer_cache=memory))
    endpoint = SparqlEndpoint(engine, memory=memory)

    async def counted(scope: Scope, receive: Receive, send: Send) -> None:
        found.long_ways += 1
        await endpoint(scope, receive, send)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with engine:
            yield

    rest = Starlette(routes=[Mount("/", PlainTextResponse("else"))], lifespan=lifespan)
    first = SparqlFirst(rest, counted, endpoint.shortcut)
    proxies = TrustedProxies(first, trusted)

    class Behind:
        async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
            await proxies(scope, receive, send)

        def shortcut(self, scope: Scope) -> Manner | None:
            return first.shortcut(proxies.seen(scope))

    with (
        started(Behind(), keep_alive=keep_alive) as (address, stop),
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        found = Served(client, engine, stop)
        yield found


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("shortcut") / "store")


@pytest.fixture(scope="module")
def plain(store: Path) -> Iterator[Served]:
    with served(store) as found:
        yield found


def is_running(pid: int) -> bool:
    with suppress(OSError):
        threads = [each.read_text(encoding="ascii") for each in Path(f"/proc/{pid}/task").glob("*/stat")]
        return any(told.rpartition(")")[2].split()[0] == "R" for told in threads)
    return False


def wait_until(found: Callable[[], bool]) -> None:
    """Until something has been found three times in a row."""
    in_a_row = 0
    for _ in range(600):
        in_a_row = in_a_row + 1 if found() else 0
        if in_a_row == 3:
            return
        time.sleep(0.05)
    raise AssertionError("it did not come to that within some time")


def request(query: str, version: str = "1.1", *fields: str) -> bytes:
    head = (f"GET /sparql?query={quote(query, safe='')} HTTP/{version}", "Host: x", *fields, "", "")
    return "\r\n".join(head).encode()


def more(wire: socket.socket) -> bytes:
    part = wire.recv(65536)
    assert part, "the server has hung up"
    return part


def answers(wire: socket.socket, number: int) -> list[str]:
    """The contents of so many answers of known length."""
    found: list[str] = []
    held = b""
    for _ in range(number):
        while b"\r\n\r\n" not in held:
            held += more(wire)
        head, _, held = held.partition(b"\r\n\r\n")
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
        while len(held) < length:
            held += more(wire)
        found.append(held[:length].decode())
        held = held[length:]
    return found


def test_a_plain_query_takes_it_and_its_answer_is_that_of_the_long_way(plain: Served) -> None:
    before = plain.long_ways
    short = plain.get()
    assert plain.long_ways == before  # else uvicorn starts requests in another way than it did
    long = plain.get(**{"If-None-Match": '"another"'})
    assert plain.long_ways == before + 1
    assert short.content == long.content
    passing = {"date", "server-timing"}
    assert [each for each in short.headers.items() if each[0] not in passing] == [
        each for each in long.headers.items() if each[0] not in passing
    ]
    assert plain.get(**{"If-None-Match": short.headers["etag"]}).status_code == 304


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_its_answers_leave_packed(plain: Served, coding: str) -> None:
    before = plain.long_ways
    packed = plain.get(LABELS.replace("3", "300"), **{"Accept-Encoding": coding})
    assert packed.headers["content-encoding"] == coding
    assert len(packed.json()["results"]["bindings"]) == 300
    assert plain.long_ways == before


def test_what_is_not_plain_takes_the_long_way(plain: Served) -> None:
    before = plain.long_ways
    assert plain.get("SELECT * { ?s ?p }").status_code == 400
    assert plain.get("SELECT * { SERVICE <http://example.org/> {} }").status_code == 403
    assert plain.get(**{"Accept": "image/png"}).status_code == 406
    assert plain.client.get("/sparql", params={"nothing": "x"}).status_code == 400
    assert plain.client.head("/sparql", params={"query": LABELS}).content == b""
    assert plain.client.post("/sparql", data={"query": LABELS}).status_code == 200
    assert plain.long_ways == before + 6
    assert plain.client.get("/else").text == "else"


def test_a_long_answer_goes_on_on_the_long_way(tmp_path: Path) -> None:
    with served(make_store(tmp_path / "store", 20_000)) as found:
        rows = found.get("SELECT * { ?s ?p ?o }", Accept="text/csv").text.splitlines()
        assert len(rows) == 40_001
        assert found.long_ways == 1


@pytest.mark.skipif(sys.platform != "linux", reason="Linux tells who is at work")
@pytest.mark.parametrize("behind", ["nothing", "another"])
def test_who_hangs_up_frees_the_worker(plain: Served, behind: str) -> None:
    with plain.wire() as wire:
        wire.sendall(request(RUNAWAY) + (request(LABELS) if behind == "another" else b""))
        wait_until(lambda: plain.is_at_work)
    wait_until(lambda: not plain.is_at_work)


def test_what_is_sent_at_once_is_answered_in_turn(plain: Served) -> None:
    texts = [SLOW.replace("COUNT(*)", "MIN(?b)").replace("?e ", "?a "), LABELS, "ASK {}"]
    expected = [plain.get(text).text for text in texts]
    with plain.wire() as wire:
        wire.sendall(b"".join(map(request, texts)) * 3)
        assert answers(wire, 9) == expected * 3


@pytest.mark.parametrize(("version", "field"), [("1.0", "X: y"), ("1.1", "Connection: close")])
def test_a_connection_ends_with_its_answer_where_the_client_wants_that(
    plain: Served, version: str, field: str
) -> None:
    before = plain.long_ways
    with plain.wire() as wire:
        wire.sendall(request("ASK {}", version, field))
        told = b"".join(iter(lambda: wire.recv(65536), b""))
    assert b"\r\nconnection: close\r\n" in told
    assert told.endswith(b'{"head":{},"boolean":true}')
    assert plain.long_ways == before


def test_answers_that_are_kept_leave_for_as_long_as_they_are_asked_for(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What is answered before its request is read to the end must not be taken for a slow head."""
    monkeypatch.setattr(edge, "HEAD_SECONDS", PATIENCE)
    with served(store, memory=16 << 20) as found, found.wire() as wire:
        for _ in range(40):
            wire.sendall(request(LABELS))
            assert len(answers(wire, 1)[0]) > 200
            wire.settimeout(PATIENCE / 20)
            with pytest.raises(TimeoutError):
                wire.recv(1)
            wire.settimeout(20)
        assert found.long_ways == 0
        assert found.engine.memory.misses == 1


def test_what_goes_wrong_behind_a_proxy_holds_nobody_up(store: Path) -> None:
    with served(store, memory=16 << 20, trusted=("127.0.0.1",)) as found:
        for _ in range(3):
            assert found.get("SELECT * { ?s ?p }", **{"X-Forwarded-For": "192.0.2.7"}).status_code == 400


def test_the_client_is_the_one_that_a_trusted_proxy_names(store: Path) -> None:
    with served(store, trusted=("127.0.0.1",)) as found:
        assert found.get(**{"X-Forwarded-For": "192.0.2.7"}).status_code == 200
        assert found.long_ways == 0
        assert found.get(**{"X-Forwarded-Prefix": "/under"}).status_code == 200
