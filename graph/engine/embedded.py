"""The embedded engine: worker processes over an Oxigraph store, in front of them a memory of answers."""

from __future__ import annotations

import weakref
from collections.abc import Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Self

import msgspec

from isogloss.errors import EngineBusy, EngineError, QueryRefused
from isogloss.settings import Settings

from . import frames
from .base import Answer, Load, QueryRequest, Underway
from .cache import AnswerMemory
from .exchange import Exchange
from .federation import Federation, told_of_length
from .pool import Pool
from .process import Spec
from .underway import InPool


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

    @property
    def load(self) -> Load:
        """What both kinds of workers have to do."""
        pools = (self._pool, self._federation.pool) if self._federation else (self._pool,)
        return Load(*map(sum, zip(*(pool.load for pool in pools), strict=True)))

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

    def begin(self, request: QueryRequest) -> Answer | Underway | None:
        """Start a query that is answered from the data alone, without waiting for anything."""
        if self._federation is not None and self._federation.concerns(request.text):
            return None
        return self._memory.begin(self.digest, request, lambda: self._begin(request))

    def _begin(self, request: QueryRequest) -> Underway | None:
        underway = self._underway(self._pool, request, self._order(request))
        return underway if underway.enter() else None

    async def _run(self, request: QueryRequest) -> Answer:
        if self._federation is None:
            return await self._underway(self._pool, request, self._order(request)).finish()
        if targets := await self._federation.targets(request.text):
            return await self._run_calling_out(self._federation, targets, request)
        try:
            return await self._underway(self._pool, request, self._order(request)).finish()
        except QueryRefused as refused:
            raise told_of_length(refused, request.text) from refused

    async def _run_calling_out(
        self, federation: Federation, targets: tuple[str, ...], request: QueryRequest
    ) -> Answer:
        """The ways to `targets` stay open until nobody holds the answer's chunks any more."""
        with ExitStack() as ways:
            order = self._order(request)
            order.gateways = ways.enter_context(federation.gateway.ways_to(targets))
            try:
                answer = await self._underway(federation.pool, request, order).finish()
            except EngineBusy:
                raise
            except EngineError as error:
                raise EngineError(_as_named(str(error), order.gateways)) from error
            if answer.body is None:
                weakref.finalize(answer.chunks, ways.pop_all().close)
        return msgspec.structs.replace(answer, volatile=True)

    def _underway(self, pool: Pool, request: QueryRequest, order: frames.Order) -> InPool:
        seconds = self._timeout(request)
        return InPool(pool, Exchange(request.text, frames.pack(order), request.client, seconds))

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
