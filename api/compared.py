"""What is known of one word: its entries in all vocabularies, the mappings among them, and what is near."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from itertools import combinations

from isogloss.graph.search.finder import Finder, Item, Wanted
from isogloss.mappings.text import normal

from .deps import Services
from .mapping_words import DERIVED, Record
from .term_views import TermView, Views, views
from .wanting import finder

_MOST_NEAR = 12
_MOST_DOCUMENTS = 8


@dataclass(frozen=True, slots=True)
class Compared:
    """What is known of a word: the terms with the records among them, terms that are only near, and the
    documents that have the word in their title, be an entry of theirs known or not.
    """

    asked: str
    found: Views
    near: tuple[Item, ...]
    documents: tuple[Item, ...] = ()

    @property
    def pairs(self) -> list[tuple[TermView, TermView, tuple[Record, ...]]]:
        """Every two terms that some record ties, whatever its status."""
        both = ((one, other, frozenset({one.iri, other.iri})) for one, other in combinations(self.terms, 2))
        return [
            (one, other, self.found.between[pair]) for one, other, pair in both if pair in self.found.between
        ]

    @property
    def terms(self) -> tuple[TermView, ...]:
        return self.found.terms

    @property
    def absent(self) -> list[tuple[Record, str]]:
        """The records that say of an entry with this word that a vocabulary has none, with its name."""
        core = {term.iri for term in self.terms if term.core}
        return [(record, where) for record, where in self.found.absent if record.subject in core]

    @property
    def stated(self) -> list[Record]:
        """The records that somebody states, those of an absence too, in the order of the page."""
        shown = [record for _, _, records in self.pairs for record in records]
        every = dict.fromkeys([*shown, *(record for record, _ in self.absent)])
        return [record for record in every if record.status != DERIVED]

    @property
    def proposed(self) -> list[Record]:
        """The stated records that nobody has decided."""
        return [record for record in self.stated if record.status == "proposed"]

    @property
    def homonyms(self) -> list[str]:
        """Where one word has two meanings: in one vocabulary, or by a record that denies a match."""
        core = [term for term in self.terms if term.core]
        told = []
        for one, other in combinations(core, 2):
            records = self.found.between.get(frozenset({one.iri, other.iri}), ())
            denials = [record for record in records if record.negated and record.live]
            if denials:
                decided = any(record.status == "accepted" for record in denials)
                told.append(
                    f"{one.vocabulary_label} and {other.vocabulary_label} do not mean the same by this word"
                    + ("." if decided else " (proposed and not yet decided).")
                )
            elif one.vocabulary == other.vocabulary:
                told.append(f"{one.vocabulary_label} has more than one entry with this word.")
        return list(dict.fromkeys(told))


async def compared(services: Services, term: str) -> Compared:
    """The comparison of a word: two searches of the index, one query of the engine."""
    if not normal(term):
        return Compared(term, Views(), ())
    index = finder(services)
    items = await asyncio.to_thread(_candidates, index, term)
    documents = await asyncio.to_thread(_documents, index, term)
    same = [item for item in items if normal(item.label) == normal(term)]
    words = {item.label for item in same} | {term.strip(), term.strip().lower(), term.strip().capitalize()}
    found = await views(services.engine, (item.iri for item in same), words)
    shown = {view.iri for view in found.terms}
    near = tuple(item for item in items if item.iri not in shown)[:_MOST_NEAR]
    return Compared(term, found, near, documents)


def _documents(index: Finder, term: str) -> tuple[Item, ...]:
    """The publications on the subject: those with the word in their title, the best match first."""
    items = index.search(Wanted(term, {"kind": ("publication",)}, per_page=5 * _MOST_DOCUMENTS)).items
    held = f" {normal(term)} "
    return tuple(item for item in items if held in f" {normal(item.label)} ")[:_MOST_DOCUMENTS]


def _candidates(index: Finder, term: str) -> tuple[Item, ...]:
    return index.search(Wanted(term, {"kind": ("term",)}, per_page=80)).items
