"""The numbers of the index in columns: which things have a value of a facet, and the things in each order.

They stand in a file of 32-bit numbers beside the index: how many things, values and pairs there are; where
each value begins among the pairs; the things of all pairs, value by value; and the things in each of ORDERS.
It is mapped into memory, so that a count over everything costs no more than a look at each pair.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.uint32]
Mask = NDArray[np.bool_]

ORDERS = ("relevance", "newest", "oldest", "title", "identifier")
_TYPE = np.dtype("<u4")


@dataclass(frozen=True, slots=True)
class Columns:
    """Things are numbered from 1, values from 0; a mask has a place for each thing, and one before them."""

    things: int
    starts: Numbers
    pairs: Numbers
    orders: Mapping[str, Numbers]

    def having(self, first: int, last: int | None = None) -> Mask:
        """The things that have a value, or any of the values from `first` up to before `last`."""
        found = self.none()
        end = first + 1 if last is None else last
        found[self.pairs[self.starts[first] : self.starts[end]]] = True
        return found

    def none(self) -> Mask:
        """No thing at all."""
        return np.zeros(self.things + 1, dtype=np.bool_)

    def counts(self, mask: Mask, values: int | None = None) -> NDArray[np.intp]:
        """How many things of the mask have each value, or each of the first so many values."""
        starts = self.starts[: len(self.starts) - 1 if values is None else values]
        pairs = self.pairs[: self.starts[len(starts)]]
        if not len(pairs):
            return np.zeros(len(starts), dtype=np.intp)
        # Bytes taken without a look at the bounds: half the time of indexing with a mask.
        taken = mask.view(np.uint8).take(pairs, mode="clip")
        return np.add.reduceat(taken, starts, dtype=_TYPE).astype(np.intp)

    def ordered(self, mask: Mask, order: str) -> Numbers:
        """The things of the mask in one of ORDERS."""
        things = self.orders[order]
        return things[mask.take(things, mode="clip")]

    def by_score(self, things: Numbers, scores: NDArray[np.float64]) -> Numbers:
        """These things by score, the best first; those of one score by relevance."""
        place = np.zeros(self.things + 1, dtype=_TYPE)
        place[self.orders["relevance"]] = np.arange(self.things, dtype=_TYPE)
        return things[np.lexsort((place[things], -scores))]


def columns_file(index: Path) -> Path:
    """Where the columns of an index stand."""
    return index.with_suffix(".columns")


def write_columns(index: Path, values: Sequence[Numbers], orders: Mapping[str, Numbers]) -> None:
    """`values` are the things of each value; `orders` hold every thing once."""
    things = len(orders[ORDERS[0]])
    starts = np.cumsum([0, *map(len, values)])
    parts = [[things, len(values), starts[-1]], starts, *values, *(orders[name] for name in ORDERS)]
    np.concatenate([np.asarray(part, dtype=_TYPE) for part in parts]).tofile(columns_file(index))


def read_columns(index: Path) -> Columns:
    """Errors: OSError where there are none, ValueError where the file is cut short."""
    numbers = np.memmap(columns_file(index), dtype=_TYPE, mode="r").view(np.ndarray)
    things, values, pairs = (int(number) for number in numbers[:3])
    ends = np.cumsum([3, values + 1, pairs, *(things for _ in ORDERS)])
    if len(numbers) != ends[-1]:
        raise ValueError("the columns of the search index are not whole")
    parts = [numbers[start:end] for start, end in pairwise(ends)]
    return Columns(things, parts[0], parts[1], dict(zip(ORDERS, parts[2:], strict=True)))
