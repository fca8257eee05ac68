"""The slow lane: places for what takes long, and others for answers that a client is still fetching.

Processes in them run on what all others leave of the processor. One client may have every place while nobody
else wants one. If somebody does, the client that holds most leaves one: its query that began last is stopped
and starts anew in its turn. That befalls a query `STOPS` times at most; from then on it waits for a place
that nobody can take from its client.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import NamedTuple

from isogloss.errors import EngineBusy

from .exchange import APART, MAKE_ROOM, Exchange, Outstayed
from .lane import PATIENCE, TOO_MUCH
from .priority import Rank
from .process import Worker
from .queue import Places
from .roster import Roster

SLOW_PER_WORKER = 2
STREAMS_PER_WORKER = 4
QUEUE_PER_WORKER = 128
STOPS = 2  # times that a query in the slow lane may be stopped for somebody else's


class _Held(NamedTuple):
    places: Places
    client: str


class Apart:
    """Gives workers, each with what it runs, places apart from the fast lane."""

    def __init__(
        self, roster: Roster, workers: int, wake: Callable[[], None], spared: Callable[[], int]
    ) -> None:
        self._roster, self._wake, self._spared = roster, wake, spared
        self._slow = Places(SLOW_PER_WORKER * workers, QUEUE_PER_WORKER * workers)
        self._streams = Places(STREAMS_PER_WORKER * workers, 0)
        self._held: dict[Worker, _Held] = {}

    @property
    def workers(self) -> list[Worker]:
        return list(self._held)

    @property
    def waiting(self) -> int:
        """How many queries wait for a place."""
        return self._slow.waiting

    def __contains__(self, worker: Worker) -> bool:
        return worker in self._held

    async def start(self, exchange: Exchange) -> None:
        """Run a query from its beginning, once there is a place for it; EngineBusy if that takes too long."""
        exchange.stops = max(exchange.stops, APART)
        client = exchange.client
        try:
            async with asyncio.timeout_at(exchange.since + PATIENCE):
                await self._slow.acquire(
                    client,
                    lambda: self._reclaim(self._slow, client),
                    within_share=exchange.stops >= APART + STOPS,
                )
        except TimeoutError as error:
            raise EngineBusy(TOO_MUCH, retry_after=10) from error
        try:
            worker = await self._roster.take(self._spared)
        except BaseException:
            self._slow.release(client)
            raise
        self.take_in(worker, self._slow, client)
        worker.serve(exchange)

    def place_for(self, head: Exchange, *, claim: bool) -> Places | None:
        """A place for what is under way; for an answer that is being fetched first among the streams.

        With `claim` somebody who has too many may have to leave one.
        """
        choice = (self._streams, self._slow) if head.streaming else (self._slow,)
        for places in choice:
            if places.try_acquire(head.client):
                return places
        if claim:
            self._reclaim(choice[0], head.client)
        return choice[0] if choice[0].try_acquire(head.client) else None

    def take_in(self, worker: Worker, places: Places, client: str) -> None:
        """Let a worker run in a place that its client has taken."""
        worker.take_rank(Rank.LAST)
        self._held[worker] = _Held(places, client)
        self._roster.send_away(worker)
        worker.owner = self
        self._wake()

    def freed(self, worker: Worker, done: Exchange | None, seconds: float) -> None:
        if worker.jobs:
            return  # what was withdrawn, and is skipped in a moment
        self._come_back(worker)

    def lost(self, worker: Worker, orphans: list[Exchange]) -> None:
        self._come_back(worker)

    def _come_back(self, worker: Worker) -> None:
        places, client = self._held.pop(worker)
        self._roster.give_back(worker)
        places.release(client)

    def _reclaim(self, places: Places, client: str) -> None:
        """Take a place from the client that holds most, if it has so many more than this one."""
        greedy = places.greediest(client)
        if greedy is None:
            return
        held = _Held(places, greedy)
        found = [
            worker for worker, each in self._held.items() if each == held and self._may_stop(worker, places)
        ]
        if found:
            newest = max(found, key=lambda worker: worker.head_since)
            cut_off = EngineBusy(TOO_MUCH, retry_after=10)
            newest.kill(cut_off if places is self._streams else Outstayed(MAKE_ROOM))

    def _may_stop(self, worker: Worker, places: Places) -> bool:
        head = worker.jobs[0] if worker.jobs else None
        if head is None or places is self._streams:
            return True
        return not head.streaming and head.stops < APART + STOPS
