"""Matches that follow from others, each with the chain of records it follows from.

SKOS declares exactMatch alone transitive (SKOS Reference, 10.3); it also carries a neighbour's broader,
narrower or close match across. Nothing else is composed, and nothing follows from a negated record.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from heapq import heappop, heappush

from .claims import Claim, inverse
from .terms import vocabulary_of

# What a path of two relations amounts to; pairs not told amount to nothing that can be said.
_COMPOSED = {
    ("exactMatch", "exactMatch"): "exactMatch",
    **{("exactMatch", other): other for other in ("broadMatch", "narrowMatch", "closeMatch")},
    **{(other, "exactMatch"): other for other in ("broadMatch", "narrowMatch", "closeMatch")},
}
LONGEST = 3


@dataclass(frozen=True, slots=True)
class Step:
    """One way to go from a term to another: along a record, or back along it."""

    to: str
    predicate: str
    claim: Claim


@dataclass(frozen=True, slots=True)
class Derived:
    """A match that no record states; `confidence` is the product over the chain."""

    subject: str
    predicate: str
    object: str
    confidence: float
    chain: tuple[Claim, ...]


def steps(claims: Iterable[Claim]) -> dict[str, list[Step]]:
    """Where each term leads, in both directions, by the records that join two terms."""
    found: dict[str, list[Step]] = defaultdict(list)
    for claim in claims:
        if claim.joins:
            found[claim.subject].append(Step(claim.object, claim.predicate, claim))
            found[claim.object].append(Step(claim.subject, inverse(claim.predicate), claim))
    return found


def derive(claims: Iterable[Claim], longest: int = LONGEST) -> Iterator[Derived]:
    """The best chain of at most `longest` records for each pair of vocabularies' terms that none states.

    A pair with a negated record gets nothing, and no chain passes a vocabulary twice: a body that has
    two terms keeps them apart.
    """
    known = list(claims)
    settled = {claim.pair for claim in known if claim.live}
    ways = steps(known)
    for start in sorted(ways):
        for found in _reached(start, ways, longest).values():
            if start < found.object and frozenset({start, found.object}) not in settled:
                yield found


@dataclass(order=True, slots=True)
class _Path:
    """An open end of the search; of two the likelier comes first, then the shorter."""

    weight: float
    length: int
    at: str
    predicate: str
    chain: tuple[Claim, ...] = field(compare=False)
    homes: frozenset[str] = field(compare=False)


def _reached(start: str, ways: dict[str, list[Step]], longest: int) -> dict[str, Derived]:
    best: dict[str, Derived] = {}
    heap = [_Path(-1.0, 0, start, "", (), frozenset({vocabulary_of(start)}))]
    while heap:
        path = heappop(heap)
        if path.at in best:
            continue
        if path.chain:
            best[path.at] = Derived(start, path.predicate, path.at, -path.weight, path.chain)
        if path.length < longest:
            for longer in _longer(path, ways.get(path.at, ())):
                heappush(heap, longer)
    return {to: found for to, found in best.items() if len(found.chain) > 1}


def _longer(path: _Path, onward: Iterable[Step]) -> Iterator[_Path]:
    for step in onward:
        home = vocabulary_of(step.to)
        predicate = _COMPOSED.get((path.predicate, step.predicate)) if path.chain else step.predicate
        if predicate is not None and home not in path.homes:
            yield _Path(
                path.weight * step.claim.confidence, path.length + 1, step.to, predicate,
                (*path.chain, step.claim), path.homes | {home},
            )  # fmt: skip


def clusters(claims: Iterable[Claim]) -> list[tuple[str, ...]]:
    """The groups of terms that live exactMatch records tie together, larger ones first."""
    parent: dict[str, str] = {}

    def root(node: str) -> str:
        parent.setdefault(node, node)
        while parent[node] != node:
            parent[node] = parent[parent[node]]
            node = parent[node]
        return node

    for claim in claims:
        if claim.joins and claim.predicate == "exactMatch":
            parent[root(claim.subject)] = root(claim.object)
    groups: dict[str, list[str]] = defaultdict(list)
    for node in sorted(parent):
        groups[root(node)].append(node)
    return sorted((tuple(group) for group in groups.values()), key=lambda group: (-len(group), group))
