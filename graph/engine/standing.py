"""Which clients are known to ask what is quickly answered, so that no crowd of strangers holds them up."""

from __future__ import annotations

from collections import OrderedDict

REMEMBERED = 4096  # clients


class Standing:
    """Goes by the latest query of each client alone: one that took long makes a stranger of anybody.

    Except of the service itself: its own pages ask as a client without a name.
    """

    def __init__(self) -> None:
        self._known: OrderedDict[str, None] = OrderedDict()

    def knows(self, client: str) -> bool:
        return not client or client in self._known

    def was_quick(self, client: str) -> bool:
        """Remember a good answer; True if that made a stranger known."""
        known = self.knows(client)
        self._known[client] = None
        self._known.move_to_end(client)
        if len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        return not known

    def took_long(self, client: str) -> None:
        self._known.pop(client, None)
