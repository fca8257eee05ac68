"""The first part of an answer: it is waited for, so that what fails early fails before anything is sent."""

from __future__ import annotations

from collections.abc import AsyncGenerator

OPENING = 1024 * 1024  # bytes


async def read_opening(chunks: AsyncGenerator[bytes, None]) -> tuple[list[bytes], bool]:
    """The first chunks, and whether they are all."""
    parts: list[bytes] = []
    size = 0
    async for chunk in chunks:
        parts.append(chunk)
        size += len(chunk)
        if size > OPENING:
            return parts, False
    return parts, True


async def resumed(parts: list[bytes], chunks: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """What was read already, then what is to come; closing it early closes `chunks`."""
    try:
        for part in parts:
            yield part
        async for chunk in chunks:
            yield chunk
    finally:
        await chunks.aclose()
