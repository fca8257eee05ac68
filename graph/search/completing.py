"""What somebody who is typing may mean: names that go on so, and the known words nearest to unknown ones."""

from __future__ import annotations

import re
import sqlite3

import numpy as np
from rapidfuzz import process
from rapidfuzz.distance import DamerauLevenshtein

from ..identifiers import parse
from .asking import Form, begins_a_word, words
from .columns import Numbers
from .naming import exact_numbers, foremost
from .opened import Index
from .schema import identifier_key, without_accents
from .spellings import beginnings

_BY_NAME = 1e6  # with what is named as a whole above it, and this above any score that words can reach
_SPELT_ALIKE = 0.75  # of a word's letters, for its nearest known spelling to be offered
_NUMBER = re.compile(r"\d")


def completions(index: Index, text: str, limit: int) -> Numbers:
    """Things: first what is named as a whole, then what goes by a name that starts so, then names with such
    words.
    """
    typed = words(text)
    if not typed:
        return np.empty(0, dtype=np.uint32)
    named = foremost(index.db, exact_numbers(index.db, text))
    found = {number: 2 * _BY_NAME - rank for rank, number in enumerate(named)}
    for number, score in (*_begun(index, text, limit), *_with_words(index, typed, 5 * limit)):
        found.setdefault(number, score)
    things = np.fromiter(found, dtype=np.uint32, count=len(found))
    scores = np.fromiter(found.values(), dtype=np.float64, count=len(found))
    return index.columns.by_score(things, scores)[:limit]


def _begun(index: Index, text: str, limit: int) -> list[tuple[int, float]]:
    """The things whose identifier or name starts so, the shortest first."""
    found: list[tuple[int, float]] = []
    for key in beginnings(text):
        found += index.db.execute(
            "SELECT thing.id, ? - length(key) + weight FROM identifier JOIN thing ON thing.id = thing "
            "WHERE key >= ? AND key < ? ORDER BY length(key), weight DESC LIMIT ?",
            (_BY_NAME - len(identifier_key(text)) + len(key), key, key + "\x7f", limit),
        )
    return found


def _with_words(index: Index, typed: list[str], limit: int) -> list[tuple[int, float]]:
    """The things that match best among those in whose names all words stand, the last of them unfinished."""
    scores = np.zeros(len(index.columns.none()))
    held = np.zeros(len(scores), dtype=np.uint32)
    for place, word in enumerate(typed, 1):
        form = Form((word,), unfinished=place == len(typed))
        things, ranks = index.ranked(form, in_names=True)
        scores[things] += ranks
        held[things] += 1
    all_held = np.flatnonzero(held == len(typed))
    best = all_held[np.lexsort((all_held, -scores[all_held]))[:limit]]
    weighed = scores[best] * (index.postings.weights[best] / 1000)
    return list(zip(best.tolist(), weighed.tolist(), strict=True))


def nearest_known(db: sqlite3.Connection, text: str) -> str:
    """What a citation that names nothing here amends, or of what it is an edition; empty where unknown."""
    cited = parse(text)
    if cited is None:
        return ""
    nearer = (cited.supplemented, cited.supplemented and cited.supplemented.work, cited.work)
    names = (one.canonical for one in nearer if one is not None and one != cited)
    return next((name for name in names if exact_numbers(db, name)), "")


def respell(db: sqlite3.Connection, text: str) -> str:
    """The same words with each unknown one replaced by the nearest known; empty where there is none.

    What holds a digit is a number, and not misspelt in our eyes.
    """
    typed = [word.lower() for word in words(text)]
    spelt = [word if _NUMBER.search(word) else _nearest_word(db, word) for word in typed]
    return "" if spelt == typed or not all(spelt) else " ".join(spelt)


def _nearest_word(db: sqlite3.Connection, word: str) -> str:
    plain = without_accents(word)
    if begins_a_word(db, plain):
        return word
    rows = db.execute(
        "SELECT term FROM term WHERE length(term) BETWEEN ? AND ? AND term GLOB '[a-z]*' "
        "ORDER BY things DESC, term",
        (len(plain) - 2, len(plain) + 2),
    )
    known = [term for (term,) in rows]
    alike = DamerauLevenshtein.normalized_similarity
    found = process.extractOne(plain, known, scorer=alike, score_cutoff=_SPELT_ALIKE)
    return str(found[0]) if found else ""
