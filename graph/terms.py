"""From the text of a cell to an RDF term, or to a plain word on why it is none."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches

from pyoxigraph import Literal, NamedNode

from isogloss.ontology.names import PREFIXES

_DATATYPES = (
    (re.compile(r"\d{4}"), "gYear"),
    (re.compile(r"\d{4}-(0[1-9]|1[0-2])"), "gYearMonth"),
    (re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])"), "date"),
)
# The characters that an IRI in angle brackets may not hold (SPARQL 1.1, IRIREF).
_IRI = re.compile(r"https?://[^\x00-\x20<>\"{}|^`\\]+")
_SLUG = re.compile(r"[a-z0-9]+(?:[.-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[.-]+[a-z0-9]+)*)*")


def prefixed(name: str) -> NamedNode:
    """The IRI of a prefixed name of ours.

    >>> prefixed("ig:Gap").value
    'https://w3id.org/isogloss/ontology#Gap'
    """
    prefix, local = name.split(":", 1)
    return NamedNode(PREFIXES[prefix] + local)


def english(text: str) -> Literal:
    """A text of this project, in English."""
    return Literal(text, language="en")


def date(text: str) -> Literal:
    """A year, year and month, or day (ISO 8601), typed as what it is; ValueError otherwise.

    >>> str(date("2023-04"))
    '"2023-04"^^<http://www.w3.org/2001/XMLSchema#gYearMonth>'
    """
    for pattern, datatype in _DATATYPES:
        if pattern.fullmatch(text):
            return Literal(text, datatype=prefixed(f"xsd:{datatype}"))
    raise ValueError(f"not a date of the form 2025, 2025-07 or 2025-07-11: {text!r}")


def web_address(text: str) -> NamedNode:
    """An http(s) address as an IRI; ValueError where it could not stand in one."""
    if not _IRI.fullmatch(text):
        raise ValueError(f"not an http(s) address: {text!r}")
    return NamedNode(text)


def integer(text: str) -> Literal:
    """A whole number; ValueError otherwise."""
    return Literal(str(int(text)), datatype=prefixed("xsd:integer"))


def decimal(text: str) -> Literal:
    """A plain decimal, kept as written; ValueError otherwise."""
    if not re.fullmatch(r"-?\d+(\.\d+)?", text):
        raise ValueError(f"not a plain decimal: {text!r}")
    return Literal(text, datatype=prefixed("xsd:decimal"))


def is_slug(text: str) -> bool:
    """Whether this can be the last part of one of our IRIs."""
    return _SLUG.fullmatch(text) is not None


def nearest(text: str, known: Iterable[str]) -> str:
    """A hint that names the nearest known values, or nothing."""
    near = get_close_matches(text, list(known), n=3)
    return f"; nearest: {', '.join(near)}" if near else ""


def is_web_address(text: str) -> bool:
    """Whether this is an http(s) address that can stand as an IRI."""
    return _IRI.fullmatch(text) is not None
