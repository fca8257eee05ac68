"""Conditions weighed against the finished answer: what a client has already is 304 (RFC 9110, 13)."""

from __future__ import annotations

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .caching import has, moment

# What a 304 repeats of the answer that it stands for (RFC 9110, 15.4.5).
_REPEATED = (b"cache-control", b"content-location", b"etag", b"expires", b"last-modified", b"vary")


class Conditional:
    """ASGI middleware around what packs the answers, so that it sees the tags that clients see.

    A route that knows the tag of what is asked for says 304 before it does any work. This is for the rest:
    dates and `*`, which may also come with the address of what is not there, and files.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        conditions = Headers(scope=scope) if scope["type"] == "http" else Headers()
        if scope["type"] != "http" or scope["method"] != "GET" or not _asks(conditions):
            await self.app(scope, receive, send)
            return
        unchanged = False

        async def weighed(message: Message) -> None:
            nonlocal unchanged
            if message["type"] == "http.response.start" and _holds(conditions, message):
                unchanged = True
                repeated = [(name, value) for name, value in message["headers"] if name.lower() in _REPEATED]
                await send({"type": "http.response.start", "status": 304, "headers": repeated})
                await send({"type": "http.response.body", "body": b""})
            elif not unchanged:
                await send(message)

        await self.app(scope, receive, weighed)


def _asks(conditions: Headers) -> bool:
    return "if-none-match" in conditions or "if-modified-since" in conditions


def _holds(conditions: Headers, start: Message) -> bool:
    if start["status"] not in (200, 206):
        return False
    told = Headers(raw=start["headers"])
    modified = moment(told.get("last-modified"))
    return "etag" in told and has(conditions, told["etag"], modified)
