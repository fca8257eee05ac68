"""What loaded records become in the graph, and that they join what the report and the catalogue tell."""

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Literal, NamedNode, QuerySolutions, RdfFormat, Store

from isogloss.errors import CheckFailed
from isogloss.graph.build import build
from isogloss.graph.readers.relaton import Committee, Record, Relation
from isogloss.graph.record_checks import check_records
from isogloss.graph.rules import INFERRED, load_rules, materialise
from isogloss.graph.snapshot import Snapshot
from isogloss.graph.sources import Source, shipped_sources
from isogloss.graph.works.kept import Kept, encode, record_files, write_lines
from isogloss.graph.works.source import loaded_sources, write_loaded
from isogloss.ontology.names import PREFIXES, graph, thing

LOADED = graph("loaded")

RECORDS = (
    Record(
        "ITU-T X.1710 (10/2020)", (("ITU", "ITU-T X.1710 (10/2020)"),), {"en": "Security framework for QKD"},
        "recommendation", ("ITU",), (Committee("", "ITU-T Study Group 17"),), {"stage": "Published"},
        dates={"published": "2020-10-29"}, links=(("src", "https://www.itu.int/rec/T-REC-X.1710"),),
        archive="itu", path="data/x-1710.yaml", languages=("en",),
    ),
    Record(
        "ISO/IEC 99992:2020", (("ISO", "ISO/IEC 99992:2020"), ("URN", "urn:iso:std:iso-iec:99992")),
        {"en": 'A "quoted" title', "fr": "Un titre"}, "international-standard", ("ISO", "IEC"),
        (Committee("ISO/IEC JTC 1/SC 42", "Artificial intelligence"),), stage="60.60",
        dates={"published": "2020-05"}, ics=(("35.020", "Information technology in general"),),
        links=(("src", "https://www.iso.org/{x}"),), archive="iso", path="data/a.yaml",
    ),
    Record(
        "ISO/IEC 99992:2020", titles={"en": 'A "quoted" title'}, type="international-standard",
        status={"stage": "PUBLISHED"}, dates={"published": "2020-05-12"}, archive="iec", path="data/b.yaml",
    ),
    Record("ISO/IEC CD 99992", titles={"en": "A title"}, stage="30.60", archive="iso", path="data/c.yaml"),
    Record(
        "ISO/IEC 99993:2021", titles={"en": "B"}, stage="60.60", dates={"published": "2021"}, edition="1",
        archive="iso", path="data/f.yaml",
    ),
    Record("ISO/IEC DIS 99993", titles={"en": "B"}, stage="40.99", edition="1", archive="iso", path="data/g"),
    Record(
        "ITU-T X.99999 (01/2021)", (("ITU", "ITU-T X.99999 (01/2021)"), ("ISO", "ISO/IEC 99992")),
        {"en": "A title"}, "recommendation", dates={"published": "2021-01-01"}, archive="itu", path="data/d",
        committees=(Committee("", "ITU-T Study Group 21"),),
    ),
    Record(
        "ETSI TS 129 999 V17.1.0 (2024-01)",
        titles={"en": "5G; X (3GPP TS 29.999 version 17.1.0 Release 17)"},
        type="Technical Specification", dates={"published": "2024-01"}, archive="etsi", path="data/e",
        relations=(Relation("updates", "nothing known"),),
    ),
)  # fmt: skip


def state_with(folder: Path, records: tuple[Record, ...], gone: str = "") -> Path:
    for archive in {one.archive for one in records}:
        write_lines(folder, archive, (encode(Kept(r, gone=gone)) for r in records if r.archive == archive))
    return folder


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Snapshot:
    state = state_with(tmp_path_factory.mktemp("loaded"), RECORDS)
    return build(state, (*shipped_sources(), *loaded_sources(state)))


@pytest.fixture(scope="module")
def loaded(built: Snapshot) -> Store:
    return Store.read_only(str(built.store))


def objects(store: Store, slug: str, name: str, kind: str = "publication") -> set[str]:
    """What graph/loaded states of a thing, IRIs of ours as kind/slug."""
    prefix, local = name.split(":")
    found = store.quads_for_pattern(
        NamedNode(thing(kind, slug)), NamedNode(PREFIXES[prefix] + local), None, NamedNode(LOADED)
    )
    values = (quad.object for quad in found)
    return {value.value.split("/id/")[-1] for value in values if isinstance(value, NamedNode | Literal)}


def test_a_work_and_its_edition_carry_what_the_record_tells(loaded: Store) -> None:
    assert objects(loaded, "iso-iec-99992", "dcterms:title") == {'A "quoted" title', "Un titre"}
    assert objects(loaded, "iso-iec-99992", "ig:publishedBy") == {"body/iso", "body/iec"}
    assert objects(loaded, "iso-iec-99992", "ig:developedBy") == {"body/iso-iec-jtc-1-sc-42"}
    assert objects(loaded, "iso-iec-99992", "ig:ics") == {"concept/ics/35.020"}
    assert objects(loaded, "iso-iec-99992-2020", "ig:editionOf") == {"publication/iso-iec-99992"}
    assert objects(loaded, "iso-iec-99992-2020", "dcterms:issued") == {"2020-05-12"}
    assert objects(loaded, "iso-iec-99992-2020", "foaf:page") == {"https://www.iso.org/%7Bx%7D"}


def test_two_records_stand_behind_one_edition_with_the_bodies_own_words_and_the_rule(loaded: Store) -> None:
    assert objects(loaded, "iso-iec-99992-2020", "dcterms:source") == {"iso:data/a.yaml", "iec:data/b.yaml"}
    assert objects(loaded, "iso-iec-99992-2020", "ig:stage") == {"60.60", "PUBLISHED"}
    assert objects(loaded, "iso-iec-99992-2020", "ig:mergedBy") == {"same-identifier: iec:data/b.yaml"}


def test_a_draft_of_which_the_text_is_out_is_superseded_by_it(loaded: Store) -> None:
    assert objects(loaded, "iso-iec-99993-draft", "ig:status") == {"concept/status/superseded"}
    assert objects(loaded, "iso-iec-99993-draft", "ig:revises") == set()
    assert objects(loaded, "iso-iec-99993-2021", "ig:supersedes") == {"publication/iso-iec-99993-draft"}


def test_a_draft_of_the_next_edition_is_a_work_item_that_revises_the_work(loaded: Store) -> None:
    assert objects(loaded, "iso-iec-99992-draft", "rdf:type") == {PREFIXES["ig"] + "WorkItem"}
    assert objects(loaded, "iso-iec-99992-draft", "ig:revises") == {"publication/iso-iec-99992"}
    assert objects(loaded, "iso-iec-99992-draft", "ig:status") == {"concept/status/under-development"}


def test_committees_stand_in_their_tree_and_study_groups_have_their_periods(loaded: Store) -> None:
    above = "org:subOrganizationOf"
    assert objects(loaded, "iso-iec-jtc-1-sc-42", above, "body") == {"body/iso-iec-jtc-1"}
    assert objects(loaded, "iso-iec-jtc-1", above, "body") == {"body/iso", "body/iec"}
    assert objects(loaded, "itu-t-sg21", above, "body") == {"body/itu-t"}
    assert objects(loaded, "itu-t-sg21", "ig:studyPeriod", "body") == {"2025-2028"}
    assert objects(loaded, "itu-t-sg21", "dcterms:replaces", "body") == {"body/itu-t-sg9", "body/itu-t-sg16"}
    assert objects(loaded, "itu-t-sg16", "ig:studyPeriod", "body") == {"2022-2024"}


def test_what_another_graph_tells_of_a_publication_stands_and_the_record_beside_it(loaded: Store) -> None:
    assert objects(loaded, "itu-t-x.1710", "ig:status") == set()
    assert objects(loaded, "itu-t-x.1710", "rdfs:label") == set()
    assert objects(loaded, "itu-t-x.1710", "ig:recordedStatus") == {"concept/status/in-force"}
    assert objects(loaded, "itu-t-x.1710", "dcterms:source") == {"itu:data/x-1710.yaml"}


def test_a_common_text_and_an_adoption_are_linked_and_not_merged(loaded: Store) -> None:
    assert objects(loaded, "itu-t-x.99999", "ig:commonTextWith") == {"publication/iso-iec-99992"}
    assert objects(loaded, "etsi-ts-129-999-v17.1.0", "ig:adopts") == {"publication/3gpp-ts-29.999"}
    assert objects(loaded, "3gpp-ts-29.999", "dcterms:title") == {"5G; X"}


def test_the_classes_of_the_ics_form_a_scheme_of_what_occurs(loaded: Store) -> None:
    assert objects(loaded, "ics/35.020", "skos:notation", "concept") == {"35.020"}
    assert objects(loaded, "ics/35.020", "skos:broader", "concept") == {"concept/ics/35"}
    assert objects(loaded, "ics/35.020", "skos:inScheme", "concept") == {"scheme/ics"}


def test_the_rules_reach_loaded_records(loaded: Store) -> None:
    found = loaded.query(
        f"ASK {{ <{thing('publication', 'iso-iec-99992')}> <{PREFIXES['ig']}newestEditionInForce>"
        f" <{thing('publication', 'iso-iec-99992-2020')}> }}",
        use_default_graph_as_union=True,
    )
    assert found


def test_the_order_of_the_records_changes_nothing(tmp_path: Path) -> None:
    written = []
    for name, records in ("one", RECORDS), ("two", tuple(reversed(RECORDS))):
        path = tmp_path / f"{name}.nq"
        write_loaded(record_files(state_with(tmp_path / name, records)), Store(), path)
        written.append(sorted(path.read_bytes().splitlines()))
    assert written[0] == written[1]


def test_a_text_that_is_gone_upstream_is_kept_and_says_so(tmp_path: Path) -> None:
    state = state_with(tmp_path, RECORDS[1:2], gone="2026-11-01")
    (source,) = loaded_sources(state)
    store = Store()
    store.bulk_extend(source.read())
    assert objects(store, "iso-iec-99992-2020", "ig:goneUpstream") == {"2026-11-01"}


def written_of(folder: Path, *records: Record) -> Store:
    (source,) = loaded_sources(state_with(folder, records))
    store = Store()
    store.bulk_extend(source.read())
    return store


def test_a_corrigendum_is_tied_to_its_base_though_the_work_goes_by_another_name_now(tmp_path: Path) -> None:
    store = written_of(
        tmp_path,
        Record("ISO 99995:1987", titles={"en": "A title"}, dates={"published": "1987"}, archive="iso",
               path="a", stage="95.99", relations=(Relation("updates", "ISO/IEC 99995:1996"),)),
        Record("ISO 99995:1987/Cor 1:1990", titles={"en": "C"}, dates={"published": "1990"}, archive="iso",
               path="b", stage="95.99", relations=(Relation("updates", "ISO/IEC 99995:1996"),)),
        Record("ISO/IEC 99995:1996", titles={"en": "A title"}, dates={"published": "1996"}, archive="iso",
               path="c", stage="60.60"),
    )  # fmt: skip
    assert objects(store, "iso-99995-1987-cor-1-1990", "ig:amends") == {"publication/iso-99995-1987"}
    assert objects(store, "iso-iec-99995-1996", "ig:supersedes") == {
        "publication/iso-99995-1987", "publication/iso-99995-1987-cor-1-1990",
    }  # fmt: skip
    # The work itself supersedes no corrigendum that was merely taken up into its next edition.
    assert objects(store, "iso-iec-99995", "ig:supersedes") == set()


def test_nothing_loaded_is_no_source(tmp_path: Path) -> None:
    assert loaded_sources(tmp_path) == ()


def test_every_term_of_ours_that_loaded_records_use_is_declared(loaded: Store) -> None:
    rows = loaded.query(
        f"SELECT DISTINCT ?p WHERE {{ GRAPH <{LOADED}> {{ ?s ?p ?o }}"
        f" FILTER(STRSTARTS(STR(?p), '{PREFIXES['ig']}'))"
        f" FILTER NOT EXISTS {{ GRAPH <{graph('ontology')}> {{ ?p a ?kind }} }} }}"
    )
    assert isinstance(rows, QuerySolutions)
    assert list(rows) == []


def test_a_loaded_record_that_breaks_a_rule_is_named(tmp_path: Path) -> None:
    text = f"<{thing('publication', 'x-2020')}> a <{PREFIXES['ig']}Edition> ."
    store = Store()
    store.load(text, RdfFormat.TURTLE, to_graph=NamedNode(LOADED))
    with pytest.raises(CheckFailed) as failed:
        check_records(store, NamedNode(LOADED))
    assert any("x-2020> is an edition without a date" in line for line in failed.value.findings)


def test_a_source_that_writes_is_also_read_as_quads(tmp_path: Path) -> None:
    (source,) = loaded_sources(state_with(tmp_path, RECORDS))
    assert isinstance(source, Source)
    assert {str(quad.graph_name) for quad in source.read()} == {f"<{LOADED}>"}


def test_rules_that_see_only_what_they_read_find_what_they_find_over_everything(built: Snapshot) -> None:
    store = Store.read_only(str(built.store))
    everything = Store()
    derived = (
        f"<{thing('mapping', 'derived/')}"  # mappings that sources themselves put among what is inferred
    )
    everything.bulk_extend(
        quad
        for quad in store
        if quad.graph_name not in (INFERRED, DefaultGraph())
        or (quad.graph_name == INFERRED and str(quad.subject).startswith(derived))
    )
    materialise(everything, load_rules())
    found, expected = (
        {quad.triple for quad in each.quads_for_pattern(None, None, None, INFERRED)}
        for each in (store, everything)
    )
    assert found == expected
