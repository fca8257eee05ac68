"""The way out for SERVICE: a loopback port that reaches allowed endpoints and never leaves their list.

Oxigraph's own client follows redirects wherever they lead. So a query that may call out has the IRI in its
SERVICE replaced by an address here, good for that query alone, and this side makes the request.
"""

from __future__ import annotations

import asyncio
import secrets
import socket
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from http.client import HTTPException, HTTPMessage
from typing import IO, TypeVar
from urllib.error import HTTPError
from urllib.parse import urljoin
from urllib.request import HTTPRedirectHandler, OpenerDirector, Request, build_opener
from urllib.response import addinfourl

from .guard import is_allowed

CHUNK = 64 * 1024
CALLS = 16  # at a time, in threads of their own: an endpoint that keeps them waiting holds up nothing else
HOPS = 5
LONGEST_HEAD = 64 * 1024
FORWARDED = ("content-type", "accept", "user-agent")

Result = TypeVar("Result")


class _NoRedirects(HTTPRedirectHandler):
    def redirect_request(  # noqa: PLR0913, PLR0917 - urllib's signature
        self, req: Request, fp: IO[bytes], code: int, msg: str, headers: HTTPMessage, newurl: str
    ) -> None:
        return None


class Gateway:
    """Serves the workers of one engine; `seconds` is the longest that an outside endpoint may be silent."""

    def __init__(self, allowed: Sequence[str], seconds: float) -> None:
        self._allowed, self._seconds = tuple(allowed), seconds
        self._targets: dict[str, str] = {}
        self._opener: OpenerDirector = build_opener(_NoRedirects())
        self._threads = ThreadPoolExecutor(CALLS, "gateway")
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._server: asyncio.Server | None = None
        self.port = int(self._listener.getsockname()[1])

    async def start(self) -> None:
        self._server = await asyncio.start_server(self._serve, sock=self._listener, limit=LONGEST_HEAD)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        self._listener.close()
        self._threads.shutdown(wait=False, cancel_futures=True)

    @contextmanager
    def ways_to(self, targets: Sequence[str]) -> Iterator[dict[str, str]]:
        """Addresses that lead to `targets`, by target, until the block is left."""
        tokens = {target: secrets.token_urlsafe(24) for target in targets}
        self._targets |= {token: target for target, token in tokens.items()}
        try:
            yield {target: f"http://127.0.0.1:{self.port}/{token}" for target, token in tokens.items()}
        finally:
            for token in tokens.values():
                self._targets.pop(token, None)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError):
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
            line, *fields = head.split("\r\n")
            headers = {
                name.strip().lower(): value.strip() for name, _, value in (f.partition(":") for f in fields)
            }
            body = await reader.readexactly(int(headers.get("content-length", "0")))
            target = self._targets.get(line.split(" ")[1].removeprefix("/"))
            if target is None:
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            else:
                await self._forward(target, headers, body, writer)
            await writer.drain()
        writer.close()

    async def _forward(
        self, target: str, headers: dict[str, str], body: bytes, writer: asyncio.StreamWriter
    ) -> None:
        kept = {name: headers[name] for name in FORWARDED if name in headers}
        try:
            response = await self._in_thread(lambda: self._call(target, kept, body))
        except (OSError, HTTPException) as error:
            told = str(getattr(error, "reason", error)).encode()
            writer.write(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: %d\r\n" % len(told))
            writer.write(b"Connection: close\r\n\r\n" + told)
            return
        kind = response.headers.get("Content-Type", "application/octet-stream")
        writer.write(
            f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nTransfer-Encoding: chunked\r\n".encode("latin-1")
        )
        writer.write(b"Connection: close\r\n\r\n")
        try:
            while chunk := await self._in_thread(lambda: response.read(CHUNK)):
                writer.write(b"%x\r\n%b\r\n" % (len(chunk), chunk))
                await writer.drain()
            writer.write(b"0\r\n\r\n")
        finally:
            response.close()

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)

    def _call(self, target: str, headers: dict[str, str], body: bytes) -> addinfourl:
        """POST to the target; a redirect is followed only to another allowed address."""
        for _ in range(HOPS):
            if not is_allowed(target, self._allowed):
                raise OSError(f"<{target}> is not on the list of endpoints")
            request = Request(target, body, headers, method="POST")  # noqa: S310 - is_allowed: http(s) alone
            try:
                response: addinfourl = self._opener.open(request, timeout=self._seconds)
            except HTTPError as error:
                location = error.headers.get("Location")
                error.close()
                if error.code not in {301, 302, 307, 308} or not location:
                    raise OSError(f"<{target}> answered with status {error.code}") from None
                target = urljoin(target, location)
            else:
                return response
        raise OSError("too many redirects")
