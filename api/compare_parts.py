"""What the comparison shows of each entry, of each pair, and in the grid of all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .languages import best, foreign
from .mapping_words import JUSTIFIED, Record, in_short, may_stand_in, relation
from .term_views import TermView
from .word_difference import Piece, alike, difference

MOST_IN_GRID = 14
_MOST_DEFINITIONS = 3  # of one entry; glossaries that collect from others have up to a dozen

Between = Mapping[frozenset[str], tuple[Record, ...]]


def card(view: TermView, base: TermView | None, wanted: tuple[str, ...]) -> dict[str, Any]:
    """An entry in the language that is wanted, its definitions marked where they differ from the base's."""
    label, language = best(view.labels, wanted)
    spoken = best({tag: tag for _, tag in view.definitions}, wanted)[1]
    texts = [text for text, tag in view.definitions if tag == spoken]
    there = _in_language(base, spoken) if base is not None and base.iri != view.iri else ""
    return {
        "view": view,
        "label": label,
        "language": foreign(language),
        "definitions": [_Definition.beside(text, there) for text in texts[:_MOST_DEFINITIONS]],
        "more": len(texts[_MOST_DEFINITIONS:]),
        "spoken": spoken or "en",
        "foreign": foreign(spoken),
        "base": base,
    }


@dataclass(frozen=True, slots=True)
class _Definition:
    """A definition; `pieces` mark how it differs from another one, where the two are near enough for that."""

    text: str
    pieces: tuple[Piece, ...] = ()

    @classmethod
    def beside(cls, text: str, there: str) -> _Definition:
        pieces = difference(there, text) if there else ()
        return cls(text, pieces if alike(pieces) else ())


def _in_language(view: TermView, tag: str) -> str:
    """The first definition in that language, told or not; words of two languages are not compared."""
    spoken = (tag or "en").partition("-")[0]
    found = (text for text, other in view.definitions if (other or "en").partition("-")[0] == spoken)
    return next(found, "")


def pair(one: TermView, other: TermView, records: tuple[Record, ...]) -> dict[str, Any]:
    """Two entries, what each is to the other, and whether one may stand in for the other."""
    return {
        "one": one,
        "other": other,
        "records": [
            (record, relation(record.seen_from(one.iri), negated=record.negated))
            for record in sorted(records, key=lambda record: record.standing, reverse=True)
        ],
        "there": may_stand_in(records, one.iri),
        "back": may_stand_in(records, other.iri),
        "justified": {record.iri: JUSTIFIED.get(record.justification, "") for record in records},
    }


def grid(terms: Sequence[TermView], between: Between) -> list[tuple[TermView, list[tuple[str, str]]]]:
    """For each term, what it is to each other one in short, and the record behind it; at most so many."""
    shown = terms[:MOST_IN_GRID]
    return [
        (
            one,
            [
                (
                    in_short(between.get(frozenset({one.iri, other.iri}), ()), one.iri)
                    if one is not other
                    else "·",
                    _first(between, one, other),
                )
                for other in shown
            ],
        )
        for one in shown
    ]


def _first(between: Between, one: TermView, other: TermView) -> str:
    records = between.get(frozenset({one.iri, other.iri}), ())
    best_one = max((record for record in records if record.live), key=lambda r: r.standing, default=None)
    return best_one.iri if best_one else ""
