"""The memory of answers: a snapshot never changes, so neither does the answer to a query on it."""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import re
from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, field

import msgspec

from isogloss.errors import EngineBusy, IsoglossError

from .base import Answer, QueryRequest, Underway
from .packed import Packer, unpacked

OVERHEAD = 1000  # bytes that an entry takes beside its body and its key
NAME = 100  # bytes that each name in a key takes beside its characters
PACKING = 4  # answers that are packed at a time as they go by
_MAY_CHANGE = re.compile(r"rand|now|uuid|bnode|\\u")  # in a text of small letters


class Key(msgspec.Struct, frozen=True):
    """All that decides on an answer: the data, and the query without what only says how it is run."""

    digest: str
    text: str
    names: tuple[tuple[str, ...], ...]  # formats, default graphs, named graphs
    trusted: bool

    @property
    def size(self) -> int:
        """At most so many bytes of memory."""
        return 4 * len(self.text) + sum(4 * len(name) + NAME for part in self.names for name in part)


Asked = tuple[Key, float | None]  # with the seconds that it may take


@dataclass(slots=True)
class _Flight:
    """A query under way that others wait for; `abandoned` if nobody knows yet what would come of it."""

    memory: AnswerMemory
    asked: Asked
    landed: asyncio.Event = field(default_factory=asyncio.Event)
    entry: _Entry | None = None
    error: IsoglossError | None = None
    abandoned: bool = True

    def bring(self, answer: Answer) -> Answer:
        """Keep the answer for all who wait, as far as it may be kept."""
        answer, self.entry = self.memory.taken(self.asked[0], answer)
        self.abandoned = False
        return answer

    def land(self) -> None:
        """Let those who wait go on; if nothing was brought, one of them takes over."""
        del self.memory.flights[self.asked]
        self.landed.set()

    async def follow(self, run: Awaitable[Answer]) -> Answer:
        """Run it for all who wait; if its own client leaves, or has no more room, another takes over."""
        try:
            return self.bring(await run)
        except EngineBusy:
            raise
        except IsoglossError as error:
            self.error = error
            raise
        finally:
            self.land()


class _Leading:
    """A query under way on which others may wait; see `base.Underway`."""

    __slots__ = ("_flight", "_underway")

    def __init__(self, flight: _Flight, underway: Underway) -> None:
        self._flight, self._underway = flight, underway

    def when_begun(self, call: Callable[[], None]) -> None:
        self._underway.when_begun(call)

    def whole(self) -> Answer | None:
        answer = self._underway.whole()
        if answer is None:
            return None
        try:
            return self._flight.bring(answer)
        finally:
            self._flight.land()

    async def finish(self) -> Answer:
        return await self._flight.follow(self._underway.finish())

    def give_up(self) -> None:
        self._underway.give_up()
        self._flight.land()


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
        self.flights: dict[Asked, _Flight] = {}
        self._clock = 0.0
        self._count = self._packing = 0
        self.size = self.hits = self.misses = 0

    async def answer(
        self, digest: str, request: QueryRequest, run: Callable[[], Awaitable[Answer]]
    ) -> Answer:
        """The kept answer, or that of an identical query under way, or what `run` gives."""
        if not digest or not self.limit:
            return await run()
        key = _key(digest, request)
        if (entry := self._entries.get(key)) is not None:
            return self._hit(entry)
        self.misses += 1
        if _MAY_CHANGE.search(request.text.casefold()):
            return self.taken(key, await run())[0]
        asked = (key, request.timeout)
        while (flight := self.flights.get(asked)) is not None:
            await flight.landed.wait()
            if flight.error is not None:
                raise flight.error
            if flight.entry is not None:
                return _again(flight.entry)
            if not flight.abandoned:
                return await run()
        return await self._depart(asked).follow(run())

    def begin(
        self, digest: str, request: QueryRequest, start: Callable[[], Underway | None]
    ) -> Answer | Underway | None:
        """The kept answer, or what `start` gives; None where `answer` has to find out more, or to wait."""
        if not digest or not self.limit:
            return start()
        key = _key(digest, request)
        if (entry := self._entries.get(key)) is not None:
            return self._hit(entry) if entry.answer.body is not None else None
        asked = (key, request.timeout)
        if asked in self.flights or _MAY_CHANGE.search(request.text.casefold()):
            return None
        underway = start()
        if underway is None:
            return None
        self.misses += 1
        return _Leading(self._depart(asked), underway)

    def _depart(self, asked: Asked) -> _Flight:
        flight = self.flights[asked] = _Flight(self, asked)
        return flight

    def _hit(self, entry: _Entry) -> Answer:
        entry.priority = self._clock + entry.worth
        self.hits += 1
        return _again(entry)

    def taken(self, key: Key, answer: Answer) -> tuple[Answer, _Entry | None]:
        """The answer, which is kept if it may be, and what others can be given at once."""
        if answer.volatile or answer.digest != key.digest:
            return answer, None
        if answer.body is None:
            return (self._packed_on_the_way(key, answer) if self._packing < PACKING else answer), None
        entry = _entry(key, answer, answer.body, answer.timings.get("query", 0.0))
        self._keep(key, entry)
        return answer, entry

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
        if entry.size > self.limit // 8:
            return
        known = self._entries.pop(key, None)
        self.size += entry.size - (known.size if known else 0)
        entry.priority = self._clock + entry.worth
        self._entries[key] = entry
        if known is None:
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


def _key(digest: str, request: QueryRequest) -> Key:
    names = (request.accept, request.default_graphs, request.named_graphs)
    return Key(digest, request.text, names, request.trusted)


def _entry(key: Key, answer: Answer, body: bytes, seconds: float) -> _Entry:
    size = len(body) + key.size + OVERHEAD
    return _Entry(answer, body, size, seconds / size)


def _again(entry: _Entry) -> Answer:
    chunks = _whole(entry.body) if entry.answer.body is not None else _unpacked(entry.body)
    return msgspec.structs.replace(entry.answer, chunks=chunks, timings={}, cached=True)


async def _whole(body: bytes) -> AsyncGenerator[bytes, None]:
    yield body


async def _unpacked(packed: bytes) -> AsyncGenerator[bytes, None]:
    for piece in unpacked(packed):
        yield piece
