"""Which words mean alike: vectors of single words that ship, so that this needs nothing installed.

They are distilled from the sentence encoder of the extra: it reads each word alone, and the main
directions of what it answers are kept in eight bits. `python -m isogloss.mappings.distil` makes them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files

import numpy as np
from numpy.typing import NDArray

from .similarity import Matrix, Weights
from .text import telling

_TABLE = "words.npz"
_MOST = 60  # words of a text that are looked at
_CHUNK = 256  # words compared at a time, to bound memory

Vectors = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class WordVectors:
    """A row of unit length a word."""

    places: dict[str, int]
    rows: Vectors

    def known(self, text: str) -> list[str]:
        """The text's words that carry meaning and have a vector, each once, in order."""
        return [word for word in dict.fromkeys(telling(text)) if word in self.places][:_MOST]

    def akin(self, left: Sequence[str], right: Sequence[str], weights: Weights) -> Matrix:
        """How far the words of each left text are met in each right text, from 0 to 1.

        Each word counts by its weight and is met by the right text's nearest word, as far as the two are
        alike; a text without known words meets, and is met by, nothing.
        """
        found = np.zeros((len(left), len(right)))
        ours, theirs = [self.known(text) for text in left], [self.known(text) for text in right]
        filled = [place for place, words in enumerate(theirs) if words]
        if not filled or not any(ours):
            return found
        number = {word: place for place, word in enumerate(dict.fromkeys(w for words in ours for w in words))}
        nearest = self._nearest(list(number), [theirs[place] for place in filled])
        for place, words in enumerate(ours):
            if words:
                counts = np.array([weights.of(word) for word in words])
                found[place, filled] = counts @ nearest[[number[word] for word in words]] / counts.sum()
        return np.clip(found, 0.0, 1.0)

    def _nearest(self, words: Sequence[str], texts: Sequence[Sequence[str]]) -> Vectors:
        """Words × texts: how alike a word is to the likest word of a text."""
        distinct = {
            word: place for place, word in enumerate(dict.fromkeys(w for text in texts for w in text))
        }
        flat = [distinct[word] for text in texts for word in text]
        starts = np.cumsum([0, *(len(text) for text in texts[:-1])])
        across = self._of(list(distinct)).T
        chunks = [words[start : start + _CHUNK] for start in range(0, len(words), _CHUNK)]
        return np.vstack(
            [np.maximum.reduceat((self._of(chunk) @ across)[:, flat], starts, axis=1) for chunk in chunks]
        )

    def _of(self, words: Sequence[str]) -> Vectors:
        return self.rows[[self.places[word] for word in words]]


@cache
def shipped_words() -> WordVectors:
    """The vectors that ship with the package, read once."""
    with as_file(files("isogloss.mappings") / _TABLE) as path, np.load(path) as table:
        words = bytes(table["words"]).decode("ascii").split("\n")
        rows = table["rows"].astype(np.float32)
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)
    return WordVectors({word: place for place, word in enumerate(words)}, rows)
