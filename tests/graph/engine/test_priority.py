"""Priorities and processor time of a process, tried on one that does nothing but compute."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator

import pytest

from isogloss.graph.engine import priority

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="threads and clocks of others are Linux's")
BUSY = "import threading\nfor _ in range(2): threading.Thread(target=lambda: sum(range(10**9))).start()"


@pytest.fixture
def busy() -> Iterator[int]:
    """A process of several threads."""
    with subprocess.Popen([sys.executable, "-c", BUSY]) as process:
        for _ in range(500):
            if len(os.listdir(f"/proc/{process.pid}/task")) == 3:
                break
            time.sleep(0.01)
        yield process.pid
        process.kill()


def niceness(pid: int) -> set[int]:
    return {os.getpriority(os.PRIO_PROCESS, int(task)) for task in os.listdir(f"/proc/{pid}/task")}


def test_all_threads_yield_and_where_that_is_allowed_recover(busy: int) -> None:
    priority.lower(busy)
    assert niceness(busy) == {priority.NICENESS}
    assert priority.restore(busy) == (niceness(busy) == {0})


def test_an_ended_process_is_no_trouble() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
        priority.lower(process.pid)
        priority.processor_seconds(process.pid)


def test_processor_time_grows_as_a_process_computes(busy: int) -> None:
    before = priority.processor_seconds(busy)
    for _ in range(500):
        if priority.processor_seconds(busy) > before + 0.02:
            return
        time.sleep(0.01)
    raise AssertionError("it did not compute")


def test_processor_time_stands_still_as_a_process_waits() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        for _ in range(500):
            before = priority.processor_seconds(process.pid)
            time.sleep(0.1)
            if before > 0 and priority.processor_seconds(process.pid) == before:
                return
        raise AssertionError("a process that waits computes")
