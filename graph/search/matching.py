"""How parts of a search meet things: exact identifiers, words of the text, and what a body or status has."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import reduce

import numpy as np

from .asking import Part, parts
from .columns import Mask, Numbers
from .naming import exact_numbers, foremost, themes_named
from .opened import Index
from .postings import Scores

_EXACT = 1e6  # above any score that words can reach
_NEAR = 1e3  # editions, parts and amendments of what is named exactly come next
_NAMED = 0.01  # the score of what belongs to what is named, and has no word of the search


@dataclass(frozen=True, slots=True)
class Matches:
    """What a search found.

    It has `asked` parts, and everything found has `met` of them. `by_words` is the score of each thing that
    its words give it; `added` is what it has beside, as something that is named. `exactly` are the things
    that the search names as a whole. `text` is the search as it is compared with names.
    """

    asked: int
    met: int
    text: str
    things: Numbers
    by_words: Scores
    added: Scores
    exactly: frozenset[int] = frozenset()

    def within(self, mask: Mask) -> Matches:
        """Those in the mask."""
        kept = mask[self.things]
        arrays = self.things[kept], self.by_words[kept], self.added[kept]
        return Matches(self.asked, self.met, self.text, *arrays, self.exactly)


def match(index: Index, text: str) -> Matches | None:
    """What has the parts of `text`; None where there are no words.

    That is all of them where anything has all; else as many as anything has, if that is half of them at
    least. What `text` names exactly is found in any case.
    """
    asked = parts(index.db, text)
    if not asked:
        return None
    scores, hits = _gathered(index, asked)
    most = int(hits.max())
    exactly = exact_numbers(index.db, text)
    least = len(asked) if exactly else max(most, (len(asked) + 1) // 2)
    found = hits >= least
    added = np.zeros(len(found))
    if exactly:
        added[[number for number in _below(index, exactly) if found[number]]] = _NEAR
    for rank, number in enumerate(first := foremost(index.db, exactly)):
        found[number], scores[number], added[number] = True, 0.0, _EXACT - rank
    things = np.flatnonzero(found).astype(np.uint32)
    return Matches(
        len(asked),
        len(asked) if exactly else most,
        " ".join(text.lower().split()),
        things,
        scores[things],
        added[things],
        frozenset(first),
    )


def _gathered(index: Index, asked: Sequence[Part]) -> tuple[Scores, Numbers]:
    """The score of each thing, and how many of the parts it has; none where it lacks what is needed."""
    scores = np.zeros(len(index.columns.none()))
    hits = np.zeros(len(scores), dtype=np.uint32)
    in_text, needed = index.columns.none(), ~index.columns.none()
    for part in asked:
        has = index.columns.none()
        for form in part.forms:
            things, ranks = index.ranked(form)
            scores[things] += ranks
            has[things] = True
        in_text |= has
        if part.needed:
            needed &= has
        hits += has | named_by(index, part)
    scores[~in_text] = _NAMED
    hits[~needed] = 0
    return scores, hits


def named_by(index: Index, part: Part) -> Mask:
    """What belongs to what a part names: a body ("itu"), a status ("draft"), a year, a theme ("edge")."""
    named = {
        "body": part.bodies,
        "status": (part.status,),
        "theme": themes_named(index.db, part),
    }
    masks = [index.having_any(name, filter(None, values)) for name, values in named.items()]
    if part.years:
        masks.append(index.having("year", part.years))
    return reduce(np.bitwise_or, masks)


def _below(index: Index, exactly: Iterable[int]) -> list[int]:
    rows = index.db.execute(
        "SELECT lower.id FROM thing AS upper "
        "JOIN thing AS lower ON lower.iri BETWEEN upper.iri || '-' AND upper.iri || '-~' "
        "WHERE upper.kind = 'publication' AND upper.id IN (SELECT value FROM json_each(?))",
        (json.dumps(list(exactly)),),
    )
    return [number for (number,) in rows]
