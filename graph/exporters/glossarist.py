"""Terminologies in Glossarist YAML, version 2: a stream of concepts, each before its localized concepts."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from uuid import UUID, uuid5

import yaml

from ..entries import ABBREVIATION, GLOSS, Citation, Entry, Passage, three_letters
from .terminology import Terminology

_SPACE = UUID("6ba7b811-9dad-11d1-80b4-00c04fd430c8")  # for names that are URLs (RFC 9562, appendix A)

Record = dict[str, Any]


def write_glossarist(terminology: Terminology) -> bytes:
    """The concepts as a stream of YAML documents."""
    dumper: type[Any] = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text = yaml.dump_all(
        _documents(terminology),
        Dumper=_without_aliases(dumper),
        allow_unicode=True,
        sort_keys=False,
        explicit_start=True,
        width=100,
    )
    return text.encode("utf-8")


def _without_aliases(dumper: type[Any]) -> type[Any]:
    return type("_Dumper", (dumper,), {"ignore_aliases": lambda self, data: True})


def _documents(terminology: Terminology) -> Iterator[Record]:
    nodes = terminology.nodes()
    for entry in terminology.entries:
        base = f"{nodes[entry.identifier].value}#"
        parts = {_code(tag): str(uuid5(_SPACE, base + tag)) for tag in entry.languages}
        yield _concept(entry, parts, str(uuid5(_SPACE, base)))
        for tag in entry.languages:
            yield {"data": _localized(entry, tag), "id": parts[_code(tag)]}


def _code(tag: str) -> str:
    """Three letters as Glossarist has them; a tag with a region or script stays whole."""
    return tag if "-" in tag else three_letters(tag)


def _concept(entry: Entry, parts: dict[str, str], key: str) -> Record:
    data: Record = {"identifier": entry.identifier, "localized_concepts": parts}
    if entry.clause:
        data["clause"] = entry.clause
    if entry.page:
        data["uri"] = entry.page
    record: Record = {"data": data}
    related = [("broader", other) for other in entry.broader] + [("see", other) for other in entry.related]
    if related:
        record["related"] = [{"type": kind, "ref": {"id": other}} for kind, other in related]
    if entry.citations:
        record["sources"] = list(map(_citation, entry.citations))
    return {**record, "status": "valid", "id": key}


def _localized(entry: Entry, tag: str) -> Record:
    record: Record = {
        "definition": [_passage(p) for p in entry.of_kind("definition", tag)],
        "notes": [_passage(p) for p in entry.of_kind("note", tag)],
        "examples": [_passage(p) for p in entry.of_kind("example", tag)],
        "terms": [
            {
                "type": "abbreviation" if word.form == ABBREVIATION else "expression",
                "normative_status": word.status,
                "designation": word.text,
            }
            for word in entry.designations
            if word.language == tag
        ],
        "language_code": _code(tag),
    }
    if entry.gloss and tag == entry.languages[0]:
        record["annotations"] = [{"content": GLOSS + entry.gloss}]
    return record


def _passage(passage: Passage) -> Record:
    record: Record = {"content": passage.text}
    if passage.citations:
        record["sources"] = list(map(_citation, passage.citations))
    return record


def _citation(citation: Citation) -> Record:
    origin: Record = {"ref": {"source": citation.document}} if citation.document else {}
    if citation.locator:
        origin["clause"] = citation.locator
    if citation.link:
        origin["link"] = citation.link
    record: Record = {"type": "authoritative", "origin": origin}
    if citation.relation:
        record["status"] = citation.relation
    return record
