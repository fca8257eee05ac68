"""Which processes the processor serves first."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import suppress

NICENESS = 10  # about a tenth of what a process gets that does not yield


def lower(pid: int) -> None:
    """Let a process run on what others leave; it may have ended."""
    for task in _tasks(pid):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, task, NICENESS)
    with suppress(OSError):
        _set_session(pid, NICENESS)


def restore(pid: int) -> bool:
    """Take that back; False where the system does not let a process do so."""
    try:
        for task in _tasks(pid):
            os.setpriority(os.PRIO_PROCESS, task, 0)
        _set_session(pid, 0)
    except OSError:
        return False
    return True


def _set_session(pid: int, niceness: int) -> None:
    """Where Linux shares the processor between sessions first, priorities count within each."""
    with suppress(FileNotFoundError), open(f"/proc/{pid}/autogroup", "w", encoding="ascii") as group:
        group.write(str(niceness))


def _tasks(pid: int) -> Iterator[int]:
    """The threads of a process: on Linux each has a priority of its own."""
    if sys.platform != "linux":
        yield pid
        return
    with suppress(OSError):
        yield from map(int, os.listdir(f"/proc/{pid}/task"))
