"""A release is a folder that anybody can check, cite and compare with the one before."""

from __future__ import annotations

import gzip
import hashlib
import subprocess
from pathlib import Path

import pyoxigraph as ox
import pytest
import yaml

from isogloss.errors import SnapshotError
from isogloss.graph.build import build
from isogloss.graph.release import release
from isogloss.graph.sources import added_source, shipped_sources
from isogloss.ontology.names import BASE, PREFIXES


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two releases of a small graph, the second with one thing more and one less."""
    folder = tmp_path_factory.mktemp("releases")
    own, ontology = folder / "own.ttl", shipped_sources()[0]
    label = f"<{PREFIXES['rdfs']}label>"
    own.write_text(f'<{BASE}id/concept/made/old> {label} "Old"@en .\n')
    first = release(build(folder / "state", (ontology, added_source(own))), "1.0.0", folder)
    own.write_text(f'<{BASE}id/concept/made/new> {label} "New <b> *one*"@en .\n')
    second = release(build(folder / "state", (ontology, added_source(own))), "1.1.0", folder, first)
    return first, second


def test_its_checksums_hold_and_leave_no_file_out(releases: tuple[Path, Path]) -> None:
    for folder in releases:
        done = subprocess.run(
            ["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"], cwd=folder, check=False
        )
        assert done.returncode == 0
        listed = {line.split("  ")[1] for line in (folder / "SHA256SUMS").read_text().splitlines()}
        there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}
        assert there - listed == {"SHA256SUMS"}
        assert {"isogloss.nq.gz", "ontology/isogloss.ttl", "CITATION.cff", "CHANGES.md"} <= listed
        assert any(name.startswith("mappings/") for name in listed)


def test_its_graphs_are_the_parts_of_its_data(releases: tuple[Path, Path]) -> None:
    folder = releases[1]
    whole = list(ox.parse(gzip.decompress((folder / "isogloss.nq.gz").read_bytes()), ox.RdfFormat.N_QUADS))
    parts = [
        list(ox.parse(gzip.decompress(path.read_bytes()), ox.RdfFormat.TURTLE))
        for path in (folder / "graphs").iterdir()
    ]
    assert sum(map(len, parts)) == len(whole)


def test_it_says_what_is_in_it_and_under_which_licence(releases: tuple[Path, Path]) -> None:
    first, second = ((folder / "README.md").read_text() for folder in releases)
    for name in ("isogloss.nq.gz", "graphs/", "ontology/", "mappings/", "CITATION.cff", "SHA256SUMS"):
        assert f"`{name}`" in second
        assert (releases[1] / name).exists()
    assert "changes.rdfp.gz" in second
    assert "changes.rdfp.gz" not in first
    assert "isogloss-1.0.0" in second
    assert f"| `{BASE}graph/ontology` |" in second
    assert "<https://creativecommons.org/licenses/by/4.0/>" in second
    digest = hashlib.sha256(gzip.decompress((releases[1] / "isogloss.nq.gz").read_bytes())).hexdigest()
    assert digest in second


def test_it_can_be_cited(releases: tuple[Path, Path]) -> None:
    told = yaml.safe_load((releases[1] / "CITATION.cff").read_text())
    assert told["cff-version"] == "1.2.0"
    assert told["version"] == "1.1.0"
    assert told["license"] == "CC-BY-4.0"
    assert told["identifiers"][0]["value"].startswith("sha256:")


def test_it_tells_what_changed_in_words_and_as_a_patch(releases: tuple[Path, Path]) -> None:
    first, second = releases
    assert "first release" in (first / "CHANGES.md").read_text()
    words = (second / "CHANGES.md").read_text()
    assert "Since isogloss-1.0.0: 1 new, 0 status moved, 0 changed, 1 withdrawn." in words
    assert rf"- New \<b\> \*one\* <{BASE}id/concept/made/new>" in words
    assert not (first / "changes.rdfp.gz").exists()
    patch = gzip.decompress((second / "changes.rdfp.gz").read_bytes()).decode().splitlines()
    before = set(gzip.decompress((first / "isogloss.nq.gz").read_bytes()).decode().splitlines())
    for line in patch[1:-1]:
        sign, _, quad = line.partition(" ")
        (before.discard if sign == "D" else before.add)(quad)
    assert before == set(gzip.decompress((second / "isogloss.nq.gz").read_bytes()).decode().splitlines())


def test_a_release_is_never_written_twice_and_needs_a_version(releases: tuple[Path, Path]) -> None:
    folder = releases[0].parent
    snapshot = build(folder / "state", shipped_sources()[:1])
    with pytest.raises(SnapshotError, match="there already"):
        release(snapshot, "1.0.0", folder)
    with pytest.raises(SnapshotError, match="no version"):
        release(snapshot, "latest", folder)
    with pytest.raises(SnapshotError, match="no release"):
        release(snapshot, "2.0.0", folder, folder / "state")
    assert not list(folder.glob(".isogloss-*"))
