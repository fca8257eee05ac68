"""Lists of works by what is exactly stated of them, from the index: for lists that no words lead to."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from .columns import Mask, Numbers
from .counting import Value, every_value
from .opened import Index
from .schema import readable

_ORDER = "title"


@dataclass(frozen=True, slots=True)
class WantedList:
    """Works of the class `of` (IRI) with these values of facets (by name; IRIs), `containing` a text in
    their label; `count` of them from `start` on, 0 for all.

    The facets are those of a search, and those of LISTED, which hold as stated: a body publishes what it is
    told to publish, not what its groups do.
    """

    of: str
    facets: Mapping[str, str] = field(default_factory=dict)
    containing: str = ""
    start: int = 0
    count: int = 0


@dataclass(frozen=True, slots=True)
class FoundList:
    """How many works there are, some of them as (IRI, label) by label, and the values of the facets."""

    total: int
    works: tuple[tuple[str, str], ...]
    facets: Mapping[str, tuple[Value, ...]]


def listed(index: Index, wanted: WantedList, facets: tuple[str, ...]) -> FoundList | None:
    """The list, with counts for each of the `facets`; None where the index keeps no lists."""
    if not index.having("class", ("", "\U0010ffff")).any():
        return None
    mask = index.having_any("class", (wanted.of,))
    for name, value in wanted.facets.items():
        mask &= index.having_any(name, (readable(value),))
    if wanted.containing:
        mask &= _containing(index, readable(wanted.containing))
    things = index.columns.ordered(mask, _ORDER)
    end = wanted.start + wanted.count if wanted.count else len(things)
    works = _named(index, things[wanted.start : end])
    return FoundList(len(things), works, every_value(index, mask, facets))


def _containing(index: Index, text: str) -> Mask:
    """The publications with a text in their label, in upper or lower case."""
    index.db.create_function("folded", 1, str.lower, deterministic=True)
    rows = index.db.execute(
        "SELECT id FROM thing WHERE kind = 'publication' AND instr(folded(label), ?)", (text.lower(),)
    )
    mask = index.columns.none()
    mask[np.fromiter((number for (number,) in rows), dtype=np.uint32)] = True
    return mask


def _named(index: Index, things: Numbers) -> tuple[tuple[str, str], ...]:
    numbers = things.tolist()
    rows = index.db.execute(
        "SELECT id, iri, label FROM thing WHERE id IN (SELECT value FROM json_each(?))",
        (json.dumps(numbers),),
    )
    told = {number: (iri, label) for number, iri, label in rows}
    return tuple(told[number] for number in numbers)
