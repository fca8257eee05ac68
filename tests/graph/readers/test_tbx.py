"""Terms in TBX, in both styles, good files and bad ones."""

from pathlib import Path

import pytest

from isogloss.errors import SourceError
from isogloss.graph.entries import ABBREVIATION, Citation, Designation
from isogloss.graph.readers.tbx import read_tbx

from .others import others_file

HEAD = (
    '<?xml version="1.0"?>{doctype}<tbx type="TBX-Basic" style="dca" xml:lang="en" '
    'xmlns="urn:iso:std:iso:30042:ed-2"><text><body>'
)
TAIL = "</body></text></tbx>"
TERM = '<langSec xml:lang="en"><termSec><term>{}</term></termSec></langSec>'


def tbx(folder: Path, body: str, doctype: str = "") -> Path:
    path = folder / "terms.tbx"
    path.write_text(HEAD.format(doctype=doctype) + body + TAIL, encoding="utf-8")
    return path


def test_both_styles_say_the_same() -> None:
    attributes = read_tbx(others_file("tbx/Example_Astronomy_DCA_VALID.tbx")).entries
    elements = read_tbx(others_file("tbx/Example_Astronomy_DCT_VALID.tbx")).entries
    assert len(attributes) == len(elements) == 45
    alike = sum(one == other for one, other in zip(attributes, elements, strict=True))
    assert alike >= 40  # the two published files differ in a few words and statuses


def test_an_entry_has_its_words_definitions_and_sources() -> None:
    first = read_tbx(others_file("tbx/Example_Astronomy_DCA_VALID.tbx")).entries[0]
    assert Designation("open cluster", "en") in first.designations
    assert Designation("galactic cluster", "en", "deprecated") in first.designations
    (definition,) = first.of_kind("definition", "en")
    assert definition.text.startswith("A group of stars formed together")
    assert definition.citations == (Citation("Oxford2007"),)


def test_data_that_a_dialect_forbids_do_not_keep_the_terms_out() -> None:
    reading = read_tbx(others_file("tbx/basic_bad.tbx"))
    assert len(reading.entries) == 45


def test_what_a_standard_does_not_have_so_is_told_with_its_line_and_kept() -> None:
    basic = read_tbx(others_file("tbx/basic_bad.tbx"))
    assert [each.message for each in basic.remarks] == ["a definition under a term: taken as the concept's"]
    assert basic.remarks[0].line == 97
    small = read_tbx(others_file("tbx/min_bad.tbx"))
    assert any("'not an allowed value' is no status" in each.message for each in small.remarks)
    core = read_tbx(others_file("tbx/core_structure_bad.tbx"))
    assert any("terms in one termSec" in each.message for each in core.remarks)
    for good in ("basic_good", "min_good", "core_structure_good", "Example_Astronomy_DCA_VALID"):
        assert read_tbx(others_file(f"tbx/{good}.tbx")).remarks == []


def test_no_word_of_a_term_section_is_lost(tmp_path: Path) -> None:
    body = (
        '<conceptEntry id="c"><langSec xml:lang="en"><termSec><term>bias</term><term>skew</term>'
        '<descrip type="definition">what leans</descrip></termSec></langSec></conceptEntry>'
    )
    (entry,) = read_tbx(tbx(tmp_path, body)).entries
    assert {word.text for word in entry.designations} == {"bias", "skew"}
    assert [passage.text for passage in entry.of_kind("definition", "en")] == ["what leans"]


def test_an_abbreviation_is_known_as_one(tmp_path: Path) -> None:
    body = (
        '<conceptEntry id="c1"><langSec xml:lang="en"><termSec><term>machine learning</term></termSec>'
        '<termSec><term>ML</term><termNote type="termType">acronym</termNote></termSec>'
        "</langSec></conceptEntry>"
    )
    (entry,) = read_tbx(tbx(tmp_path, body)).entries
    assert entry.designations[1] == Designation("ML", "en", "admitted", ABBREVIATION)


@pytest.mark.parametrize(
    ("entry", "says"),
    [
        ("<conceptEntry>" + TERM.format("x") + "</conceptEntry>", "needs an id"),
        ('<conceptEntry id="c"></conceptEntry>', "no term"),
        ('<conceptEntry id="c">' + TERM.format("") + "</conceptEntry>", "no term"),
        ('<conceptEntry id="c"><langSec xml:lang="?"></langSec></conceptEntry>', "not a language code"),
    ],
)
def test_a_faulty_entry_is_left_out_and_told_with_its_line(tmp_path: Path, entry: str, says: str) -> None:
    good = '\n<conceptEntry id="good">' + TERM.format("good") + "</conceptEntry>"
    reading = read_tbx(tbx(tmp_path, "\n" + entry + good))
    assert [found.identifier for found in reading.entries] == ["good"]
    assert says in str(reading.problems[0])
    assert reading.problems[0].line == 2


def test_xml_that_is_not_well_formed_is_refused_with_its_line() -> None:
    with pytest.raises(SourceError) as caught:
        read_tbx(others_file("tbx/poorly_formed_xml.tbx"))
    assert caught.value.line == 42


@pytest.mark.parametrize(
    "doctype",
    [
        '<!DOCTYPE tbx [<!ENTITY x SYSTEM "file:///etc/hostname">]>',
        '<!DOCTYPE tbx [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY x "&b;&b;&b;&b;">]>',
    ],
)
def test_entities_are_refused_and_never_expanded(tmp_path: Path, doctype: str) -> None:
    path = tbx(tmp_path, '<conceptEntry id="c">' + TERM.format("&x;") + "</conceptEntry>", doctype)
    with pytest.raises(SourceError, match="entities"):
        read_tbx(path)


def test_other_xml_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "page.xml"
    path.write_text("<html/>")
    with pytest.raises(SourceError, match="not tbx"):
        read_tbx(path)
