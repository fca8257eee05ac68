"""Facets with counts: how many of the things found have each value."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .columns import Mask
from .opened import Index
from .schema import FACETS, NONE, ONE_EACH

MOST_VALUES = 40  # of a facet with many; `Wanted.whole` gives all of one
_SHORT = frozenset(("kind", "status", "year", "language"))  # facets that are always given whole

Counts = NDArray[np.intp]


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet among the things found; `above` is the IRI of the broader value, or empty."""

    value: str
    label: str
    count: int
    above: str


def counted(index: Index, mask: Mask, whole: str) -> tuple[dict[str, tuple[Value, ...]], Mapping[str, int]]:
    """The values of each facet with their counts, the most frequent first, and how many are left out.

    Of the facet `whole`, and of those with few values, all are given.
    """
    places = [place for place in _facets(index) if place[0] in FACETS]
    counts = index.columns.counts(mask, max((last for _, _, last in places), default=0))
    total = int(np.count_nonzero(mask))
    found: dict[str, tuple[Value, ...]] = {}
    left_out: dict[str, int] = {}
    for name, first, last in places:
        among = counts[first:last]
        order = np.argsort(-among, kind="stable")[: np.count_nonzero(among)]
        shown = order if name in _SHORT or name == whole else order[:MOST_VALUES]
        values = _values(index, first + shown, counts)
        without = total - int(among.sum()) if name in ONE_EACH and values else 0
        if values:
            found[name] = (*values, Value(NONE, "none told", without, "")) if without else values
        if len(shown) < len(order):
            left_out[name] = len(order) - len(shown)
    return {name: found[name] for name in FACETS if name in found}, left_out


def every_value(index: Index, mask: Mask, names: Iterable[str]) -> dict[str, tuple[Value, ...]]:
    """All values of these facets with their counts, in no particular order."""
    counts = index.columns.counts(mask)
    places = {name: np.flatnonzero(counts[first:last]) + first for name, first, last in _facets(index)}
    return {name: _values(index, places[name], counts) for name in names if name in places}


def _facets(index: Index) -> list[tuple[str, int, int]]:
    """Each facet, with the number of its first value and the one after its last."""
    return index.db.execute("SELECT name, min(id), max(id) + 1 FROM facet_value GROUP BY name").fetchall()


def _values(index: Index, numbers: Counts, counts: Counts) -> tuple[Value, ...]:
    wanted = [int(number) for number in numbers]
    rows = index.db.execute(
        "SELECT id, facet_value.value, label, above FROM facet_value "
        "LEFT JOIN value ON iri = facet_value.value WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(wanted),),
    )
    told = {number: (value, label or value, above or "") for number, value, label, above in rows}
    return tuple(
        Value(value, label, int(counts[number]), above)
        for number in wanted
        for value, label, above in (told[number],)
    )
