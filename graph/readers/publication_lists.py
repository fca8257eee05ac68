"""Files that list publications: tables, BibTeX, CSL-JSON and the lists that this graph gives, to records."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from isogloss.errors import SourceError

from .bibtex import bibtex_entries
from .csl_json import json_entries
from .publication_tables import table_entries
from .publications import Entry, Faulty, Unfit, record
from .relaton import Record, Refusal


@dataclass(frozen=True, slots=True)
class Passed:
    """An entry that is no publication."""

    path: str


Entries = Iterator[Entry | Faulty]
_READERS: Mapping[str, Callable[[Path], Entries]] = {
    "table": table_entries,
    "bibtex": bibtex_entries,
    "json": json_entries,
}
FORMATS = tuple(_READERS)
_ENDINGS = {".csv": "table", ".tsv": "table", ".bib": "bibtex", ".bibtex": "bibtex", ".json": "json"}


def read_publications(
    path: Path, archive: str, form: str = "", columns: Mapping[str, str] | None = None
) -> Iterator[Record | Refusal | Passed]:
    """The records of a list, in its order, as of the archive of that name.

    `form` is one of FORMATS, else the file's ending tells; `columns` maps our fields to a table's columns. An
    entry that cannot be taken is a Refusal that says why and where, and the rest goes on; so is one that
    names a publication for the second time. Errors: SourceError where the file itself cannot be read.
    """
    seen: dict[str, str] = {}
    for entry in _reader(path, form, columns)(path):
        found = _taken(entry, archive)
        if isinstance(found, Record):
            first = seen.setdefault(found.path, entry.place)
            if first != entry.place:
                found = Refusal(archive, entry.place, f"the publication stands there already (see {first})")
        yield found


def _reader(path: Path, form: str, columns: Mapping[str, str] | None) -> Callable[[Path], Entries]:
    kind = form or _ENDINGS.get(path.suffix.lower(), "")
    if kind not in _READERS:
        raise SourceError(f"the ending does not tell which of {', '.join(FORMATS)} this is", file=path)
    return partial(table_entries, columns=columns) if kind == "table" else _READERS[kind]


def _taken(entry: Entry | Faulty, archive: str) -> Record | Refusal | Passed:
    if isinstance(entry, Faulty):
        return Refusal(archive, entry.place, entry.reason)
    try:
        return record(entry, archive) or Passed(entry.place)
    except Unfit as unfit:
        named = entry.get("iri") or entry.get("identifier") or entry.place
        return Refusal(archive, named, f"[{unfit.field}] {unfit} ({entry.place})")
