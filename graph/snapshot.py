"""Snapshots: immutable folders of one build each, and the atomic switch between them.

State folder:
    lock                    held while a build runs, so that there is one at a time
    current                 a text file: the name of the snapshot that serves
    snapshots/<name>/       store/ (Oxigraph), data.nq.gz (sorted N-Quads), index.db,
                            index.columns and index.postings (search), documents.gz (the IRIs of all
                            things, one a line), manifest.json (written last)
    snapshots/.new-*        a build under way; left by a crash, it is swept away by the next build

A folder under snapshots/ without a leading dot is complete: it was renamed into place after everything in it
was on disk. `current` is replaced by a rename, so it names the old snapshot or the new one and nothing else.
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from isogloss.errors import BuildError, SnapshotError

KEPT = 2  # the serving snapshot and the one before it

Manifest = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One sealed build. `manifest` has: digest, sources, counts, statistics, checks, seconds, versions,
    built.
    """

    path: Path
    manifest: Manifest

    @property
    def name(self) -> str:
        return self.path.name

    @property
    def digest(self) -> str:
        """SHA-256 over the sorted N-Quads: the same digest means the same data."""
        return str(self.manifest["digest"])

    @property
    def store(self) -> Path:
        return self.path / "store"

    @property
    def dump(self) -> Path:
        return self.path / "data.nq.gz"

    @property
    def documents(self) -> Path:
        """The IRIs of all things of ours, for `statistics.read_documents`."""
        return self.path / "documents.gz"

    @property
    def index(self) -> Path:
        """The search index (SQLite)."""
        return self.path / "index.db"


def current(state: Path) -> Snapshot:
    """The snapshot that serves; SnapshotError where there is none yet or it cannot be read.

    A pointer to a snapshot that is gone (somebody deleted it) is mended by taking the newest complete one.
    """
    pointer = state / "current"
    try:
        return _open(state / "snapshots" / pointer.read_text(encoding="utf-8").strip())
    except (OSError, SnapshotError):
        complete = _complete(state)
    if not complete:
        raise SnapshotError(f"no snapshot in {state}; 'isogloss build' makes one")
    return _open(complete[-1])


def before(snapshot: Snapshot) -> Snapshot | None:
    """The snapshot that served before this one, while it is kept."""
    others = [path for path in _complete(snapshot.path.parents[1]) if path != snapshot.path]
    return _open(others[-1]) if others else None


def _open(path: Path) -> Snapshot:
    try:
        manifest = json.loads((path / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, json.JSONDecodeError) as error:
        raise SnapshotError(f"the snapshot {path} cannot be read: {error}") from error
    return Snapshot(path, manifest)


def _usable(target: Path, fresh: Path) -> bool:
    """Whether what stands at `target` has all that a fresh build of the same data has."""
    if not (target / "store" / "CURRENT").exists():
        return False
    files, needed = ({path.name for path in folder.iterdir()} for folder in (target, fresh))
    return needed <= files and _versions(target) == _versions(fresh)


def _versions(path: Path) -> object:
    """What made a snapshot, None where it does not tell: another version may fill its files otherwise."""
    try:
        return _open(path).manifest.get("versions")
    except SnapshotError:
        return None


def _complete(state: Path) -> list[Path]:
    """Complete snapshots, oldest first."""
    folder = state / "snapshots"
    if not folder.is_dir():
        return []
    found = [path for path in folder.iterdir() if path.is_dir() and not path.name.startswith(".")]
    return sorted(found, key=lambda path: (path.stat().st_mtime_ns, path.name))


@contextmanager
def building(state: Path) -> Iterator[Path]:
    """A fresh folder to build in, alone; what is left of crashed builds is swept away first.

    The folder is removed on the way out unless `publish` moved it. BuildError when another build is running.
    """
    (state / "snapshots").mkdir(parents=True, exist_ok=True)
    with (state / "lock").open("w") as lock:
        try:
            # The kernel lets go of it however the process ends.
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise BuildError(f"another build is running in {state}") from error
        for leftover in (state / "snapshots").glob(".*"):
            shutil.rmtree(leftover)
        folder = Path(tempfile.mkdtemp(prefix=".new-", dir=state / "snapshots"))
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def publish(state: Path, folder: Path, manifest: Manifest) -> Snapshot:
    """Seal `folder` under the name of its digest, switch `current` to it, keep the last two.

    Where a snapshot of this digest is there already, made by the same versions, it holds the same, and a
    server may have it open: it stays, and `folder` is dropped.
    """
    name = str(manifest["digest"])[:16]
    (folder / "manifest.json").write_text(
        json.dumps(manifest, indent=1, sort_keys=True) + "\n", encoding="utf-8"
    )
    _sync_tree(folder)
    target = state / "snapshots" / name
    if not _usable(target, folder):
        hidden = _hide(target) if target.exists() else None
        folder.rename(target)
        if hidden is not None:
            shutil.rmtree(hidden, ignore_errors=True)
    _sync(target.parent)
    _point(state, name)
    others = [path for path in _complete(state) if path != target]
    for old in others[: max(0, len(others) - (KEPT - 1))]:
        _set_aside(old)
    return _open(target)


def _point(state: Path, name: str) -> None:
    fresh = state / ".current"
    with fresh.open("w", encoding="utf-8") as handle:
        handle.write(name + "\n")
        handle.flush()
        os.fsync(handle.fileno())
    fresh.replace(state / "current")
    _sync(state)


def _set_aside(path: Path) -> None:
    """Remove a snapshot so that a crash half way leaves something hidden, not something half there.

    A server that has it open keeps its files until it lets go of them.
    """
    shutil.rmtree(_hide(path), ignore_errors=True)


def _hide(path: Path) -> Path:
    hidden = path.with_name(f".old-{path.name}")
    shutil.rmtree(hidden, ignore_errors=True)
    path.rename(hidden)
    return hidden


def _sync_tree(folder: Path) -> None:
    for path in [folder, *folder.rglob("*")]:
        _sync(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
