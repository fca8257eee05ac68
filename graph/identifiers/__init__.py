"""Standards identifiers, from citations as people write them to one canonical form and back."""

from __future__ import annotations

import re
from collections.abc import Callable

from .ieee import parse_ieee
from .iso import parse_iso
from .itu import parse_itu
from .model import Identifier, Supplement
from .others import parse_other

__all__ = ["Identifier", "Supplement", "known", "parse", "verbatim"]

_LONGEST = 200  # no identifier is; longer text is prose
_READERS: tuple[Callable[[str], Identifier | None], ...] = (parse_iso, parse_ieee, parse_other, parse_itu)


def parse(text: str) -> Identifier | None:
    """The identifier that a citation names, or None where it follows no grammar that is known here.

    >>> parse("Y.3800").canonical
    'ITU-T Y.3800'
    >>> parse("IEEE Std 7000-2021").work.slug
    'ieee-7000'
    """
    tidy = _tidy(text)
    if not 0 < len(tidy) <= _LONGEST:
        return None
    for reader in _READERS:
        found = reader(tidy)
        if found is not None:
            return found
    return None


def verbatim(text: str) -> Identifier:
    """An identifier kept as its source prints it, for what follows no known grammar; ":2015" is its year."""
    tidy = _tidy(text)
    number, colon, year = tidy.rpartition(":")
    if colon and re.fullmatch(r"\d{4}", year):
        return Identifier("verbatim", (), number.strip(), date=year)
    return Identifier("verbatim", (), tidy)


def known(text: str, slug: str) -> Identifier:
    """An identifier kept as its source prints it, of something whose slug the source knows.

    >>> known("Regulation (EU) 2024/1689", "eu-ai-act").slug
    'eu-ai-act'
    """
    return Identifier("known", (), _tidy(text), kind=slug)


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", re.sub(r"\s*:\s*", ":", text.replace("\u00a0", " "))).strip(" .,;")
