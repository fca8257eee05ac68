"""When two titles are the same title."""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(r"[a-z0-9]+")
_SMALL = frozenset(("the", "a", "an", "of", "for", "and", "in", "on", "to", "by", "with", "part"))
_STOP = _SMALL | frozenset(("standard", "std", "ieee", "iso", "iec", "draft", "approved", "international"))
ALIKE = 0.6
_AKIN = 0.5
_TELLING = 3


def words(title: str) -> frozenset[str]:
    """The words of a title that tell it from others: no case, accents, articles or "IEEE Standard for"."""
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode("ascii").lower()
    return frozenset(_WORD.findall(plain)) - _STOP


def alike(one: str, other: str) -> bool:
    """Whether two titles name one subject: most of the words of both together stand in both."""
    first, second = words(one), words(other)
    both = first | second
    return bool(both) and len(first & second) / len(both) >= ALIKE


def akin(one: str, other: str) -> bool:
    """Whether half of the shorter title stands in the longer one; enough where the number agrees as well.

    Titles of one or two words say too little for that.
    """
    first, second = words(one), words(other)
    shorter = min(len(first), len(second))
    return shorter >= _TELLING and len(first & second) / shorter >= _AKIN
