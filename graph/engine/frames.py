"""The frames between the server and its workers: a kind, a number, a length, a payload.

A worker takes orders in turn and ends each with one frame: ANSWER, END, FAILED or SKIPPED.
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import Any

import msgspec

HEAD = struct.Struct("<cII")
SKIP = struct.Struct("<II")  # in memory that both share: the first and the last order that are withdrawn

READY = b"R"  # worker -> server: the store is open; a Ready
QUERY = b"Q"  # server -> worker: an Order, under its number
ANSWER = b"A"  # worker -> server: a Begin with the whole answer
BEGIN = b"B"  # worker -> server: a Begin without one
DATA = b"D"  # worker -> server: bytes of the answer
END = b"E"  # worker -> server: the answer is complete; an End
FAILED = b"X"  # worker -> server: a mapping that names the error
SKIPPED = b"S"  # worker -> server: the order had been withdrawn


class Ready(msgspec.Struct, array_like=True):
    """What a worker gave up, by name, and the bytes it holds."""

    protections: dict[str, str]
    resident: int


class Order(msgspec.Struct, array_like=True):
    """A query and how to run it; caps of 0 are none, `gateways` lead to the targets of SERVICE."""

    text: str
    accept: tuple[str, ...] = ()
    default: tuple[str, ...] = ()
    named: tuple[str, ...] = ()
    rows: int = 0
    bytes: int = 0
    gateways: dict[str, str] = {}


class Begin(msgspec.Struct, array_like=True):
    """What an answer is; `resident` is what the worker holds after it, 0 where it did not look."""

    media_type: str
    volatile: bool
    body: bytes | None = None
    resident: int = 0


class End(msgspec.Struct, array_like=True):
    """How many bytes the worker holds after an answer, 0 where it did not look."""

    resident: int = 0


pack: Callable[[Any], bytes] = msgspec.msgpack.Encoder().encode
to_ready = msgspec.msgpack.Decoder(Ready).decode
to_order = msgspec.msgpack.Decoder(Order).decode
to_begin = msgspec.msgpack.Decoder(Begin).decode
to_end = msgspec.msgpack.Decoder(End).decode
to_error = msgspec.msgpack.Decoder(dict[str, Any]).decode


def frame(kind: bytes, payload: bytes = b"", number: int = 0) -> bytes:
    return HEAD.pack(kind, number, len(payload)) + payload


class FrameReader:
    """Cuts a byte stream into frames, whatever pieces it comes in; `take` gets kind, number and payload."""

    def __init__(self, take: Callable[[bytes, int, bytes], None]) -> None:
        self._take = take
        self._parts: list[bytes] = []
        self._held = 0
        self._wanted = HEAD.size

    def feed(self, data: bytes) -> None:
        self._parts.append(data)
        self._held += len(data)
        if self._held < self._wanted:
            return
        whole = b"".join(self._parts) if len(self._parts) > 1 else data
        start, size = 0, len(whole)
        self._wanted = HEAD.size
        while size - start >= HEAD.size:
            kind, number, length = HEAD.unpack_from(whole, start)
            end = start + HEAD.size + length
            if end > size:
                self._wanted = end - start
                break
            self._take(kind, number, whole[start + HEAD.size : end])
            start = end
        self._parts = [whole[start:]] if start < size else []
        self._held = size - start
