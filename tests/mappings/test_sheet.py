"""A set as a sheet: nothing is lost, every part of a review has its cell, and what is filled in is taken."""

from __future__ import annotations

import csv
import io
from datetime import date
from pathlib import Path

from isogloss.mappings import sets
from isogloss.mappings.claims import status_of
from isogloss.mappings.intake import take_in
from isogloss.mappings.judged import Judged
from isogloss.mappings.review import comment_of
from isogloss.mappings.sheet import REVIEW_SLOTS, to_sheet

from .making import table

ROWS = (
    {"record_id": "mapping:first", "mapping_status": "proposed"},
    {"record_id": "mapping:second", "object_id": "b:two", "mapping_status": "proposed"},
)


def pair(folder: Path, *rows: dict[str, str]) -> sets.Alignment:
    path = folder / "a--b.sssom.tsv"
    path.write_text(table(*rows), encoding="utf-8")
    return sets.read(path)


def rows_of(sheet: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(table_of(sheet)), delimiter="\t"))


def table_of(sheet: str) -> str:
    return "".join(line for line in sheet.splitlines(keepends=True) if not line.startswith("#"))


def test_a_sheet_is_the_set_with_an_empty_cell_for_each_part_of_a_review(tmp_path: Path) -> None:
    known = pair(tmp_path, *ROWS)
    path = tmp_path / "sheet.sssom.tsv"
    path.write_text(to_sheet(known), encoding="utf-8")
    assert all(set(REVIEW_SLOTS) <= set(row) for row in rows_of(to_sheet(known)))
    assert [m.to_record() for m in sets.read(path).mappings] == [m.to_record() for m in known.mappings]


def test_an_empty_set_is_a_sheet_without_rows(tmp_path: Path) -> None:
    assert rows_of(to_sheet(pair(tmp_path))) == []


def test_what_is_filled_in_is_taken_as_a_review_and_the_other_rows_say_nothing(tmp_path: Path) -> None:
    known = pair(tmp_path, *ROWS)
    path = tmp_path / "sheet.sssom.tsv"
    path.write_text(to_sheet(known), encoding="utf-8")
    lines = path.read_text(encoding="utf-8").splitlines()
    place = next(number for number, line in enumerate(lines) if "mapping:first" in line and line[0] != "#")
    header = next(line for line in lines if not line.startswith("#")).split("\t")
    row = dict(zip(header, lines[place].split("\t"), strict=True))
    row |= {
        "reviewer_id": "orcid:0000-0002-1825-0097",
        "reviewer_agreement": "1",
        "review_comment": "Read both.",
    }
    lines[place] = "\t".join(row[name] for name in header)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    taken = take_in(Judged((known,)), sets.read(path), date(2026, 1, 2))
    assert (taken.reviews, taken.new, taken.unchanged, taken.refused) == (1, 0, 1, ())
    (judged,) = taken.change.mappings
    assert (status_of(judged), comment_of(judged)) == ("accepted", "Read both.")
