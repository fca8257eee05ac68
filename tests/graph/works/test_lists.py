"""Lists of publications in the state: loading again updates, nothing is lost, and all of it becomes facts."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store

from isogloss.graph.readers.publication_lists import read_publications
from isogloss.graph.works.kept import read_kept, record_files
from isogloss.graph.works.loading import Report, load_list
from isogloss.graph.works.source import write_loaded
from isogloss.ontology.names import PREFIXES, thing

HEAD = "identifier,title,type,publishers,developers,status,date,keywords,DOI,adopts\n"
RISKS = (
    "ISO/IEC 99991:2021,AI risks,international standard,ISO | IEC,ISO/IEC JTC 1/SC 99,in force,2021-05,"
    "edge AI | fog,10.1/x,\n"
)
WORK = "ISO/IEC 99991,AI risks,international standard,ISO,,in force,2021-05,,,\n"
DRAFT = "X 7,On AI,work item,Our club,,under development,2026,,,ISO/IEC 99991 | ISO 5\n"


def put(folder: Path, *rows: str) -> Report:
    path = folder / "mine.csv"
    path.write_text(HEAD + "".join(rows), encoding="utf-8")
    return load_list(folder / "state", read_publications(path, "mine"), "mine")


def told(report: Report) -> tuple[int, int, int, int]:
    return report.kept, report.new, report.changed, report.gone


def test_loading_again_changes_nothing_and_a_newer_list_updates(tmp_path: Path) -> None:
    assert told(put(tmp_path, RISKS, DRAFT)) == (2, 2, 0, 0)
    (file,) = record_files(tmp_path / "state")
    before = file.read_bytes()
    assert told(put(tmp_path, RISKS, DRAFT)) == (2, 0, 0, 0)
    assert file.read_bytes() == before
    assert told(put(tmp_path, RISKS.replace("risks", "hazards"), DRAFT)) == (2, 0, 1, 0)


def test_what_a_list_holds_no_more_is_kept_and_marked(tmp_path: Path) -> None:
    put(tmp_path, RISKS, DRAFT)
    assert told(put(tmp_path, RISKS)) == (1, 0, 0, 1)
    kept = list(read_kept(record_files(tmp_path / "state")[0]))
    assert [bool(one.gone) for one in kept] == [False, True]


def test_a_row_that_can_no_longer_be_read_leaves_what_was_read_before(tmp_path: Path) -> None:
    put(tmp_path, RISKS)
    report = put(tmp_path, RISKS.replace("2021-05", "May"))
    assert [one.path for one in report.refused] == ["ISO/IEC 99991:2021"]
    assert [one.gone for one in read_kept(record_files(tmp_path / "state")[0])] == [""]


def test_the_rules_select_from_a_list_too(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text(HEAD + "X 1,Artificial intelligence,,,,,,,,\nX 2,Bolts,,,,,,,,\n")
    read = read_publications(path, "mine")
    report = load_list(tmp_path / "state", read, "mine", select="isogloss.graph.selection:select")
    assert (report.read, report.kept) == (2, 1)


@pytest.fixture
def known() -> Store:
    """A theme and a body that other sources describe."""
    store = Store()
    label = NamedNode(PREFIXES["rdfs"] + "label")
    told = {
        thing("theme", "edge-ai"): "edge AI",
        thing("body", "club"): "Our club",
        thing("body", "iso-iec-jtc-1-sc-99"): "ISO/IEC JTC 1/SC 99",
    }
    for iri, name in told.items():
        store.add(Quad(NamedNode(iri), label, Literal(name)))
    return store


def facts(folder: Path, known: Store) -> Store:
    path = folder / "loaded.nq"
    write_loaded(record_files(folder / "state"), known, path)
    found = Store()
    found.load(path=str(path), format=RdfFormat.N_QUADS)
    return found


def values(store: Store, slug: str, name: str) -> set[str]:
    prefix, local = name.split(":")
    subject = NamedNode(thing("publication", slug))
    quads = store.quads_for_pattern(subject, NamedNode(PREFIXES[prefix] + local), None, None)
    return {quad.object.value for quad in quads if isinstance(quad.object, (NamedNode, Literal))}


def test_everything_that_a_list_says_becomes_a_fact(tmp_path: Path, known: Store) -> None:
    put(tmp_path, WORK, RISKS, DRAFT)
    store = facts(tmp_path, known)
    work, edition = "iso-iec-99991", "iso-iec-99991-2021"
    assert values(store, work, "dcterms:issued") == {"2021-05"}
    assert {name.rpartition("/")[2] for name in values(store, work, "ig:status")} == {"in-force"}
    assert thing("theme", "edge-ai") in values(store, work, "ig:theme")
    assert values(store, work, "dcat:keyword") == {"fog"}
    assert thing("body", "iso-iec-jtc-1-sc-99") in values(store, work, "ig:developedBy")
    assert "doi:10.1/x" in values(store, edition, "dcterms:identifier")
    assert values(store, edition, "ig:editionOf") == {thing("publication", work)}
    assert PREFIXES["ig"] + "InternationalStandard" in values(store, work, "rdf:type")


def test_bodies_and_what_is_adopted_are_found_by_name(tmp_path: Path, known: Store) -> None:
    short = RISKS.replace("ISO/IEC JTC 1/SC 99", "SC 99")
    put(tmp_path, WORK, short, DRAFT, "Y 8,On X,,,,,2020,,,X 7 | Y 7\n")
    store = facts(tmp_path, known)
    assert values(store, "iso-iec-99991", "ig:developedBy") == {thing("body", "iso-iec-jtc-1-sc-99")}
    assert values(store, "y-8-2020", "ig:adopts") == {thing("publication", "x-7")}
    assert values(store, "y-8-2020", "skos:editorialNote") == {"adopts Y 7, of which there is no record here"}
    assert values(store, "x-7", "ig:publishedBy") == {thing("body", "club")}
    assert values(store, "x-7", "ig:adopts") == {thing("publication", "iso-iec-99991")}
    assert values(store, "x-7", "skos:editorialNote") == {"adopts ISO 5, of which there is no record here"}
