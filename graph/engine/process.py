"""The server's side of one worker process: start it, hand it a query, take the answer, end it."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import socket
import sys
import tempfile
from collections import deque
from dataclasses import dataclass
from typing import IO, Any, cast

from isogloss import errors
from isogloss.errors import EngineError, IsoglossError, QueryOverMemory

from . import frames

HIGH_WATER = 1024 * 1024  # bytes of an answer that wait for the client before the worker is held back
START_SECONDS = 60.0
NICENESS = 5  # about a third of what a process gets that does not yield
KEPT_ENVIRONMENT = ("PATH", "PYTHONPATH", "PYTHONHOME", "LD_LIBRARY_PATH", "LANG", "LC_ALL", "TMPDIR", "TZ")
OUT_OF_MEMORY = (b"memory allocation", b"bad_alloc", b"MemoryError", b"Cannot allocate memory")


@dataclass(frozen=True, slots=True)
class Spec:
    """What a worker is started with; `memory` in bytes, `allowed` the prefixes of IRIs for SERVICE."""

    store_path: str
    digest: str
    memory: int
    network: bool = False
    allowed: tuple[str, ...] = ()


class Exchange:
    """One query on one worker: first what is coming (`begin`), then its chunks."""

    def __init__(self, worker: Worker) -> None:
        self.begin: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self.complete = False
        self.error: IsoglossError | None = None
        self._worker = worker
        self._chunks: deque[bytes] = deque()
        self._held = 0
        self._wakeup: asyncio.Future[None] | None = None

    @property
    def over(self) -> bool:
        return self.complete or self.error is not None

    def take(self, kind: bytes, payload: bytes) -> None:
        if kind == frames.DATA:
            self._chunks.append(payload)
            self._held += len(payload)
            if self._held > HIGH_WATER:
                self._worker.hold_back()
        elif kind == frames.BEGIN:
            self.begin.set_result(json.loads(payload))
        elif kind == frames.END:
            self.complete = True
        self._wake()

    def fail(self, error: IsoglossError) -> None:
        """End with an error; chunks that came before it are worth nothing and are dropped."""
        if self.over:
            return
        self.error = error
        self._chunks.clear()
        if not self.begin.done():
            self.begin.set_exception(error)
            self.begin.exception()  # the client may be gone, with nobody left to retrieve it
        self._wake()

    async def next_chunk(self) -> bytes | None:
        """The next chunk, None at the end; raises the error that ended the answer early."""
        while not self._chunks:
            if self.error is not None:
                raise self.error
            if self.complete:
                return None
            self._wakeup = asyncio.get_running_loop().create_future()
            await self._wakeup
        chunk = self._chunks.popleft()
        self._held -= len(chunk)
        if self._held <= HIGH_WATER // 2:
            self._worker.go_on()
        return chunk

    def _wake(self) -> None:
        if self._wakeup is not None and not self._wakeup.done():
            self._wakeup.set_result(None)


class Worker(asyncio.Protocol):
    """One worker process. `serve` starts a query; `kill` ends the process and whatever runs in it."""

    def __init__(self, spec: Spec) -> None:
        self.spec = spec
        self.protections: dict[str, str] = {}
        self.resident_at_start = self.resident = 0
        self._ready: asyncio.Future[dict[str, Any]] = asyncio.get_running_loop().create_future()
        self._reader = frames.FrameReader(self._take)
        self._exchange: Exchange | None = None
        self._held_back = self._yields = False
        self._cause: IsoglossError | None = None

    @classmethod
    async def start(cls, spec: Spec) -> Worker:
        """A worker with the store open; EngineError says why there is none."""
        worker = cls(spec)
        try:
            await worker._spawn()
            async with asyncio.timeout(START_SECONDS):
                told = await worker._ready
        except TimeoutError as error:
            worker.kill()
            await worker.gone()
            raise EngineError("A worker process did not start in time.") from error
        except EngineError:
            await worker.gone()
            raise
        worker.protections = told["protections"]
        worker.resident_at_start = worker.resident = told["resident"]
        return worker

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def alive(self) -> bool:
        return self._cause is None and not self._transport.is_closing()

    def serve(self, order: dict[str, Any]) -> Exchange:
        self._exchange = Exchange(self)
        self._transport.write(frames.message(frames.QUERY, order))
        return self._exchange

    def hold_back(self) -> None:
        if not self._held_back and not self._transport.is_closing():
            self._held_back = True
            self._transport.pause_reading()

    def go_on(self) -> None:
        if self._held_back and not self._transport.is_closing():
            self._held_back = False
            self._transport.resume_reading()

    def kill(self, cause: IsoglossError | None = None) -> None:
        """End the process now; a query that runs in it fails with `cause`."""
        self._cause = self._cause or cause or EngineError("The worker was stopped.")
        if self._exchange is not None:
            self._exchange.fail(self._cause)
        if self._process.returncode is None:
            self._process.kill()
        self._transport.abort()

    def yield_to_others(self) -> None:
        """Let the processor serve every other worker first."""
        self._yields = True
        if self._process.returncode is None:
            os.setpriority(os.PRIO_PROCESS, self.pid, NICENESS)

    def recover(self) -> bool:
        """Stop yielding; False where this system does not let a process take that back."""
        if self._yields:
            try:
                os.setpriority(os.PRIO_PROCESS, self.pid, 0)
            except OSError:
                return False
            self._yields = False
        return True

    def halt(self) -> None:
        """Let the process stand still, with all it has; `resume` lets it go on."""
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        if self._process.returncode is None:
            self._process.send_signal(signal.SIGCONT)

    async def gone(self) -> None:
        """Wait until the process has ended and nothing of it is left."""
        await self._process.wait()
        self._stderr.close()

    async def _spawn(self) -> None:
        ours, theirs = socket.socketpair()
        ours.setblocking(False)
        self._stderr: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115 - closed with the process
        spec = self.spec
        network = "network" if spec.network else "no-network"
        arguments = (
            str(theirs.fileno()),
            spec.store_path,
            str(spec.memory),
            network,
            str(os.getpid()),
            *spec.allowed,
        )
        environment = {name: os.environ[name] for name in KEPT_ENVIRONMENT if name in os.environ}
        with theirs:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "isogloss.graph.engine.worker", *arguments,
                stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=self._stderr,
                pass_fds=(theirs.fileno(),), env=environment,
            )  # fmt: skip
        loop = asyncio.get_running_loop()
        await loop.create_unix_connection(lambda: self, sock=ours)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def data_received(self, data: bytes) -> None:
        self._reader.feed(data)

    def connection_lost(self, exc: Exception | None) -> None:
        told = self._last_words()
        if self._cause is None:
            self._cause = self._obituary(told)
        if not self._ready.done():
            self._ready.set_exception(EngineError(f"A worker process could not start: {told or exc}"))
            self._ready.exception()
        if self._exchange is not None:
            self._exchange.fail(self._cause)

    def _take(self, kind: bytes, payload: bytes) -> None:
        if kind == frames.READY:
            self._ready.set_result(json.loads(payload))
        elif self._exchange is None:
            return
        elif kind == frames.FAILED:
            self._exchange.fail(raised(json.loads(payload)))
        else:
            if kind == frames.END:
                self.resident = json.loads(payload).get("resident", self.resident)
            self._exchange.take(kind, payload)

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
