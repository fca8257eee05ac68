"""A bounded queue for slots in which clients take turns."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque

from isogloss.errors import EngineBusy


class FairQueue:
    """`slots` holders at a time. The rest wait, one turn a client: many requests wait behind their own.

    At most `bound` requests wait, and no client may fill more than half of that; one too many gets
    EngineBusy at once.
    """

    def __init__(self, slots: int, bound: int) -> None:
        self._free, self._bound = slots, bound
        self._waiting = 0
        self._lines: OrderedDict[str, deque[asyncio.Future[None]]] = OrderedDict()

    @property
    def free(self) -> int:
        return self._free

    @property
    def waiting(self) -> int:
        return self._waiting

    def try_acquire(self) -> bool:
        """Take a slot if one is free and nobody waits for it."""
        if self._free > 0 and not self._waiting:
            self._free -= 1
            return True
        return False

    async def acquire(self, client: str) -> None:
        if self.try_acquire():
            return
        line = self._lines.setdefault(client, deque())
        if self._waiting >= self._bound or len(line) >= max(1, self._bound // 2):
            if not line:
                del self._lines[client]
            raise EngineBusy("Every worker is taken and the queue is full; try again in a moment.")
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        line.append(turn)
        self._waiting += 1
        try:
            await turn
        except asyncio.CancelledError:
            self._give_up(client, turn)
            raise

    def release(self) -> None:
        """Give the slot to the next client in turn."""
        while self._lines:
            client, line = self._lines.popitem(last=False)
            turn = line.popleft()
            self._waiting -= 1
            if line:
                self._lines[client] = line
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1

    def _give_up(self, client: str, turn: asyncio.Future[None]) -> None:
        if turn.done() and not turn.cancelled():  # the slot had been given just before
            self.release()
            return
        line = self._lines.get(client)
        if line is not None and turn in line:
            line.remove(turn)
            self._waiting -= 1
            if not line:
                del self._lines[client]
