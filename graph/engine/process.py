"""The server's side of one worker process: start it, hand it queries, take the answers, end it."""

from __future__ import annotations

import asyncio
import mmap
import signal
import socket
import tempfile
from collections import deque
from contextlib import ExitStack
from dataclasses import dataclass
from typing import IO, Any, Protocol, cast

from isogloss import errors
from isogloss.errors import EngineError, IsoglossError, QueryOverMemory

from . import frames, priority
from .exchange import Exchange
from .launch import Launcher, Process
from .post import Post

START_SECONDS = 60.0
OUT_OF_MEMORY = (b"memory allocation", b"bad_alloc", b"MemoryError", b"Cannot allocate memory")


@dataclass(frozen=True, slots=True)
class Spec:
    """What a worker is started with; `memory` in bytes, the rest for SERVICE as in `post.py`."""

    store_path: str
    digest: str
    memory: int
    gateway: int = 0
    allowed: tuple[str, ...] = ()


class Owner(Protocol):
    """Who gave a worker its work."""

    def freed(self, worker: Worker, done: Exchange | None, seconds: float) -> None:
        """One job is `done` after so many seconds; the next one, if any, is running."""

    def lost(self, worker: Worker, orphans: list[Exchange]) -> None:
        """The process is gone; `orphans` had been handed to it and not begun."""


class Worker(asyncio.Protocol):
    """One worker process. `serve` lines up a query; `kill` ends the process and the query that runs in it.

    `head_since` is when the query that runs now came to run. A job whose exchange is None was given up: the
    worker may still run it, and nobody waits. `pace` is how many seconds a query took it of late.
    """

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.protections: dict[str, str] = {}
        self.resident_at_start = self.resident = 0
        self.jobs: deque[Exchange | None] = deque()
        self.head_since = 0.0
        self.pace = 0.001
        self.owner: Owner | None = None
        self._loop = asyncio.get_running_loop()
        self.orders = 0
        self._ready: asyncio.Future[frames.Ready] = self._loop.create_future()
        self._reader = frames.FrameReader(self._take)
        self._held_back = False
        self.rank: priority.Rank | None = None
        self._measured = (0.0, 0.0)
        self._cause: IsoglossError | None = None
        self._process: Process

    @classmethod
    async def start(cls, spec: Spec, launcher: Launcher) -> Worker:
        """A worker with the store open; EngineError says why there is none."""
        worker = cls(spec)
        try:
            async with asyncio.timeout(START_SECONDS):
                await worker._launch(launcher)
                await worker._get_ready()
        except TimeoutError as error:
            raise EngineError("A worker process did not start in time.") from error
        return worker

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._cause is None and not self._transport.is_closing()

    def serve(self, exchange: Exchange) -> None:
        """Line a query up behind those that the worker has."""
        if not self.jobs:
            self.head_since = self._loop.time()
        self.jobs.append(exchange)
        self.orders += 1
        exchange.digest, exchange.source = self.spec.digest, self
        if not self._transport.is_closing():
            self._transport.write(frames.frame(frames.QUERY, exchange.order, self.orders))

    def withdraw(self) -> list[Exchange]:
        """Take back what waits behind the query that runs now; the worker skips what it has not come to."""
        orphans = [job for job in list(self.jobs)[1:] if job is not None]
        if orphans:
            head = self.orders - len(self.jobs) + 1
            self._skipped[:] = frames.SKIP.pack(head + 1, self.orders)
            self.jobs = deque([self.jobs[0], *[None] * (len(self.jobs) - 1)])
            for orphan in orphans:
                orphan.source = None  # who gives one of them up must not stop the query that stays
        return orphans

    def runs(self, exchange: Exchange) -> bool:
        """Whether this is the query that runs now."""
        return bool(self.jobs) and self.jobs[0] is exchange

    def computed(self) -> float:
        """Processor seconds that the query that runs now has taken since this was first asked about it."""
        seconds = priority.processor_seconds(self.pid)
        if self._measured[0] != self.head_since:
            self._measured = (self.head_since, seconds)
        return seconds - self._measured[1]

    def give_up(self, exchange: Exchange) -> None:
        """Nobody waits for this any more."""
        self.jobs = deque(None if job is exchange else job for job in self.jobs)

    def hold_back(self) -> None:
        if not self._held_back and not self._transport.is_closing():
            self._held_back = True
            self._transport.pause_reading()

    def go_on(self) -> None:
        if self._held_back and not self._transport.is_closing():
            self._held_back = False
            self._transport.resume_reading()

    def kill(self, cause: IsoglossError | None = None) -> None:
        """End the process now; the query that runs in it fails with `cause`."""
        self._end(cause or EngineError("The worker was stopped."))
        self._process.send_signal(signal.SIGKILL)
        self._transport.abort()

    def take_rank(self, rank: priority.Rank) -> bool:
        """Share the processor with others in this way; False where the system does not let it, or not yet."""
        if self.rank is not rank and self._process.running:
            self.rank = rank if priority.give(self.pid, rank) else None
        return self.rank is rank

    async def gone(self) -> None:
        """Wait until the process has ended and nothing of it is left."""
        await self._process.wait()
        self._stderr.close()
        self._skipped.close()

    async def _launch(self, launcher: Launcher) -> None:
        """Start the process and connect to it; where that fails nothing is left."""
        spec = self.spec
        post = Post(spec.store_path, spec.memory, spec.gateway, spec.allowed)
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        with ExitStack() as undo, theirs, tempfile.TemporaryFile() as shared:
            undo.callback(ours.close)
            self._stderr: IO[bytes] = undo.enter_context(tempfile.TemporaryFile())
            shared.truncate(mmap.PAGESIZE)
            self._skipped = undo.enter_context(mmap.mmap(shared.fileno(), frames.SKIP.size))
            files = (shared.fileno(), self._stderr.fileno())
            self._process = await launcher.launch(post, ours, theirs, *files)
            await self._loop.create_unix_connection(lambda: self, sock=ours)
            undo.pop_all()

    async def _get_ready(self) -> None:
        try:
            told = await self._ready
        except (EngineError, asyncio.CancelledError):
            self.kill()
            await self.gone()
            raise
        self.protections = told.protections
        self.resident_at_start = self.resident = told.resident

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._reader.feed(data)

    def connection_lost(self, exc: Exception | None) -> None:
        told = self._last_words()
        if not self._ready.done():
            self._ready.set_exception(EngineError(f"A worker process could not start: {told or exc}"))
            self._ready.exception()
        self._end(self._obituary(told))

    def _end(self, cause: IsoglossError) -> None:
        if self._cause is not None:
            return
        self._cause = cause
        head, *rest = self.jobs or [None]
        self.jobs.clear()
        orphans = [job for job in rest if job is not None]
        for orphan in orphans:
            orphan.source = None
        if head is not None:
            head.fail(cause)
        if self.owner is not None:
            self.owner.lost(self, orphans)

    def _take(self, kind: bytes, _: int, payload: bytes) -> None:
        if kind == frames.READY:
            self._ready.set_result(frames.to_ready(payload))
            return
        if not self.jobs:
            return
        head = self.jobs[0]
        if kind == frames.FAILED:
            told = frames.to_error(payload)
            self.resident = told.pop("resident")
            if head is not None:
                head.fail(raised(told))
        elif kind == frames.END:
            self.resident = frames.to_end(payload).resident or self.resident
        if head is not None and kind not in {frames.FAILED, frames.SKIPPED}:
            begin = head.take(kind, payload)
            if begin is not None and begin.resident:
                self.resident = begin.resident
        if kind not in {frames.BEGIN, frames.DATA}:
            self._next()

    def _next(self) -> None:
        self.go_on()
        done, now = self.jobs.popleft(), self._loop.time()
        seconds, self.head_since = now - self.head_since, now
        if self.owner is not None:
            self.owner.freed(self, done, seconds)

    def _last_words(self) -> str:
        if self._stderr.closed:
            return ""
        self._stderr.seek(0)
        return self._stderr.read(4096).decode(errors="replace").strip()

    def _obituary(self, told: str) -> IsoglossError:
        if any(mark in told.encode() for mark in OUT_OF_MEMORY):
            limit = self.spec.memory
            message = f"The query needs more than the {limit:,} bytes of memory that a query may use."
            return QueryOverMemory(message, cap="query_memory", limit=limit)
        return EngineError("The query ended its worker process; it may be nested too deeply.")


def raised(told: dict[str, Any]) -> IsoglossError:
    """The error that a worker described."""
    kind = getattr(errors, told.pop("error"))
    message = told.pop("message")
    told.pop("args", None)
    if "offered" in told:
        told["offered"] = tuple(told["offered"])
    return cast(IsoglossError, kind(message, **told))
