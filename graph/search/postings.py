"""The postings of the index: which things have each word and how much it weighs there, in columns of numbers.

FTS5 keeps the texts and finds phrases. For single words, which may stand in half of all things, the same
numbers are kept here once more, term after term in the order of the table `term`, so that the beginnings of
words are one run, too. The file has 32-bit numbers: how many things, pairs and tokens there are; for each
thing (and one before them) its tokens, its weight in thousandths, and the length of its name where that
counts; then the things of all pairs, and what the words weigh there, names above and text below.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice, pairwise
from math import log
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from .columns import Numbers
from .schema import COLUMN_WEIGHTS

Scores = NDArray[np.float64]

_TYPE = np.dtype("<u4")
_AT_ONCE = 1_000_000  # tokens read at a time, so that millions need little memory
_NAMES = 16  # bits below what words weigh in names
_LOW = (1 << _NAMES) - 1
# The constants of bm25() in FTS5, https://sqlite.org/fts5.html section 5.1.1.
_K1, _B = 1.2, 0.75
_LEAST_RARITY = 1e-6


@dataclass(frozen=True, slots=True)
class Postings:
    """Things are numbered from 1; the arrays of things have one place before them.

    `average` is how many tokens a thing has.
    """

    average: float
    tokens: Numbers
    weights: Numbers
    names: Numbers
    things: Numbers
    weighing: Numbers

    def occurrences(
        self, first: int, last: int, *, several: bool = False, in_names: bool = False
    ) -> tuple[Numbers, Scores]:
        """The things of the pairs from `first` up to before `last`, and what the words weigh in each.

        `several`: the pairs are those of several terms, so that a thing may stand there more than once.
        """
        things, packed = self.things[first:last], self.weighing[first:last]
        weighing = (packed >> _NAMES).astype(np.float64)
        if in_names:
            things, weighing = things[weighing > 0], weighing[weighing > 0]
        else:
            weighing += packed & _LOW
        if not several:
            return things, weighing
        summed = np.bincount(things, weights=weighing, minlength=1).astype(np.float64)
        found = np.flatnonzero(summed)
        return found.astype(_TYPE), summed[found]

    def bm25(self, things: Numbers, weighing: Scores) -> Scores:
        """How well one phrase matches each of the things that have it, by the formula of FTS5."""
        count = len(self.tokens) - 1
        rarity = max(log((count - len(things) + 0.5) / (len(things) + 0.5)), 0.0) or _LEAST_RARITY
        length = _B * self.tokens[things].astype(np.float64) / self.average
        found: Scores = rarity * ((weighing * (_K1 + 1.0)) / (weighing + _K1 * (1 - _B + length)))
        return found


def postings_file(index: Path) -> Path:
    """Where the postings of an index stand."""
    return index.with_suffix(".postings")


def write_postings(db: sqlite3.Connection, index: Path, facts: Mapping[int, tuple[float, int]]) -> None:
    """Fill the table `term` and write the file, from the words that `db` has.

    `facts` has the weight of each thing (by number) and the length of its name, 0 where that does not count.
    """
    terms = db.execute("SELECT term, doc, cnt FROM vocabulary").fetchall()
    starts = np.cumsum([0, *(pairs for _, pairs, _ in terms)])
    db.executemany(
        "INSERT INTO term VALUES (?, ?, ?)",
        ((term, int(start), pairs) for (term, pairs, _), start in zip(terms, starts[:-1], strict=True)),
    )
    own = np.zeros((3, len(facts) + 1), dtype=_TYPE)
    for number, (weight, length) in facts.items():
        own[1:, number] = round(weight * 1000), length
    pairs = np.empty((2, int(starts[-1])), dtype=_TYPE)
    filled = 0
    for block in _blocks(db, np.array([tokens for _, _, tokens in terms], dtype=np.int64)):
        things, weighing, tokens = _paired(block)
        np.add.at(own[0], things, tokens)
        pairs[:, filled : filled + len(things)] = things, weighing
        filled += len(things)
    head = np.array([len(facts), len(pairs[0]), own[0].sum()], dtype=_TYPE)
    np.concatenate([head, own.ravel(), pairs.ravel()]).tofile(postings_file(index))


def _blocks(db: sqlite3.Connection, tokens: NDArray[np.int64]) -> Iterator[NDArray[np.int64]]:
    """Every token of every term in order: rows of the term's number, the thing and the column's weight."""
    weigh = " ".join(f"WHEN '{name}' THEN {weight}" for name, weight in COLUMN_WEIGHTS.items())
    db.execute("CREATE VIRTUAL TABLE temp.token USING fts5vocab (main, words, instance)")
    rows = chain.from_iterable(db.execute(f"SELECT doc, CASE col {weigh} END FROM temp.token"))  # noqa: S608
    ends = np.cumsum(tokens)
    first = 0
    while first < len(tokens):
        start = int(ends[first - 1]) if first else 0
        last = max(int(np.searchsorted(ends, start + _AT_ONCE, side="right")), first + 1)
        numbers = np.repeat(np.arange(first, last), tokens[first:last])
        told = np.fromiter(islice(rows, 2 * len(numbers)), dtype=np.int64, count=2 * len(numbers))
        yield np.column_stack((numbers, told.reshape(-1, 2)))
        first = last


def _paired(tokens: NDArray[np.int64]) -> tuple[Numbers, Numbers, Numbers]:
    """Each pair of term and thing once: the thing, what the term weighs there, how often it stands there."""
    terms, things, weights = tokens.T
    changes = np.flatnonzero((np.diff(terms) != 0) | (np.diff(things) != 0)) + 1
    starts = np.concatenate([[0], changes])
    in_text = weights == COLUMN_WEIGHTS["text"]
    parts = [np.add.reduceat(np.where(where, weights, 0), starts) for where in (~in_text, in_text)]
    names, text = (np.minimum(part, _LOW) for part in parts)
    counts = np.diff(np.append(starts, len(things)))
    return things[starts].astype(_TYPE), (names << _NAMES | text).astype(_TYPE), counts.astype(_TYPE)


def read_postings(index: Path) -> Postings:
    """Errors: OSError where there are none, ValueError where the file is cut short."""
    numbers = np.memmap(postings_file(index), dtype=_TYPE, mode="r").view(np.ndarray)
    things, pairs, tokens = (int(number) for number in numbers[:3])
    ends = np.cumsum([3, *[things + 1] * 3, pairs, pairs])
    if len(numbers) != ends[-1]:
        raise ValueError("the postings of the search index are not whole")
    return Postings(tokens / max(things, 1), *(numbers[start:end] for start, end in pairwise(ends)))
