"""A release: a folder that can be deposited and cited, with its data, checksums and what changed."""

from __future__ import annotations

import hashlib
import re
import shutil
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import date
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Store

from isogloss.errors import SnapshotError
from isogloss.ontology.names import BASE, ONTOLOGY, PREFIXES, graph

from .changes import KINDS, Change, changes, patch
from .gzipped import gzipped
from .release_readme import readme
from .snapshot import Snapshot
from .sources import package_folder

DUMP, PATCH, SUMS = "isogloss.nq.gz", "changes.rdfp.gz", "SHA256SUMS"
_VERSION = re.compile(r"\d+\.\d+\.\d+")
_MARKS = re.compile(r"[\\`*_\[\]<>]")

OnStep = Callable[[str], None]


def release(
    snapshot: Snapshot,
    version: str,
    folder: Path,
    last: Path | None = None,
    on_step: OnStep = lambda says: None,
) -> Path:
    """Write the release `version` (as in 1.0.0) of a snapshot into a new folder below `folder`; returns it.

    `last` is the folder of the release before, against which changes are told. SnapshotError where the
    version is none, the folder is there already, or `last` is no release.
    """
    if not _VERSION.fullmatch(version):
        raise SnapshotError(f"{version} is no version such as 1.0.0")
    if last is not None and not (last / DUMP).is_file():
        raise SnapshotError(f"{last} is no release: it has no {DUMP}")
    target = folder / f"isogloss-{version}"
    if target.exists():
        raise SnapshotError(f"{target} is there already; a release is never written twice")
    making = folder / f".isogloss-{version}"
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(parents=True)
    on_step("writing data, ontology and mappings")
    shutil.copyfile(snapshot.dump, making / DUMP)
    _graphs(snapshot, making / "graphs")
    _shipped(making)
    on_step("comparing with the last release")
    _changes(snapshot, version, making, last)
    (making / "CITATION.cff").write_text(_citation(snapshot, version), encoding="utf-8")
    (making / "README.md").write_text(readme(snapshot, version, last), encoding="utf-8")
    _checksums(making)
    return making.rename(target)


def _graphs(snapshot: Snapshot, folder: Path) -> None:
    """Each named graph as gzipped Turtle."""
    folder.mkdir()
    store = Store.read_only(str(snapshot.store))
    for name in snapshot.manifest["counts"]:
        plain = folder / f"{name.replace('/', '-')}.ttl"
        store.dump(str(plain), format=RdfFormat.TURTLE, from_graph=NamedNode(graph(name)), prefixes=PREFIXES)
        with plain.open("rb") as text, gzipped(plain.with_suffix(".ttl.gz")) as packed:
            shutil.copyfileobj(text, packed)
        plain.unlink()


def _shipped(folder: Path) -> None:
    """The ontology with its schemes, shapes and rules, and the mapping sets, as they are kept."""
    ontology, mappings = package_folder("isogloss.ontology"), package_folder("isogloss.mappings")
    shutil.copytree(
        ontology, folder / "ontology", ignore=shutil.ignore_patterns("*.py", "__pycache__", "versions")
    )
    shutil.copytree(mappings / "sets", folder / "mappings")


def _changes(snapshot: Snapshot, version: str, folder: Path, last: Path | None) -> None:
    found = list(changes(last / DUMP, snapshot.dump)) if last else []
    words = "".join(f"{line}\n" for line in _in_words(version, last, found))
    (folder / "CHANGES.md").write_text(words, encoding="utf-8")
    if last is None:
        return
    with gzipped(folder / PATCH) as packed:
        packed.writelines(patch(last / DUMP, snapshot.dump))


def _in_words(version: str, last: Path | None, found: list[Change]) -> Iterator[str]:
    yield f"# Changes in {version}"
    yield ""
    if last is None:
        yield "This is the first release."
        return
    counts = Counter(change.kind for change in found)
    yield f"Since {last.name}: " + ", ".join(f"{counts[kind]} {kind}" for kind in KINDS) + "."
    for kind in KINDS:
        if counts[kind]:
            yield ""
            yield f"## {kind.capitalize()}"
            yield ""
            yield from (_line(change) for change in found if change.kind == kind)


def _line(change: Change) -> str:
    told = f"- {_plain(change.label)} <{change.iri}>"
    if change.status_before or change.status_after:
        moved = (each.rpartition("/")[2] or "none" for each in (change.status_before, change.status_after))
        return f"{told}: {' → '.join(moved)}" if change.kind == "status moved" else told
    return told


def _plain(text: str) -> str:
    """Text that means nothing else in Markdown."""
    return _MARKS.sub(r"\\\g<0>", text)


def _citation(snapshot: Snapshot, version: str) -> str:
    """CITATION.cff 1.2.0, dated by the build."""
    day = date.fromisoformat(str(snapshot.manifest["built"])[:10]).isoformat()
    return f"""cff-version: 1.2.0
message: If you use these data, please cite them as below.
type: dataset
title: "Isogloss: a knowledge graph of AI standards"
abstract: "Publications, bodies, themes, statements, events and terms of AI standardization, every fact traced to its source."
authors:
  - name: The Isogloss project
version: {version}
date-released: {day}
license: CC-BY-4.0
url: "{BASE}dataset"
identifiers:
  - type: other
    value: "sha256:{snapshot.digest}"
    description: Digest of the sorted N-Quads
  - type: url
    value: "{BASE}dataset"
    description: The data set, described by itself
references:
  - type: data
    title: "The Isogloss ontology"
    authors:
      - name: The Isogloss project
    url: "{ONTOLOGY}"
"""  # noqa: E501 - one line a field


def _checksums(folder: Path) -> None:
    """One line a file, as sha256sum writes and checks them."""
    files: Iterable[Path] = sorted(path for path in folder.rglob("*") if path.is_file())
    lines = [
        f"{hashlib.sha256(path.read_bytes()).hexdigest()}  {path.relative_to(folder).as_posix()}\n"
        for path in files
    ]
    (folder / SUMS).write_text("".join(lines), encoding="utf-8")
