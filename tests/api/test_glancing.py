"""What a client asks next is taken at a glance where it can be, and nobody can tell by the answer."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isogloss.api.alike import LONGEST, likeness
from isogloss.api.glancing import Glancing
from tests.graph.engine.asked import make_store

from .test_shortcut import LABELS, RUNAWAY, SLOW, Served, answers, request, served, wait_until

JSON = "application/sparql-results+json"


class Readings:
    """How often requests were read in full."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.number = 0
        read = Glancing.read

        def counted(protocol: Glancing, data: bytes) -> None:
            self.number += 1
            read(protocol, data)

        monkeypatch.setattr(Glancing, "read", counted)


@pytest.fixture
def readings(monkeypatch: pytest.MonkeyPatch) -> Readings:
    return Readings(monkeypatch)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("glancing") / "store")


@pytest.fixture(scope="module")
def plain(store: Path) -> Iterator[Served]:
    with served(store) as found:
        yield found


def ask(wire: socket.socket, query: str, *fields: str) -> str:
    wire.sendall(request(query, "1.1", *fields))
    return answers(wire, 1)[0]


def whole(wire: socket.socket, asked: bytes) -> tuple[int, bytes, bytes]:
    """Status, media type and content of one answer; status 0 where the server hangs up without one."""
    wire.sendall(asked)
    held = b""
    while b"\r\n\r\n" not in held:
        part = wire.recv(65536)
        if not part:
            return 0, b"", b""
        held += part
    head, _, held = held.partition(b"\r\n\r\n")
    fields = dict(line.lower().split(b": ", 1) for line in head.split(b"\r\n")[1:])
    length = 0 if asked.lstrip().startswith(b"HEAD") else int(fields.get(b"content-length", b"0"))
    while len(held) < length:
        held += wire.recv(65536)
    return int(head.split()[1]), fields.get(b"content-type", b""), held


def test_all_but_the_first_are_taken_at_a_glance(plain: Served, readings: Readings) -> None:
    with plain.wire() as wire:
        found = [ask(wire, LABELS.replace("3", str(number))) for number in range(1, 30)]
    assert readings.number == 1
    assert found == [plain.get(LABELS.replace("3", str(number))).text for number in range(1, 30)]


def test_kept_answers_are_given_at_a_glance(store: Path, readings: Readings) -> None:
    with served(store, memory=16 << 20) as found, found.wire() as wire:
        assert len({ask(wire, LABELS) for _ in range(20)}) == 1
        assert readings.number == 1
        assert found.engine.memory.misses == 1


def test_another_field_is_another_request(plain: Served, readings: Readings) -> None:
    with plain.wire() as wire:
        assert ask(wire, "ASK {}", f"Accept: {JSON}") == '{"head":{},"boolean":true}'
        assert ask(wire, "ASK {}", "Accept: text/csv") == "true"
        assert ask(wire, "ASK {}", "Accept: text/csv") == "true"
        assert readings.number == 2
        etag = plain.get("ASK {}", **{"Accept": "text/csv", "Accept-Encoding": ""}).headers["etag"]
        told = whole(wire, request("ASK {}", "1.1", "Accept: text/csv", f"If-None-Match: {etag}"))
        assert told[0] == 304
        assert whole(wire, request("ASK {}", "1.1", "Connection: close"))[0] == 200
        assert wire.recv(1) == b""


def test_what_goes_wrong_is_told_as_ever(plain: Served) -> None:
    for query, status in (("SELECT * { ?s ?p }", 400), ("SELECT * { SERVICE <http://x.org/> {} }", 403)):
        with plain.wire() as wire:
            assert ask(wire, "ASK {}")
            assert whole(wire, request(query))[0] == status
            assert ask(wire, "ASK {}")


def test_what_comes_too_early_is_answered_in_its_turn(plain: Served) -> None:
    expected = [plain.get(text).text for text in (SLOW, LABELS, "ASK {}")]
    with plain.wire() as wire:
        for text in (SLOW, LABELS):
            wire.sendall(request(text))
            time.sleep(0.02)
        assert answers(wire, 2) == expected[:2]
        wire.sendall(request(SLOW))
        time.sleep(0.02)
        wire.sendall(request(LABELS) + request("ASK {}")[:20])
        time.sleep(0.02)
        wire.sendall(request("ASK {}")[20:])
        assert answers(wire, 3) == expected
        assert ask(wire, LABELS) == expected[1]


def test_who_hangs_up_frees_the_worker(plain: Served) -> None:
    with plain.wire() as wire:
        assert ask(wire, LABELS)
        wire.sendall(request(RUNAWAY))
        wait_until(lambda: plain.is_at_work)
    wait_until(lambda: not plain.is_at_work)


def test_a_long_answer_goes_on_on_the_long_way(tmp_path: Path, readings: Readings) -> None:
    with served(make_store(tmp_path / "store", 20_000)) as found:
        first = found.get("SELECT * { ?s ?p ?o } LIMIT 2", Accept="text/csv")
        rows = found.get("SELECT * { ?s ?p ?o }", Accept="text/csv").text.splitlines()
        assert first.text.splitlines()[0] == rows[0]
        assert len(rows) == 40_001
        assert found.long_ways == 1
        assert readings.number == 2  # the second one as well, once its answer had turned out to be long


def test_a_connection_is_held_for_as_long_as_it_is_used(store: Path) -> None:
    held = 0.5
    with served(store, keep_alive=held) as found, found.wire() as wire:
        began = time.monotonic()
        while time.monotonic() - began < 3 * held:
            assert ask(wire, "ASK {}")
            time.sleep(held / 10)
        rested = time.monotonic()
        assert wire.recv(1) == b""
        assert held / 2 < time.monotonic() - rested < 10 * held


def test_no_connection_is_ended_while_it_waits_for_its_answer(store: Path) -> None:
    held = 0.2
    with served(store, keep_alive=held) as found, found.wire() as wire:
        assert ask(wire, "ASK {}") == ask(wire, "ASK {}")
        began = time.monotonic()
        assert "bindings" in ask(wire, SLOW)
        assert time.monotonic() - began > held


def test_a_server_that_is_stopped_answers_first_what_it_was_asked(store: Path) -> None:
    with served(store) as found, found.wire() as wire:
        assert ask(wire, LABELS)
        wire.sendall(request(SLOW))
        wait_until(lambda: found.is_at_work)
        stopping = threading.Thread(target=found.stop)
        stopping.start()
        told = b"".join(iter(lambda: wire.recv(65536), b""))
        stopping.join()
    assert b"\r\nconnection: close\r\n" in told
    assert b'"bindings"' in told


TARGETS = st.sampled_from(
    [
        b"/sparql?query=ASK%7B%7D",
        b"/sparql?query=ASK{}",
        b"/sparql?query=ASK%7B%7D#part",
        b"/sparql?query=ASK%7B%7D&timeout=5",
        b"/sparql?query=SELECT+%28%22%C3%A9%22+AS+%3Fx%29+%7B%7D",
        b"/sparql?query=SELECT+%28%22%E9%22+AS+%3Fx%29+%7B%7D",
        b"/sparql?query=ASK%7B",
        b"/sparql?query=%",
        b"/sparql?",
        b"/sparql",
        b"/else?query=ASK%7B%7D",
        b"/sparql?query=ASK%7B%7D?x=/;,:@!$&'()*",
        b"http://x/sparql?query=ASK%7B%7D",
        b"/sparql?query=ASK\xc3\xa9",
        b"/sparql?query=ASK %7B%7D",
        b"/sparql?query=ASK%7B%7D%23" + b"x" * LONGEST,
    ]
)
FIELDS = st.lists(
    st.sampled_from(
        [
            b"Accept: text/csv",
            b"Accept: image/png",
            b"Accept-Encoding: gzip",
            b"Content-Length: 0",
            b"Host: y",
            b"X-A: b",
            b"X-A : b",
            b"If-None-Match: *",
            b"Upgrade: websocket",
        ]
    ),
    max_size=2,
)
REQUESTS = st.builds(
    lambda method, target, version, fields, lead: b"".join(
        [
            lead,
            method,
            b" ",
            target,
            b" HTTP/",
            version,
            b"\r\n",
            *(each + b"\r\n" for each in fields),
            b"\r\n",
        ]
    ),
    st.sampled_from([b"GET", b"GET", b"GET", b"HEAD", b"get", b"PUT"]),
    TARGETS,
    st.sampled_from([b"1.1", b"1.1", b"1.1", b"1.0", b"2.0"]),
    FIELDS.map(lambda fields: [b"Host: x", *fields]),
    st.sampled_from([b"", b"", b"", b"\r\n"]),
)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(asked=st.lists(REQUESTS, min_size=1, max_size=8))
def test_no_answer_depends_on_what_was_asked_before(plain: Served, asked: list[bytes]) -> None:
    """Each request gets on a connection that others have used what it gets on one of its own."""
    usual = request("ASK {}")
    with plain.wire() as used:
        for each in asked:
            assert whole(used, usual)[0] == 200
            with plain.wire() as fresh:
                expected = whole(fresh, each)
            found = whole(used, each)
            assert found[:2] == expected[:2]
            if found[0] == 200:
                assert found[2] == expected[2]
            if found[0] != 200 or b"HTTP/1.1" not in each:
                return  # the server may have hung up


def test_only_one_whole_request_is_a_likeness() -> None:
    class Anything:
        """A manner that nobody asks."""

    manner = Anything()
    target = b"/sparql?query=a"
    data = b"GET " + target + b" HTTP/1.1\r\nHost: x\r\n\r\n"
    found = likeness(data, target, manner)  # type: ignore[arg-type]
    assert found is not None
    assert found.query_in(data) == b"query=a"
    assert found.query_in(data.replace(b"query=a", b"b%20c")) == b"b%20c"
    for other in (
        data.replace(b"=a", b"=a b"),
        data.replace(b"=a", b"=a\r\nX: y\r\n\r\nGET /sparql?x"),
        data.replace(b"=a", b"=a\x00"),
        data.replace(b"=a", b"=" + b"a" * LONGEST),
        data.replace(b"Host: x", b"Host: y"),
        data.replace(b"GET", b"PUT"),
        data.replace(b"query=a", b""),
        data + b"\r\n",
        data[:-1],
        data + data,
    ):
        assert found.query_in(other) == b""
    assert likeness(b"\r\n" + data, target, manner) is None  # type: ignore[arg-type]
    assert likeness(data, b"/sparql", manner) is None  # type: ignore[arg-type]
