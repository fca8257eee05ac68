"""Terminologies in JSKOS (gbv.github.io/jskos), which Cocoda and other mapping tools read."""

from __future__ import annotations

import json
from collections import defaultdict
from typing import Any

from ..entries import Entry
from .terminology import Terminology

CONTEXT = "https://gbv.github.io/jskos/context.json"

Record = dict[str, Any]


def write_jskos(terminology: Terminology) -> bytes:
    """The concepts as one JSON array."""
    return (json.dumps(concepts(terminology), ensure_ascii=False, indent=1) + "\n").encode("utf-8")


def scheme(terminology: Terminology) -> Record:
    """The concept scheme."""
    record: Record = {
        "@context": CONTEXT,
        "uri": terminology.scheme.value,
        "type": ["http://www.w3.org/2004/02/skos/core#ConceptScheme"],
        "notation": [terminology.slug],
        "prefLabel": {"en": terminology.title},
    }
    if terminology.license:
        record["license"] = [{"uri": terminology.license}]
    return record


def concepts(terminology: Terminology) -> list[Record]:
    """The concepts, each with its scheme; broader and related ones by IRI."""
    nodes = {key: node.value for key, node in terminology.nodes().items()}
    return [_concept(entry, nodes, terminology.scheme.value) for entry in terminology.entries]


def _concept(entry: Entry, nodes: dict[str, str], scheme_uri: str) -> Record:
    labels: Record = {
        word.language or "und": word.text for word in entry.designations if _preferred(word.status)
    }
    record: Record = {
        "@context": CONTEXT,
        "uri": nodes[entry.identifier],
        "type": ["http://www.w3.org/2004/02/skos/core#Concept"],
        "inScheme": [{"uri": scheme_uri}],
        "prefLabel": labels,
        "altLabel": _lists((w.language, w.text) for w in entry.designations if w.status == "admitted"),
        "hiddenLabel": _lists((w.language, w.text) for w in entry.designations if w.status == "deprecated"),
        "identifier": [entry.identifier],
        "definition": _lists((p.language, p.text) for p in entry.of_kind("definition")),
        "note": _lists((p.language, p.text) for p in entry.of_kind("note")),
        "example": _lists((p.language, p.text) for p in entry.of_kind("example")),
        "scopeNote": {"en": [entry.gloss]} if entry.gloss else {},
        "notation": [entry.clause] if entry.clause else [],
        "url": entry.page,
        "broader": [{"uri": nodes[other]} for other in entry.broader if other in nodes],
        "related": [{"uri": nodes[other]} for other in entry.related if other in nodes],
    }
    return {key: value for key, value in record.items() if value}


def _preferred(status: str) -> bool:
    return status == "preferred"


def _lists(pairs: Any) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for language, text in pairs:
        found[language or "und"].append(text)
    return dict(found)
