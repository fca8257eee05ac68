"""What a search finds: the things that its words lead to, narrowed by values of facets and by years."""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from isogloss.ontology import names

from . import matching
from .columns import ORDERS, Columns, Mask, Numbers
from .schema import FACETS, NONE, ONE_EACH

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


@dataclass(frozen=True, slots=True)
class Index:
    """An index while it is open."""

    db: sqlite3.Connection
    columns: Columns


@dataclass(frozen=True, slots=True)
class Hits:
    """What was found. `things` and their `scores` are told where words led to them."""

    matched: matching.Matched
    mask: Mask
    total: int
    things: Numbers | None = None
    scores: NDArray[np.float64] | None = None

    def ordered(self, columns: Columns, order: str) -> Numbers:
        """The things in one of ORDERS; by score where that is their relevance."""
        known = order if order in ORDERS else ORDERS[0]
        if known == ORDERS[0] and self.things is not None and self.scores is not None:
            return columns.by_score(self.things, self.scores)
        return columns.ordered(self.mask, known)

    def is_exact(self, thing: int) -> bool:
        """Whether the words name this thing as a whole."""
        if self.things is None or self.scores is None:
            return False
        return bool(matching.is_exact(self.scores[self.things == thing].max(initial=0.0)))


def collect(index: Index, wanted: Wanted) -> Hits:
    """What matches words, facets and years."""
    matched = matching.match(index.db, wanted.words)
    narrow = _narrow(index, wanted)
    if matched.asked:
        return gathered(index, matched, narrow)
    mask = narrow & ~_any_of(index, "kind", *((kind, kind) for kind in _UNASKED))
    mask[0] = False
    return Hits(matched, mask, int(np.count_nonzero(mask)))


def gathered(index: Index, matched: matching.Matched, narrow: Mask | None = None) -> Hits:
    """What the table `found` holds, as far as it is in `narrow`."""
    rows = index.db.execute("SELECT id, score FROM found").fetchall()
    things = np.array([row[0] for row in rows], dtype=np.uint32)
    scores = np.array([row[1] for row in rows], dtype=np.float64)
    if narrow is not None:
        within = narrow[things]
        things, scores = things[within], scores[within]
    mask = index.columns.none()
    mask[things] = True
    return Hits(matched, mask, len(things), things, scores)


def _narrow(index: Index, wanted: Wanted) -> Mask:
    mask = ~index.columns.none()
    for name, values in wanted.facets.items():
        for value in values if name in FACETS else ():
            if value == NONE and name in ONE_EACH:
                mask &= ~_any_of(index, name, ("", "\U0010ffff"))
            else:
                mask &= _any_of(index, name, (_full(name, value),) * 2)
    if wanted.first_year or wanted.last_year:
        mask &= _any_of(index, "year", (wanted.first_year or "0", wanted.last_year or "9999"))
    return mask


def _any_of(index: Index, name: str, *ranges: tuple[str, str]) -> Mask:
    """The things with a value of a facet within one of these ranges; the values are numbered in order."""
    mask = index.columns.none()
    for least, most in ranges:
        first, last = index.db.execute(
            "SELECT min(id), max(id) + 1 FROM facet_value WHERE name = ? AND value BETWEEN ? AND ?",
            (name, least, most),
        ).fetchone()
        if first is not None:
            mask |= index.columns.having(first, last)
    return mask


def _full(name: str, value: str) -> str:
    """A facet value as the index keeps it: short forms such as `in-force` or `itu` stand for their IRIs."""
    short = {
        "body": "id/body/", "status": "id/concept/status/", "theme": "id/theme/", "type": "ontology#",
        "vertical": "id/concept/vertical/", "activity": "id/concept/activity/",
        "application": "id/concept/application/", "vocabulary": "id/vocabulary/",
    }  # fmt: skip
    return value if name not in short or "://" in value else names.BASE + short[name] + value
