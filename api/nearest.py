"""The known things nearest to a name that is not known, for the answer to a wrong address."""

from __future__ import annotations

import difflib
import re

from isogloss.graph.engine.base import Engine
from isogloss.ontology.names import BASE, PREFIXES

from .addresses import kind_of, slug_of
from .asking import rows, text

_MOST_COMPARED = 2000


async def nearest(engine: Engine, iri: str, count: int = 5) -> tuple[str, ...]:
    """IRIs of things whose slugs resemble that of `iri`, the most alike first, its own kind favoured."""
    words = sorted(set(re.findall(r"[a-z0-9]{2,}", slug_of(iri).lower())), key=len, reverse=True)[:5]
    if not words:
        return ()
    tests = " || ".join(f'CONTAINS(STR(?thing), "{word}")' for word in words)
    found = await rows(
        engine,
        f"SELECT DISTINCT ?thing WHERE {{ ?thing <{PREFIXES['rdfs']}label> ?label"
        f' FILTER(STRSTARTS(STR(?thing), "{BASE}id/") && ({tests})) }} LIMIT {_MOST_COMPARED}',
    )
    ranked = sorted(
        (text(row, "thing") for row in found),
        key=lambda known: (
            -_likeness(slug_of(iri), slug_of(known)) - 0.2 * (kind_of(known) == kind_of(iri)),
            known,
        ),
    )
    return tuple(ranked[:count])


def _likeness(wanted: str, known: str) -> float:
    return difflib.SequenceMatcher(None, wanted, known).ratio()
