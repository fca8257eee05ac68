"""The log of a server, within bounds: past a few a minute, lines alike are counted and not written."""

from __future__ import annotations

import copy
import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from uvicorn.config import LOGGING_CONFIG

SECONDS = 60.0
LINES = 5  # of one kind in so many seconds
KINDS = 200  # that are told apart at a time
_OTHERS = ("", "")


@dataclass(slots=True)
class _Count:
    since: float
    seen: int = 0


class Sparing(logging.Filter):
    """Lets a few records of a kind through, and tells with the next one how many it has left out.

    What anybody may bring about without end, junk in place of a request above all, must not fill a disk.
    Records are of one kind if logger and message, without its arguments, are the same.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._clock, self._lock = clock, threading.Lock()
        self._counts: dict[tuple[str, str], _Count] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        with self._lock:
            left_out, seen = self._counted(record)
        if seen > LINES:
            return False
        remarks = [f"{left_out} more like this were left out"] if left_out else []
        remarks += [f"others within {SECONDS:g} s are only counted"] if seen == LINES else []
        if remarks:
            record.msg, record.args = f"{record.getMessage()} ({'; '.join(remarks)})", ()
        return True

    def _counted(self, record: logging.LogRecord) -> tuple[int, int]:
        """How many of this kind were left out before its count began anew, and which of its count this is."""
        now, left_out = self._clock(), 0
        kind = (record.name, str(record.msg))
        if kind not in self._counts and len(self._counts) >= KINDS:
            kind = self._room(kind, now)
        count = self._counts.setdefault(kind, _Count(now))
        if now - count.since >= SECONDS:
            left_out = max(0, count.seen - LINES)
            count.since, count.seen = now, 0
        count.seen += 1
        return left_out, count.seen

    def _room(self, kind: tuple[str, str], now: float) -> tuple[str, str]:
        """Forget what is long past; a kind that finds no room even so counts among all others."""
        self._counts = {key: each for key, each in self._counts.items() if now - each.since < SECONDS}
        return kind if len(self._counts) < KINDS else _OTHERS


def log_config() -> dict[str, Any]:
    """uvicorn's own configuration, with what this package tells in the same form, and all of it spared."""
    config = copy.deepcopy(LOGGING_CONFIG)
    config["filters"] = {"sparing": {"()": Sparing}}
    config["handlers"]["default"]["filters"] = ["sparing"]
    config["loggers"]["isogloss"] = {"level": "INFO"}
    config["root"] = {"handlers": ["default"], "level": "WARNING"}
    return config
