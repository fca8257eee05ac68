"""The terms that mappings join, as plain data: what the graph holds, or what a table lists."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from difflib import get_close_matches
from functools import cached_property
from pathlib import Path

from isogloss.errors import NotFound, SourceError
from isogloss.ontology import names
from isogloss.repeated import refuse_repeated_columns

TERM = names.BASE + "id/term/"
VOCABULARY = names.BASE + "id/vocabulary/"
_OBO = "http://purl.obolibrary.org/obo/"  # many ontologies live here, told apart by what precedes the _


@dataclass(frozen=True, slots=True)
class Term:
    """One source's entry. `labels` has the preferred label first; `broader` are IRIs in the same source."""

    iri: str
    vocabulary: str  # the vocabulary's slug
    labels: tuple[str, ...]
    gloss: str = ""
    definitions: tuple[str, ...] = ()
    broader: tuple[str, ...] = ()
    themes: tuple[str, ...] = ()

    @property
    def label(self) -> str:
        return self.labels[0]

    @property
    def text(self) -> str:
        """What is said about the meaning: gloss, then definitions; empty where nothing may be held."""
        return " ".join(filter(None, (self.gloss, *self.definitions)))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A source of terms. `status` is its edition's (in-force, superseded, ...); `newer` a later edition."""

    slug: str
    label: str
    status: str = "unknown"
    newer: str = ""


@dataclass(frozen=True)
class Terms:
    """All terms at hand, found by IRI and by vocabulary."""

    all: tuple[Term, ...]
    vocabularies: Mapping[str, Vocabulary] = field(default_factory=dict)

    @cached_property
    def by_iri(self) -> dict[str, Term]:
        return {term.iri: term for term in self.all}

    @cached_property
    def by_vocabulary(self) -> dict[str, tuple[Term, ...]]:
        found: dict[str, list[Term]] = {}
        for term in self.all:
            found.setdefault(term.vocabulary, []).append(term)
        return {slug: tuple(terms) for slug, terms in found.items()}

    def of(self, vocabulary: str) -> tuple[Term, ...]:
        """The terms of a vocabulary, named by its slug or by how that slug begins.

        Errors: NotFound where no vocabulary, or more than one, goes by that name.
        """
        return self.by_vocabulary[self.vocabulary(vocabulary)]

    def vocabulary(self, name: str) -> str:
        """The slug of the one vocabulary that goes by this name (see `called`).

        Errors: NotFound where no vocabulary, or more than one, goes by that name.
        """
        found = self.called(name)
        if len(found) == 1:
            return found[0]
        near = tuple(found or get_close_matches(names.slug(name), self.by_vocabulary, n=3))
        told = "more than one vocabulary goes" if found else "no vocabulary goes"
        which = f": {', '.join(near)}" if found else f"; near it are {', '.join(near)}" if near else ""
        raise NotFound(f"{told} by the name {name!r}{which}", tuple(f"{VOCABULARY}{each}" for each in near))

    def called(self, name: str) -> list[str]:
        """The vocabularies that go by a name, by the first of these that finds any: the slug, its beginning,
        the label's beginning, all words of the name among those of the slug and label (or their initials).
        """
        slug = names.slug(name)
        if slug in self.by_vocabulary:
            return [slug]
        words = set(slug.split("-"))
        labels = {known: self._vocabulary_label(known) for known in self.by_vocabulary}
        ways = (
            [known for known in labels if known.startswith(f"{slug}-")],
            [known for known, label in labels.items() if slug and names.slug(label).startswith(slug)],
            [known for known, label in labels.items() if words <= _name_words(known, label)],
        )
        return next((found for found in ways if found), [])

    def _vocabulary_label(self, slug: str) -> str:
        known = self.vocabularies.get(slug)
        return known.label if known else ""

    def named(self, vocabulary: str, label: str) -> Term | None:
        """The term of a vocabulary (by slug) that has this label; a preferred label goes first."""
        return self._labels.get((vocabulary, names.slug(label)))

    @cached_property
    def _labels(self) -> dict[tuple[str, str], Term]:
        found: dict[tuple[str, str], Term] = {}
        for term in self.all:
            found[term.vocabulary, names.slug(term.label)] = term
        for term in self.all:
            for label in term.labels[1:]:
                found.setdefault((term.vocabulary, names.slug(label)), term)
        return found


def _name_words(slug: str, label: str) -> set[str]:
    """The words of a vocabulary's slug and label, and the initials of each phrase of the label."""
    phrases = [names.slug(phrase).split("-") for phrase in re.split(r"[:(),]", label)]
    initials = {"".join(word[:1] for word in phrase) for phrase in phrases if len(phrase) > 2}
    return {*slug.split("-"), *names.slug(label).split("-"), *initials}


def term_iri(vocabulary: str, label: str) -> str:
    """The IRI of a term that has no released slug yet."""
    return f"{TERM}{names.slug(vocabulary)}/{names.slug(label)}"


def vocabulary_of(iri: str) -> str:
    """The slug of the vocabulary that a term's IRI stands below; for a foreign IRI, all but its end."""
    if iri.startswith(TERM):
        return iri[len(TERM) :].partition("/")[0]
    if iri.startswith(_OBO):
        return iri.rpartition("_")[0]
    return iri.rpartition("#" if "#" in iri else "/")[0]


def read_terms(path: Path, definitions: Path | None = None) -> Terms:
    """Terms from a CSV table with the columns vocabulary and term, and any of synonyms, definition, gloss.

    `definitions` is a JSON Lines file with vocabulary, term and definition, to read beside it.
    Errors: SourceError with the line where a row has no vocabulary, or a file cannot be read.
    """
    texts = _definitions(definitions) if definitions else {}
    found: dict[str, Term] = {}
    for row in _rows(path):
        iri = term_iri(row["vocabulary"], row["term"])
        labels = (row["term"], *_several(row.get("synonyms", "")))
        own = texts.get(iri, ()) + ((row["definition"],) if row.get("definition") else ())
        if iri in found:
            before = found[iri]
            labels, own = (*before.labels, *labels), (*before.definitions, *own)
        gloss = row.get("gloss", "")
        found[iri] = Term(iri, names.slug(row["vocabulary"]), _once(labels), gloss, _once(own))
    return Terms(tuple(found.values()))


def _rows(path: Path) -> Iterator[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle)
            refuse_repeated_columns(path, reader.fieldnames or ())
            missing = {"vocabulary", "term"} - set(reader.fieldnames or ())
            if missing:
                raise SourceError(f"no column {', '.join(sorted(missing))}", file=path, line=1)
            yield from (row for row in reader if row["vocabulary"] and row["term"])
    except (OSError, UnicodeDecodeError) as error:
        raise SourceError(str(error), file=path) from error


def _definitions(path: Path) -> dict[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for line, text in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        try:
            entry = json.loads(text)
            iri = term_iri(entry["vocabulary"], entry["term"])
        except (ValueError, KeyError) as error:
            raise SourceError(f"no entry with vocabulary and term: {error}", file=path, line=line) from error
        if entry.get("definition"):
            found[iri] = (*found.get(iri, ()), entry["definition"])
    return found


def _several(cell: str) -> tuple[str, ...]:
    return tuple(part for piece in cell.replace("|", ";").split(";") if (part := piece.strip()))


def _once(texts: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(texts))
