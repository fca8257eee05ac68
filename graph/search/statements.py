"""What the index reads statements from: a store, or files of N-Quads that were sorted into properties."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Protocol

from pyoxigraph import NamedNode, Quad, RdfFormat, parse


class Statements(Protocol):
    """What a store can do, as far as the index asks for it: all statements of one property."""

    def quads_for_pattern(
        self, subject: None, predicate: NamedNode, object: None, graph_name: None, /
    ) -> Iterator[Quad]:
        """The quads with this property."""


class Sorted:
    """N-Quads by property, in files of `folder`: a store would have to be filled first."""

    def __init__(self, quads: Iterable[Path], folder: Path, properties: Iterable[NamedNode]) -> None:
        self._files = {prop: folder / f"{number}.nq" for number, prop in enumerate(dict.fromkeys(properties))}
        with ExitStack() as opened:
            writers = {
                str(prop).encode(): opened.enter_context(path.open("wb", buffering=1 << 18)).write
                for prop, path in self._files.items()
            }
            for path in quads:
                for line in opened.enter_context(path.open("rb", buffering=1 << 20)):
                    if (write := writers.get(line.split(b" ", 2)[1])) is not None:
                        write(line)

    def quads_for_pattern(
        self, subject: None, predicate: NamedNode, object: None, graph_name: None, /
    ) -> Iterator[Quad]:
        """The quads with this property, which must be one of those that were asked for."""
        yield from parse(path=str(self._files[predicate]), format=RdfFormat.N_QUADS)
