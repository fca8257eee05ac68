"""A request at a glance: the next one of a client mostly differs from the one before in its query alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .shortcut import Manner

LONGEST = 16 * 1024  # bytes that are looked through at a glance
_QUERY = re.compile(rb"[A-Za-z0-9._~!$&'()*+,;=:@/?%-]+")  # RFC 3986, 3.4


@dataclass(frozen=True, slots=True)
class Alike:
    """All of a request but its query: what stands before it, and what comes after it."""

    start: bytes
    end: bytes
    manner: Manner

    def query_in(self, data: bytes) -> bytes:
        """The query of a request that is like it, byte for byte; empty for anything else."""
        if len(data) > LONGEST or not data.startswith(self.start) or not data.endswith(self.end):
            return b""
        query = data[len(self.start) : -len(self.end)]
        return query if _QUERY.fullmatch(query) else b""


def likeness(data: bytes, target: bytes, manner: Manner) -> Alike | None:
    """What requests look like that are like `data`, which is one request, whole, for `target`."""
    path, mark, query = target.partition(b"?")
    start = b"GET %b?" % path
    if not mark or not data.startswith(start + query) or not data.endswith(b"\r\n\r\n"):
        return None
    return Alike(start, data[len(start) + len(query) :], manner)
