"""Bounded lines in which clients take turns, for work and for places."""

from __future__ import annotations

import asyncio
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from typing import Generic, NamedTuple, TypeVar

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
        self._served: set[str] = set()  # who had a turn and has more

    def __len__(self) -> int:
        return self._size

    def has_others(self, client: str) -> bool:
        """Whether anything of another client waits."""
        return any(each != client for each in self._lines)

    def heads(self) -> list[tuple[str, T]]:
        """The clients in the order of their turns, each with its next item."""
        return [(client, line[0]) for client, line in self._lines.items()]

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

    def pop(self, *, newest: bool = False) -> T | None:
        """The next item of the next client in turn, or of the one that came last; None if there is none."""
        client = next(iter(self._lines), None)
        if newest:
            client = next((each for each in reversed(self._lines) if each not in self._served), client)
        return None if client is None else self.pop_of(client)

    def pop_of(self, client: str) -> T:
        """The next item of a client that is in the line; its next turn comes after all others'."""
        line = self._lines.pop(client)
        item = line.popleft()
        self._size -= 1
        if line:
            self._lines[client] = line
            self._served.add(client)
        else:
            self._served.discard(client)
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
            self._served.discard(client)
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
            self._served.discard(client)
            self._size -= len(line)
            other._lines.setdefault(client, deque()).extend(line)
            other._size += len(line)


class _Turn(NamedTuple):
    place: asyncio.Future[None]
    within_share: bool


class Places:
    """So many can be held at a time, by any client as long as nobody else wants one.

    Who gets none waits; a place that comes free goes to the client that holds fewest. What must not be
    stopped later on asks for a place `within_share`: its client then holds no more than half of them.
    """

    def __init__(self, places: int, bound: int) -> None:
        self._free = places
        self._share = max(1, places // 2)
        self._held: Counter[str] = Counter()
        self._line: FairLine[_Turn] = FairLine(bound)

    @property
    def held(self) -> int:
        """How many places are taken."""
        return sum(self._held.values())

    @property
    def waiting(self) -> int:
        """How many wait for one."""
        return len(self._line)

    def try_acquire(self, client: str, *, within_share: bool = False) -> bool:
        """Take a place if there is one for this client."""
        if self._free == 0 or (within_share and self._held[client] >= self._share):
            return False
        self._take(client)
        return True

    def greediest(self, client: str) -> str | None:
        """Who should leave a place to this client: the one that holds most, if that is fairer then."""
        if self._free or not self._held:
            return None
        greedy, most = self._held.most_common(1)[0]
        return greedy if most >= self._held[client] + 2 else None

    async def acquire(
        self, client: str, make_room: Callable[[], None], *, within_share: bool = False
    ) -> None:
        """Take a place as soon as it is this client's turn; EngineBusy if too many wait.

        `make_room` is called once the client waits, and may release a place of the `greediest`.
        """
        if self.try_acquire(client, within_share=within_share):
            return
        turn = _Turn(asyncio.get_running_loop().create_future(), within_share)
        self._line.push(client, turn)
        try:
            make_room()
            await turn.place
        except asyncio.CancelledError:
            if not self._line.remove(client, turn) and not turn.place.cancelled():
                self.release(client)  # the place had been given just before
            raise

    def release(self, client: str) -> None:
        """Give a place back; it goes to the client that holds fewest of those that wait."""
        self._free += 1
        self._held[client] -= 1
        if not self._held[client]:
            del self._held[client]
        while self._free and (following := self._next()) is not None:
            turn = self._line.pop_of(following)
            if not turn.place.done():
                self._take(following)
                turn.place.set_result(None)

    def _next(self) -> str | None:
        waiting = [
            client
            for client, turn in self._line.heads()
            if not turn.within_share or self._held[client] < self._share
        ]
        return min(waiting, key=lambda client: self._held[client], default=None)

    def _take(self, client: str) -> None:
        self._free -= 1
        self._held[client] += 1
