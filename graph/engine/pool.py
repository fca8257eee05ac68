"""Who runs when: a fast lane that nobody may block, a slow lane for what takes long, a deadline for all.

Every query starts in the fast lane. One that outstays its welcome while others wait moves, with its process,
to the slow lane and yields the processor; if that is full its process is halted until there is room, and if
too many stand there already it is stopped, to start anew later. So a lookup waits for a moment at most,
whatever else is being computed.
"""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import AsyncGenerator
from typing import Any

from isogloss.errors import EngineBusy, EngineError, QueryTimeout

from .process import Exchange, Spec, Worker
from .queue import FairQueue
from .roster import Roster

WELCOME = 0.1  # seconds in the fast lane that nobody is asked to leave it
PARKED_PER_WORKER = 4  # queries that stand still, with their memory, until the slow lane has room
EVICTION = 0.5  # seconds after which a query is stopped that finds no place to park, to start anew later
RECHECK = 0.05
STREAMS_PER_WORKER = 4  # answers that clients are still fetching, beside the lanes
QUEUE_PER_WORKER = 128
PATIENCE = 30.0  # seconds that a query waits for its turn before it is told to come back
KNOWN_SLOW = 1024  # texts remembered to go to the slow lane at once
TOO_MUCH = "The service is working on too much else; try again later."


class Outstayed(EngineError):
    """A query had to make room; never leaves this module."""


class Run:
    """One query under way: `begin` is the worker's word on what is coming, `chunks` the answer."""

    def __init__(self, pool: Pool, worker: Worker, lane: FairQueue, client: str, timeout: float) -> None:
        self._pool, self._worker, self._lane, self._timeout = pool, worker, lane, timeout
        self._client = client
        self._loop = asyncio.get_running_loop()
        self._timers: list[asyncio.TimerHandle] = []
        self._ended = False
        self._parking: asyncio.Task[None] | None = None
        self.digest = worker.spec.digest
        self.begin: dict[str, Any] = {}
        self.exchange: Exchange

    async def go(self, order: dict[str, Any]) -> None:
        """Hand the query over and wait until its answer begins."""
        self._started = self._loop.time()
        self.exchange = self._worker.serve(order)
        self._deadline = self._started + self._timeout
        self._timers = [self._loop.call_at(self._deadline, self._expire)]
        if self._lane is self._pool.fast:
            self._timers.append(self._loop.call_later(WELCOME, self._outstay, order))
        try:
            self.begin = await self.exchange.begin
        except BaseException:
            self.end()
            raise

    async def chunks(self) -> AsyncGenerator[bytes, None]:
        """The answer; closing it early stops the query."""
        try:
            while (chunk := await self.exchange.next_chunk()) is not None:
                yield chunk
        finally:
            self.end()

    def end(self) -> None:
        """Give back what the query holds; one that is still running is stopped with its process."""
        if self._ended:
            return
        self._ended = True
        for timer in self._timers:
            timer.cancel()
        if self._parking is not None:
            self._parking.cancel()
        if not self.exchange.over:
            self._worker.kill()
        self._pool.roster.give_back(self._worker)
        self._lane.release()

    def _expire(self) -> None:
        seconds = self._timeout
        self._worker.kill(QueryTimeout(f"The query ran for {seconds:g} s and was stopped.", seconds=seconds))

    def _outstay(self, order: dict[str, Any]) -> None:
        """Make room in the fast lane if somebody waits for it; look again in a moment if not."""
        pool, streaming = self._pool, self.exchange.begin.done()
        if self.exchange.over:
            return
        if pool.fast.waiting:
            lane = self._other_lane(streaming)
            if lane is not None:
                self._change_to(lane)
                return
            if not streaming and pool.parked.try_acquire():
                self._change_to(pool.parked)
                self._worker.halt()
                self._parking = self._loop.create_task(self._wait_for_room())
                return
            if not streaming and self._loop.time() - self._started > EVICTION:
                pool.remember_slow(order)
                self._worker.kill(Outstayed("The query has to make room."))
                return
        self._timers = [self._timers[0], self._loop.call_later(RECHECK, self._outstay, order)]

    def _change_to(self, lane: FairQueue) -> None:
        self._lane.release()
        self._lane = lane
        self._worker.yield_to_others()

    async def _wait_for_room(self) -> None:
        """Halted, the query's clock stands still too; it goes on in the slow lane."""
        left = self._deadline - self._loop.time()
        self._timers[0].cancel()
        try:
            async with asyncio.timeout(PATIENCE):
                await self._pool.slow.acquire(self._client)
        except (TimeoutError, EngineBusy):
            self._worker.kill(EngineBusy(TOO_MUCH, retry_after=10))
            return
        self._lane.release()
        self._lane = self._pool.slow
        self._worker.resume()
        self._timers = [self._loop.call_later(left, self._expire)]

    def _other_lane(self, streaming: bool) -> FairQueue | None:
        """A place in the slow lane, or among the streams for an answer that is being fetched."""
        lanes = (self._pool.slow, self._pool.streams) if streaming else (self._pool.slow,)
        return next((lane for lane in lanes if lane.try_acquire()), None)


class Pool:
    """`workers` queries at a time in each lane, on processes that `roster` keeps ready."""

    def __init__(self, spec: Spec, workers: int) -> None:
        self.roster = Roster(spec, workers + 1)
        self.fast = FairQueue(workers, QUEUE_PER_WORKER * workers)
        self.slow = FairQueue(workers, QUEUE_PER_WORKER * workers)
        self.parked = FairQueue(PARKED_PER_WORKER * workers, 0)
        self.streams = FairQueue(STREAMS_PER_WORKER * workers, 0)
        self._known_slow: OrderedDict[int, None] = OrderedDict()

    async def run(self, order: dict[str, Any], client: str, seconds: float) -> Run:
        """Run a query to the point where its answer begins; raises what stopped it before."""
        if hash(order["text"]) not in self._known_slow:
            run = await self._enter(self.fast, client, seconds)
            try:
                await run.go(order)
            except Outstayed:
                pass
            else:
                return run
        run = await self._enter(self.slow, client, seconds)
        await run.go(order)
        return run

    def remember_slow(self, order: dict[str, Any]) -> None:
        self._known_slow[hash(order["text"])] = None
        if len(self._known_slow) > KNOWN_SLOW:
            self._known_slow.popitem(last=False)

    async def _enter(self, lane: FairQueue, client: str, seconds: float) -> Run:
        if not lane.try_acquire():
            try:
                async with asyncio.timeout(PATIENCE):
                    await lane.acquire(client)
            except TimeoutError as error:
                raise EngineBusy(TOO_MUCH, retry_after=10) from error
        try:
            worker = await self.roster.take()
        except BaseException:
            lane.release()
            raise
        if lane is self.slow:
            worker.yield_to_others()
        return Run(self, worker, lane, client, seconds)
