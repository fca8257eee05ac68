"""Which things there are, as far as no engine need be asked: those that the build wrote down."""

from __future__ import annotations

import asyncio
from array import array
from bisect import bisect_left
from functools import lru_cache
from pathlib import Path

from isogloss.graph.statistics import read_documents

from .deps import Services


async def is_known(services: Services, iri: str) -> bool:
    """Whether the thing is surely in the data that is served; False where only the engine can tell."""
    snapshot = services.snapshot
    if snapshot is None or snapshot.digest != services.engine.digest or not snapshot.documents.exists():
        return False
    known = await asyncio.to_thread(_marks, snapshot.documents)
    place = bisect_left(known, hash(iri))
    return place < len(known) and known[place] == hash(iri)


@lru_cache(maxsize=2)  # the snapshot that is served, and the one after it
def _marks(documents: Path) -> array[int]:
    """Eight bytes a thing, in order."""
    return array("q", sorted(map(hash, read_documents(documents))))
