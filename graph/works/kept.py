"""The records that were loaded, in the state folder: records/<archive>.jsonl.gz, one JSON object a line.

Lines are sorted by path and hold no times of their own, so the same records make the same bytes. A file is
replaced by a rename, so that a crash leaves the old records or the new ones.
"""

from __future__ import annotations

import gzip
import os
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from isogloss.errors import SourceError

from ..gzipped import QUICK, gzipped
from ..readers.relaton import Record

_ENDING = ".jsonl.gz"


@dataclass(frozen=True, slots=True)
class Kept:
    """A record with the selection rules that caught it, and the day on which it was found gone upstream."""

    record: Record
    rules: tuple[str, ...] = ()
    gone: str = ""


def encode(kept: Kept) -> bytes:
    """One line, without its end. Empty fields are left out, and so is the abstract."""
    names = (name for name in Record.__dataclass_fields__ if name != "abstract")
    line: dict[str, object] = {
        "record": {name: value for name in names if (value := getattr(kept.record, name))}
    }
    if kept.rules:
        line["rules"] = kept.rules
    if kept.gone:
        line["gone"] = kept.gone
    return msgspec.json.encode(line)


@dataclass(frozen=True, slots=True)
class _Path:
    path: str


@dataclass(frozen=True, slots=True)
class _Line:
    """Just enough of a line to know which record it is."""

    record: _Path
    gone: str = ""


def record_files(state: Path) -> tuple[Path, ...]:
    """The files of loaded records in this state, by name."""
    return tuple(sorted((state / "records").glob(f"[!.]*{_ENDING}")))


def read_kept(path: Path) -> Iterator[Kept]:
    """The kept records of one file. Errors: SourceError with the line that cannot be read."""
    decode = msgspec.json.Decoder(Kept).decode
    for number, line in enumerate(_lines(path), start=1):
        try:
            yield decode(line)
        except msgspec.MsgspecError as error:
            raise SourceError(str(error), file=path, line=number) from error


def read_lines(state: Path, archive: str) -> dict[str, bytes]:
    """The stored lines of an archive by path; empty where it was never loaded."""
    path = state / "records" / f"{archive}{_ENDING}"
    if not path.exists():
        return {}
    decode = msgspec.json.Decoder(_Line).decode
    return {decode(line).record.path: line.rstrip(b"\n") for line in _lines(path)}


def mark_gone(line: bytes, day: str) -> bytes:
    """The same record, marked as gone upstream since `day`; one that is marked already stays as it is."""
    kept = msgspec.json.decode(line, type=Kept)
    return line if kept.gone else encode(replace(kept, gone=day))


def _lines(path: Path) -> Iterator[bytes]:
    try:
        with gzip.open(path) as handle:
            yield from handle
    except (OSError, EOFError, zlib.error) as error:
        raise SourceError(str(error), file=path) from error


def write_lines(state: Path, archive: str, lines: Iterable[bytes]) -> Path:
    """Replace the stored lines of an archive; on disk when this returns."""
    folder = state / "records"
    folder.mkdir(parents=True, exist_ok=True)
    path, fresh = folder / f"{archive}{_ENDING}", folder / f".{archive}.new"
    with gzipped(fresh, QUICK) as packed:
        packed.writelines(line + b"\n" for line in lines)
    fresh.replace(path)
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
    return path
