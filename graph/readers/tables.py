"""Tables of facts: CSV (RFC 4180) or TSV files with a header that names our fields."""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from isogloss.errors import SourceError
from isogloss.repeated import refuse_repeated_columns

SEPARATOR = "|"  # between the values of one cell


@dataclass(frozen=True, slots=True)
class Row:
    """One record of a table; `line` is where it ends in the file, counted from 1."""

    file: Path
    line: int
    cells: Mapping[str, str]

    def __getitem__(self, field: str) -> str:
        return self.cells.get(field, "")

    def many(self, field: str) -> tuple[str, ...]:
        """The values of a cell that may hold several, without empty ones."""
        return tuple(value for part in self[field].split(SEPARATOR) if (value := part.strip()))

    def error(self, message: str, field: str | None = None) -> SourceError:
        """An error that names this row, and the field where it lies in one."""
        return SourceError(message, file=self.file, line=self.line, field=field)


def read_table(path: Path, *, required: tuple[str, ...], optional: tuple[str, ...] = ()) -> Iterator[Row]:
    """The rows of a table, in file order, with cells stripped of outer white space.

    The header must hold every required field and nothing unknown; a required cell may not be empty. Errors:
    SourceError with file, line and field.
    """
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.reader(handle, delimiter="\t" if path.suffix == ".tsv" else ",", strict=True)
            yield from _rows(path, reader, required, optional)
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(str(error), file=path) from error


def _rows(
    path: Path, reader: Iterator[list[str]], required: tuple[str, ...], optional: tuple[str, ...]
) -> Iterator[Row]:
    line = 1
    try:
        header = next(reader, None)
        if header is None:
            raise SourceError("the table is empty; a header is needed", file=path, line=1)
        _check_header(path, header, required, optional)
        for cells in reader:
            line = reader.line_num  # type: ignore[attr-defined]  # what csv.reader gives has no public name
            if cells:
                yield _row(path, line, header, cells, required)
    except csv.Error as error:
        raise SourceError(f"not a well-formed table: {error}", file=path, line=line + 1) from error


def _check_header(
    path: Path, header: list[str], required: tuple[str, ...], optional: tuple[str, ...]
) -> None:
    for name in required:
        if name not in header:
            raise SourceError("the header lacks this field", file=path, line=1, field=name)
    for name in header:
        if name not in required and name not in optional:
            known = ", ".join((*required, *optional))
            raise SourceError(f"unknown field; known are {known}", file=path, line=1, field=name)
    refuse_repeated_columns(path, header)


def _row(path: Path, line: int, header: list[str], cells: list[str], required: tuple[str, ...]) -> Row:
    if len(cells) != len(header):
        raise SourceError(f"{len(cells)} cells under a header of {len(header)}", file=path, line=line)
    row = Row(path, line, {name: cell.strip() for name, cell in zip(header, cells, strict=True)})
    for name in required:
        if not row[name]:
            raise row.error("must not be empty", name)
    return row
