"""An index while it is open: its tables, its columns of numbers, and what is asked of both together."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np

from .asking import Form
from .columns import Columns, Mask, Numbers
from .postings import Postings, Scores
from .schema import COLUMN_WEIGHTS, token

_RANK = f"-bm25(words, {', '.join(f'{weight}.0' for weight in COLUMN_WEIGHTS.values())})"
_IN_NAMES = f"{{{' '.join(name for name in COLUMN_WEIGHTS if name != 'text')}}}: "


@dataclass(frozen=True, slots=True)
class Index:
    """`db` has what is to be read; `columns` and `postings` what is to be counted and ranked."""

    db: sqlite3.Connection
    columns: Columns
    postings: Postings

    def having(self, facet: str, *ranges: tuple[str, str]) -> Mask:
        """The things with a value of a facet within one of these ranges; the values are numbered in order."""
        mask = self.columns.none()
        for least, most in ranges:
            first, last = self.db.execute(
                "SELECT min(id), max(id) + 1 FROM facet_value WHERE name = ? AND value BETWEEN ? AND ?",
                (facet, least, most),
            ).fetchone()
            if first is not None:
                mask |= self.columns.having(first, last)
        return mask

    def having_any(self, facet: str, values: Iterable[str]) -> Mask:
        """The things with one of these values of a facet."""
        return self.having(facet, *((value, value) for value in values))

    def ranked(self, form: Form, *, in_names: bool = False) -> tuple[Numbers, Scores]:
        """The things that have a form, in all they say or in their names alone, and how well each matches.

        The scores are those of bm25() in FTS5, whichever way they are made.
        """
        word = token(form.words[0]) if len(form.words) == 1 else ""
        if not word:
            return self._phrase(form, in_names=in_names)
        first, last = self._pairs(word, form.unfinished)
        found = self.postings.occurrences(first, last, several=form.unfinished, in_names=in_names)
        return found[0], self.postings.bm25(*found)

    def _pairs(self, word: str, unfinished: bool) -> tuple[int, int]:
        first, last = self.db.execute(
            "SELECT min(first), max(first + things) FROM term WHERE term BETWEEN ? AND ?",
            (word, word + "\U0010ffff" * unfinished),
        ).fetchone()
        return first or 0, last or 0

    def _phrase(self, form: Form, *, in_names: bool) -> tuple[Numbers, Scores]:
        rows = self.db.execute(
            f"SELECT rowid, {_RANK} FROM words WHERE words MATCH ?",  # noqa: S608 - our own words
            (f"{_IN_NAMES if in_names else ''}{form}",),
        ).fetchall()
        return (
            np.array([row[0] for row in rows], dtype=np.uint32),
            np.array([row[1] for row in rows], dtype=np.float64),
        )
