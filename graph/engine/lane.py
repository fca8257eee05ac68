"""The fast lane: short queries, several lined up on each worker, so that no worker waits for the next one.

What is lined up behind a query that takes long is taken back and given to somebody else.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable

from isogloss.errors import EngineBusy, EngineError

from .exchange import Exchange
from .process import Worker
from .queue import FairLine
from .roster import Roster

DEPTH = 8  # queries lined up on one worker
STUCK = 0.01  # seconds after which nobody else has to wait behind a query
LONG = 0.05  # seconds after which another worker steps in for the one that runs it
UNWANTED = 0.25  # seconds that a query may run on which nobody waits for
QUEUE_PER_WORKER = 128
PATIENCE = 30.0  # seconds that a query waits for its turn before it is told to come back
TOO_MUCH = "The service is working on too much else; try again later."


class FastLane:
    """`workers` processes that are quick, and one more for a moment where one has got stuck."""

    def __init__(self, roster: Roster, workers: int, wake: Callable[[], None]) -> None:
        self._roster, self._workers, self._wake = roster, workers, wake
        self._waiting: FairLine[Exchange] = FairLine(QUEUE_PER_WORKER * workers)
        self._urgent: deque[Exchange] = deque()
        self._coming: set[asyncio.Task[None]] = set()
        self.crew: list[Worker] = []

    @property
    def crowded(self) -> bool:
        """Whether a query waits that no worker has room for."""
        return bool(self._urgent or self._waiting)

    def enter(self, exchange: Exchange) -> None:
        """Run it as soon as there is room; EngineBusy if too many wait already."""
        worker = None if self.crowded else self._room()
        if worker is not None:
            worker.serve(exchange)
            return
        self._waiting.push(exchange.client, exchange)
        self.pump()
        self._wake()

    def leave(self, exchange: Exchange) -> None:
        """Forget one that waits."""
        if not self._waiting.remove(exchange.client, exchange) and exchange in self._urgent:
            self._urgent.remove(exchange)

    def let_go(self, worker: Worker) -> None:
        """Leave a worker to somebody else, with what it runs now; what it has not begun stays here."""
        self._urgent.extend(worker.withdraw())
        self.crew.remove(worker)
        self.pump()

    def relieve(self, now: float) -> None:
        """Take back what waits behind a stuck query; end a stuck one that nobody waits for."""
        for worker in [*self.crew]:
            if worker.jobs and self._is_stuck(worker, now):
                self._urgent.extend(worker.withdraw())
                if worker.jobs[0] is None and now - worker.head_since > UNWANTED:
                    worker.kill()
        for late in self._waiting.take_out(lambda each: now - each.since > PATIENCE):
            late.fail(EngineBusy(TOO_MUCH, retry_after=10))
        self.pump()

    def pump(self) -> None:
        """Hand out what waits, as far as there is room."""
        while self.crowded:
            worker = self._room()
            if worker is None:
                return
            exchange = self._urgent.popleft() if self._urgent else self._waiting.pop()
            if exchange is not None and not exchange.over:
                worker.serve(exchange)

    def freed(self, worker: Worker) -> None:
        self.pump()
        if not worker.jobs and worker in self.crew:
            self.crew.remove(worker)
            self._roster.give_back(worker)

    def lost(self, worker: Worker, orphans: list[Exchange]) -> None:
        self._urgent.extendleft(reversed(orphans))
        if worker in self.crew:
            self.crew.remove(worker)
            self._roster.give_back(worker)
        self.pump()

    def _room(self) -> Worker | None:
        """The worker with the shortest line, one more if all are busy and there may be more."""
        now = asyncio.get_running_loop().time()
        best, quick = None, 0
        for worker in self.crew:
            if worker.jobs and self._is_stuck(worker, now):
                quick += now - worker.head_since < LONG
                continue
            quick += 1
            if len(worker.jobs) < DEPTH and (best is None or len(worker.jobs) < len(best.jobs)):
                best = worker
        if quick < self._workers and len(self.crew) <= self._workers and (best is None or best.jobs):
            return self._call_in() or best
        return best

    def _call_in(self) -> Worker | None:
        worker = self._roster.take_idle()
        if worker is None:
            if len(self.crew) + len(self._coming) < self._workers:
                task = asyncio.get_running_loop().create_task(self._await_one())
                self._coming.add(task)
                task.add_done_callback(self._coming.discard)
            return None
        worker.owner = self
        self.crew.append(worker)
        return worker

    async def _await_one(self) -> None:
        try:
            worker = await self._roster.take()
        except EngineError as error:
            for exchange in [*self._urgent, *self._waiting.take_out(lambda _: True)]:
                exchange.fail(error)
            self._urgent.clear()
            return
        worker.owner = self
        self.crew.append(worker)
        self.freed(worker)

    def _is_stuck(self, worker: Worker, now: float) -> bool:
        head = worker.jobs[0]
        return now - worker.head_since > STUCK or (head is not None and head.streaming)
