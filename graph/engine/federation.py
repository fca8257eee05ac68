"""Queries that may call out: workers with sockets, apart from those without, and the gateway they use."""

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
        self.pool = Pool(replace(spec, network=True, allowed=self.allowed), 1)

    async def start(self) -> None:
        await self.gateway.start()
        await self.pool.roster.start()

    async def close(self) -> None:
        await self.pool.roster.close()
        await self.gateway.close()

    async def swap(self, spec: Spec) -> None:
        await self.pool.roster.swap(replace(spec, network=True, allowed=self.allowed))

    def targets(self, text: str) -> tuple[str, ...]:
        """The endpoints that a query calls; QueryRefused for one off the list."""
        if not _MAY_CALL.search(text):
            return ()
        return tuple({each.iri for each in guard.examine(text, self.allowed).services})
