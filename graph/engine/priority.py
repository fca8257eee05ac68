"""Which processes the processor serves first, and how long it has served one."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import suppress

NICENESS = 10  # about a tenth of what a process gets that does not yield


def processor_seconds(pid: int) -> float:
    """What a process has had of the processor so far, all threads; without such a clock, the time of day."""
    if sys.platform == "linux":
        with suppress(OSError):
            return time.clock_gettime((~pid << 3) | 2)  # clock_getcpuclockid(3)
    return time.monotonic()


def lower(pid: int) -> None:
    """Let a process run on what others leave; it may have ended."""
    for task in _tasks(pid):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, task, NICENESS)
    with suppress(OSError):
        _set_session(pid, NICENESS)


def restore(pid: int) -> bool:
    """Take that back; False where the system does not let a process do so, or not yet."""
    for task in _tasks(pid):
        with suppress(OSError):
            os.setpriority(os.PRIO_PROCESS, task, 0)
    with suppress(OSError):
        _set_session(pid, 0)
    return not yields(pid)


def yields(pid: int) -> bool:
    """Whether a process runs on what others leave: one of its threads, or its session as a whole."""
    with suppress(ProcessLookupError):
        threads = [os.getpriority(os.PRIO_PROCESS, task) for task in _tasks(pid)]
        return max([*threads, _session(pid)]) > 0
    return True


def _session(pid: int) -> int:
    """The niceness of a session, 0 where the system has none."""
    with suppress(OSError, ValueError), open(f"/proc/{pid}/autogroup", encoding="ascii") as group:
        return int(group.read().rpartition(" ")[2])
    return 0


def _set_session(pid: int, niceness: int) -> None:
    """Where Linux shares the processor between sessions first, priorities count within each.

    Without privileges Linux takes ten such changes a second from all processes together (EAGAIN beyond);
    in a container the file may be read-only.
    """
    with suppress(FileNotFoundError), open(f"/proc/{pid}/autogroup", "w", encoding="ascii") as group:
        group.write(str(niceness))


def _tasks(pid: int) -> Iterator[int]:
    """The threads of a process: on Linux each has a priority of its own."""
    if sys.platform != "linux":
        yield pid
        return
    with suppress(OSError):
        yield from map(int, os.listdir(f"/proc/{pid}/task"))
