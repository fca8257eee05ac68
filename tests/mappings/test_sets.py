"""Mapping sets: what is written is what is read, and nothing merges a match with its denial."""

import json
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sssom_pydantic import SemanticMapping

from isogloss.errors import MappingError, SourceError
from isogloss.mappings import sets
from isogloss.mappings.claims import STATUSES, claim, status_of, with_status
from isogloss.mappings.diff import diff
from isogloss.mappings.review import comment_of

from .making import table


def read(folder: Path, text: str, name: str = "x.sssom.tsv") -> sets.Alignment:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return sets.read(path)


def test_a_set_comes_back_as_it_was_written(tmp_path: Path) -> None:
    first = read(
        tmp_path, table({"mapping_status": "accepted", "predicate_modifier": "Not"}, {"object_id": "b:two"})
    )
    sets.write(first, tmp_path / "y.sssom.tsv")
    again = sets.read(tmp_path / "y.sssom.tsv")
    assert sorted(again.mappings) == sorted(first.mappings)
    assert again.about == first.about
    assert "\r" not in (tmp_path / "y.sssom.tsv").read_text(encoding="utf-8")


def test_json_says_what_the_table_says(tmp_path: Path) -> None:
    first = read(tmp_path, table({"mapping_status": "rejected"}, {"object_id": "sssom:NoTermFound"}))
    (tmp_path / "x.json").write_text(sets.to_json(first), encoding="utf-8")
    assert sorted(sets.read(tmp_path / "x.json").mappings) == sorted(first.mappings)


def test_a_broken_row_is_told_with_its_line(tmp_path: Path) -> None:
    path = tmp_path / "x.sssom.tsv"
    path.write_text(table({}, {"confidence": "much"}), encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        sets.read(path)
    lines = path.read_text(encoding="utf-8").splitlines()
    assert "much" in lines[caught.value.line - 1]  # type: ignore[operator]
    kept, errors = sets.read_leniently(path)
    assert (len(kept.mappings), len(errors)) == (1, 1)


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ("#license: ", "#mapping_set_title: other\n#license: ", "mapping_set_title"),
        ("#  b: ", "#  a: https://example.org/\n#  b: ", "a"),
        ("\tsubject_label\t", "\tsubject_id\t", "subject_id"),
    ],
)
def test_a_key_or_a_column_that_stands_twice_is_refused_with_its_line(
    tmp_path: Path, before: str, after: str, field: str
) -> None:
    text = table({}).replace(before, after)
    with pytest.raises(SourceError, match="twice") as caught:
        read(tmp_path, text)
    assert caught.value.field == field
    assert field in text.splitlines()[(caught.value.line or 0) - 1]


@pytest.mark.parametrize("text", ["", "#curie_map: [", "subject_id\nx\n", "#mapping_set_id: 1\n#- x\n"])
def test_what_is_no_set_is_refused_in_one_line(tmp_path: Path, text: str) -> None:
    with pytest.raises(SourceError) as caught:
        read(tmp_path, text)
    assert "\n" not in str(caught.value)


@given(st.text(max_size=200))
def test_no_text_brings_the_reader_down(tmp_path_factory: pytest.TempPathFactory, text: str) -> None:
    path = tmp_path_factory.mktemp("any") / "x.sssom.tsv"
    path.write_text(text, encoding="utf-8", errors="surrogatepass")
    with suppress(SourceError):
        sets.read_leniently(path)


def test_a_prefix_that_nobody_declared_is_an_error(tmp_path: Path) -> None:
    path = _written(tmp_path, table({"object_id": "zz:one"}))
    _, (error,) = sets.read_leniently(path)
    assert (error.message, error.field) == ("the prefix zz is not in the curie_map", "object_id")
    assert "zz:one" in path.read_text(encoding="utf-8").splitlines()[(error.line or 0) - 1]


@pytest.mark.parametrize("text", ["[]", "3", '{"subject": 1}', '{"mappings": {}}', '{"mappings": [3]}'])
def test_json_that_is_no_set_is_told_as_that(tmp_path: Path, text: str) -> None:
    path = tmp_path / "x.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(SourceError, match="an object with a list of mappings is expected"):
        sets.read(path)


def test_in_json_an_error_says_which_record_it_is_in(tmp_path: Path) -> None:
    written = json.loads(sets.to_json(read(tmp_path, table({}, {"object_id": "b:two"}))))
    written["mappings"][1]["object_id"] = "zz:two"
    path = tmp_path / "x.json"
    path.write_text(json.dumps(written), encoding="utf-8")
    _, (error,) = sets.read_leniently(path)
    assert (error.message, error.line) == ("record 2: the prefix zz is not in the curie_map", None)


def test_a_set_without_a_name_goes_by_that_of_its_file(tmp_path: Path) -> None:
    unnamed = "".join(
        line for line in table({}).splitlines(keepends=True) if not line.startswith("#mapping_set_id")
    )
    found = read(tmp_path, unnamed)
    assert str(found.about.id).endswith("/set/x")
    assert len(found.mappings) == 1


def test_a_review_column_is_read_even_where_the_head_does_not_declare_it(tmp_path: Path) -> None:
    text = table({"mapping_status": "rejected"})
    start = text.index("#extension_definitions")
    undeclared = text[:start] + text[text.index("#license") :]
    rows = undeclared.splitlines()
    rows[-2:] = [f"{rows[-2]}\treview_comment", f"{rows[-1]}\tNot this."]
    (mapping,) = read(tmp_path, "\n".join(rows) + "\n").mappings
    assert (status_of(mapping), comment_of(mapping)) == ("rejected", "Not this.")


@pytest.mark.parametrize("put_around", ["{}\t\t\t", '"{}"', '"{}"\t'])
def test_a_set_that_went_through_a_spreadsheet_is_read(tmp_path: Path, put_around: str) -> None:
    lines = [put_around.format(x) if x.startswith("#") else x for x in table({}).splitlines()]
    found = read(tmp_path, "\r\n".join(lines) + "\r\n")
    assert len(found.mappings) == 1
    assert found.about.title == "a and b"


@pytest.mark.parametrize(("text", "line"), [("#a: 1\n#b: @x\n#c: 2\n", 2), ("#a: 1\nno set\nat all\n", 2)])
def test_what_is_no_set_is_refused_with_its_line(tmp_path: Path, text: str, line: int) -> None:
    with pytest.raises(SourceError) as caught:
        read(tmp_path, text)
    assert caught.value.line == line


def _written(folder: Path, text: str) -> Path:
    path = folder / "x.sssom.tsv"
    path.write_text(text, encoding="utf-8")
    return path


def test_a_spreadsheet_has_the_columns_in_the_order_of_the_set(tmp_path: Path) -> None:
    known = read(tmp_path, table({"object_id": "b:two"}, {"predicate_modifier": "Not", "confidence": "0.1"}))
    rows = [line for line in sets.to_text(known).splitlines() if not line.startswith("#")]
    assert sets.to_csv(known).splitlines()[0].split(",") == rows[0].split("\t")


def test_deduping_keeps_a_match_and_its_denial_apart(tmp_path: Path) -> None:
    both = read(tmp_path, table({}, {"predicate_modifier": "Not"}))
    assert len(sets.dedupe(both.mappings)) == 2


def test_deduping_sees_that_a_record_and_its_inverse_say_the_same(tmp_path: Path) -> None:
    same = read(
        tmp_path,
        table(
            {"predicate_id": "skos:broadMatch", "confidence": "0.3"},
            {"subject_id": "b:one", "object_id": "a:one", "predicate_id": "skos:narrowMatch"},
        ),
    )
    (kept,) = sets.dedupe(same.mappings)
    assert kept.confidence == 0.9


def test_a_judged_record_outlives_a_more_confident_proposal(tmp_path: Path) -> None:
    rows = table({"confidence": "0.99"}, {"confidence": "0.5", "mapping_status": "rejected"})
    (kept,) = sets.dedupe(read(tmp_path, rows).mappings)
    assert status_of(kept) == "rejected"


def test_merging_joins_sets_and_their_prefixes(tmp_path: Path) -> None:
    one = read(tmp_path, table({}))
    other = read(tmp_path, table({}, {"object_id": "b:two"}))
    merged = sets.merge([one, other])
    assert {m.object.curie for m in merged.mappings} == {"b:one", "b:two"}
    sets.write(merged, tmp_path / "m.sssom.tsv")
    assert len(sets.read(tmp_path / "m.sssom.tsv").mappings) == 2


def test_one_vocabulary_under_two_prefixes_is_one_after_merging(tmp_path: Path) -> None:
    one = read(tmp_path, table({}))
    other = read(tmp_path, table({}).replace("b:", "bee:"))
    (kept,) = sets.merge([one, other]).mappings
    assert kept.object.curie == "b:one"


def test_one_prefix_for_two_vocabularies_cannot_be_merged(tmp_path: Path) -> None:
    one = read(tmp_path, table({}))
    other = read(tmp_path, table({}).replace("id/term/b/", "id/term/c/"))
    with pytest.raises(MappingError, match="the prefix b stands for"):
        sets.merge([one, other])


@pytest.mark.parametrize(
    ("agreement", "status"),
    [("1.0", "accepted"), ("-0.9", "rejected"), ("0.2", "proposed"), ("", "proposed")],
)
def test_a_review_made_elsewhere_counts_as_a_status(tmp_path: Path, agreement: str, status: str) -> None:
    (mapping,) = read(tmp_path, table({"reviewer_agreement": agreement})).mappings
    assert status_of(mapping) == status


@pytest.mark.parametrize("status", STATUSES)
def test_a_status_can_be_set(tmp_path: Path, status: str) -> None:
    (mapping,) = read(tmp_path, table({"mapping_status": "proposed"})).mappings
    assert status_of(with_status(mapping, status)) == status


def test_a_claim_has_its_ends_as_iris(tmp_path: Path) -> None:
    only = read(tmp_path, table({"predicate_modifier": "Not"}))
    says = claim(only.mappings[0], only.converter)
    assert (says.subject, says.predicate, says.negated) == (
        "https://w3id.org/isogloss/id/term/a/one", "exactMatch", True,
    )  # fmt: skip
    assert not says.joins


def test_a_difference_is_told_in_words(tmp_path: Path) -> None:
    old = read(tmp_path, table({"subject_label": "One"}, {"object_id": "b:gone"}))
    new = read(
        tmp_path,
        table(
            {"subject_label": "One", "mapping_status": "accepted", "confidence": "1.0"},
            {"object_id": "b:new", "predicate_modifier": "Not"},
        ),
    )
    assert list(diff(old, new)) == [
        "removed: one (a:one) means the same as gone (b:gone)",
        "added: it is denied that one (a:one) means the same as new (b:new) (proposed)",
        "changed: One (a:one) means the same as one (b:one): "
        "from proposed to accepted; confidence from 0.9 to 1.0",
    ]
    assert list(diff(old, old)) == []


def test_the_csv_has_a_row_a_record(tmp_path: Path) -> None:
    text = sets.to_csv(read(tmp_path, table({}, {"object_id": "b:two"})))
    assert text.splitlines()[0].startswith("subject_id,")
    assert len(text.splitlines()) == 3


def test_records_without_a_set_of_ours_get_a_head_when_they_carry_a_status(tmp_path: Path) -> None:
    bare = "\n".join(
        line for line in table({}).splitlines() if "extension" not in line and "slot" not in line
    )
    bare = bare.replace("#  property: ig:mappingStatus\n", "").replace("#  type_hint: xsd:string\n", "")
    only = read(tmp_path, bare + "\n")
    marked: tuple[SemanticMapping, ...] = tuple(with_status(m, "accepted") for m in only.mappings)
    sets.write(sets.Alignment(marked, only.converter, only.about), tmp_path / "z.sssom.tsv")
    assert status_of(sets.read(tmp_path / "z.sssom.tsv").mappings[0]) == "accepted"
