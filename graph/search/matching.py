"""How words meet things: exact identifiers, words of the text, and words that name a body or a status."""

from __future__ import annotations

import re
import sqlite3
from difflib import get_close_matches

from isogloss.ontology import names

from .. import identifiers
from .schema import identifier_key, plain_words

_STATUS = names.BASE + "id/concept/status/"
# What people write for a status, beside its own name.
_STATUS_WORDS = {
    "draft": "under-development", "drafts": "under-development", "upcoming": "under-development",
    "published": "in-force", "current": "in-force", "superseded": "superseded", "withdrawn": "withdrawn",
}  # fmt: skip
_MOST_WORDS = 12
_EXACT = 1000.0  # above any score that words can reach
_COLUMNS = ("identifier", "title", "other name", "text")
# bm25 gives the better match the smaller number, so its sign is turned; the columns weigh in their order.
_RANK = "-bm25(words, 8.0, 6.0, 3.0, 1.0)"


def match(db: sqlite3.Connection, text: str) -> int:
    """Fill `found` (id, score) with what matches the words of `text`; returns how many of them it matches.

    That is all of them where anything matches all; else as many as anything does, if that is more than half.
    Where there are no words, everything is found.
    """
    words = _words(text)
    if not words:
        db.execute(
            "INSERT INTO found SELECT id, weight, 0 FROM thing WHERE kind NOT IN ('scheme', 'concept')"
        )
        return 0
    _gather(db, words)
    for word in words:
        db.execute(_COUNT_HITS, (_fts(word, last=word is words[-1]), *_naming(word)))
    most = db.execute("SELECT max(hits) FROM found").fetchone()[0] or 0
    db.execute("DELETE FROM found WHERE hits < ?", (max(most, len(words) // 2 + 1),))
    db.execute("UPDATE found SET score = score * (SELECT 0.5 + weight FROM thing WHERE thing.id = found.id)")
    for rank, number in enumerate(_exact_numbers(db, text)):
        db.execute("INSERT OR REPLACE INTO found VALUES (?, ?, ?)", (number, _EXACT - rank, len(words)))
        most = len(words)
    return int(most)


def _gather(db: sqlite3.Connection, words: list[str]) -> None:
    """Everything that any word finds in text, ranked, and after it what the words name."""
    any_word = " OR ".join(_fts(word, last=word is words[-1]) for word in words)
    db.execute(_RANKED, (any_word,))
    for word in words:
        db.execute(_ALSO_NAMED, _naming(word))


# What belongs to a body, a status or a theme that a word names: "itu", "draft", "edge".
_NAMED = """
SELECT thing FROM facet WHERE name = 'body' AND value IN (
  SELECT iri FROM thing JOIN identifier ON identifier.thing = thing.id WHERE key = ? AND kind = 'body')
UNION SELECT thing FROM facet WHERE name = 'status' AND value = ?
UNION SELECT thing FROM facet WHERE name = 'theme' AND value IN (
  SELECT iri FROM words JOIN thing ON thing.id = words.rowid WHERE words MATCH ? AND kind = 'theme')
"""
_RANKED = f"INSERT INTO found SELECT rowid, {_RANK}, 0 FROM words WHERE words MATCH ?"  # noqa: S608 - our own words
_ALSO_NAMED = f"INSERT OR IGNORE INTO found SELECT thing, 0.01, 0 FROM ({_NAMED})"  # noqa: S608
_COUNT_HITS = (
    "UPDATE found SET hits = hits + 1 "  # noqa: S608
    f"WHERE id IN (SELECT rowid FROM words WHERE words MATCH ?) OR id IN ({_NAMED})"
)


def _naming(word: str) -> tuple[str, str, str]:
    status = _STATUS_WORDS.get(word.lower(), word.lower())
    return identifier_key(word), _STATUS + status, f"label: {_fts(word, last=False)}"


def exact(db: sqlite3.Connection, text: str) -> tuple[str, ...]:
    """The IRIs of what `text` names exactly: an IRI, a citation, a URN, an acronym or a whole name."""
    numbers = _exact_numbers(db, text)
    found = dict(db.execute("SELECT id, iri FROM thing WHERE iri = ?", (text.strip(),)).fetchall())
    for number in numbers:
        found[number] = db.execute("SELECT iri FROM thing WHERE id = ?", (number,)).fetchone()[0]
    return tuple(dict.fromkeys(found.values()))


def _exact_numbers(db: sqlite3.Connection, text: str) -> list[int]:
    keys = [identifier_key(text)]
    if (parsed := identifiers.parse(re.sub(r"^urn:(iso:std:|ietf:)?", "", text.strip()))) is not None:
        keys += [identifier_key(parsed.slug), identifier_key(parsed.work.slug)]
    keys += [re.sub(r"^iso(?!iec)", "isoiec", key) for key in keys]  # people leave out the second publisher
    marks = ", ".join("?" * len(keys))
    rows = db.execute(
        "SELECT thing.id, key FROM identifier JOIN thing ON thing.id = identifier.thing "  # noqa: S608 - marks only
        f"WHERE key IN ({marks}) AND key != '' ORDER BY weight DESC, length(iri), iri",
        keys,
    ).fetchall()
    return list(dict.fromkeys(number for key in keys for number, found in rows if found == key))


def prefix(db: sqlite3.Connection, text: str, limit: int) -> None:
    """Fill `found` with completions: identifiers that start so, then names with such a word."""
    key, words = identifier_key(text), _words(text)
    if not words:
        return
    db.execute(
        "INSERT OR IGNORE INTO found SELECT thing, ? - length(key), 0 FROM identifier "
        "WHERE key >= ? AND key < ? ORDER BY length(key) LIMIT ?",
        (_EXACT, key, key + "\x7f", limit),
    )
    names_like = "{identifier label alternative}: " + " ".join(_fts(w, last=w is words[-1]) for w in words)
    db.execute(
        f"INSERT OR IGNORE INTO found SELECT rowid, {_RANK} * (SELECT weight FROM thing WHERE id = rowid), 0 "  # noqa: S608
        f"FROM words WHERE words MATCH ? ORDER BY {_RANK} DESC LIMIT ?",
        (names_like, 5 * limit),
    )


def reasons(db: sqlite3.Connection, text: str, numbers: list[int]) -> dict[int, tuple[str, str]]:
    """For each of these things which part matched, and an extract of it with the words between « and »."""
    words = _words(text)
    if not words or not numbers:
        return {}
    any_word = " OR ".join(_fts(word, last=word is words[-1]) for word in words)
    marks = ", ".join("?" * len(numbers))
    parts = ", ".join(f"snippet(words, {place}, '«', '»', '…', 14)" for place in range(len(_COLUMNS)))
    rows = db.execute(
        f"SELECT rowid, {parts} FROM words WHERE words MATCH ? AND rowid IN ({marks})",  # noqa: S608
        (any_word, *numbers),
    )
    return {number: _reason(extracts) for number, *extracts in rows}


def _reason(extracts: list[str]) -> tuple[str, str]:
    return next(((_COLUMNS[place], text) for place, text in enumerate(extracts) if "«" in text), ("", ""))


def respell(db: sqlite3.Connection, text: str) -> str:
    """The same words with each unknown one replaced by the nearest known; empty where there is none."""
    words = _words(text)
    respelt = [_nearest_word(db, word.lower()) for word in words]
    return "" if respelt == [word.lower() for word in words] or not all(respelt) else " ".join(respelt)


def _nearest_word(db: sqlite3.Connection, word: str) -> str:
    if db.execute(
        "SELECT 1 FROM vocabulary WHERE term >= ? AND term < ? LIMIT 1", (word, word + "\U0010ffff")
    ).fetchone():
        return word
    rows = db.execute(
        "SELECT term FROM vocabulary WHERE length(term) BETWEEN ? AND ? ORDER BY doc DESC",
        (len(word) - 2, len(word) + 2),
    )
    return next(iter(get_close_matches(word, [term for (term,) in rows], n=1, cutoff=0.7)), "")


def count_words(text: str) -> int:
    """How many words a search takes `text` to have."""
    return len(_words(text))


def _words(text: str) -> list[str]:
    """The words as the index splits them; more than a dozen is no search."""
    return re.findall(r"\w+", plain_words(text[:500]))[:_MOST_WORDS]


def _fts(word: str, *, last: bool) -> str:
    """A word as a query of FTS5; quoted, so that nothing in it can be an operator; the last may go on."""
    return f'"{word}"' + ("*" if last else "")
