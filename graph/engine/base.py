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


from collections.abc import AsyncGenerator, Callable
from typing import NamedTuple, Protocol, runtime_checkable


@runtime_checkable
class Sandboxed(Protocol):
    """An engine that runs queries in processes of its own."""

    @property
    def sandbox(self) -> dict[str, dict[str, str]]:
        """What each kind of process has given up, with the means, or why there is none."""
