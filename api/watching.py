"""Is the client still there? Work for one that has hung up is stopped."""

from __future__ import annotations

import asyncio
import contextlib
from types import TracebackType

from starlette.types import Receive

QUIET_SECONDS = 0.05  # before it is watched whether the client is still there


class ClientGone(Exception):
    """The client hung up; there is nobody to answer."""


class WhileConnected:
    """Async context: if the client hangs up before the block ends, the block is stopped with ClientGone.

    Most answers are ready before anybody looks, so the watch begins late and costs those next to nothing.
    """

    __slots__ = ("_gone", "_receive", "_task", "_timer", "_watcher")

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._watcher: asyncio.Task[None] | None = None
        self._gone = False

    async def __aenter__(self) -> None:
        self._task = asyncio.current_task()
        self._timer = asyncio.get_running_loop().call_later(QUIET_SECONDS, self._start)

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._timer.cancel()
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

    def _start(self) -> None:
        self._watcher = asyncio.get_running_loop().create_task(self._watch())

    async def _watch(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._gone = True
        if self._task is not None:
            self._task.cancel()
