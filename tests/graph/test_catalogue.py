"""The shipped catalogue: enough of it, each fact with its source, and nothing of the report contradicted."""

import csv
import shutil
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store, Triple

from isogloss.errors import SourceError
from isogloss.graph import terms
from isogloss.graph.catalogue import read_catalogue
from isogloss.graph.glossary import declared_things
from isogloss.graph.identifiers import parse
from isogloss.graph.report import read_report
from isogloss.graph.sources import package_folder, scheme_things
from isogloss.ontology import names

DATA = package_folder("isogloss.graph") / "data"
ONTOLOGY = package_folder("isogloss.ontology")
KNOWN = scheme_things(sorted((ONTOLOGY / "schemes").glob("*.ttl")))
DOCUMENTS = declared_things((DATA / "glossary",))
GRAPH = NamedNode(names.graph("catalogue"))


def told() -> set[Triple]:
    return read_report(DATA / "report", KNOWN).triples


def publication(slug: str) -> NamedNode:
    return NamedNode(names.thing("publication", slug))


def status(slug: str) -> NamedNode:
    return NamedNode(names.thing("concept", f"status/{slug}"))


def count(store: Store, pattern: str) -> int:
    prefixes = "".join(f"PREFIX {prefix}: <{iri}>\n" for prefix, iri in names.PREFIXES.items())
    found = store.query(f"{prefixes}SELECT (COUNT(DISTINCT ?x) AS ?n) {{ {pattern} }}")
    assert isinstance(found, QuerySolutions)
    (row,) = found
    assert isinstance(row["n"], Literal)
    return int(row["n"].value)


@pytest.fixture
def tables(tmp_path: Path) -> Path:
    """A copy of the tables, to be broken."""
    return Path(shutil.copytree(DATA / "catalogue", tmp_path / "catalogue"))


def append(path: Path, **cells: str) -> None:
    with path.open(encoding="utf-8", newline="") as handle:
        header = next(csv.reader(handle))
    with path.open("a", encoding="utf-8", newline="") as handle:
        csv.DictWriter(handle, header, lineterminator="\n").writerow(cells)


def test_there_are_over_1500_works_from_over_12_bodies(store: Store) -> None:
    assert count(store, "?x a ig:Publication ; ig:recordedStatus ?any") > 1500
    assert count(store, "?work a ig:Publication ; ig:recordedStatus ?any ; ig:publishedBy ?x") > 12


def test_each_has_title_body_type_status_link_source_and_reason(store: Store) -> None:
    works = count(store, "?x a ig:Publication ; ig:recordedStatus ?any")
    for path in (
        "dcterms:title",
        "ig:publishedBy",
        "ig:status",
        "foaf:page",
        "dcterms:source",
        "ig:selectedBy",
    ):
        assert count(store, f"?x a ig:Publication ; ig:recordedStatus ?any ; {path} ?value") == works, path
    typed = "?x a ig:Publication, ?c ; ig:recordedStatus ?any . ?c rdfs:subClassOf+ ig:Publication"
    assert count(store, typed) == works


def test_no_work_has_two_statuses_or_two_labels(store: Store) -> None:
    assert count(store, "?x ig:recordedStatus ?a ; ig:status ?s, ?t FILTER(?s != ?t)") == 0
    assert (
        count(store, "?x ig:recordedStatus ?a ; rdfs:label ?s, ?t FILTER(?s != ?t && LANG(?s) = LANG(?t))")
        == 0
    )


def test_what_the_report_cites_is_joined_to_its_record_and_both_statuses_are_kept(store: Store) -> None:
    work = publication("itu-t-x.1710")
    recorded = store.quads_for_pattern(work, terms.prefixed("ig:recordedStatus"), None, GRAPH)
    assert [quad.object for quad in recorded] == [status("unknown")]
    cited = list(
        store.quads_for_pattern(
            work, terms.prefixed("ig:citedIn"), None, NamedNode(names.graph("report-2025"))
        )
    )
    assert cited
    edition = Triple(publication("itu-t-x.1710-2020-10"), terms.prefixed("ig:editionOf"), work)
    assert list(store.quads_for_pattern(edition.subject, edition.predicate, edition.object, GRAPH))


def test_a_thing_that_the_report_describes_keeps_its_label_type_and_date() -> None:
    triples = read_catalogue(DATA / "catalogue", KNOWN, told(), DOCUMENTS)
    once = {terms.prefixed(name) for name in ("rdf:type", "rdfs:label", "ig:status")}
    assert not [t for t in triples if t.predicate in once and t.subject == publication("iso-iec-42001")]
    titles = [t for t in triples if t.predicate == terms.prefixed("dcterms:title")]
    assert any(t.subject == publication("iso-iec-42001") for t in titles)


def test_a_european_draft_stands_under_its_stage_and_the_slug_of_what_it_becomes() -> None:
    with (DATA / "catalogue" / "publications.csv").open(encoding="utf-8", newline="") as handle:
        rows = [row for row in csv.DictReader(handle) if row["publishers"] == "cen-cenelec"]
    parsed = [(row, found) for row in rows if (found := parse(row["identifier"])) is not None]
    assert len(parsed) > 20
    for row, found in parsed:
        assert found.work.slug == row["slug"]
        if row["status"] != "under-development":
            assert not found.is_draft, row["slug"]
        elif "in publication" not in row["stage"]:
            assert found.draft_of_work is not None, row["slug"]


def test_what_the_report_leaves_open_is_taken_from_the_record(store: Store) -> None:
    work = publication("itu-t-x.1710")
    (date,) = store.quads_for_pattern(work, terms.prefixed("dcterms:issued"), None, GRAPH)
    assert isinstance(date.object, Literal)
    assert date.object.value.startswith("2020")
    told_title = store.quads_for_pattern(
        publication("itu-t-y.4471"), terms.prefixed("dcterms:title"), None, None
    )
    assert {quad.object for quad in told_title} == {
        Literal(
            "Functional architecture of network-based driving assistance for autonomous vehicles",
            language="en",
        )
    }


def test_a_study_period_names_the_record_or_address_that_tells_it(store: Store) -> None:
    told_periods = "GRAPH <https://w3id.org/isogloss/graph/catalogue> { ?x ig:studyPeriod ?period }"
    assert count(store, told_periods) >= 3
    assert count(store, told_periods + " FILTER NOT EXISTS { ?x dcterms:source ?record }") == 0


def test_titles_are_given_in_every_language_of_the_record(store: Store) -> None:
    title = Literal(
        "Technologies de l'information - Intelligence artificielle - Système de management", language="fr"
    )
    assert list(
        store.quads_for_pattern(publication("iso-iec-42001"), terms.prefixed("dcterms:title"), title, GRAPH)
    )


def test_one_text_of_iso_and_iec_is_one_edition_with_both_records_behind_it(store: Store) -> None:
    edition = publication("iso-iec-22989-2022")
    sources = store.quads_for_pattern(edition, terms.prefixed("dcterms:source"), None, GRAPH)
    archives = {quad.object.value.split("@")[0] for quad in sources if isinstance(quad.object, Literal)}
    assert archives == {"relaton/relaton-data-iec", "relaton/relaton-data-iso"}


def test_european_and_national_adoptions_are_linked_and_not_merged(store: Store) -> None:
    adopts = terms.prefixed("ig:adopts")
    for adoption, adopted in (("en-iso-iec-22989", "iso-iec-22989"), ("etsi-ts-128-105", "3gpp-ts-28.105")):
        assert list(store.quads_for_pattern(publication(adoption), adopts, publication(adopted), GRAPH))


def test_a_use_case_is_proposed_with_a_reason_and_is_no_fact(store: Store) -> None:
    assert count(store, "?x a ig:ProposedUseCase ; ig:reason ?why ; ig:confidence ?sure") > 100
    assert count(store, "?work ig:useCase ?x") == 0
    served = "?p ig:proposedObject ?x ; ig:proposedSubject"
    assert count(store, f"{served} <{publication('itu-t-f.746.9').value}> . ?x a ig:UseCase") == 1


def test_a_rule_for_a_use_case_that_is_nowhere_is_an_error_with_its_place(tables: Path) -> None:
    append(tables / "usecases.csv", usecase="nowhere", pattern="x", reason="y", confidence="0.5")
    with pytest.raises(SourceError, match=r"usecases.csv:\d+ \[usecase\]"):
        read_catalogue(tables, KNOWN, told(), DOCUMENTS)


def test_an_answer_to_a_gap_is_proposed_with_a_reason_and_is_no_fact(store: Store) -> None:
    assert (
        count(
            store,
            "?x a ig:ProposedAnswer ; ig:reason ?why ; ig:confidence ?sure ; ig:proposedObject/a ig:Gap",
        )
        > 50
    )
    assert count(store, "?x ig:addresses ?gap") == 0


def test_every_theme_of_the_catalogue_names_the_rule_that_gave_it(store: Store) -> None:
    given = "GRAPH <https://w3id.org/isogloss/graph/catalogue> { ?x ig:theme ?theme }"
    assert count(store, given + " FILTER NOT EXISTS { ?x ig:classifiedBy/ig:assigns ?theme }") == 0


def test_no_abstract_is_stored() -> None:
    with (DATA / "catalogue" / "publications.csv").open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    assert "abstract" not in rows[0]
    assert (
        max(len(cell) for row in rows for name, cell in row.items() if name not in ("rules", "source")) < 600
    )


@pytest.mark.parametrize(
    ("file", "field", "cells"),
    [
        ("editions.csv", "work", "slug=x work=nowhere status=in-force date=2020 source=s"),
        ("assignments.csv", "publication", "publication=nowhere rules=theme-qkd"),
        ("assignments.csv", "rules", "publication=itu-t-y.3800 rules=no-such-rule"),
        ("proposals.csv", "statement", "publication=itu-t-y.3800 statement=no reason=r confidence=0.5"),
        ("joined.csv", "slug", "slug=nowhere source=s"),
        ("unstated.csv", "slug", "slug=nowhere page=why"),
        ("studygroups.csv", "slug", "slug=nowhere periods=2025-2028 source=s"),
        ("bodies.csv", "parent", "slug=b name=B kind=Committee parent=nobody source=s"),
    ],
)
def test_a_row_that_points_to_nothing_is_named(tables: Path, file: str, field: str, cells: str) -> None:
    append(tables / file, **dict(cell.split("=") for cell in cells.split()))
    with pytest.raises(SourceError) as caught:
        read_catalogue(tables, KNOWN, told(), DOCUMENTS)
    assert caught.value.field == field
    assert caught.value.line is not None


def test_a_document_of_a_vocabulary_takes_status_and_date_from_its_record(store: Store) -> None:
    document = f"<{names.thing('publication', 'itu-t-y.3100')}>"
    rule = f"<{names.thing('concept', 'selection-rule/vocabulary-source')}>"
    assert count(store, f"{document} ig:selectedBy {rule} ; ig:status ?x ; ig:recordedStatus ?x") == 1
    assert count(store, f"{document} dcterms:issued ?x ; ig:stage 'Published'") == 1
    assert count(store, f"{document} ig:themeUnstated ?x FILTER NOT EXISTS {{ {document} ig:theme ?y }}") == 1


def test_a_document_without_a_record_is_classified_all_the_same(store: Store) -> None:
    document = f"<{names.thing('publication', 'airo')}>"
    assert (
        count(store, f"{document} ig:theme ?x FILTER NOT EXISTS {{ {document} ig:recordedStatus ?y }}") == 1
    )


def test_who_is_here_for_a_vocabulary_has_one(store: Store) -> None:
    rule = f"<{names.thing('concept', 'selection-rule/vocabulary-source')}>"
    assert count(store, f"?x ig:selectedBy {rule}") > 30
    assert count(store, f"?x ig:selectedBy {rule} FILTER NOT EXISTS {{ ?term ig:definedIn ?x }}") == 0


def test_an_edition_without_an_identifier_goes_by_its_title(store: Store) -> None:
    label = NamedNode(names.PREFIXES["rdfs"] + "label")
    edition = publication("ieee-federated-machine-learning-2021")
    (quad,) = store.quads_for_pattern(edition, label, None, GRAPH)
    assert isinstance(quad.object, Literal)
    assert quad.object.value == "IEEE Federated Machine Learning (2021)"
