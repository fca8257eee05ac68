"""Terms in a table: CSV or TSV, one row an entry and language, whatever the columns are called."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import chain
from pathlib import Path

from isogloss.errors import SourceError

from ..entries import (
    ABBREVIATION,
    FULL,
    Designation,
    Entry,
    Passage,
    Reading,
    canonical,
    cited,
    language_tag,
)

SEPARATOR = "|"  # between the values of a cell, in the fields that may hold several; `\|` stands for itself
SEVERAL = ("admitted", "deprecated", "abbreviation", "source", "broader", "related")
NUMBERED = ("definition", "definition_source", "note", "note_source", "example", "example_source")
FIELDS = ("id", "language", "preferred", *SEVERAL, *NUMBERED, "clause", "page", "gloss")

_KNOWN = {
    "term": "preferred",
    "terms": "preferred",
    "label": "preferred",
    "preflabel": "preferred",
    "synonyms": "admitted",
    "altlabel": "admitted",
    "alt_labels": "admitted",
    "definitions": "definition",
    "citation": "definition_source",
    "lang": "language",
    "url": "page",
    "notes": "note",
    "examples": "example",
}
_NUMBER = re.compile(r"(?P<name>.+?)[ _]?(?P<number>[1-9][0-9]?)")
_SPLIT = re.compile(r"(?<!\\)\|")


def column_map(text: str) -> dict[str, str]:
    """A map from our fields to columns, from `field=Column,field=Column`; ValueError if it is none.

    >>> column_map("preferred=Terms,definition_2=Definition 2")
    {'preferred': 'Terms', 'definition_2': 'Definition 2'}
    """
    found: dict[str, str] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, equals, column = (piece.strip() for piece in part.partition("="))
        if not equals or not column or _field(name) is None:
            raise ValueError(f"{part!r} is not of the form field=Column; fields are {', '.join(FIELDS)}")
        found[name] = column
    return found


def read_term_table(path: Path, columns: Mapping[str, str] | None = None, language: str = "en") -> Reading:
    """The entries of a table; rows with the same id are one entry in several languages.

    `columns` maps our fields (see FIELDS; definitions, notes and examples may be numbered: definition_2) to
    the table's columns (all by number, as #2, where there is no header); left out, columns go by our names
    and a few well-known others. `language` holds for rows that tell none. A row that cannot be taken is a
    problem of the reading, with its line. Errors: SourceError where the table cannot be read, or has no
    column of terms.
    """
    reading = Reading()
    found: dict[str, Entry] = {}
    lines: dict[str, int] = {}
    called = dict(columns or {})
    for line, cells in _rows(path, columns):
        try:
            entry = _entry(cells, language)
        except _Fault as fault:
            column = called.get(fault.field, fault.field)
            reading.problems.append(SourceError(fault.told, file=path, line=line, field=column))
            continue
        before = found.get(entry.identifier)
        found[entry.identifier] = _joined(before, entry) if before else entry
        lines.setdefault(entry.identifier, line)
    for key, entry in found.items():
        if entry.designations:
            reading.entries.append(canonical(entry))
        else:
            missing = SourceError(
                "the entry has no term", file=path, line=lines[key], field=called.get("preferred")
            )
            reading.problems.append(missing)
    return reading


class _Fault(ValueError):
    """What is wrong with a row, and in which of our fields."""

    def __init__(self, field: str, told: str) -> None:
        self.field, self.told = field, told
        super().__init__(told)


def _rows(path: Path, columns: Mapping[str, str] | None) -> Iterator[tuple[int, dict[str, str]]]:
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            first = handle.readline()  # and not again: what is read may be a pipe
            reader = csv.reader(chain([first], handle), delimiter=_delimiter(path, first), strict=True)
            places = _numbers(columns) or _places(path, next(reader, []), columns)
            for cells in reader:
                line = reader.line_num
                if any(cells):
                    yield line, {n: cells[i].strip() for n, i in places.items() if i < len(cells)}
    except csv.Error as error:
        raise SourceError(f"not a well-formed table: {error}", file=path, line=line + 1) from error
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(str(error), file=path) from error


def _delimiter(path: Path, header: str) -> str:
    """What stands between the cells: spreadsheets write semicolons where a comma is the decimal mark."""
    return "\t" if path.suffix.lower() == ".tsv" else max(",;\t", key=header.count)


def _numbers(columns: Mapping[str, str] | None) -> dict[str, int]:
    """Where each field stands if every column is given by number, as `#2`: the table has no header then."""
    found = {name: column[1:] for name, column in (columns or {}).items() if column.startswith("#")}
    if len(found) < len(columns or {}) or not all(number.isdecimal() for number in found.values()):
        return {}
    return {name: int(number) - 1 for name, number in found.items() if int(number) > 0}


def _places(path: Path, header: list[str], columns: Mapping[str, str] | None) -> dict[str, int]:
    """Where each field stands."""
    if columns is None:
        places: dict[str, int] = {}
        for place, column in enumerate(header):
            if (name := _guess(column)) in places:
                raise SourceError(f"a second column for '{name}': map one", file=path, line=1, field=column)
            if name:
                places[name] = place
    else:
        for column in columns.values():
            if header.count(column) != 1:
                told = "this column stands twice" if column in header else "there is no such column"
                raise SourceError(f"{told}; {_listed(header)}", file=path, line=1, field=column)
        places = {name: header.index(column) for name, column in columns.items()}
    if "preferred" not in places:
        told = f"no column holds the term: map one to 'preferred'; {_listed(header)}"
        raise SourceError(told, file=path, line=1)
    return places


def _listed(header: list[str], most: int = 12) -> str:
    known = ", ".join(column[:40] for column in header[:most]) + (" ..." if len(header) > most else "")
    return (
        f"the columns are {known} (without a header give all by number, as #1)" if header else "it is empty"
    )


def _guess(column: str) -> str:
    plain = column.strip().lower().replace(" ", "_")
    if plain in FIELDS:
        return plain
    numbered = _NUMBER.fullmatch(plain)
    name, number = (numbered["name"].rstrip("_"), numbered["number"]) if numbered else (plain, "1")
    name = _KNOWN.get(name, name)
    if name in NUMBERED:
        return name if number == "1" else f"{name}_{number}"
    return name if name in FIELDS and not numbered else ""


def _field(name: str) -> str | None:
    """The field behind a name that may be numbered; None if there is none."""
    if name in FIELDS:
        return name
    found = _NUMBER.fullmatch(name)
    base = found["name"].rstrip("_") if found else ""
    return base if base in NUMBERED else None


def _entry(cells: dict[str, str], default: str) -> Entry:
    try:
        language = language_tag(cells.get("language") or default)
    except ValueError as error:
        raise _Fault("language", str(error)) from error
    words = list(_words(cells, language))
    identifier = cells.get("id") or (words[0].text if words else "")
    if not identifier:
        raise _Fault("preferred", "the row has no term")
    return Entry(
        identifier=identifier,
        designations=tuple(words),
        passages=tuple(_passages(cells, language)),
        citations=tuple(map(cited, several(cells.get("source", "")))),
        broader=several(cells.get("broader", "")),
        related=several(cells.get("related", "")),
        clause=cells.get("clause", ""),
        page=cells.get("page", ""),
        gloss=cells.get("gloss", ""),
    )


def _words(cells: dict[str, str], language: str) -> Iterator[Designation]:
    """A word under `abbreviation` that stands elsewhere as well has its status from there."""
    short = several(cells.get("abbreviation", ""))
    by_status = {
        "preferred": (cells["preferred"],) if cells.get("preferred") else (),
        "deprecated": several(cells.get("deprecated", "")),
        "admitted": (*several(cells.get("admitted", "")), *short),
    }
    for status, texts in by_status.items():
        for text in texts:
            yield Designation(text, language, status, ABBREVIATION if text in short else FULL)


def _passages(cells: dict[str, str], language: str) -> Iterator[Passage]:
    for kind in ("definition", "note", "example"):
        numbers = sorted(
            int(name[len(kind) + 1 :] or 1)
            for name in cells
            if re.fullmatch(rf"{kind}(_\d+)?", name) and cells[name]
        )
        for number in numbers:
            end = "" if number == 1 else f"_{number}"
            sources = tuple(map(cited, several(cells.get(f"{kind}_source{end}", ""))))
            yield Passage(kind, cells[f"{kind}{end}"], language, sources)


def several(cell: str) -> tuple[str, ...]:
    """The values of a cell that may hold several."""
    parts = (part.strip().replace("\\|", SEPARATOR) for part in _SPLIT.split(cell))
    return tuple(part for part in parts if part)


def _joined(one: Entry, other: Entry) -> Entry:
    return replace(
        one,
        designations=one.designations + other.designations,
        passages=one.passages + other.passages,
        citations=one.citations + other.citations,
        broader=one.broader + other.broader,
        related=one.related + other.related,
        clause=one.clause or other.clause,
        page=one.page or other.page,
        gloss=one.gloss or other.gloss,
    )
