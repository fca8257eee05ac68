"""Publications in a table: CSV or TSV, one row a publication, with a header that names our fields."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Mapping
from itertools import chain
from pathlib import Path

from isogloss.errors import SourceError
from isogloss.repeated import refuse_repeated_columns

from .publications import FIELDS, SEVERAL, Entry, Faulty, is_title

SEPARATOR = "|"  # between the values of a cell, in the fields that may hold several; `\|` stands for itself
_SPLIT = re.compile(r"(?<!\\)\|")
# What columns are called elsewhere.
_KNOWN = {
    "id": "identifier", "number": "identifier", "name": "title", "publisher": "publishers",
    "body": "publishers", "bodies": "publishers", "developer": "developers", "committee": "developers",
    "committees": "developers", "issued": "date", "published": "date", "publication_date": "date",
    "themes": "keywords", "theme": "keywords", "keyword": "keywords", "url": "pages", "urls": "pages",
    "link": "pages", "links": "pages", "page": "pages", "language": "languages", "doi": "other_ids",
    "urn": "other_ids", "isbn": "other_ids", "other_id": "other_ids", "adopted_from": "adopts",
}  # fmt: skip
_SCHEMES = ("doi", "urn", "isbn")  # columns whose values need the word in front to say what they are


def column_map(text: str) -> dict[str, str]:
    """A map from our fields to columns, from `field=Column,field=Column`; ValueError if it is none.

    >>> column_map("identifier=Number,title_fr=Titre")
    {'identifier': 'Number', 'title_fr': 'Titre'}
    """
    found: dict[str, str] = {}
    for part in filter(None, (piece.strip() for piece in text.split(","))):
        name, _, column = (piece.strip() for piece in part.partition("="))
        if not column or not (name in FIELDS or is_title(name)):
            raise ValueError(f"{part!r} is not of the form field=Column; fields are {', '.join(FIELDS)}")
        found[name] = column
    return found


def table_entries(path: Path, columns: Mapping[str, str] | None = None) -> Iterator[Entry | Faulty]:
    """The rows of a table in UTF-8, with commas, semicolons or tabs between cells.

    Without `columns` every column must be one of our fields (or go by a name that is plain enough): nothing
    is left out unsaid. Errors: SourceError with file and line, and the column that is at fault.
    """
    line = 1
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            first = handle.readline()
            reader = csv.reader(chain((first,), handle), delimiter=_delimiter(first, path), strict=True)
            header = [name.strip() for name in next(reader, [])]
            places = _places(path, header, columns)
            for cells in reader:
                line = reader.line_num
                if any(cell.strip() for cell in cells):
                    yield _entry(line, cells, places, len(header))
    except csv.Error as error:
        raise SourceError(f"not a well-formed table: {error}", file=path, line=line + 1) from error
    except UnicodeDecodeError as error:
        raise SourceError("the table is not in UTF-8", file=path, line=line + 1) from error
    except OSError as error:
        raise SourceError(error.strerror or str(error), file=path) from error


def _delimiter(header: str, path: Path) -> str:
    if path.suffix.lower() == ".tsv":
        return "\t"
    return max((",", ";", "\t"), key=header.count)


def _places(path: Path, header: list[str], columns: Mapping[str, str] | None) -> list[tuple[int, str, str]]:
    """Each column that is read: where it stands, its field, and the scheme that its values are of."""
    if not header:
        raise SourceError("the table is empty; a header is needed", file=path, line=1)
    refuse_repeated_columns(path, header)
    if columns is not None:
        for column in columns.values():
            if column not in header:
                raise SourceError("there is no such column", file=path, line=1, field=column)
        return [(header.index(column), field, "") for field, column in columns.items()]
    places = [(place, *_field(path, name)) for place, name in enumerate(header)]
    taken = set[str]()
    for place, field, _ in places:
        if field in taken - set(SEVERAL):
            message = f"a second column for '{field}': map one with --columns"
            raise SourceError(message, file=path, line=1, field=header[place])
        taken.add(field)
    return places


def _field(path: Path, column: str) -> tuple[str, str]:
    plain = re.sub(r"[\s-]+", "_", column.lower())
    field = _KNOWN.get(plain, plain)
    if field not in FIELDS and not is_title(field):
        known = ", ".join((*FIELDS, "title_fr and the like"))
        raise SourceError(
            f"no field goes by this name; map it with --columns, or use {known}",
            file=path,
            line=1,
            field=column,
        )
    return field, plain if plain in _SCHEMES else ""


def _entry(line: int, cells: list[str], places: list[tuple[int, str, str]], width: int) -> Entry | Faulty:
    if len(cells) != width:
        return Faulty(f"line {line}", f"the row has not as many cells as the header ({len(cells)}, {width})")
    pairs = []
    for place, field, scheme in places:
        values = several(cells[place]) if field in SEVERAL else (cells[place],)
        pairs += [(field, _with_scheme(value, scheme)) for value in values]
    return Entry.of(f"line {line}", pairs)


def _with_scheme(value: str, scheme: str) -> str:
    bare = not value or not scheme or value.lower().startswith(f"{scheme}:")
    return value if bare else f"{scheme}:{value}"


def several(cell: str) -> tuple[str, ...]:
    r"""The values of a cell that may hold several.

    >>> several(r"ISO | IEC | a\|b")
    ('ISO', 'IEC', 'a|b')
    """
    parts = (part.strip().replace("\\|", SEPARATOR) for part in _SPLIT.split(cell))
    return tuple(part for part in parts if part)
