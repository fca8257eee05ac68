"""The SPARQL 1.1 Protocol over HTTP, as an ASGI application of its own, for speed."""

from __future__ import annotations

import contextlib
import logging
from collections import Counter
from dataclasses import dataclass
from hashlib import blake2b

from pyoxigraph import NamedNode
from starlette.requests import Request
from starlette.types import ASGIApp, Receive, Scope, Send

from isogloss.errors import IsoglossError
from isogloss.graph.engine.base import Answer, Engine
from isogloss.graph.engine.formats import content_type

from . import compression, problems
from .composing import CORS, LASTING, Asked, etag_of, heading, packed, tag, timing, whole
from .exchange import Exchange
from .frame import add_headers
from .gathering import HELD
from .kept import Headers, Kept, KeptAnswers
from .negotiation import HTML, RDF_TYPES, not_acceptable, preferred
from .problems import Refusal
from .protocol import Call, MalformedRequest, parse
from .proxies import client_of
from .service_description import Described, description
from .shortcut import UNDERWAY, Manner, Shortcut
from .watching import ClientGone, Watch, WhileConnected

log = logging.getLogger(__name__)

METHODS = "GET, HEAD, POST, OPTIONS"


@dataclass(frozen=True, slots=True)
class ForPeople:
    """What a browser is shown: the editor for an empty GET, and a page of what went wrong."""

    editor: ASGIApp | None = None
    page: problems.ProblemPage | None = None


class SparqlEndpoint:
    """Answers `/sparql` from `engine`.

    Up to `memory` bytes of finished answers are kept, for who asks the same in the same words. `federated`
    says that the engine lets SERVICE reach some other endpoints.
    """

    def __init__(
        self,
        engine: Engine,
        shown: ForPeople | None = None,
        *,
        public_url: str = "",
        memory: int = 0,
        federated: bool = False,
    ) -> None:
        self._engine, self._shown = engine, shown or ForPeople()
        self._public_url, self._federated = public_url, federated
        self.kept = KeptAnswers(memory)
        self.answered: Counter[int] = Counter()  # requests by status, 0 for those that got no whole answer
        self.shortcut = Shortcut(engine, self.kept, self.answered)
        self._watch = Watch()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        exchange = Exchange.of(scope, receive, send)
        method = scope["method"]
        try:
            if method == "OPTIONS":
                await exchange.respond(204, [*CORS, *_PREFLIGHT])
            elif method not in {"GET", "HEAD", "POST"}:
                told = f"A query is sent by GET or POST, not by {method}."
                raise exchange.refusal(problems.METHOD, told, Allow=METHODS)
            elif method != "POST" and not scope["query_string"]:
                await self._introduce(exchange)
            else:
                await self._query(exchange)
        except Refusal as refusal:
            await _fail(exchange, refusal.problem, self._shown.page)
        except MalformedRequest as error:
            problem = problems.Problem(problems.BAD_REQUEST, str(error), scope["path"])
            await _fail(exchange, problem, self._shown.page)
        except IsoglossError as error:
            await _fail(exchange, problems.describe(error, scope["path"]), self._shown.page)
        except ClientGone:
            exchange.status = 0
        finally:
            self.answered[exchange.status] += 1

    async def _query(self, exchange: Exchange) -> None:
        scope = exchange.scope
        told = exchange.headers.get
        posted = scope["method"] == "POST"
        body = await exchange.body() if posted else b""
        accept, content_type = told(b"accept", b""), told(b"content-type", b"") if body else b""
        wish = exchange.wish()
        way = b"POST" if posted else b""
        exchange.key = key = (scope["query_string"], accept, wish, way, content_type, body)
        underway = scope.get("extensions", {}).get(UNDERWAY)
        kept = None if underway else self.kept.find(self._engine.digest, key)
        if kept is not None:
            await _send_kept(exchange, kept)
            return
        request = parse(
            Call(
                scope["method"],
                scope["query_string"],
                content_type.decode("latin-1") or exchange.header(b"content-type"),
                body,
                accept.decode("latin-1"),
                client_of(scope),
            )
        )
        asked = Asked(request, wish, key)
        if b"if-none-match" in exchange.headers and (digest := self._engine.digest):
            etag = etag_of(digest, asked)
            if exchange.has(etag):
                await exchange.without_content(304, etag)
                return
        async with WhileConnected(exchange.receive, self._watch):
            answer = await (underway.finish() if underway else self._engine.query(request))
            await self._answer(exchange, answer, asked)

    async def _answer(self, exchange: Exchange, answer: Answer, asked: Asked) -> None:
        etag = tag(answer, asked)
        if status := exchange.by_condition(etag):
            await answer.chunks.aclose()
            await exchange.without_content(status, etag)
        elif answer.body is None:
            await _stream(exchange, answer, [*heading(answer, etag), timing(answer)], asked.wish.coding)
        else:
            await exchange.send_whole(200, *whole(answer, asked, self.kept))

    async def _introduce(self, exchange: Exchange) -> None:
        """An empty GET: the editor to a browser, the service description to everyone else."""
        accept = exchange.header(b"accept")
        offers = (*RDF_TYPES, HTML) if self._shown.editor else RDF_TYPES
        wanted = preferred(accept, offers)
        if not wanted:
            raise not_acceptable(accept, offers)
        if wanted[0] == HTML and self._shown.editor is not None:
            exchange.status = 200
            await self._shown.editor(exchange.scope, exchange.receive, exchange.send)
            return
        described = Described(_address(exchange, self._public_url), self._federated)
        written = await description(self._engine, described, wanted[0])
        headers = [(b"content-type", content_type(wanted[0]).encode()), *CORS, *LASTING]
        body = packed(written, exchange.wish(), headers)
        etag = b'"%b"' % blake2b(body, digest_size=16).hexdigest().encode()
        if status := exchange.by_condition(etag):
            await exchange.without_content(status, etag)
        else:
            await exchange.respond(200, [*headers, (b"etag", etag)], body)


class SparqlFirst:
    """ASGI middleware: `/sparql` goes straight to `endpoint`, or by a shortcut, all else to `app`."""

    def __init__(
        self, app: ASGIApp, endpoint: ASGIApp, shortcut: Shortcut | None = None, path: str = "/sparql"
    ) -> None:
        self._app, self._endpoint, self._shortcut, self._path = app, endpoint, shortcut, path

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        here = scope["type"] == "http" and self._is_here(scope)
        await (self._endpoint if here else self._app)(scope, receive, send)

    def shortcut(self, scope: Scope) -> Manner | None:
        """How a request asks, if it may be answered at once."""
        return self._shortcut(scope) if self._shortcut is not None and self._is_here(scope) else None

    def _is_here(self, scope: Scope) -> bool:
        return bool(scope["path"] == scope.get("root_path", "") + self._path)


_PREFLIGHT: Headers = [
    (b"allow", METHODS.encode()),
    (b"access-control-allow-methods", METHODS.encode()),
    (b"access-control-allow-headers", b"Accept, Content-Type, If-Match, If-None-Match"),
    (b"access-control-max-age", b"86400"),
]


async def _send_kept(exchange: Exchange, kept: Kept) -> None:
    if status := exchange.by_condition(kept.etag):
        await exchange.without_content(status, kept.etag)
    else:
        await exchange.send_whole(200, kept.headers, kept.body)


def _address(exchange: Exchange, public_url: str) -> str:
    scope = exchange.scope
    if public_url:
        return public_url.rstrip("/") + "/sparql"
    address = f"{scope['scheme']}://{exchange.header(b'host')}{scope['path']}"
    try:
        return NamedNode(address).value
    except ValueError as error:
        raise MalformedRequest("The Host field names no host.") from error


async def _stream(exchange: Exchange, answer: Answer, headers: Headers, coding: str) -> None:
    """Send the answer as it comes; one that fails on the way gets no end, so it cannot pass for whole."""
    compressor = compression.CODINGS[coding]() if coding else None
    if coding:
        headers.append((b"content-encoding", coding.encode()))
    exchange.status = 200
    await exchange.send({"type": "http.response.start", "status": 200, "headers": headers})
    try:
        async with contextlib.aclosing(answer.chunks) as chunks:
            if exchange.scope["method"] != "HEAD":
                async for chunk in chunks:
                    await exchange.send_chunk(compressor.compress(chunk) if compressor else chunk)
    except (IsoglossError, TimeoutError) as error:
        if isinstance(error, IsoglossError) and HELD in exchange.scope.get("extensions", {}):
            raise  # nothing of it has been sent, so it can be told
        log.warning("an answer was cut off: %s", error)
        raise ClientGone from error
    tail = compressor.finish() if compressor and exchange.scope["method"] != "HEAD" else b""
    await exchange.send({"type": "http.response.body", "body": tail})


async def _fail(exchange: Exchange, problem: problems.Problem, page: problems.ProblemPage | None) -> None:
    response = problems.respond(Request(exchange.scope), problem, page)
    add_headers(response.headers)
    exchange.status = response.status_code
    await response(exchange.scope, exchange.receive, exchange.send)
