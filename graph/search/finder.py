"""Answers from the index: ranked things with the reason of each match, facets with counts, completions."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from isogloss.errors import SnapshotError

from .columns import ORDERS, Numbers, read_columns
from .completing import completions, nearest_known, respell
from .counting import MOST_VALUES, Value, counted
from .lists import FoundList, WantedList, listed
from .naming import exact
from .opened import Index
from .postings import read_postings
from .reasons import Reason, by_name, reasons
from .schema import NONE, readable
from .selecting import Hits, Wanted, collect

__all__ = ("MOST_VALUES", "NONE", "SORTS", "Finder", "Found", "Item", "Value", "Wanted")

SORTS = ORDERS
_BATCH = 1000  # things that are read at a time


@dataclass(frozen=True, slots=True)
class Item:
    """One thing found; `why` names what matched, `extract` shows it with the words between « and », `lacks`
    are the words that it does not have.
    """

    iri: str
    kind: str
    label: str
    identifier: str
    year: str
    gloss: str
    why: str = ""
    extract: str = ""
    lacks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gives.

    `matched` is how many of the `asked` parts (words, or words that are one name) every item has: fewer than
    were asked for where nothing has them all. `instead` is then the nearest known spelling, if there is one.
    `left_out` tells how many values of a facet are not given.
    """

    total: int
    asked: int
    matched: int
    items: tuple[Item, ...]
    facets: Mapping[str, tuple[Value, ...]]
    left_out: Mapping[str, int]
    instead: str = ""


class Finder:
    """Reads one index; safe to use from several threads, since every call opens its own connection."""

    def __init__(self, path: Path) -> None:
        self._path = path.resolve()

    def search(self, wanted: Wanted) -> Found:
        """What matches all words and all facets, with counts over all of it, and one page of items."""
        wanted = wanted.readable()
        with self._open() as index:
            hits = collect(index, wanted)
            asked, met = (hits.matches.asked, hits.matches.met) if hits.matches else (0, 0)
            instead = respell(index.db, wanted.words) if met < asked else ""
            if met == 0 < asked:
                instead = nearest_known(index.db, wanted.words) or instead
            values, left_out = counted(index, hits.mask, wanted.whole)
            start = (wanted.page - 1) * wanted.per_page
            numbers = hits.ordered(index, wanted.sort, start + wanted.per_page)[start:]
            items = _explained(index, hits, wanted.words, numbers)
            return Found(hits.total, asked, met, tuple(items), values, left_out, instead)

    def each(self, wanted: Wanted, batch: int = _BATCH) -> Iterator[tuple[Item, ...]]:
        """Every match in order, in batches and without pages: for taking a whole list away.

        Nothing stays open between two batches, so each may be asked for from another thread.
        """
        wanted = wanted.readable()
        with self._open() as index:
            hits = collect(index, wanted)
            numbers = hits.ordered(index, wanted.sort, hits.total)
        for start in range(0, hits.total, batch):
            with self._open() as index:
                items = tuple(_items(index, numbers[start : start + batch]))
            yield items

    def listed(self, wanted: WantedList, facets: tuple[str, ...]) -> FoundList | None:
        """A list of works, with counts for each of the `facets`; None where the index keeps no lists."""
        with self._open() as index:
            return listed(index, wanted, facets)

    def suggest(self, words: str, limit: int = 10) -> tuple[Item, ...]:
        """Completions of what is being typed: identifiers first, then names."""
        with self._open() as index:
            return tuple(_items(index, completions(index, readable(words), limit)))

    def resolve(self, text: str) -> tuple[str, ...]:
        """The IRIs that a citation, URN, IRI or acronym names exactly, the likeliest first."""
        with self._open() as index:
            return exact(index.db, readable(text))

    def items(self, iris: Iterable[str]) -> tuple[Item, ...]:
        """The things with these IRIs, in their order; what is not known is left out."""
        with self._open() as index:
            found = (
                index.db.execute(
                    "SELECT iri, kind, label, identifier, year, gloss FROM thing WHERE iri = ?",
                    (readable(iri),),
                )
                for iri in iris
            )
            return tuple(Item(*row) for rows in found for row in rows)

    @contextmanager
    def _open(self) -> Iterator[Index]:
        """The index, open; whatever goes wrong with its files while they are read is an error of ours."""
        try:
            numbers = read_columns(self._path), read_postings(self._path)
            with closing(sqlite3.connect(f"{self._path.as_uri()}?mode=ro&immutable=1", uri=True)) as db:
                db.execute("PRAGMA temp_store = MEMORY")
                yield Index(db, *numbers)
        except FileNotFoundError as error:
            raise SnapshotError(
                "there is no search index of this version: 'isogloss build' makes one"
            ) from error
        except (sqlite3.Error, OSError, ValueError) as error:
            raise SnapshotError(f"the search index cannot be read: {error}") from error


def _items(index: Index, things: Numbers) -> Iterator[Item]:
    """The things with these numbers, in their order."""
    numbers = things.tolist()
    rows = {
        row[0]: row[1:]
        for row in index.db.execute(
            "SELECT id, iri, kind, label, identifier, year, gloss FROM thing "
            "WHERE id IN (SELECT value FROM json_each(?))",
            (json.dumps(numbers),),
        )
    }
    return (Item(*rows[number]) for number in numbers)


def _explained(index: Index, hits: Hits, words: str, things: Numbers) -> Iterator[Item]:
    """The same with the reason of each."""
    numbers = things.tolist()
    told = reasons(index.db, words, numbers)
    for number, item in zip(numbers, _items(index, things), strict=True):
        reason = told.get(number, Reason())
        if hits.is_exact(number) and (reason.lacks or not reason.extract):
            reason = by_name(item.label, item.identifier)
        yield replace(item, why=reason.why, extract=reason.extract, lacks=reason.lacks)
