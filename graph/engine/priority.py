"""Which processes the processor serves first, and how long it has served one."""

from __future__ import annotations

import ctypes
import errno
import os
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress
from enum import Enum
from functools import cache

from . import seccomp

LONG_SLICE = 6_000_000  # nanoseconds, some times what Linux gives unless told otherwise


class Rank(Enum):
    """How a process shares the processor with others: what to add to its niceness, and nanoseconds at a time.

    Who takes the processor a short time at a time gets it at once from one that takes it for long, though in
    the end both have the same of it. Linux knows that from 6.12 on, and needs no privilege to change it.
    """

    PROMPT = 0, 0
    PATIENT = 10, LONG_SLICE  # a tenth of what it would get; more nice only where that can be taken back
    LAST = 15, LONG_SLICE  # about a thirtieth: runs on what others leave


def processor_seconds(pid: int) -> float:
    """What a process has had of the processor so far, all threads; without such a clock, the time of day."""
    if sys.platform == "linux":
        with suppress(OSError):
            return time.clock_gettime((~pid << 3) | 2)  # clock_getcpuclockid(3)
    return time.monotonic()


def give(pid: int, rank: Rank) -> bool:
    """Let a process run at this rank; False if it is left with a lower one than that, or has ended.

    Where the system does not let a process be less nice again, or not yet, that cannot be had.
    """
    added, nanoseconds = rank.value
    if rank is Rank.PATIENT and not can_be_taken_back():
        added = 0
    for task in _tasks(pid):
        with suppress(OSError):
            _set(task, min(usual() + added, 19), nanoseconds)
    if _session(pid) not in {None, added}:
        with suppress(OSError):
            _set_session(pid, added)
    return _yields_by(pid) <= added


def yields(pid: int) -> bool:
    """Whether a process runs on what others leave: one of its threads, or its session as a whole."""
    return _yields_by(pid) > 0


def _yields_by(pid: int) -> int:
    """How much nicer than this process one is; 40, more than there is, if it has ended."""
    with suppress(ProcessLookupError, ValueError):
        threads = [os.getpriority(os.PRIO_PROCESS, task) for task in _tasks(pid)]
        return max(max(threads) - usual(), _session(pid) or 0)
    return 40


@cache
def can_be_taken_back() -> bool:
    """Whether this process may let others be less nice again, at any time; tried once, on a thread."""
    answers: list[bool] = []
    asking = threading.Thread(target=lambda: answers.append(_try_both_ways()))
    asking.start()
    asking.join()
    return answers == [True]


def _try_both_ways() -> bool:
    if sys.platform != "linux":
        return False
    thread, before, this = threading.get_native_id(), usual(), os.getpid()
    try:
        os.setpriority(os.PRIO_PROCESS, thread, before + 1)
        os.setpriority(os.PRIO_PROCESS, thread, before)
        for _ in range(2):
            _try_session(this)  # twice at once may be too often
    except FileNotFoundError:
        return True  # there are no such sessions
    except OSError:
        return False
    return True


def _try_session(pid: int) -> None:
    """Set the niceness of a session to what it is; that of no session cannot be set, yet it is tried."""
    niceness = _niceness_of_session(pid)
    try:
        _set_session(pid, niceness or 0)
    except OSError as error:  # EINVAL comes after what Linux asks for rights and for the rate of changes
        if niceness is not None or error.errno != errno.EINVAL:
            raise


def usual() -> int:
    """The niceness of this process, which is that of those that it starts."""
    return os.getpriority(os.PRIO_PROCESS, 0)


class _Attributes(ctypes.Structure):
    """The kernel's struct sched_attr, first version."""

    _fields_ = (
        ("size", ctypes.c_uint32),
        ("policy", ctypes.c_uint32),
        ("flags", ctypes.c_uint64),
        ("nice", ctypes.c_int32),
        ("priority", ctypes.c_uint32),
        ("runtime", ctypes.c_uint64),
        ("deadline", ctypes.c_uint64),
        ("period", ctypes.c_uint64),
    )


_KEEP_POLICY = 0x08  # SCHED_FLAG_KEEP_POLICY


def _set(task: int, niceness: int, nanoseconds: int) -> None:
    """Python knows no sched_setattr(2), and libc only of late."""
    number = _sched_setattr()
    if number is None:
        os.setpriority(os.PRIO_PROCESS, task, niceness)
        return
    size = ctypes.sizeof(_Attributes)
    told = _Attributes(size, 0, _KEEP_POLICY, niceness, 0, nanoseconds)
    if _libc().syscall(ctypes.c_long(number), ctypes.c_long(task), ctypes.byref(told), ctypes.c_long(0)):
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


@cache
def _sched_setattr() -> int | None:
    """The number of that system call here, None where there is none."""
    number = seccomp.number_of("sched_setattr") if sys.platform == "linux" else None
    if number is None:
        return None
    _libc().syscall(ctypes.c_long(number), ctypes.c_long(0), None, ctypes.c_long(0))
    return number if ctypes.get_errno() == errno.EINVAL else None  # not ENOSYS, and not EPERM of a sandbox


@cache
def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _session(pid: int) -> int | None:
    """The niceness of the session that a process leads; None where there is no such thing."""
    with suppress(OSError, ValueError):
        return _niceness_of_session(pid) if os.getsid(pid) == pid else None
    return None


def _niceness_of_session(pid: int) -> int | None:
    """None of a process that has been in no session since the system started: the file is empty then."""
    with open(f"/proc/{pid}/autogroup", encoding="ascii") as group:
        told = group.read()
    return int(told.rpartition(" ")[2]) if told else None


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
