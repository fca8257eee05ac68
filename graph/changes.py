"""What changed between two builds: their dumps are sorted, so they are compared subject by subject."""

from __future__ import annotations

import gzip
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, parse

from isogloss.ontology.names import BASE, IG, PREFIXES, graph

NEW, MOVED, CHANGED, WITHDRAWN = KINDS = ("new", "status moved", "changed", "withdrawn")

_LABEL, _STATUS = PREFIXES["rdfs"] + "label", IG + "status"
_FOLLOWING = {graph("inferred"), graph("meta")}  # what follows from the rest is no change of its own

Group = tuple[bytes, list[bytes]]


@dataclass(frozen=True, slots=True)
class Change:
    """One thing that is new, changed, withdrawn, or whose status moved; counts are of its own facts."""

    iri: str
    kind: str
    label: str
    added: int
    removed: int
    status_before: str = ""
    status_after: str = ""


def changes(before: Path, after: Path) -> Iterator[Change]:
    """The things that differ between two dumps (sorted N-Quads, gzipped), in the order of their IRIs."""
    for subject, old, new in differing(before, after):
        if subject.startswith(b"<" + BASE.encode() + b"id/") and (change := _change(old, new)):
            yield change


def differing(before: Path, after: Path) -> Iterator[tuple[bytes, list[bytes], list[bytes]]]:
    """The subjects whose lines differ, with all their lines before and after."""
    with gzip.open(before) as old_lines, gzip.open(after) as new_lines:
        olds, news = groupby(old_lines, _subject), groupby(new_lines, _subject)
        old, new = _next(olds), _next(news)
        while old or new:
            if old and new and old[0] == new[0]:
                if old[1] != new[1]:
                    yield old[0], old[1], new[1]
                old, new = _next(olds), _next(news)
            elif new is None or (old and old[0] < new[0]):
                assert old is not None  # noqa: S101 - the loop's condition
                yield old[0], old[1], []
                old = _next(olds)
            else:
                yield new[0], [], new[1]
                new = _next(news)


def patch(before: Path, after: Path) -> Iterator[bytes]:
    """The difference as an RDF Patch, which makes the second dump of the first; one line at a time."""
    yield b"TX .\n"
    for _, old, new in differing(before, after):
        kept = set(old) & set(new)
        yield from (b"D " + line for line in old if line not in kept)
        yield from (b"A " + line for line in new if line not in kept)
    yield b"TC .\n"


def _subject(line: bytes) -> bytes:
    """The subject with the space behind it, so that subjects sort as their lines do."""
    return line[: line.index(b" ") + 1]


def _next(groups: Iterator[tuple[bytes, Iterator[bytes]]]) -> Group | None:
    found = next(groups, None)
    return None if found is None else (found[0], list(found[1]))


def _change(old_lines: list[bytes], new_lines: list[bytes]) -> Change | None:
    old, new = _own(old_lines), _own(new_lines)
    added, removed = len(new - old), len(old - new)
    if not added and not removed:
        return None
    before, after = _value(old, _STATUS), _value(new, _STATUS)
    kind = NEW if not old else WITHDRAWN if not new else MOVED if before != after else CHANGED
    known = new or old
    subject = next(iter(known)).subject
    assert isinstance(subject, NamedNode)  # noqa: S101 - only things of ours come here
    label = _value(known, _LABEL) or subject.value
    return Change(subject.value, kind, label, added, removed, before, after)


def _own(lines: list[bytes]) -> set[Quad]:
    quads = parse(b"".join(lines), RdfFormat.N_QUADS)
    return {quad for quad in quads if getattr(quad.graph_name, "value", "") not in _FOLLOWING}


def _value(quads: set[Quad], predicate: str) -> str:
    found = [
        quad.object.value
        for quad in quads
        if quad.predicate.value == predicate and isinstance(quad.object, (NamedNode, Literal))
    ]
    return min(found, default="")
