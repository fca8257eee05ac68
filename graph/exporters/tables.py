"""Terminologies as a table: CSV (RFC 4180), one row an entry and language."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable

from ..entries import ABBREVIATION, KINDS, Entry
from ..readers.term_tables import NUMBERED, SEPARATOR, SEVERAL
from .terminology import Terminology


def write_table(terminology: Terminology) -> bytes:
    """The entries under the columns that the reader of term tables knows."""
    rows = [_row(entry, tag) for entry in terminology.entries for tag in entry.languages]
    text = io.StringIO()
    writer = csv.DictWriter(text, _columns(rows), lineterminator="\r\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode("utf-8")


def _columns(rows: Iterable[dict[str, str]]) -> list[str]:
    used = {name for row in rows for name, cell in row.items() if cell}
    numbered = sorted(
        (name for name in used if name.rstrip("0123456789").rstrip("_") in NUMBERED), key=_numbered_order
    )
    first = [name for name in SEVERAL if name in used]
    last = [name for name in ("clause", "page", "gloss") if name in used]
    return ["id", "language", "preferred", *first, *numbered, *last]


def _numbered_order(name: str) -> tuple[int, int, str]:
    base = name.rstrip("0123456789").rstrip("_")
    number = int(name.removeprefix(base).strip("_") or 1)
    return KINDS.index(base.removesuffix("_source")), number, base


def _row(entry: Entry, tag: str) -> dict[str, str]:
    words = [word for word in entry.designations if word.language == tag]
    chosen = next((word for word in words if word.status == "preferred"), None)
    row = {
        "id": entry.identifier,
        "language": tag or "und",
        "preferred": chosen.text if chosen else "",
        "admitted": _cell(w.text for w in words if w.status == "admitted" and w.form != ABBREVIATION),
        "deprecated": _cell(w.text for w in words if w.status == "deprecated"),
        "abbreviation": _cell(w.text for w in words if w.form == ABBREVIATION),
    }
    for kind in KINDS:
        for number, passage in enumerate(entry.of_kind(kind, tag), 1):
            end = "" if number == 1 else f"_{number}"
            row[kind + end] = passage.text
            row[f"{kind}_source{end}"] = _cell(map(str, passage.citations))
    if tag == entry.languages[0]:
        row |= {
            "source": _cell(map(str, entry.citations)),
            "broader": _cell(entry.broader),
            "related": _cell(entry.related),
            "clause": entry.clause,
            "page": entry.page,
            "gloss": entry.gloss,
        }
    return row


def _cell(values: Iterable[str]) -> str:
    return f" {SEPARATOR} ".join(value.replace(SEPARATOR, f"\\{SEPARATOR}") for value in values)
