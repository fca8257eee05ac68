"""Files out of folders, .tar.*, .zip and single files, streamed; nothing is unpacked to disk.

What an archive says of itself is not believed: sizes are counted while reading, names are only ever shown.
"""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import os
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import IO

from isogloss.errors import SourceError

ENDINGS = (".yaml", ".yml")
_ZIP = (".zip",)
_TAR = (".tar", ".tgz", ".txz", ".tar.gz", ".tar.xz", ".tar.bz2")
_MIB = 1024 * 1024


@dataclass(frozen=True, slots=True)
class Caps:
    """What an honest archive stays under: bytes of a file, bytes between files, bytes and files in all."""

    file: int = _MIB
    between: int = 256 * _MIB
    total: int = 8 * 1024 * _MIB
    files: int = 5_000_000


CAPS = Caps()

# What the libraries raise for bytes that are no archive, or one of a kind that they do not know: a zip that
# asks for a newer program (NotImplementedError), or names files in bytes that are no text.
_BROKEN = (
    tarfile.TarError, zipfile.BadZipFile, lzma.LZMAError, zlib.error, struct.error, EOFError, OverflowError,
    NotImplementedError, UnicodeError,
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Member:
    """One file: its path within the archive or folder, and its bytes."""

    path: str
    data: bytes


@dataclass(frozen=True, slots=True)
class Unread:
    """A file that was not read, and why; `read` is how many bytes it took to find out."""

    path: str
    reason: str
    read: int = field(default=0, compare=False)


def read_members(
    path: Path, caps: Caps = CAPS, endings: tuple[str, ...] = ENDINGS
) -> Iterator[Member | Unread]:
    """The files with these endings under `path`, in the order in which they stand there (a folder: by name).

    Hidden files, and the index files of a Relaton data set, are passed over. Errors: SourceError where there
    is nothing to read, the archive is broken, or it goes over a cap that ends the reading.
    """
    reader = _reader(path, endings)
    total = 0
    try:
        for count, member in enumerate(reader(path, caps, endings)):
            total += len(member.data) if isinstance(member, Member) else member.read
            if count >= caps.files or total > caps.total:
                raise SourceError(f"more than {caps.files} files or {caps.total} bytes", file=path)
            yield member
    except _BROKEN as error:
        raise SourceError(f"a broken archive: {error}", file=path) from error
    except OSError as error:
        raise SourceError(error.strerror or str(error), file=path) from error


def archives_in(path: Path) -> list[Path]:
    """The archives that lie in a folder itself, by name; none where it is no folder."""
    if not path.is_dir():
        return []
    names = sorted(name for name in os.listdir(path) if not name.startswith("."))
    return [path / name for name in names if name.lower().endswith((*_ZIP, *_TAR))]


_Reader = Callable[[Path, Caps, tuple[str, ...]], Iterator[Member | Unread]]


def _reader(path: Path, endings: tuple[str, ...]) -> _Reader:
    name = path.name.lower()
    if path.is_dir():
        return _folder
    if name.endswith(_ZIP):
        return _zip
    if name.endswith(_TAR):
        return _tar
    if name.endswith(endings):
        return _single
    raise SourceError("neither a folder, .yaml, .zip, .tar, .tar.gz, .tar.bz2 nor .tar.xz", file=path)


def _wanted(name: str, endings: tuple[str, ...]) -> bool:
    path = PurePosixPath(name)
    hidden = any(part.startswith(".") and part not in (".", "..") for part in path.parts)
    return path.name.lower().endswith(endings) and not hidden and not path.name.startswith("index")


def _leads_out(name: str) -> bool:
    """Nothing is ever written under this name; but who packs such a name packs nothing that we want."""
    return name.startswith(("/", "\\")) or ".." in PurePosixPath(name.replace("\\", "/")).parts


def _shown(name: str) -> str:
    """A name without control characters, fit for a terminal and a log."""
    return "".join(sign if sign.isprintable() else "?" for sign in name.removeprefix("./"))[:300]


def _taken(name: str, handle: IO[bytes], caps: Caps) -> Member | Unread:
    data = handle.read(caps.file + 1)
    if len(data) > caps.file:
        return Unread(_shown(name), f"larger than {caps.file} bytes", len(data))
    return Member(_shown(name), data)


def _single(path: Path, caps: Caps, endings: tuple[str, ...]) -> Iterator[Member | Unread]:
    with path.open("rb") as handle:
        yield _taken(path.name, handle, caps)


def _folder(path: Path, caps: Caps, endings: tuple[str, ...]) -> Iterator[Member | Unread]:
    for folder, folders, names in os.walk(path, followlinks=False):
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        for name in sorted(names):
            file = Path(folder) / name
            inside = file.relative_to(path).as_posix()
            if not _wanted(inside, endings):
                continue
            if file.is_symlink():
                yield Unread(_shown(inside), "a link")
                continue
            with file.open("rb") as handle:
                yield _taken(inside, handle, caps)


def _zip(path: Path, caps: Caps, endings: tuple[str, ...]) -> Iterator[Member | Unread]:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if info.is_dir() or not _wanted(info.filename, endings):
                continue
            if _leads_out(info.filename):
                yield Unread(_shown(info.filename), "a path that leads out of the archive")
                continue
            try:
                with archive.open(info) as handle:
                    yield _taken(info.filename, handle, caps)
            except (RuntimeError, *_BROKEN, OSError) as error:  # encrypted, odd compression, bad checksum
                yield Unread(_shown(info.filename), str(error) or "a broken file")


def _tar(path: Path, caps: Caps, endings: tuple[str, ...]) -> Iterator[Member | Unread]:
    with _unpacked(path) as plain:
        counted = _Counted(plain, caps, path)
        with tarfile.open(fileobj=counted, mode="r|") as archive:
            while (info := archive.next()) is not None:
                # The library keeps each one it has read; nothing here looks back.
                archive.members.clear()  # type: ignore[attr-defined]
                counted.since = 0
                if not _wanted(info.name, endings) or info.isdir():
                    continue
                if _leads_out(info.name):
                    yield Unread(_shown(info.name), "a path that leads out of the archive")
                    continue
                handle = archive.extractfile(info) if info.isfile() else None
                yield (
                    _taken(info.name, handle, caps) if handle else Unread(_shown(info.name), "no plain file")
                )


def _unpacked(path: Path) -> io.BufferedIOBase:
    name = path.name.lower()
    if name.endswith(("gz", "tgz")):
        return gzip.open(path)
    if name.endswith("xz"):
        return lzma.open(path)
    return bz2.open(path) if name.endswith("bz2") else path.open("rb")


class _Counted(io.RawIOBase):
    """Counts the bytes that come out of an archive, and stops one that swells beyond its caps.

    A tar header may announce a name or a file of any length, which the library would read through before it
    comes back; `since` counts from the last file that it returned.
    """

    def __init__(self, plain: io.BufferedIOBase, caps: Caps, path: Path) -> None:
        self.plain, self.caps, self.path = plain, caps, path
        self.since = self.total = 0

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1, /) -> bytes:
        data = self.plain.read(size)
        self.since += len(data)
        self.total += len(data)
        if self.since > self.caps.between or self.total > self.caps.total:
            raise SourceError("the archive swells beyond what records need", file=self.path)
        return data
