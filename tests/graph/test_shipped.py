"""The rule for what ships: title, body, type, status, page, source and theme, or why one is missing."""

import csv
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from isogloss.errors import CheckFailed
from isogloss.graph.shipped import check_shipped
from isogloss.graph.sources import package_folder
from isogloss.ontology import names

DATA = package_folder("isogloss.graph") / "data"
REPORT = NamedNode(names.graph("report-2025"))
WHOLE = """
ig:OtherPublication rdfs:subClassOf ig:Publication .
<https://w3id.org/isogloss/id/publication/x> a ig:Publication, ig:OtherPublication ; dcterms:title "X"@en ;
  ig:status <https://w3id.org/isogloss/id/concept/status/unknown> ; dcterms:source "a record" ;
  ig:publishedBy <https://w3id.org/isogloss/id/body/itu> ; foaf:page <https://example.org/x> ;
  ig:theme <https://w3id.org/isogloss/id/theme/edge-ai> .
"""


def told(turtle: str) -> Store:
    store = Store()
    for triple in parse((names.PROLOGUE + turtle).encode(), format=RdfFormat.TURTLE):
        stated = triple.subject, triple.predicate, triple.object
        store.extend([Quad(*stated, REPORT), Quad(*stated)])
    return store


def test_what_ships_keeps_the_rule(store: Store) -> None:
    found = check_shipped(store)
    assert found.works > 1900
    assert found.without_body < found.without_page < 60
    assert found.without_theme < 80


@pytest.mark.parametrize(
    ("part", "instead", "says"),
    [
        ('dcterms:title "X"@en', 'dcterms:title ""', "has no title"),
        ("a ig:Publication, ig:OtherPublication", "a ig:Publication", "has no type"),
        ("ig:status <", "ig:recordedStatus <", "has no status"),
        ('dcterms:source "a record"', 'dcterms:description "x"', "has no source"),
        ("ig:publishedBy <", "ig:leads <", "has no body, and no reason for that"),
        ("ig:theme <", "ig:about <", "has no theme, and no reason for that"),
        ('dcterms:source "', 'ig:themeUnstated "why" ; dcterms:source "', "has a theme, and a reason"),
        ("foaf:page <", "foaf:homepage <", "has no page, and no reason for that"),
        ('dcterms:source "', 'ig:pageUnstated "why" ; dcterms:source "', "has a page, and a reason"),
        ('dcterms:source "', 'ig:bodyUnstated "why" ; dcterms:source "', "has a body, and a reason"),
    ],
)
def test_each_break_of_the_rule_is_told_with_the_publication(part: str, instead: str, says: str) -> None:
    check_shipped(told(WHOLE))
    assert part in WHOLE
    with pytest.raises(CheckFailed) as caught:
        check_shipped(told(WHOLE.replace(part, instead)))
    assert len(caught.value.findings) == 1
    assert caught.value.findings[0].startswith("<https://w3id.org/isogloss/id/publication/x> " + says)


def test_a_reason_stands_for_what_nobody_states() -> None:
    found = check_shipped(told(WHOLE.replace("foaf:page <https://example.org/x>", 'ig:pageUnstated "why"')))
    assert (found.works, found.without_body, found.without_page, found.without_theme) == (1, 0, 1, 0)


def test_what_others_add_is_not_held_to_the_rule() -> None:
    theirs = NamedNode(names.graph("added/own.ttl"))
    store = told(WHOLE)
    title, thing = NamedNode(names.PREFIXES["dcterms"] + "title"), NamedNode(names.thing("publication", "y"))
    store.extend(
        Quad(thing, title, quad.object, theirs) for quad in store.quads_for_pattern(None, title, None)
    )
    assert check_shipped(store).works == 1


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_no_identifier_stands_for_a_title_that_a_record_tells() -> None:
    recorded = {row["slug"] for row in rows(DATA / "catalogue" / "publications.csv")}
    stand_ins = {
        row["slug"] for row in rows(DATA / "report" / "publications.csv") if row["title"] == row["identifier"]
    }
    assert stand_ins & recorded == set()
