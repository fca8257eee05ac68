"""How alike two lists of labels or texts are: matrices of numbers from 0 to 1, a row a subject."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray
from rapidfuzz import fuzz, process

from .terms import Term
from .text import compound, forms, initials, normal, stems

Matrix = NDArray[np.float64]
Words = Callable[[str], Sequence[str]]


def ratio(subjects: Sequence[str], objects: Sequence[str], scorer: Callable[..., float]) -> Matrix:
    """One of rapidfuzz's ratios over normalised labels."""
    left, right = [normal(text) for text in subjects], [normal(text) for text in objects]
    return np.asarray(process.cdist(left, right, scorer=scorer, dtype=np.float32), dtype=np.float64) / 100


def trigrams(text: str) -> list[str]:
    """Every three letters in a row, word ends marked by a blank."""
    padded = f" {normal(text)} "
    return [padded[start : start + 3] for start in range(len(padded) - 2)]


class Weights:
    """How much a word says: the rarer among the terms at hand, the more (inverse document frequency)."""

    def __init__(self, texts: Sequence[str], words: Words) -> None:
        self.words = words
        seen = Counter(word for text in texts for word in set(words(text)))
        self.idf = {word: math.log(1 + len(texts) / count) for word, count in seen.items()}
        self.rare = math.log(1 + len(texts))

    def of(self, word: str) -> float:
        """The word's weight; a word never seen weighs most."""
        return self.idf.get(word, self.rare)

    def cosine(self, subjects: Sequence[str], objects: Sequence[str]) -> Matrix:
        """Cosine of the weighted word counts; a text without words is like nothing."""
        columns: dict[str, int] = {}
        for text in objects:
            for word in self.words(text):
                columns.setdefault(word, len(columns))
        return self._rows(subjects, columns) @ self._rows(objects, columns).T

    def _rows(self, texts: Sequence[str], columns: dict[str, int]) -> Matrix:
        rows = np.zeros((len(texts), len(columns)))
        for number, text in enumerate(texts):
            norm = 0.0
            for word, count in Counter(self.words(text)).items():
                weight = (1 + math.log(count)) * self.of(word)
                norm += weight * weight
                if word in columns:
                    rows[number, columns[word]] = weight
            rows[number] /= math.sqrt(norm) or 1.0
        return rows


def same_form(subjects: Sequence[Term], objects: Sequence[Term]) -> Matrix:
    """1 where two terms can be written the same, 0.9 where the words differ only by inflection or order.

    An abbreviation, or a compound written apart, counts as written the same: "QKD", "data set".
    """
    found = np.zeros((len(subjects), len(objects)))
    for keys, weight in ((_inflected, 0.9), (_written, 1.0)):
        places: dict[str, list[int]] = {}
        for column, term in enumerate(objects):
            for key in keys(term):
                places.setdefault(key, []).append(column)
        for row, term in enumerate(subjects):
            for key in keys(term):
                found[row, places.get(key, [])] = weight
    return found


def _written(term: Term) -> set[str]:
    keys = {compound(form) for form in forms(term.labels)}
    keys |= {initials(form) for form in forms(term.labels) if len(initials(form)) > 2}
    return keys - {""}


def _inflected(term: Term) -> set[str]:
    return {" ".join(sorted(stems(form))) for form in forms(term.labels)} - {""}


def best_form(subjects: Sequence[Term], objects: Sequence[Term]) -> Matrix:
    """The token sort ratio of the two likest forms of each two terms."""
    left, rows = _spread(subjects)
    right, columns = _spread(objects)
    full = ratio(left, right, fuzz.token_sort_ratio)
    by_row = np.maximum.reduceat(full, rows, axis=0)
    return np.asarray(np.maximum.reduceat(by_row, columns, axis=1))


def _spread(terms: Sequence[Term]) -> tuple[list[str], list[int]]:
    found, starts = list[str](), list[int]()
    for term in terms:
        starts.append(len(found))
        found.extend(forms(term.labels))
    return found, starts
