"""The frames between the server and its workers: a kind, a length, a payload."""

from __future__ import annotations

import json
import struct
from collections.abc import Callable
from typing import Any

HEAD = struct.Struct("<cI")

READY = b"R"  # worker -> server: the store is open; a JSON object about the worker
QUERY = b"Q"  # server -> worker: a JSON object with the query and how to run it
BEGIN = b"B"  # worker -> server: a JSON object about the answer that follows
DATA = b"D"  # worker -> server: bytes of the answer
END = b"E"  # worker -> server: the answer is complete; a JSON object about the worker
FAILED = b"X"  # worker -> server: a JSON object that names the error


def frame(kind: bytes, payload: bytes = b"") -> bytes:
    return HEAD.pack(kind, len(payload)) + payload


def message(kind: bytes, content: dict[str, Any]) -> bytes:
    return frame(kind, json.dumps(content, separators=(",", ":")).encode())


class FrameReader:
    """Cuts a byte stream into frames, whatever pieces it comes in; `take` gets each one."""

    def __init__(self, take: Callable[[bytes, bytes], None]) -> None:
        self._take = take
        self._buffer = bytearray()

    def feed(self, data: bytes) -> None:
        buffer = self._buffer
        buffer += data
        start, size = 0, len(buffer)
        while size - start >= HEAD.size:
            kind, length = HEAD.unpack_from(buffer, start)
            end = start + HEAD.size + length
            if end > size:
                break
            self._take(kind, bytes(memoryview(buffer)[start + HEAD.size : end]))
            start = end
        if start:
            del buffer[:start]
