"""What somebody asks for, part by part: words of the text, and words that name a body or a status."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise

from isogloss.ontology import names

from .schema import identifier_key, plain_words, without_accents

_STATUS = names.BASE + "id/concept/status/"
# What people write for a status.
_STATUSES = {
    "draft": "under-development", "drafts": "under-development", "upcoming": "under-development",
    "under development": "under-development", "in development": "under-development",
    "in draft": "under-development", "in preparation": "under-development",
    "in progress": "under-development", "work in progress": "under-development",
    "work items": "under-development",
    "published": "in-force", "current": "in-force", "in force": "in-force",
    "superseded": "superseded", "replaced": "superseded", "withdrawn": "withdrawn", "cancelled": "withdrawn",
}  # fmt: skip
# Words that hold a sentence together, in English and French, or that nearly everything here has; they are
# asked for only if nothing else is.
_SMALL = frozenset((
    "a", "about", "an", "and", "are", "at", "by", "for", "from", "in", "is", "of", "on", "or", "the", "to",
    "with", "standard", "standards", "what", "which", "who", "au", "aux", "d", "dans", "de", "des", "du",
    "en", "et", "l", "la", "le", "les", "ou", "par", "pour", "sur",
))  # fmt: skip
_MOST_WORDS = 12
_LONGEST_NAME = 6  # words of a body's name
_LONGEST_ACRONYM = 7  # letters
_SEVERAL = 4  # the letters that a word needs to be looked for in singular and plural
_LONG = 5  # the letters that a word needs to be looked for as the beginning of longer ones alike
_HALF = 3  # the letters that each of two words needs to be looked for as one
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
_SINCE = frozenset(("since", "from", "depuis"))  # before a year: that year and later ones
_WORD = re.compile(r"\d+(?:\.\d+)+(?!\w)|\w+")  # a number with points ("802.11") is one
_VERSION = re.compile(r"\d\d?(?:\.\d\d?)+")  # "2.1", which one has and another lacks
_LETTERS_THEN_DIGITS = re.compile(r"([^\W\d_]+)(\d+)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Form:
    """One form in which a text may have a part: words in a row, the last of which may be `unfinished`."""

    words: tuple[str, ...]
    unfinished: bool = False

    def __str__(self) -> str:
        """In the syntax of FTS5; quoted, so that nothing in the words can be an operator."""
        return f'"{" ".join(self.words)}"' + "*" * self.unfinished


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that is asked for.

    A text has it in one of its `forms`; `bodies`, `status` and `years` (the first and the last) are what it
    names beside that. `needed` holds for what tells one document from another, a number: what lacks it is not
    worth showing.
    """

    words: str
    forms: tuple[Form, ...]
    bodies: tuple[str, ...] = ()
    status: str = ""
    years: tuple[str, str] | None = None
    needed: bool = False

    @property
    def query(self) -> str:
        """Any of the forms, in the syntax of FTS5."""
        return f"({' OR '.join(map(str, self.forms))})"


def words(text: str) -> list[str]:
    """The words as the index splits them; more than a dozen is no search."""
    return re.findall(r"\w+", _plain(text))[:_MOST_WORDS]


def _plain(text: str) -> str:
    return plain_words(unicodedata.normalize("NFC", text[:500]))


def parts(db: sqlite3.Connection, text: str) -> tuple[Part, ...]:
    """The parts of a search in their order: as long as possible where words together name a body or a status.

    Small words are left out, if that leaves anything. The last word may be unfinished.
    """
    found = _WORD.findall(_plain(text))[:_MOST_WORDS]
    read: list[Part] = []
    place = 0
    while place < len(found):
        part, taken = _longest(db, found[place:])
        read.append(part)
        place += taken
    telling = [part for part in read if part.words.lower() not in _SMALL]
    return tuple(_as_one(db, telling or read))


def _as_one(db: sqlite3.Connection, read: list[Part]) -> list[Part]:
    """The same parts; of two words that are known as one ("cyber security"), each may stand so as well."""
    for place, (one, other) in enumerate(pairwise(list(read))):
        joined = without_accents(one.words + other.words)
        halves = min(len(one.words), len(other.words)) >= _HALF
        if halves and joined.isalpha() and _is_known(db, joined):
            for at in (place, place + 1):
                read[at] = replace(read[at], forms=(*read[at].forms, Form((joined,))))
    return read


def _is_known(db: sqlite3.Connection, word: str) -> bool:
    return db.execute("SELECT 1 FROM term WHERE term = ?", (word,)).fetchone() is not None


def _longest(db: sqlite3.Connection, ahead: list[str]) -> tuple[Part, int]:
    """The part that begins here, and how many words it takes."""
    for length in range(min(_LONGEST_NAME, len(ahead)), 0, -1):
        span = ahead[:length]
        bodies = _bodies(db, "".join(span))
        status = _STATUSES.get(" ".join(span).lower(), "")
        if bodies or status:
            one = length == 1
            forms = (
                _forms(db, span[0], last=len(ahead) == 1) if one else (Form(tuple(words(" ".join(span)))),)
            )
            return Part(" ".join(span), forms, bodies, _STATUS + status if status else ""), length
    word, *after = ahead
    if word.lower() in _SINCE and after and _YEAR.fullmatch(after[0]):
        return Part(f"{word} {after[0]}", (Form((word, after[0])),), years=(after[0], "9999")), 2
    years = (word, word) if _YEAR.fullmatch(word) else None
    needed = not years and _has_digit(word) and _VERSION.fullmatch(word) is None
    return Part(word, _forms(db, word, last=not after), years=years, needed=needed), 1


def _bodies(db: sqlite3.Connection, name: str) -> tuple[str, ...]:
    rows = db.execute(
        "SELECT iri FROM identifier JOIN thing ON thing.id = thing WHERE key = ? AND kind = 'body' "
        "ORDER BY iri",
        (identifier_key(name),),
    )
    return tuple(iri for (iri,) in rows)


def _forms(db: sqlite3.Connection, word: str, *, last: bool) -> tuple[Form, ...]:
    """The forms in which a text may have one word: plural, apart ("Y.3172" for "y3172"), in full."""
    if "." in word:
        return (Form(tuple(word.split("."))),)
    in_full = [Form(tuple(words(name))) for name in _in_full(db, word)]
    forms = [Form((word,)), *in_full]
    # A number that goes on is another number, and a letter may go on to anything.
    if last and not in_full and len(word) > 1 and not _has_digit(word):
        # A short word that goes on is likely another word, so what has it as it is comes first.
        unfinished = Form((word,), unfinished=True)
        forms = [unfinished] if word.isalpha() and len(word) >= _LONG else [*forms, unfinished]
    if word.isalpha() and len(word) >= _SEVERAL:
        forms += [Form((other,)) for other in _kindred(word)]
    if (joined := _LETTERS_THEN_DIGITS.fullmatch(word)) is not None:
        forms.append(Form((joined[1], joined[2])))
    return (*forms, *_halves(db, word))


def _halves(db: sqlite3.Connection, word: str) -> Iterator[Form]:
    """An unknown word as two that are known ("postquantum"), wherever it can be parted so."""
    plain = without_accents(word)
    if not word.isalpha() or begins_a_word(db, plain):
        return
    for place in range(_HALF, len(plain) - _HALF + 1):
        if _is_known(db, plain[:place]) and _is_known(db, plain[place:]):
            yield Form((plain[:place], plain[place:]))


def begins_a_word(db: sqlite3.Connection, plain: str) -> bool:
    """Whether something has this word, or one that goes on so; `plain` is without accents."""
    found = "SELECT 1 FROM term WHERE term >= ? AND term < ? LIMIT 1"
    return db.execute(found, (plain, plain + "\U0010ffff")).fetchone() is not None


def _has_digit(word: str) -> bool:
    return any(sign.isdecimal() for sign in word)


def _kindred(word: str) -> list[str]:
    """The singular of a plural and the other way round, and the adjective of a field, as English has it.

    >>> _kindred("robots"), _kindred("city"), _kindred("cities"), _kindred("ethics"), _kindred("ethical")
    (['robot'], ['cities'], ['city'], ['ethic', 'ethical'], ['ethicals', 'ethics'])
    """
    plain = word.lower()
    if plain.endswith("ies"):
        return [word[:-3] + "y"]
    if plain.endswith("y") and plain[-2] not in "aeiou":
        return [word[:-1] + "ies"]
    found = [word[:-1] if plain.endswith("s") else word + "s"]
    if plain.endswith("ics"):
        found.append(word[:-1] + "al")
    if plain.endswith("ical"):
        found.append(word[:-2] + "s")
    return found


def _in_full(db: sqlite3.Connection, acronym: str) -> list[str]:
    """What themes and terms say that an acronym stands for."""
    if not 1 < len(acronym) <= _LONGEST_ACRONYM or not acronym.isalpha():
        return []
    rows = db.execute(
        "SELECT DISTINCT lower(label) FROM identifier JOIN thing ON thing.id = thing "
        "WHERE key = ? AND kind IN ('theme', 'term') ORDER BY 1 LIMIT 8",
        (identifier_key(acronym),),
    )
    return [label for (label,) in rows if stands_for(acronym, label)]


def stands_for(acronym: str, name: str) -> bool:
    """Whether the letters of an acronym are the initials of a name, small words aside.

    >>> stands_for("QKD", "quantum key distribution"), stands_for("ISO", "body")
    (True, False)
    """
    initials = "".join(word[0] for word in words(name) if word.lower() not in _SMALL)
    return len(initials) > 1 and identifier_key(initials) == identifier_key(acronym)
