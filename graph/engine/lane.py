"""The fast lane: short queries, several lined up on each worker, so that no worker waits for the next one.

What is lined up behind a query that takes long is taken back and given to somebody else. A stranger's query
is a trial: it has a worker to itself, with nothing behind it, and few trials run at a time. So those who are
known to ask what is quick always find a worker, however many strangers arrive with queries that never end.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from isogloss.errors import EngineBusy, EngineError

from .exchange import Exchange
from .process import Worker
from .queue import FairLine
from .roster import Roster
from .standing import Standing

DEPTH = 8  # queries lined up on one worker
STUCK = 0.01  # seconds after which nobody else has to wait behind a query
WELCOME = 0.1  # seconds after which a query is no longer a short one
CREW_PER_WORKER = 3  # processes in the lane: for known clients, for trials, and for what is stuck
QUEUE_PER_WORKER = 128
PATIENCE = 30.0  # seconds that a query waits for its turn before it is told to come back
TOO_MUCH = "The service is working on too much else; try again later."


class FastLane:
    """`workers` queries of known clients at a time and as many trials, beside what has got stuck."""

    def __init__(self, roster: Roster, workers: int, wake: Callable[[], None]) -> None:
        self._roster, self._workers, self._wake = roster, workers, wake
        self._known: FairLine[Exchange] = FairLine(QUEUE_PER_WORKER * workers)
        self._strangers: FairLine[Exchange] = FairLine(QUEUE_PER_WORKER * workers)
        self._trials: set[Worker] = set()
        self._call: asyncio.Task[None] | None = None
        self.standing = Standing()
        self.crew: list[Worker] = []

    @property
    def crowded(self) -> bool:
        """Whether a query waits that no worker has room for."""
        return bool(self._known or self._strangers)

    def enter(self, exchange: Exchange) -> None:
        """Run it as soon as there is room; EngineBusy if too many wait already."""
        known = self.standing.knows(exchange.client)
        worker = self._room() if known and not self._known else None
        if worker is not None:
            worker.serve(exchange)
            return
        (self._known if known else self._strangers).push(exchange.client, exchange)
        self.pump()
        self._wake()

    def leave(self, exchange: Exchange) -> None:
        """Forget one that waits."""
        if not self._known.remove(exchange.client, exchange):
            self._strangers.remove(exchange.client, exchange)

    def let_go(self, worker: Worker) -> None:
        """Leave a worker to somebody else, with what it runs now; what it has not begun stays here."""
        self._take_back(worker.withdraw())
        self._leave(worker)
        self.pump()

    def keeps(self, worker: Worker, client: str) -> bool:
        """Whether what a worker runs may stay although it takes long: nobody else waits for its process."""
        others = self._known.has_others(client) or self._strangers.has_others(client)
        if others and len(self.crew) >= CREW_PER_WORKER * self._workers:
            return False
        self._trials.discard(worker)
        return True

    def relieve(self, now: float) -> None:
        """Take back what waits behind a stuck query, and tell those who waited in vain."""
        for worker in self.crew:
            if worker.jobs and self._is_stuck(worker, now):
                self._take_back(worker.withdraw())
        for line in (self._known, self._strangers):
            for late in line.take_out(lambda each: now - each.since > PATIENCE):
                late.fail(EngineBusy(TOO_MUCH, retry_after=10))
        self.pump()

    def pump(self) -> None:
        """Hand out what waits, as far as there is room, to known clients first."""
        for line, room in ((self._known, self._room), (self._strangers, self._room_for_trial)):
            while line and (worker := room()) is not None:
                exchange = line.pop()
                if exchange is not None:
                    worker.serve(exchange)

    def freed(self, worker: Worker, done: Exchange | None, seconds: float) -> None:
        if done is not None and seconds < WELCOME and self.standing.was_quick(done.client):
            self._strangers.hand_over(done.client, self._known)
        if not worker.jobs and worker in self._trials:
            self._dismiss(worker)
        self.pump()
        if not worker.jobs and worker in self.crew:
            self._dismiss(worker)

    def lost(self, worker: Worker, orphans: list[Exchange]) -> None:
        self._take_back(orphans)
        if worker in self.crew:
            self._dismiss(worker)
        self.pump()

    def _take_back(self, orphans: list[Exchange]) -> None:
        for orphan in reversed(orphans):
            self._known.put_back(orphan.client, orphan)

    def _dismiss(self, worker: Worker) -> None:
        self._leave(worker)
        self._roster.give_back(worker)

    def _leave(self, worker: Worker) -> None:
        self.crew.remove(worker)
        self._trials.discard(worker)

    def _room(self) -> Worker | None:
        """The worker with the shortest line, one more if all are busy and there may be more."""
        now = asyncio.get_running_loop().time()
        best, quick = None, 0
        for worker in self.crew:
            if worker in self._trials or (worker.jobs and self._is_stuck(worker, now)):
                continue
            quick += 1
            if len(worker.jobs) < DEPTH and (best is None or len(worker.jobs) < len(best.jobs)):
                best = worker
        if quick < self._workers and (best is None or best.jobs):
            return self._call_in() or best
        return best

    def _room_for_trial(self) -> Worker | None:
        worker = self._call_in() if len(self._trials) < self._workers else None
        if worker is not None:
            self._trials.add(worker)
        return worker

    def _call_in(self) -> Worker | None:
        if len(self.crew) >= CREW_PER_WORKER * self._workers:
            return None
        worker = self._roster.take_idle()
        if worker is not None:
            worker.owner = self
            self.crew.append(worker)
        elif self._call is None or self._call.done():
            self._call = asyncio.get_running_loop().create_task(self._send_for_one())
        return worker

    async def _send_for_one(self) -> None:
        try:
            self._roster.give_back(await self._roster.take())
        except EngineError as error:
            for line in (self._known, self._strangers):
                for exchange in line.take_out(lambda _: True):
                    exchange.fail(error)
        self._call = None
        self.pump()

    def _is_stuck(self, worker: Worker, now: float) -> bool:
        head = worker.jobs[0]
        return now - worker.head_since > STUCK or (head is not None and head.streaming)
