"""Answers for HTTP/1.0, which knows no chunks (RFC 9112, 7.1): they are sent whole, with their length.

Without either, such a client could not tell an answer that broke off from a complete one.
"""

from __future__ import annotations

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from . import problems
from .frame import add_headers
from .watching import ClientGone

HELD = "isogloss.held"  # extension of a request whose answer is held to its end, and may be begun anew
LARGEST = 16 * 1024 * 1024  # bytes of an answer that are gathered
IN_ALL = 128 * 1024 * 1024  # bytes of all such answers that are under way
_WITHOUT_CONTENT = {204, 304}


class WholeForOld:
    """ASGI middleware: gathers what would be sent in pieces to a client of HTTP/1.0.

    What is too long for that is 426, which tells the client to ask over HTTP/1.1.
    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self.held = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["http_version"] != "1.0" or scope["method"] == "HEAD":
            await self.app(scope, receive, send)
            return
        answer = _Gathered(self, send)
        scope.setdefault("extensions", {})[HELD] = {}
        try:
            await self.app(scope, receive, answer.send)
        except _TooLong:
            pass
        finally:
            answer.forget()
        if answer.refused:
            await _too_long(Request(scope))(scope, receive, send)


class _TooLong(ClientGone):
    """Not to be gathered; for who sends the answer it is as if the client had hung up."""


class _Gathered:
    """One answer, held from its start to its end unless it tells its length itself."""

    def __init__(self, door: WholeForOld, send: Send) -> None:
        self._door, self._send = door, send
        self._start: Message | None = None
        self._parts: list[bytes] = []
        self._size = 0
        self.refused = False

    async def send(self, message: Message) -> None:
        if self.refused:
            raise _TooLong
        if message["type"] == "http.response.start":
            self.forget()  # perhaps of an answer that has failed on the way
            plain = message["status"] in _WITHOUT_CONTENT or _tells_its_length(message)
            self._start = None if plain else message
            if plain:
                await self._send(message)
        elif self._start is None:
            await self._send(message)
        else:
            self._take(message.get("body", b""))
            if not message.get("more_body"):
                await self._finish(self._start)

    def forget(self) -> None:
        self._door.held -= self._size
        self._size = 0
        self._parts = []

    def _take(self, body: bytes) -> None:
        self._size += len(body)
        self._door.held += len(body)
        self._parts.append(body)
        if self._size > LARGEST or self._door.held > IN_ALL:
            self.refused = True
            self.forget()
            raise _TooLong

    async def _finish(self, start: Message) -> None:
        """Send piece by piece, as the client takes them: until then they count as held."""
        MutableHeaders(raw=start["headers"])["content-length"] = str(self._size)
        await self._send(start)
        for part in self._parts:
            await self._send({"type": "http.response.body", "body": part, "more_body": True})
        await self._send({"type": "http.response.body"})


def _tells_its_length(start: Message) -> bool:
    return any(name.lower() == b"content-length" for name, _ in start["headers"])


def _too_long(request: Request) -> Response:
    told = f"An answer of more than {LARGEST:,} bytes is sent in pieces, for which HTTP/1.0 has no means."
    headers = {"Upgrade": "HTTP/1.1", "Connection": "Upgrade"}
    problem = problems.Problem(problems.OLD_HTTP, told, request.url.path, headers=headers)
    response = problems.respond(request, problem)
    add_headers(response.headers)
    return response
