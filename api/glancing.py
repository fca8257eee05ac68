"""uvicorn's protocol with a short way for the common query; most of them need no parser, either."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from starlette.types import Scope
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from isogloss.graph.engine.base import Underway

from .alike import Alike, likeness
from .joining import Joining
from .shortcut import UNDERWAY, Manner, Visit


class Glancing(HttpToolsProtocol):
    """Takes a request at a glance that differs in its query alone from one before that took the shortcut.

    As soon as more than an answer is wanted of it, it is read in full, as any other.
    """

    url = b""
    visit: Visit | None = None  # of the request that is answered now, if it takes the shortcut
    speaking = False  # whether a message has begun and not come to its end
    _shortcut: Callable[[Scope], Manner | None] | None = None
    _wire: Joining
    _turn: RequestResponseCycle | None = None
    _begun = 0  # requests that were begun to be read
    _manner: Manner | None = None  # of the request that was read last, if it takes the shortcut
    _alike: Alike | None = None  # what the next one is expected to look like
    _glanced = b""  # the request that is answered now, if it was not read in full
    _resumes = False  # whether a request is read whose answer is under way
    _defaults: list[tuple[bytes, bytes]] | None = None  # the header fields of all answers
    _usual = b""  # the same, as they go over the wire
    _rests_since = 0.0  # when the last request that was not read in full had its answer

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        self._wire = Joining(transport, self.loop)
        self._shortcut = getattr(self.app, "shortcut", None)
        super().connection_made(self._wire)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self.visit is not None:
            self.visit.leave()
            self.visit = None
        if self._turn is not None:  # uvicorn tells the request that came last, which may not be this one
            self._turn.disconnected = True
            self._turn.message_event.set()

    def data_received(self, data: bytes) -> None:
        if self._glanced:
            self._read_in_full()
        elif self._alike is not None and self._takes_at_a_glance(data, self._alike):
            return
        begun, self._manner = None if self.speaking else self._begun, None
        self.read(data)
        alone = begun is not None and self._begun == begun + 1 and not self.speaking
        self._alike = likeness(data, self.url, self._manner) if self._manner and alone else None

    def read(self, data: bytes) -> None:
        """Read what may be a part of a request, one, or several."""
        super().data_received(data)

    def is_free(self) -> bool:
        """Whether all that came has been answered, and was taken by the client."""
        answered = self.cycle is None or self.cycle.response_complete
        return answered and not (self.speaking or self.pipeline or self.visit or self.flow.write_paused)

    def _takes_at_a_glance(self, data: bytes, alike: Alike) -> bool:
        query = alike.query_in(data)
        if not query or not self.is_free() or self.transport.is_closing():
            return False
        self._glanced = data
        if not alike.manner.take(query, self):
            self._glanced = b""
            return False
        return True

    def _read_in_full(self) -> None:
        """Make a request like any other of one that was taken at a glance and has no answer yet."""
        data, self._glanced, self._resumes = self._glanced, b"", True
        self.read(data)

    def on_message_begin(self) -> None:
        self.speaking = True
        self._begun += 1
        super().on_message_begin()

    def on_message_complete(self) -> None:
        self.speaking = False
        super().on_message_complete()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: Any) -> None:
        """A request has its turn: by a shortcut, if the application has one for it and the client listens."""
        self._turn = cycle
        if self._resumes:
            self._resumes = False
            return
        manner = None
        if self._shortcut is not None and not self.flow.write_paused:
            manner = self._shortcut(cycle.scope)  # type: ignore[arg-type]
        if manner is None or not manner.take(cycle.scope["query_string"], self):
            super()._start_asgi_task(cycle, app)
        elif cycle.keep_alive:
            self._manner = manner

    def answer(self, fields: bytes, body: bytes) -> None:
        if self.server_state.default_headers is not self._defaults:  # uvicorn renews them every second
            self._defaults = self.server_state.default_headers
            self._usual = b"".join([b"%b: %b\r\n" % field for field in self._defaults])
        if self._glanced:
            self._glanced = b""
            self._rests_since = self.loop.time()
            self.server_state.total_requests += 1
            self._wire.write_now(b"".join([b"HTTP/1.1 200 OK\r\n", self._usual, fields, b"\r\n", body]))
        elif (cycle := self._turn) is not None:
            cycle.response_started = cycle.response_complete = True
            cycle.on_response = _nothing
            end = b"\r\n" if cycle.keep_alive else b"connection: close\r\n\r\n"
            self._wire.write_now(b"".join([b"HTTP/1.1 200 OK\r\n", self._usual, fields, end, body]))
            if not cycle.keep_alive:
                self._wire.close()
            self.on_response_complete()

    def take_long_way(self, underway: Underway) -> None:
        if self._glanced:
            self._read_in_full()
        if (cycle := self._turn) is not None:
            cycle.scope.setdefault("extensions", {})[UNDERWAY] = underway  # type: ignore[assignment]
            super()._start_asgi_task(cycle, self.app)

    def shutdown(self) -> None:
        if self._glanced:
            self._read_in_full()
        super().shutdown()

    def timeout_keep_alive_handler(self) -> None:
        """End a connection on which nobody asks; what is taken at a glance does not set the timer back."""
        rested = 0.0 if self._glanced else self.loop.time() - self._rests_since
        if rested < self.timeout_keep_alive:
            left = self.timeout_keep_alive - rested
            self.timeout_keep_alive_task = self.loop.call_later(left, self.timeout_keep_alive_handler)
        else:
            super().timeout_keep_alive_handler()


def _nothing() -> None:
    """Takes the place of what would hold on to the connection."""
