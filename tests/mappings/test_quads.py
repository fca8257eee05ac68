"""Mappings in the graph: a match only for what is accepted and affirmed, everything else a record."""

from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad

from isogloss.graph.mapping_quads import INFERRED, MAPPINGS, quads, serialised
from isogloss.mappings import sets
from isogloss.mappings.claims import SKOS

from .making import iri, table

IG = "https://w3id.org/isogloss/ontology#"
SSSOM = "https://w3id.org/sssom/"


def graph(folder: Path, *rows: dict[str, str]) -> set[Quad]:
    path = folder / "x.sssom.tsv"
    path.write_text(table(*rows), encoding="utf-8")
    return set(quads([sets.read(path)]))


def matches(found: set[Quad]) -> set[tuple[str, str, str]]:
    return {
        (str(q.subject.value), q.predicate.value.removeprefix(SKOS), str(q.object.value))  # type: ignore[union-attr]
        for q in found
        if q.predicate.value.startswith(SKOS) and q.predicate.value.endswith("Match")
    }


ACCEPTED = {"mapping_status": "accepted", "reviewer_id": "body:iso", "reviewer_agreement": "1.0"}


def test_an_accepted_record_states_its_match(tmp_path: Path) -> None:
    found = graph(tmp_path, ACCEPTED)
    assert matches(found) == {(iri("a/one"), "exactMatch", iri("b/one"))}
    assert all(q.graph_name == MAPPINGS for q in found)


@pytest.mark.parametrize("status", ["proposed", "rejected", "superseded", ""])
def test_no_other_status_states_a_match(tmp_path: Path, status: str) -> None:
    assert matches(graph(tmp_path, {"mapping_status": status})) == set()


@pytest.mark.parametrize(
    "row",
    [
        {"predicate_modifier": "Not"},
        {"object_id": "sssom:NoTermFound", "object_source": "vocabulary:b"},
        {"predicate_id": "skos:exactMatch", "predicate_modifier": "Not", "object_id": "b:two"},
    ],
)
def test_neither_a_denial_nor_an_absence_ever_states_a_match(tmp_path: Path, row: dict[str, str]) -> None:
    found = graph(tmp_path, {**ACCEPTED, **row})
    assert matches(found) == set()
    assert NamedNode(IG + "Mapping") in {q.object for q in found}


def test_every_record_is_a_resource_with_its_slots(tmp_path: Path) -> None:
    row = {**ACCEPTED, "record_id": "mapping:x", "predicate_modifier": "Not", "subject_label": "One"}
    record = NamedNode("https://w3id.org/isogloss/id/mapping/x")
    said = {
        (q.predicate.value.removeprefix(SSSOM), q.object.value)  # type: ignore[union-attr]
        for q in graph(tmp_path, row)
        if q.subject == record
    }
    assert {
        ("subject_id", iri("a/one")),
        ("predicate_id", SKOS + "exactMatch"),
        ("predicate_modifier", "Not"),
        ("confidence", "0.9"),
        ("reviewer_id", "https://w3id.org/isogloss/id/body/iso"),
        ("reviewer_agreement", "1"),
        (IG + "mappingStatus", "https://w3id.org/isogloss/id/concept/mapping-status/accepted"),
    } <= said


def test_what_follows_is_a_marked_record_in_the_inferred_graph_and_states_no_match(tmp_path: Path) -> None:
    rows = (
        {**ACCEPTED, "object_id": "b:one"},
        {**ACCEPTED, "subject_id": "b:one", "object_id": "vocabulary:c/one"},
    )
    found = graph(tmp_path, *rows)
    derived = {q for q in found if q.graph_name == INFERRED}
    assert NamedNode(IG + "DerivedMapping") in {q.object for q in derived}
    assert matches(derived) == set()
    chain = [q.object for q in derived if q.predicate.value == SSSOM + "derived_from"]
    assert len(chain) == 2
    assert set(chain) <= {q.subject for q in found if q.graph_name == MAPPINGS}


def test_the_same_set_makes_the_same_text(tmp_path: Path) -> None:
    path = tmp_path / "x.sssom.tsv"
    path.write_text(table(ACCEPTED, {"object_id": "b:two"}), encoding="utf-8")
    alignment = sets.read(path)
    assert serialised(alignment, "nq") == serialised(alignment, "nq")
    assert "skos:exactMatch" in serialised(alignment, "ttl")
