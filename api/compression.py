"""Compressing answers: which coding a client takes, and a compressor that works on a stream."""

from __future__ import annotations

import zlib
from functools import lru_cache
from typing import Protocol

import brotli  # type: ignore[import-untyped]
import zstandard

SMALLEST = 1400  # bytes: what fits one packet gains nothing


class Compressor(Protocol):
    def compress(self, data: bytes) -> bytes: ...
    def finish(self) -> bytes: ...


class _Gzip:
    def __init__(self) -> None:
        self._stream = zlib.compressobj(3, zlib.DEFLATED, 31)

    def compress(self, data: bytes) -> bytes:
        return self._stream.compress(data)

    def finish(self) -> bytes:
        return self._stream.flush()


class _Brotli:
    def __init__(self) -> None:
        self._stream = brotli.Compressor(quality=3)

    def compress(self, data: bytes) -> bytes:
        return bytes(self._stream.process(data))

    def finish(self) -> bytes:
        return bytes(self._stream.finish())


class _Zstandard:
    def __init__(self) -> None:
        self._stream = zstandard.ZstdCompressor(level=3).compressobj()

    def compress(self, data: bytes) -> bytes:
        return self._stream.compress(data)

    def finish(self) -> bytes:
        return self._stream.flush()


CODINGS: dict[str, type[Compressor]] = {"zstd": _Zstandard, "br": _Brotli, "gzip": _Gzip}


@lru_cache(maxsize=256)
def coding_for(accept_encoding: str) -> str:
    """The content coding that the client likes best of ours (RFC 9110, 12.5.3); empty for none."""
    weights: dict[str, float] = {}
    for element in accept_encoding.lower().split(","):
        name, _, parameter = element.partition(";")
        _, _, weight = parameter.partition("q=")
        try:
            weights[name.strip()] = float(weight) if weight.strip() else 1.0
        except ValueError:
            continue
    anything = weights.get("*", 0.0)
    ranked = [(weights.get(name, anything), -rank, name) for rank, name in enumerate(CODINGS)]
    liking, _, best = max(ranked)
    return best if liking > 0 and liking >= weights.get("identity", 0.0) else ""
