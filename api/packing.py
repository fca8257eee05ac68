"""Pages, documents and files leave compressed where it pays; what a client takes shows in the entity tag."""

from __future__ import annotations

import re
from collections.abc import Iterable

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .bodies import Bodies, Body
from .compression import CODINGS, SMALLEST, coding_for

LARGEST = 4 << 20  # bytes; what is larger goes out as it is, piece by piece
_TEXTUAL = re.compile(
    r"text/|application/(?:[\w.+-]*\+)?(?:json|xml)\b|application/(?:javascript|n-triples|n-quads|trig|linkset)\b"
    r"|image/svg\+xml"
)


class Packing:
    """ASGI middleware: compresses whole answers of textual types with the coding that the client likes best.

    `memory` is how many bytes of packed answers are kept; a tag and a path name one for good. What has no
    length said beforehand, is a part of something, or has a coding already, passes as it is.
    """

    def __init__(self, app: ASGIApp, memory: int) -> None:
        self.app = app
        self.kept = Bodies(memory)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        coding = "" if "range" in headers else coding_for(headers.get("accept-encoding", ""))
        tags = headers.get("if-none-match", "")
        if coding and tags:
            scope = _with_tags(scope, tags.replace(f'-{coding}"', '"'))
        await self.app(scope, receive, _Answer(self.kept, scope["path"], coding, tags, send))


class _Answer:
    """Takes the messages of one answer, and sends them on packed or as they are."""

    def __init__(self, kept: Bodies, path: str, coding: str, tags: str, send: Send) -> None:
        self.kept, self.path, self.coding, self.tags, self.send = kept, path, coding, tags, send
        self.start: Message | None = None
        self.parts: list[bytes] = []

    async def __call__(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            await self._begin(message)
        elif message["type"] == "http.response.body" and self.start is not None:
            self.parts.append(message.get("body", b""))
            if not message.get("more_body"):
                await self._finish(self.start)
        else:
            await self.send(message)

    async def _begin(self, message: Message) -> None:
        headers = MutableHeaders(scope=message)
        if message["status"] == 304:
            headers.add_vary_header("Accept-Encoding")
            own = _tag(headers.get("etag", ""), self.coding)
            # Asked by date or `*` alone, the tag is that of what would come.
            if own and (own in self.tags or self.tags.strip() in ("", "*")):
                headers["etag"] = own
        elif _TEXTUAL.match(headers.get("content-type", "")) and "content-encoding" not in headers:
            headers.add_vary_header("Accept-Encoding")
            # Whether it pays to pack it or not: a 304 that comes before the body must tell the same tag.
            if message["status"] == 200 and (own := _tag(headers.get("etag", ""), self.coding)):
                headers["etag"] = own
            length = int(headers.get("content-length", "0"))
            if self.coding and message["status"] != 206 and SMALLEST <= length <= LARGEST:
                self.start = message
                return
        await self.send(message)

    async def _finish(self, start: Message) -> None:
        headers = MutableHeaders(scope=start)
        tag = headers.get("etag", "") if start["status"] == 200 else ""
        packed = self._packed(f"{self.path} {tag}" if tag.startswith('"') else "")
        headers["content-encoding"] = self.coding
        headers["content-length"] = str(len(packed))
        if "accept-ranges" in headers:
            del headers["accept-ranges"]
        await self.send(start)
        await self.send({"type": "http.response.body", "body": packed})

    def _packed(self, key: str) -> bytes:
        if (body := self.kept.get(key)) is not None:
            return body.content
        compressor = CODINGS[self.coding]()
        packed = b"".join((*map(compressor.compress, self.parts), compressor.finish()))
        self.kept.keep(key, Body(packed, ""))
        return packed


def _tag(tag: str, coding: str) -> str:
    """The strong tag of the representation in this coding (RFC 9110, 8.8.3.3); empty without a strong tag."""
    return f'{tag[:-1]}-{coding}"' if coding and tag.startswith('"') else ""


def _with_tags(scope: Scope, tags: str) -> Scope:
    headers: Iterable[tuple[bytes, bytes]] = scope["headers"]
    kept = [(name, value) for name, value in headers if name != b"if-none-match"]
    return {**scope, "headers": [*kept, (b"if-none-match", tags.encode("latin-1"))]}
