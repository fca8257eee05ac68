"""The dump of a snapshot: all quads as sorted N-Quads, gzipped, whatever their number."""

from __future__ import annotations

import gzip
import hashlib
import heapq
from collections.abc import Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import ExitStack
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import RdfFormat, Store

IN_MEMORY = 500_000  # lines that are sorted at a time, about 100 MB
_LEVEL = 3  # a third of the time of level 6, for a tenth more bytes
_BATCH = 20_000


def write_dump(store: Store, path: Path, lines_in_memory: int = IN_MEMORY) -> str:
    """Write all quads as sorted N-Quads, gzipped without a time; returns the SHA-256 of the text.

    More lines than `lines_in_memory` are sorted in pieces, on disk beside `path`.
    """
    digest = hashlib.sha256()
    with TemporaryDirectory(dir=path.parent) as folder, path.open("wb") as raw:
        plain = Path(folder) / "plain.nq"
        store.dump(str(plain), format=RdfFormat.N_QUADS)
        with (
            gzip.GzipFile("", "wb", compresslevel=_LEVEL, fileobj=raw, mtime=0) as packed,
            ExitStack() as opened,
            ThreadPoolExecutor(1) as beside,
        ):

            def pack(batch: bytes) -> None:
                digest.update(batch)
                packed.write(batch)

            packing: Future[None] | None = None
            for batch in _batches(_sorted(plain, Path(folder), lines_in_memory, opened)):
                if packing is not None:
                    packing.result()
                packing = beside.submit(pack, batch)  # hashing and packing run beside the sorting
            if packing is not None:
                packing.result()
    return digest.hexdigest()


def _sorted(plain: Path, folder: Path, lines_in_memory: int, opened: ExitStack) -> Iterable[bytes]:
    pieces: list[Iterable[bytes]] = []
    with plain.open("rb") as handle:
        while lines := list(islice(handle, lines_in_memory)):
            lines.sort()
            if not pieces and len(lines) < lines_in_memory:
                return lines
            piece = folder / f"{len(pieces)}.nq"
            piece.write_bytes(b"".join(lines))
            pieces.append(opened.enter_context(piece.open("rb")))
    return heapq.merge(*pieces)


def _batches(lines: Iterable[bytes]) -> Iterator[bytes]:
    """Many lines at a time: hashing and packing each one alone would cost more than either."""
    rest = iter(lines)
    while batch := b"".join(islice(rest, _BATCH)):
        yield batch
