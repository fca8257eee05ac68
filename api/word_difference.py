"""Two texts word by word: what both say, what only the one, what only the other says."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from difflib import SequenceMatcher


@dataclass(frozen=True, slots=True)
class Piece:
    """Some words; `kind` is `same`, `only_here` or `only_there`."""

    kind: str
    text: str


def difference(there: str, here: str) -> tuple[Piece, ...]:
    """`here` as pieces, with what only `there` has put in its place; case and stops do not count.

    >>> [(piece.kind, piece.text) for piece in difference("a man-made system", "a system")]
    [('same', 'a'), ('only_there', 'man-made'), ('same', 'system')]
    """
    before, after = there.split(), here.split()
    matcher = SequenceMatcher(None, [_plain(w) for w in before], [_plain(w) for w in after], autojunk=False)
    pieces: list[Piece] = []
    for kind, left, left_end, right, right_end in matcher.get_opcodes():
        if kind == "equal":
            pieces.append(Piece("same", " ".join(after[right:right_end])))
            continue
        if left < left_end:
            pieces.append(Piece("only_there", " ".join(before[left:left_end])))
        if right < right_end:
            pieces.append(Piece("only_here", " ".join(after[right:right_end])))
    return tuple(pieces)


def alike(pieces: Iterable[Piece]) -> bool:
    """Whether the two texts share enough, a quarter of the words of the shorter one, for marks to help.

    >>> alike(difference("a man-made system", "a system"))
    True
    >>> alike(difference("one thing and all of it", "a wholly different matter"))
    False
    """
    words = {"same": 0, "only_here": 0, "only_there": 0}
    for piece in pieces:
        words[piece.kind] += len(piece.text.split())
    return 4 * words["same"] >= words["same"] + min(words["only_here"], words["only_there"]) > 0


def _plain(word: str) -> str:
    return re.sub(r"\W+$|^\W+", "", word).casefold() or word
