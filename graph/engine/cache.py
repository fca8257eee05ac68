"""The memory of answers: a snapshot never changes, so neither does the answer to a query on it."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass

import msgspec

from isogloss.errors import IsoglossError

from .base import Answer, QueryRequest
from .packed import Packer, unpacked

Key = tuple[object, ...]

OVERHEAD = 1000  # bytes that an entry takes beside its body and its text
PACKING = 4  # answers that are packed at a time as they go by
_MAY_CHANGE = re.compile(r"rand|now|uuid|bnode|\\u", re.IGNORECASE)


@dataclass(slots=True)
class _Entry:
    """`body` is packed where the answer has none, which came in parts."""

    answer: Answer
    body: bytes
    size: int
    worth: float  # seconds saved by each byte kept
    priority: float = 0.0


class AnswerMemory:
    """Keeps up to `limit` bytes of complete answers, those that cost most time for their size the longest.

    Those that come in parts are kept packed. Identical queries that are asked at once run once, as far as
    their answers are complete before they are given. The rule for what goes is Greedy-Dual-Size: an entry's
    priority is its worth above the priority of the last one that had to go, so what is not asked for ages.
    """

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._entries: dict[Key, _Entry] = {}
        self._order: list[tuple[float, int, Key]] = []
        self._flights: dict[Key, asyncio.Future[_Entry | None]] = {}
        self._clock = 0.0
        self._count = self._packing = 0
        self.size = self.hits = self.misses = 0

    async def answer(
        self, digest: str, request: QueryRequest, run: Callable[[], Awaitable[Answer]]
    ) -> Answer:
        """The kept answer, or that of an identical query under way, or what `run` gives."""
        if not digest or not self.limit:
            return await run()
        key = (
            digest,
            request.text,
            request.accept,
            request.default_graphs,
            request.named_graphs,
            request.trusted,
        )
        entry = self._entries.get(key)
        if entry is not None:
            entry.priority = self._clock + entry.worth
            self.hits += 1
            return _again(entry)
        self.misses += 1
        if _MAY_CHANGE.search(request.text):
            return await self._run_and_keep(key, run, None)
        flight_key = (*key, request.timeout)
        flight = self._flights.get(flight_key)
        if flight is not None:
            shared = await asyncio.shield(flight)
            return _again(shared) if shared else await run()
        self._flights[flight_key] = flight = asyncio.get_running_loop().create_future()
        try:
            return await self._run_and_keep(key, run, flight)
        finally:
            del self._flights[flight_key]
            if not flight.done():
                flight.set_result(None)

    async def _run_and_keep(
        self, key: Key, run: Callable[[], Awaitable[Answer]], flight: asyncio.Future[_Entry | None] | None
    ) -> Answer:
        try:
            answer = await run()
        except IsoglossError as error:
            if flight is not None:
                flight.set_exception(error)
                flight.exception()  # there may be nobody who waits for it
            raise
        if answer.volatile or answer.digest != key[0]:
            return answer
        if answer.body is None:
            return self._packed_on_the_way(key, answer) if self._packing < PACKING else answer
        entry = _entry(key, answer, answer.body, answer.timings.get("query", 0.0))
        if flight is not None:
            flight.set_result(entry)
        if entry.size <= self.limit // 8:
            self._keep(key, entry)
        return answer

    def _packed_on_the_way(self, key: Key, answer: Answer) -> Answer:
        return msgspec.structs.replace(answer, chunks=self._pack(key, answer))

    async def _pack(self, key: Key, answer: Answer) -> AsyncGenerator[bytes, None]:
        """The chunks of the answer; once the last has gone, all of them are kept."""
        packer = Packer(self.limit // 8)
        until_first = 0
        self._packing += 1
        try:
            async with contextlib.aclosing(answer.chunks) as chunks:
                async for chunk in chunks:
                    packer.feed(chunk)
                    until_first = until_first or packer.total
                    yield chunk
        finally:
            self._packing -= 1
        body = packer.finish()
        if body is not None:
            took = answer.timings.get("query", 0.0) * packer.total / max(1, until_first)
            self._keep(key, _entry(key, msgspec.structs.replace(answer, chunks=_whole(b"")), body, took))

    def _keep(self, key: Key, entry: _Entry) -> None:
        known = self._entries.pop(key, None)
        self.size += entry.size - (known.size if known else 0)
        entry.priority = self._clock + entry.worth
        self._entries[key] = entry
        self._count += 1
        heapq.heappush(self._order, (entry.priority, self._count, key))
        while self.size > self.limit:
            self._drop_least()

    def _drop_least(self) -> None:
        priority, count, key = heapq.heappop(self._order)
        entry = self._entries.get(key)
        if entry is None:
            return
        if entry.priority > priority:
            heapq.heappush(self._order, (entry.priority, count, key))
            return
        self._clock = priority
        self.size -= entry.size
        del self._entries[key]


def _entry(key: Key, answer: Answer, body: bytes, seconds: float) -> _Entry:
    size = len(body) + 4 * len(str(key[1])) + OVERHEAD
    return _Entry(answer, body, size, seconds / size)


def _again(entry: _Entry) -> Answer:
    chunks = _whole(entry.body) if entry.answer.body is not None else _unpacked(entry.body)
    return msgspec.structs.replace(entry.answer, chunks=chunks, timings={}, cached=True)


async def _whole(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body


async def _unpacked(packed: bytes) -> AsyncGenerator[bytes, None]:
    for piece in unpacked(packed):
        yield piece
