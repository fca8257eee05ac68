"""The order of what a search found: by the words that match, what kind of thing has them, and its name."""

from __future__ import annotations

import json

import numpy as np
from numpy.typing import NDArray

from .columns import Numbers
from .matching import Matches
from .opened import Index
from .postings import Scores

_LEAST_WEIGHT = 0.1  # what is below, such as a rule of the selection, is hardly ever meant
_LEAST_READ = 500  # names at a time
_MORE_READ = 4  # times as many, where those were not enough


def ranked(index: Index, matches: Matches, count: int) -> Numbers:
    """The first `count` things, the best first.

    A name that holds the words as they were written comes forward, the more so the less else it says; not so
    the names of terms, of which many vocabularies have the same. How far it would come forward is known
    without reading it, so that only the names of what may be among the first are read.
    """
    plain, raised = _bounds(index, matches)
    size = max(_LEAST_READ, 2 * count)
    while size < len(raised):
        place = np.argpartition(-raised, size)
        read, next_best = place[:size], raised[place[size]]
        scores = _scores(index, matches, plain, raised, read)
        if np.partition(scores, -count)[-count] > next_best:
            return index.columns.by_score(matches.things[read], scores)[:count]
        size *= _MORE_READ
    every = np.arange(len(raised))
    scores = _scores(index, matches, plain, raised, every)
    return index.columns.by_score(matches.things, scores)[:count]


def _bounds(index: Index, matches: Matches) -> tuple[Scores, Scores]:
    """The score of each thing without regard to its name, and the most that its name can make of it."""
    weights = index.postings.weights[matches.things] / 1000
    weights = np.where(weights < _LEAST_WEIGHT, 0.0, 0.2 + weights)
    lengths = index.postings.names[matches.things]
    long = lengths >= max(len(matches.text), 1)
    factors = np.where(long, 1.3 + len(matches.text) / np.maximum(lengths, 1), 1.0)
    return (
        matches.by_words * weights + matches.added,
        matches.by_words * (weights * factors) + matches.added,
    )


def _scores(index: Index, matches: Matches, plain: Scores, raised: Scores, read: NDArray[np.intp]) -> Scores:
    """The scores of the things at these places; their names are read."""
    rows = index.db.execute(
        "SELECT id FROM thing WHERE id IN (SELECT value FROM json_each(?)) AND instr(lower(label), ?)",
        (json.dumps(matches.things[read].tolist()), matches.text),
    )
    held = np.isin(matches.things[read], [number for (number,) in rows])
    found: Scores = np.where(held, raised[read], plain[read])
    return found
