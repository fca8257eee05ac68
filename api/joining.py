"""One write for what leaves in one turn of the loop: uvicorn writes head and body of an answer one by one."""

from __future__ import annotations

import asyncio
from typing import Any

SEVERAL = 64 * 1024  # bytes from which writes are not put off, and pieces not copied together


class Joining(asyncio.Transport):
    """A transport before another: what is written is held until the loop turns, and then sent at once.

    Writing to a socket is a large part of what a small answer costs, and wakes its reader each time.
    """

    __slots__ = ("_held", "_loop", "_parts", "_wire")

    def __init__(self, wire: asyncio.Transport, loop: asyncio.AbstractEventLoop) -> None:
        self._wire, self._loop = wire, loop
        self._parts: list[bytes] = []
        self._held = 0

    def write(self, data: bytes | bytearray | memoryview[Any]) -> None:
        if not data:
            return
        if not self._parts:
            self._loop.call_soon(self.flush)
        self._parts.append(bytes(data))
        self._held += len(data)
        if self._held >= SEVERAL:
            self.flush()

    def write_now(self, data: bytes) -> None:
        """Write what is whole, after what is held."""
        if self._parts:
            self.flush()
        if not self._wire.is_closing():
            self._wire.write(data)

    def flush(self) -> None:
        """Hand on what is held, now; what nobody is there to take any more is dropped."""
        parts, held = self._parts, self._held
        self._parts, self._held = [], 0
        if not parts or self._wire.is_closing():
            return
        if held < SEVERAL:
            self._wire.write(b"".join(parts))
        else:
            self._wire.writelines(parts)

    def close(self) -> None:
        self.flush()
        self._wire.close()

    def abort(self) -> None:
        self._parts, self._held = [], 0
        self._wire.abort()

    def is_closing(self) -> bool:
        return self._wire.is_closing()

    def get_write_buffer_size(self) -> int:
        return self._held + self._wire.get_write_buffer_size()

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        self._wire.set_write_buffer_limits(high, low)

    def get_write_buffer_limits(self) -> tuple[int, int]:
        return self._wire.get_write_buffer_limits()

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return self._wire.get_extra_info(name, default)

    def is_reading(self) -> bool:
        return self._wire.is_reading()

    def pause_reading(self) -> None:
        self._wire.pause_reading()

    def resume_reading(self) -> None:
        self._wire.resume_reading()

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self._wire.set_protocol(protocol)

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self._wire.get_protocol()

    def can_write_eof(self) -> bool:
        return False
