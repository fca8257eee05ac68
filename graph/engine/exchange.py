"""One query on its way through the pool and a worker: what is coming, then its chunks, or what went wrong."""

from __future__ import annotations

import asyncio
from collections import deque
from typing import Protocol

from isogloss.errors import EngineError, IsoglossError

from . import frames

HIGH_WATER = 1024 * 1024  # bytes of an answer that wait for the client before the worker is held back


APART = 2  # times that a query is stopped in the fast lane until it has to wait for a place in the slow one
MAKE_ROOM = "The query has to make room."


class Outstayed(EngineError):
    """A query had to make room and is to start anew; never leaves the pool."""


class Source(Protocol):
    """Where the chunks come from; it can be told to wait."""

    def hold_back(self) -> None: ...
    def go_on(self) -> None: ...


class Exchange:
    """`begin` tells what is coming, with the whole body where that was ready at once; else ask for chunks.

    `seconds` is the time that the query may take once it runs, `client` who asked; `stops` counts how often
    it had to make room.
    """

    __slots__ = (
        "_chunks", "_held", "_wakeup", "begin", "client", "digest", "error", "order", "over", "seconds",
        "since", "source", "stops", "text",
    )  # fmt: skip

    def __init__(self, text: str, order: bytes, client: str, seconds: float) -> None:
        loop = asyncio.get_running_loop()
        self.text, self.order, self.client, self.seconds = text, order, client, seconds
        self.begin: asyncio.Future[frames.Begin] = loop.create_future()
        self.since = loop.time()
        self.stops = 0
        self.digest = ""
        self.source: Source | None = None
        self.error: IsoglossError | None = None
        self.over = False
        self._chunks: deque[bytes] = deque()
        self._held = 0
        self._wakeup: asyncio.Future[None] | None = None

    def again(self, begun: float) -> Exchange:
        """The same query from its beginning, after it had to make room; till it was `begun` it had waited.

        What it has waited counts: nobody is kept for longer in all than once is bearable.
        """
        following = Exchange(self.text, self.order, self.client, self.seconds)
        following.since -= max(0.0, begun - self.since)
        following.stops = self.stops + 1
        return following

    @property
    def streaming(self) -> bool:
        """Whether a part of the answer has come, and not yet all of it."""
        return not self.over and self.begin.done()

    def take(self, kind: bytes, payload: bytes) -> frames.Begin | None:
        """A frame of the answer; gives back what it says of the worker."""
        if kind == frames.DATA:
            self._chunks.append(payload)
            self._held += len(payload)
            if self._held > HIGH_WATER and self.source is not None:
                self.source.hold_back()
        elif kind != frames.END:
            told = frames.to_begin(payload)
            self.over = kind == frames.ANSWER
            if not self.begin.done():
                self.begin.set_result(told)
            return told
        else:
            self.over = True
        self._wake()
        return None

    def fail(self, error: IsoglossError) -> None:
        """End with an error; chunks that came before it are worth nothing and are dropped."""
        if self.over:
            return
        self.error, self.over = error, True
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
            if self.over:
                return None
            self._wakeup = asyncio.get_running_loop().create_future()
            await self._wakeup
        chunk = self._chunks.popleft()
        self._held -= len(chunk)
        if self._held <= HIGH_WATER // 2 and self.source is not None and not self.over:
            self.source.go_on()
        return chunk

    def _wake(self) -> None:
        if self._wakeup is not None and not self._wakeup.done():
            self._wakeup.set_result(None)
