"""What a search finds: the things that its words lead to, narrowed by values of facets and by years."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import numpy as np

from isogloss.ontology import names

from .columns import ORDERS, Mask, Numbers
from .matching import Matches, match
from .opened import Index
from .ranking import ranked
from .schema import FACETS, NONE, ONE_EACH, readable

_UNASKED = ("scheme", "concept")  # kinds that only words lead to


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search: words, facet values that must all hold, years (inclusive), order and page (from 1).

    `whole` is the facet of which all values are wanted, however many; of the others the foremost are given.
    """

    words: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first_year: str = ""
    last_year: str = ""
    sort: str = "relevance"
    page: int = 1
    per_page: int = 20
    whole: str = ""

    def readable(self) -> Wanted:
        """The same in text that can be looked up."""
        facets = {name: tuple(map(readable, values)) for name, values in self.facets.items()}
        first, last = readable(self.first_year), readable(self.last_year)
        return replace(self, words=readable(self.words), facets=facets, first_year=first, last_year=last)


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found: all of it in `mask`. `matches` tells how, where words led to it."""

    mask: Mask
    total: int
    matches: Matches | None = None

    def ordered(self, index: Index, order: str, count: int) -> Numbers:
        """The first `count` things in one of ORDERS; by score where that is their relevance."""
        known = order if order in ORDERS else ORDERS[0]
        if known == ORDERS[0] and self.matches is not None:
            return ranked(index, self.matches, count)
        return index.columns.ordered(self.mask, known)[:count]

    def is_exact(self, thing: int) -> bool:
        """Whether the words name this thing as a whole."""
        return self.matches is not None and thing in self.matches.exactly


def collect(index: Index, wanted: Wanted) -> Hits:
    """What matches words, facets and years."""
    matches = match(index, wanted.words)
    narrow = _narrow(index, wanted)
    if matches is not None:
        found = matches.within(narrow)
        mask = index.columns.none()
        mask[found.things] = True
        return Hits(mask, len(found.things), found)
    mask = narrow & ~index.having_any("kind", _UNASKED)
    mask[0] = False
    return Hits(mask, int(np.count_nonzero(mask)))


def _narrow(index: Index, wanted: Wanted) -> Mask:
    mask = ~index.columns.none()
    for name, values in wanted.facets.items():
        for value in values if name in FACETS else ():
            if value == NONE and name in ONE_EACH:
                mask &= ~index.having(name, ("", "\U0010ffff"))
            else:
                mask &= index.having_any(name, (_full(name, value),))
    if wanted.first_year or wanted.last_year:
        mask &= index.having("year", (wanted.first_year or "0", wanted.last_year or "9999"))
    return mask


def _full(name: str, value: str) -> str:
    """A facet value as the index keeps it: short forms such as `in-force` or `itu` stand for their IRIs."""
    short = {
        "body": "id/body/", "status": "id/concept/status/", "theme": "id/theme/", "type": "ontology#",
        "vertical": "id/concept/vertical/", "activity": "id/concept/activity/",
        "application": "id/concept/application/", "vocabulary": "id/vocabulary/",
    }  # fmt: skip
    return value if name not in short or "://" in value else names.BASE + short[name] + value
