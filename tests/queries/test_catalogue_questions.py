"""The ready questions about the catalogue, asked of the shipped snapshot."""

import re
from collections import Counter

import pytest
from pyoxigraph import BlankNode, DefaultGraph, NamedNode, Store, Triple

from isogloss.graph.terms import prefixed
from isogloss.queries.library import ReadyQuery, load_library

from .answers import Table, answer, columns, full, read_expected, write_expected

Term = NamedNode | BlankNode | Triple

LIBRARY = {name: query for name, query in load_library().items() if name.startswith("catalogue-")}
# Answers that hang on the catalogue's tables alone, kept whole; what only counts is counted again instead.
WHOLE = ("catalogue-in-force-by-committee", "catalogue-unstated")
DATABASE_BODIES = {"id:body/itu", "id:body/iso", "id:body/iec", "id:body/ieee", "id:body/ietf"}


def asked(store: Store, name: str, **values: str) -> Table:
    return answer(store, LIBRARY[name], values)


def by_body(store: Store, column: str) -> dict[str, int]:
    rows = columns(asked(store, "catalogue-coverage-bodies"), "body", column)
    return {row[0]: int(row[1]) for row in rows}


@pytest.mark.parametrize("name", WHOLE)
def test_the_whole_answer_in_its_order(store: Store, name: str, regenerate: bool) -> None:
    table = asked(store, name)
    if regenerate:
        write_expected(name, table)
    assert table == read_expected(name)


@pytest.fixture(scope="module")
def works(store: Store) -> set[Term]:
    """The works that are counted: with a record behind them, and about something that has a theme."""
    recorded = subjects(store, "ig:recordedStatus")
    return (recorded & subjects(store, "rdf:type", "ig:Publication")) - subjects(store, "ig:themeUnstated")


def subjects(store: Store, prop: str, value: str = "") -> set[Term]:
    """What has this property, with this value where one is given; prefixed names or IRIs."""
    quads = store.quads_for_pattern(None, node(prop), node(value) if value else None, DefaultGraph())
    return {quad.subject for quad in quads}


def node(name: str) -> NamedNode:
    return NamedNode(full(name)) if name.startswith("id:") else prefixed(name)


def test_each_field_counts_the_works_that_have_it(store: Store, works: set[Term]) -> None:
    fields = re.findall(r'\("\w+" "([^"]+)" (\w+:\w+)', LIBRARY["catalogue-coverage-fields"].text)
    rows = columns(asked(store, "catalogue-coverage-fields"), "field", "publications")
    assert sorted(rows) == sorted((name, str(len(works & subjects(store, prop)))) for name, prop in fields)
    assert fields


def test_each_type_counts_its_works(store: Store, works: set[Term]) -> None:
    rows = columns(asked(store, "catalogue-coverage-types"), "type", "publications")
    types = subjects(store, "skos:inScheme", "id:scheme/publication-types")
    assert {node(type_) for type_, _ in rows} == types
    for type_, count in rows:
        assert int(count) == len(works & subjects(store, "ig:publicationType", type_)), type_


def test_each_body_counts_its_works_those_in_force_and_drafts(store: Store, works: set[Term]) -> None:
    status = {
        name: subjects(store, "ig:recordedStatus", f"id:concept/status/{name}")
        for name in ("in-force", "under-development")
    }
    for row in columns(
        asked(store, "catalogue-coverage-bodies"), "body", "works", "inForce", "underDevelopment"
    ):
        own = works & subjects(store, "ig:publishedBy", row[0])
        assert row[1:] == tuple(
            str(len(each)) for each in (own, own & status["in-force"], own & status["under-development"])
        )


@pytest.mark.parametrize("query", LIBRARY.values(), ids=LIBRARY)
def test_every_question_has_an_answer_without_repeated_rows(store: Store, query: ReadyQuery) -> None:
    _, rows = answer(store, query)
    assert rows
    assert [row for row, times in Counter(rows).items() if times > 1] == []


def test_qkd_standards_in_force_since_2020_come_from_several_committees(store: Store) -> None:
    rows = columns(asked(store, "catalogue-in-force-by-committee"), "committee", "issued")
    assert {"id:body/itu-t-sg13", "id:body/itu-t-sg11", "id:body/etsi-quantum-key-distribution"} <= {
        body for body, _ in rows
    }
    assert all(issued >= "2020" for _, issued in rows)


def test_the_theme_and_the_date_can_be_changed(store: Store) -> None:
    rows = columns(
        asked(
            store, "catalogue-in-force-by-committee", theme="id:theme/brain-computer-interfaces", since="2025"
        ),
        "edition",
        "issued",
    )
    assert ("id:publication/iso-iec-8663-2025", "2025-09-25") in rows
    assert all(issued >= "2025" for _, issued in rows)


def test_the_catalogue_is_larger_than_the_database_that_the_report_describes(store: Store) -> None:
    rows = {
        measure: (told, int(counted))
        for measure, told, counted in asked(store, "catalogue-coverage-counts")[1]
    }
    told, counted = rows["AI standards and technical reports"]
    assert told == "over 700"
    assert counted > 1500
    assert rows["types of publication"] == ("1 to 7", 7)
    assert rows["publishing bodies"][1] > 12


def test_every_field_that_the_report_names_is_told_with_its_statement(store: Store) -> None:
    rows = asked(store, "catalogue-coverage-fields")[1]
    told = {field: statement for _, field, statement, _ in rows}
    assert told["human-AI activity"] == "id:statement/2-finding-metadata-ai-use-human-ai-activity"
    assert told["code repository"] == "id:statement/2-finding-metadata-other-code-repository"
    assert told["ICS class"] == ""
    assert sum(bool(statement) for statement in told.values()) == 14


def test_the_facets_hold_every_value_of_their_schemes(store: Store) -> None:
    rows = columns(asked(store, "catalogue-coverage-facets"), "facet", "value", "publications")
    assert {facet for facet, *_ in rows} == {
        "industry vertical",
        "human-AI activity",
        "application area",
        "status",
    }
    statuses = {value: int(count) for facet, value, count in rows if facet == "status"}
    assert sum(statuses.values()) == max(
        int(count) for *_, count in asked(store, "catalogue-coverage-counts")[1]
    )


def test_all_five_bodies_of_the_database_are_covered_in_force_and_more_besides(store: Store) -> None:
    rows = columns(asked(store, "catalogue-coverage-bodies"), "body", "namedForTheDatabase", "inForce")
    named = {body for body, is_named, in_force in rows if is_named == "true" and int(in_force) > 0}
    assert named == DATABASE_BODIES
    assert len(rows) > 50


def test_the_landscape_adds_up_to_no_more_than_each_body_has(store: Store) -> None:
    works = by_body(store, "works")
    for body, _, _, _, _, count in asked(store, "catalogue-landscape")[1]:
        assert int(count) <= works[body]


def test_drafts_by_year_add_up_to_the_works_under_development(store: Store) -> None:
    drafts = Counter[str]()
    for body, _, _, count in asked(store, "catalogue-drafts-by-year")[1]:
        drafts[body] += int(count)
    assert drafts == {body: count for body, count in by_body(store, "underDevelopment").items() if count}


def test_themes_with_gaps_and_few_publications_come_first(store: Store) -> None:
    _, rows = asked(store, "catalogue-themes-gaps-and-publications")
    shares = [float(row[-1]) for row in rows]
    assert shares == sorted(shares, reverse=True)
    assert {"id:theme/ai-energy-environment", "id:theme/trustworthy-ai-testing"} <= {row[0] for row in rows}


def test_a_status_that_report_and_record_tell_differently_is_shown_with_the_bodys_word(store: Store) -> None:
    rows = columns(asked(store, "catalogue-told-and-recorded"), "publication", "told", "recorded", "stage")
    assert ("id:publication/itu-t-l.1450", "unknown", "in force", "Published") in rows
    assert all(told != recorded for _, told, recorded, _ in rows)


def test_proposed_answers_give_a_reason_and_how_sure_they_are(store: Store) -> None:
    rows = columns(asked(store, "catalogue-proposed-answers"), "gap", "reason", "confidence")
    assert len(rows) > 50
    assert all(reason and 0 < float(confidence) < 1 for _, reason, confidence in rows)


def test_proposed_use_cases_give_a_reason_and_how_sure_they_are(store: Store) -> None:
    rows = columns(
        asked(store, "catalogue-proposed-use-cases"), "publication", "useCase", "reason", "confidence"
    )
    served = {(publication, case) for publication, case, *_ in rows}
    assert ("id:publication/itu-t-f.748.75", "id:usecase/tunnel-inspection-robots") in served
    assert ("id:publication/itu-t-m.3367", "id:usecase/imr-smart-patrol") in served
    assert all(reason and 0 < float(confidence) < 1 for *_, reason, confidence in rows)


def test_a_publication_tells_how_it_got_here(store: Store) -> None:
    rows = asked(store, "catalogue-how-it-got-here", publication="id:publication/itu-t-y.3800")[1]
    kinds = {how for how, *_ in rows}
    assert {"selected by", "classified by", "recorded in"} <= kinds
    assert (
        "classified by",
        "quantum key distribution, from the title",
        "quantum key distribution",
        "0.97",
    ) in rows


def test_each_selection_rule_counts_what_it_kept(store: Store) -> None:
    rows = columns(asked(store, "catalogue-selection-rules"), "rule", "works", "byItAlone")
    assert all(int(alone) <= int(works) for _, works, alone in rows)
    assert {rule: int(works) > 50 for rule, works, _ in rows}["id:concept/selection-rule/term-quantum"]
