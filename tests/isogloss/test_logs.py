"""The log of a server tells what goes on, and nobody can fill a disk with it."""

from __future__ import annotations

import logging
import re
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from isogloss.commands.logs import KINDS, LINES, SECONDS, Sparing

JUNK = b"\x16\x03\x01 junk\r\n\r\n"
UPGRADE = (
    b"GET /sparql?query=ASK%7B%7D HTTP/1.1\r\nHost: x\r\n"
    + b"Connection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n"
)


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def sparing(clock: Clock) -> Sparing:
    return Sparing(clock)


def told(sparing: Sparing, message: str, *args: object, logger: str = "x") -> str:
    """What is written of a record; empty for nothing."""
    record = logging.LogRecord(logger, logging.WARNING, "", 0, message, args, None)
    return record.getMessage() if sparing.filter(record) else ""


def test_a_few_of_a_kind_are_written_whatever_they_are_about(sparing: Sparing) -> None:
    lines = [told(sparing, "cut off: %s", number) for number in range(100)]
    assert lines[: LINES - 1] == [f"cut off: {number}" for number in range(LINES - 1)]
    assert "only counted" in lines[LINES - 1]
    assert not any(lines[LINES:])
    assert told(sparing, "something else") == "something else"
    assert told(sparing, "cut off: %s", 1, logger="another") == "cut off: 1"


def test_the_next_one_tells_how_many_were_left_out(sparing: Sparing, clock: Clock) -> None:
    for _ in range(100):
        told(sparing, "100 % junk")
    clock.now += SECONDS
    assert told(sparing, "100 % junk") == f"100 % junk ({100 - LINES} more like this were left out)"
    clock.now += SECONDS
    assert told(sparing, "100 % junk") == "100 % junk"


def test_kinds_without_number_are_one_kind(sparing: Sparing, clock: Clock) -> None:
    written = [told(sparing, f"kind {number}") for number in range(10 * KINDS)]
    assert sum(map(bool, written)) == KINDS + LINES
    clock.now += SECONDS
    assert told(sparing, "kind of its own") == "kind of its own"


@pytest.fixture
def server(tmp_path: Path) -> Iterator[subprocess.Popen[str]]:
    data = tmp_path / "data.nt"
    data.write_text("<x:s> <x:p> <x:o> .\n", encoding="ascii")
    command = [sys.executable, "-m", "isogloss", "serve", "--data", str(data), "--port", "0"]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def test_junk_does_not_fill_the_log_of_a_server(server: subprocess.Popen[str]) -> None:
    assert server.stderr is not None
    port = next(int(found[1]) for line in server.stderr if (found := re.search(r"running on .*:(\d+)", line)))
    for request in [JUNK, UPGRADE] * 20:
        with socket.create_connection(("127.0.0.1", port), timeout=20) as wire:
            wire.sendall(request)
            answer = b"".join(iter(lambda: wire.recv(4096), b""))
            assert answer.startswith(b"HTTP/1.1 200 " if request == UPGRADE else b"HTTP/1.1 400 ")
    server.terminate()
    rest = server.stderr.read().splitlines()
    assert sum("Invalid HTTP request" in line for line in rest) == LINES
    assert len(rest) < 5 * LINES
