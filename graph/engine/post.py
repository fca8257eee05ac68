"""What a worker process is started for, and how it is told."""

from __future__ import annotations

import struct
from collections.abc import Callable

import msgspec


class Post(msgspec.Struct, frozen=True, array_like=True):
    """`memory` in bytes; for SERVICE the port of a `gateway` (0: none) and the `allowed` prefixes of IRIs."""

    store_path: str
    memory: int
    gateway: int
    allowed: tuple[str, ...]


to_bytes: Callable[[Post], bytes] = msgspec.msgpack.Encoder().encode
to_post: Callable[[bytes], Post] = msgspec.msgpack.Decoder(Post).decode
PID = struct.Struct("<I")  # the first thing that a forked worker sends, with a handle of its process
