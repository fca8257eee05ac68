"""What a text names as a whole: an IRI, a citation, a URN, an acronym, a title."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterator, Sequence

from .. import identifiers
from .asking import Part
from .schema import identifier_key

_MOST_ALIKE = 3  # terms of one name that come first; the others stand where their words put them
_BARE = re.compile(r"\d{4,5}(?:-\d+)?")  # a number without its publisher
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.\d{4,9}/\S+)", re.I)
_RECOMMENDATION = re.compile(r"\bRec(?:ommendation)?\.?\s", re.I)
_URN = re.compile(r"^urn:(iso:std:|ietf:)?", re.I)
_ETSI = re.compile(r"^((?:EN|ES|EG|TS|TR|GS|GR|SR) \d{3} \d{3})\b", re.I)  # people leave out who published it
_ISO = re.compile(r"^ISO(?!\s*/?\s*IEC)\b", re.I)  # or the second publisher


def exact(db: sqlite3.Connection, text: str) -> tuple[str, ...]:
    """The IRIs of what `text` names exactly: an IRI, a citation, a URN, an acronym or a whole name."""
    numbers = exact_numbers(db, text)
    found = dict(db.execute("SELECT id, iri FROM thing WHERE iri = ?", (text.strip(),)).fetchall())
    for number in numbers:
        found[number] = db.execute("SELECT iri FROM thing WHERE id = ?", (number,)).fetchone()[0]
    return tuple(dict.fromkeys(found.values()))


def exact_numbers(db: sqlite3.Connection, text: str) -> list[int]:
    """The same by number, but for IRIs."""
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
