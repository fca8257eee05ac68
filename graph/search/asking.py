"""What somebody asks for, part by part: words of the text, and words that name a body or a status."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from dataclasses import dataclass

from isogloss.ontology import names

from .schema import identifier_key, plain_words

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
    "a", "an", "and", "are", "at", "by", "for", "from", "in", "is", "of", "on", "or", "the", "to", "with",
    "standard", "standards", "what", "which", "who", "au", "aux", "d", "dans", "de", "des", "du", "en", "et",
    "l", "la", "le", "les", "ou", "par", "pour", "sur",
))  # fmt: skip
_MOST_WORDS = 12
_LONGEST_NAME = 6  # words of a body's name
_LONGEST_ACRONYM = 7  # letters
_SEVERAL = 5  # the letters that a word needs to be looked for in singular and plural
_YEAR = re.compile(r"(?:19|20)\d\d", re.ASCII)
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

    A text has it in one of its `forms`; `bodies`, `status` and `year` are what it names beside that. `needed`
    holds for what tells one document from another, a number: what lacks it is not worth showing.
    """

    words: str
    forms: tuple[Form, ...]
    bodies: tuple[str, ...] = ()
    status: str = ""
    year: str = ""
    needed: bool = False

    @property
    def query(self) -> str:
        """Any of the forms, in the syntax of FTS5."""
        return f"({' OR '.join(map(str, self.forms))})"


def words(text: str) -> list[str]:
    """The words as the index splits them; more than a dozen is no search."""
    return re.findall(r"\w+", plain_words(unicodedata.normalize("NFC", text[:500])))[:_MOST_WORDS]


def parts(db: sqlite3.Connection, text: str) -> tuple[Part, ...]:
    """The parts of a search in their order: as long as possible where words together name a body or a status.

    Small words are left out, if that leaves anything. The last word may be unfinished.
    """
    found = words(text)
    read: list[Part] = []
    place = 0
    while place < len(found):
        part, taken = _longest(db, found[place:])
        read.append(part)
        place += taken
    telling = [part for part in read if part.words.lower() not in _SMALL]
    return tuple(telling or read)


def _longest(db: sqlite3.Connection, ahead: list[str]) -> tuple[Part, int]:
    """The part that begins here, and how many words it takes."""
    for length in range(min(_LONGEST_NAME, len(ahead)), 0, -1):
        span = ahead[:length]
        bodies = _bodies(db, "".join(span))
        status = _STATUSES.get(" ".join(span).lower(), "")
        if bodies or status:
            one = length == 1
            forms = _forms(db, span[0], last=len(ahead) == 1) if one else (Form(tuple(span)),)
            return Part(" ".join(span), forms, bodies, _STATUS + status if status else ""), length
    word = ahead[0]
    year = word if _YEAR.fullmatch(word) else ""
    needed = not year and _has_digit(word)
    return Part(word, _forms(db, word, last=len(ahead) == 1), year=year, needed=needed), 1


def _bodies(db: sqlite3.Connection, name: str) -> tuple[str, ...]:
    rows = db.execute(
        "SELECT iri FROM identifier JOIN thing ON thing.id = thing WHERE key = ? AND kind = 'body' "
        "ORDER BY iri",
        (identifier_key(name),),
    )
    return tuple(iri for (iri,) in rows)


def _forms(db: sqlite3.Connection, word: str, *, last: bool) -> tuple[Form, ...]:
    """The forms in which a text may have one word: plural, apart ("Y.3172" for "y3172"), in full."""
    in_full = [Form(tuple(words(name))) for name in _in_full(db, word)]
    forms = [Form((word,)), *in_full]
    long = word.isalpha() and len(word) >= _SEVERAL
    if last and not in_full and not _has_digit(word):  # a number that goes on is another number
        # A short word that goes on is likely another word, so what has it as it is comes first.
        unfinished = Form((word,), unfinished=True)
        forms = [unfinished] if long else [*forms, unfinished]
    if long:
        forms.append(Form((_other_number(word),)))
    if (joined := _LETTERS_THEN_DIGITS.fullmatch(word)) is not None:
        forms.append(Form((joined[1], joined[2])))
    return tuple(forms)


def _has_digit(word: str) -> bool:
    return any(sign.isdecimal() for sign in word)


def _other_number(word: str) -> str:
    """The singular of a plural and the other way round, as English mostly has it.

    >>> _other_number("robots"), _other_number("city"), _other_number("cities")
    ('robot', 'cities', 'city')
    """
    if word.endswith("ies"):
        return word[:-3] + "y"
    if word.endswith("y") and word[-2] not in "aeiou":
        return word[:-1] + "ies"
    return word[:-1] if word.endswith("s") else word + "s"


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
