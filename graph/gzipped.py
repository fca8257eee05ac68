"""Gzipped files that depend on their content alone: they hold neither a name nor a time."""

from __future__ import annotations

import gzip
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

QUICK = 3  # a third of the time of zlib's usual level 6, for a tenth more bytes


@contextmanager
def gzipped(path: Path, level: int = 9) -> Iterator[gzip.GzipFile]:
    """Writes a new file at `path`, which is on disk when the context ends without an error."""
    with path.open("wb") as raw:
        with gzip.GzipFile("", "wb", compresslevel=level, fileobj=raw, mtime=0) as packed:
            yield packed
        raw.flush()
        os.fsync(raw.fileno())
