"""Priorities and processor time of a process, tried on one that does nothing but compute."""

from __future__ import annotations

import errno
import os
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO

import pytest

from isogloss.graph.engine import priority
from isogloss.graph.engine.priority import Rank

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="threads and clocks of others are Linux's")
BUSY = """
import threading

def spin():
    while True:
        pass

for _ in range(2):
    threading.Thread(target=spin, daemon=True).start()
spin()
"""


@pytest.fixture
def busy() -> Iterator[int]:
    """A process of several threads, in a session of its own: otherwise this one would yield with it."""
    with subprocess.Popen([sys.executable, "-c", BUSY], start_new_session=True) as process:
        for _ in range(500):
            if len(os.listdir(f"/proc/{process.pid}/task")) == 3:
                break
            time.sleep(0.01)
        try:
            yield process.pid
        finally:
            process.kill()


def niceness(pid: int) -> set[int]:
    return {os.getpriority(os.PRIO_PROCESS, int(task)) for task in os.listdir(f"/proc/{pid}/task")}


def slices(pid: int) -> set[int]:
    """Nanoseconds that each thread has the processor for at a time, where the kernel tells."""
    told = [Path(f"/proc/{pid}/task/{task}/sched") for task in os.listdir(f"/proc/{pid}/task")]
    found = [re.search(r"se\.slice\s*:\s*(\d+)", file.read_text()) for file in told if file.exists()]
    return {int(each[1]) for each in found if each}


def test_all_threads_yield_and_where_that_is_allowed_recover(busy: int) -> None:
    assert priority.give(busy, Rank.LAST)
    assert niceness(busy) == {min(priority.usual() + 15, 19)}
    assert priority.yields(busy)
    assert priority.give(busy, Rank.PROMPT) is not priority.yields(busy)


def test_a_trial_is_made_no_nicer_than_can_be_taken_back(busy: int) -> None:
    assert priority.give(busy, Rank.PATIENT)
    assert priority.yields(busy) is priority.can_be_taken_back()
    assert priority.give(busy, Rank.PROMPT)
    assert niceness(busy) == {priority.usual()}


def test_who_yields_takes_the_processor_for_long_but_not_at_once(busy: int) -> None:
    before = slices(busy)
    priority.give(busy, Rank.PATIENT)
    assert slices(busy) in ({priority.LONG_SLICE}, before)  # kernels before 6.12 know no such thing
    priority.give(busy, Rank.PROMPT)
    assert slices(busy) == before


def test_a_session_whose_share_cannot_be_set_does_not_keep_threads_from_recovering(
    busy: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen on a machine where the file of a session could not be written, for all the rights over threads."""

    def refused(pid: int, niceness: int) -> None:
        raise PermissionError(pid)

    monkeypatch.setattr(priority, "_set_session", refused)
    priority.give(busy, Rank.LAST)
    assert priority.give(busy, Rank.PROMPT) == (niceness(busy) == {priority.usual()})


@pytest.mark.parametrize(
    ("told", "taken_back"), [(errno.EINVAL, True), (errno.EAGAIN, False), (errno.EPERM, False)]
)
def test_a_process_in_no_session_asks_the_system_all_the_same(
    told: int, taken_back: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Seen where the first process of a machine starts others in its own place: their file is empty."""

    def refused(pid: int, niceness: int) -> None:
        raise OSError(told, os.strerror(told))

    monkeypatch.setattr(priority, "_niceness_of_session", lambda pid: None)
    monkeypatch.setattr(priority, "_set_session", refused)
    monkeypatch.setattr(os, "setpriority", lambda *told: None)  # where even this is refused, nothing is
    assert priority.can_be_taken_back.__wrapped__() is taken_back


def test_an_empty_file_tells_of_no_session(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def opened(name: str, encoding: str) -> TextIO:
        return (tmp_path / name.rpartition("/")[2]).open(encoding=encoding)

    (tmp_path / "autogroup").touch()
    monkeypatch.setattr(priority, "open", opened, raising=False)
    assert priority._niceness_of_session(os.getpid()) is None
    (tmp_path / "autogroup").write_text("/autogroup-25576 nice -3\n")
    assert priority._niceness_of_session(os.getpid()) == -3


def test_the_session_of_the_server_itself_is_left_alone() -> None:
    """Where nothing can be forked, workers share it."""
    group = Path("/proc/self/autogroup")
    before = group.read_text() if group.exists() else ""
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as process:
        priority.give(process.pid, Rank.LAST)
        assert (group.read_text() if group.exists() else "") == before
        assert process.stdin is not None
        process.stdin.close()


def test_an_ended_process_is_no_trouble() -> None:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
        assert not priority.give(process.pid, Rank.PROMPT)
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
