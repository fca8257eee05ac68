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
from .text import stems, telling
from .words import shipped_words

WORDS = (
    "same_form",
    "best_form",
    "token_set",
    "words",
    "letters",
    "text",
    "label_in_text",
    "neighbours",
    "akin",
    "akin_back",
    "akin_in_text",
    "akin_in_text_back",
    "akin_texts",
    "akin_texts_back",
)
MEANING = (
    *WORDS,
    "meaning",
    "meaning_of_text",
    "meaning_in_text",
    "meaning_in_text_back",
    "meaning_of_neighbours",
    "meaning_of_neighbours_text",
    "meaning_with_neighbours",
)

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
        self._borrowed = _texts_of_twins(terms)
        texts = [self._text(term) for term in terms.all]
        self._words, self._letters = Weights(labels, stems), Weights(labels, trigrams)
        self._texts, self._plain = Weights(texts, stems), Weights(texts, telling)
        self.names = WORDS if encoder is None else MEANING

    def of(self, subjects: Sequence[Term], objects: Sequence[Term]) -> Matrix:
        """An array subjects × objects × features. No record between the two vocabularies is looked at."""
        left, right = [t.label for t in subjects], [t.label for t in objects]
        said, told = [self._text(t) for t in subjects], [self._text(t) for t in objects]
        words = self._words.cosine(left, right)
        found = [
            same_form(subjects, objects),
            best_form(subjects, objects),
            ratio(left, right, fuzz.token_set_ratio),
            words,
            self._letters.cosine(left, right),
            self._texts.cosine(said, told),
            self._texts.cosine(left, told),
            self._of_neighbours(subjects, objects, words),
            *self._akin((left, right), (left, right)),
            *self._akin((left, told), (said, right)),
            *self._akin((said, told), (said, told)),
        ]
        if self._encoder is not None:
            found += self._meanings(self._encoder, subjects, objects)
        return np.stack(found, axis=2)

    def _akin(self, there: tuple[list[str], list[str]], back: tuple[list[str], list[str]]) -> list[Matrix]:
        """How far the subject's words (of `there`) are met in the object's, and (of `back`) the reverse."""
        vectors = shipped_words()
        return [vectors.akin(*there, self._plain), vectors.akin(back[1], back[0], self._plain).T]

    def _meanings(self, encoder: Encoder, subjects: Sequence[Term], objects: Sequence[Term]) -> list[Matrix]:
        ways, others = self._around(subjects, objects), self._around(objects, subjects)
        every = [*subjects, *objects, *(term for around in (*ways, *others) for term in around)]
        # All in one go, which the encoder remembers: text by text takes several times as long.
        encoder.encode([text for term in every for text in (term.label, self._text(term))])
        left, right = (encoder.encode([t.label for t in terms]) for terms in (subjects, objects))
        said, told = (encoder.encode([self._text(t) for t in terms]) for terms in (subjects, objects))
        nearby, far = _encoded(encoder, ways, _label), _encoded(encoder, others, _label)
        nearby_texts, far_texts = (_encoded(encoder, around, self._text) for around in (ways, others))
        return [
            left @ right.T,
            said @ told.T,
            left @ told.T,
            said @ right.T,
            _best(left, right, nearby, far),
            _best(said, told, nearby_texts, far_texts),
            _middle(said, nearby_texts) @ _middle(told, far_texts).T,
        ]

    def _around(self, terms: Sequence[Term], others: Sequence[Term]) -> list[list[Term]]:
        """What each term is mapped to elsewhere than in the vocabulary of the others."""
        known, vocabulary = self._terms.by_iri, others[0].vocabulary
        around = (self._neighbours.outside(term.iri, vocabulary) for term in terms)
        return [[known[iri] for iri in iris if iri in known] for iris in around]

    def _of_neighbours(self, subjects: Sequence[Term], objects: Sequence[Term], own: Matrix) -> Matrix:
        """How alike a term is to what the other is mapped to elsewhere; its own likeness where to nothing."""
        found = own.copy()
        left, right = [t.label for t in subjects], [t.label for t in objects]
        for row, around in enumerate(self._around(subjects, objects)):
            if around:
                likest = self._words.cosine([t.label for t in around], right).max(axis=0)
                found[row] = np.maximum(found[row], likest)
        for column, around in enumerate(self._around(objects, subjects)):
            if around:
                likest = self._words.cosine(left, [t.label for t in around]).max(axis=1)
                found[:, column] = np.maximum(found[:, column], likest)
        return np.maximum(found, self._below_the_same(subjects, objects, own))

    def _below_the_same(self, subjects: Sequence[Term], objects: Sequence[Term], own: Matrix) -> Matrix:
        """The mean of how alike two terms are and how alike the terms above them; 0 where one has none."""
        above, over = ([self._above(t) for t in terms] for terms in (subjects, objects))
        if not any(above) or not any(over):
            return np.zeros_like(own)
        both = np.outer([bool(label) for label in above], [bool(label) for label in over])
        return np.asarray(np.where(both, (own + self._words.cosine(above, over)) / 2, 0.0))

    def _above(self, term: Term) -> str:
        known = self._terms.by_iri
        return next((known[iri].label for iri in term.broader if iri in known), "")

    def _text(self, term: Term) -> str:
        text = term.text or self._borrowed.get(_twin(term), "")
        return f"{term.label}. {text[:_TEXT_LENGTH]}" if text else term.label


def _texts_of_twins(terms: Terms) -> dict[tuple[str, ...], str]:
    """A text for entries of one vocabulary whose labels have the same words: some are listed twice."""
    found: dict[tuple[str, ...], str] = {}
    for term in terms.all:
        found.setdefault(_twin(term), "")
        found[_twin(term)] = max(found[_twin(term)], term.text, key=len)
    return found


def _twin(term: Term) -> tuple[str, ...]:
    return (term.vocabulary, *sorted(stems(term.label)))


def _label(term: Term) -> str:
    return term.label


def _encoded(
    encoder: Encoder, around: Sequence[Sequence[Term]], saying: Callable[[Term], str]
) -> list[Matrix | None]:
    return [encoder.encode([saying(t) for t in terms]) if terms else None for terms in around]


def _best(
    left: Matrix, right: Matrix, nearby: Sequence[Matrix | None], far: Sequence[Matrix | None]
) -> Matrix:
    """How alike two terms are, or one is to what the other is mapped to elsewhere, if that is more."""
    found = left @ right.T
    for row, rows in enumerate(nearby):
        if rows is not None:
            found[row] = np.maximum(found[row], (rows @ right.T).max(axis=0))
    for column, rows in enumerate(far):
        if rows is not None:
            found[:, column] = np.maximum(found[:, column], (left @ rows.T).max(axis=1))
    return np.asarray(found)


def _middle(own: Matrix, around: Sequence[Matrix | None]) -> Matrix:
    """Between a term and the middle of what it is mapped to elsewhere."""
    rows = [one if more is None else one + more.mean(axis=0) for one, more in zip(own, around, strict=True)]
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))
