"""A worker process: opens the store read-only and answers one query after another over its socket."""

from __future__ import annotations

import contextlib
import mmap
import os
import select
import signal
import socket
import sys
import threading
import time
from collections import deque
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, NoReturn

import pyoxigraph

from isogloss.errors import (
    EngineError,
    IsoglossError,
    NotAcceptable,
    QueryRefused,
    QuerySyntaxError,
    QueryTooLarge,
)
from isogloss.graph.union import has_default_graph

from . import frames, guard, sandbox
from .complaints import too_many
from .counting import RowCounter, counted
from .formats import GRAPHS, Form, Format, choose
from .frames import Order
from .misplaced import explained
from .post import Post, to_post

STACK = 512 * 1024 * 1024  # the query parser recurses; only touched pages cost memory
CHUNK = 256 * 1024  # bytes of a long answer that are sent at a time
RECEIVED = 64 * 1024  # bytes of orders that are taken at a time
FIRST = 1024 * 1024  # bytes that the server waits for anyway before it sends an answer on, see embedded.py
LONG = 0.02  # seconds after which a query is one whose traces are worth a look
LARGE = 64 * 1024  # bytes of an answer after which they are, too
SWOLLEN = 32 * 1024 * 1024  # bytes more than after the last look from which giving memory back is worth while
PATIENCE = 0.5  # seconds after which bytes that wait for a full chunk are sent nevertheless


class Memory:
    """The memory of this process, of which the store keeps more and more for blocks that it has read."""

    def __init__(self) -> None:
        self._usual = sandbox.resident_bytes()

    def settle(self) -> int:
        """The bytes that are held after a query, without what only waits for the next one."""
        resident = sandbox.resident_bytes()
        if resident - self._usual > SWOLLEN:
            sandbox.give_back()
            resident = self._usual = sandbox.resident_bytes()
        return resident


@dataclass(frozen=True, slots=True)
class Opened:
    """A store for reading; `union`: the default graph is not stored, but is that of all graphs."""

    store: pyoxigraph.Store
    union: bool

    @classmethod
    def at(cls, path: str) -> Opened:
        """Raises OSError or ValueError where there is no store that can be read."""
        store = pyoxigraph.Store.read_only(path)
        return cls(store, not has_default_graph(store))


@dataclass(frozen=True, slots=True)
class Desk:
    """What orders are answered from, and where traces of them are looked for."""

    opened: Opened
    memory: Memory
    allowed: tuple[str, ...] = ()


class Sink:
    """What Oxigraph serializes into: gathers chunks, keeps the caps, and says first what is coming.

    An answer that fits the first chunk goes out as one frame.
    """

    __slots__ = (
        "_begin", "_begun", "_full", "_held", "_limit", "_memory", "_parts", "_rows", "_sent_at", "_started",
        "_total", "_wire"
    )  # fmt: skip

    def __init__(
        self, wire: socket.socket, begin: frames.Begin, order: Order, rows: RowCounter | None, memory: Memory
    ) -> None:
        self._wire, self._begin, self._rows, self._limit = wire, begin, rows, order.bytes
        self._memory, self._full = memory, FIRST
        self._parts: list[bytes] = []
        self._held = self._total = 0
        self._begun = False
        self._started = self._sent_at = time.monotonic()

    def write(self, data: bytes) -> int:
        size = len(data)
        self._total += size
        if self._limit and self._total > self._limit:
            raise too_many("result_bytes", self._limit, "bytes")
        if self._rows is not None:
            self._rows.feed(data)
        self._parts.append(data)
        self._held += size
        if self._held >= self._full or time.monotonic() - self._sent_at > PATIENCE:
            self._send()
        return size

    def flush(self) -> None:
        """Chunks have their own rhythm; a flush of the serializer is no reason to send."""

    def finish(self) -> None:
        """End the answer; a query that took long or gave much says what memory the process holds since."""
        grown = self._total > LARGE or time.monotonic() - self._started > LONG
        resident = self._memory.settle() if grown else 0
        if self._begun:
            self._send(frames.frame(frames.END, frames.pack(frames.End(resident))))
            return
        self._begin.body, self._begin.resident = b"".join(self._parts), resident
        self._wire.sendall(frames.frame(frames.ANSWER, frames.pack(self._begin)))

    def _send(self, tail: bytes = b"") -> None:
        head = b"" if self._begun else frames.frame(frames.BEGIN, frames.pack(self._begin))
        data = frames.frame(frames.DATA, b"".join(self._parts)) if self._parts else b""
        self._begun, self._full = True, CHUNK
        self._parts, self._held, self._sent_at = [], 0, time.monotonic()
        self._wire.sendall(head + data + tail)


def answer(desk: Desk, wire: socket.socket, order: Order) -> None:
    """Run one query; errors of ours and the engine's become a frame, anything else ends the process."""
    try:
        verdict = guard.harmless(order.text)
        if verdict is None or desk.allowed:
            verdict = guard.examine(order.text, desk.allowed)
        try:
            results = run(desk, order, verdict)
        except SyntaxError as error:
            names = guard.examine(order.text, desk.allowed).names  # or it is no query at all, as this says
            raise explained(str(error), order.text, names) from error
        serialize(results, wire, order, verdict, desk.memory)
    except IsoglossError as error:
        _fail(desk, wire, describe(error))
    except RuntimeError as error:
        _fail(desk, wire, {"error": "QueryError", "message": f"The query cannot be answered: {error}"})
    except (OSError, ValueError) as error:
        _fail(desk, wire, describe(_translated(error)))


def _translated(error: Exception) -> IsoglossError:
    """What a format cannot say (JSON-LD: a triple as a value) can be had in another; the rest is ours."""
    if "does not support RDF 1.2" not in str(error):
        return EngineError(str(error))
    offered = tuple(each.media_type for each in GRAPHS if each.oxigraph != "JSON_LD")
    return NotAcceptable(f"{error}. This answer can be had as {', '.join(offered)}.", offered=offered)


def _fail(desk: Desk, wire: socket.socket, told: dict[str, Any]) -> None:
    told["resident"] = desk.memory.settle()
    wire.sendall(frames.frame(frames.FAILED, frames.pack(told)))


def run(desk: Desk, order: Order, verdict: guard.Verdict) -> Any:
    """Start the query over the data set it asks for: the protocol's, else its own, else the union of all."""
    options: dict[str, Any] = {}
    if order.default or order.named:
        options["default_graph"] = [pyoxigraph.NamedNode(graph) for graph in order.default]
        options["named_graphs"] = [pyoxigraph.NamedNode(graph) for graph in order.named]
    elif desk.opened.union and not verdict.has_dataset:
        options["use_default_graph_as_union"] = True
    return desk.opened.store.query(guard.rewritten(order.text, verdict, order.gateways), **options)


def serialize(
    results: Any, wire: socket.socket, order: Order, verdict: guard.Verdict, memory: Memory
) -> None:
    """Send the results in the first format that the client accepts, within the caps of the order."""
    form = form_of(results)
    chosen, name, written = _format(form, order.accept)
    rows: RowCounter | None = None
    if order.rows and form == "rows":
        rows = RowCounter(chosen.oxigraph, order.rows, too_many)
    sink = Sink(wire, frames.Begin(name, verdict.volatile), order, rows, memory)
    if form == "graph":
        if order.rows:
            pyoxigraph.serialize(counted(results, order.rows, too_many), sink, written)  # type: ignore[arg-type]
        else:
            results.serialize(sink, written)
    else:
        results.serialize(sink, written)
    sink.finish()


@lru_cache(maxsize=256)
def _format(form: Form, accept: tuple[str, ...]) -> tuple[Format, str, Any]:
    """The format for this form, the name that it was asked for by, and Oxigraph's own object for it."""
    chosen, name = choose(form, accept)
    formats = pyoxigraph.RdfFormat if form == "graph" else pyoxigraph.QueryResultsFormat
    return chosen, name, getattr(formats, chosen.oxigraph)


def form_of(results: Any) -> Form:
    if isinstance(results, pyoxigraph.QuerySolutions):
        return "rows"
    return "boolean" if isinstance(results, pyoxigraph.QueryBoolean) else "graph"


def describe(error: IsoglossError) -> dict[str, Any]:
    known = (QuerySyntaxError, QueryRefused, QueryTooLarge, NotAcceptable)
    name = next((kind.__name__ for kind in known if isinstance(error, kind)), "EngineError")
    return {"error": name, "message": str(error), **{k: v for k, v in vars(error).items() if v is not None}}


def serve(
    wire: socket.socket, skipped: mmap.mmap, post: Post, given_up: dict[str, str], opened: Opened | None
) -> None:
    """Open the store unless it is, bound the memory, then take orders until the server hangs up.

    Those that `skipped` covers, which the server writes, were given to somebody else.
    """
    desk = Desk(opened or Opened.at(post.store_path), Memory(), post.allowed)
    protections = given_up | {"memory": sandbox.bound_memory(post.memory)}
    wire.sendall(frames.frame(frames.READY, frames.pack(frames.Ready(protections, sandbox.resident_bytes()))))
    orders: deque[tuple[int, bytes]] = deque()
    reader = frames.FrameReader(lambda _, number, payload: orders.append((number, payload)))
    buffer = bytearray(RECEIVED)  # its own, since memory for each message costs more than the message
    view = memoryview(buffer)
    while size := wire.recv_into(buffer):
        reader.feed(bytes(view[:size]))
        while orders:
            number, payload = orders.popleft()
            first, last = frames.SKIP.unpack(skipped[:])
            if first <= number <= last:
                wire.sendall(frames.frame(frames.SKIPPED))
            else:
                answer(desk, wire, frames.to_order(payload))
    os._exit(0)


def watch(descriptor: int) -> None:
    """Return when the server's end of the socket is closed, even while a query runs."""
    poll = select.poll()
    poll.register(descriptor, 0)
    while not poll.poll():
        pass


def guarded_serve(
    wire: socket.socket, skipped: mmap.mmap, post: Post, given_up: dict[str, str], opened: Opened | None
) -> None:
    """A worker that fails says why on its standard error and ends with its process."""
    try:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            serve(wire, skipped, post, given_up, opened)
    except MemoryError:
        os.write(2, b"memory allocation failed\n")
    except (OSError, ValueError) as error:
        os.write(2, f"{error}\n".encode())
    os._exit(1)


def work(wire: socket.socket, skipped: int, post: Post, opened: Opened | None = None) -> NoReturn:
    """Serve over `wire` until the server hangs up; `skipped` is a file of one shared page.

    `opened` is the store of this post where the process was born with it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    page = mmap.mmap(skipped, frames.SKIP.size, prot=mmap.PROT_READ)
    os.close(skipped)
    given_up = sandbox.enter(post.gateway)
    threading.stack_size(STACK)
    threading.Thread(target=guarded_serve, args=(wire, page, post, given_up, opened), daemon=True).start()
    watch(wire.fileno())
    os._exit(0)


def main(arguments: list[str]) -> None:
    wire, skipped, parent, post = arguments
    sandbox.die_with_parent(int(parent))
    work(socket.socket(fileno=int(wire)), int(skipped), to_post(bytes.fromhex(post)))


if __name__ == "__main__":
    main(sys.argv[1:])
