"""What a form of a page sends: its fields, read within bounds of size, number and time."""

from __future__ import annotations

import asyncio
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

FORM = "application/x-www-form-urlencoded"
LARGEST = 4 * 1024 * 1024  # bytes, escapes and all
FIELDS = 3000
SECONDS = 30.0  # for a client to send its form


async def fields(request: Request) -> dict[str, str]:
    """The fields by their names, each once.

    Errors: HTTPException 400 for what is no form, 408 where it does not arrive, 413 for too much, 415 for
    another type or a coding.
    """
    told = request.headers.get("content-type", "")
    if told.partition(";")[0].strip().lower() != FORM:
        raise HTTPException(415, f"A form is sent as {FORM}.", {"Accept": FORM})
    if request.headers.get("content-encoding", "identity").strip().lower() != "identity":
        raise HTTPException(415, "A form is sent without a content coding.", {"Accept-Encoding": "identity"})
    try:
        async with asyncio.timeout(SECONDS):
            content = await _content(request)
    except TimeoutError as error:
        raise HTTPException(408, f"The form did not arrive within {SECONDS:g} s.") from error
    except ClientDisconnect as error:
        raise HTTPException(400, "The form was not sent to its end.") from error
    return _by_name(content)


async def _content(request: Request) -> bytes:
    parts = bytearray()
    async for part in request.stream():
        parts += part
        if len(parts) > LARGEST:
            raise HTTPException(413, f"A form may have {LARGEST:,} bytes.")
    return bytes(parts)


def _by_name(content: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(
            content.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=FIELDS
        )
    except UnicodeDecodeError as error:
        raise HTTPException(400, "The form is not in UTF-8.") from error
    except ValueError as error:
        raise HTTPException(413, f"A form may have {FIELDS:,} fields.") from error
    found = dict(pairs)
    if len(found) != len(pairs):
        raise HTTPException(400, "The form has a field twice.")
    return found
