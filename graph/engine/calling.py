"""One query sent to an outside endpoint through SPARQLWrapper, from a thread; any other can hang up on it."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from functools import partial
from http import HTTPStatus
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from typing import Any, cast
from urllib.error import HTTPError, URLError
from urllib.request import HTTPHandler, HTTPSHandler, Request, build_opener

from SPARQLWrapper import POST, SPARQLWrapper

from isogloss.errors import EngineError, IsoglossError, QueryTimeout, QueryTooLarge

from .bringing import Login
from .complaints import syntax_error
from .formats import ALL_TYPES, Format

CHUNK = 64 * 1024
MOST_TOLD = 300  # characters of what an endpoint says of its failure
PARDONED = "text/plain"  # what endpoints call much that has a better name


class Line:
    """The connection of one call. To be cut from any thread, at any time, even before there is one."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._is_cut = False

    def join(self, connection: HTTPConnection) -> None:
        """Watch a connection that has just been made."""
        with self._lock:
            self._socket = cast(socket.socket, connection.sock)
            if self._is_cut:
                self._shut()

    def cut(self) -> None:
        """Whoever waits for the endpoint waits no longer, and the endpoint learns that it can stop."""
        with self._lock:
            self._is_cut = True
            self._shut()

    def _shut(self) -> None:
        if self._socket is not None:
            with suppress(OSError):
                socket.socket.shutdown(self._socket, socket.SHUT_RDWR)  # of TLS too, without a farewell


class _Plain(HTTPConnection):
    def __init__(self, line: Line, host: str, **options: Any) -> None:
        super().__init__(host, **options)
        self._line = line

    def connect(self) -> None:
        super().connect()
        self._line.join(self)


class _Secure(HTTPSConnection):
    def __init__(self, line: Line, host: str, **options: Any) -> None:
        super().__init__(host, **options)
        self._line = line

    def connect(self) -> None:
        super().connect()
        self._line.join(self)


class _Handler(HTTPHandler, HTTPSHandler):
    """Makes connections that `line` can cut."""

    def __init__(self, line: Line) -> None:
        super().__init__()
        self._line = line

    def http_open(self, req: Request) -> HTTPResponse:
        return self.do_open(partial(_Plain, self._line), req)

    def https_open(self, req: Request) -> HTTPResponse:
        return self.do_open(partial(_Secure, self._line), req)


class Wrapper(SPARQLWrapper):
    """A query by POST; the password goes to the endpoint alone, not to where that redirects."""

    def __init__(self, url: str, login: Login, line: Line) -> None:
        super().__init__(url)
        self.setMethod(POST)
        self.setOnlyConneg(True)
        self._line = line
        if login.user:
            self.setCredentials(login.user, login.password)

    def _createRequest(self) -> Request:  # noqa: N802 - SPARQLWrapper's name
        request: Request = super()._createRequest()
        secret = request.get_header("Authorization")
        if secret:
            request.remove_header("Authorization")
            request.add_unredirected_header("Authorization", secret)
        return request

    def _query(self) -> tuple[HTTPResponse, str]:
        """SPARQLWrapper's own cannot be left once it has begun."""
        opener = build_opener(_Handler(self._line))
        return opener.open(self._createRequest(), timeout=self.timeout), self.returnFormat


def read(response: HTTPResponse, seconds: float) -> bytes:
    """The next piece of an answer, empty at its end."""
    with translated("", seconds):
        return response.read1(CHUNK)


def check_type(response: HTTPResponse, chosen: Format) -> None:
    """EngineError for an answer that names another format than `chosen`, or is a page for people."""
    told = str(response.headers.get("Content-Type", "")).partition(";")[0].strip().lower()
    if told in {"text/html", *ALL_TYPES} - {PARDONED, *chosen.names}:
        raise EngineError(f"The engine answered with {told}, where {chosen.media_type} was asked for.")


@contextmanager
def translated(text: str, seconds: float) -> Iterator[None]:
    """urllib's errors as ours; the endpoint's address and credentials stay out."""
    try:
        yield
    except HTTPError as error:
        with error:
            raise _failure(error, text, seconds) from None
    except TimeoutError as error:
        raise QueryTimeout(f"The engine was silent for {seconds:g} s.", seconds=seconds) from error
    except (URLError, OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise EngineError(f"The engine cannot be reached: {reason}") from None


def _failure(error: HTTPError, text: str, seconds: float) -> IsoglossError:
    if error.code == HTTPStatus.BAD_REQUEST:
        return syntax_error(_told(error), text)
    if error.code == HTTPStatus.UNAUTHORIZED:
        return EngineError("The engine does not accept our credentials.")
    if error.code in {413, 507}:
        return QueryTooLarge("The engine finds the query too large.", cap="engine", limit=0)
    if error.code in {503, 504, 408}:
        return QueryTimeout("The engine gave the query up.", seconds=seconds)
    if error.code in {404, 500}:
        return EngineError(f"The engine failed: {_told(error)}")
    return EngineError(f"The engine answered with status {error.code}.")


def _told(error: HTTPError) -> str:
    """What the endpoint wrote: its first line, and not too much of that."""
    try:
        written = error.read(CHUNK).decode(errors="replace")
    except (OSError, HTTPException):
        written = ""
    return written.strip().partition("\n")[0].strip()[:MOST_TOLD] or "it did not say why"
