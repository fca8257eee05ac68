"""One request of the SPARQL endpoint: what it brings, on which conditions, and how it is answered."""

from __future__ import annotations

import asyncio
from collections.abc import Sized
from dataclasses import dataclass

from starlette.types import Message, Receive, Scope, Send

from isogloss.errors import NotAcceptable, QueryTooLarge

from . import compression, problems
from .composing import CORS, LASTING
from .kept import Headers
from .protocol import MalformedRequest
from .watching import ClientGone

LONGEST_BODY = 16 * 1024 * 1024
BODY_SECONDS = 30.0  # for a client to send its query
STALL_SECONDS = 60.0  # for a client to take a chunk of the answer


@dataclass(slots=True)
class Exchange:
    """One request with what is needed to answer it; header fields of one name are joined.

    `status` is that of the answer: 500 unless another is given, 0 for a client that did not get all of it.
    """

    scope: Scope
    receive: Receive
    send: Send
    headers: dict[bytes, bytes]
    key: tuple[Sized, ...] = ()
    status: int = 500

    @classmethod
    def of(cls, scope: Scope, receive: Receive, send: Send) -> Exchange:
        headers: dict[bytes, bytes] = {}
        for name, value in scope["headers"]:
            headers[name] = headers[name] + b", " + value if name in headers else value
        return cls(scope, receive, send, headers)

    def header(self, name: bytes) -> str:
        return self.headers.get(name, b"").decode("latin-1")

    def wish(self) -> compression.Wish:
        """What the answer may be packed in; NotAcceptable for who takes it neither packed nor plain."""
        wish = compression.wish(self.header(b"accept-encoding"))
        if wish.cannot_be_met:
            told = f"Nothing here fits “Accept-Encoding: {self.header(b'accept-encoding')}”."
            raise NotAcceptable(told, offered=(*compression.CODINGS, "identity"))
        return wish

    async def body(self) -> bytes:
        """The whole content, within its bounds of size and time; Refusal if it is in a coding."""
        if self.header(b"content-encoding").strip().lower() not in {"", "identity"}:
            told = "A query is sent without a content coding."
            raise self.refusal(problems.CODING, told, **{"Accept-Encoding": "identity"})
        if self.header(b"content-length").isdecimal():
            _bound(int(self.header(b"content-length")))
        try:
            async with asyncio.timeout(BODY_SECONDS):
                return await self._received()
        except TimeoutError as error:
            raise MalformedRequest(f"The query did not arrive within {BODY_SECONDS:g} s.") from error

    async def _received(self) -> bytes:
        parts: list[bytes] = []
        size = 0
        while True:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise ClientGone
            parts.append(message.get("body", b""))
            size += len(parts[-1])
            _bound(size)
            if not message.get("more_body"):
                return b"".join(parts)

    def refusal(self, kind: problems.Kind, told: str, **headers: str) -> problems.Refusal:
        return problems.Refusal(problems.Problem(kind, told, self.scope["path"], {}, headers))

    def has(self, etag: bytes) -> bool:
        """Whether the client has this answer already, and asks nothing else about it."""
        named = self.headers.get(b"if-none-match", b"")
        return self.scope["method"] != "POST" and etag in named and b"if-match" not in self.headers

    def by_condition(self, etag: bytes) -> int:
        """412 for a client that wants another answer, 304 for one that has this, else 0 (RFC 9110, 13.2.2).

        An answer without a tag, which may be another the next time, meets no condition but `If-Match: *`.
        """
        wanted = self.headers.get(b"if-match", b"*")
        if wanted != b"*" and (not etag or etag not in {each.strip() for each in wanted.split(b",")}):
            return 412
        named = self.headers.get(b"if-none-match", b"")
        known = etag != b"" and (named == b"*" or etag in named)
        return 304 if known and self.scope["method"] != "POST" else 0

    async def without_content(self, status: int, etag: bytes) -> None:
        """Say what `by_condition` found; Refusal if that is 412."""
        if status == 412:
            told = "The answer is another than the one that If-Match names."
            raise self.refusal(problems.PRECONDITION, told)
        await self.respond(304, [*CORS, *LASTING, (b"etag", etag)])

    async def respond(self, status: int, headers: Headers, body: bytes = b"") -> None:
        length = (b"content-length", b"%d" % len(body))
        await self.send_whole(status, [*headers, length] if status not in {204, 304} else headers, body)

    async def send_whole(self, status: int, headers: Headers, body: bytes) -> None:
        """An answer whose headers are complete."""
        self.status = status
        await self.send({"type": "http.response.start", "status": status, "headers": headers})
        shown = b"" if self.scope["method"] == "HEAD" else body
        await self.send({"type": "http.response.body", "body": shown})

    async def send_chunk(self, data: bytes) -> None:
        if data:
            message: Message = {"type": "http.response.body", "body": data, "more_body": True}
            async with asyncio.timeout(STALL_SECONDS):
                await self.send(message)


def _bound(size: int) -> None:
    if size > LONGEST_BODY:
        told = f"A query may have {LONGEST_BODY:,} bytes at most."
        raise QueryTooLarge(told, cap="query_bytes", limit=LONGEST_BODY)
