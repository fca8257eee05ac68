"""Bounded lines in which clients take turns, for work and for places."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from typing import Generic, TypeVar

from isogloss.errors import EngineBusy

T = TypeVar("T")


def _everyone(_: str) -> bool:
    return True


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

    def has_others(self, client: str) -> bool:
        """Whether anything of another client waits."""
        return any(each != client for each in self._lines)

    def push(self, client: str, item: T) -> None:
        line = self._lines.get(client)
        if self._size >= self._bound or (line and len(line) >= max(1, self._bound // 2)):
            raise EngineBusy("Every worker is taken and the queue is full; try again in a moment.")
        if line is None:
            line = self._lines[client] = deque()
        line.append(item)
        self._size += 1

    def put_back(self, client: str, item: T) -> None:
        """Let an item that had its turn already be the next one."""
        self._lines.setdefault(client, deque()).appendleft(item)
        self._lines.move_to_end(client, last=False)
        self._size += 1

    def pop(self, may: Callable[[str], bool] = _everyone) -> T | None:
        """The next item of the next client in turn, of those that `may`; None if there is none."""
        client = next(filter(may, self._lines), None)
        if client is None:
            return None
        line = self._lines.pop(client)
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

    def hand_over(self, client: str, other: FairLine[T]) -> None:
        """Let all that a client has waiting wait in another line."""
        line = self._lines.pop(client, None)
        if line is not None:
            self._size -= len(line)
            other._lines.setdefault(client, deque()).extend(line)
            other._size += len(line)


class Places:
    """So many can be held at a time, by one client no more than half; who gets none waits in a fair line."""

    def __init__(self, places: int, bound: int) -> None:
        self._free = places
        self._share = max(1, places // 2)
        self._held: Counter[str] = Counter()
        self._line: FairLine[_Turn] = FairLine(bound)

    def try_acquire(self, client: str) -> bool:
        """Take a place if there is one for this client."""
        if self._free == 0 or not self._may_have_more(client):
            return False
        self._take(client)
        return True

    async def acquire(self, client: str) -> None:
        """Take a place as soon as it is this client's turn; EngineBusy if too many wait."""
        if self.try_acquire(client):
            return
        turn = client, asyncio.get_running_loop().create_future()
        self._line.push(client, turn)
        try:
            await turn[1]
        except asyncio.CancelledError:
            if not self._line.remove(client, turn) and not turn[1].cancelled():
                self.release(client)  # the place had been given just before
            raise

    def release(self, client: str) -> None:
        """Give a place back; it goes to the next client in turn."""
        self._free += 1
        self._held[client] -= 1
        if not self._held[client]:
            del self._held[client]
        while self._free and (turn := self._line.pop(self._may_have_more)) is not None:
            following, future = turn
            if not future.done():
                self._take(following)
                future.set_result(None)

    def _take(self, client: str) -> None:
        self._free -= 1
        self._held[client] += 1

    def _may_have_more(self, client: str) -> bool:
        return self._held[client] < self._share


_Turn = tuple[str, asyncio.Future[None]]
