"""The words of labels as they are compared: normalised, stemmed, abbreviated, written as one."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

# Endings cut off in this order; British and American spellings meet, and so do a verb and its noun.
_ENDINGS = (
    ("isation", "iz"), ("ization", "iz"), ("ising", "iz"), ("izing", "iz"), ("ise", "iz"), ("ize", "iz"),
    ("ations", "at"), ("ation", "at"), ("ating", "at"), ("ated", "at"), ("ate", "at"), ("iveness", "iv"),
    ("ities", "it"), ("ity", "it"), ("ings", ""), ("ing", ""), ("edly", ""), ("ied", "y"), ("ies", "y"),
    ("ness", ""), ("ment", ""), ("ers", "er"), ("ed", ""), ("es", ""), ("s", ""), ("al", ""), ("ive", ""),
    ("e", ""),
)  # fmt: skip
_SPELLINGS = {"behaviour": "behavior", "modelling": "modeling", "labelling": "labeling", "centre": "center"}
_SMALL = frozenset(
    {"a", "an", "and", "by", "for", "from", "in", "into", "of", "on", "or", "the", "to", "with"}
)
_PARENTHESES = re.compile(r"\s*[(<\[][^)>\]]*[)>\]]")
_INSIDE = re.compile(r"[(\[]([A-Za-z0-9-]{2,10})[)\]]")


@lru_cache(maxsize=200_000)
def normal(text: str) -> str:
    """Lower-case ASCII words with one space between, hyphens and signs gone.

    >>> normal("Re-identification  (of Persons)")
    're identification of persons'
    """
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii").lower()
    words = re.sub(r"[^a-z0-9]+", " ", ascii_only).split()
    return " ".join(_SPELLINGS.get(word, word) for word in words)


@lru_cache(maxsize=100_000)
def stem(word: str) -> str:
    """The word without its inflection.

    >>> stem("explanations") == stem("explanation"), stem("anonymising") == stem("anonymization")
    (True, True)
    """
    for ending, instead in _ENDINGS:
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: len(word) - len(ending)] + instead
    return word


@lru_cache(maxsize=200_000)
def stems(text: str) -> tuple[str, ...]:
    """The stems of the words that carry meaning, in order."""
    return tuple(stem(word) for word in telling(text))


@lru_cache(maxsize=100_000)
def telling(text: str) -> tuple[str, ...]:
    """The words that carry meaning, normalised, in order."""
    return tuple(word for word in normal(text).split() if word not in _SMALL)


def forms(labels: Iterable[str]) -> tuple[str, ...]:
    """Every way a term can be written: its labels, without what stands in parentheses, abbreviated.

    >>> forms(["artificial intelligence (AI) system"])
    ('artificial intelligence (AI) system', 'artificial intelligence system', 'AI system')
    """
    found: dict[str, None] = {}
    for label in labels:
        found[label] = None
        bare = _PARENTHESES.sub("", label).strip()
        if bare:
            found[bare] = None
        for inside in _INSIDE.finditer(label):
            # The abbreviation stands for the words before it, not for the whole label.
            found[f"{inside[1]}{label[inside.end() :]}"] = None
    return tuple(found)


def initials(text: str) -> str:
    """The first letters of the words that carry meaning; empty for fewer than two words.

    >>> initials("quantum key distribution")
    'qkd'
    """
    words = telling(text)
    return "".join(word[0] for word in words) if len(words) > 1 else ""


def compound(text: str) -> str:
    """The words in the singular and written as one, so that "data sets" meets "dataset".

    >>> compound("Data sets"), compound("automatic summarisation") == compound("automatic summarization")
    ('dataset', True)
    """
    words = (_singular(word).replace("isation", "ization") for word in normal(text).split())
    return "".join(words)


def _singular(word: str) -> str:
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    plural = len(word) > 3 and word.endswith("s") and not word.endswith(("ss", "us", "is"))
    return word[:-1] if plural else word
