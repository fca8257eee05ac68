"""The standing crew of worker processes: spares wait before they are needed, snapshots change under way."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Callable, Coroutine
from pathlib import Path
from typing import Any

from isogloss.errors import EngineBusy, EngineError

from .launch import Launcher
from .priority import Rank
from .process import Spec, Worker

log = logging.getLogger(__name__)

RETRY_SECONDS = 0.5
CLOSED = "The service is being stopped; ask again in a moment."
AT_ONCE = 1  # workers that are being started, so that a crowd of starts takes the processor from nobody
SURPLUS_SECONDS = 2.0  # that an idle worker beyond the crew's size is kept
GROWN = 64 * 1024 * 1024  # bytes that a query may leave behind for its worker to be kept
BLOCKS = 11 * 32 * 1024 * 1024  # bytes of a store that RocksDB keeps at most: 32 MiB a column family
Spared = Callable[[], int]  # how many idle workers are to be left to others


class Roster:
    """Starts with `size` workers and always has one to spare; more than `size` stay only while busy."""

    def __init__(self, spec: Spec, size: int) -> None:
        self._spec, self._size, self._blocks = spec, size, _blocks_of(spec)
        self._launcher = Launcher()
        self._idle: list[Worker] = []
        self._all: set[Worker] = set()
        self._away: set[Worker] = set()
        self._starting = 0
        self._waiting: deque[tuple[asyncio.Future[Worker], Spared | None]] = deque()
        self._tasks: set[asyncio.Task[None]] = set()
        self._closed = False
        self.protections: dict[str, str] = {}

    @property
    def spec(self) -> Spec:
        return self._spec

    @property
    def processes(self) -> tuple[int, ...]:
        return tuple(worker.pid for worker in self._all)

    @property
    def resident(self) -> int:
        """The bytes that all workers hold, as far as each has told since."""
        return sum(worker.resident for worker in self._all)

    async def start(self) -> None:
        """Start all workers; the first failure is raised and nothing is left behind."""
        try:
            for worker in await self._start_all(self._spec):
                self._arrive(worker)
        except EngineError:
            await self.close()
            raise

    def send_away(self, worker: Worker) -> None:
        """Count a worker out of the crew until it is given back: another takes its place."""
        self._away.add(worker)
        self._fill()

    def take_idle(self, spared: int | None = None) -> Worker | None:
        """An idle worker, if there is one: the one that has answered most, with most of the data at hand.

        Who has to leave so many to others gets the one that has answered least.
        """
        while len(self._idle) > (spared or 0):
            worker = (max if spared is None else min)(self._idle, key=lambda each: each.orders)
            self._idle.remove(worker)
            if worker.alive:
                return worker
            self._leave(worker)
        return None

    async def take(self, spared: Spared | None = None) -> Worker:
        """An idle worker, or the next one that comes up, as `take_idle` chooses."""
        worker = self.take_idle(spared and spared())
        if worker is not None:
            return worker
        if self._closed:
            raise EngineBusy(CLOSED)
        arrival: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self._waiting.append((arrival, spared))
        self._fill()
        try:
            worker = await arrival
        except asyncio.CancelledError:
            if arrival.done() and not arrival.cancelled():
                self._offer(arrival.result())
            raise
        if worker.alive:
            return worker
        self._leave(worker)  # it ended on its way here
        return await self.take(spared)

    def give_back(self, worker: Worker) -> None:
        """Take a worker back; it goes if it is ended, outdated, swollen, or bound to yield for good."""
        worker.owner = None
        self._away.discard(worker)
        swollen = worker.resident - worker.resident_at_start > GROWN + self._blocks
        if worker.alive and worker.spec is self._spec and not swollen and self._recovers(worker):
            self._offer(worker)
        else:
            self._leave(worker)

    @staticmethod
    def _recovers(worker: Worker) -> bool:
        return worker.rank is Rank.PROMPT or worker.take_rank(Rank.PATIENT)

    async def swap(self, spec: Spec) -> None:
        """Serve another store from now on; raises, with nothing changed, if it cannot be opened."""
        try:
            arrivals = await self._start_all(spec)
        except EngineError:
            await self._launcher.keep_only(self._spec.store_path)
            raise
        outdated, self._idle, self._spec, self._blocks = self._idle, [], spec, _blocks_of(spec)
        for worker in outdated:
            self._leave(worker)
        for worker in arrivals:
            self._arrive(worker)
        await self._launcher.keep_only(spec.store_path)

    async def close(self) -> None:
        self._closed = True
        for arrival, _ in self._waiting:
            if not arrival.done():
                arrival.set_exception(EngineBusy(CLOSED))
        for worker in [*self._all]:
            worker.kill(EngineBusy(CLOSED))
            self._leave(worker)
        while self._tasks:
            await asyncio.wait(self._tasks)
        await self._launcher.close()

    async def _start_all(self, spec: Spec) -> list[Worker]:
        started = await asyncio.gather(
            *(Worker.start(spec, self._launcher) for _ in range(self._size)), return_exceptions=True
        )
        workers = [each for each in started if isinstance(each, Worker)]
        failures = [each for each in started if isinstance(each, BaseException)]
        if failures:
            for worker in workers:
                worker.kill()
                await worker.gone()
            raise failures[0]
        return workers

    def _arrive(self, worker: Worker) -> None:
        self._all.add(worker)
        if self._closed or worker.spec is not self._spec:
            self._leave(worker)
            return
        self._announce(worker.protections)
        self._offer(worker)

    def _announce(self, protections: dict[str, str]) -> None:
        if protections != self.protections:
            weak = [told for told in protections.values() if told.startswith(("open:", "unbounded:"))]
            for told in weak:
                log.warning("workers run with less protection: %s", told)
        self.protections = protections

    def _offer(self, worker: Worker) -> None:
        self._idle.append(worker)
        for waiting in [*self._waiting]:
            arrival, spared = waiting
            if arrival.done():
                self._waiting.remove(waiting)
            elif (found := self.take_idle(spared and spared())) is not None:
                self._waiting.remove(waiting)
                arrival.set_result(found)
        if len(self._all) - len(self._away) > self._size:
            asyncio.get_running_loop().call_later(SURPLUS_SECONDS, self._trim)

    def _trim(self) -> None:
        while self._idle and len(self._all) - len(self._away) > self._size:
            worker = self._idle.pop(0)
            self._all.discard(worker)
            self._leave(worker)

    def _leave(self, worker: Worker) -> None:
        worker.kill()
        self._run(self._bury(worker))
        self._fill()

    async def _bury(self, worker: Worker) -> None:
        await worker.gone()
        self._all.discard(worker)
        self._away.discard(worker)

    def _fill(self) -> None:
        while not self._closed and self._starting < min(self._missing(), AT_ONCE):
            self._starting += 1
            self._run(self._reinforce())

    def _missing(self) -> int:
        """Workers to be started: the crew is to be whole, and nobody is to wait in vain."""
        at_hand = sum(worker.alive for worker in self._all - self._away)
        return max(len(self._waiting), self._size - at_hand)

    async def _reinforce(self) -> None:
        try:
            worker = await Worker.start(self._spec, self._launcher)
        except EngineError as error:
            log.error("no new worker: %s", error)
            while self._waiting:
                arrival, _ = self._waiting.popleft()
                if not arrival.done():
                    arrival.set_exception(error)
            with contextlib.suppress(asyncio.CancelledError):
                await asyncio.sleep(0 if self._closed else RETRY_SECONDS)
        else:
            self._arrive(worker)
        finally:
            self._starting -= 1
        self._fill()

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _blocks_of(spec: Spec) -> int:
    """Bytes of the store that a worker keeps once it has read them, which are no trace of a query."""
    stored = sum(file.stat().st_size for file in Path(spec.store_path).glob("*.sst"))
    return min(3 * stored, BLOCKS)  # on disk they are packed
