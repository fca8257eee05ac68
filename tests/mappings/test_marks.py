"""Marks on a proof sheet: what a comment may hold, and the records that a mark comes to."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import settings as tried
from hypothesis import strategies as st
from sssom_pydantic import SemanticMapping

from isogloss.errors import MappingError
from isogloss.mappings import sets
from isogloss.mappings.claims import status_of
from isogloss.mappings.intake import take_in
from isogloss.mappings.judged import Judged, after
from isogloss.mappings.marks import LONGEST_COMMENT, Mark, marked, plain, sheet_of
from isogloss.mappings.review import comment_of, reviewer

from .making import table

JANE = reviewer("0000-0002-1825-0097")
DAY = date(2026, 11, 23)


def read(folder: Path, *rows: dict[str, str]) -> sets.Alignment:
    path = folder / "a--b.sssom.tsv"
    path.write_text(table(*rows), encoding="utf-8")
    return sets.read(path)


@pytest.fixture
def known(tmp_path: Path) -> sets.Alignment:
    return read(tmp_path, {"record_id": "mapping:one", "mapping_status": "proposed"})


def mark(known: sets.Alignment, what: Mark) -> tuple[SemanticMapping, ...]:
    return marked(known.mappings[0], what, JANE, DAY, known.converter)


@pytest.mark.parametrize(
    ("verdict", "status", "agreement"), [("agree", "accepted", 1.0), ("disagree", "rejected", -1.0)]
)
def test_a_verdict_is_a_review_of_the_record(
    known: sets.Alignment, verdict: str, status: str, agreement: float
) -> None:
    (made,) = mark(known, Mark(verdict, comment="Read both."))
    assert (status_of(made), made.reviewer_agreement, made.review_date) == (status, agreement, DAY)
    assert (made.reviewers, comment_of(made)) == ([JANE], "Read both.")


def test_leaving_says_nothing_but_with_a_comment_it_leaves_open(known: sets.Alignment) -> None:
    assert mark(known, Mark()) == ()
    (made,) = mark(known, Mark(comment="Ask the working group."))
    assert (status_of(made), made.reviewer_agreement) == ("proposed", 0.0)


def test_a_note_cannot_open_again_what_is_decided(tmp_path: Path) -> None:
    decided = read(tmp_path, {"record_id": "mapping:one", "mapping_status": "accepted"})
    with pytest.raises(MappingError, match="accepted already"):
        mark(decided, Mark(comment="Hm."))


@pytest.mark.parametrize(("relation", "negated"), [("broadMatch", False), ("not-exactMatch", True)])
def test_another_relation_supersedes_the_record_and_proposes_another(
    known: sets.Alignment, relation: str, negated: bool
) -> None:
    old, new = mark(known, Mark("other", relation, "It names less."))
    assert (status_of(old), comment_of(old)) == ("superseded", "It names less.")
    assert (status_of(new), new.authors, new.reviewers) == ("proposed", [JANE], None)
    assert (new.predicate.identifier, new.negated) == (relation.removeprefix("not-"), negated)
    assert (new.subject, new.object, new.comment) == (old.subject, old.object, "It names less.")
    assert new.record not in (None, old.record)


def test_nobody_can_agree_with_what_they_made(known: sets.Alignment) -> None:
    _, new = mark(known, Mark("other", "broadMatch"))
    with pytest.raises(MappingError, match="made this mapping"):
        marked(new, Mark("agree"), JANE, DAY, known.converter)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", " \t=cmd|'/C calc'!A0", "\uff1d1"])
def test_a_comment_that_a_spreadsheet_would_compute_is_refused(text: str) -> None:
    with pytest.raises(MappingError, match="spreadsheet"):
        plain(text)


@pytest.mark.parametrize("text", ["a\x00b", "a\x1b[31mb", "a\u202eb", "a\u2066b", "a\x7fb"])
def test_a_comment_with_characters_that_are_no_text_is_refused(text: str) -> None:
    with pytest.raises(MappingError, match=r"U\+[0-9A-F]{4} is no text"):
        plain(text)


def test_a_comment_is_one_line_of_bounded_length() -> None:
    assert plain(" one\r\ntwo\tthree\u2028four ") == "one two three four"
    assert len(plain("x" * LONGEST_COMMENT)) == LONGEST_COMMENT
    with pytest.raises(MappingError, match="1001 characters"):
        plain("x" * (LONGEST_COMMENT + 1))


@given(text=st.text(max_size=60))
@tried(deadline=None)  # each case writes and reads a file
@example('"')
@example('\'quoted\' | "twice""')
@example("#comment")
@example("null")
@example("a|b: {c}")
def test_a_comment_comes_back_from_the_file_as_it_was_written(
    tmp_path_factory: pytest.TempPathFactory, text: str
) -> None:
    folder = tmp_path_factory.mktemp("sheet")
    known = read(folder, {"record_id": "mapping:one", "mapping_status": "proposed"})
    try:
        comment = plain(text)
    except MappingError:
        return
    records = mark(known, Mark("other", "broadMatch", comment))
    path = folder / "reviews.sssom.tsv"
    sets.write(sheet_of(records, JANE, DAY, known.converter), path)
    brought = take_in(Judged((known,)), sets.read(path), None)
    assert (brought.reviews, brought.new, brought.refused) == (1, 1, ())
    stand = {
        status_of(each): each
        for of_set in after(Judged((known,)), [brought.change]).sets
        for each in of_set.mappings
    }
    assert comment_of(stand["superseded"]) == comment
    assert (stand["proposed"].comment or "") == comment
