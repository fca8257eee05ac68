"""How parts of a search meet things: exact identifiers, words of the text, and what a body or status has."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from .. import identifiers
from .asking import Part, parts, words
from .schema import identifier_key, without_accents

_EXACT = 1e6  # above any score that words can reach
_NEAR = 1e3  # editions, parts and amendments of what is named exactly come next
_MOST_ALIKE = 3  # terms of one name that come first; the others stand where their words put them
# bm25 gives the better match the smaller number, so its sign is turned; the columns are identifier, label,
# other names and text.
_RANK = "-bm25(words, 2.0, 6.0, 3.0, 1.0)"
_SPELT_ALIKE = 0.75  # of a word's letters, for its nearest known spelling to be offered
_NUMBER = re.compile(r"\d")
_BARE = re.compile(r"\d{4,5}(?:-\d+)?")  # a number without its publisher
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.\d{4,9}/\S+)", re.I)
_RECOMMENDATION = re.compile(r"\bRec(?:ommendation)?\.?\s", re.I)
_URN = re.compile(r"^urn:(iso:std:|ietf:)?", re.I)
_ETSI = re.compile(r"^((?:EN|ES|EG|TS|TR|GS|GR|SR) \d{3} \d{3})\b", re.I)  # people leave out who published it
_ISO = re.compile(r"^ISO(?!\s*/?\s*IEC)\b", re.I)  # or the second publisher


class Matched(NamedTuple):
    """How many parts a search has, and how many of them everything that was found has."""

    asked: int
    met: int


def match(db: sqlite3.Connection, text: str) -> Matched:
    """Fill `found` (id, score, hits) with what has the parts of `text`.

    That is all of them where anything has all; else as many as anything has, if that is half of them at
    least. Where there are no words, nothing is gathered. What `text` names exactly is found in any case.
    """
    asked = parts(db, text)
    if not asked:
        return Matched(0, 0)
    _gather(db, asked)
    for part in asked:
        db.execute(_COUNT_HITS, {"query": part.query, **naming(part)})
        if part.needed:
            db.execute(_KEEP_HOLDERS, (part.query,))
    most = int(db.execute("SELECT max(hits) FROM found").fetchone()[0] or 0)
    exactly = _exact_numbers(db, text)
    least = len(asked) if exactly else max(most, (len(asked) + 1) // 2)
    db.execute("DELETE FROM found WHERE hits < ?", (least,))
    db.execute(_WEIGH, {"text": " ".join(text.lower().split())})
    foremost = _foremost(db, exactly)
    if exactly:
        db.execute(_RAISE_BELOW, (_NEAR, json.dumps(exactly)))
    for rank, number in enumerate(foremost):
        db.execute("INSERT OR REPLACE INTO found VALUES (?, ?, ?)", (number, _EXACT - rank, len(asked)))
    return Matched(len(asked), len(asked) if exactly else most)


def _gather(db: sqlite3.Connection, asked: Iterable[Part]) -> None:
    """Everything that any part finds in text, ranked, and after it what the parts name."""
    db.execute(_RANKED, (" OR ".join(part.query for part in asked),))
    for part in asked:
        db.execute(_ALSO_NAMED, naming(part))


# What belongs to a body, a status, a year or a theme that a part names: "itu", "draft", "2025", "edge".
_NAMED = """
SELECT thing FROM facet WHERE name = 'body' AND value IN (SELECT value FROM json_each(:bodies))
UNION SELECT thing FROM facet WHERE name = 'status' AND value = :status
UNION SELECT thing FROM facet WHERE name = 'year' AND value = :year
UNION SELECT thing FROM facet WHERE name = 'theme' AND value IN (
  SELECT iri FROM words JOIN thing ON thing.id = words.rowid WHERE words MATCH :theme AND kind = 'theme')
"""
_RANKED = f"INSERT INTO found SELECT rowid, {_RANK}, 0 FROM words WHERE words MATCH ?"  # noqa: S608 - our own words
_ALSO_NAMED = f"INSERT OR IGNORE INTO found SELECT thing, 0.01, 0 FROM ({_NAMED})"  # noqa: S608
_COUNT_HITS = (
    "UPDATE found SET hits = hits + 1 "  # noqa: S608
    f"WHERE id IN (SELECT rowid FROM words WHERE words MATCH :query) OR id IN ({_NAMED})"
)


# What is hardly ever meant, such as a rule of the selection, comes after all else; a name that holds the
# words as they were written comes forward, the more so the less else it says; not so terms, of which many
# vocabularies have the same.
_WEIGH = """
UPDATE found SET score = score * (
  SELECT iif(weight < 0.1, 0.0, 0.2 + weight)
    * iif(kind != 'term' AND instr(lower(label), :text), 1.3 + 1.0 * length(:text) / length(label), 1.0)
  FROM thing WHERE thing.id = found.id)"""
_RAISE_BELOW = """
UPDATE found SET score = score + ? WHERE id IN (
  SELECT lower.id FROM thing AS upper
  JOIN thing AS lower ON lower.iri BETWEEN upper.iri || '-' AND upper.iri || '-~'
  WHERE upper.kind = 'publication' AND upper.id IN (SELECT value FROM json_each(?)))"""
_KEEP_HOLDERS = "DELETE FROM found WHERE id NOT IN (SELECT rowid FROM words WHERE words MATCH ?)"


def naming(part: Part) -> dict[str, str]:
    """What a part names, as parameters of a query."""
    return {
        "bodies": json.dumps(part.bodies),
        "status": part.status,
        "year": part.year,
        "theme": part.of_theme,
    }


def is_exact(score: float) -> bool:
    """Whether what has this score is what the text names as a whole."""
    return score > _EXACT / 2


def exact(db: sqlite3.Connection, text: str) -> tuple[str, ...]:
    """The IRIs of what `text` names exactly: an IRI, a citation, a URN, an acronym or a whole name."""
    numbers = _exact_numbers(db, text)
    found = dict(db.execute("SELECT id, iri FROM thing WHERE iri = ?", (text.strip(),)).fetchall())
    for number in numbers:
        found[number] = db.execute("SELECT iri FROM thing WHERE id = ?", (number,)).fetchone()[0]
    return tuple(dict.fromkeys(found.values()))


def _exact_numbers(db: sqlite3.Connection, text: str) -> list[int]:
    keys = list(dict.fromkeys(key for key in _spellings(text) if key))
    marks = ", ".join("?" * len(keys))
    rows = db.execute(
        "SELECT thing.id, key FROM identifier JOIN thing ON thing.id = identifier.thing "  # noqa: S608 - marks only
        f"WHERE key IN ({marks}) ORDER BY weight DESC, length(iri), iri LIMIT 200",
        keys,
    ).fetchall()
    return list(dict.fromkeys(number for key in keys for number, found in rows if found == key))


def _spellings(text: str) -> Iterator[str]:
    """The keys that `text` may be meant for, the nearest first."""
    yield identifier_key(text)
    if (doi := _DOI.fullmatch(text.strip())) is not None:
        yield identifier_key(f"doi:{doi[1]}")
    written = _URN.sub("", _RECOMMENDATION.sub("", text.strip()))
    for one in (written, _ETSI.sub(r"ETSI \1", written), _ISO.sub("ISO/IEC", written)):
        if one != text:
            yield identifier_key(one)
        if (parsed := identifiers.parse(one)) is not None:
            yield identifier_key(parsed.slug)
            yield identifier_key(parsed.work.slug)
    if _BARE.fullmatch(written):
        yield from (publisher + identifier_key(written) for publisher in ("isoiec", "iso", "ieee", "rfc"))


def _foremost(db: sqlite3.Connection, numbers: list[int]) -> list[int]:
    """Without the terms beyond the first few: many vocabularies have a word such as "bias"."""
    kinds = dict(
        db.execute(
            f"SELECT id, kind FROM thing WHERE id IN ({', '.join('?' * len(numbers))})",  # noqa: S608 - marks only
            numbers,
        ).fetchall()
    )
    terms = [number for number in numbers if kinds[number] == "term"]
    return [number for number in numbers if number not in terms[_MOST_ALIKE:]]


def prefix(db: sqlite3.Connection, text: str, limit: int) -> None:
    """Fill `found` with completions: what goes by a name that starts so, then names with such a word."""
    key, typed = identifier_key(text), words(text)
    if not typed:
        return
    db.execute(
        "INSERT OR IGNORE INTO found SELECT thing, ? - length(key) + weight, 0 "
        "FROM identifier JOIN thing ON thing.id = thing "
        "WHERE key >= ? AND key < ? ORDER BY length(key), weight DESC LIMIT ?",
        (_EXACT, key, key + "\x7f", limit),
    )
    begun = " ".join(f'"{word}"' for word in typed[:-1]) + f' "{typed[-1]}"*'
    db.execute(
        f"INSERT OR IGNORE INTO found SELECT rowid, {_RANK} * (SELECT weight FROM thing WHERE id = rowid), 0 "  # noqa: S608
        f"FROM words WHERE words MATCH ? ORDER BY {_RANK} DESC LIMIT ?",
        ("{identifier label alternative}: (" + begun + ")", 5 * limit),
    )


def respell(db: sqlite3.Connection, text: str) -> str:
    """The same words with each unknown one replaced by the nearest known; empty where there is none.

    What holds a digit is a number, and not misspelt in our eyes.
    """
    typed = [word.lower() for word in words(text)]
    spelt = [word if _NUMBER.search(word) else _nearest_word(db, word) for word in typed]
    return "" if spelt == typed or not all(spelt) else " ".join(spelt)


def _nearest_word(db: sqlite3.Connection, word: str) -> str:
    plain = without_accents(word)
    if db.execute(
        "SELECT 1 FROM vocabulary WHERE term >= ? AND term < ? LIMIT 1", (plain, plain + "\U0010ffff")
    ).fetchone():
        return word
    rows = db.execute(
        "SELECT term FROM vocabulary WHERE length(term) BETWEEN ? AND ? AND term GLOB '[a-z]*' "
        "ORDER BY doc DESC",
        (len(plain) - 2, len(plain) + 2),
    )
    known = [term for (term,) in rows]
    alike = DamerauLevenshtein.normalized_similarity
    found = process.extractOne(plain, known, scorer=alike, score_cutoff=_SPELT_ALIKE)
    return str(found[0]) if found else ""
