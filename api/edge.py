"""The edge of HTTP: requests are bounded in size, and nobody may take forever to speak or to listen."""

from __future__ import annotations

import asyncio
import json
import re

from isogloss.errors import EngineBusy

from . import problems
from .glancing import Glancing

LONGEST_HEAD = 64 * 1024  # bytes of an address with its header fields, and of what else is no content
SHORT_CONTENT = 64 * 1024  # bytes that a request may always bring
CONTENTS = 128 * 1024 * 1024  # bytes that all requests under way may bring; what is not short is 503 then
HEAD_SECONDS = 30.0  # for a client to say what it wants
STALL_SECONDS = 60.0  # after which a client has to have taken more of what waits for it
LEAST = 64 * 1024  # bytes that it has to have taken by then
PIPELINED = 16  # requests that are read while the one before them is answered

_HOST = re.compile(
    rb"(?:(?:[A-Za-z0-9._~!$&'()*+,;=-]|%[0-9A-Fa-f]{2})*+|\[[0-9A-Fa-f:.]+\])(?::[0-9]*)?"  # RFC 3986, 3.2.2
)


class _TooLong(Exception):
    """More has come than a head may have; httptools takes it for a fault of the request."""


class _NoHost(Exception):
    """Not one Host field that names a host (RFC 9112, 3.2); httptools takes it for a fault of the request."""


class _NoRoom(Exception):
    """All the memory for contents is taken; httptools takes it for a fault of the request."""


class Edge(Glancing):
    """A protocol with bounds: else one connection can fill the memory, or many take all handles."""

    _content = 0  # bytes of the requests that came since the last answer was complete
    _refused = False  # for want of room
    _silent = 0  # bytes since a head, a piece of content or a message last came to its end
    _patience: asyncio.TimerHandle | None = None
    _stall: asyncio.TimerHandle | None = None
    _waiting = 0  # bytes that the client had not taken when last looked at

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._patience = self.loop.call_later(HEAD_SECONDS, transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        self._forget()
        self._relax()
        super().connection_lost(exc)

    def read(self, data: bytes) -> None:
        self._silent += len(data)
        super().read(data)
        if self.transport.is_closing():
            return
        if self._silent > LONGEST_HEAD:
            self.send_400_response("")
        elif not self.speaking or (self.cycle is not None and not self.cycle.response_complete):
            self._forget()
        elif self._patience is None:
            self._patience = self.loop.call_later(HEAD_SECONDS, self.transport.abort)

    def is_free(self) -> bool:
        return self._patience is None and super().is_free()

    def on_headers_complete(self) -> None:
        # What came at once may be head and content; only then is it worth counting.
        if self._silent > LONGEST_HEAD and self._head() > LONGEST_HEAD:
            raise _TooLong
        hosts = [value for name, value in self.headers if name == b"host"]
        if len(hosts) != 1 and (hosts or self.parser.get_http_version() == "1.1"):
            raise _NoHost
        if hosts and not _HOST.fullmatch(hosts[0]):
            raise _NoHost
        self._silent = 0
        super().on_headers_complete()
        if 0 < len(self.pipeline) <= PIPELINED:
            self.flow.resume_reading()  # else nobody would see the client leave

    def on_body(self, body: bytes) -> None:
        self._silent = 0
        self._content += len(body)
        if self._content > SHORT_CONTENT and self._held_by_all() > CONTENTS:
            self._refused = True
            raise _NoRoom
        super().on_body(body)

    def on_response_complete(self) -> None:
        self._content = 0
        super().on_response_complete()

    def on_message_complete(self) -> None:
        self._silent = 0
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:
        """What cannot be read is 400; too long or too much is told so, if the client still listens."""
        if self._refused:
            kind = problems.KINDS[EngineBusy]
            told = f"All requests together hold {CONTENTS:,} bytes; up to {SHORT_CONTENT:,} are always taken."
        elif self._silent <= LONGEST_HEAD:
            kind, told = problems.BAD_REQUEST, "This is no request of HTTP/1.1 that can be read."
        else:
            kind = problems.LONG_ADDRESS if len(self.url) > LONGEST_HEAD // 2 else problems.LONG_FIELDS
            told = f"A request may have {LONGEST_HEAD:,} bytes before its content. {kind.meaning}"
        body = json.dumps(problems.Problem(kind, told, "").body()).encode()
        head = (
            f"HTTP/1.1 {kind.status} {kind.title}\r\ncontent-type: {problems.PROBLEM_JSON}\r\n"
            f"access-control-allow-origin: *\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()

    def pause_writing(self) -> None:
        super().pause_writing()
        self._watch()

    def resume_writing(self) -> None:
        self._relax()
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        if self._stall is None and self.transport.get_write_buffer_size():
            self._watch()

    def _held_by_all(self) -> int:
        return sum(each._content for each in self.connections if isinstance(each, Edge))

    def _head(self) -> int:
        return len(self.url) + sum(len(name) + len(value) for name, value in self.headers)

    def _forget(self) -> None:
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _watch(self) -> None:
        self._waiting = self.transport.get_write_buffer_size()
        self._stall = self.loop.call_later(STALL_SECONDS, self._look)

    def _look(self) -> None:
        if self._waiting - self.transport.get_write_buffer_size() < min(LEAST, self._waiting):
            self.transport.abort()
        else:
            self._watch()

    def _relax(self) -> None:
        if self._stall is not None:
            self._stall.cancel()
            self._stall = None
