"""Answers from the index: ranked things with the reason of each match, facets with counts, completions."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from isogloss.errors import SnapshotError
from isogloss.ontology import names

from . import matching
from .reasons import Reason, by_name, reasons
from .schema import FACETS

SORTS = {
    "relevance": "found.score DESC, thing.weight DESC, thing.label",
    "newest": "thing.year DESC, thing.label",
    "oldest": "thing.year = '', thing.year, thing.label",
    "title": "thing.label",
    "identifier": "thing.identifier = '', thing.identifier, thing.label",
}
MOST_VALUES = 40  # of a facet with many; `Wanted.whole` gives all of one
_SHORT = frozenset(("kind", "status", "year", "language"))  # facets that are always given whole
_ONE_EACH = frozenset(("status", "year"))  # facets of which a thing has one value at most
NONE = "none"  # the value of a thing that has none


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
    why: str
    extract: str
    lacks: tuple[str, ...] = ()


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
    """Reads one index file; safe to use from several threads, since every call opens its own connection."""

    def __init__(self, path: Path) -> None:
        self._uri = f"{path.resolve().as_uri()}?mode=ro&immutable=1"

    def search(self, wanted: Wanted) -> Found:
        """What matches all words and all facets, with counts over all of it, and one page of items."""
        with self._open() as db:
            matched, total = _collect(db, wanted)
            instead = matching.respell(db, wanted.words) if matched.met < matched.asked else ""
            values, left_out = _facets(db, wanted.whole, total)
            return Found(
                total, matched.asked, matched.met, tuple(_items(db, wanted)), values, left_out, instead
            )

    def each(self, wanted: Wanted) -> Iterator[Item]:
        """Every match in order, without pages: for taking a whole list away."""
        with self._open() as db:
            _collect(db, wanted)
            yield from _items(db, wanted, whole=True)

    def suggest(self, words: str, limit: int = 10) -> tuple[Item, ...]:
        """Completions of what is being typed: identifiers first, then names."""
        with self._open() as db:
            matching.prefix(db, words, limit)
            return tuple(_items(db, Wanted(words, per_page=limit), explain=False))

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
        """A connection; whatever goes wrong with the file while it is read is an error of ours."""
        try:
            with closing(sqlite3.connect(self._uri, uri=True)) as db:
                db.execute("PRAGMA temp_store = MEMORY")
                db.execute(
                    "CREATE TEMP TABLE found "
                    "(id INTEGER PRIMARY KEY, score REAL NOT NULL, hits INTEGER NOT NULL)"
                )
                yield db
        except sqlite3.Error as error:
            raise SnapshotError(f"the search index cannot be read: {error}") from error


_HAVING_NONE = "DELETE FROM found WHERE id IN (SELECT thing FROM facet WHERE name = ?)"
_HAVING = "DELETE FROM found WHERE id NOT IN (SELECT thing FROM facet WHERE name = ? AND value = ?)"


def _collect(db: sqlite3.Connection, wanted: Wanted) -> tuple[matching.Matched, int]:
    """Fill `found` with what matches words and facets; returns how many words and things match."""
    matched = matching.match(db, wanted.words)
    for name, values in wanted.facets.items():
        for value in values if name in FACETS else ():
            if value == NONE and name in _ONE_EACH:
                db.execute(_HAVING_NONE, (name,))
            else:
                db.execute(_HAVING, (name, _full(name, value)))
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


def _items(
    db: sqlite3.Connection, wanted: Wanted, *, whole: bool = False, explain: bool = True
) -> Iterator[Item]:
    order = SORTS.get(wanted.sort, SORTS["relevance"])
    limit, skip = (-1, 0) if whole else (wanted.per_page, (wanted.page - 1) * wanted.per_page)
    rows = db.execute(
        "SELECT thing.id, iri, kind, label, identifier, year, gloss, found.score "  # noqa: S608 - one of our own orders
        f"FROM found JOIN thing USING (id) ORDER BY {order}, thing.iri LIMIT ? OFFSET ?",
        (limit, skip),
    ).fetchall()
    told = reasons(db, wanted.words, [row[0] for row in rows]) if explain and not whole else {}
    for number, iri, kind, label, identifier, year, gloss, score in rows:
        reason = told.get(number, Reason())
        if explain and matching.is_exact(score) and (reason.lacks or not reason.extract):
            reason = by_name(label, identifier)
        yield Item(iri, kind, label, identifier, year, gloss, reason.why, reason.extract, reason.lacks)


def _facets(
    db: sqlite3.Connection, whole: str, total: int
) -> tuple[dict[str, tuple[Value, ...]], dict[str, int]]:
    """The values of each facet with their counts, the most frequent first, and how many are left out."""
    found: dict[str, list[Value]] = {name: [] for name in FACETS}
    rows = db.execute(
        "SELECT facet.name, facet.value, count(*) AS things, value.label, value.above FROM found "
        "JOIN facet ON facet.thing = found.id LEFT JOIN value ON value.iri = facet.value "
        "GROUP BY facet.name, facet.value ORDER BY things DESC, facet.value"
    )
    left_out: Counter[str] = Counter()
    for name, value, count, label, above in rows:
        if name not in found:
            continue
        if len(found[name]) < MOST_VALUES or name in _SHORT or name == whole:
            found[name].append(Value(value, label or value, count, above or ""))
        else:
            left_out[name] += 1
    for name in _ONE_EACH:
        without = total - sum(value.count for value in found[name])
        if found[name] and without:
            found[name].append(Value(NONE, "none told", without, ""))
    return {name: tuple(values) for name, values in found.items() if values}, dict(left_out)
