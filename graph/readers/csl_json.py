"""Publications in JSON: CSL-JSON (https://docs.citationstyles.org), or a list that this graph gives."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from isogloss.errors import SourceError

from .publications import STATUSES, TYPES, Entry, Faulty

# Fields of CSL-JSON, and of the items of /api/search.
_CSL = {
    "title": "title", "number": "identifier", "URL": "pages", "abstract": "abstract", "language": "languages",
    "publisher": "publishers", "authority": "publishers", "edition": "edition",
}  # fmt: skip
_CSL_NUMBERS = {"DOI": "doi:", "ISBN": "isbn:"}
_OURS = {
    "iri": "iri", "kind": "kind", "identifier": "identifier", "label": "label", "type": "type",
    "status": "status", "issued": "date", "year": "year", "publisher": "publishers",
    "developer": "developers", "theme": "keywords", "page": "pages",
}  # fmt: skip


def json_entries(path: Path) -> Iterator[Entry | Faulty]:
    """The items of an array in CSL-JSON, or of a list from /api/search.

    Errors: SourceError where the file is neither, with the line where it does not parse.
    """
    found = _read(path)
    ours = isinstance(found, dict) and isinstance(found.get("items"), list)
    items = found["items"] if ours else found
    if not isinstance(items, list):
        raise SourceError("neither an array of CSL-JSON nor a list of this graph", file=path)
    for number, item in enumerate(items, start=1):
        if isinstance(item, dict):
            yield Entry.of(f"item {number}", _ours(item) if ours else _csl(item))
        else:
            yield Faulty(f"item {number}", "the item is no object")


def _read(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8-sig"))
    except json.JSONDecodeError as error:
        raise SourceError(f"not JSON: {error.msg}", file=path, line=error.lineno) from error
    except (UnicodeDecodeError, RecursionError) as error:
        raise SourceError("not in UTF-8, or nested too deep", file=path) from error
    except OSError as error:
        raise SourceError(error.strerror or str(error), file=path) from error


def _ours(item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """A list tells titles without their languages, so the label's is taken, where it has one."""
    if item.get("label") == item.get("identifier"):
        yield from (("title", title) for title in _texts(item.get("title")))
    for name, field in _OURS.items():
        for value in _texts(item.get(name)):
            yield field, value


def _csl(item: dict[str, Any]) -> Iterator[tuple[str, str]]:
    for name, field in _CSL.items():
        for value in _texts(item.get(name)):
            yield field, value
    for name, scheme in _CSL_NUMBERS.items():
        for value in _texts(item.get(name)):
            yield "other_ids", scheme + value
    for word in ",".join(_texts(item.get("keyword"))).split(","):
        yield "keywords", word
    for value in _texts(item.get("genre")):
        yield "type", value if value.lower() in TYPES else ""
    for value in _texts(item.get("status")):
        yield ("status" if value.lower() in STATUSES else "stage"), value
    yield "date", _date(item.get("issued"))


def _texts(value: Any) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [str(one) for one in values if isinstance(one, (str, int)) and not isinstance(one, bool)]


def _date(value: Any) -> str:
    """A date variable of CSL: `date-parts` hold year, month and day as far as they are known."""
    parts = value.get("date-parts") if isinstance(value, dict) else None
    first = parts[0] if isinstance(parts, list) and parts else None
    if not isinstance(first, list) or not all(str(one).isdecimal() for one in first):
        return next(iter(_texts(value.get("raw") if isinstance(value, dict) else value)), "")
    return "-".join(f"{int(one):02}" for one in first[:3])
