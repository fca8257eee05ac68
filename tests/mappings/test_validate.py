"""Validation: every kind of fault is told, with the record and what to do."""

from pathlib import Path

import pytest

from isogloss.mappings.findings import Finding
from isogloss.mappings.terms import Terms
from isogloss.mappings.validate import validate_file

from .making import table, terms

KNOWN = terms("a/one", "a/two", "b/one", "b/two")


def found(folder: Path, *rows: dict[str, str], known: Terms | None = KNOWN) -> list[Finding]:
    path = folder / "x.sssom.tsv"
    path.write_text(table(*rows), encoding="utf-8")
    return list(validate_file(path, known))


def test_a_sound_set_has_no_findings(tmp_path: Path) -> None:
    sound = {"record_id": "mapping:x", "subject_label": "one", "mapping_status": "proposed"}
    assert found(tmp_path, sound) == []


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ({"confidence": "2"}, "schema"),
        ({"object_id": "zz:one"}, "schema"),
        ({"predicate_id": "rdfs:seeAlso"}, "predicate"),
        ({"mapping_justification": "semapv:Guessing"}, "justification"),
        ({"mapping_status": "maybe"}, "status"),
        ({"mapping_status": "accepted"}, "evidence"),
        ({"object_id": "a:one"}, "self"),
        ({"object_id": "a:two"}, "one-vocabulary"),
        ({"object_id": "b:three"}, "no-such-term"),
        ({"subject_label": "another"}, "label"),
        ({"object_id": "sssom:NoTermFound"}, "no-term"),
        (
            {"object_id": "sssom:NoTermFound", "predicate_modifier": "Not", "object_source": "vocabulary:b"},
            "no-term",
        ),
    ],
)
def test_each_fault_has_its_finding(tmp_path: Path, row: dict[str, str], kind: str) -> None:
    (finding,) = found(tmp_path, row)
    assert (finding.kind, finding.weight) == (kind, "error")
    assert finding.next_step


@pytest.mark.parametrize(
    ("row", "field"),
    [
        ({"object_id": "zz:one"}, "object_id"),
        ({"predicate_id": "rdfs:seeAlso"}, "predicate_id"),
        ({"mapping_justification": "semapv:Guessing"}, "mapping_justification"),
        ({"mapping_status": "maybe"}, "mapping_status"),
        ({"object_id": "b:three"}, "object_id"),
        ({"subject_label": "another"}, "subject_label"),
    ],
)
def test_a_finding_names_the_line_and_the_field(tmp_path: Path, row: dict[str, str], field: str) -> None:
    sound = {"record_id": "mapping:sound", "subject_id": "a:two", "object_id": "b:two"}
    (told,) = found(tmp_path, sound, {"record_id": "mapping:faulty", **row})
    line = (tmp_path / "x.sssom.tsv").read_text(encoding="utf-8").splitlines()[(told.line or 0) - 1]
    assert line.startswith("mapping:faulty")
    assert told.field == field
    assert told.place == f":{told.line} [{field}]"


def test_lines_are_right_beside_a_row_that_is_no_record(tmp_path: Path) -> None:
    broken, faulty = {"confidence": "2"}, {"object_id": "b:three"}
    first, second = found(tmp_path, broken, faulty)
    assert (second.line or 0) - (first.line or 0) == 1


def test_terms_of_two_ontologies_of_one_home_are_of_two_vocabularies(tmp_path: Path) -> None:
    home = "http://purl.obolibrary.org/obo/"
    path = tmp_path / "x.sssom.tsv"
    row = {"subject_id": "HP:0009124", "object_id": "MP:0000003"}
    declared = f"#curie_map:\n#  HP: {home}HP_\n#  MP: {home}MP_\n"
    path.write_text(table(row).replace("#curie_map:\n", declared), encoding="utf-8")
    assert validate_file(path) == ()


def test_a_review_is_evidence_for_an_accepted_record(tmp_path: Path) -> None:
    row = {"mapping_status": "accepted", "reviewer_id": "body:iso"}
    assert found(tmp_path, {**row, "reviewer_agreement": "1.0"}) == []
    assert [f.kind for f in found(tmp_path, {**row, "reviewer_agreement": "-1.0"})] == ["evidence"]


def test_an_absence_that_says_where_it_looked_is_sound(tmp_path: Path) -> None:
    assert found(tmp_path, {"object_id": "sssom:NoTermFound", "object_source": "vocabulary:b"}) == []


def test_ends_are_looked_up_only_where_terms_are_given(tmp_path: Path) -> None:
    assert found(tmp_path, {"object_id": "b:three"}, known=None) == []


def test_two_exact_counterparts_in_one_vocabulary_are_one_too_many(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, {}, {"object_id": "b:two"})
    assert finding.kind == "cardinality"
    assert found(tmp_path, {}, {"object_id": "b:two", "predicate_modifier": "Not"}) == []
    assert found(tmp_path, {}, {"object_id": "b:two", "mapping_status": "rejected"}) == []


def test_records_that_repeat_or_share_an_identifier_are_told(tmp_path: Path) -> None:
    kinds = {
        finding.kind for finding in found(tmp_path, {"record_id": "mapping:x"}, {"record_id": "mapping:x"})
    }
    assert kinds == {"identifier", "repeated"}


def test_the_nearest_term_is_named_for_a_wrong_slug(tmp_path: Path) -> None:
    (finding,) = found(tmp_path, {"object_id": "b:1", "object_label": "two"})
    assert finding.next_step == "use b/two"
