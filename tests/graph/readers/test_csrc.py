"""NIST's glossary export, as NIST makes it and as an attacker might."""

import json
import zipfile
from pathlib import Path

import pytest

from isogloss.errors import SourceError
from isogloss.graph.entries import ABBREVIATION, Designation
from isogloss.graph.readers import csrc
from isogloss.graph.readers.csrc import read_csrc

from .others import others_file

LINK = "https://csrc.nist.gov/glossary/term/x"


def export(folder: Path, *terms: object) -> Path:
    path = folder / "export.json"
    path.write_text("﻿" + json.dumps({"parentTerms": list(terms)}), encoding="utf-8")
    return path


def test_the_whole_export_is_read() -> None:
    reading = read_csrc(others_file("nist-csrc/glossary-export.zip"))
    assert len(reading.entries) == 9713
    assert not reading.problems
    channel = next(e for e in reading.entries if e.identifier == "covert_channel")
    assert channel.page == "https://csrc.nist.gov/glossary/term/covert_channel"
    assert "covert_storage_channel" in channel.related
    documents = {c.document for p in channel.of_kind("definition") for c in p.citations}
    assert "IETF RFC 4949 Ver 2" in documents


def test_markup_is_taken_out_and_abbreviations_are_known(tmp_path: Path) -> None:
    term = {
        "term": "<em>Trust &amp; safety</em>",
        "link": LINK,
        "abbrSyn": [{"text": "T&amp;S"}],
        "definitions": None,
    }
    (entry,) = read_csrc(export(tmp_path, term)).entries
    assert entry.designations == (
        Designation("Trust & safety", "en"),
        Designation("T&S", "en", "admitted", ABBREVIATION),
    )


def test_a_faulty_term_is_left_out_and_named(tmp_path: Path) -> None:
    good = {"term": "good", "link": LINK, "definitions": []}
    reading = read_csrc(export(tmp_path, {"term": "no link"}, "no record", good))
    assert [entry.label() for entry in reading.entries] == ["good"]
    assert [problem.field for problem in reading.problems] == ["no link", "parentTerms"]


def test_a_zip_that_swells_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csrc, "MOST_BYTES", 1000)
    path = tmp_path / "bomb.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("export.json", b" " * 100_000)
    with pytest.raises(SourceError, match="more than 1000 bytes"):
        read_csrc(path)


@pytest.mark.parametrize("text", ["[]", "{}", '{"parentTerms": 5}', "not json", "[" * 100_000])
def test_what_is_no_export_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "export.json"
    path.write_text(text)
    with pytest.raises(SourceError):
        read_csrc(path)
