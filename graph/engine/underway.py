"""A query under way in a pool, from where it enters to its answer."""

from __future__ import annotations

import time
from collections.abc import AsyncGenerator, Callable

from .base import Answer
from .exchange import Exchange
from .pool import Pool

PROLOGUE = (
    1024 * 1024
)  # bytes of an answer that are waited for, so that what fails early fails before it is sent


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
        prologue, ended = await _read_prologue(stream)
        if ended:
            return self._answer(_whole(prologue), b"".join(prologue))
        return self._answer(_rest(prologue, stream), None)

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


async def _read_prologue(stream: AsyncGenerator[bytes, None]) -> tuple[list[bytes], bool]:
    """The first chunks, and whether they are all; a query whose client goes away meanwhile is stopped."""
    parts: list[bytes] = []
    size = 0
    async for chunk in stream:
        parts.append(chunk)
        size += len(chunk)
        if size > PROLOGUE:
            return parts, False
    return parts, True


async def _whole(parts: list[bytes]) -> AsyncGenerator[bytes, None]:
    for part in parts:
        yield part


async def _rest(parts: list[bytes], stream: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    try:
        for part in parts:
            yield part
        async for chunk in stream:
            yield chunk
    finally:
        await stream.aclose()
