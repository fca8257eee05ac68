"""The known things nearest to a name that is not known, for the answer to a wrong address."""

from __future__ import annotations

import asyncio
import re
from urllib.parse import unquote

from rapidfuzz.distance import DamerauLevenshtein

from isogloss.graph.search.finder import Finder, Item, Wanted
from isogloss.graph.search.schema import without_accents

from .addresses import kind_of, slug_of

_MOST_COMPARED = 50
_MOST_WORDS = 5
_MOST_CUT = 4  # letters left off at the end, where a slip may be
_LEAST_START = 2

# What counts beside likeness, which is at most 1: a start that is all that was asked for, the kind that was,
# and a name that means the thing.
_BEGUN, _OF_ITS_KIND, _BY_NAME = 0.1, 0.6, 0.5


async def nearest(index: Finder, iri: str, count: int = 5) -> tuple[str, ...]:
    """IRIs of things whose slugs, identifiers or names resemble the slug of `iri`, the most alike first.

    Those of its own kind, and those that go by this very name, are favoured.
    """
    return await asyncio.to_thread(_nearest, index, iri, count)


def _nearest(index: Finder, iri: str, count: int) -> tuple[str, ...]:
    kind, slug = kind_of(iri), unquote(slug_of(iri))
    wanted, last = _plain(slug), _plain(slug.rpartition("/")[2])
    if not wanted:
        return ()
    meant = {*index.resolve(wanted), *(index.resolve(last) if last else ())}
    found = {item.iri: item for item in (*index.items(meant), *_candidates(index, kind, slug))}

    def rank(item: Item) -> tuple[float, str]:
        told = _OF_ITS_KIND * (item.kind == kind) + _BY_NAME * (item.iri in meant)
        return -(_likeness(wanted, item) + told), item.iri

    return tuple(item.iri for item in sorted(found.values(), key=rank)[:count])


def _candidates(index: Finder, kind: str, slug: str) -> list[Item]:
    """What starts so or nearly so, what shares its words, also when they are spelt as known words."""
    words = re.findall(r"[a-z0-9.]{2,}", slug.lower())[:_MOST_WORDS]
    if not words:
        return []
    starts = (slug[:end] for end in range(len(slug), max(len(slug) - _MOST_CUT, _LEAST_START), -1))
    found = [item for start in starts for item in index.suggest(start.lower(), _MOST_COMPARED)]
    whole = index.search(Wanted(" ".join(words), per_page=_MOST_COMPARED))
    found += whole.items
    found += index.search(Wanted(" ".join(words), {"kind": (kind,)}, per_page=_MOST_COMPARED)).items
    if whole.instead:
        found += index.search(Wanted(whole.instead, per_page=_MOST_COMPARED)).items
    for word in words if not found else ():
        found += index.search(Wanted(word, per_page=_MOST_COMPARED)).items
    return found


def _likeness(wanted: str, item: Item) -> float:
    """How alike the slug, the identifier or the name without it is, 0 to 1."""
    names = (slug_of(item.iri), item.identifier, item.label, item.label.partition(": ")[2])
    return max(
        DamerauLevenshtein.normalized_similarity(wanted, name) + _BEGUN * name.startswith(wanted)
        for name in map(_plain, names)
    )


def _plain(name: str) -> str:
    """The words of a name, alike however they are joined.

    >>> _plain("ITU-T_Y.3800")
    'itu t y.3800'
    """
    return " ".join(re.findall(r"[^\W_]+(?:\.[^\W_]+)*", without_accents(name)))
