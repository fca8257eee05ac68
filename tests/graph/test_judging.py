"""The mapping sets of a state: changes are kept one by one, and stand in their order over what ships."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from isogloss.errors import SourceError
from isogloss.graph.judging import change_files, keep, standing
from isogloss.mappings import sets
from isogloss.mappings.claims import status_of
from isogloss.mappings.judged import Judged
from isogloss.mappings.review import Review, reviewed, reviewer

from ..mappings.making import table

JANE = reviewer("0000-0002-1825-0097")
ROW = {"record_id": "mapping:one", "mapping_status": "proposed"}
RECORD = "https://w3id.org/isogloss/id/mapping/one"


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "a--b.sssom.tsv").write_text(table(ROW), encoding="utf-8")
    return folder


def judge(state: Path, shipped: Path, status: str) -> Path:
    (alignment,) = sets.read_folder(shipped)
    judged = tuple(reviewed(m, Review((JANE,), status, date(2026, 1, 2))) for m in alignment.mappings)
    return keep(state, sets.Alignment(judged, alignment.converter, alignment.about), status)


def statuses(known: Judged) -> list[str]:
    return [status_of(mapping) for alignment in known.sets for mapping in alignment.mappings]


def test_each_change_is_a_file_of_its_own_under_the_next_number(tmp_path: Path, shipped: Path) -> None:
    state = tmp_path / "state"
    assert change_files(state) == ()
    kept = [judge(state, shipped, status) for status in ("accepted", "rejected")]
    assert [path.name for path in kept] == ["00001.sssom.tsv", "00002.sssom.tsv"]
    assert change_files(state) == tuple(kept)
    assert [path for path in (state / "mappings").iterdir() if path.name.startswith(".")] == []


def test_the_last_change_stands_and_the_earlier_ones_are_known(tmp_path: Path, shipped: Path) -> None:
    state = tmp_path / "state"
    for status in ("accepted", "rejected", "accepted"):
        judge(state, shipped, status)
    known = standing(shipped, change_files(state))
    assert statuses(known) == ["accepted"]
    assert [status_of(each) for each in known.earlier[RECORD]] == ["proposed", "accepted", "rejected"]


def test_what_is_added_stands_over_all_else(tmp_path: Path, shipped: Path) -> None:
    added = tmp_path / "added.sssom.tsv"
    row = {**ROW, "mapping_status": "rejected", "reviewer_id": "body:iso", "review_date": "2026-05-06"}
    added.write_text(table(row, {"object_id": "b:two"}), encoding="utf-8")
    judge(tmp_path / "state", shipped, "accepted")
    known = standing(shipped, change_files(tmp_path / "state"), [added])
    assert sorted(statuses(known)) == ["proposed", "rejected"]
    assert len(known.earlier[RECORD]) == 2


def test_an_added_review_without_a_day_stops_the_build(tmp_path: Path, shipped: Path) -> None:
    added = tmp_path / "added.sssom.tsv"
    added.write_text(
        table({**ROW, "mapping_status": "accepted", "reviewer_id": "body:iso"}), encoding="utf-8"
    )
    with pytest.raises(SourceError, match="no date"):
        standing(shipped, [], [added])


def test_a_state_that_cannot_be_written_is_told(tmp_path: Path, shipped: Path) -> None:
    (tmp_path / "state").write_text("not a folder", encoding="utf-8")
    with pytest.raises(SourceError, match="mappings"):
        judge(tmp_path / "state", shipped, "accepted")
