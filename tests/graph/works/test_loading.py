"""Loading: the same archives give the same state, newer files update, and nothing is lost."""

import io
import tarfile
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from isogloss.errors import SourceError
from isogloss.graph.readers.relaton import Record
from isogloss.graph.works import loading
from isogloss.graph.works.kept import read_kept, record_files
from isogloss.graph.works.loading import load

RECORD = """
title: [{{content: "{title}", language: [en], type: main}}]
docid: [{{id: "{identifier}", type: ISO, primary: true}}]
abstract: [{{content: not to be kept}}]
docstatus: {{stage: {{value: '60'}}, substage: {{value: '60'}}}}
"""


def select_ai(record: Record) -> tuple[str, ...]:
    """A selection as `select=` names it."""
    return ("title",) if "AI" in record.title else ()


SELECT = f"{__name__}:select_ai"


def put(folder: Path, **titles: str) -> Path:
    folder.mkdir(exist_ok=True)
    for number, title in titles.items():
        text = RECORD.format(title=title, identifier=f"ISO {number.strip('n')}:2024")
        (folder / f"{number}.yaml").write_text(text)
    return folder


def stored(state: Path) -> dict[str, str]:
    kept = [one for file in record_files(state) for one in read_kept(file)]
    return {one.record.path: one.record.title + (" (gone)" if one.gone else "") for one in kept}


def state_bytes(state: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in (state / "records").iterdir()}


def test_all_records_are_kept_without_their_abstracts(tmp_path: Path) -> None:
    report = load(tmp_path / "state", [put(tmp_path / "set", n1="AI one", n2="two")])
    assert (report.read, report.kept, report.new, report.refused) == (2, 2, 2, [])
    assert stored(tmp_path / "state") == {"n1.yaml": "AI one", "n2.yaml": "two"}
    (file,) = record_files(tmp_path / "state")
    assert all(kept.record.abstract == "" for kept in read_kept(file))


def test_a_folder_of_archives_is_loaded_archive_by_archive(tmp_path: Path) -> None:
    """Each under its own name, so that one of them can be brought up to date alone."""
    archives = tmp_path / "archives"
    archives.mkdir()
    for name, title in (("iso", "one"), ("iec", "two")):
        with tarfile.open(archives / f"{name}.tar.gz", "w:gz") as packed:
            packed.add(put(tmp_path / name, n1=title), arcname="data")
    state = tmp_path / "state"
    assert load(state, [archives]).kept == 2
    assert len(record_files(state)) == 2
    before = state_bytes(state)
    assert load(state, [archives / "iso.tar.gz"]).new == 0
    assert state_bytes(state) == before
    put(archives, n3="unpacked")
    report = load(state, [archives])
    assert (report.kept, report.new) == (3, 1)


def test_loading_twice_changes_nothing(tmp_path: Path) -> None:
    archive, state = put(tmp_path / "set", n1="one", n2="two"), tmp_path / "state"
    load(state, [archive])
    before = state_bytes(state)
    report = load(state, [archive])
    assert (report.new, report.changed, report.gone) == (0, 0, 0)
    assert state_bytes(state) == before


def test_a_newer_file_updates_and_what_vanished_is_kept_and_marked_once(tmp_path: Path) -> None:
    archive, state = put(tmp_path / "set", n1="one", n2="two", n3="three"), tmp_path / "state"
    load(state, [archive])
    put(archive, n2="two, revised", n4="four")
    (archive / "n3.yaml").unlink()
    report = load(state, [archive])
    assert (report.new, report.changed, report.gone) == (1, 1, 1)
    assert stored(state) == {
        "n1.yaml": "one", "n2.yaml": "two, revised", "n3.yaml": "three (gone)", "n4.yaml": "four",
    }  # fmt: skip
    before = state_bytes(state)
    assert load(state, [archive]).gone == 0
    assert state_bytes(state) == before


def test_what_comes_back_upstream_is_no_longer_gone(tmp_path: Path) -> None:
    archive, state = put(tmp_path / "set", n1="one", n2="two"), tmp_path / "state"
    load(state, [archive])
    (archive / "n2.yaml").unlink()
    load(state, [archive])
    load(state, [put(archive, n2="two")])
    assert stored(state) == {"n1.yaml": "one", "n2.yaml": "two"}


def test_a_selection_says_by_which_rule_it_kept_a_record(tmp_path: Path) -> None:
    report = load(tmp_path / "state", [put(tmp_path / "set", n1="AI one", n2="two")], select=SELECT)
    assert (report.read, report.kept) == (2, 1)
    (file,) = record_files(tmp_path / "state")
    assert [kept.rules for kept in read_kept(file)] == [("title",)]


def test_a_file_that_cannot_be_read_is_named_and_what_was_known_of_it_stands(tmp_path: Path) -> None:
    archive, state = put(tmp_path / "set", n1="one", n2="two"), tmp_path / "state"
    load(state, [archive])
    (archive / "n2.yaml").write_text("a: *b\n")
    report = load(state, [archive])
    assert [(one.archive, one.path) for one in report.refused] == [("set", "n2.yaml")]
    assert "alias" in report.refused[0].reason
    assert stored(state) == {"n1.yaml": "one", "n2.yaml": "two"}


def test_records_of_one_document_in_two_archives_are_counted_as_merged(tmp_path: Path) -> None:
    paths = [put(tmp_path / "one", n1="one", n2="two"), put(tmp_path / "two", n1="one")]
    report = load(tmp_path / "state", paths)
    assert (report.kept, report.merged) == (3, 1)


def test_the_counts_of_a_report_add_up(tmp_path: Path) -> None:
    path = tmp_path / "set.tar"
    records = {n: RECORD.format(title=n, identifier=f"ISO {n}:2024").encode() for n in ("AI 1", "AI 2", "3")}
    with tarfile.open(path, "w") as archive:
        for name, data in (("a", "AI 1"), ("a", "AI 2"), ("b", "3")):
            told = tarfile.TarInfo(f"{name}.yaml")
            told.size = len(records[data])
            archive.addfile(told, io.BytesIO(records[data]))
    report = load(tmp_path / "state", [path], select=SELECT)
    assert (report.read, report.kept, report.new, report.left) == (3, 1, 1, 1)
    assert [one.reason for one in report.refused] == ["of two files with one name, the later is kept"]
    assert stored(tmp_path / "state") == {"a.yaml": "AI 2"}


def test_an_archive_without_any_record_marks_nothing_as_gone(tmp_path: Path) -> None:
    archive, state = put(tmp_path / "set", n1="one"), tmp_path / "state"
    load(state, [archive])
    (archive / "n1.yaml").unlink()
    with pytest.raises(SourceError, match="no records"):
        load(state, [archive])
    assert stored(state) == {"n1.yaml": "one"}


def test_more_processes_find_what_one_finds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    archive = put(tmp_path / "set", **{f"n{n}": f"text {n}" for n in range(30)})
    load(tmp_path / "one", [archive], workers=1)
    monkeypatch.setattr(loading, "ALONE", 10)
    report = load(tmp_path / "two", [archive], workers=2)
    assert report.kept == 30
    assert state_bytes(tmp_path / "one") == state_bytes(tmp_path / "two")


def test_a_broken_line_in_the_state_is_an_error_that_names_it(tmp_path: Path) -> None:
    state = tmp_path / "state"
    load(state, [put(tmp_path / "set", n1="one")])
    (file,) = record_files(state)
    file.write_bytes(file.read_bytes()[:-12])
    with pytest.raises(SourceError, match="set"):
        list(read_kept(file))


def test_the_processes_that_read_one_archive_read_the_next(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    started = []
    monkeypatch.setattr(loading, "ALONE", 1)
    pool = ProcessPoolExecutor

    def counted(*arguments: Any, **named: Any) -> Any:
        started.append(1)
        return pool(*arguments, **named)

    monkeypatch.setattr(loading, "ProcessPoolExecutor", counted)
    folders = [put(tmp_path / name, n1="One", n2="Two", n3="Three") for name in ("first", "second")]
    assert load(tmp_path / "state", folders, workers=2).kept == 6
    assert len(started) == 1
