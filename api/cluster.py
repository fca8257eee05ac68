"""A concept across vocabularies as a picture: terms on a ring, mappings as lines between them (SVG)."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from .mapping_words import Record, strongest
from .term_views import TermView

_WIDTH, _HEIGHT, _RING = 760, 340, 120


@dataclass(frozen=True, slots=True)
class Node:
    """A term at its place; `anchor` says on which side its name stands."""

    term: TermView
    x: float
    y: float
    anchor: str


@dataclass(frozen=True, slots=True)
class Line:
    """A mapping between two places; `look` is `accepted`, `proposed` or `denied`."""

    one: Node
    other: Node
    look: str


@dataclass(frozen=True, slots=True)
class Picture:
    """What the drawing holds, in the coordinates of its view box."""

    nodes: tuple[Node, ...]
    lines: tuple[Line, ...]
    width: int = _WIDTH
    height: int = _HEIGHT


def picture(terms: Sequence[TermView], records: Sequence[Record]) -> Picture | None:
    """The drawing; none where there are not two terms, or nothing ties them."""
    nodes = {term.iri: _node(term, place, len(terms)) for place, term in enumerate(terms)}
    pairs: dict[frozenset[str], list[Record]] = {}
    for record in records:
        if record.live and record.subject in nodes and record.object in nodes:
            pairs.setdefault(frozenset({record.subject, record.object}), []).append(record)
    lines = []
    for of_pair in pairs.values():
        strong = strongest(of_pair)
        if strong is not None and strong.subject != strong.object:
            look = "denied" if strong.negated else strong.status
            lines.append(Line(nodes[strong.subject], nodes[strong.object], look))
    return Picture(tuple(nodes.values()), tuple(lines)) if lines else None


def _node(term: TermView, place: int, of: int) -> Node:
    angle = 2 * math.pi * place / of - math.pi / 2
    x, y = _WIDTH / 2 + _RING * math.cos(angle), _HEIGHT / 2 + _RING * math.sin(angle)
    anchor = "middle" if abs(math.cos(angle)) < 0.2 else "start" if math.cos(angle) > 0 else "end"
    return Node(term, round(x, 1), round(y, 1), anchor)
