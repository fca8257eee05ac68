"""`isogloss dump`: the snapshot's data as one file, or a release as a folder."""

from __future__ import annotations

import gzip
import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from isogloss.graph.release import release as write_release
from isogloss.graph.snapshot import Snapshot, current

from .options import StateOption, progress, read_settings

PathArgument = Annotated[
    Path | None,
    typer.Argument(
        help="File to write, else standard output; with --release the folder to write into, else this one."
    ),
]
ReleaseOption = Annotated[
    str | None, typer.Option("--release", help="Write a citable release of this version, such as 1.0.0.")
]
SinceOption = Annotated[
    Path | None,
    typer.Option("--since", exists=True, file_okay=False, help="With --release: the release before."),
]


def dump(
    path: PathArgument = None,
    state: StateOption = None,
    release: ReleaseOption = None,
    since: SinceOption = None,
) -> None:
    """Write the snapshot as sorted N-Quads (gzipped where the file ends in .gz), or as a release."""
    if since and not release:
        raise typer.BadParameter("--since goes with --release")
    snapshot = current(read_settings(state=state).state)
    if release:
        with progress() as on_step:
            print(write_release(snapshot, release, path or Path(), since, on_step))
    else:
        _write(snapshot, path)


def _write(snapshot: Snapshot, file: Path | None) -> None:
    if file is not None and file.suffix == ".gz":
        shutil.copyfile(snapshot.dump, file)
        return
    with gzip.open(snapshot.dump) as packed:
        if file is None:
            shutil.copyfileobj(packed, sys.stdout.buffer)
            return
        with file.open("wb") as plain:
            shutil.copyfileobj(packed, plain)
