"""The postings of the index: single words are found and ranked as FTS5 finds and ranks them."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.graph.search import ranking
from isogloss.graph.search.asking import Form, words
from isogloss.graph.search.columns import columns_file, read_columns
from isogloss.graph.search.finder import Finder, Wanted
from isogloss.graph.search.matching import match
from isogloss.graph.search.opened import Index
from isogloss.graph.search.postings import postings_file, read_postings
from isogloss.graph.search.schema import token
from isogloss.graph.snapshot import Snapshot

COMMON = (
    "system",
    "data",
    "ai",
    "iso information",
    "itu draft",
    "security of networks",
    "système",
    "iec 2020",
)


@pytest.fixture(scope="module")
def index(snapshot: Snapshot) -> Iterator[Index]:
    with closing(sqlite3.connect(snapshot.index)) as db:
        yield Index(db, read_columns(snapshot.index), read_postings(snapshot.index))


@pytest.fixture(scope="module")
def known(index: Index) -> list[str]:
    return [term for (term,) in index.db.execute("SELECT term FROM term ORDER BY term")]


def by_fts5(index: Index, form: Form, *, in_names: bool) -> list[tuple[int, float]]:
    where = "{identifier label alternative}: " if in_names else ""
    return index.db.execute(
        "SELECT rowid, -bm25(words, 2.0, 6.0, 3.0, 1.0) FROM words WHERE words MATCH ? ORDER BY rowid",
        (f"{where}{form}",),
    ).fetchall()


@settings(max_examples=200, deadline=None)
@given(data=st.data(), unfinished=st.booleans(), in_names=st.booleans())
def test_a_word_or_its_beginning_is_ranked_as_by_fts5(
    index: Index, known: list[str], data: st.DataObject, unfinished: bool, in_names: bool
) -> None:
    word = data.draw(st.sampled_from(known))
    form = Form((word[: data.draw(st.integers(1, len(word)))],), unfinished)
    things, scores = index.ranked(form, in_names=in_names)
    expected = by_fts5(index, form, in_names=in_names)
    assert things.tolist() == [number for number, _ in expected]
    assert scores.tolist() == pytest.approx([score for _, score in expected], rel=1e-12)


@pytest.mark.parametrize(
    "form", [Form(("neural", "network")), Form(("itu-t",)), Form(("Ω",)), Form(("データ",), True)]
)
def test_what_is_no_single_plain_word_is_left_to_fts5(index: Index, form: Form) -> None:
    things, scores = index.ranked(form)
    assert list(zip(things.tolist(), scores.tolist(), strict=True)) == by_fts5(index, form, in_names=False)


def test_a_word_that_nothing_has_finds_nothing(index: Index) -> None:
    for unfinished in (True, False):
        things, scores = index.ranked(Form(("xyzzyx",), unfinished))
        assert len(things) == len(scores) == 0


def test_a_token_is_what_fts5_makes_of_the_word() -> None:
    with closing(sqlite3.connect(":memory:")) as db:
        db.execute("CREATE VIRTUAL TABLE made USING fts5 (word, tokenize = 'unicode61 remove_diacritics 2')")
        db.execute("CREATE VIRTUAL TABLE known USING fts5vocab (made, row)")
        ours = {}
        for sign in map(chr, range(0x250)):
            if words(f"a{sign}b") == [f"a{sign}b"] and token(f"a{sign}b"):
                ours[sign] = token(f"a{sign}b")
                db.execute("INSERT INTO made VALUES (?)", (f"a{sign}b",))
        theirs = {term for (term,) in db.execute("SELECT term FROM known")}
    assert set(ours.values()) == theirs
    assert {"é", "ü", "č", "Ő", "Z", "7"} <= ours.keys()


@pytest.mark.parametrize("text", COMMON)
@pytest.mark.parametrize("count", [1, 20, 300])
def test_the_first_are_the_same_whether_all_names_are_read_or_only_those_that_may_matter(
    index: Index, monkeypatch: pytest.MonkeyPatch, text: str, count: int
) -> None:
    matches = match(index, text)
    assert matches is not None
    every = ranking.ranked(index, matches, len(matches.things))
    assert sorted(every.tolist()) == matches.things.tolist()
    monkeypatch.setattr(ranking, "_LEAST_READ", 2)
    assert ranking.ranked(index, matches, count).tolist() == every[:count].tolist()


@pytest.mark.parametrize("text", COMMON)
def test_a_deep_page_continues_the_list(snapshot: Snapshot, text: str) -> None:
    finder = Finder(snapshot.index)
    whole = [item.iri for batch in finder.each(Wanted(text)) for item in batch]
    page = len(whole) // 20 + 1
    found = finder.search(Wanted(text, page=page))
    assert found.total == len(whole) == len(set(whole))
    assert [item.iri for item in found.items] == whole[20 * (page - 1) :]
    kinds = {value.value: value.count for value in found.facets["kind"]}
    assert sum(kinds.values()) == found.total


def test_postings_that_are_cut_short_are_refused(snapshot: Snapshot, tmp_path: Path) -> None:
    copy = tmp_path / "index.db"
    postings_file(copy).write_bytes(postings_file(snapshot.index).read_bytes()[:-4])
    with pytest.raises(ValueError, match="not whole"):
        read_postings(copy)
    assert columns_file(copy) != postings_file(copy)


def test_every_token_of_every_thing_is_counted(index: Index) -> None:
    counted = index.db.execute("SELECT sum(cnt), sum(doc) FROM vocabulary").fetchone()
    assert (int(index.postings.tokens.sum()), len(index.postings.things)) == counted
    assert np.all(index.postings.weighing > 0)
