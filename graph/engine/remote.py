"""Any SPARQL 1.1 endpoint as an engine: SPARQLWrapper in threads, guarded and bounded like our own."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPResponse
from typing import Self, TypeVar
from urllib.parse import SplitResult, unquote, urlsplit, urlunsplit

import msgspec
from pyoxigraph import NamedNode

from isogloss.errors import EngineBusy, EngineError, QueryTimeout, QueryTooLarge
from isogloss.settings import Settings

from . import guard, recast
from .base import Answer, Load, QueryRequest
from .bringing import NOWHERE, Login
from .calling import Line, Wrapper, check_type, read, translated
from .complaints import too_many
from .counting import RowCounter
from .dialects import PLAIN, Dialect, recognized
from .formats import RESULTS, Form, Format, choose
from .lane import PATIENCE, TOO_MUCH
from .opening import read_opening, resumed
from .queue import Places
from .results import ask, select

T = TypeVar("T")
Rewrite = Callable[[bytes, Format], bytes]

CONNECTIONS_PER_WORKER = 8
QUEUE_PER_WORKER = 128
LONG_TEXT = 10_000  # characters from which the guard's reading is worth a thread
LONGEST_TEXT = 1_000_000  # characters, which it reads in a second or two
NO_UNION = """ASK {
  { SELECT ?s ?p ?o { GRAPH ?g { ?s ?p ?o FILTER(!isBlank(?s) && !isBlank(?o)) } } LIMIT 1 }
  FILTER NOT EXISTS { ?s ?p ?o }
}"""
FORMS: dict[str, Form] = {"SELECT": "rows", "ASK": "boolean", "CONSTRUCT": "graph", "DESCRIBE": "graph"}


class RemoteEngine:
    """Answers from the endpoint at `url`, which may carry a user and a password; neither is ever shown.

    Where the endpoint's own default graph lacks what its named graphs hold, their union takes its place: each
    query without a data set of its own names all graphs that were there at the start. Where a row cap is set,
    triples are asked for line by line, counted, and written in the format asked for once all are there. A
    client has half of the connections at most, and ends its query by leaving. `digest` names the data if the
    operator knows it; without one no answer is kept.
    """

    def __init__(self, url: str, *, settings: Settings, digest: str = "") -> None:
        parts = _parts_of(url)
        self._user = unquote(parts.username or "") or settings.engine_user
        self._password = unquote(parts.password or "") or settings.engine_password.get_secret_value()
        netloc = parts.netloc.rpartition("@")[2]
        self._url = urlunsplit(parts._replace(netloc=netloc))
        self._settings, self._digest = settings, digest
        self._reading = asyncio.Lock()
        self._dialect: Dialect = PLAIN
        self._graphs: tuple[str, ...] = ()
        self._threads = ThreadPoolExecutor(settings.workers * CONNECTIONS_PER_WORKER, "remote-engine")
        self._places = Places(settings.workers * CONNECTIONS_PER_WORKER, settings.workers * QUEUE_PER_WORKER)

    @property
    def digest(self) -> str:
        return self._digest

    @property
    def load(self) -> Load:
        """What is asked of the endpoint; of its processes nothing is known."""
        return Load(self._places.held, self._places.waiting)

    @property
    def dialect(self) -> str:
        """The kind of engine that answers, as far as it says so itself."""
        return self._dialect.name

    async def start(self) -> None:
        """Ask the endpoint whether it is there, and what it is. Raises EngineError."""
        chosen, _ = choose("boolean", ())
        response = await self._in_thread(lambda: self._send("ASK {}", chosen, (), (), 10.0, Line()))
        self._dialect = recognized(response.headers.get("Server", ""))
        await self._in_thread(response.close)
        if await ask(self, NO_UNION):
            rows = await select(self, "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }")
            self._graphs = tuple(row["g"].value for row in rows if isinstance(row["g"], NamedNode))

    @property
    def union_of(self) -> tuple[str, ...]:
        """The graphs that are asked together in place of a default graph; none where it is their union."""
        return self._graphs

    @property
    def graph_store(self) -> str:
        """Where graphs can be put (without credentials), as far as the engine's kind tells; else empty."""
        return self._dialect.graph_store(self._url)

    @property
    def graph_parameter(self) -> str:
        return self._dialect.graph

    @property
    def login(self) -> Login:
        return Login(self._user, self._password)

    async def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def query(self, request: QueryRequest) -> Answer:
        verdict = await self._examined(request.text)
        chosen, name = choose(FORMS[verdict.form], request.accept)
        asked = self._settings.query_timeout if request.timeout is None else request.timeout
        await self._take_place(request)
        transfer = _Transfer(self, request.client, min(asked, self._settings.query_timeout_max))
        sent, rewrite = self._way(verdict, chosen, request)
        try:
            await transfer.begin(self._with_data_set(request, verdict), sent)
            chunks = transfer.chunks(self._rows(request, sent), self._bytes(request))
            if rewrite is None:
                opening, ended = await read_opening(chunks)
            else:
                opening, ended = [await self._rewritten(chunks, rewrite, chosen, request)], True
        except BaseException:
            transfer.end()
            raise
        return Answer(
            name,
            resumed(opening, chunks),
            {"query": time.monotonic() - transfer.started},
            volatile=verdict.volatile,
            body=b"".join(opening) if ended else None,
            digest=self._digest,
        )

    async def _take_place(self, request: QueryRequest) -> None:
        """Wait for a connection; a client has half of them at most, the service's own pages any number."""
        try:
            async with asyncio.timeout(PATIENCE):
                await self._places.acquire(request.client, lambda: None, within_share=not request.trusted)
        except TimeoutError as error:
            raise EngineBusy(TOO_MUCH, retry_after=10) from error

    def _with_data_set(self, request: QueryRequest, verdict: guard.Verdict) -> QueryRequest:
        """The union where the engine has none; and no named graph beside a default graph of the protocol's.

        Virtuoso takes all there are where none is named (SPARQL 1.1 Protocol, 2.1.4).
        """
        if request.default_graphs and not request.named_graphs:
            return msgspec.structs.replace(request, named_graphs=(NOWHERE,))
        if not self._graphs or verdict.has_dataset or request.default_graphs or request.named_graphs:
            return request
        return msgspec.structs.replace(request, default_graphs=self._graphs, named_graphs=self._graphs)

    def _way(
        self, verdict: guard.Verdict, chosen: Format, request: QueryRequest
    ) -> tuple[Format, Rewrite | None]:
        """The format to ask the endpoint for, and what makes the chosen one of it if it is another."""
        if verdict.form == "ASK":
            return RESULTS[0], recast.verdict
        if chosen.oxigraph in self._dialect.misspelt:
            return RESULTS[0], recast.rows
        capped = self._settings.result_rows and not request.trusted
        if capped and not RowCounter.knows(chosen.oxigraph):
            return recast.N_TRIPLES, recast.triples
        return recast.PLAINER.get(chosen, chosen), None

    async def _rewritten(
        self, chunks: AsyncGenerator[bytes, None], rewrite: Rewrite, chosen: Format, request: QueryRequest
    ) -> bytes:
        whole = b"".join([chunk async for chunk in chunks])
        body = await self._in_thread(lambda: rewrite(whole, chosen))
        limit = self._bytes(request)
        if limit and len(body) > limit:
            raise too_many("result_bytes", limit, "bytes")
        return body

    async def _examined(self, text: str) -> guard.Verdict:
        """One long text at a time, or reading would take the processor from all who ask what is short."""
        allowed = self._settings.service_allow
        if len(text) < LONG_TEXT:
            return guard.examine(text, allowed, guard.FUNCTIONS)
        if len(text) > LONGEST_TEXT:
            told = f"A query for an outside engine may have {LONGEST_TEXT:,} characters at most."
            raise QueryTooLarge(told, cap="query_length", limit=LONGEST_TEXT)
        async with self._reading:
            return await asyncio.to_thread(guard.examine, text, allowed, guard.FUNCTIONS)

    def _rows(self, request: QueryRequest, chosen: Format) -> RowCounter | None:
        limit = 0 if request.trusted else self._settings.result_rows
        return RowCounter(chosen.oxigraph, limit, too_many) if limit else None

    def _bytes(self, request: QueryRequest) -> int:
        return 0 if request.trusted else self._settings.result_bytes

    def _send(  # noqa: PLR0913, PLR0917 - all that a request is
        self,
        text: str,
        chosen: Format,
        default: tuple[str, ...],
        named: tuple[str, ...],
        seconds: float,
        line: Line,
    ) -> HTTPResponse:
        wrapper = Wrapper(self._url, self.login, line)
        wrapper.setQuery(text)
        wrapper.setTimeout(max(1, round(seconds + 1)))
        wrapper.addCustomHttpHeader("Accept", ", ".join((*chosen.names, "*/*;q=0.1")))
        for name, graphs in (("default-graph-uri", default), ("named-graph-uri", named)):
            for graph in graphs:
                wrapper.addParameter(name, graph)
        if self._dialect.timeout:
            wrapper.addParameter(self._dialect.timeout, self._dialect.written(seconds))
        with translated(text, seconds):
            response: HTTPResponse = wrapper.query().response
            return response

    def _check(self, response: HTTPResponse, seconds: float) -> None:
        """An answer that the endpoint has cut short is no answer."""
        headers = {name.lower(): value for name, value in response.headers.items()}
        most = headers.get(self._dialect.most_rows, "").strip()
        if most.isdecimal():
            raise too_many("engine", int(most), "rows")
        if not self._dialect.is_whole(headers):
            raise QueryTimeout("The engine stopped before the answer was whole.", seconds=seconds)

    async def _in_thread(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._threads, work)


def _parts_of(url: str) -> SplitResult:
    """EngineError for what is no address of HTTP; that may have a password in it, so it is not shown."""
    try:
        parts = urlsplit(url)
        if parts.scheme in {"http", "https"} and parts.hostname and parts.port != 0:
            return parts
    except ValueError:
        pass
    raise EngineError("The engine's address is none: http://HOST:PORT/PATH or https://… is expected.")


class _Transfer:
    """One answer on its way from the endpoint, until its deadline; holds a place of `client` till its end."""

    def __init__(self, engine: RemoteEngine, client: str, seconds: float) -> None:
        self._engine, self._client, self._seconds = engine, client, seconds
        self.started = time.monotonic()
        self._line = Line()
        self._response: HTTPResponse | None = None
        self._ended = False

    async def begin(self, request: QueryRequest, chosen: Format) -> None:
        graphs = request.default_graphs, request.named_graphs
        self._response = await self._in_time(
            lambda: self._engine._send(request.text, chosen, *graphs, self._seconds, self._line)
        )
        self._engine._check(self._response, self._seconds)
        check_type(self._response, chosen)

    async def chunks(self, rows: RowCounter | None, limit: int) -> AsyncGenerator[bytes, None]:
        total = 0
        response = self._response
        try:
            while response is not None and (
                chunk := await self._in_time(lambda: read(response, self._seconds))
            ):
                total += len(chunk)
                if limit and total > limit:
                    raise too_many("result_bytes", limit, "bytes")
                if rows is not None:
                    rows.feed(chunk)
                yield chunk
        finally:
            self.end()

    def end(self) -> None:
        """Hang up, also on an endpoint that has not answered yet, so that it can stop; safe to call twice."""
        if not self._ended:
            self._ended = True
            self._engine._places.release(self._client)
            self._line.cut()
            if self._response is not None:
                self._response.close()

    async def _in_time(self, work: Callable[[], T]) -> T:
        left = self.started + self._seconds - time.monotonic()
        try:
            async with asyncio.timeout(max(0.0, left)):
                return await self._engine._in_thread(work)
        except TimeoutError as error:
            message = f"The query ran for {self._seconds:g} s and was given up."
            raise QueryTimeout(message, seconds=self._seconds) from error
