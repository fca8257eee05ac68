"""Queries that may call out: workers that reach a gateway, apart from those that reach nothing at all."""

from __future__ import annotations

import asyncio
from dataclasses import replace

from isogloss.errors import QueryRefused
from isogloss.settings import Settings

from . import guard
from .gateway import Gateway
from .pool import Pool
from .process import Spec

LONGEST = 64 * 1024  # characters of a query with SERVICE: the server itself has to read it first
LONG = 4096  # characters from which that is worth a thread


class Federation:
    """There is one only where the operator allows SERVICE at all; other queries never come near it."""

    def __init__(self, spec: Spec, settings: Settings) -> None:
        self.allowed = settings.service_allow
        self.gateway = Gateway(self.allowed, settings.query_timeout_max)
        self.pool = Pool(self._with_way_out(spec), 1)

    async def start(self) -> None:
        await self.gateway.start()
        await self.pool.roster.start()

    async def close(self) -> None:
        await self.pool.roster.close()
        await self.gateway.close()

    async def swap(self, spec: Spec) -> None:
        await self.pool.roster.swap(self._with_way_out(spec))

    def _with_way_out(self, spec: Spec) -> Spec:
        return replace(spec, gateway=self.gateway.port, allowed=self.allowed)

    def concerns(self, text: str) -> bool:
        """Whether a query may call out; most that do not can be told at a glance."""
        small = text.lower()
        return "service" in small or "\\u" in small

    async def targets(self, text: str) -> tuple[str, ...]:
        """The endpoints that a query calls, none where it is too long; QueryRefused for one off the list."""
        if len(text) > LONGEST or not self.concerns(text):
            return ()
        if len(text) < LONG:
            verdict = guard.examine(text, self.allowed)
        else:
            verdict = await asyncio.to_thread(guard.examine, text, self.allowed)
        return tuple({each.iri for each in verdict.services})


def told_of_length(refused: QueryRefused, text: str) -> QueryRefused:
    """What workers refuse that know no SERVICE, which may have been allowed in a shorter query."""
    if len(text) <= LONGEST or refused.token.upper() != "SERVICE":
        return refused
    told = f"{refused} A query with SERVICE may have {LONGEST:,} characters."
    return QueryRefused(told, line=refused.line, column=refused.column, token=refused.token)
