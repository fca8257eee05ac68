"""Compressing answers: which coding a client takes, and a compressor that works on a stream."""

from __future__ import annotations

import zlib
from contextlib import suppress
from functools import lru_cache
from typing import NamedTuple, Protocol

import brotli
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


class Wish(NamedTuple):
    """What a client would have an answer in: a coding (empty: none), and from how many bytes on it pays.

    From 0 on where the client will not have a plain answer; if there is no coding either, it will have none.
    """

    coding: str
    least: int

    def packs(self, size: int) -> bool:
        return self.coding != "" and size >= self.least

    @property
    def cannot_be_met(self) -> bool:
        return not self.coding and not self.least


@lru_cache(maxsize=256)
def wish(accept_encoding: str) -> Wish:
    """What an Accept-Encoding field asks for (RFC 9110, 12.5.3)."""
    weights = _weights(accept_encoding)
    anything = weights.get("*", 0.0)
    ranked = [(weights.get(name, anything), -rank, name) for rank, name in enumerate(CODINGS)]
    liking, _, best = max(ranked)
    refused = weights.get("identity", weights.get("*", 1.0)) == 0
    coding = best if liking > 0 and liking >= weights.get("identity", 0.0) else ""
    return Wish(coding, 0 if refused else SMALLEST)


def coding_for(accept_encoding: str) -> str:
    """The content coding that the client likes best of ours; empty for none."""
    return wish(accept_encoding).coding


def _weights(accept_encoding: str) -> dict[str, float]:
    weights: dict[str, float] = {}
    for element in accept_encoding.lower().split(","):
        name, _, parameter = element.partition(";")
        _, _, weight = parameter.partition("q=")
        with suppress(ValueError):
            weights[name.strip()] = float(weight) if weight.strip() else 1.0
    return weights
