"""Tables of terms, under our column names and under others'."""

import os
import threading
from pathlib import Path

import pytest

from isogloss.errors import SourceError
from isogloss.graph.entries import ABBREVIATION, Citation, Designation
from isogloss.graph.readers.term_tables import column_map, read_term_table

from .others import others_file


def table(folder: Path, text: str, name: str = "terms.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_rows_of_one_id_are_one_entry_in_several_languages(tmp_path: Path) -> None:
    text = (
        "id,language,preferred,admitted,abbreviation\n"
        "1,en,artificial intelligence,machine wit,AI\n"
        "1,fr,intelligence artificielle,,IA\n"
    )
    (entry,) = read_term_table(table(tmp_path, text)).entries
    assert entry.designations == (
        Designation("artificial intelligence", "en"),
        Designation("machine wit", "en", "admitted"),
        Designation("AI", "en", "admitted", ABBREVIATION),
        Designation("intelligence artificielle", "fr"),
        Designation("IA", "fr", "admitted", ABBREVIATION),
    )


def test_senses_stand_in_numbered_columns_with_their_sources(tmp_path: Path) -> None:
    text = (
        "Terms,Definition 1,Citation 1,Definition 2,Citation 2\n"
        "risk,chance of harm,NIST,effect of uncertainty,ISO § 3.1\n"
    )
    (entry,) = read_term_table(table(tmp_path, text)).entries
    one, two = entry.of_kind("definition")
    assert (one.text, one.citations) == ("chance of harm", (Citation("NIST"),))
    assert (two.text, two.citations) == ("effect of uncertainty", (Citation("ISO", "3.1"),))


def test_columns_are_mapped_by_name_or_by_number(tmp_path: Path) -> None:
    named = table(tmp_path, "Wort,Sinn\nRisiko,Gefahr\n")
    (entry,) = read_term_table(named, column_map("preferred=Wort, definition=Sinn"), "de").entries
    assert entry.designations == (Designation("Risiko", "de"),)
    bare = table(tmp_path, "Risiko\tGefahr\n", "terms.tsv")
    (same,) = read_term_table(bare, column_map("preferred=#1,definition=#2"), "de").entries
    assert same == entry


def test_a_glossary_of_others_is_read_through_a_map() -> None:
    columns = column_map("preferred=Terms,definition=Definitions,definition_source=References")
    entries = read_term_table(others_file("cntr-aisle/definitions.csv"), columns).entries
    assert len(entries) == 37
    assert all(entry.of_kind("definition") for entry in entries)


@pytest.mark.parametrize("text", ["preferred", "colour=Red", "preferred=", "definition_x=Y"])
def test_a_map_that_makes_no_sense_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="field=Column"):
        column_map(text)


@pytest.mark.parametrize(
    ("text", "says", "field"),
    [
        ("preferred,language\nx,?!\n", "not a language code", "language"),
        ("preferred,definition\n,orphan\n", "has no term", "preferred"),
        ("id,preferred,definition\n7,,orphan\n", "has no term", None),
    ],
)
def test_a_faulty_row_is_told_with_its_line_and_field(
    tmp_path: Path, text: str, says: str, field: str | None
) -> None:
    reading = read_term_table(table(tmp_path, text))
    assert not reading.entries
    assert says in str(reading.problems[0])
    assert (reading.problems[0].line, reading.problems[0].field) == (2, field)


@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_a_table_whose_cells_are_parted_by_semicolons_is_read(tmp_path: Path, mark: str) -> None:
    text = f"{mark}id;preferred;definition\n1;bias;a difference, systematic\n"
    (entry,) = read_term_table(table(tmp_path, text)).entries
    assert entry.label() == "bias"
    assert entry.of_kind("definition")[0].text == "a difference, systematic"


def test_a_table_is_read_from_a_pipe(tmp_path: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=pipe.write_text, args=("id;preferred\n1;bias\n",))
    writer.start()
    (entry,) = read_term_table(pipe).entries
    writer.join(10)
    assert entry.label() == "bias"


def test_a_table_without_a_column_of_terms_tells_the_columns_it_has(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"the columns are Wort, Bedeutung .*as #1"):
        read_term_table(table(tmp_path, "Wort,Bedeutung\nx,y\n"))


@pytest.mark.parametrize("text", ["", "definition\nx\n", 'preferred\n"open\n'])
def test_a_table_that_holds_no_terms_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceError):
        read_term_table(table(tmp_path, text))


@pytest.mark.parametrize(
    ("header", "column"), [("term,definition,definition", "definition"), ("term,Preferred", "Preferred")]
)
def test_two_columns_for_one_field_are_refused(tmp_path: Path, header: str, column: str) -> None:
    with pytest.raises(SourceError, match="second column") as caught:
        read_term_table(table(tmp_path, f"{header}\nx,y,z\n"))
    assert (caught.value.line, caught.value.field) == (1, column)


def test_a_map_to_a_column_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"\[A\]: this column stands twice"):
        read_term_table(table(tmp_path, "A,A\nx,y\n"), column_map("preferred=A"))


def test_a_column_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="no such column") as caught:
        read_term_table(table(tmp_path, "a\nx\n"), {"preferred": "b"})
    assert caught.value.field == "b"
