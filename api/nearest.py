"""The known things nearest to a name that is not known, for the answer to a wrong address."""

from __future__ import annotations

import asyncio
import difflib
import re

from isogloss.graph.search.finder import Finder, Item, Wanted

from .addresses import kind_of, slug_of

_MOST_COMPARED = 50
_MOST_WORDS = 5
_MOST_CUT = 4  # letters left off at the end, where a slip may be
_LEAST_START = 2


async def nearest(index: Finder, iri: str, count: int = 5) -> tuple[str, ...]:
    """IRIs of things whose slugs resemble that of `iri`, the most alike first, its own kind favoured."""
    slug = slug_of(iri).lower()  # as all of ours are
    found = await asyncio.to_thread(_candidates, index, slug)
    ranked = sorted(
        {item.iri for item in found},
        key=lambda known: (
            -_likeness(slug, slug_of(known)) - 0.2 * (kind_of(known) == kind_of(iri)),
            known,
        ),
    )
    return tuple(ranked[:count])


def _candidates(index: Finder, slug: str) -> list[Item]:
    """What starts so or nearly so, what shares its words, also when they are spelt as known words."""
    words = re.findall(r"[a-z0-9.]{2,}", slug.lower())
    if not words:
        return []
    starts = (slug[:end] for end in range(len(slug), max(len(slug) - _MOST_CUT, _LEAST_START), -1))
    found = [item for start in starts for item in index.suggest(start, _MOST_COMPARED)]
    whole = index.search(Wanted(" ".join(words[:_MOST_WORDS]), per_page=_MOST_COMPARED))
    found += whole.items
    if whole.instead:
        found += index.search(Wanted(whole.instead, per_page=_MOST_COMPARED)).items
    for word in words[:_MOST_WORDS] if not found else ():
        found += index.search(Wanted(word, per_page=_MOST_COMPARED)).items
    return found


def _likeness(wanted: str, known: str) -> float:
    return difflib.SequenceMatcher(None, wanted, known).ratio()
