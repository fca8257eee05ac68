"""Reviews: who judged a mapping, how it then stands, and what a file of reviews brings."""

from datetime import date
from pathlib import Path

import pytest
from curies import Reference
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Store

from isogloss.errors import MappingError, NotFound
from isogloss.graph.mapping_quads import quads
from isogloss.graph.review_quads import review_quads
from isogloss.mappings import sets
from isogloss.mappings.claims import status_of
from isogloss.mappings.intake import take_in
from isogloss.mappings.judged import Judged, after
from isogloss.mappings.review import Review, comment_of, reviewed, reviewer
from isogloss.mappings.selecting import named, of_sets

from .making import iri, table, terms

JANE = "0000-0002-1825-0097"
DAY = date(2026, 11, 23)
KNOWN = {"record_id": "mapping:one", "mapping_status": "proposed"}


def read(folder: Path, *rows: dict[str, str]) -> sets.Alignment:
    path = folder / "x.sssom.tsv"
    path.write_text(table(*rows), encoding="utf-8")
    return sets.read(path)


@pytest.fixture
def known(tmp_path: Path) -> Judged:
    return Judged((read(tmp_path, KNOWN, {"record_id": "mapping:two", "object_id": "b:two"}),))


def names(alignment: sets.Alignment) -> list[str]:
    return [mapping.record.curie for mapping in alignment.mappings if mapping.record]


def judge(known: Judged, status: str, *records: str, comment: str = "") -> Judged:
    found = named(known, records)
    review = Review((reviewer(JANE),), status, DAY, comment=comment)
    judged = tuple(reviewed(mapping, review) for mapping in found.mappings)
    return after(known, [sets.Alignment(judged, found.converter, found.about)])


@pytest.mark.parametrize("text", [JANE, f"orcid:{JANE}", f"https://orcid.org/{JANE}", f" {JANE} "])
def test_an_orcid_is_read_however_it_is_written(text: str) -> None:
    assert reviewer(text).curie == f"orcid:{JANE}"


def test_a_body_can_review_too() -> None:
    assert reviewer("body:iso").curie == "body:iso"
    assert reviewer("0000-0002-1694-233X").identifier.endswith("X")


@given(place=st.integers(0, 14), digit=st.integers(1, 9))
def test_an_orcid_with_a_wrong_digit_is_none(place: int, digit: int) -> None:
    digits = JANE.replace("-", "")
    wrong = digits[:place] + str((int(digits[place]) + digit) % 10) + digits[place + 1 :]
    with pytest.raises(MappingError, match="no ORCID"):
        reviewer("-".join(wrong[start : start + 4] for start in range(0, 16, 4)))


@pytest.mark.parametrize("text", ["Jane", "", "body:", "orcid:123"])
def test_a_name_alone_is_no_reviewer(text: str) -> None:
    with pytest.raises(MappingError, match="names no reviewer"):
        reviewer(text)


def test_a_review_fills_the_slots_of_the_record(known: Judged) -> None:
    mapping = judge(known, "accepted", "one", comment="Both read").sets[0].mappings[0]
    assert status_of(mapping) == "accepted"
    assert [each.curie for each in mapping.reviewers or ()] == [f"orcid:{JANE}"]
    assert (mapping.review_date, mapping.reviewer_agreement) == (DAY, 1.0)
    assert comment_of(mapping) == "Both read"


def test_an_agreement_that_denies_the_verdict_is_refused(known: Judged) -> None:
    mapping = known.sets[0].mappings[0]
    for status, agreement in (("accepted", -0.5), ("accepted", 0.0), ("rejected", 0.5)):
        with pytest.raises(MappingError, match="does not go with"):
            reviewed(mapping, Review((reviewer(JANE),), status, DAY, agreement))


def test_nobody_accepts_what_they_made(known: Judged) -> None:
    own = known.sets[0].mappings[0].model_copy(update={"authors": [Reference.from_curie("body:iso")]})
    with pytest.raises(MappingError, match="cannot accept it"):
        reviewed(own, Review((reviewer("body:iso"),), "accepted", DAY))
    assert status_of(reviewed(own, Review((reviewer("body:iso"),), "rejected", DAY))) == "rejected"


def test_what_was_there_before_a_review_is_kept(known: Judged) -> None:
    once = judge(known, "accepted", "one")
    twice = judge(once, "rejected", "mapping:one")
    history = twice.earlier["https://w3id.org/isogloss/id/mapping/one"]
    assert [status_of(version) for version in history] == ["proposed", "accepted"]
    assert status_of(twice.sets[0].mappings[0]) == "rejected"
    assert len(twice.sets[0].mappings) == 2


def test_a_record_that_is_not_there_is_told_with_the_nearest(known: Judged) -> None:
    with pytest.raises(NotFound, match="near it are"):
        named(known, ["onee"])


def test_sets_are_taken_by_name_vocabulary_and_status(known: Judged) -> None:
    judged = judge(known, "accepted", "one")
    assert len(of_sets(judged, ["a--b"]).mappings) == len(of_sets(judged, ["b"]).mappings) == 2
    assert names(of_sets(judged, [], "accepted")) == ["mapping:one"]
    with pytest.raises(NotFound, match="no mapping set c"):
        of_sets(judged, ["c"])


def test_a_file_brings_its_reviews_once(known: Judged, tmp_path: Path) -> None:
    row = {**KNOWN, "reviewer_id": f"orcid:{JANE}", "reviewer_agreement": "0.8"}
    brought = take_in(known, read(tmp_path, row), DAY)
    assert (brought.reviews, brought.new, brought.unchanged) == (1, 0, 0)
    assert status_of(brought.change.mappings[0]) == "accepted"
    again = take_in(after(known, [brought.change]), read(tmp_path, row), date(2027, 1, 1))
    assert (again.reviews, again.unchanged) == (0, 1)


def test_a_file_from_before_a_review_does_not_undo_it(known: Judged, tmp_path: Path) -> None:
    judged = judge(known, "accepted", "one")
    brought = take_in(judged, read(tmp_path, KNOWN), DAY)
    assert (brought.reviews, brought.unchanged, brought.refused) == (0, 1, ())


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"mapping_status": "accepted"}, "no reviewer says so"),
        ({"object_id": "b:other"}, "claims something else"),
        (
            {"reviewer_id": f"orcid:{JANE}", "mapping_status": "accepted", "reviewer_agreement": "-1"},
            "go with",
        ),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_reason(
    known: Judged, tmp_path: Path, row: dict[str, str], why: str
) -> None:
    brought = take_in(known, read(tmp_path, {**KNOWN, **row}), DAY)
    assert brought.change.mappings == ()
    assert why in brought.refused[0].says


def test_a_review_without_a_day_is_refused_where_no_day_may_be_put_in(known: Judged, tmp_path: Path) -> None:
    row = {**KNOWN, "reviewer_id": f"orcid:{JANE}", "mapping_status": "accepted"}
    assert "no date" in take_in(known, read(tmp_path, row), None).refused[0].says
    assert take_in(known, read(tmp_path, {**row, "review_date": "2026-01-02"}), None).reviews == 1


def test_a_new_record_gets_an_identifier_and_goes_to_the_set_of_its_pair(
    known: Judged, tmp_path: Path
) -> None:
    brought = take_in(known, read(tmp_path, {"subject_id": "b:new", "object_id": "a:new"}), DAY)
    assert brought.new == 1
    (alignment,) = after(known, [brought.change]).sets
    assert "mapping:b-new-exact-a-new" in names(alignment)
    source = brought.change.mappings[0].subject_source
    assert source is not None
    assert source.curie == "vocabulary:b"


def test_the_same_claim_from_the_other_end_is_the_same_record(known: Judged, tmp_path: Path) -> None:
    row = {
        "subject_id": "b:one",
        "object_id": "a:one",
        "reviewer_id": "body:iso",
        "mapping_status": "rejected",
    }
    brought = take_in(known, read(tmp_path, row), DAY)
    assert brought.reviews == 1
    assert names(brought.change) == ["mapping:one"]
    assert brought.change.mappings[0].subject.curie == "a:one"


def test_a_new_record_to_a_term_that_is_not_there_is_refused(known: Judged, tmp_path: Path) -> None:
    offered = read(tmp_path, {"object_id": "b:none"})
    assert take_in(known, offered, DAY, terms("a/one", "b/one")).refused[0].kind == "no-such-term"


def test_every_review_is_a_thing_with_its_reviewer_day_and_verdict(known: Judged) -> None:
    judged = judge(judge(known, "accepted", "one", comment="Yes"), "rejected", "one", comment="No")
    store = Store()
    store.extend([*quads(judged.sets), *review_quads(judged)])
    found = store.query(
        "PREFIX ig: <https://w3id.org/isogloss/ontology#> PREFIX sssom: <https://w3id.org/sssom/>"
        " PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>"
        " SELECT ?review ?label ?by ?why WHERE { GRAPH ?g { ?review a ig:Review ; rdfs:label ?label ;"
        " sssom:reviewer_id ?by ; rdfs:comment ?why ; ig:verdict ?verdict ; ig:reviewOf ?record } }"
        " ORDER BY ?review"
    )
    record = "https://w3id.org/isogloss/id/mapping/one"
    orcid = f"https://orcid.org/{JANE}"
    assert [tuple(value.value for value in row) for row in found] == [  # type: ignore[union-attr]
        (f"{record}#review-1", f"Accepted by {JANE} on 2026-11-23", orcid, "Yes"),
        (f"{record}#review-2", f"Rejected by {JANE} on 2026-11-23", orcid, "No"),
    ]


def test_only_the_last_verdict_states_a_match(known: Judged) -> None:
    exact = NamedNode("http://www.w3.org/2004/02/skos/core#exactMatch")

    def matched(judged: Judged) -> set[str]:
        return {q.subject.value for q in quads(judged.sets) if q.predicate == exact}  # type: ignore[union-attr]

    accepted = judge(known, "accepted", "one")
    assert matched(accepted) == {iri("a/one")}
    assert matched(judge(accepted, "rejected", "one")) == set()
