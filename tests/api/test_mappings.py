"""Mappings: the table with its filters, one face to face, and selections as SSSOM that reads again."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser

import isogloss.mappings
from isogloss.api.app import create_app
from isogloss.api.mapping_rows import MappingRow, contradictions
from isogloss.api.mapping_words import Record
from isogloss.graph.engine.embedded import EmbeddedEngine
from isogloss.graph.snapshot import Snapshot
from isogloss.mappings import sets
from isogloss.mappings.review import comment_of
from isogloss.mappings.sheet import REVIEW_SLOTS
from isogloss.mappings.validate import validate_file
from isogloss.settings import Settings

from .barriers import assert_no_barrier
from .browsing import browsing
from .serving import serving
from .test_pages import HTML

SETS = Path(isogloss.mappings.__file__).parent / "sets"
REVIEWED = "nist-ai-100-1-risk-close-eu-ai-act-2024-risk"
DERIVED = "derived/nist-ai-100-1-safety-exact-nist-airc-glossary-safety"
ROBUST = "iso-iec-22989-2022-robustness-close-nist-ai-100-1-robustness"
PAIR = "iso-iec-22989-2022--nist-ai-100-1"


def found(client: httpx.Client, **query: str) -> Any:
    answer = client.get("/api/mappings", params=query)
    assert answer.status_code == 200, answer.text
    return answer.json()


def without_order(slots: dict[str, Any]) -> dict[str, Any]:
    """RDF keeps no order of several values."""
    return {name: sorted(value) if isinstance(value, list) else value for name, value in slots.items()}


def test_all_records_that_ship_are_listed(client: httpx.Client) -> None:
    assert found(client)["total"] == sum(len(each.mappings) for each in sets.read_folder(SETS))


def test_what_a_filter_offers_is_what_it_gives(client: httpx.Client) -> None:
    facets = found(client)["facets"]
    for name in ("status", "predicate", "vocabulary", "set", "justification", "confidence"):
        for choice in facets[name][:3]:
            assert found(client, **{name: choice["value"]})["total"] == choice["count"], (name, choice)
    assert sum(choice["count"] for choice in facets["status"]) == found(client)["total"]


def test_every_set_and_vocabulary_can_be_chosen_and_long_lists_stand_by_name(client: httpx.Client) -> None:
    facets = found(client, per_page="1")["facets"]
    page = client.get("/mappings", headers=HTML).text
    sets_on_page = re.search(r'<select id="f-set".*?</select>', page, re.DOTALL)
    assert sets_on_page
    offered = re.findall(r'<option value="([^"]+)">([^<]*) \(\d+\)', sets_on_page[0])
    assert {value for value, _ in offered} == {
        path.name.removesuffix(".sssom.tsv") for path in SETS.iterdir()
    }
    assert {value for value, _ in offered} == {each["value"] for each in facets["set"]}
    labels = [label[:20].casefold() for _, label in offered]  # the ends of long ones are cut
    assert labels == sorted(labels)


def test_filters_narrow_together(client: httpx.Client) -> None:
    items = found(client, status="accepted", predicate="exactMatch", confidence="0.9")["items"]
    assert items
    for item in items:
        assert (item["status"], item["predicate"], item["negated"]) == ("accepted", "exactMatch", False)
        assert item["confidence"] >= 0.9


def test_words_and_themes_narrow_too(client: httpx.Client) -> None:
    assert any(item["iri"].endswith(ROBUST) for item in found(client, q="robustness nist-ai-100-1")["items"])
    on_theme = found(client, theme="quantum-key-distribution")
    assert 0 < on_theme["total"] < found(client)["total"]
    assert any("itu-t-y.3800-series" in item["subject"] for item in on_theme["items"])
    assert client.get("/api/mappings", params={"theme": "a b"}).status_code == 400
    assert client.get("/api/mappings", params={"format": "xls"}).status_code == 400


def test_the_table_says_relations_in_plain_words_and_counts(client: httpx.Client) -> None:
    page = client.get("/mappings", params={"set": PAIR}, headers=HTML)
    assert len(page.content) < 100_000
    assert "means nearly the same as" in page.text
    assert f"mappings/{ROBUST}" in page.text
    assert "closeMatch" not in page.text.partition("<tbody>")[2]


def test_a_selection_is_sssom_that_says_what_the_set_says(client: httpx.Client, tmp_path: Path) -> None:
    answer = client.get("/api/mappings", params={"set": PAIR}, headers={"accept": "application/sssom+tsv"})
    assert answer.headers["content-type"].startswith("application/sssom+tsv")
    path = tmp_path / "selection.sssom.tsv"
    path.write_text(answer.text, encoding="utf-8")
    assert set(sets.read(path).claims) == set(sets.read(SETS / f"{PAIR}.sssom.tsv").claims)
    assert [each for each in validate_file(path, None) if each.weight == "error"] == []


def test_everything_that_ships_comes_out_again_slot_by_slot(client: httpx.Client, tmp_path: Path) -> None:
    path = tmp_path / "all.sssom.tsv"
    path.write_text(client.get("/api/mappings", params={"format": "sssom"}).text, encoding="utf-8")
    out = {str(m.record): m.to_record() for m in sets.read(path).mappings}
    shipped = {str(m.record): m.to_record() for each in sets.read_folder(SETS) for m in each.mappings}
    assert out.keys() == shipped.keys()
    for name, record in shipped.items():
        assert without_order(out[name].model_dump()) == without_order(record.model_dump()), name


OF_OTHERS = """@prefix sssom: <https://w3id.org/sssom/> . @prefix semapv: <https://w3id.org/semapv/vocab/> .
@prefix ig: <https://w3id.org/isogloss/ontology#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
GRAPH <https://w3id.org/isogloss/graph/mappings> {
<https://example.org/m/1> a ig:Mapping , sssom:Mapping ; rdfs:label "sturdy"@en ;
  sssom:subject_id <https://w3id.org/isogloss/id/term/one/sturdy> ; sssom:predicate_id skos:exactMatch ;
  sssom:object_id <urn:example:t:sturdy> ; sssom:mapping_justification semapv:ManualMappingCuration ;
  ig:mappingStatus <https://w3id.org/isogloss/id/concept/mapping-status/proposed> . }
"""


def test_records_and_terms_of_others_go_out_with_prefixes_of_their_own(
    engine_over: Callable[[str], EmbeddedEngine], settings: Settings, snapshot: Snapshot, tmp_path: Path
) -> None:
    alone = settings.model_copy(update={"state": tmp_path})
    with (
        serving(create_app(alone, engine_over(OF_OTHERS), snapshot)) as address,
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        path = tmp_path / "all.sssom.tsv"
        path.write_text(client.get("/api/mappings", params={"format": "sssom"}).text, encoding="utf-8")
        (says,) = sets.read(path).claims
        assert (says.record, says.object) == ("https://example.org/m/1", "urn:example:t:sturdy")
        marks = {"reviewer": "ISO", "verdict:https://example.org/m/1": "agree"}
        path.write_text(client.post("/judge", data=marks).text, encoding="utf-8")
        (says,) = sets.read(path).claims
        assert (says.record, says.status) == ("https://example.org/m/1", "accepted")


def test_a_selection_is_a_table_for_a_spreadsheet(client: httpx.Client) -> None:
    text = client.get("/api/mappings", params={"set": PAIR, "format": "csv"}).text
    rows = list(csv.DictReader(io.StringIO(text)))
    assert {row["record_id"] for row in rows} >= {f"mapping:{ROBUST}"}


def test_one_mapping_stands_face_to_face_with_its_evidence(client: httpx.Client) -> None:
    page = client.get(f"/mappings/{ROBUST}", headers=HTML).text
    for text in (
        "doc/term/iso-iec-22989-2022/robustness", "doc/term/nist-ai-100-1/robustness", "clause 3.5.12",
        "proposed", "no review is recorded", "NIST quotes the trustworthiness vocabulary", "With care",
    ):  # fmt: skip
        assert text in page, text


def test_one_mapping_as_data_has_every_slot(client: httpx.Client) -> None:
    data = client.get(f"/api/mappings/{ROBUST}").json()
    assert data["slots"]["record_id"] == f"mapping:{ROBUST}"
    assert data["slots"]["confidence"] == 0.85
    assert data["curie_map"]["mapping"] == "https://w3id.org/isogloss/id/mapping/"


def test_a_mapping_tells_every_review_with_who_when_and_why(client: httpx.Client) -> None:
    (review,) = client.get(f"/api/mappings/{REVIEWED}").json()["reviews"]
    assert review["status"] == "proposed"
    assert (review["day"], review["agreement"]) == ("2026-11-23", "0.3")
    assert review["reviewers"] == ["https://w3id.org/isogloss/id/body/isogloss"]
    page = client.get(f"/mappings/{REVIEWED}", headers=HTML).text
    assert "left open" in page
    assert "narrowMatch says more" in page
    assert "no review is recorded" not in page


def test_a_mapping_says_how_to_judge_it(client: httpx.Client) -> None:
    assert f"isogloss mappings review {ROBUST}" in client.get(f"/mappings/{ROBUST}", headers=HTML).text
    assert "isogloss load mappings FILE" in client.get("/mappings", headers=HTML).text


def test_one_mapping_can_be_taken_away_to_be_judged_in_a_file(client: httpx.Client, tmp_path: Path) -> None:
    path = tmp_path / "one.sssom.tsv"
    path.write_text(
        client.get(f"/api/mappings/{REVIEWED}", params={"format": "sssom"}).text, encoding="utf-8"
    )
    (mapping,) = sets.read(path).mappings
    shipped = (m for each in sets.read_folder(SETS) for m in each.mappings)
    assert mapping.to_record() == next(m.to_record() for m in shipped if m.record == mapping.record)
    assert comment_of(mapping).startswith("Second reading")


def test_a_sheet_to_judge_in_has_a_cell_for_each_part_of_a_review(client: httpx.Client) -> None:
    answer = client.get("/api/mappings", params={"q": "robustness", "format": "review"})
    assert answer.headers["content-type"].startswith("application/sssom+tsv")
    header = next(line for line in answer.text.splitlines() if not line.startswith("#"))
    assert set(REVIEW_SLOTS) <= set(header.split("\t"))
    assert "format=review" in client.get("/mappings", params={"q": "robustness"}, headers=HTML).text


def test_what_follows_from_accepted_mappings_is_listed_apart(client: httpx.Client, tmp_path: Path) -> None:
    derived = found(client, derived="yes")
    assert 0 < derived["total"] < found(client)["total"]
    assert {item["status"] for item in derived["items"]} == {"derived"}
    assert "derived" not in {choice["value"] for choice in found(client)["facets"]["status"]}
    assert "derived mappings</a>" in client.get("/mappings", headers=HTML).text
    path = tmp_path / "derived.sssom.tsv"
    path.write_text(client.get("/api/mappings?derived=yes&format=sssom").text, encoding="utf-8")
    assert all(mapping.derived_from for mapping in sets.read(path).mappings)


def test_a_derived_mapping_names_what_it_follows_from(client: httpx.Client) -> None:
    data = client.get(f"/api/mappings/{DERIVED}").json()
    assert len(data["slots"]["derived_from"]) == 2
    page = client.get(f"/mappings/{DERIVED}", headers=HTML).text
    assert "Likely: both mean the same (it follows from accepted mappings; nobody states it)." in page
    for record in data["slots"]["derived_from"]:
        assert f'href="../{record.removeprefix("mapping:")}"' in page
    assert "Judge this mapping" not in page


def test_a_mapping_that_is_not_there_is_a_problem(client: httpx.Client) -> None:
    for path in ("/mappings/none-such", "/api/mappings/none-such"):
        assert client.get(path).status_code == 404
    near = client.get(f"/api/mappings/{ROBUST}-2").json()["suggestions"]
    assert any(iri.endswith(ROBUST) for iri in near)


def test_records_that_contradict_each_other_are_marked() -> None:
    def row(name: str, *, negated: bool = False) -> MappingRow:
        terms = (f"https://w3id.org/isogloss/id/term/{term}" for term in ("one/a", "two/b"))
        record = Record(f"m:{name}", next(terms), "exactMatch", next(terms), negated, "proposed", 0.9)
        return MappingRow(record, name, "a", "b", "one", "two", "one--two")

    told = contradictions([row("yes"), row("no", negated=True)])
    assert set(told) == {"m:yes", "m:no"}
    assert contradictions([row("yes")]) == {}


def test_every_finding_leads_to_a_page_that_tells_it(client: httpx.Client) -> None:
    for item in found(client, contradiction="yes")["items"][:2]:
        page = client.get("/mappings/" + item["iri"].partition("/id/mapping/")[2], headers=HTML).text
        assert "Contradiction:" in page


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


@pytest.mark.parametrize(
    ("path", "width"), [("/mappings", 1280), ("/mappings", 390), (f"/mappings/{REVIEWED}", 390)]
)
def test_mappings_have_no_barrier_and_fit(browser: Browser, address: str, path: str, width: int) -> None:
    assert_no_barrier(browser, address + path, width)
