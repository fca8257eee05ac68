"""Words of like meaning: what the shipped vectors bring together, and how texts are compared by them."""

import csv
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from isogloss.mappings.distil import distil, words_of
from isogloss.mappings.similarity import Matrix, Weights
from isogloss.mappings.text import telling
from isogloss.mappings.words import WordVectors, shipped_words

EVEN = Weights(["car", "vehicle", "poem", "leak", "disclosure"], telling)


def akin(left: str, *right: str) -> list[float]:
    return list(map(float, shipped_words().akin([left], list(right), EVEN)[0]))


def test_words_of_like_meaning_meet_without_the_extra() -> None:
    vehicle, poem = akin("car", "vehicle", "poem")
    assert vehicle > poem
    leak, poem = akin("information leak", "sensitive information disclosure", "a poem about gardens")
    assert leak > poem


def test_the_same_words_meet_wholly_whatever_stands_beside_them() -> None:
    assert akin("risk of harm", "harm and risk to people")[0] == pytest.approx(1.0, abs=1e-5)


def test_a_text_without_known_words_meets_nothing() -> None:
    assert akin("of the", "harm") == [0.0]
    assert akin("harm", "of the", "harm") == [0.0, pytest.approx(1.0, abs=1e-5)]
    assert akin("qqqqxx", "qqqqxx") == [0.0]


def test_a_rarer_word_counts_for_more() -> None:
    vectors = WordVectors({"ai": 0, "kernel": 1}, np.eye(2, dtype=np.float32))
    weights = Weights(["ai one", "ai two", "ai three", "kernel"], telling)
    of_common, of_rare = vectors.akin(["ai kernel"], ["ai", "kernel"], weights)[0]
    assert of_common < 0.5 < of_rare
    assert of_common + of_rare == pytest.approx(1.0)


def test_many_words_are_compared_in_parts_with_the_same_answer() -> None:
    words = sorted(shipped_words().places)[:700]
    found = shipped_words().akin(words, words, EVEN)
    assert found.shape == (700, 700)
    assert np.allclose(np.diag(found), 1.0, atol=1e-5)
    assert np.allclose(found[:5], shipped_words().akin(words[:5], words, EVEN), atol=1e-5)


class Letters:
    """An encoder that knows only how often each letter is in a text."""

    def encode(self, texts: Sequence[str]) -> Matrix:
        return np.array([[float(text.count(letter)) for letter in "abcdefgh"] for text in texts])


def test_vectors_are_distilled_from_an_encoder_and_the_words_of_tables(tmp_path: Path) -> None:
    table = tmp_path / "terms.csv"
    with table.open("w", encoding="utf-8", newline="") as handle:
        csv.writer(handle).writerows([["label", "gloss"], ["Zzyzxify", "Not of this world"]])
    words = words_of([table])
    assert {"zzyzxify", "world", "system"} <= set(words)
    assert words == sorted(set(words))
    distil(["abba", "baab", "hegehe"], Letters(), tmp_path / "words.npz", 2)
    with np.load(tmp_path / "words.npz") as made:
        one, other, far = made["rows"].astype(float)
        assert bytes(made["words"]) == b"abba\nbaab\nhegehe"
    assert one @ other > 0 > one @ far
