"""Publications in BibTeX, as reference managers and this graph's own lists write it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from pybtex.database import Entry as BibtexEntry
from pybtex.database.input.bibtex import Parser
from pybtex.errors import capture
from pybtex.exceptions import PybtexError
from pybtex.richtext import Text

from isogloss.errors import SourceError

from .publications import STATUSES, TYPES, Entry, Faulty

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_FIELDS = {
    "title": "title", "number": "identifier", "url": "pages", "abstract": "abstract", "language": "languages",
    "langid": "languages", "iri": "iri", "edition": "edition",
}  # fmt: skip
_NUMBERS = {"doi": "doi:", "isbn": "isbn:", "urn": ""}
_PUBLISHERS = ("institution", "organization", "publisher")
_VERBATIM = ("url", "iri", "doi")
_ESCAPED = re.compile(r"\\([_&#%$~])")
_DIGITS = re.compile(r"\d{1,2}")


def bibtex_entries(path: Path) -> Iterator[Entry | Faulty]:
    """The entries of a BibTeX file; one that does not parse is named, and the rest goes on.

    Errors: SourceError where the file cannot be read, or is not in UTF-8.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SourceError("the file is not in UTF-8", file=path) from error
    except OSError as error:
        raise SourceError(error.strerror or str(error), file=path) from error
    with capture() as faults:
        try:
            found = Parser(encoding="utf-8").parse_string(text)
        except PybtexError as error:
            raise SourceError(f"not BibTeX: {error}", file=path) from error
    for key, entry in found.entries.items():
        try:
            yield Entry.of(f"entry {key}", _pairs(entry))
        except PybtexError as error:
            yield Faulty(f"entry {key}", f"not well-formed LaTeX ({error})")
    for number, fault in enumerate(faults, start=1):
        place = f"line {fault.lineno}" if getattr(fault, "lineno", None) else f"fault {number}"
        yield Faulty(place, f"not well-formed BibTeX ({fault})")


def _pairs(entry: BibtexEntry) -> Iterator[tuple[str, str]]:
    fields = {name.lower(): _read(name.lower(), value) for name, value in entry.fields.items()}
    for name, field in _FIELDS.items():
        yield field, fields.get(name, "")
    for name, scheme in _NUMBERS.items():
        if value := fields.get(name, ""):
            yield "other_ids", scheme + value.removeprefix(scheme)
    for name in _PUBLISHERS:
        for body in fields.get(name, "").split(" and "):
            yield "publishers", body
    words = fields.get("keywords", "")
    for word in words.split(";" if ";" in words else ","):
        yield "keywords", word
    for group in fields.get("committee", "").split(" and "):
        yield "developers", group
    yield "type", _known(fields.get("type", ""), TYPES)
    yield "status", _known(fields.get("note", ""), STATUSES)
    yield "date", fields.get("date", "") or _date(fields.get("year", ""), fields.get("month", ""))


def _known(text: str, words: tuple[str, ...]) -> str:
    """What BibTeX's free fields say, where it is a word of ours."""
    return text if text.lower() in (*words, "edition") else ""


def _date(year: str, month: str) -> str:
    if _DIGITS.fullmatch(month):
        return f"{year}-{int(month):02}"
    name = month[:3].lower()
    return f"{year}-{_MONTHS.index(name) + 1:02}" if name in _MONTHS else year


def _read(name: str, value: str) -> str:
    """An address as it stands, though some write its signs as LaTeX has them; all else without LaTeX."""
    return _ESCAPED.sub(r"\1", value) if name in _VERBATIM else _plain(value)


def _plain(value: str) -> str:
    """The text without LaTeX: accents as letters, no braces that group."""
    return str(Text.from_latex(value))
