"""Who runs when: a fast lane that nobody may block, a slow lane for what takes long, a deadline for all.

Every query starts in the fast lane. One that outstays its welcome while others are there moves, with its
process, to the slow lane, where processes run on what the fast lane leaves of the processor. If that has no
place for it, and somebody waits, it is stopped, and starts anew when its client's turn comes. Answers that a
client is still fetching have places of their own. So a lookup waits for a moment at most, whatever else is
computed.

Processes, and the memory that each may use, are bounded: at most `CREW_PER_WORKER`, `SLOW_PER_WORKER` and
`STREAMS_PER_WORKER` times `workers`.
"""

from __future__ import annotations

import asyncio
import gc
from collections import OrderedDict
from collections.abc import AsyncGenerator

from isogloss.errors import EngineBusy, EngineError, QueryTimeout

from . import sandbox
from .apart import Apart
from .base import Load
from .exchange import APART, MAKE_ROOM, Exchange, Outstayed
from .lane import STUCK, TOO_MUCH, WELCOME, FastLane
from .priority import Rank
from .process import Spec, Worker
from .roster import Roster

GLANCE = 0.015  # seconds after which a query that was never tried has to leave, where others wait for theirs
STALLED = 0.3  # seconds after which an answer is a long one whose client takes it slowly
HUNG = 5.0  # seconds after which a query is a long one even if it hardly had the processor
TICK = 0.005  # seconds between two looks at what is under way
LARGE = 1024 * 1024  # bytes of a query after which memory is given back to the system
KNOWN_SLOW = 1024  # texts remembered to go to the slow lane at once


class Pool:
    """Runs queries on processes that `roster` keeps ready, with room for `workers` in the fast lane."""

    def __init__(self, spec: Spec, workers: int) -> None:
        self.roster = Roster(spec, 2 * workers + 1)
        self._fast = FastLane(self.roster, workers, self._keep_looking)
        self._apart = Apart(self.roster, workers, self._keep_looking, self._fast.spared)
        self._known_slow: OrderedDict[int, None] = OrderedDict()
        self._next_look: asyncio.TimerHandle | None = None
        self._was_large = False

    @property
    def load(self) -> Load:
        """What is under way, and what waits for its turn or behind another query of its worker."""
        jobs = [len(worker.jobs) for worker in (*self._fast.crew, *self._apart.workers) if worker.jobs]
        waiting = self._fast.waiting + self._apart.waiting + sum(jobs) - len(jobs)
        return Load(len(jobs), waiting, len(self.roster.processes), self.roster.resident)

    def enter(self, exchange: Exchange) -> bool:
        """Start a query in the fast lane; False if that is no place for it, EngineBusy if it is full."""
        self._was_large |= len(exchange.order) > LARGE
        if exchange.stops >= APART or hash(exchange.text) in self._known_slow:
            return False
        self._fast.enter(exchange)
        if self._next_look is None:
            self._keep_looking()
        return True

    async def run(self, exchange: Exchange, *, entered: bool = False) -> Exchange:
        """Run a query, or one that has `entered`, to where its answer begins; raises what stopped it before.

        Gives back an exchange like the one that was handed in, perhaps another.
        """
        while True:
            try:
                if not entered and not self.enter(exchange):
                    await self._apart.start(exchange)
                entered = False
                await exchange.begin
            except Outstayed:
                worker = exchange.source
                exchange = exchange.again(worker.head_since if isinstance(worker, Worker) else exchange.since)
            except asyncio.CancelledError:
                self.give_up(exchange)
                raise
            else:
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
        if self._fast.crew or self._apart.workers or self._fast.crowded:
            self._keep_looking()
        elif self._was_large:
            self._was_large = False
            gc.collect()
            sandbox.give_back()

    def _keep_deadlines(self, now: float) -> None:
        for worker in [*self._fast.crew, *self._apart.workers]:
            head = worker.jobs[0] if worker.jobs else None
            if head is not None and now > worker.head_since + head.seconds:
                self._remember_slow(head)
                told = f"The query ran for {head.seconds:g} s and was stopped."
                worker.kill(QueryTimeout(told, seconds=head.seconds))

    def _make_room(self, now: float) -> None:
        """End what nobody waits for; while others are there, let what takes long leave the fast lane."""
        for worker in [*self._fast.crew, *self._apart.workers]:
            if not worker.jobs or now - worker.head_since < STUCK:
                continue
            head = worker.jobs[0]
            if head is None:
                if _has_outstayed(worker, now, WELCOME, STALLED):
                    worker.kill()
            elif worker not in self._apart:
                self._judge(worker, head, now)

    def _judge(self, worker: Worker, head: Exchange, now: float) -> None:
        """Whether a query of the fast lane has to go."""
        awaited = self._fast.is_awaited(head.client)
        untried = not (head.stops or head.streaming)
        if _has_outstayed(worker, now, WELCOME, STALLED if head.streaming else HUNG):
            if awaited or self._fast.crowded or len(self._fast.crew) > 1:
                self._fast.standing.took_long(head.client)
                self._move_out(worker, head, awaited)
        elif (
            awaited
            and untried
            and _has_outstayed(worker, now, GLANCE, HUNG)
            and not self._set_apart(worker, head, claim=False)
        ):
            worker.kill(Outstayed(MAKE_ROOM))

    def _move_out(self, worker: Worker, head: Exchange, awaited: bool) -> None:
        """Find a place for what takes long; where there is none, it may stay until others wait."""
        if head.streaming:
            self._move_out_stream(worker, head)
        elif self._set_apart(worker, head, claim=True):
            return
        elif not awaited:
            worker.take_rank(Rank.LAST)
        else:
            if worker.computed() > WELCOME / 2:
                self._remember_slow(head)
            head.stops = APART - 1
            worker.kill(Outstayed(MAKE_ROOM))

    def _move_out_stream(self, worker: Worker, head: Exchange) -> None:
        """Half an answer is no use to anybody: one is cut off only where another client needs its process."""
        free = self._set_apart(worker, head, claim=False) or self._fast.keeps(worker, head.client)
        if not free and not self._set_apart(worker, head, claim=True):
            worker.kill(EngineBusy(TOO_MUCH, retry_after=10))

    def _set_apart(self, worker: Worker, head: Exchange, *, claim: bool) -> bool:
        places = self._apart.place_for(head, claim=claim)
        if places is not None:
            self._fast.let_go(worker)
            self._apart.take_in(worker, places, head.client)
        return places is not None

    def _remember_slow(self, exchange: Exchange) -> None:
        self._known_slow[hash(exchange.text)] = None
        if len(self._known_slow) > KNOWN_SLOW:
            self._known_slow.popitem(last=False)


def _has_outstayed(worker: Worker, now: float, welcome: float, patience: float) -> bool:
    """Whether a query is a long one; on a busy machine it may just not have had the processor yet."""
    stayed, computed = now - worker.head_since, worker.computed()
    return stayed > patience or (stayed > welcome and computed > welcome / 2)
