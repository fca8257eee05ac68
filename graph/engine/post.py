"""What a worker process is started for, and how it is told."""

from __future__ import annotations

import struct
from collections.abc import Callable

import msgspec


class Post(msgspec.Struct, frozen=True, array_like=True):
    """`memory` in bytes, `allowed` the prefixes of IRIs for SERVICE, for which alone there is a `network`."""

    store_path: str
    memory: int
    network: bool
    allowed: tuple[str, ...]


to_bytes: Callable[[Post], bytes] = msgspec.msgpack.Encoder().encode
to_post: Callable[[bytes], Post] = msgspec.msgpack.Decoder(Post).decode
PID = struct.Struct("<I")  # the first thing that a forked worker sends, with a handle of its process
