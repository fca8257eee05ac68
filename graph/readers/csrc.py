"""Terms in NIST's CSRC glossary export: a zip with one JSON document that begins with a byte order mark."""

from __future__ import annotations

import html
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from isogloss.errors import SourceError

from ..entries import ABBREVIATION, Citation, Designation, Entry, Passage, Reading, canonical

MOST_BYTES = 256 * 1024 * 1024  # unpacked; the export of 2025 has 5.6 million
_TAG = re.compile(r"</?[a-zA-Z][^<>]{0,200}>")


def read_csrc(path: Path) -> Reading:
    """Every term of the export; `path` is the zip or the JSON file out of it.

    An abbreviation stands as an admitted word; a definition keeps NIST's source, and what NIST took it from.
    Errors: SourceError where it is not the export or unpacks to more than MOST_BYTES.
    """
    document = _json(path)
    reading = Reading()
    for record in document["parentTerms"]:
        try:
            reading.entries.append(canonical(_entry(record)))
        except (ValueError, TypeError, AttributeError, KeyError) as error:
            name = record.get("term") if isinstance(record, dict) else None
            told = f"not a term of the export: {_told(error)}"
            reading.problems.append(SourceError(told, file=path, field=str(name or "parentTerms")))
    return reading


def _told(error: Exception) -> str:
    if isinstance(error, KeyError):
        return f"there is no {error.args[0]}"
    return (
        str(error) if isinstance(error, ValueError) else "a part of it is not of the type that the export has"
    )


def _json(path: Path) -> dict[str, Any]:
    try:
        text = _unpacked(path) if zipfile.is_zipfile(path) else path.read_bytes()
        document = json.loads(text.decode("utf-8-sig"))
    except (zipfile.BadZipFile, UnicodeDecodeError, RecursionError, OSError) as error:
        raise SourceError(str(error), file=path) from error
    except json.JSONDecodeError as error:
        raise SourceError(f"not JSON: {error.msg}", file=path, line=error.lineno) from error
    if not isinstance(document, dict) or not isinstance(document.get("parentTerms"), list):
        raise SourceError("not a CSRC glossary export: there is no list parentTerms", file=path)
    return document


def _unpacked(path: Path) -> bytes:
    """The one JSON file in the zip. What the zip says of its size is not trusted."""
    with zipfile.ZipFile(path) as archive:
        names = [name for name in archive.namelist() if name.endswith(".json")]
        if len(names) != 1:
            raise SourceError(f"{len(names)} JSON files in the zip; the export has one", file=path)
        with archive.open(names[0]) as handle:
            text = handle.read(MOST_BYTES + 1)
    if len(text) > MOST_BYTES:
        raise SourceError(f"unpacks to more than {MOST_BYTES} bytes", file=path)
    return text


def _entry(record: dict[str, Any]) -> Entry:
    link = str(record["link"])
    word = _plain(record["term"])
    if not word:
        raise ValueError("the term is empty")
    short = [_plain(one["text"]) for one in record.get("abbrSyn") or ()]
    words = [Designation(word, "en")]
    words += [Designation(text, "en", "admitted", _form(text, word)) for text in short if text]
    passages = list(_definitions(record))
    note = _plain(record.get("note") or "")
    return Entry(
        identifier=_name(link),
        designations=tuple(words),
        passages=(*passages, *((Passage("note", note, "en"),) if note else ())),
        related=tuple(_name(str(one["link"])) for one in record.get("seeAlso") or () if one.get("link")),
        page=link,
    )


def _name(link: str) -> str:
    return link.rstrip("/").rpartition("/")[2]


def _form(text: str, word: str) -> str:
    return ABBREVIATION if len(text) < len(word) and text.upper() == text else "full"


def _definitions(record: dict[str, Any]) -> Iterator[Passage]:
    for definition in record.get("definitions") or []:
        text = _plain(definition.get("text") or "")
        if text:
            yield Passage("definition", text, "en", tuple(_citations(definition.get("sources") or [])))


def _citations(sources: list[dict[str, Any]]) -> Iterator[Citation]:
    for source in sources:
        yield _citation(source, str(source.get("underTerm") or ""))
        for deeper in source.get("refSources") or ():
            yield _citation(deeper, "")


def _citation(source: dict[str, Any], locator: str) -> Citation:
    note = _plain(source.get("note") or "").strip("[]- ").lower()
    return Citation(_plain(source.get("text") or ""), _plain(locator), str(source.get("link") or ""), note)


def _plain(text: str) -> str:
    """Text without the HTML that the export has in places."""
    return " ".join(html.unescape(_TAG.sub("", str(text))).split())
