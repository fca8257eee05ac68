"""The interface that every engine keeps: query text and a format in, a stream of bytes out."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Callable
from typing import NamedTuple, Protocol, runtime_checkable

import msgspec


class QueryRequest(msgspec.Struct, frozen=True):
    """One query as a client asked it.

    `accept` is an ordered preference of media types (most wanted first), already parsed; the engine takes the
    first one that fits the query's form. Empty `default_graphs` and `named_graphs` mean the whole data set:
    the default graph is then the union of all named graphs (SPARQL 1.1 Protocol, 2.1.4). `timeout` is in
    seconds; None takes the engine's default. `client` groups requests for fair queueing. A request of the
    service itself (its pages) sets `trusted`, which lifts the row and byte caps but no other guard.
    """

    text: str
    accept: tuple[str, ...] = ()
    default_graphs: tuple[str, ...] = ()
    named_graphs: tuple[str, ...] = ()
    timeout: float | None = None
    client: str = ""
    trusted: bool = False


class Answer(msgspec.Struct, frozen=True):
    """A result on its way: `chunks` must be consumed or closed (`aclose`), which ends the query.

    `body` is the whole result where it was complete before the answer was given; then `chunks` yields just
    that, and nothing can fail any more. `volatile` says that asking again may answer differently; `digest`
    names the data that was asked.
    """

    media_type: str
    chunks: AsyncGenerator[bytes, None]
    timings: dict[str, float] = {}  # name -> seconds, for Server-Timing
    cached: bool = False
    volatile: bool = False
    body: bytes | None = None
    digest: str = ""


class Engine(Protocol):
    """Answers read-only SPARQL 1.1 queries over one data set.

    Errors: QuerySyntaxError, QueryRefused, QueryTimeout, QueryTooLarge, NotAcceptable, EngineBusy and
    EngineError, all raised before the first byte where that can be known; after it, `chunks` raises and the
    transfer is cut.
    """

    @property
    def digest(self) -> str:
        """Names the data: the same digest means the same answers (empty: unknown, nothing may be kept)."""

    async def query(self, request: QueryRequest) -> Answer:
        """Start the query; returns when the result's form and format are known."""

    async def close(self) -> None:
        """End workers and connections; safe to call twice."""


class Underway(Protocol):
    """A query that has been started; whoever holds it must `finish` it, give it up, or see it `whole`."""

    def when_begun(self, call: Callable[[], None]) -> None:
        """Have `call` called, soon, once it is known what is coming, or what went wrong."""

    def whole(self) -> Answer | None:
        """After that the answer, if all of it is there; None if it has to be finished."""

    async def finish(self) -> Answer:
        """What `query` would give."""

    def give_up(self) -> None:
        """Nobody waits for it any more."""


@runtime_checkable
class Prompt(Engine, Protocol):
    """An engine that can be asked without a task that waits for the answer."""

    def begin(self, request: QueryRequest) -> Answer | Underway | None:
        """A complete answer that was at hand, or the query under way; None where only `query` will do."""


class Load(NamedTuple):
    """What an engine has to do: queries that run and that wait, its processes and the bytes these hold."""

    running: int = 0
    waiting: int = 0
    processes: int = 0
    memory: int = 0


@runtime_checkable
class Measured(Protocol):
    """An engine that can say how much it has to do."""

    @property
    def load(self) -> Load:
        """What holds at this moment; costs next to nothing."""


@runtime_checkable
class Sandboxed(Protocol):
    """An engine that runs queries in processes of its own."""

    @property
    def sandbox(self) -> dict[str, dict[str, str]]:
        """What each kind of process has given up, with the means, or why there is none."""
