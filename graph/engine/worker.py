"""A worker process: opens the store read-only and answers one query after another over its socket."""

from __future__ import annotations

import contextlib
import json
import os
import select
import signal
import socket
import sys
import threading
import time
from typing import Any

import pyoxigraph

from isogloss.errors import IsoglossError, NotAcceptable, QueryRefused, QuerySyntaxError, QueryTooLarge

from . import frames, guard, sandbox
from .complaints import syntax_error, too_many
from .counting import RowCounter, counted
from .formats import Form, choose

STACK = 512 * 1024 * 1024  # the query parser recurses; only touched pages cost memory
CHUNK = 64 * 1024
LONG = 0.02  # seconds after which a query is one whose traces are worth a look
PATIENCE = 0.5  # seconds after which bytes that wait for a full chunk are sent nevertheless


class Sink:
    """What Oxigraph serializes into: gathers chunks, keeps the caps, and says first what is coming."""

    def __init__(
        self, wire: socket.socket, begin: dict[str, Any], order: dict[str, Any], rows: RowCounter | None
    ) -> None:
        self._wire, self._begin, self._rows, self._limit = wire, begin, rows, order["bytes"]
        self._parts: list[bytes] = []
        self._held = self._total = 0
        self._sent_at = time.monotonic()
        self._started = order["started"]

    def write(self, data: bytes) -> int:
        size = len(data)
        self._total += size
        if self._limit and self._total > self._limit:
            raise too_many("result_bytes", self._limit, "bytes")
        if self._rows is not None:
            self._rows.feed(data)
        self._parts.append(data)
        self._held += size
        if self._held >= CHUNK or time.monotonic() - self._sent_at > PATIENCE:
            self._send()
        return size

    def flush(self) -> None:
        """Chunks have their own rhythm; a flush of the serializer is no reason to send."""

    def finish(self) -> None:
        """End the answer; a query that took long or gave much says what memory the process holds since."""
        grown = time.monotonic() - self._started > LONG or self._total > CHUNK
        ending = {"resident": sandbox.resident_bytes()} if grown else {}
        self._send(frames.message(frames.END, ending))

    def _send(self, tail: bytes = b"") -> None:
        head = frames.message(frames.BEGIN, self._begin) if self._begin else b""
        self._begin = {}
        data = frames.frame(frames.DATA, b"".join(self._parts)) if self._parts else b""
        self._parts, self._held, self._sent_at = [], 0, time.monotonic()
        self._wire.sendall(head + data + tail)


def answer(
    store: pyoxigraph.Store, wire: socket.socket, order: dict[str, Any], allowed: tuple[str, ...] = ()
) -> None:
    """Run one query; errors of ours and the engine's become a frame, anything else ends the process."""
    order["started"] = time.monotonic()
    try:
        verdict = guard.examine(order["text"], allowed)
        results = run(store, order, verdict)
        serialize(results, wire, order, verdict)
    except IsoglossError as error:
        wire.sendall(frames.message(frames.FAILED, describe(error)))
    except SyntaxError as error:
        wire.sendall(frames.message(frames.FAILED, describe(syntax_error(str(error), order["text"]))))
    except RuntimeError as error:
        told = f"The query cannot be answered: {error}"
        wire.sendall(frames.message(frames.FAILED, {"error": "QueryError", "message": told}))
    except (OSError, ValueError) as error:
        wire.sendall(frames.message(frames.FAILED, {"error": "EngineError", "message": str(error)}))


def run(store: pyoxigraph.Store, order: dict[str, Any], verdict: guard.Verdict) -> Any:
    """Start the query over the data set it asks for: the protocol's, else its own, else the union of all."""
    options: dict[str, Any] = {}
    if order["default"] or order["named"]:
        options["default_graph"] = [pyoxigraph.NamedNode(graph) for graph in order["default"]]
        options["named_graphs"] = [pyoxigraph.NamedNode(graph) for graph in order["named"]]
    elif not verdict.has_dataset:
        options["use_default_graph_as_union"] = True
    return store.query(guard.rewritten(order["text"], verdict, order.get("gateways", {})), **options)


def serialize(results: Any, wire: socket.socket, order: dict[str, Any], verdict: guard.Verdict) -> None:
    """Send the results in the first format that the client accepts, within the caps of the order."""
    form = form_of(results)
    chosen, name = choose(form, order["accept"])
    rows: RowCounter | None = None
    if order["rows"] and form == "rows":
        rows = RowCounter(chosen.oxigraph, order["rows"], too_many)
    begin = {"media_type": name, "volatile": verdict.volatile}
    sink = Sink(wire, begin, order, rows)
    if form == "graph":
        shape = getattr(pyoxigraph.RdfFormat, chosen.oxigraph)
        if order["rows"]:
            pyoxigraph.serialize(counted(results, order["rows"], too_many), sink, shape)  # type: ignore[arg-type]
        else:
            results.serialize(sink, shape)
    else:
        results.serialize(sink, getattr(pyoxigraph.QueryResultsFormat, chosen.oxigraph))
    sink.finish()


def form_of(results: Any) -> Form:
    if isinstance(results, pyoxigraph.QuerySolutions):
        return "rows"
    return "boolean" if isinstance(results, pyoxigraph.QueryBoolean) else "graph"


def describe(error: IsoglossError) -> dict[str, Any]:
    known = (QuerySyntaxError, QueryRefused, QueryTooLarge, NotAcceptable)
    name = next((kind.__name__ for kind in known if isinstance(error, kind)), "EngineError")
    return {"error": name, "message": str(error), **{k: v for k, v in vars(error).items() if v is not None}}


def serve(wire: socket.socket, store_path: str, memory: int, network: bool, allowed: tuple[str, ...]) -> None:
    """Open the store, lock the door, then take orders until the server hangs up."""
    store = pyoxigraph.Store.read_only(store_path)
    protections = sandbox.enter(memory=memory, network=network)
    ready = {"protections": protections, "resident": sandbox.resident_bytes()}
    wire.sendall(frames.message(frames.READY, ready))
    orders: list[dict[str, Any]] = []
    reader = frames.FrameReader(lambda _, payload: orders.append(json.loads(payload)))
    while data := wire.recv(1 << 20):
        reader.feed(data)
        while orders:
            answer(store, wire, orders.pop(0), allowed)
    os._exit(0)


def watch(descriptor: int) -> None:
    """Return when the server's end of the socket is closed, even while a query runs."""
    poll = select.poll()
    poll.register(descriptor, 0)
    while not poll.poll():
        pass


def guarded_serve(
    wire: socket.socket, store_path: str, memory: int, network: bool, allowed: tuple[str, ...]
) -> None:
    """A worker that fails says why on its standard error and ends with its process."""
    try:
        with contextlib.suppress(BrokenPipeError, ConnectionResetError):
            serve(wire, store_path, memory, network, allowed)
    except MemoryError:
        os.write(2, b"memory allocation failed\n")
    except (OSError, ValueError) as error:
        os.write(2, f"{error}\n".encode())
    os._exit(1)


def main(arguments: list[str]) -> None:
    descriptor, store_path, memory, network, parent, *allowed = arguments
    sandbox.die_with_parent(int(parent))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    wire = socket.socket(fileno=int(descriptor))
    threading.stack_size(STACK)
    options = (wire, store_path, int(memory), network == "network", tuple(allowed))
    threading.Thread(target=guarded_serve, args=options, daemon=True).start()
    watch(wire.fileno())
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
