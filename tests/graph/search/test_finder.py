"""Finding: what people write leads to what they mean, and the counts add up."""

import contextlib
import sqlite3
import unicodedata
from itertools import combinations
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from isogloss.errors import SnapshotError
from isogloss.graph.search.finder import MOST_VALUES, NONE, SORTS, Finder, Wanted
from isogloss.graph.search.index import write_index
from isogloss.graph.snapshot import Snapshot
from isogloss.ontology import names


@pytest.fixture(scope="module")
def finder(snapshot: Snapshot) -> Finder:
    return Finder(snapshot.index)


def thing(path: str) -> str:
    return f"{names.BASE}id/{path}"


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("y.3800", "publication/itu-t-y.3800"),
        ("ITU-T Rec. Y.3800", "publication/itu-t-y.3800"),
        ("ISO 42001", "publication/iso-iec-42001"),
        ("iso/iec 42001", "publication/iso-iec-42001"),
        ("IEEE 802.11", "publication/ieee-802.11"),
        ("F.RF-EAI", "publication/itu-t-f.rf-eai"),
        ("xstr.aisec", "publication/itu-t-xstr.aisec"),
        ("TR.AISec", "publication/itu-t-xstr.aisec"),
        ("prEN 18281", "publication/en-18281"),
        ("EN 18281", "publication/en-18281"),
        ("caict", "body/caict"),
        ("SG21", "body/itu-t-sg21"),
        ("I.T.U.", "body/itu"),
        ("World Standards Cooperation", "body/wsc"),
    ],
)
def test_an_identifier_or_acronym_comes_first_however_it_is_written(
    finder: Finder, words: str, first: str
) -> None:
    assert finder.search(Wanted(words)).items[0].iri == thing(first)
    assert finder.resolve(words)[0] == thing(first)


def test_an_iri_resolves_to_itself(finder: Finder) -> None:
    assert finder.resolve(thing("body/itu")) == (thing("body/itu"),)
    assert finder.resolve("no such thing at all") == ()


def test_every_word_must_be_found_in_the_text_or_name_a_body_status_or_theme(finder: Finder) -> None:
    found = finder.search(Wanted("embodied draft itu", per_page=100))
    assert found.matched == 3
    assert thing("publication/itu-t-f.rf-eai") in {item.iri for item in found.items}


def test_the_last_word_may_be_unfinished(finder: Finder) -> None:
    assert finder.search(Wanted("quantum key distr")).total > 0


def test_accents_hyphens_and_dotted_abbreviations_make_no_difference(finder: Finder) -> None:
    for one, other in (
        ("brain-computer", "brain computer"),
        ("A.I. security", "AI security"),
        ("Göbel", "Gobel"),
    ):
        assert finder.search(Wanted(one)).total == finder.search(Wanted(other)).total


def test_two_words_that_are_written_as_one_elsewhere_find_both(finder: Finder) -> None:
    for one, other in (("cyber security", "cybersecurity"), ("deep fake", "deepfake")):
        found = {item.iri for batch in finder.each(Wanted(one)) for item in batch}
        assert {
            item.iri
            for batch in finder.each(Wanted(f'"{other}"', {"kind": ("publication",)}))
            for item in batch
        } <= found


def test_a_misspelt_word_gets_the_nearest_known_one(finder: Finder) -> None:
    found = finder.search(Wanted("watermrking"))
    assert found.total == 0
    assert found.instead == "watermarking"


def test_an_item_says_why_it_matched(finder: Finder) -> None:
    item = finder.search(Wanted("y.3800")).items[0]
    assert item.why == "identifier"
    assert "«3800»" in item.extract


def test_facets_narrow_together_and_their_counts_add_up(finder: Finder) -> None:
    everything = finder.search(Wanted(per_page=1))
    kinds = {value.value: value.count for value in everything.facets["kind"]}
    assert sum(kinds.values()) == everything.total
    for kind, count in kinds.items():
        narrowed = finder.search(Wanted(facets={"kind": (kind,)}, per_page=1))
        assert narrowed.total == count
    both = finder.search(
        Wanted(facets={"kind": ("publication",), "status": ("under-development",)}, per_page=1)
    )
    statuses = {value.label: value.count for value in both.facets["status"]}
    assert statuses == {"under development": both.total}


@pytest.mark.parametrize("words", ["", "system", "edge ai draft itu", "explicabilité"])
def test_two_values_together_leave_what_has_both(finder: Finder, words: str) -> None:
    facets = finder.search(Wanted(words, per_page=1)).facets
    values = [(name, value.value) for name, told in facets.items() for value in told[:2]]
    having = {
        (name, value): {item.iri for batch in finder.each(Wanted(words, {name: (value,)})) for item in batch}
        for name, value in values
    }
    for one, other in combinations(values, 2):
        both: dict[str, tuple[str, ...]] = {}
        for name, value in (one, other):
            both[name] = (*both.get(name, ()), value)
        found = {item.iri for batch in finder.each(Wanted(words, both)) for item in batch}
        assert found == having[one] & having[other], (one, other)


def test_a_thing_is_found_under_the_broader_bodies_and_themes(finder: Finder) -> None:
    item = thing("publication/itu-t-f.rf-eai")
    for facet, value in (
        ("body", "itu-t-sg21"),
        ("body", "itu-t"),
        ("body", "itu"),
        ("theme", "embodied-ai"),
    ):
        wanted = Wanted("F.RF-EAI", facets={facet: (value,)})
        assert item in {found.iri for found in finder.search(wanted).items}, (facet, value)


def test_pages_follow_each_other_without_gap_or_overlap(finder: Finder) -> None:
    wanted = Wanted("quantum", sort="title")
    whole = [item.iri for batch in finder.each(wanted) for item in batch]
    paged = [
        i.iri for n in range(1, 20) for i in finder.search(Wanted("quantum", sort="title", page=n)).items
    ]
    assert paged == whole[: len(paged)]
    assert len(whole) == finder.search(wanted).total


@pytest.mark.parametrize("sort", sorted(SORTS))
def test_every_order_gives_the_same_things(finder: Finder, sort: str) -> None:
    found = finder.search(Wanted("security", sort=sort, per_page=100_000))
    assert {item.iri for item in found.items} == {
        item.iri for batch in finder.each(Wanted("security")) for item in batch
    }


def test_years_bound_a_search_on_both_sides(finder: Finder) -> None:
    found = finder.search(Wanted(first_year="2019", last_year="2023", per_page=1000))
    assert found.total > 0
    assert all("2019" <= item.year <= "2023" for item in found.items)


def test_completions_start_with_identifiers(finder: Finder) -> None:
    assert finder.suggest("itu-t y.38")[0].identifier.startswith("ITU-T Y.38")
    assert "watermarking" in {item.label.lower() for item in finder.suggest("waterm")}


def test_completions_start_with_what_is_named_as_a_whole(finder: Finder) -> None:
    for typed, first in (("y.3800", "publication/itu-t-y.3800"), ("ISO 42001", "publication/iso-iec-42001")):
        assert finder.suggest(typed)[0].iri == thing(first)


@pytest.mark.parametrize(
    ("typed", "start"),
    [("iso 420", "ISO/IEC 42001"), ("y.38", "ITU-T Y.3800: "), ("iso 229", "ISO/IEC 22989: ")],
)
def test_completions_begin_with_the_work_though_its_publisher_is_not_whole(
    finder: Finder, typed: str, start: str
) -> None:
    assert finder.suggest(typed)[0].label.startswith(start)


@pytest.mark.parametrize("number", ["978-1-5044-7570-9", "ISBN 978-1-5044-7570-9", "9781504475709"])
def test_an_isbn_leads_to_its_edition_with_and_without_its_name(finder: Finder, number: str) -> None:
    (found,) = finder.resolve(number)
    assert found.endswith("-ethically-aligned-design-for-business-2021")


def test_completions_by_words_favour_what_is_likelier_meant(finder: Finder) -> None:
    """A publication comes before a statement of the report that has the word as well."""
    kinds = [item.kind for item in finder.suggest("radio", limit=20)]
    assert "statement" in kinds
    assert "publication" in kinds[: kinds.index("statement")]


def test_letters_that_no_identifier_has_are_completed_by_no_identifier(finder: Finder) -> None:
    assert finder.suggest("Ωψ") == ()


def test_accents_may_come_as_signs_of_their_own(finder: Finder) -> None:
    composed, apart = (unicodedata.normalize(form, "sécurité des réseaux") for form in ("NFC", "NFD"))
    assert composed != apart
    found = finder.search(Wanted(composed))
    assert found.total > 0
    assert finder.search(Wanted(apart)) == found


ANY_SIGNS = st.characters(exclude_categories=())  # halves of signs as well, which JSON may hold


@settings(max_examples=150, deadline=None)
@given(words=st.text(ANY_SIGNS, max_size=80))
@example("qkd \ud800")
@example("\0qkd\0")
@example('label: "qkd" NOT NEAR(* ^')
@example("word " * 10_000)
@example("x" * 100_000)
def test_no_words_can_break_the_search(finder: Finder, words: str) -> None:
    found = finder.search(Wanted(words, per_page=3))
    assert len(found.items) <= 3
    finder.suggest(words)
    finder.resolve(words)


@given(
    value=st.text(ANY_SIGNS, max_size=40),
    facet=st.sampled_from(["kind", "body", "theme", "nonsense", "status"]),
)
@settings(max_examples=50, deadline=None)
def test_no_facet_value_can_break_the_search(finder: Finder, value: str, facet: str) -> None:
    assert finder.search(Wanted("quantum", {facet: (value,)}, first_year=value)).total >= 0
    assert finder.items([value]) == ()


def test_an_index_that_is_not_there_is_an_error_of_ours(tmp_path: Path) -> None:
    with pytest.raises(SnapshotError, match="search index"):
        Finder(tmp_path / "none.db").search(Wanted("x"))


def test_an_index_that_is_broken_after_its_head_is_an_error_of_ours(
    snapshot: Snapshot, tmp_path: Path
) -> None:
    path = tmp_path / "index.db"
    whole = snapshot.index.read_bytes()
    path.write_bytes(whole[:20_000] + b"\xff" * 200_000)
    with pytest.raises(SnapshotError, match="search index"):
        Finder(path).search(Wanted("quantum"))
    with pytest.raises(SnapshotError, match="search index"):
        list(Finder(path).each(Wanted("quantum")))


def test_a_facet_with_many_values_tells_how_many_are_left_out_and_gives_all_on_demand(finder: Finder) -> None:
    found = finder.search(Wanted(per_page=1))
    bodies = found.facets["body"]
    assert len(bodies) == MOST_VALUES
    whole = finder.search(Wanted(per_page=1, whole="body"))
    assert len(whole.facets["body"]) == MOST_VALUES + found.left_out["body"]
    assert "body" not in whole.left_out
    assert whole.facets["body"][:MOST_VALUES] == bodies


@pytest.mark.parametrize("facet", ["status", "year"])
def test_what_has_no_value_of_a_facet_is_counted_and_found(finder: Finder, facet: str) -> None:
    found = finder.search(Wanted("quantum", per_page=1))
    counts = {value.value: value.count for value in found.facets[facet]}
    assert sum(counts.values()) == found.total
    assert finder.search(Wanted("quantum", {facet: (NONE,)}, per_page=1)).total == counts[NONE]


def test_the_same_store_gives_the_same_index(store: Store, tmp_path: Path) -> None:
    for name in ("one.db", "two.db"):
        write_index(store, tmp_path / name)
    dumps = [content(tmp_path / name) for name in ("one.db", "two.db")]
    assert dumps[0] == dumps[1]
    for ending in (".columns", ".postings"):
        beside = [(tmp_path / name).with_suffix(ending).read_bytes() for name in ("one.db", "two.db")]
        assert beside[0] == beside[1]


def content(path: Path) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(path)) as db:
        tables = ("thing", "identifier", "facet", "value", "words", "term", "theme_name")
        return [row for table in tables for row in db.execute(f"SELECT * FROM {table}")]  # noqa: S608
