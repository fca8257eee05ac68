"""Clients of HTTP/1.0 get answers whole, with a length, since they know no chunks."""

from __future__ import annotations

import json
import socket
import time
from collections.abc import AsyncIterator, Iterator
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import quote, urlsplit

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from isogloss.api import gathering
from isogloss.api.app import create_app
from isogloss.api.gathering import WholeForOld
from isogloss.graph.engine.embedded import EmbeddedEngine
from tests.graph.engine.asked import make_store, settings_with

from .serving import serving

ROWS = "SELECT * { ?s ?p ?o }"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    store = make_store(tmp_path_factory.mktemp("gathering") / "store", 30_000)
    settings = settings_with(answer_cache=0, result_rows=0)
    engine = EmbeddedEngine(store, digest="first", settings=settings)
    with serving(create_app(settings, engine, None)) as found:
        yield found


def ask(
    address: str, target: str, *, method: str = "GET", version: str = "1.0"
) -> tuple[HTTPResponse, bytes]:
    """What comes until the server closes, read as HTTP/1.0 is read; httpx speaks nothing so old."""
    place = urlsplit(address)
    with socket.create_connection((str(place.hostname), int(place.port or 80)), timeout=30) as wire:
        wire.sendall(f"{method} {target} HTTP/{version}\r\nHost: x\r\nConnection: close\r\n\r\n".encode())
        response = HTTPResponse(wire, method=method)
        response.begin()
        return response, response.read()


def rows(query: str = ROWS) -> str:
    return f"/sparql?query={quote(query, safe='')}&format=csv"


def test_a_long_answer_has_a_length_and_no_chunks(address: str) -> None:
    old, whole = ask(address, rows())
    new = httpx.get(address + rows())
    assert new.headers["transfer-encoding"] == "chunked", "or this tests nothing"
    assert old.status == 200
    assert old.getheader("transfer-encoding") is None
    assert int(old.getheader("content-length", "0")) == len(whole) > 1024 * 1024
    assert whole == new.content
    assert old.getheader("content-type") == new.headers["content-type"]


def test_a_short_answer_is_what_it_is_over_http_1_1(address: str) -> None:
    assert ask(address, rows(ROWS + " LIMIT 3"))[1] == httpx.get(address + rows(ROWS + " LIMIT 3")).content


def test_head_claims_no_length_that_is_not_there(address: str) -> None:
    response, body = ask(address, rows(), method="HEAD")
    assert response.status == 200
    assert response.getheader("content-length") != "0"
    assert body == b""


@pytest.mark.parametrize("bound", ["LARGEST", "IN_ALL"])
def test_what_is_too_long_to_be_held_is_sent_back_to_a_newer_version(
    address: str, bound: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(gathering, bound, 100_000)
        for _ in range(5):  # more than there are workers: each query is stopped
            response, body = ask(address, rows())
            assert response.status == 426
            assert response.getheader("upgrade") == "HTTP/1.1"
            assert response.getheader("access-control-allow-origin") == "*"
            assert json.loads(body)["type"].endswith("#http-version")
    assert ask(address, rows())[0].status == 200, "what was held is not given back"


def test_an_answer_that_fails_on_the_way_is_told_as_what_it_is(tmp_path: Path) -> None:
    store = make_store(tmp_path / "store", 30_000)
    settings = settings_with(answer_cache=0, result_rows=50_000)
    engine = EmbeddedEngine(store, digest="first", settings=settings)
    with serving(create_app(settings, engine, None)) as address:
        with pytest.raises(httpx.RemoteProtocolError):
            httpx.get(address + rows())
        response, body = ask(address, rows())
        assert response.status == 413
        assert json.loads(body)["cap"] == "result_rows"


def test_what_is_held_is_counted_until_it_is_sent() -> None:
    seen: list[int] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(3):
            await send({"type": "http.response.body", "body": b"12345", "more_body": True})
            seen.append(door.held)
        if scope["path"] == "/fails":
            raise RuntimeError("the engine has gone")
        await send({"type": "http.response.body"})

    door = WholeForOld(app)
    with serving(door) as address:
        response, body = ask(address, "/")
        assert (response.getheader("content-length"), body) == ("15", b"12345" * 3)
        assert seen == [5, 10, 15]
        assert ask(address, "/fails")[0].status == 500
    assert door.held == 0


def test_a_page_that_is_sent_as_it_is_read_is_stopped_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gathering, "LARGEST", 10)
    stopped: list[bool] = []

    async def pieces() -> AsyncIterator[bytes]:
        try:
            for _ in range(1000):
                yield b"12345"
        finally:
            stopped.append(True)

    async def page(_: Request) -> StreamingResponse:
        return StreamingResponse(pieces())

    with serving(WholeForOld(Starlette(routes=[Route("/", page)]))) as address:
        assert ask(address, "/")[0].status == 426
        assert ask(address, "/", version="1.1")[0].status == 200
    assert stopped == [True, True]


def test_what_a_client_does_not_take_counts_as_held() -> None:
    """Else each of them could have an answer kept for it in the server's memory."""

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        for _ in range(15):
            await send({"type": "http.response.body", "body": bytes(1024 * 1024), "more_body": True})
        await send({"type": "http.response.body"})

    door = WholeForOld(app)
    with serving(door) as address:
        place = urlsplit(address)
        with socket.create_connection((str(place.hostname), int(place.port or 80)), timeout=30) as wire:
            wire.sendall(b"GET / HTTP/1.0\r\n\r\n")
            time.sleep(1.0)
            assert door.held == 15 * 1024 * 1024
            response = HTTPResponse(wire)
            response.begin()
            assert len(response.read()) == 15 * 1024 * 1024
        time.sleep(0.2)
        assert door.held == 0


def test_nothing_is_held_for_newer_clients() -> None:
    seen: list[int] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"12345", "more_body": True})
        seen.append(door.held)
        await send({"type": "http.response.body"})

    door = WholeForOld(app)
    with serving(door) as address:
        assert ask(address, "/", version="1.1")[0].getheader("transfer-encoding") == "chunked"
    assert seen == [0]
