"""How worker processes come to be: forked from a zygote, or started afresh where forks are not to be had."""

from __future__ import annotations

import asyncio
import os
import signal
import socket
import sys
import tempfile
from collections.abc import Callable
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

    Each store has a zygote of its own, which is started with the first worker and again should it have ended.
    `close` them after all workers.
    """

    def __init__(self) -> None:
        self._zygotes: dict[str, _Zygote] = {}
        self._outdated: list[_Zygote] = []
        self._starting = asyncio.Lock()

    async def launch(self, post: Post, ours: socket.socket, theirs: socket.socket, *files: int) -> Process:
        """A process that works over the socket whose end `ours` is; EngineError if there is none.

        Their end is closed here, so that ours learns it when nobody holds it any more.
        """
        with theirs:
            if not can_fork():
                return await _start_afresh(post, (theirs.fileno(), *files))
            zygote = await self._order(post, (theirs.fileno(), *files))
        return await zygote.deliver(ours)

    async def _order(self, post: Post, handed: tuple[int, ...]) -> _Zygote:
        async with self._starting:
            zygote = self._zygotes.get(post.store_path)
            if zygote is not None and not zygote.send(post, handed):
                await zygote.close()
                zygote = None
            if zygote is None:
                zygote = self._zygotes[post.store_path] = await _Zygote.start(post.store_path)
                zygote.send(post, handed)
        return zygote

    async def keep_only(self, store_path: str) -> None:
        """Let the zygotes of other stores end, each after the last of its workers."""
        for path in self._zygotes.keys() - {store_path}:
            zygote = self._zygotes.pop(path)
            zygote.retire()
            self._outdated.append(zygote)
        for zygote in [each for each in self._outdated if not each.running]:
            self._outdated.remove(zygote)
            await zygote.close()

    async def close(self) -> None:
        for zygote in (*self._zygotes.values(), *self._outdated):
            await zygote.close()


class _Zygote:
    """The server's side of the zygote of one store."""

    def __init__(
        self, control: socket.socket, process: asyncio.subprocess.Process, complaints: IO[bytes]
    ) -> None:
        self._control, self._process, self._complaints = control, process, complaints
        self._workers = 0
        self._retired = False

    @classmethod
    async def start(cls, store_path: str) -> _Zygote:
        ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        ours.setblocking(False)
        complaints = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        with theirs:
            arguments = ("zygote", str(theirs.fileno()), str(os.getpid()), store_path)
            process = await _execute(arguments, (theirs.fileno(),), complaints)
        return cls(ours, process, complaints)

    @property
    def running(self) -> bool:
        return self._process.returncode is None

    def send(self, post: Post, handed: tuple[int, ...]) -> bool:
        """Order a worker; False if the zygote has ended, EngineError if it cannot take an order now."""
        try:
            socket.send_fds(self._control, [to_bytes(post)], list(handed))
        except ConnectionError:
            return False
        except OSError as error:
            raise EngineError(f"A worker process could not be ordered: {error}") from error
        self._workers += 1
        return True

    async def deliver(self, ours: socket.socket) -> Process:
        """The worker at the other end of this socket, which was ordered just now."""
        try:
            await _readable(ours)
            told, handles, _, _ = socket.recv_fds(ours, PID.size, 1)
        except BaseException:
            self._lose_one()
            raise
        if len(told) < PID.size or not handles:
            self._complaints.seek(0)
            why = self._complaints.read(4096).decode(errors="replace").strip()
            self._lose_one()
            raise EngineError(f"A worker process could not start: {why or 'it ended'}")
        return _Forked(PID.unpack(told)[0], handles[0], self._lose_one)

    def retire(self) -> None:
        """End after the last worker."""
        self._retired = True
        if not self._workers:
            self._control.close()

    async def close(self) -> None:
        self._control.close()
        await self._process.wait()
        self._complaints.close()

    def _lose_one(self) -> None:
        self._workers -= 1
        if self._retired:
            self.retire()


class _Forked:
    """No child of this process; known by a handle that no other process can come to mean."""

    def __init__(self, pid: int, handle: int, told: Callable[[], None]) -> None:
        self.pid = pid
        self._handle, self._told = handle, told
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
        self._told()


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


async def _start_afresh(post: Post, handed: tuple[int, ...]) -> Process:
    wire, skipped, complaints = handed
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
