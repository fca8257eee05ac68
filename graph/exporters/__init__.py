"""Terminologies as files: one module a format, each from entries to text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ..entries import Entry
from .glossarist import write_glossarist
from .jskos import write_jskos
from .skos import write_jsonld, write_skosxl, write_turtle
from .tables import write_table
from .tbx import write_tbx
from .terminology import Terminology, with_loaded


@dataclass(frozen=True, slots=True)
class Exporter:
    """A format: its name for people, media type, file ending, and what writes it."""

    title: str
    media_type: str
    suffix: str
    write: Callable[[Terminology], bytes]


EXPORTERS: dict[str, Exporter] = {
    "skos": Exporter("SKOS in Turtle", "text/turtle", ".ttl", write_turtle),
    "skos-jsonld": Exporter("SKOS in JSON-LD", "application/ld+json", ".jsonld", write_jsonld),
    "skosxl": Exporter("SKOS-XL in Turtle", "text/turtle", ".xl.ttl", write_skosxl),
    "tbx": Exporter("TBX-Basic (ISO 30042:2019)", "application/x-tbx", ".tbx", write_tbx),
    "glossarist": Exporter("Glossarist YAML", "application/yaml", ".yaml", write_glossarist),
    "csv": Exporter("Table (CSV)", "text/csv", ".csv", write_table),
    "jskos": Exporter("JSKOS", "application/json", ".jskos.json", write_jskos),
}

__all__ = ["EXPORTERS", "Entry", "Exporter", "Terminology", "with_loaded"]
