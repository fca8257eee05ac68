"""Who runs when: a fast lane that nobody may block, a slow lane for what takes long, a deadline for all.

Every query starts in the fast lane. One that outstays its welcome while others are there moves, with its
process, to the slow lane, where processes run on what the fast lane leaves of the processor. If that has no
place for it, it is stopped, and starts anew when its client's turn there comes. Answers that a client is
still fetching have places of their own. So a lookup waits for a moment at most, whatever else is computed.

Processes, and the memory that each may use, are bounded: at most `CREW_PER_WORKER`, `SLOW_PER_WORKER` and
`STREAMS_PER_WORKER` times `workers`, and half of the last two for one client.
"""

from __future__ import annotations

import asyncio
import gc
from collections import OrderedDict
from collections.abc import AsyncGenerator

from isogloss.errors import EngineBusy, EngineError, QueryTimeout

from . import sandbox
from .exchange import Exchange
from .lane import PATIENCE, STUCK, TOO_MUCH, WELCOME, FastLane
from .process import Spec, Worker
from .queue import Places
from .roster import Roster

SLOW_PER_WORKER = 2
STREAMS_PER_WORKER = 4
QUEUE_PER_WORKER = 128
STARVED = 0.3  # seconds after which a query is a long one even if it hardly had the processor
TICK = 0.005  # seconds between two looks at what is under way
LARGE = 1024 * 1024  # bytes of a query after which memory is given back to the system
KNOWN_SLOW = 1024  # texts remembered to go to the slow lane at once


class Outstayed(EngineError):
    """A query had to make room; never leaves this module."""


class Pool:
    """Runs queries on processes that `roster` keeps ready, with room for `workers` in the fast lane."""

    def __init__(self, spec: Spec, workers: int) -> None:
        self.roster = Roster(spec, 2 * workers + 1)
        self._fast = FastLane(self.roster, workers, self._keep_looking)
        self._slow = Places(SLOW_PER_WORKER * workers, QUEUE_PER_WORKER * workers)
        self._streams = Places(STREAMS_PER_WORKER * workers, 0)
        self._apart: dict[Worker, tuple[Places, str]] = {}
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
        elif worker.runs(exchange) and (exchange.streaming or worker in self._apart):
            worker.kill()
        else:
            worker.give_up(exchange)  # it is stopped if it takes long
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
            self._slow.release(exchange.client)
            raise
        self._set_apart(worker, self._slow, exchange.client)
        worker.serve(exchange)
        try:
            await exchange.begin
        except asyncio.CancelledError:
            self.give_up(exchange)
            raise
        return exchange

    def _set_apart(self, worker: Worker, places: Places, client: str) -> None:
        """Let a worker run in a place that its client has taken."""
        worker.yield_to_others()
        self._apart[worker] = (places, client)
        self.roster.send_away(worker)
        worker.owner = self
        self._keep_looking()

    def freed(self, worker: Worker, done: Exchange | None, seconds: float) -> None:
        if worker.jobs:
            return  # what was withdrawn, and is skipped in a moment
        self._come_back(worker)

    def lost(self, worker: Worker, orphans: list[Exchange]) -> None:
        self._come_back(worker)

    def _come_back(self, worker: Worker) -> None:
        places, client = self._apart.pop(worker)
        self.roster.give_back(worker)
        places.release(client)

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
        self._keep_deadlines(now)
        self._fast.relieve(now)
        self._make_room(now)
        if self._fast.crew or self._apart or self._fast.crowded:
            self._keep_looking()
        elif self._was_large:
            self._was_large = False
            gc.collect()
            sandbox.give_back()

    def _keep_deadlines(self, now: float) -> None:
        for worker in [*self._fast.crew, *self._apart]:
            head = worker.jobs[0] if worker.jobs else None
            if head is not None and now > worker.head_since + head.seconds:
                self._remember_slow(head)
                told = f"The query ran for {head.seconds:g} s and was stopped."
                worker.kill(QueryTimeout(told, seconds=head.seconds))

    def _make_room(self, now: float) -> None:
        """End what nobody waits for; while others are there, let what takes long leave the fast lane."""
        others = self._fast.crowded or len(self._fast.crew) > 1
        for worker in [*self._fast.crew, *self._apart]:
            if not worker.jobs or now - worker.head_since < STUCK:
                continue
            head, long = worker.jobs[0], _has_outstayed(worker, now)
            if head is None and long:
                worker.kill()
            elif head is not None and long and others and worker not in self._apart:
                self._move_out(worker, head)

    def _move_out(self, worker: Worker, head: Exchange) -> None:
        self._fast.standing.took_long(head.client)
        places = self._place_for(head)
        if places is not None:
            self._fast.let_go(worker)
            self._set_apart(worker, places, head.client)
        elif head.streaming:
            if not self._fast.keeps(worker, head.client):  # half an answer is no use to anybody
                worker.kill(EngineBusy(TOO_MUCH, retry_after=10))
        else:
            self._remember_slow(head)
            worker.kill(Outstayed("The query has to make room."))

    def _place_for(self, head: Exchange) -> Places | None:
        """A place in the slow lane, or first among the streams for an answer that is being fetched."""
        choice = (self._streams, self._slow) if head.streaming else (self._slow,)
        return next((places for places in choice if places.try_acquire(head.client)), None)

    def _remember_slow(self, exchange: Exchange) -> None:
        self._known_slow[hash(exchange.text)] = None
        if len(self._known_slow) > KNOWN_SLOW:
            self._known_slow.popitem(last=False)


def _has_outstayed(worker: Worker, now: float) -> bool:
    """Whether a query is a long one; on a busy machine it may just not have had the processor yet."""
    stayed, computed = now - worker.head_since, worker.computed()
    return stayed > STARVED or (stayed > WELCOME and computed > WELCOME / 2)
