"""No client may fill the memory with a head, or hold a connection for ever by saying or taking nothing."""

from __future__ import annotations

import contextlib
import json
import socket
import time
from collections.abc import Iterator

import httpx
import pytest

from isogloss.api import edge
from tests.graph.engine.asked import make_store

from .test_sparql import endpoint

PATIENCE = 0.3
ROOM = 4_000_000


@pytest.fixture(scope="module")
def impatient(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server that waits for nobody longer than a third of a second."""
    store = make_store(tmp_path_factory.mktemp("edge") / "store", 20_000)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(edge, "HEAD_SECONDS", PATIENCE)
        patched.setattr(edge, "STALL_SECONDS", PATIENCE)
        patched.setattr(edge, "CONTENTS", ROOM)
        with endpoint(store) as client:
            yield client


@pytest.fixture
def wire(impatient: httpx.Client) -> Iterator[socket.socket]:
    url = impatient.base_url
    with socket.create_connection((url.host, url.port or 80), timeout=20) as found:
        yield found


def told(wire: socket.socket) -> bytes:
    """All that comes until the server hangs up, however it does."""
    parts = []
    try:
        while part := wire.recv(65536):
            parts.append(part)
    except ConnectionResetError:
        pass
    return b"".join(parts)


@pytest.mark.parametrize(
    ("address", "field", "status"),
    [("x" * 70_000, "y", 414), ("x", "y" * 70_000, 431), ("x", "y" * 200_000, 431)],
)
@pytest.mark.parametrize("path", ["/sparql", "/other"])
def test_a_head_has_its_bound(wire: socket.socket, path: str, address: str, field: str, status: int) -> None:
    wire.sendall(f"GET {path}?query={address} HTTP/1.1\r\nHost: x\r\nX-Field: {field}\r\n\r\n".encode())
    head, _, body = told(wire).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 %d " % status)
    assert b"application/problem+json" in head
    assert json.loads(body)["status"] == status


def test_a_head_within_the_bound_is_read(impatient: httpx.Client) -> None:
    response = impatient.get("/sparql", params={"query": "ASK {} #" + "x" * 60_000})
    assert response.json()["boolean"]


def test_content_may_be_longer_than_a_head(impatient: httpx.Client) -> None:
    response = impatient.post("/sparql", data={"query": "ASK {} #" + "x" * 1_000_000})
    assert response.json()["boolean"]


def test_contents_that_are_never_finished_cannot_fill_the_memory(impatient: httpx.Client) -> None:
    url = impatient.base_url
    head = b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: %d\r\n\r\n"
    with contextlib.ExitStack() as held:
        for _ in range(3):
            wire = held.enter_context(socket.create_connection((url.host, url.port or 80), timeout=20))
            wire.sendall(head % ROOM + b"#" * (ROOM // 3))
        refused = held.enter_context(socket.create_connection((url.host, url.port or 80), timeout=20))
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            refused.sendall(head % ROOM + b"#" * (ROOM // 3))
        assert told(refused).startswith(b"HTTP/1.1 503 ") or not told(refused)
        assert impatient.post("/sparql", data={"query": "ASK {} #" + "x" * 30_000}).json()["boolean"]
    for _ in range(100):  # the server has to notice that the others hung up
        later = impatient.post("/sparql", data={"query": "ASK {} #" + "x" * 1_000_000})
        if later.status_code == 200:
            break
        time.sleep(0.02)
    assert later.json()["boolean"]


@pytest.mark.parametrize(
    "head",
    [
        b"GET /sparql HTTP/1.1\r\nHost: x\r\n" + b"X: y\r\n" * 20_000,
        b"GET /sparql HTTP/1.1\r\nHost: x\r\nX: " + b"y" * 100_000,
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n"
        + b"X: y\r\n" * 200_000,
    ],
)
def test_a_head_without_end_is_cut_off(wire: socket.socket, head: bytes) -> None:
    try:
        wire.sendall(head)
    except (BrokenPipeError, ConnectionResetError):
        return
    assert told(wire).startswith((b"HTTP/1.1 431", b"HTTP/1.1 400")) or not told(wire)


@pytest.mark.parametrize("start", [b"", b"GET /spa", b"GET /sparql HTTP/1.1\r\nHost: x\r\nAccept: "])
def test_who_says_nothing_is_not_waited_for(wire: socket.socket, start: bytes) -> None:
    wire.sendall(start)
    assert told(wire) == b""


def test_a_head_in_drops_does_not_win_time(wire: socket.socket) -> None:
    drops = [bytes([byte]) for byte in b"GET /sparql HTTP/1.1\r\nX: " + b"y" * 1000]
    assert any(not _went(wire, drop) for drop in drops)


def _went(wire: socket.socket, drop: bytes) -> bool:
    time.sleep(0.02)
    try:
        wire.sendall(drop)
    except OSError:
        return False
    return True


def test_who_takes_nothing_of_an_answer_loses_it(impatient: httpx.Client) -> None:
    url = impatient.base_url
    query = "SELECT%20*%20%7B%3Fa%20%3Fb%20%3Fc.%3Fd%20%3Fe%20%3Ff%7D"
    with socket.socket() as wire:
        wire.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        wire.settimeout(20)
        wire.connect((url.host, url.port or 80))
        wire.sendall(f"GET /sparql?query={query} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
        time.sleep(PATIENCE * 5)
        got = told(wire)
    assert got.startswith(b"HTTP/1.1 200")
    assert not got.endswith(b"0\r\n\r\n")


def test_a_connection_serves_one_request_after_the_other(impatient: httpx.Client) -> None:
    for number in range(20):
        assert impatient.get("/sparql", params={"query": f"ASK {{}} # {number}"}).status_code == 200
    long = impatient.get("/sparql", params={"query": "SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 50000"})
    assert len(json.loads(long.content)["results"]["bindings"]) == 50_000


@pytest.mark.parametrize(
    "junk",
    [
        b"\x00\x01\x02 what\r\n\r\n",
        b"GET /sparql HTTP/1.1\r\nHost : x\r\n\r\n",
        b"GET /sparql?query=\xc3\xa9 HTTP/1.1\r\nHost: x\r\n\r\n",
        b"POST /sparql HTTP/1.1\r\nHost: x\r\nContent-Length: many\r\n\r\n",
        b"GET /sparql HTTP/1.1\r\n\r\n",
        b"GET /sparql HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
        b"GET /sparql HTTP/1.1\r\nHost: x<y>\r\n\r\n",
        b"GET /sparql HTTP/1.1\r\nHost: x/y\r\n\r\n",
        b"GET /sparql HTTP/1.1\r\nHost: %zz\r\n\r\n",
        b"GET /sparql HTTP/1.1\r\nHost: [::1\r\n\r\n",
    ],
)
def test_junk_is_400_with_a_problem_document(wire: socket.socket, junk: bytes) -> None:
    wire.sendall(junk)
    head, _, body = told(wire).partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 ")
    assert b"content-type: application/problem+json" in head
    assert json.loads(body)["status"] == 400


@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.0\r\n",
        *(b"HTTP/1.1\r\nHost: " + host for host in (b"x:80", b"[::1]:80", b"", b"a-b.example.")),
    ],
)
def test_hosts_of_every_kind_are_served(wire: socket.socket, head: bytes) -> None:
    wire.sendall(b"GET /sparql?query=ASK%7B%7D " + head + b"\r\nConnection: close\r\n\r\n")
    assert told(wire).startswith(b"HTTP/1.1 200 ")


def test_a_host_that_makes_no_address_is_400(wire: socket.socket) -> None:
    wire.sendall(b"GET /sparql HTTP/1.1\r\nHost: [:::::]\r\nConnection: close\r\n\r\n")
    assert told(wire).startswith(b"HTTP/1.1 400 ")
