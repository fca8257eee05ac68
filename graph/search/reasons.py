"""Why a thing was found: where its words stand, what it belongs to, and what of the search it lacks."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from .asking import Part, parts
from .naming import themes_named
from .schema import COLUMN_WEIGHTS, PAGE_SCHEMA

_COLUMNS = ("identifier", "title", "other name", "text")
_MARKED = re.compile("«(.+?)»")
_BELONGS = """
SELECT facet.name, value.label FROM facet JOIN value ON value.iri = facet.value WHERE thing = :thing AND (
  facet.name = 'body' AND facet.value IN (SELECT value FROM json_each(:bodies))
  OR facet.name = 'status' AND facet.value = :status
  OR facet.name = 'year' AND facet.value BETWEEN :first AND :last
  OR facet.name = 'theme' AND facet.value IN (SELECT value FROM json_each(:themes)))
ORDER BY facet.name, length(value.label) LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Reason:
    """`why` names what matched, `extract` shows the best of it with the words between « and »; `lacks` are
    the words of the search that the thing does not have.
    """

    why: str = ""
    extract: str = ""
    lacks: tuple[str, ...] = ()


def reasons(db: sqlite3.Connection, text: str, numbers: Sequence[int]) -> dict[int, Reason]:
    """The reason of each of these things (by number in the index), as far as there is one to give."""
    asked = parts(db, text)
    if not asked:
        return {}
    _set_apart(db, numbers)
    extracts = _extracts(db, asked)
    holders = [(part, _holders(db, part)) for part in asked]
    return {number: _reason(db, number, holders, extracts.get(number, ())) for number in numbers}


def _set_apart(db: sqlite3.Connection, numbers: Sequence[int]) -> None:
    """An index of these things alone: in that of all, FTS5 gathers what has a word anew for each of them."""
    db.execute(PAGE_SCHEMA)
    columns = ", ".join(COLUMN_WEIGHTS)
    db.execute(
        f"INSERT INTO temp.page (rowid, {columns}) "  # noqa: S608 - our own words
        f"SELECT rowid, {columns} FROM words WHERE rowid IN (SELECT value FROM json_each(?))",
        (json.dumps(numbers),),
    )


def by_name(label: str, identifier: str) -> Reason:
    """The reason of what the search names as a whole in another spelling than its own."""
    return Reason("identifier" if identifier else "name", f"«{identifier or label}»")


def _reason(
    db: sqlite3.Connection, number: int, holders: list[tuple[Part, set[int]]], extracts: Sequence[str]
) -> Reason:
    why, extract = _by_words(extracts)
    lacks: list[str] = []
    for part, things in holders:
        if number not in things:
            belonging = _belonging(db, part, number)
            (why if belonging else lacks).append(belonging or part.words)
    return Reason(", ".join(dict.fromkeys(why)), extract, tuple(lacks))


def _extracts(db: sqlite3.Connection, asked: Sequence[Part]) -> dict[int, tuple[str, ...]]:
    """What each thing has in each column, cut to where the words stand."""
    snippets = ", ".join(f"snippet(page, {place}, '«', '»', '…', 14)" for place in range(len(_COLUMNS)))
    rows = db.execute(
        f"SELECT rowid, {snippets} FROM page WHERE page MATCH ?",  # noqa: S608 - our own words
        (" OR ".join(part.query for part in asked),),
    )
    return {number: tuple(extracts) for number, *extracts in rows}


def _holders(db: sqlite3.Connection, part: Part) -> set[int]:
    return {number for (number,) in db.execute("SELECT rowid FROM page WHERE page MATCH ?", (part.query,))}


def _by_words(extracts: Sequence[str]) -> tuple[list[str], str]:
    """The columns that the words were found in, each only if it adds some, and the extract that has most."""
    marked = [{word.lower() for word in _MARKED.findall(extract)} for extract in extracts]
    order = sorted(range(len(marked)), key=lambda place: (-len(marked[place]), place))
    why: list[str] = []
    seen: set[str] = set()
    for place in order:
        if marked[place] - seen:
            why.append(_COLUMNS[place])
            seen |= marked[place]
    return why, extracts[order[0]] if why else ""


def _belonging(db: sqlite3.Connection, part: Part, number: int) -> str:
    """The body, status, year or theme through which a thing has a part of the search: "body ITU"."""
    first, last = part.years or ("", "")
    named = {
        "bodies": json.dumps(part.bodies),
        "status": part.status,
        "first": first,
        "last": last,
        "themes": json.dumps(themes_named(db, part)),
    }
    row = db.execute(_BELONGS, {"thing": number, **named}).fetchone()
    return f"{row[0]} {row[1]}" if row else ""
