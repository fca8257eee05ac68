"""A query under way in a pool, from where it enters to its answer."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable

from .base import Answer
from .exchange import Exchange
from .opening import read_opening, resumed
from .pool import Pool


class InPool:
    """One query for `pool`; see `base.Underway`."""

    __slots__ = ("_entered", "_exchange", "_pool", "_started")

    def __init__(self, pool: Pool, exchange: Exchange) -> None:
        self._pool, self._exchange = pool, exchange
        self._started = time.perf_counter()
        self._entered = False

    def enter(self) -> bool:
        """Start it now; False if it has to wait for a place apart, EngineBusy if there is no room."""
        self._entered = self._pool.enter(self._exchange)
        return self._entered

    def when_begun(self, call: Callable[[], None]) -> None:
        self._exchange.begin.add_done_callback(lambda _: call())

    def whole(self) -> Answer | None:
        begin = self._exchange.begin
        if begin.exception() is not None or (body := begin.result().body) is None:
            return None
        return self._answer(_whole([body]), body)

    async def finish(self) -> Answer:
        self._exchange = await self._pool.run(self._exchange, entered=self._entered)
        body = self._exchange.begin.result().body
        if body is not None:
            return self._answer(_whole([body]), body)
        stream = self._pool.chunks(self._exchange)
        opening, ended = await read_opening(stream)
        if ended:
            return self._answer(_whole(opening), b"".join(opening))
        return self._answer(resumed(opening, stream), None)

    def give_up(self) -> None:
        self._pool.give_up(self._exchange)

    def _answer(self, chunks: AsyncGenerator[bytes, None], body: bytes | None) -> Answer:
        begin = self._exchange.begin.result()
        return Answer(
            begin.media_type,
            chunks,
            {"query": time.perf_counter() - self._started},
            volatile=begin.volatile,
            body=body,
            digest=self._exchange.digest,
        )


async def _whole(parts: list[bytes]) -> AsyncGenerator[bytes, None]:
    for part in parts:
        yield part
