"""Facts straight to N-Quads: for a hundred thousand records, making an object of each term takes too long.

What is written goes into the dump as it is, so it must be spelt as the store itself would spell it.
"""

from __future__ import annotations

import re
from typing import BinaryIO

from pyoxigraph import NamedNode

from isogloss.ontology import names

_ESCAPES = str.maketrans({
    "\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t",
    **{chr(code): None for code in (*range(9), 11, 12, *range(14, 32), 127)},
})  # fmt: skip
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_NOT_IN_IRI = re.compile(r"[\x00-\x20<>\"{}|^`\\]")
_XSD = names.PREFIXES["xsd"]
_DATATYPES = {4: "gYear", 7: "gYearMonth", 10: "date"}


class Lines:
    """Writes the facts of one named graph; each IRI that is used often is made once."""

    def __init__(self, handle: BinaryIO, graph: str) -> None:
        self.handle = handle
        self.end = f" <{graph}> .\n"
        self.properties: dict[str, str] = {}
        self.count = 0

    def property(self, name: str) -> str:
        """The IRI of a prefixed name in angle brackets."""
        found = self.properties.get(name)
        if found is None:
            prefix, local = name.split(":", 1)
            found = self.properties[name] = f"<{names.PREFIXES[prefix]}{local}>"
        return found

    def facts(self, subject: str, facts: list[tuple[str, str]]) -> None:
        """Facts about one subject: prefixed property, and an object in N-Quads (see the functions below)."""
        lines = [f"{subject} {self.property(name)} {value}{self.end}" for name, value in dict.fromkeys(facts)]
        self.count += len(lines)
        self.handle.write("".join(lines).encode())


def thing(kind: str, slug: str) -> str:
    """The IRI of one of our things."""
    return f"<{names.BASE}id/{kind}/{slug}>"


def text(value: str, language: str = "") -> str:
    """A plain or language-tagged literal; a tag that is none is left away."""
    tag = f"@{language.lower()}" if language and _LANGUAGE.fullmatch(language) else ""
    if not value.isprintable() or '"' in value or "\\" in value:
        value = value.translate(_ESCAPES)
    return f'"{value}"{tag}'


def date(value: str) -> str:
    """A year, month or day, typed as what it is."""
    return f'"{value}"^^<{_XSD}{_DATATYPES[len(value)]}>'


def web(address: str) -> str:
    """An http(s) address as an IRI, with what may not stand in one percent-encoded; empty if it is none."""
    if not address.startswith(("http://", "https://")):
        return ""
    iri = _NOT_IN_IRI.sub(lambda found: f"%{ord(found[0]):02X}", address)
    try:
        NamedNode(iri)
    except ValueError:
        return ""
    return f"<{iri}>"
