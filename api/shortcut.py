"""A short way through the server for the common query: no task, no layers, one write, and the same answer.

The long way, through ASGI, is the rule: whatever is not plain leaves this one for it, also under way.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import Protocol

from starlette.types import Scope

from isogloss.errors import IsoglossError
from isogloss.graph.engine.base import Answer, Engine, Prompt, Underway

from . import compression
from .composing import Asked, whole, written
from .compression import Wish
from .kept import Headers, KeptAnswers
from .protocol import Call, MalformedRequest, parse
from .proxies import client_of

# What asks for more than an answer: conditions, content, a word before it is sent.
_NOT_PLAIN = frozenset(
    {b"if-match", b"if-none-match", b"content-length", b"transfer-encoding", b"content-encoding", b"expect"}
)
UNDERWAY = "isogloss.underway"  # the extension of ASGI by which a query goes on, on the long way


class Connection(Protocol):
    """The client's connection, with one request of which nothing has been answered."""

    visit: Visit | None  # what waits for an answer to this request

    def answer(self, fields: bytes, body: bytes) -> None:
        """Status 200, these header fields as they go over the wire, and the whole content."""

    def take_long_way(self, underway: Underway) -> None:
        """Let the application answer, in a task; it finds the query as the extension `UNDERWAY`."""


class Shortcut:
    """Answers what comes in a manner that it knows, on the client's connection; counts answers by status."""

    def __init__(self, engine: Engine, kept: KeptAnswers, answered: Counter[int]) -> None:
        self.engine = engine if isinstance(engine, Prompt) else None
        self.kept, self._answered = kept, answered

    def __call__(self, scope: Scope) -> Manner | None:
        """How a request asks, if it does so in a way in which it may be answered here."""
        headers = dict(scope["headers"])
        plain = scope["method"] == "GET" and _NOT_PLAIN.isdisjoint(headers)
        if self.engine is None or not plain or len(headers) != len(scope["headers"]):
            return None
        wish = compression.wish(headers.get(b"accept-encoding", b"").decode("latin-1"))
        if wish.cannot_be_met:
            return None
        return Manner(self, self.engine, headers.get(b"accept", b""), wish, client_of(scope))

    def finish(self, connection: Connection, answer: Answer, asked: Asked) -> None:
        self.give(connection, *whole(answer, asked, self.kept))

    def give(self, connection: Connection, headers: Headers, body: bytes) -> None:
        self._answered[200] += 1
        connection.answer(written(headers), body)

    def missed(self) -> None:
        """A client has left before its answer came."""
        self._answered[0] += 1


@dataclass(frozen=True, slots=True)
class Manner:
    """How a request asks, apart from what it asks: all that its header fields say."""

    shortcut: Shortcut
    engine: Prompt
    accept: bytes
    wish: Wish
    client: str

    def take(self, query_string: bytes, connection: Connection) -> bool:
        """Whether this will be answered here; if not, nothing has been done."""
        key = (query_string, self.accept, self.wish, b"", b"", b"")
        kept = self.shortcut.kept.find(self.engine.digest, key)
        if kept is not None:
            self.shortcut.give(connection, kept.headers, kept.body)
            return True
        try:
            call = Call("GET", query_string, "", b"", self.accept.decode("latin-1"), self.client)
            asked = Asked(parse(call), self.wish, key)
            begun = self.engine.begin(asked.request)
        except (IsoglossError, MalformedRequest):
            return False
        if isinstance(begun, Answer):
            self.shortcut.finish(connection, begun, asked)
        elif begun is not None:
            connection.visit = visit = Visit(self.shortcut, connection, begun, asked)
            begun.when_begun(visit.answer)
        return begun is not None


class Visit:
    """A request whose query is under way."""

    __slots__ = ("_asked", "_connection", "_left", "_shortcut", "_underway")

    def __init__(self, shortcut: Shortcut, connection: Connection, underway: Underway, asked: Asked) -> None:
        self._shortcut, self._connection, self._underway, self._asked = shortcut, connection, underway, asked
        self._left = False

    def answer(self) -> None:
        if self._left:
            return
        self._connection.visit = None
        answer = self._underway.whole()
        if answer is None:
            self._connection.take_long_way(self._underway)
        else:
            self._shortcut.finish(self._connection, answer, self._asked)

    def leave(self) -> None:
        """The client has hung up."""
        self._left = True
        self._underway.give_up()
        self._shortcut.missed()
