"""What a text names as a whole: an IRI, a citation, a URN, an acronym, a title."""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence

from .asking import Part
from .spellings import spellings

_MOST_ALIKE = 3  # terms of one name that come first; the others stand where their words put them


def exact(db: sqlite3.Connection, text: str) -> tuple[str, ...]:
    """The IRIs of what `text` names exactly: an IRI, a citation, a URN, an acronym or a whole name."""
    numbers = exact_numbers(db, text)
    found = dict(db.execute("SELECT id, iri FROM thing WHERE iri = ?", (text.strip(),)).fetchall())
    for number in numbers:
        found[number] = db.execute("SELECT iri FROM thing WHERE id = ?", (number,)).fetchone()[0]
    return tuple(dict.fromkeys(found.values()))


def exact_numbers(db: sqlite3.Connection, text: str) -> list[int]:
    """The same by number, but for IRIs."""
    keys = list(dict.fromkeys(key for key in spellings(text) if key))
    marks = ", ".join("?" * len(keys))
    rows = db.execute(
        "SELECT thing.id, key FROM identifier JOIN thing ON thing.id = identifier.thing "  # noqa: S608 - marks only
        f"WHERE key IN ({marks}) ORDER BY weight DESC, length(iri), iri LIMIT 200",
        keys,
    ).fetchall()
    return list(dict.fromkeys(number for key in keys for number, found in rows if found == key))


def foremost(db: sqlite3.Connection, numbers: Sequence[int]) -> list[int]:
    """Without the terms beyond the first few: many vocabularies have a word such as "bias"."""
    kinds = dict(
        db.execute(
            f"SELECT id, kind FROM thing WHERE id IN ({', '.join('?' * len(numbers))})",  # noqa: S608 - marks only
            numbers,
        ).fetchall()
    )
    terms = [number for number in numbers if kinds[number] == "term"]
    return [number for number in numbers if number not in terms[_MOST_ALIKE:]]


def themes_named(db: sqlite3.Connection, part: Part) -> tuple[str, ...]:
    """The themes in whose names a part of a search stands."""
    rows = db.execute(
        "SELECT iri FROM theme_name JOIN thing ON thing.id = theme_name.rowid WHERE theme_name MATCH ?",
        (part.query,),
    )
    return tuple(iri for (iri,) in rows)
