"""The formats of answers: media type, file extension, and the name that Oxigraph knows them by."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from isogloss.errors import NotAcceptable

Form = Literal["rows", "boolean", "graph"]


@dataclass(frozen=True, slots=True)
class Format:
    """`names` are media types, the registered one first; `oxigraph` is the constant in pyoxigraph."""

    extension: str
    oxigraph: str
    names: tuple[str, ...]

    @property
    def media_type(self) -> str:
        return self.names[0]


RESULTS: tuple[Format, ...] = (
    Format("srj", "JSON", ("application/sparql-results+json", "application/json")),
    Format("srx", "XML", ("application/sparql-results+xml", "application/xml", "text/xml")),
    Format("csv", "CSV", ("text/csv",)),
    Format("tsv", "TSV", ("text/tab-separated-values",)),
)
GRAPHS: tuple[Format, ...] = (
    Format("ttl", "TURTLE", ("text/turtle", "application/turtle", "application/x-turtle")),
    Format("nt", "N_TRIPLES", ("application/n-triples", "text/plain")),
    Format("rdf", "RDF_XML", ("application/rdf+xml", "application/xml", "text/xml")),
    Format("jsonld", "JSON_LD", ("application/ld+json", "application/json")),
    Format("nq", "N_QUADS", ("application/n-quads",)),
    Format("trig", "TRIG", ("application/trig",)),
    Format("n3", "N3", ("text/n3",)),
)
BY_FORM: dict[Form, tuple[Format, ...]] = {"rows": RESULTS, "boolean": RESULTS, "graph": GRAPHS}


def choose(form: Form, accept: Sequence[str]) -> tuple[Format, str]:
    """The first of `accept` that fits the form, and the name it was asked for by; the default for nothing.

    Raises NotAcceptable with all that could be had.
    """
    formats = BY_FORM[form]
    if not accept:
        return formats[0], formats[0].media_type
    for wanted in accept:
        for candidate in formats:
            if wanted in candidate.names:
                return candidate, wanted
    offered = tuple(candidate.media_type for candidate in formats)
    raise NotAcceptable(f"A result of this form can be had as {', '.join(offered)}.", offered=offered)


def content_type(media_type: str) -> str:
    """The Content-Type field for a media type: textual ones say their charset, JSON has none (RFC 8259)."""
    return media_type if media_type.endswith("json") else media_type + "; charset=utf-8"


ALL_TYPES: tuple[str, ...] = tuple(
    dict.fromkeys(
        [
            *(each.media_type for each in (*RESULTS, *GRAPHS)),
            *(n for each in (*RESULTS, *GRAPHS) for n in each.names),
        ]
    )
)
