"""How worker processes come to be: forked from a zygote, or started afresh where forks are not to be had."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import tempfile
from contextlib import suppress
from functools import cache
from typing import IO, Protocol

from isogloss.errors import EngineError

from .post import PID, Post, to_bytes

# A query allocates much and soon gives it all back; by default glibc tidies up each time. Threads' own arenas
# grow page by page, with a system call each; the common one grows and shrinks by megabytes.
ALLOCATOR = ":".join(
    f"glibc.malloc.{name}={value}"
    for name, value in {
        "mxfast": 0,
        "tcache_count": 500,
        "tcache_max": 4096,
        "arena_max": 1,
        "top_pad": 1 << 20,
        "trim_threshold": 16 << 20,
        "mmap_threshold": 4 << 20,
    }.items()
)
KEPT_ENVIRONMENT = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TMPDIR", "TZ")


class Process(Protocol):
    """A process that was launched; a signal to one that has ended is lost."""

    @property
    def pid(self) -> int: ...

    @property
    def running(self) -> bool: ...

    def send_signal(self, number: int) -> None: ...

    async def wait(self) -> None:
        """Return when it has ended."""


class Launcher:
    """Launches workers, each with its end of a socket, a shared page, and a file for what it complains of.

    The zygote is started with the first worker, and again should it have ended; `close` it after all workers.
    """

    def __init__(self) -> None:
        self._zygote: _Zygote | None = None
        self._starting = asyncio.Lock()

    async def launch(self, post: Post, ours: socket.socket, theirs: tuple[int, int, int]) -> Process:
        """A process that works over the socket whose end `ours` is; EngineError if there is none."""
        if not can_fork():
            return await _start_afresh(post, theirs)
        async with self._starting:
            if self._zygote is not None and not self._zygote.send(post, theirs):
                await self._zygote.close()
                self._zygote = None
            if self._zygote is None:
                self._zygote = await _Zygote.start()
                self._zygote.send(post, theirs)
        return await self._zygote.deliver(ours)

    async def close(self) -> None:
        if self._zygote is not None:
            await self._zygote.close()


class _Zygote:
    """The server's side of the zygote."""

    def __init__(
        self, control: socket.socket, process: asyncio.subprocess.Process, complaints: IO[bytes]
    ) -> None:
        self._control, self._process, self._complaints = control, process, complaints

    @classmethod
    async def start(cls) -> _Zygote:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        with theirs:
            arguments = ("zygote", str(theirs.fileno()), str(os.getpid()))
            process = await _execute(arguments, (theirs.fileno(),), complaints)
        return cls(ours, process, complaints)

    def send(self, post: Post, theirs: tuple[int, int, int]) -> bool:
        """Order a worker; False if the zygote has ended, EngineError if it cannot take an order now."""
        try:
            socket.send_fds(self._control, [to_bytes(post)], list(theirs))
        except ConnectionError:
            return False
        except OSError as error:
            raise EngineError(f"A worker process could not be ordered: {error}") from error
        return True

    async def deliver(self, ours: socket.socket) -> Process:
        """The worker at the other end of this socket."""
        await _readable(ours)
        told, handles, _, _ = socket.recv_fds(ours, PID.size, 1)
        if len(told) < PID.size or not handles:
            self._complaints.seek(0)
            why = self._complaints.read(4096).decode(errors="replace").strip()
            raise EngineError(f"A worker process could not start: {why}")
        return _Forked(PID.unpack(told)[0], handles[0])

    async def close(self) -> None:
        self._control.close()
        await self._process.wait()
        self._complaints.close()


class _Forked:
    """No child of this process; known by a handle that no other process can come to mean."""

    def __init__(self, pid: int, handle: int) -> None:
        self.pid = pid
        self._handle = handle
        self._loop = asyncio.get_running_loop()
        self._ended: asyncio.Future[None] = self._loop.create_future()
        self._loop.add_reader(handle, self._end)

    @property
    def running(self) -> bool:
        return not self._ended.done()

    def send_signal(self, number: int) -> None:
        if self.running:
            with suppress(ProcessLookupError):
                signal.pidfd_send_signal(self._handle, number)

    async def wait(self) -> None:
        await asyncio.shield(self._ended)

    def _end(self) -> None:
        self._loop.remove_reader(self._handle)
        os.close(self._handle)
        self._ended.set_result(None)


class _Spawned:
    """A child of this process."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process
        self.pid = process.pid

    @property
    def running(self) -> bool:
        return self._process.returncode is None

    def send_signal(self, number: int) -> None:
        if self.running:
            self._process.send_signal(number)

    async def wait(self) -> None:
        await self._process.wait()


@cache
def can_fork() -> bool:
    """Whether this system has handles for processes: Linux has, unless a container forbids them."""
    if sys.platform != "linux":
        return False
    try:
        handle = os.pidfd_open(os.getpid())
        try:
            signal.pidfd_send_signal(handle, 0)
        finally:
            os.close(handle)
    except OSError:
        return False
    return True


async def _start_afresh(post: Post, theirs: tuple[int, int, int]) -> Process:
    wire, skipped, complaints = theirs
    arguments = ("worker", str(wire), str(skipped), str(os.getpid()), to_bytes(post).hex())
    return _Spawned(await _execute(arguments, (wire, skipped), complaints))


async def _execute(
    arguments: tuple[str, ...], descriptors: tuple[int, ...], complaints: IO[bytes] | int
) -> asyncio.subprocess.Process:
    """Run a program of this folder, with no more of the surroundings than it needs."""
    program, *rest = arguments
    environment = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
    environment["GLIBC_TUNABLES"] = ALLOCATOR
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", f"isogloss.graph.engine.{program}", *rest,
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=complaints,
        pass_fds=descriptors, env=environment,
    )  # fmt: skip


async def _readable(connection: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    ready = asyncio.Event()
    loop.add_reader(connection.fileno(), ready.set)
    try:
        await ready.wait()
    finally:
        loop.remove_reader(connection.fileno())
