"""Lists of publications: what they say is kept, and what cannot be is told with its place."""

from __future__ import annotations

import contextlib
import csv
import io
import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.errors import SourceError
from isogloss.graph.readers.publication_lists import Passed, read_publications
from isogloss.graph.readers.publication_tables import column_map
from isogloss.graph.readers.publications import TYPES
from isogloss.graph.readers.relaton import Committee, Record, Refusal, Relation
from isogloss.graph.works.facts import CLASSES

ROW = {
    "identifier": "ISO/IEC 99991:2021",
    "title": 'Risks, and "more"',
    "title_fr": "Risques",
    "type": "International Standard",
    "publishers": "ISO | IEC",
    "committee": "ISO/IEC JTC 1/SC 42",
    "status": "in force",
    "stage": "60.60",
    "date": "2021-05",
    "ics": "35.020 | 35.240",
    "DOI": "10.1/x",
    "supersedes": "ISO/IEC 99991:2019",
    "url": "https://www.iso.org/1 | https://www.iso.org/2",
    "language": "en | fr",
}
EXPECTED = Record(
    "ISO/IEC 99991:2021",
    docids=(("DOI", "10.1/x"),),
    titles={"": 'Risks, and "more"', "fr": "Risques"},
    type="international standard",
    bodies=("ISO", "IEC"),
    committees=(Committee("", "ISO/IEC JTC 1/SC 42"),),
    status={"status": "in force", "stage": "60.60"},
    stage="60.60",
    dates={"published": "2021-05"},
    ics=(("35.020", ""), ("35.240", "")),
    relations=(Relation("obsoletes", "ISO/IEC 99991:2019"),),
    languages=("en", "fr"),
    links=(("src", "https://www.iso.org/1"), ("src", "https://www.iso.org/2")),
    archive="mine",
    path="ISO/IEC 99991:2021",
    schema="list",
)


def read(path: Path, text: str, **options: object) -> list[Record | Refusal | Passed]:
    path.write_text(text, encoding="utf-8")
    return list(read_publications(path, "mine", **options))  # type: ignore[arg-type]


def test_every_cell_of_a_table_is_in_the_record(tmp_path: Path) -> None:
    text = io.StringIO()
    csv.writer(text).writerows((ROW.keys(), ROW.values()))
    assert read(tmp_path / "list.csv", text.getvalue()) == [EXPECTED]


@pytest.mark.parametrize(("ending", "sign"), [("tsv", "\t"), ("csv", ";")])
def test_tabs_and_semicolons_part_cells_too(tmp_path: Path, ending: str, sign: str) -> None:
    text = sign.join(("number", "name")) + "\n" + sign.join(("Y.3800", "Overview, first")) + "\n"
    (found,) = read(tmp_path / f"list.{ending}", text)
    assert isinstance(found, Record)
    assert (found.identifier, found.title) == ("Y.3800", "Overview, first")


def test_columns_are_mapped_by_name(tmp_path: Path) -> None:
    columns = column_map("identifier=Nr.,title_de=Titel")
    (found,) = read(tmp_path / "list.csv", "Nr.,Titel,Anmerkung\nISO 1,Eins,x\n", columns=columns)
    assert isinstance(found, Record)
    assert dict(found.titles) == {"de": "Eins"}


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("ISO 1,A,soon,,", "[date] 'soon' is not a year, month or day (ISO 8601) (line 3)"),
        ("ISO 1,A,2020,norm,", "[type] 'norm' is none of international standard,"),
        ("ISO 1,A,2020,,valid", "[status] 'valid' is none of in force,"),
        (",,2020,,", "[identifier] there is neither an identifier nor a title (line 3)"),
        ("ISO 1,A", "the row has not as many cells as the header (2, 5)"),
        ("ISO 2,B,,,", "the publication stands there already (see line 2)"),
    ],
)
def test_a_row_that_cannot_be_taken_is_named_with_column_and_line(
    tmp_path: Path, row: str, said: str
) -> None:
    found = read(tmp_path / "list.csv", f"identifier,title,date,type,status\nISO 2,B,,,\n{row}\nISO 3,C,,,\n")
    assert [type(one) for one in found] == [Record, Refusal, Record]
    assert isinstance(found[1], Refusal)
    assert said in found[1].reason


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"identifier,colour\nISO 1,red\n", r"list.csv:1 \[colour\]: no field goes by this name"),
        (b"identifier,title,title\n", r"list.csv:1 \[title\]: a column stands twice"),
        (b"identifier,title,Name\n", r"list.csv:1 \[Name\]: a second column for 'title'"),
        (b"", "a header is needed"),
        (b"identifier,title\nISO 1,\xe9t\xe9\n", "not in UTF-8"),
        (b'identifier,title\nISO 1,"open\n', "not a well-formed table"),
    ],
)
def test_a_table_that_cannot_be_read_is_an_error_with_its_place(
    tmp_path: Path, data: bytes, said: str
) -> None:
    path = tmp_path / "list.csv"
    path.write_bytes(data)
    with pytest.raises(SourceError, match=said):
        list(read_publications(path, "mine"))


def test_what_is_no_publication_is_passed_over(tmp_path: Path) -> None:
    found = read(tmp_path / "list.csv", "iri,kind,label\n,term,bias\n,publication,ISO 1: One\n")
    assert found[0] == Passed("line 2")
    assert isinstance(found[1], Record)


BIBTEX = r"""
@techreport{iso-iec-99991, title = {{Risks of {AI} in K{\"o}ln}}, number = "ISO/IEC 99991:2021",
  institution = "ISO and IEC", type = "international standard", year = 2021, month = may, note = "in force",
  url = "https://www.iso.org/1", doi = "10.1/x", keywords = {edge AI; AI, energy and environment;}}
@misc{broken, title = {never closed
@misc{b, title = "Second", year = "2020", note = "Accessed yesterday"}
"""


def test_bibtex_is_read_and_what_does_not_parse_is_named(tmp_path: Path) -> None:
    found = read(tmp_path / "list.bib", BIBTEX)
    first = found[0]
    assert isinstance(first, Record)
    assert (first.identifier, first.title) == ("ISO/IEC 99991:2021", "Risks of AI in Köln")
    assert first.bodies == ("ISO", "IEC")
    assert first.dates == {"published": "2021-05"}
    assert first.status == {"status": "in force"}
    assert first.keywords == ("edge AI", "AI, energy and environment")
    assert any(isinstance(one, Refusal) and "not well-formed BibTeX" in one.reason for one in found)


def test_csl_json_is_read(tmp_path: Path) -> None:
    item = {
        "id": "x", "type": "standard", "title": "Risks", "number": "ISO/IEC 99991:2021", "publisher": "ISO",
        "issued": {"date-parts": [[2021, 5]]}, "status": "in force", "genre": "international standard",
        "URL": "https://www.iso.org/1", "DOI": "10.1/x", "language": "en", "keyword": "risk, edge AI",
    }  # fmt: skip
    found, faulty = read(tmp_path / "list.json", json.dumps([item, 7]))
    assert isinstance(found, Record)
    assert found.dates == {"published": "2021-05"}
    assert found.docids == (("DOI", "10.1/x"),)
    assert found.keywords == ("risk", "edge AI")
    assert isinstance(faulty, Refusal)


@pytest.mark.parametrize("text", ['{"a": 1}', "[", "null", "[" * 100_000])
def test_json_of_another_kind_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceError):
        read(tmp_path / "list.json", text)


def test_a_file_whose_kind_nothing_tells_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="table, bibtex, json"):
        read(tmp_path / "list.docx", "x")


def test_every_type_that_a_list_may_name_has_a_class() -> None:
    assert set(TYPES) <= set(CLASSES)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> pytest.TempPathFactory:
    return tmp_path_factory


@pytest.mark.parametrize(
    "written", ["https://a.example/b%20c_d?e=1&f#g", r"https://a.example/b\%20c\_d?e=1\&f\#g"]
)
def test_an_address_in_bibtex_is_read_as_it_stands(tmp_path: Path, written: str) -> None:
    (record,) = read(
        tmp_path / "list.bib", f"@misc{{a, title = {{A}}, number = {{A 1}}, url = {{{written}}}}}"
    )
    assert isinstance(record, Record)
    assert record.links == (("src", "https://a.example/b%20c_d?e=1&f#g"),)


@settings(max_examples=60, deadline=None)
@given(data=st.binary(max_size=200), ending=st.sampled_from(["csv", "tsv", "bib", "json"]))
def test_any_bytes_are_read_or_refused(folders: pytest.TempPathFactory, data: bytes, ending: str) -> None:
    path = folders.mktemp("any") / f"list.{ending}"
    path.write_bytes(data)
    with contextlib.suppress(SourceError):
        assert all(isinstance(one, (Record, Refusal, Passed)) for one in read_publications(path, "any"))


def test_the_title_of_a_list_of_ours_is_in_the_language_of_its_label(tmp_path: Path) -> None:
    item = {
        "iri": "https://w3id.org/isogloss/id/publication/iso-1", "kind": "publication", "identifier": "ISO 1",
        "label": "ISO 1: Robots", "title": ["Des robots", "Robots"], "type": ["international standard"],
    }  # fmt: skip
    (found,) = read(tmp_path / "list.json", json.dumps({"items": [item]}))
    assert isinstance(found, Record)
    assert (found.title, found.slug) == ("Robots", "iso-1")
