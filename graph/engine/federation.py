"""Queries that may call out: workers that reach a gateway, apart from those that reach nothing at all."""

from __future__ import annotations

import re
from dataclasses import replace

from isogloss.settings import Settings

from . import guard
from .gateway import Gateway
from .pool import Pool
from .process import Spec

_MAY_CALL = re.compile(r"service|\\u", re.IGNORECASE)


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

    def targets(self, text: str) -> tuple[str, ...]:
        """The endpoints that a query calls; QueryRefused for one off the list."""
        if not _MAY_CALL.search(text):
            return ()
        return tuple({each.iri for each in guard.examine(text, self.allowed).services})
