"""Answers from the index: ranked things with the reason of each match, facets with counts, completions."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from isogloss.errors import SnapshotError
from isogloss.ontology import names

from . import matching
from .schema import FACETS

SORTS = {
    "relevance": "found.score DESC, thing.weight DESC, thing.label",
    "newest": "thing.year DESC, thing.label",
    "oldest": "thing.year = '', thing.year, thing.label",
    "title": "thing.label",
    "identifier": "thing.identifier = '', thing.identifier, thing.label",
}
_MOST_VALUES = 40  # of a facet; the rest is a click on one of these away


@dataclass(frozen=True, slots=True)
class Wanted:
    """A search: words, facet values that must all hold, years (inclusive), order and page (from 1)."""

    words: str = ""
    facets: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    first_year: str = ""
    last_year: str = ""
    sort: str = "relevance"
    page: int = 1
    per_page: int = 20


@dataclass(frozen=True, slots=True)
class Item:
    """One thing found; `why` names what matched, `extract` shows it with the words between « and »."""

    iri: str
    kind: str
    label: str
    identifier: str
    year: str
    gloss: str
    why: str
    extract: str


@dataclass(frozen=True, slots=True)
class Value:
    """One value of a facet among the things found; `above` is the IRI of the broader value, or empty."""

    value: str
    label: str
    count: int
    above: str


@dataclass(frozen=True, slots=True)
class Found:
    """What a search gives.

    `matched` is how many of the words every item has: fewer than were asked for where nothing has them all.
    `instead` is then the nearest known spelling, if there is one.
    """

    total: int
    matched: int
    items: tuple[Item, ...]
    facets: Mapping[str, tuple[Value, ...]]
    instead: str = ""


class Finder:
    """Reads one index file; safe to use from several threads, since every call opens its own connection."""

    def __init__(self, path: Path) -> None:
        self._uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"

    def search(self, wanted: Wanted) -> Found:
        """What matches all words and all facets, with counts over all of it, and one page of items."""
        with self._open() as db:
            matched, total = _collect(db, wanted)
            instead = (
                matching.respell(db, wanted.words) if matched < matching.count_words(wanted.words) else ""
            )
            return Found(total, matched, tuple(_items(db, wanted)), _facets(db), instead)

    def each(self, wanted: Wanted) -> Iterator[Item]:
        """Every match in order, without pages: for taking a whole list away."""
        with self._open() as db:
            _collect(db, wanted)
            yield from _items(db, wanted, whole=True)

    def suggest(self, words: str, limit: int = 10) -> tuple[Item, ...]:
        """Completions of what is being typed: identifiers first, then names."""
        with self._open() as db:
            matching.prefix(db, words, limit)
            return tuple(_items(db, Wanted(words, per_page=limit)))

    def resolve(self, text: str) -> tuple[str, ...]:
        """The IRIs that a citation, URN, IRI or acronym names exactly, the likeliest first."""
        with self._open() as db:
            return matching.exact(db, text)

    def items(self, iris: Iterable[str]) -> tuple[Item, ...]:
        """The things with these IRIs, in their order; what is not known is left out."""
        with self._open() as db:
            found = (
                db.execute(
                    "SELECT iri, kind, label, identifier, year, gloss, '', '' FROM thing WHERE iri = ?",
                    (iri,),
                )
                for iri in iris
            )
            return tuple(Item(*row) for rows in found for row in rows)

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        try:
            connection = sqlite3.connect(self._uri, uri=True)
        except sqlite3.Error as error:
            raise SnapshotError(f"the search index cannot be opened: {error}") from error
        with closing(connection) as db:
            db.execute("PRAGMA temp_store = MEMORY")
            db.execute(
                "CREATE TEMP TABLE found (id INTEGER PRIMARY KEY, score REAL NOT NULL, hits INTEGER NOT NULL)"
            )
            yield db


def _collect(db: sqlite3.Connection, wanted: Wanted) -> tuple[int, int]:
    """Fill `found` with what matches words and facets; returns how many words and things match."""
    matched = matching.match(db, wanted.words)
    for name, values in wanted.facets.items():
        if name in FACETS:
            for value in values:
                db.execute(
                    "DELETE FROM found WHERE id NOT IN "
                    "(SELECT thing FROM facet WHERE name = ? AND value = ?)",
                    (name, _full(name, value)),
                )
    if wanted.first_year or wanted.last_year:
        db.execute(
            "DELETE FROM found WHERE id NOT IN "
            "(SELECT id FROM thing WHERE year != '' AND year BETWEEN ? AND ?)",
            (wanted.first_year or "0", wanted.last_year or "9999"),
        )
    return matched, int(db.execute("SELECT count(*) FROM found").fetchone()[0])


def _full(name: str, value: str) -> str:
    """A facet value as the index keeps it: short forms such as `in-force` or `itu` stand for their IRIs."""
    short = {
        "body": "id/body/", "status": "id/concept/status/", "theme": "id/theme/", "type": "ontology#",
        "vertical": "id/concept/vertical/", "activity": "id/concept/activity/",
        "application": "id/concept/application/", "vocabulary": "id/vocabulary/",
    }  # fmt: skip
    return value if name not in short or "://" in value else names.BASE + short[name] + value


def _items(db: sqlite3.Connection, wanted: Wanted, *, whole: bool = False) -> Iterator[Item]:
    order = SORTS.get(wanted.sort, SORTS["relevance"])
    limit, skip = (-1, 0) if whole else (wanted.per_page, (wanted.page - 1) * wanted.per_page)
    rows = db.execute(
        "SELECT thing.id, iri, kind, label, identifier, year, gloss "  # noqa: S608 - one of our own orders
        f"FROM found JOIN thing USING (id) ORDER BY {order}, thing.iri LIMIT ? OFFSET ?",
        (limit, skip),
    ).fetchall()
    reasons = {} if whole else matching.reasons(db, wanted.words, [row[0] for row in rows])
    for number, iri, kind, label, identifier, year, gloss in rows:
        yield Item(iri, kind, label, identifier, year, gloss, *reasons.get(number, ("", "")))


def _facets(db: sqlite3.Connection) -> dict[str, tuple[Value, ...]]:
    found: dict[str, list[Value]] = {name: [] for name in FACETS}
    rows = db.execute(
        "SELECT facet.name, facet.value, count(*) AS things, value.label, value.above FROM found "
        "JOIN facet ON facet.thing = found.id LEFT JOIN value ON value.iri = facet.value "
        "GROUP BY facet.name, facet.value ORDER BY things DESC, facet.value"
    )
    for name, value, count, label, above in rows:
        if name in found and len(found[name]) < _MOST_VALUES:
            found[name].append(Value(value, label or value, count, above or ""))
    return {name: tuple(values) for name, values in found.items() if values}
