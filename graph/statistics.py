"""What the pages count over everything: counted once, from the sorted triples, while the store is filled."""

from __future__ import annotations

import gzip
import re
from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import TypeVar

from isogloss.ontology import names

from .gzipped import QUICK, gzipped

Key = TypeVar("Key", str, tuple[str, str])

_TYPE = f"<{names.PREFIXES['rdf']}type>".encode()
_OURS = f"<{names.BASE}".encode()
_THINGS = f"<{names.BASE}id/".encode()
_PLACE = re.compile(rb"<([A-Za-z][A-Za-z0-9+.-]*://[^/?#>]+)")


@dataclass(slots=True)
class _Counts:
    """By term, as N-Triples write it; `things` are those of ours that have a class."""

    classes: Counter[bytes] = field(default_factory=Counter)
    properties: Counter[bytes] = field(default_factory=Counter)
    links: Counter[tuple[bytes, bytes]] = field(default_factory=Counter)
    things: dict[bytes, None] = field(default_factory=dict)

    def take(self, line: bytes) -> None:
        subject, prop, rest = line.split(b" ", 2)
        self.properties[prop] += 1
        if prop == _TYPE:
            self.classes[rest[:-3]] += 1
            if subject.startswith(_THINGS):
                self.things[subject] = None
        elif subject.startswith(_THINGS) and (place := _PLACE.match(rest)) and not rest.startswith(_OURS):
            self.links[prop, place[1]] += 1


def count_triples(triples: Iterable[Path], documents: Path) -> dict[str, object]:
    """Count over files of triples that differ, and write the IRIs of all things of ours to `documents`.

    Returns how many things a class has, how many triples a property, and how many triples of a property lead
    from things of ours to a place (scheme and host) elsewhere: as JSON has it, the largest first.
    """
    counts = _Counts()
    with ExitStack() as opened:
        for path in triples:
            for line in opened.enter_context(path.open("rb", buffering=1 << 20)):
                counts.take(line)
    _write(sorted(iri[1:-1] for iri in counts.things), documents)
    links = Counter({(_iri(p), place.decode() + "/"): n for (p, place), n in counts.links.items()})
    return {
        "classes": dict(_ranked(Counter({_iri(iri): n for iri, n in counts.classes.items()}))),
        "properties": dict(_ranked(Counter({_iri(iri): n for iri, n in counts.properties.items()}))),
        "links": [[prop, place, count] for (prop, place), count in _ranked(links)],
    }


def read_documents(documents: Path) -> list[str]:
    """The IRIs that `count_triples` wrote, in order. Errors: OSError."""
    with gzip.open(documents, "rt", encoding="utf-8") as lines:
        return [line.rstrip("\n") for line in lines]


def _write(iris: Iterable[bytes], path: Path) -> None:
    with gzipped(path, QUICK) as packed:
        packed.write(b"".join(iri + b"\n" for iri in iris))


def _ranked(counts: Counter[Key]) -> list[tuple[Key, int]]:
    return sorted(counts.items(), key=lambda item: (-item[1], item[0]))


def _iri(term: bytes) -> str:
    return term.decode().removeprefix("<").removesuffix(">")
