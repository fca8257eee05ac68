"""Who runs when: a fast lane that nobody may block, a slow lane for what takes long, a deadline for all.

Every query starts in the fast lane. One that outstays its welcome while others wait moves, with its process,
to the slow lane and yields the processor; if that is full its process is halted until there is room, and if
too many stand there already it is stopped, to start anew later. So a lookup waits for a moment at most,
whatever else is being computed.
"""

from __future__ import annotations

import asyncio
import gc
from collections import OrderedDict
from collections.abc import AsyncGenerator

from isogloss.errors import EngineBusy, EngineError, QueryTimeout

from . import sandbox
from .exchange import Exchange
from .lane import PATIENCE, TOO_MUCH, FastLane
from .process import Spec, Worker
from .queue import FairQueue
from .roster import Roster

WELCOME = 0.1  # seconds in the fast lane that nobody is asked to leave it
PARKED_PER_WORKER = 4  # queries that stand still, with their memory, until the slow lane has room
EVICTION = 0.5  # seconds after which a query is stopped that finds no place to park, to start anew later
TICK = 0.005  # seconds between two looks at what is under way
STREAMS_PER_WORKER = 4  # answers that clients are still fetching, beside the lanes
QUEUE_PER_WORKER = 128
LARGE = 1024 * 1024  # bytes of a query after which memory is given back to the system
KNOWN_SLOW = 1024  # texts remembered to go to the slow lane at once


class Outstayed(EngineError):
    """A query had to make room; never leaves this module."""


class Pool:
    """`workers` queries at a time in each lane, on processes that `roster` keeps ready."""

    def __init__(self, spec: Spec, workers: int) -> None:
        self.roster = Roster(spec, workers + 1)
        self._fast = FastLane(self.roster, workers, self._keep_looking)
        self._slow = FairQueue(workers, QUEUE_PER_WORKER * workers)
        self._parked = FairQueue(PARKED_PER_WORKER * workers, 0)
        self._streams = FairQueue(STREAMS_PER_WORKER * workers, 0)
        self._apart: dict[Worker, _Stay] = {}
        self._known_slow: OrderedDict[int, None] = OrderedDict()
        self._next_look: asyncio.TimerHandle | None = None
        self._was_large = False

    async def run(self, exchange: Exchange) -> Exchange:
        """Run a query to the point where its answer begins; raises what stopped it before.

        Gives back an exchange like the one that was handed in, perhaps another.
        """
        self._was_large |= len(exchange.order) > LARGE
        if hash(exchange.text) in self._known_slow:
            return await self._run_apart(exchange)
        self._fast.enter(exchange)
        if self._next_look is None:
            self._keep_looking()
        try:
            await exchange.begin
        except Outstayed:
            again = Exchange(exchange.text, exchange.order, exchange.client, exchange.seconds)
            return await self._run_apart(again)
        except asyncio.CancelledError:
            self.give_up(exchange)
            raise
        return exchange

    async def chunks(self, exchange: Exchange) -> AsyncGenerator[bytes, None]:
        """The answer; closing it early stops the query."""
        try:
            while (chunk := await exchange.next_chunk()) is not None:
                yield chunk
        finally:
            self.give_up(exchange)

    def give_up(self, exchange: Exchange) -> None:
        """Stop a query that nobody waits for any more; one that is over is left alone."""
        if exchange.over:
            return
        worker = exchange.source
        if not isinstance(worker, Worker):
            self._fast.leave(exchange)
        elif exchange.streaming or worker in self._apart:
            worker.kill()
        else:
            worker.give_up(exchange)  # the fast lane ends it if it takes long
        exchange.fail(EngineError("The query was given up."))

    async def _run_apart(self, exchange: Exchange) -> Exchange:
        try:
            async with asyncio.timeout(PATIENCE):
                await self._slow.acquire(exchange.client)
        except TimeoutError as error:
            raise EngineBusy(TOO_MUCH, retry_after=10) from error
        try:
            worker = await self.roster.take()
        except BaseException:
            self._slow.release()
            raise
        worker.yield_to_others()
        self._set_apart(worker, self._slow)
        worker.serve(exchange)
        try:
            await exchange.begin
        except asyncio.CancelledError:
            self.give_up(exchange)
            raise
        return exchange

    def _set_apart(self, worker: Worker, place: FairQueue) -> None:
        self._apart[worker] = _Stay(place)
        self.roster.send_away(worker)
        worker.owner = self
        self._keep_looking()

    def freed(self, worker: Worker) -> None:
        if worker.jobs:
            return  # what was withdrawn, and is skipped in a moment
        stay = self._apart.pop(worker)
        stay.end()
        self.roster.give_back(worker)

    def lost(self, worker: Worker, orphans: list[Exchange]) -> None:
        self._apart.pop(worker).end()
        self.roster.give_back(worker)

    def refresh(self) -> None:
        """Let go of workers whose snapshot serves no longer, as they come to rest."""
        self._fast.pump()

    def _keep_looking(self) -> None:
        if self._next_look is None:
            self._next_look = asyncio.get_running_loop().call_later(TICK, self._look)

    def _look(self) -> None:
        """Deadlines, and who has to make room: for all queries at once, which is cheaper than timers."""
        self._next_look = None
        now = asyncio.get_running_loop().time()
        for worker in [*self._fast.crew, *self._apart]:
            stay = self._apart.get(worker)
            head = worker.jobs[0] if worker.jobs else None
            if head is not None and now > worker.head_since + head.seconds and not (stay and stay.parking):
                told = f"The query ran for {head.seconds:g} s and was stopped."
                worker.kill(QueryTimeout(told, seconds=head.seconds))
        self._fast.relieve(now)
        if self._fast.crowded:
            self._make_room(now)
        if self._fast.crew or self._apart or self._fast.crowded:
            self._keep_looking()
        elif self._was_large:
            self._was_large = False
            gc.collect()
            sandbox.give_back()

    def _make_room(self, now: float) -> None:
        """Move those out of the fast lane that have been there for long, the longest first."""
        for worker in sorted(self._fast.crew, key=lambda each: each.head_since):
            head = worker.jobs[0] if worker.jobs else None
            stayed = now - worker.head_since
            if head is None or stayed < WELCOME:
                continue
            if (place := self._place_for(head)) is not None:
                self._move(worker, place)
            elif not head.streaming and self._parked.try_acquire():
                self._move(worker, self._parked)
                worker.halt()
                stay = self._apart[worker]
                stay.parking = asyncio.get_running_loop().create_task(self._wait_for_room(worker, head, now))
            elif not head.streaming and stayed > EVICTION:
                self._remember_slow(head)
                worker.kill(Outstayed("The query has to make room."))

    def _move(self, worker: Worker, place: FairQueue) -> None:
        self._set_apart(worker, place)
        worker.yield_to_others()
        self._fast.let_go(worker)

    def _place_for(self, head: Exchange) -> FairQueue | None:
        """A place in the slow lane, or among the streams for an answer that is being fetched."""
        places = (self._slow, self._streams) if head.streaming else (self._slow,)
        return next((place for place in places if place.try_acquire()), None)

    async def _wait_for_room(self, worker: Worker, head: Exchange, since: float) -> None:
        """Halted, the query's clock stands still too; it goes on in the slow lane."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._slow.acquire(head.client)
        except (TimeoutError, EngineBusy):
            self._apart[worker].parking = None
            worker.kill(EngineBusy(TOO_MUCH, retry_after=10))
            return
        self._parked.release()
        self._apart[worker] = _Stay(self._slow)
        worker.head_since += asyncio.get_running_loop().time() - since
        worker.resume()

    def _remember_slow(self, exchange: Exchange) -> None:
        self._known_slow[hash(exchange.text)] = None
        if len(self._known_slow) > KNOWN_SLOW:
            self._known_slow.popitem(last=False)


class _Stay:
    """The stay of a worker outside the fast lane: the place that it holds, and whether it waits for one."""

    def __init__(self, place: FairQueue) -> None:
        self._place = place
        self.parking: asyncio.Task[None] | None = None

    def end(self) -> None:
        if self.parking is not None:
            self.parking.cancel()
        self._place.release()
