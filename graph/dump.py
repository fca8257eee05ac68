"""The dump of a snapshot: all quads as sorted N-Quads, gzipped, whatever their number."""

from __future__ import annotations

import hashlib
import heapq
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from typing import BinaryIO

from .gzipped import QUICK, gzipped

IN_MEMORY = 500_000  # lines that are sorted at a time, about 150 MB
_BATCH = 20_000


def sort_in_pieces(plain: Path, folder: Path, lines_in_memory: int = IN_MEMORY) -> list[Path]:
    """The lines of `plain` as sorted files in `folder`, each as large as may be sorted in memory."""
    pieces: list[Path] = []
    with plain.open("rb") as handle:
        while lines := list(islice(handle, lines_in_memory)):
            lines.sort()
            pieces.append(folder / f"{plain.stem}-{len(pieces)}.nq")
            with pieces[-1].open("wb") as piece:
                piece.writelines(lines)
    return pieces


def merged(pieces: Iterable[Path], opened: ExitStack) -> Iterator[bytes]:
    """The lines of sorted files in order; a line that several have comes several times."""
    return heapq.merge(*(opened.enter_context(piece.open("rb", buffering=1 << 20)) for piece in pieces))


def write_dump(lines: Iterable[bytes], path: Path) -> str:
    """Write sorted lines, gzipped; returns the SHA-256 of the text."""
    digest = hashlib.sha256()
    with gzipped(path, QUICK) as packed, ThreadPoolExecutor(1) as beside:

        def pack(batch: bytes) -> None:
            digest.update(batch)
            packed.write(batch)

        packing: Future[None] | None = None
        for batch in _batches(lines):
            if packing is not None:
                packing.result()
            packing = beside.submit(pack, batch)  # hashing and packing run beside the reading
        if packing is not None:
            packing.result()
    return digest.hexdigest()


def _batches(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Many lines at a time: hashing and packing each one alone would cost more than either."""
    rest = iter(lines)
    while batch := b"".join(islice(rest, _BATCH)):
        yield batch


def pack_files(pieces: Iterable[Path], path: Path) -> str:
    """The dump of sorted files of lines that differ; returns the SHA-256 of the text."""
    with ExitStack() as opened:
        return write_dump(merged(pieces, opened), path)


def copy_graph(lines: Iterable[bytes], graph: bytes, target: BinaryIO) -> None:
    """Write N-Triples as N-Quads of one graph (its IRI in angle brackets)."""
    end = b" " + graph + b" .\n"
    target.writelines(line[:-3] + end for line in lines)
