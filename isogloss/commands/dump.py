"""`isogloss dump`: the snapshot's data as one file."""

from __future__ import annotations

import gzip
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from isogloss.graph.snapshot import current

from .options import StateOption, read_settings


def dump(
    file: Annotated[Path | None, typer.Argument(help="Where to write; standard output if not given.")] = None,
    state: StateOption = None,
) -> None:
    """Write the snapshot as sorted N-Quads (gzipped where the file ends in .gz)."""
    snapshot = current(read_settings(state=state).state)
    if file is not None and file.suffix == ".gz":
        shutil.copyfile(snapshot.dump, file)
        return
    with gzip.open(snapshot.dump) as packed:
        if file is None:
            shutil.copyfileobj(packed, sys.stdout.buffer)
            return
        with file.open("wb") as plain:
            shutil.copyfileobj(packed, plain)
