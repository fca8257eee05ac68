"""What uvicorn writes piece by piece leaves together, soon, and in order."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Any

from isogloss.api.joining import SEVERAL, Joining


class Wire(asyncio.Transport):
    """Remembers what it was given, a list of pieces for each call."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[list[bytes]] = []
        self.closed = False

    def write(self, data: Any) -> None:
        self.calls.append([bytes(data)])

    def writelines(self, list_of_data: Iterable[Any]) -> None:
        self.calls.append([bytes(each) for each in list_of_data])

    def get_write_buffer_size(self) -> int:
        return 0

    def is_closing(self) -> bool:
        return self.closed

    def close(self) -> None:
        self.closed = True

    abort = close


def test_what_is_written_in_one_turn_leaves_in_one_call() -> None:
    async def scene() -> None:
        wire = Wire()
        joining = Joining(wire, asyncio.get_running_loop())
        joining.write(b"head ")
        joining.write(bytearray(b"body"))
        joining.write(b"")
        assert wire.calls == []
        assert joining.get_write_buffer_size() == 9
        await asyncio.sleep(0)
        assert wire.calls == [[b"head body"]]
        assert joining.get_write_buffer_size() == 0

    asyncio.run(scene())


def test_a_large_piece_does_not_wait_and_is_not_copied_together() -> None:
    """So flow control sees it at once."""

    async def scene() -> None:
        wire = Wire()
        joining = Joining(wire, asyncio.get_running_loop())
        joining.write(b"head")
        joining.write(bytes(SEVERAL))
        assert wire.calls == [[b"head", bytes(SEVERAL)]]
        await asyncio.sleep(0)
        assert len(wire.calls) == 1

    asyncio.run(scene())


def test_closing_sends_first_what_is_held() -> None:
    async def scene() -> None:
        wire = Wire()
        joining = Joining(wire, asyncio.get_running_loop())
        joining.write(b"last words")
        joining.close()
        assert wire.calls == [[b"last words"]]
        assert joining.is_closing()

    asyncio.run(scene())


def test_nothing_is_sent_to_a_client_that_has_gone_meanwhile() -> None:
    async def scene() -> None:
        wire = Wire()
        joining = Joining(wire, asyncio.get_running_loop())
        joining.write(b"too late")
        wire.closed = True
        await asyncio.sleep(0)
        joining.write(b"much too late")
        joining.abort()
        await asyncio.sleep(0)
        assert wire.calls == []

    asyncio.run(scene())
