"""Finished HTTP answers, by the bytes of the request: what is asked again leaves without anybody's work."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable

import msgspec

Headers = list[tuple[bytes, bytes]]
OVERHEAD = 1500  # bytes that an entry takes beside its body and its key


class Kept(msgspec.Struct):
    """An answer as it goes out: its header fields, complete, and its body, encoded as they say."""

    etag: bytes
    headers: Headers
    body: bytes
    size: int


class KeptAnswers:
    """Up to `limit` bytes of answers to one state of the data; what was not asked for longest goes first."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.size = self.hits = 0
        self._digest = ""
        self._answers: OrderedDict[Hashable, Kept] = OrderedDict()

    def find(self, digest: str, key: Hashable) -> Kept | None:
        kept = self._answers.get(key)
        if kept is None or digest != self._digest:
            return None
        self._answers.move_to_end(key)
        self.hits += 1
        return kept

    def keep(self, digest: str, key: Hashable, kept: Kept) -> None:
        """Keep an answer, unless it would take more than an eighth of the room."""
        kept.size += len(kept.body) + OVERHEAD
        if not digest or kept.size > self.limit // 8:
            return
        if digest != self._digest:
            self._answers.clear()
            self._digest, self.size = digest, 0
        before = self._answers.pop(key, None)
        self.size += kept.size - (before.size if before else 0)
        self._answers[key] = kept
        while self.size > self.limit:
            self.size -= self._answers.popitem(last=False)[1].size
