"""The build: the same bytes from the same sources, and nothing lost when it fails."""

import gzip
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Store

from isogloss.errors import BuildError, CheckFailed, SnapshotError, SourceError
from isogloss.graph import snapshot
from isogloss.graph.build import build
from isogloss.graph.report import read_report
from isogloss.graph.sources import (
    Source,
    added_source,
    package_folder,
    read_rdf,
    scheme_things,
    shipped_sources,
)

DATA = """
@prefix ex: <https://example.org/> .
ex:a ex:b [ ex:c "d" ] .
"""


def small(folder: Path, text: str = DATA) -> tuple[Source, ...]:
    """The ontology, which the rules and shapes need, and one file of a user's own."""
    path = folder / "own.ttl"
    path.write_text(text, encoding="utf-8")
    return shipped_sources()[0], added_source(path)


def test_the_same_sources_give_the_same_dump_byte_for_byte(tmp_path: Path) -> None:
    first = build(tmp_path / "one", small(tmp_path))
    second = build(tmp_path / "two", small(tmp_path))
    assert first.dump.read_bytes() == second.dump.read_bytes()
    assert first.digest == second.digest
    assert first.name == second.name


def test_the_dump_is_sorted_and_holds_what_the_store_holds(snapshot: snapshot.Snapshot, store: Store) -> None:
    lines = gzip.decompress(snapshot.dump.read_bytes()).splitlines()
    assert lines == sorted(lines)
    assert len(lines) == stated(store) == sum(snapshot.manifest["counts"].values())


def test_the_manifest_tells_counts_checks_versions_and_seconds(snapshot: snapshot.Snapshot) -> None:
    manifest = snapshot.manifest
    assert manifest["counts"]["report-2025"] > 10_000
    assert manifest["checks"]["shapes"]["conforms"] is True
    assert set(manifest["versions"]) == {"isogloss", "pyoxigraph", "python"}
    assert {"rules", "shapes", "sort", "store"} <= manifest["seconds"].keys()
    assert all(len(digest) == 64 for source in manifest["sources"].values() for digest in source.values())


def test_a_file_that_does_not_parse_names_its_line_and_the_old_snapshot_serves(tmp_path: Path) -> None:
    good = build(tmp_path / "state", small(tmp_path))
    with pytest.raises(SourceError) as caught:
        build(tmp_path / "state", small(tmp_path, "@prefix ex: <https://example.org/> .\n\nex:a ex:b .\n"))
    assert caught.value.line == 3
    assert caught.value.file.endswith("own.ttl")
    assert snapshot.current(tmp_path / "state").name == good.name


def test_a_record_that_breaks_a_shape_is_named_with_what_to_do(tmp_path: Path) -> None:
    text = "<https://example.org/gap> a <https://w3id.org/isogloss/ontology#Gap> ."
    with pytest.raises(CheckFailed, match="Name the section in which this is stated") as caught:
        build(tmp_path / "state", small(tmp_path, text))
    assert any(line.startswith("https://example.org/gap ") for line in caught.value.findings)
    with pytest.raises(SnapshotError):
        snapshot.current(tmp_path / "state")


def test_a_row_that_points_nowhere_is_named_with_file_line_and_field(tmp_path: Path) -> None:
    folder = tmp_path / "report"
    shutil.copytree(package_folder("isogloss.graph") / "data" / "report", folder)
    path = folder / "statements.csv"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(
        "".join(lines) + "x,Gap,A label,A whole sentence.,no-such-theme,,,,,,12,\n", encoding="utf-8"
    )
    known = scheme_things(shipped_sources()[0].files)
    with pytest.raises(SourceError, match="no-such-theme is nowhere declared") as caught:
        read_report(folder, known)
    assert caught.value.field == "themes"
    assert caught.value.line == path.read_text(encoding="utf-8").count("\n")


def test_two_builds_at_a_time_are_refused(tmp_path: Path) -> None:
    with (
        snapshot.building(tmp_path),
        pytest.raises(BuildError, match="another build"),
        snapshot.building(tmp_path),
    ):
        pass


def test_the_last_two_snapshots_are_kept(tmp_path: Path) -> None:
    names = [build(tmp_path / "state", small(tmp_path, f"<x:a> <x:b> <x:c{i}> .")).name for i in range(3)]
    kept = {path.name for path in (tmp_path / "state" / "snapshots").iterdir()}
    assert kept == set(names[1:])


def test_building_the_same_again_keeps_the_snapshot_that_a_server_may_have_open(tmp_path: Path) -> None:
    first = build(tmp_path / "state", small(tmp_path))
    stamp = first.store.stat().st_ino
    again = build(tmp_path / "state", small(tmp_path))
    assert again.store.stat().st_ino == stamp


@pytest.mark.parametrize("lost", ["index.postings", "documents.gz", "store/CURRENT", "manifest.json"])
def test_building_the_same_again_replaces_a_snapshot_that_lacks_something(tmp_path: Path, lost: str) -> None:
    """What an older version built, say, before there was such a file."""
    first = build(tmp_path / "state", small(tmp_path))
    (first.path / lost).unlink()
    again = build(tmp_path / "state", small(tmp_path))
    assert again.digest == first.digest
    assert (again.path / lost).is_file()


def test_building_the_same_with_another_version_replaces_the_snapshot(tmp_path: Path) -> None:
    first = build(tmp_path / "state", small(tmp_path))
    manifest = first.path / "manifest.json"
    told = json.loads(manifest.read_text(encoding="utf-8"))
    older = {**told, "versions": {**told["versions"], "isogloss": "0.0.1"}}
    manifest.write_text(json.dumps(older), encoding="utf-8")
    again = build(tmp_path / "state", small(tmp_path))
    assert (again.name, again.manifest["versions"]) == (first.name, told["versions"])


def test_a_lost_pointer_is_mended_from_the_newest_complete_snapshot(tmp_path: Path) -> None:
    built = build(tmp_path / "state", small(tmp_path))
    (tmp_path / "state" / "current").write_text("gone\n")
    assert snapshot.current(tmp_path / "state").name == built.name


def test_named_graphs_of_added_files_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "mine.trig"
    path.write_text("<x:g> { <x:a> <x:b> <x:c> } <x:d> <x:e> <x:f> .")
    graphs = {quad.graph_name for quad in read_rdf(path, NamedNode("x:default"))}
    assert graphs == {NamedNode("x:g"), NamedNode("x:default")}


def test_a_file_of_no_known_format_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "notes.docx"
    path.write_text("x")
    with pytest.raises(SourceError, match="no RDF format"):
        list(read_rdf(path, NamedNode("x:default")))


BUILD = """
import sys
from pathlib import Path
from isogloss.graph.build import build
from isogloss.graph.sources import added_source, shipped_sources
build(Path(sys.argv[1]), (shipped_sources()[0], added_source(Path(sys.argv[2]))))
"""


def test_a_build_killed_at_any_moment_leaves_a_state_that_the_next_one_repairs(tmp_path: Path) -> None:
    state = tmp_path / "state"
    build(state, small(tmp_path))
    changed = tmp_path / "changed.ttl"
    for step in range(8):
        changed.write_text(f"<x:a> <x:b> <x:c{step}> .")
        process = subprocess.Popen(
            [sys.executable, "-c", BUILD, str(state), str(changed)], start_new_session=True
        )
        time.sleep(0.5 + step * 0.25)
        os.kill(process.pid, signal.SIGKILL)
        process.wait()
        found = snapshot.current(state)
        assert stated(Store.read_only(str(found.store))) == sum(found.manifest["counts"].values())
    last = build(state, small(tmp_path))
    assert snapshot.current(state).name == last.name
    assert not list((state / "snapshots").glob(".*"))


def stated(store: Store) -> int:
    """How many quads the named graphs hold."""
    return sum(len(list(store.quads_for_pattern(None, None, None, graph))) for graph in store.named_graphs())


def test_the_default_graph_holds_every_stated_triple_once(store: Store) -> None:
    merged = list(store.quads_for_pattern(None, None, None, DefaultGraph()))
    distinct = {q.triple for g in store.named_graphs() for q in store.quads_for_pattern(None, None, None, g)}
    assert {quad.triple for quad in merged} == distinct
    assert len(merged) == len(distinct)


def test_a_triple_that_two_graphs_state_counts_once_in_a_query(tmp_path: Path) -> None:
    for name in ("one.ttl", "two.ttl"):
        (tmp_path / name).write_text("<x:a> <x:b> 'told twice' .")
    added = [added_source(tmp_path / name) for name in ("one.ttl", "two.ttl")]
    built = build(tmp_path / "state", (shipped_sources()[0], *added))
    found = Store.read_only(str(built.store)).query("SELECT ?o { <x:a> <x:b> ?o }")
    assert len(list(found)) == 1  # type: ignore[arg-type]


def test_rules_add_nothing_that_is_stated_already(store: Store) -> None:
    inferred = NamedNode("https://w3id.org/isogloss/graph/inferred")
    for quad in store.quads_for_pattern(None, None, None, inferred):
        found = store.quads_for_pattern(quad.subject, quad.predicate, quad.object, None)
        assert {q.graph_name for q in found} == {inferred, DefaultGraph()}, quad
    assert store.contains_named_graph(inferred)
