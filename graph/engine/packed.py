"""Answers too large to be kept as they are: packed as they go by, unpacked in pieces when asked again."""

from __future__ import annotations

from collections.abc import Iterator

import zstandard

PIECE = 256 * 1024  # bytes of an answer that are unpacked at once


class Packer:
    """Packs what it is fed, up to `limit` bytes when packed; past that it holds nothing any more."""

    def __init__(self, limit: int) -> None:
        self._stream = zstandard.ZstdCompressor(level=1).compressobj()
        self._limit, self._size = limit, 0
        self._parts: list[bytes] = []
        self.total = 0

    def feed(self, chunk: bytes) -> None:
        if self._size <= self._limit:
            self.total += len(chunk)
            self._add(self._stream.compress(chunk))

    def finish(self) -> bytes | None:
        """All of it, packed; None if that is more than the limit."""
        self._add(self._stream.flush())
        return b"".join(self._parts) if self._size <= self._limit else None

    def _add(self, part: bytes) -> None:
        self._size += len(part)
        self._parts.append(part)
        if self._size > self._limit:
            self._parts.clear()


def unpacked(packed: bytes) -> Iterator[bytes]:
    yield from zstandard.ZstdDecompressor().read_to_iter(packed, write_size=PIECE)
