"""The embedded engine: worker processes over an Oxigraph store, in front of them a memory of answers."""

from __future__ import annotations

import time
import weakref
from collections.abc import AsyncGenerator, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import msgspec

from isogloss.errors import EngineBusy, EngineError
from isogloss.settings import Settings

from . import frames
from .base import Answer, QueryRequest
from .cache import AnswerMemory
from .exchange import Exchange
from .federation import Federation
from .pool import Pool
from .process import Spec

PROLOGUE = (
    1024 * 1024
)  # bytes of an answer that are waited for, so that what fails early fails before it is sent


class EmbeddedEngine:
    """Answers from the snapshot at `store_path`; `start` before the first query, or use `async with`."""

    def __init__(self, store_path: Path, *, digest: str, settings: Settings) -> None:
        self._settings = settings
        self._memory = AnswerMemory(settings.answer_cache * 3 // 4)  # the rest is for finished HTTP answers
        spec = Spec(str(store_path), digest, settings.query_memory)
        self._pool = Pool(spec, settings.workers)
        self._federation = Federation(spec, settings) if settings.service_allow else None

    @property
    def digest(self) -> str:
        return self._pool.roster.spec.digest

    @property
    def sandbox(self) -> dict[str, dict[str, str]]:
        """What workers have given up, and where this system offers no means to: for the log and `/health`."""
        told = {"workers": dict(self._pool.roster.protections)}
        if self._federation is not None:
            told["SERVICE workers"] = dict(self._federation.pool.roster.protections)
        return told

    @property
    def processes(self) -> tuple[int, ...]:
        """The ids of all worker processes."""
        apart = self._federation.pool.roster.processes if self._federation else ()
        return self._pool.roster.processes + apart

    async def start(self) -> None:
        await self._pool.roster.start()
        if self._federation is not None:
            await self._federation.start()

    async def close(self) -> None:
        await self._pool.roster.close()
        if self._federation is not None:
            await self._federation.close()

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def swap(self, store_path: Path, digest: str) -> None:
        """Answer from another snapshot from now on; queries under way end on the old one."""
        spec = Spec(str(store_path), digest, self._settings.query_memory)
        if self._federation is not None:
            await self._federation.swap(spec)
        await self._pool.roster.swap(spec)

    @property
    def memory(self) -> AnswerMemory:
        """The answers that are kept, for `/metrics`."""
        return self._memory

    async def query(self, request: QueryRequest) -> Answer:
        if not self._memory.limit:
            return await self._run(request)
        return await self._memory.answer(self.digest, request, lambda: self._run(request))

    async def _run(self, request: QueryRequest) -> Answer:
        if self._federation is None or not (targets := self._federation.targets(request.text)):
            return await self._run_on(self._pool, request, self._order(request))
        return await self._run_calling_out(self._federation, targets, request)

    async def _run_calling_out(
        self, federation: Federation, targets: tuple[str, ...], request: QueryRequest
    ) -> Answer:
        """The ways to `targets` stay open until nobody holds the answer's chunks any more."""
        with ExitStack() as ways:
            order = self._order(request)
            order.gateways = ways.enter_context(federation.gateway.ways_to(targets))
            try:
                answer = await self._run_on(federation.pool, request, order)
            except EngineBusy:
                raise
            except EngineError as error:
                raise EngineError(_as_named(str(error), order.gateways)) from error
            if answer.body is None:
                weakref.finalize(answer.chunks, ways.pop_all().close)
        return msgspec.structs.replace(answer, volatile=True)

    async def _run_on(self, pool: Pool, request: QueryRequest, order: frames.Order) -> Answer:
        started = time.perf_counter()
        exchange = Exchange(request.text, frames.pack(order), request.client, self._timeout(request))
        exchange = await pool.run(exchange)
        begin = exchange.begin.result()
        body = begin.body
        if body is not None:
            chunks = _whole([body])
        else:
            stream = pool.chunks(exchange)
            prologue, ended = await _read_prologue(stream)
            body = b"".join(prologue) if ended else None
            chunks = _whole(prologue) if ended else _rest(prologue, stream)
        return Answer(
            begin.media_type,
            chunks,
            {"query": time.perf_counter() - started},
            volatile=begin.volatile,
            body=body,
            digest=exchange.digest,
        )

    def _timeout(self, request: QueryRequest) -> float:
        asked = self._settings.query_timeout if request.timeout is None else request.timeout
        return min(asked, self._settings.query_timeout_max)

    def _order(self, request: QueryRequest) -> frames.Order:
        return frames.Order(
            request.text,
            request.accept,
            request.default_graphs,
            request.named_graphs,
            0 if request.trusted else self._settings.result_rows,
            0 if request.trusted else self._settings.result_bytes,
        )


def _as_named(told: str, gateways: Mapping[str, str]) -> str:
    """What was told of a way out, told of where it leads."""
    for target, address in gateways.items():
        told = told.replace(address, target)
    return told


async def _read_prologue(stream: AsyncGenerator[bytes, None]) -> tuple[list[bytes], bool]:
    """The first chunks, and whether they are all; a query whose client goes away meanwhile is stopped."""
    parts: list[bytes] = []
    size = 0
    async for chunk in stream:
        parts.append(chunk)
        size += len(chunk)
        if size > PROLOGUE:
            return parts, False
    return parts, True


async def _whole(parts: list[bytes]) -> AsyncGenerator[bytes, None]:
    for part in parts:
        yield part


async def _rest(parts: list[bytes], stream: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    try:
        for part in parts:
            yield part
        async for chunk in stream:
            yield chunk
    finally:
        await stream.aclose()
