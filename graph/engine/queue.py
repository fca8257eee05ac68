"""Bounded lines in which clients take turns, for work and for slots."""

from __future__ import annotations

import asyncio
from collections import OrderedDict, deque
from collections.abc import Callable
from typing import Generic, TypeVar

from isogloss.errors import EngineBusy

T = TypeVar("T")


class FairLine(Generic[T]):
    """What waits, one turn a client: many requests wait behind their own.

    At most `bound` items wait, and no client may fill more than half of that; one too many gets EngineBusy
    at once.
    """

    def __init__(self, bound: int) -> None:
        self._bound = bound
        self._size = 0
        self._lines: OrderedDict[str, deque[T]] = OrderedDict()

    def __len__(self) -> int:
        return self._size

    def push(self, client: str, item: T) -> None:
        line = self._lines.get(client)
        if self._size >= self._bound or (line and len(line) >= max(1, self._bound // 2)):
            raise EngineBusy("Every worker is taken and the queue is full; try again in a moment.")
        if line is None:
            line = self._lines[client] = deque()
        line.append(item)
        self._size += 1

    def pop(self) -> T | None:
        """The next item of the next client in turn; None if nothing waits."""
        if not self._lines:
            return None
        client, line = self._lines.popitem(last=False)
        item = line.popleft()
        self._size -= 1
        if line:
            self._lines[client] = line
        return item

    def remove(self, client: str, item: T) -> bool:
        """Take out an item that waits no longer; False if it is not in the line."""
        line = self._lines.get(client)
        if line is None or item not in line:
            return False
        line.remove(item)
        self._size -= 1
        if not line:
            del self._lines[client]
        return True

    def take_out(self, unwanted: Callable[[T], bool]) -> list[T]:
        """Take out all that is `unwanted`."""
        found = [(client, item) for client, line in self._lines.items() for item in line if unwanted(item)]
        for client, item in found:
            self.remove(client, item)
        return [item for _, item in found]


class FairQueue:
    """`slots` holders at a time; the rest wait in a fair line of `bound`."""

    def __init__(self, slots: int, bound: int) -> None:
        self._free = slots
        self._line: FairLine[asyncio.Future[None]] = FairLine(bound)

    def try_acquire(self) -> bool:
        """Take a slot if one is free and nobody waits for it."""
        if self._free > 0 and not self._line:
            self._free -= 1
            return True
        return False

    async def acquire(self, client: str) -> None:
        if self.try_acquire():
            return
        turn: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._line.push(client, turn)
        try:
            await turn
        except asyncio.CancelledError:
            if not self._line.remove(client, turn) and not turn.cancelled():
                self.release()  # the slot had been given just before
            raise

    def release(self) -> None:
        """Give the slot to the next client in turn."""
        while (turn := self._line.pop()) is not None:
            if not turn.done():
                turn.set_result(None)
                return
        self._free += 1
