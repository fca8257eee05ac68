"""The mapping sets of a state: what ships, and everything that was judged or added in the state since.

State folder: mappings/<number>.sssom.tsv, one file a change, never touched again; each holds its records
whole, as they are to stand after it. Read in the order of the numbers they are the history.
"""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable
from pathlib import Path

from isogloss.errors import SourceError
from isogloss.mappings import sets
from isogloss.mappings.intake import take_in
from isogloss.mappings.judged import Judged, after
from isogloss.mappings.sets import ENDING, Alignment

_FOLDER = "mappings"


def change_files(state: Path) -> tuple[Path, ...]:
    """The changes that a state keeps, in their order; none where nothing was judged."""
    return tuple(sorted((state / _FOLDER).glob("[0-9]" * 5 + ENDING)))


def standing(shipped: Path, changes: Iterable[Path], added: Iterable[Path] = ()) -> Judged:
    """The sets in the folder `shipped` after these changes, and after what `added` files bring beside them.

    Errors: SourceError where a file cannot be read, or a record that is added cannot be taken.
    """
    known = after(Judged(sets.read_folder(shipped)), map(sets.read, changes))
    for path in added:
        brought = take_in(known, sets.read(path), None)
        if brought.refused:
            raise SourceError(str(brought.refused[0]), file=path)
        known = after(known, [brought.change])
    return known


def keep(state: Path, change: Alignment, title: str) -> Path:
    """Keep a change for the next build, under the next number, whole or not at all; returns its file.

    Errors: SourceError where the state cannot be written.
    """
    folder = state / _FOLDER
    fresh = folder / f".{os.getpid()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        while True:
            number = 1 + max((int(path.name.partition(".")[0]) for path in change_files(state)), default=0)
            head = sets.about(f"change/{number:05}", title)
            _write(fresh, Alignment(change.mappings, change.converter, head))
            path = folder / f"{number:05}{ENDING}"
            with contextlib.suppress(FileExistsError):  # somebody else was quicker: take the next number
                path.hardlink_to(fresh)
                return path
    except OSError as error:
        raise SourceError(error.strerror or str(error), file=folder) from error
    finally:
        with contextlib.suppress(OSError):  # what went wrong before is what is to be told
            fresh.unlink()


def _write(path: Path, alignment: Alignment) -> None:
    with path.open("w", encoding="utf-8", newline="\n") as handle:
        handle.write(sets.to_text(alignment))
        handle.flush()
        os.fsync(handle.fileno())
