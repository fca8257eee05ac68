"""The fast lane: short queries, several lined up on each worker, so that no worker waits for the next one.

Lines are not of one length. An idle worker gets what comes next; where all are busy, the longest line does,
as long as it is soon worked off. So one worker never waits for the server, and those with next to no line
leave it a part of the processor. With lines of one length all workers come to the end of theirs at the same
time, and wait for the server together while processors are idle.

What is lined up behind a query that takes long is taken back and given to somebody else. A stranger's query
is a trial: it has a worker to itself, with nothing behind it, and few trials run at a time. So those who are
known to ask what is quick always find a worker, however many strangers arrive with queries that never end.
A query that had to make room here is tried once more, for longer, after those that have not been tried.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from isogloss.errors import EngineBusy, EngineError

from .exchange import Exchange
from .priority import Rank
from .process import Worker
from .queue import FairLine
from .roster import Roster, Spared
from .standing import Standing

DEPTH = 8  # queries lined up on one worker
LONGEST = 16  # of such as are quick
BACKLOG = 0.004  # seconds of work that are lined up on one worker before another gets more than one query
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
        self._known, self._strangers, self._again = self._lines = tuple(
            FairLine[Exchange](QUEUE_PER_WORKER * workers) for _ in range(3)
        )
        self._trials: dict[Worker, FairLine[Exchange]] = {}
        self._calls: dict[Spared | None, asyncio.Task[None]] = {}
        self._newest = False
        self.standing = Standing()
        self.crew: list[Worker] = []

    @property
    def crowded(self) -> bool:
        """Whether a query waits that no worker has room for."""
        return any(self._lines)

    @property
    def waiting(self) -> int:
        """How many queries wait for a worker."""
        return sum(map(len, self._lines))

    def enter(self, exchange: Exchange) -> None:
        """Run it as soon as there is room; EngineBusy if too many wait already."""
        known = self.standing.knows(exchange.client) and not exchange.stops
        worker = self._room() if known and not self._known else None
        if worker is not None:
            worker.serve(exchange)
            return
        line = self._again if exchange.stops else self._known if known else self._strangers
        line.push(exchange.client, exchange)
        self.pump()
        self._wake()

    def leave(self, exchange: Exchange) -> None:
        """Forget one that waits."""
        any(line.remove(exchange.client, exchange) for line in self._lines)

    def let_go(self, worker: Worker) -> None:
        """Leave a worker to somebody else, with what it runs now; what it has not begun stays here."""
        self._take_back(worker.withdraw())
        self._leave(worker)
        self.pump()

    def is_awaited(self, client: str) -> bool:
        """Whether somebody else waits for a worker; the service itself asks for many."""
        return any(line.has_others(client) for line in self._lines) or (self.crowded and not client)

    def keeps(self, worker: Worker, client: str) -> bool:
        """Whether what a worker runs may stay although it takes long: nobody else waits for its process."""
        if self.is_awaited(client) and len(self.crew) >= CREW_PER_WORKER * self._workers:
            return False
        self._trials.pop(worker, None)
        return True

    def spared(self) -> int:
        """How many idle workers are not for strangers, but for those whose queries are known to be quick."""
        now = asyncio.get_running_loop().time()
        return max(0, self._workers - sum(not self._is_taken(worker, now) for worker in self.crew))

    def relieve(self, now: float) -> None:
        """Take back what waits behind a stuck query, and tell those who waited in vain."""
        for worker in self.crew:
            if worker.jobs and self._is_stuck(worker, now):
                self._take_back(worker.withdraw())
                if worker.rank is Rank.PROMPT:
                    worker.take_rank(Rank.PATIENT)
        for line in self._lines:
            for late in line.take_out(lambda each: now - each.since > PATIENCE):
                late.fail(EngineBusy(TOO_MUCH, retry_after=10))
        self.pump()

    def pump(self) -> None:
        """Hand out what waits, as far as there is room, to known clients first."""
        for line in self._lines:
            while line and (worker := self._room() if line is self._known else self._room_for_trial(line)):
                exchange = line.pop(newest=line is self._strangers and self._is_newest_next())
                if exchange is not None:
                    worker.serve(exchange)

    def freed(self, worker: Worker, done: Exchange | None, seconds: float) -> None:
        worker.pace += (min(seconds, WELCOME) - worker.pace) / 16
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
        self._trials.pop(worker, None)

    def _room(self) -> Worker | None:
        """The worker whose line is to be joined, one more if all are busy and there may be more."""
        now = asyncio.get_running_loop().time()
        best, most, quick = None, -DEPTH, 0
        for worker in self.crew:
            if not self._is_taken(worker, now):
                quick += 1
                if (suits := _suits(worker)) > most:
                    best, most = worker, suits
        if quick < self._workers and (best is None or best.jobs):
            best = self._call_in() or best
        if best is not None:
            best.take_rank(Rank.PROMPT)
        return best

    def _is_newest_next(self) -> bool:
        """Every other trial goes to the stranger that came last, not behind the crowd that came before."""
        self._newest = not self._newest
        return self._newest

    def _room_for_trial(self, line: FairLine[Exchange]) -> Worker | None:
        """Half of the trials, or one, may be such as are not the first of their query."""
        later = sum(each is self._again for each in self._trials.values())
        full = line is self._again and later >= max(1, self._workers // 2)
        worker = self._call_in(self.spared) if len(self._trials) < self._workers and not full else None
        if worker is not None:
            worker.take_rank(Rank.PATIENT)
            self._trials[worker] = line
        return worker

    def _call_in(self, spared: Spared | None = None) -> Worker | None:
        if len(self.crew) >= CREW_PER_WORKER * self._workers:
            return None
        worker = self._roster.take_idle(spared and spared())
        if worker is not None:
            worker.owner = self
            self.crew.append(worker)
        elif spared not in self._calls:
            self._calls[spared] = asyncio.get_running_loop().create_task(self._send_for_one(spared))
        return worker

    async def _send_for_one(self, spared: Spared | None) -> None:
        try:
            worker = await self._roster.take(spared)
        except EngineError as error:
            for line in self._lines:
                for exchange in line.take_out(lambda _: True):
                    exchange.fail(error)
        else:
            self._roster.give_back(worker)
        del self._calls[spared]
        self.pump()

    def _is_taken(self, worker: Worker, now: float) -> bool:
        """Whether nothing is to be lined up on it: it runs a trial, or is stuck, or has been for long."""
        stuck = bool(worker.jobs) and self._is_stuck(worker, now)
        return stuck or worker in self._trials or worker.rank is Rank.LAST

    def _is_stuck(self, worker: Worker, now: float) -> bool:
        head = worker.jobs[0]
        return now - worker.head_since > STUCK or (head is not None and head.streaming)


def _suits(worker: Worker) -> int:
    """What is best for the next query: an idle worker, then a long line of quick ones, then a short line."""
    lined = len(worker.jobs)
    if not lined:
        return LONGEST
    return lined if lined < LONGEST and lined * worker.pace < BACKLOG else -lined
