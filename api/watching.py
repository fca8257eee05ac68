"""Is the client still there? Work for one that has hung up is stopped."""

from __future__ import annotations

import asyncio
import contextlib
from types import TracebackType

from starlette.types import Receive

QUIET_SECONDS = 0.05  # between two looks; who is there at two of them is watched from then on


class ClientGone(Exception):
    """The client hung up; there is nobody to answer."""


class Watch:
    """One look now and then at all whose answers take long, which costs less than a timer for each."""

    def __init__(self) -> None:
        self._waiting: dict[WhileConnected, bool] = {}  # each with whether it was there at the last look
        self._timer: asyncio.TimerHandle | None = None

    def add(self, waiting: WhileConnected) -> None:
        self._waiting[waiting] = False
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(QUIET_SECONDS, self._look)

    def remove(self, waiting: WhileConnected) -> None:
        self._waiting.pop(waiting, None)

    def _look(self) -> None:
        self._timer = None
        for waiting, seen in [*self._waiting.items()]:
            if seen:
                self.remove(waiting)
                waiting.start()
            else:
                self._waiting[waiting] = True
        if self._waiting:
            self._timer = asyncio.get_running_loop().call_later(QUIET_SECONDS, self._look)


class WhileConnected:
    """Async context: if the client hangs up before the block ends, the block is stopped with ClientGone.

    Most answers are ready before anybody looks, so the watch begins late and costs those next to nothing.
    """

    __slots__ = ("_gone", "_receive", "_task", "_watch", "_watcher")

    def __init__(self, receive: Receive, watch: Watch) -> None:
        self._receive, self._watch = receive, watch
        self._watcher: asyncio.Task[None] | None = None
        self._gone = False

    async def __aenter__(self) -> None:
        self._task = asyncio.current_task()
        self._watch.add(self)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._watch.remove(self)
        watcher = self._watcher
        if watcher is None:
            return
        if not watcher.done():
            watcher.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await watcher
        task = self._task
        if kind is asyncio.CancelledError and self._gone and task is not None and task.uncancel() == 0:
            raise ClientGone from None

    def start(self) -> None:
        """Look from now on whether the client hangs up."""
        self._watcher = asyncio.get_running_loop().create_task(self._wait())

    async def _wait(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._gone = True
        if self._task is not None:
            self._task.cancel()
