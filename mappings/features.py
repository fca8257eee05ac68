"""What speaks for a mapping between two terms: labels, texts, structure and, if at hand, embeddings."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from rapidfuzz import fuzz

from .claims import Claim
from .encoders import Encoder
from .similarity import Matrix, Weights, best_form, ratio, same_form, trigrams
from .terms import Term, Terms, vocabulary_of
from .text import stems

WORDS = (
    "same_form",
    "best_form",
    "token_set",
    "words",
    "letters",
    "text",
    "label_in_text",
    "neighbours",
)
MEANING = (*WORDS, "meaning", "meaning_of_text", "meaning_in_text", "meaning_of_neighbours")
Alike = Callable[[Sequence[str], Sequence[str]], Matrix]

_TEXT_LENGTH = 400  # characters: what comes later in a definition is notes and exceptions


@dataclass(frozen=True, slots=True)
class Neighbours:
    """The terms that live records tie to a term, in any vocabulary."""

    of: dict[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def from_claims(cls, claims: Iterable[Claim]) -> Neighbours:
        found: dict[str, set[str]] = defaultdict(set)
        for claim in claims:
            if claim.joins:
                found[claim.subject].add(claim.object)
                found[claim.object].add(claim.subject)
        return cls({term: tuple(sorted(others)) for term, others in found.items()})

    def outside(self, term: str, vocabulary: str) -> list[str]:
        """The term's neighbours that are not in the vocabulary it is being mapped to."""
        return [other for other in self.of.get(term, ()) if vocabulary_of(other) != vocabulary]


class Features:
    """Computes the matrices of a pair of vocabularies; what is true of all terms is computed once."""

    def __init__(self, terms: Terms, neighbours: Neighbours, encoder: Encoder | None = None) -> None:
        labels = [term.label for term in terms.all]
        self._terms, self._neighbours, self._encoder = terms, neighbours, encoder
        self._words, self._letters = Weights(labels, stems), Weights(labels, trigrams)
        self._texts = Weights([_text(term) for term in terms.all], stems)
        self.names = WORDS if encoder is None else MEANING

    def of(self, subjects: Sequence[Term], objects: Sequence[Term]) -> Matrix:
        """An array subjects × objects × features. No record between the two vocabularies is looked at."""
        left, right = [t.label for t in subjects], [t.label for t in objects]
        words = self._words.cosine(left, right)
        text = self._texts.cosine([_text(t) for t in subjects], [_text(t) for t in objects])
        found = [
            same_form(subjects, objects),
            best_form(subjects, objects),
            ratio(left, right, fuzz.token_set_ratio),
            words,
            self._letters.cosine(left, right),
            text,
            self._texts.cosine(left, [_text(t) for t in objects]),
            self._of_neighbours(subjects, objects, words, self._words.cosine),
        ]
        if self._encoder is not None:
            found += self._meanings(subjects, objects)
        return np.stack(found, axis=2)

    def _meanings(self, subjects: Sequence[Term], objects: Sequence[Term]) -> list[Matrix]:
        left, right = [t.label for t in subjects], [t.label for t in objects]
        labels = self._alike(left, right)
        return [
            labels,
            self._alike([_text(t) for t in subjects], [_text(t) for t in objects]),
            self._alike(left, [t.text[:_TEXT_LENGTH] or t.label for t in objects]),
            self._of_neighbours(subjects, objects, labels, self._alike),
        ]

    def _alike(self, left: Sequence[str], right: Sequence[str]) -> Matrix:
        assert self._encoder is not None  # noqa: S101 - only called where there is one
        return np.asarray(self._encoder.encode(left) @ self._encoder.encode(right).T)

    def _of_neighbours(
        self, subjects: Sequence[Term], objects: Sequence[Term], own: Matrix, alike: Alike
    ) -> Matrix:
        """How alike a term is to what the other is mapped to elsewhere; its own likeness where to nothing."""
        found = own.copy()
        towards, away = objects[0].vocabulary, subjects[0].vocabulary
        for row, subject in enumerate(subjects):
            labels = self._labels(self._neighbours.outside(subject.iri, towards))
            if labels:
                found[row] = np.maximum(found[row], alike(labels, [t.label for t in objects]).max(axis=0))
        for column, term in enumerate(objects):
            labels = self._labels(self._neighbours.outside(term.iri, away))
            if labels:
                more = alike([t.label for t in subjects], labels).max(axis=1)
                found[:, column] = np.maximum(found[:, column], more)
        return np.maximum(found, self._below_the_same(subjects, objects, own))

    def _below_the_same(self, subjects: Sequence[Term], objects: Sequence[Term], own: Matrix) -> Matrix:
        """The mean of how alike two terms are and how alike the terms above them; 0 where one has none."""
        above = [next(iter(self._labels(t.broader)), "") for t in subjects]
        over = [next(iter(self._labels(t.broader)), "") for t in objects]
        if not any(above) or not any(over):
            return np.zeros_like(own)
        both = np.outer([bool(label) for label in above], [bool(label) for label in over])
        return np.asarray(np.where(both, (own + self._words.cosine(above, over)) / 2, 0.0))

    def _labels(self, iris: Iterable[str]) -> list[str]:
        return [self._terms.by_iri[iri].label for iri in iris if iri in self._terms.by_iri]


def _text(term: Term) -> str:
    return f"{term.label}. {term.text[:_TEXT_LENGTH]}" if term.text else term.label
