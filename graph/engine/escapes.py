"""Codepoint escape sequences, and the two ways in which engines read them.

SPARQL 1.1 (19.2) resolves them everywhere before it parses; Oxigraph, like SPARQL 1.2, only inside IRIs and
strings. What the guard decides has to hold for both.
"""

from __future__ import annotations

import re

_ESCAPE = re.compile(r"\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_UNESCAPED = re.compile(r"(?<!\\)((?:\\\\)*)\\(?:u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")


class Resolved:
    """A text with its escapes resolved; `origin` gives back the offset in the text as it was written."""

    def __init__(self, written: str, pattern: re.Pattern[str]) -> None:
        self._cuts: list[tuple[int, int]] = []
        self._removed = 0
        self.text = pattern.sub(self._resolve, written)

    def origin(self, offset: int) -> int:
        shift = 0
        for place, length in self._cuts:
            if place >= offset:
                break
            shift += length - 1
        return offset + shift

    def _resolve(self, found: re.Match[str]) -> str:
        *before, short, long = found.groups()
        kept = before[0] if before else ""
        code = int(short or long, 16)
        if code > 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            return found[0]
        start, length = found.start() + len(kept), len(found[0]) - len(kept)
        self._cuts.append((start - self._removed, length))
        self._removed += length - 1
        return kept + chr(code)


def readings(written: str) -> list[Resolved]:
    """The texts that an engine may see which resolves escapes first, with or without those after `\\\\`."""
    if not _ESCAPE.search(written):
        return []
    readings = [Resolved(written, pattern) for pattern in (_ESCAPE, _UNESCAPED)]
    return readings[:1] if readings[0].text == readings[1].text else readings


def resolve(written: str) -> str:
    """The text of one token without its escapes."""
    return Resolved(written, _ESCAPE).text
