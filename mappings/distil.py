"""Makes the vectors of words that ship: python -m isogloss.mappings.distil OUTPUT TABLE.csv ...

The words are those of the sentence encoder's own vocabulary and those of the tables' labels and glosses
(columns label, alt_labels, gloss). It needs the extra `embeddings`.
"""

from __future__ import annotations

import csv
import re
import sys
from collections.abc import Iterable, Sequence
from importlib.resources import files
from pathlib import Path

import numpy as np

from .encoders import VOCABULARY, Encoder, shipped_encoder
from .text import telling

_SIZE = 128  # numbers a word: two thirds of what the encoder's answers vary
_COLUMNS = ("label", "alt_labels", "gloss")


def words_of(tables: Iterable[Path]) -> list[str]:
    """Every whole word of the encoder's vocabulary and of the tables, sorted."""
    found = set[str]()
    for table in tables:
        with table.open(encoding="utf-8-sig", newline="") as handle:
            for row in csv.DictReader(handle):
                found.update(word for name in _COLUMNS for word in telling(row.get(name) or ""))
    pieces = (files("isogloss.mappings") / VOCABULARY).read_text(encoding="utf-8").split("\n")
    whole = (piece for piece in pieces if re.fullmatch(r"[a-z][a-z0-9]+", piece))
    return sorted({word for word in found if len(word) > 1}.union(*map(telling, whole)))


def distil(words: Sequence[str], encoder: Encoder, path: Path, size: int = _SIZE) -> None:
    """Write the words and the main directions of their embeddings, in eight bits a number."""
    rows = encoder.encode(words)
    rows -= rows.mean(axis=0)
    _, _, directions = np.linalg.svd(rows, full_matrices=False)
    kept = rows @ directions[:size].T
    kept /= np.maximum(np.abs(kept).max(axis=1, keepdims=True), 1e-9)
    letters = np.frombuffer("\n".join(words).encode("ascii"), dtype=np.uint8)
    np.savez_compressed(path, words=letters, rows=np.round(kept * 127).astype(np.int8))


if __name__ == "__main__":
    encoder = shipped_encoder(True)
    assert encoder is not None  # noqa: S101 - it is asked for
    distil(words_of(map(Path, sys.argv[2:])), encoder, Path(sys.argv[1]))
