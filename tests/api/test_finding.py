"""Finding: pages and data over the index, completions, names to one thing, lists to take away."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from playwright.sync_api import Browser
from pybtex.database import parse_string

from .browsing import Watched, browsing
from .test_pages import AXE, HTML

ASKED = ["/search?q=edge+ai+draft+itu", "/catalogue?theme=edge-ai&body=itu", "/catalogue", "/search"]


def data(client: httpx.Client, **query: object) -> dict[str, Any]:
    answer = client.get("/api/search", params={name: str(value) for name, value in query.items()})
    assert answer.status_code == 200, answer.text
    found = answer.json()
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize(
    ("words", "first"),
    [
        ("ISO 42001", "publication/iso-iec-42001"),
        ("y.3800", "publication/itu-t-y.3800"),
        ("explicabilité", "publication/iso-iec-ts-6254"),
        ("ITU-T Rec. Y.3800 (10/2019)", "publication/itu-t-y.3800-2019-10"),
    ],
)
def test_a_citation_however_it_is_written_comes_first(client: httpx.Client, words: str, first: str) -> None:
    page = client.get("/search", params={"q": words}, headers=HTML).text
    assert f"doc/{first}" in page.partition('<ol class="found"')[2].partition("</li>")[0]
    items = client.get("/api/search", params={"q": words}).json()["items"]
    assert items[0]["iri"].endswith(first)
    assert items[0]["why"]


def test_words_that_name_a_body_and_a_status_find_what_belongs_to_them(client: httpx.Client) -> None:
    page = client.get("/search", params={"q": "edge ai draft itu"}, headers=HTML).text
    assert "ITU-T" in page
    assert "Found by" in page


def test_facets_add_up_and_lead_to_what_they_say(client: httpx.Client) -> None:
    found = data(client, q="qkd", kind="publication")
    facets = found["facets"]
    assert isinstance(facets, dict)
    assert sum(value["count"] for value in facets["status"]) == found["total"]
    for name in ("status", "type", "theme", "body", "year"):
        for value in facets[name][:3]:
            narrowed = data(client, q="qkd", kind="publication", **{name: value["value"]})
            assert narrowed["total"] == value["count"], (name, value)


def test_facets_narrow_together(client: httpx.Client) -> None:
    one = data(client, kind="publication", body="itu")
    both = data(client, kind="publication", body="itu", status="in-force", **{"from": 2020})
    assert 0 < both["total"] < one["total"]
    years = {item["year"] for item in both["items"]}
    assert min(years) >= "2020"


def test_a_facet_given_twice_holds_twice(client: httpx.Client) -> None:
    answer = client.get("/api/search?kind=publication&body=iso&body=iec").json()
    assert 0 < answer["total"] <= data(client, kind="publication", body="iso")["total"]


def test_bodies_and_themes_stand_in_their_trees(client: httpx.Client) -> None:
    values = {value["value"]: value for value in data(client, kind="publication")["facets"]["body"]}
    assert values["itu-t"]["above"] == "itu"
    assert values["itu-t"]["count"] <= values["itu"]["count"]


def test_pages_of_a_list_hold_every_thing_once(client: httpx.Client) -> None:
    whole = data(client, q="qkd", per_page=0)
    pages = -(-whole["total"] // 50)
    items = [
        item["iri"]
        for page in range(1, pages + 1)
        for item in data(client, q="qkd", per_page=50, page=page)["items"]
    ]
    assert items == [item["iri"] for item in whole["items"]]
    assert len(set(items)) == whole["total"]


def test_a_whole_list_is_sent_part_by_part_as_it_is_read(client: httpx.Client) -> None:
    answer = client.get("/api/search", params={"theme": "edge-ai", "per_page": 0})
    assert answer.headers["transfer-encoding"] == "chunked"
    told = answer.json()
    assert 200 < told["total"] == len({item["iri"] for item in told["items"]})
    assert data(client, q="iso 99999999", per_page=0)["items"] == []


def test_a_page_after_the_last_one_is_not_there(client: httpx.Client) -> None:
    assert client.get("/search", params={"q": "qkd", "page": 900}).status_code == 404
    assert client.get("/api/search", params={"q": "qkd", "page": 900}).status_code == 404


@pytest.mark.parametrize(
    "wrong", [{"from": "soon"}, {"page": "0"}, {"sort": "best"}, {"format": "xls"}, {"theme": "x" * 400}]
)
def test_what_makes_no_sense_is_refused(client: httpx.Client, wrong: dict[str, str]) -> None:
    answer = client.get("/api/search", params=wrong)
    assert answer.status_code == 400
    assert answer.headers["content-type"] == "application/problem+json"


def test_what_a_form_sends_along_empty_says_nothing(client: httpx.Client) -> None:
    assert data(client, q="qkd", theme="", sort="", to="")["total"] == data(client, q="qkd")["total"]


def test_all_values_of_a_facet_can_be_seen(client: httpx.Client) -> None:
    few = data(client, kind="publication")
    left_out = few["facet_values_left_out"]["body"]
    assert left_out > 0
    whole = data(client, kind="publication", whole="body")
    assert len(whole["facets"]["body"]) == len(few["facets"]["body"]) + left_out
    page = client.get("/catalogue", params={"status": "in-force"}, headers=HTML).text
    link = page.partition("whole=body")[0].rpartition('href="')[2] + "whole=body"
    there = client.get("/" + link.replace("&amp;", "&").lstrip("./"), headers=HTML)
    assert "ISO/TC 299" in there.text
    assert client.get("/api/search?whole=colour").status_code == 400


def test_years_add_up_with_those_that_have_none(client: httpx.Client) -> None:
    found = data(client, q="qkd")
    years = {value["label"]: value for value in found["facets"]["year"]}
    assert sum(value["count"] for value in years.values()) == found["total"]
    without = years["no date"]
    assert data(client, q="qkd", year=without["value"])["total"] == without["count"]


def test_a_result_says_what_it_lacks(client: httpx.Client) -> None:
    found = data(client, q="edge ai draft itu")
    assert (found["asked_words"], found["matched_words"]) == (4, 3)
    assert found["items"][0]["lacks"] == ["draft"]
    page = client.get("/search", params={"q": "edge ai draft itu"}, headers=HTML).text
    assert "these have 3 of its 4 parts" in page
    assert "without <del>draft</del>" in page


def test_a_list_can_be_ordered(client: httpx.Client) -> None:
    items = data(client, q="qkd", kind="publication", sort="newest")["items"]
    dates = [max(item["issued"]) for item in items]
    assert len(dates) == 20
    assert dates == sorted(dates, reverse=True)
    newest = data(client, kind="publication")["items"]
    assert newest[0]["issued"][0] >= newest[-1]["issued"][0] > "2026"


def test_a_misspelling_is_offered_the_nearest_words(client: httpx.Client) -> None:
    assert data(client, q="watermarkng")["instead"] == "watermarking"
    page = client.get("/search", params={"q": "watermarkng"}, headers=HTML).text
    assert "Did you mean" in page
    assert "?q=watermarking" in page


def test_what_goes_by_its_identifier_alone_shows_its_title_too(client: httpx.Client) -> None:
    page = client.get("/search", params={"q": "ISO/IEC 42001"}).text
    first = page.partition('<ol class="found"')[2].partition("</a>")[0]
    assert first.endswith(": Information technology - Artificial intelligence - Management system")


def test_the_catalogue_has_publications_alone(client: httpx.Client) -> None:
    page = client.get("/catalogue", params={"q": "qkd"}, headers=HTML).text
    assert "doc/publication/" in page.partition('<ol class="found"')[2]
    assert "doc/term/" not in page
    assert f"<b>{data(client, q='qkd', kind='publication')['total']}</b> publications" in page


@pytest.mark.parametrize("path", ASKED)
def test_a_page_of_results_is_light(client: httpx.Client, path: str) -> None:
    answer = client.get(path + ("&" if "?" in path else "?") + "sort=title", headers=HTML)
    assert answer.status_code == 200
    assert len(answer.content) < 100_000


def test_a_list_is_taken_away_as_csv(client: httpx.Client) -> None:
    answer = client.get("/api/search", params={"q": "qkd", "format": "csv"})
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert len(rows) == data(client, q="qkd")["total"]
    assert {"status", "publishers", "page"} <= set(rows[0])
    assert answer.text == client.get("/api/search", params={"q": "qkd"}, headers={"accept": "text/csv"}).text


def test_a_list_is_taken_away_as_bibtex_that_a_reader_of_bibtex_reads(client: httpx.Client) -> None:
    answer = client.get("/api/search", params={"q": "qkd", "format": "bibtex"})
    entries = parse_string(answer.text, "bibtex").entries
    assert len(entries) == data(client, q="qkd", kind="publication")["total"]
    assert entries["itu-t-y.3800"].fields["number"] == "ITU-T Y.3800"
    assert "are no publications" in answer.text


def test_an_edition_is_taken_away_with_the_title_bodies_and_themes_of_its_work(client: httpx.Client) -> None:
    asked = {"q": "ISO/IEC 42001:2023", "kind": "publication"}
    told = client.get("/api/search", params={**asked, "format": "csv"}).text
    (row,) = (one for one in csv.DictReader(io.StringIO(told)) if one["identifier"] == "ISO/IEC 42001:2023")
    assert row["title"] == "Information technology - Artificial intelligence - Management system"
    assert row["publishers"] == "IEC | ISO"
    assert "AI governance" in row["themes"].split(" | ")
    entries = parse_string(
        client.get("/api/search", params={**asked, "format": "bibtex"}).text, "bibtex"
    ).entries
    assert entries["iso-iec-42001-2023"].fields["title"] == f"{{{row['title']}}}"


def test_addresses_stand_in_bibtex_as_they_are(client: httpx.Client) -> None:
    told = client.get("/api/search", params={"q": "ETSI GR QKD 007", "format": "bibtex"}).text
    assert "Report_WorkItem.asp?WKI_ID=" in told
    told = client.get("/api/search", params={"q": "NIST AI 100-1", "format": "bibtex"}).text
    assert 'doi = "10.6028/NIST.AI.100-1"' in told


def test_a_list_is_taken_away_as_turtle(client: httpx.Client) -> None:
    answer = client.get("/api/search", params={"q": "y.3800", "format": "ttl"})
    assert answer.headers["content-type"].startswith("text/turtle")
    subjects = {str(quad.subject)[1:-1] for quad in ox.parse(answer.content, ox.RdfFormat.TURTLE)}
    assert {item["iri"] for item in data(client, q="y.3800", per_page=0)["items"]} <= subjects


def test_typing_is_completed(client: httpx.Client) -> None:
    found = client.get("/api/suggest", params={"q": "iso 4200"}).json()
    assert any(each["identifier"].startswith("ISO/IEC 42001") for each in found)
    assert client.get("/api/suggest", params={"q": ""}).status_code == 400


@pytest.mark.parametrize(
    ("text", "iri"),
    [
        ("iso 42001", "publication/iso-iec-42001"),
        ("ITU-T Y.3800 (10/2019)", "publication/itu-t-y.3800-2019-10"),
        ("ITU", "body/itu"),
        ("QKD", "theme/quantum-key-distribution"),
        ("SC 42", "body/iso-iec-jtc-1-sc-42"),
        ("42001", "publication/iso-iec-42001"),
        ("y3800", "publication/itu-t-y.3800"),
        ("AI Act", "publication/eu-ai-act"),
        ("https://doi.org/10.6028/NIST.AI.100-1", "publication/nist-ai-100-1"),
        ("https://doi.org/10.1109/IEEESTD.2021.9536679", "publication/ieee-7000-2021"),
        ("https://w3id.org/isogloss/id/theme/edge-ai", "theme/edge-ai"),
    ],
)
def test_a_name_is_resolved_to_the_one_thing_it_means(client: httpx.Client, text: str, iri: str) -> None:
    answer = client.get("/api/resolve", params={"q": text})
    assert answer.status_code == 200
    found = answer.json()
    assert found["iri"] == f"https://w3id.org/isogloss/id/{iri}"
    page = client.get("/api/resolve", params={"q": text}, headers=HTML)
    assert page.status_code == 303
    assert page.headers["location"] == found["url"]


def test_a_name_that_several_go_by_is_answered_with_the_choices(client: httpx.Client) -> None:
    answer = client.get("/api/resolve", params={"q": "bias"})
    assert answer.status_code == 300
    assert len(answer.json()["choices"]) > 3
    page = client.get("/api/resolve", params={"q": "bias"}, headers=HTML)
    assert page.headers["location"].endswith("/search?q=bias")


def test_a_name_that_nobody_has_is_answered_with_the_nearest(client: httpx.Client) -> None:
    answer = client.get("/api/resolve", params={"q": "quantm key"})
    assert answer.status_code == 404
    assert answer.json()["suggestions"]


def test_a_list_that_did_not_change_is_not_sent_again(client: httpx.Client) -> None:
    first = client.get("/api/search", params={"q": "qkd"})
    again = client.get("/api/search", params={"q": "qkd"}, headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304


@given(words=st.text(max_size=60))
@settings(max_examples=25, deadline=None)
def test_any_words_can_be_searched_for(client: httpx.Client, words: str) -> None:
    for path in ("/search", "/api/search", "/api/suggest", "/api/resolve"):
        assert client.get(path, params={"q": words}).status_code in (200, 300, 400, 404)


HOSTILE = [
    '" OR NEAR( * ^ {label}: -', "label: system", '"unbalanced', "system NOT data", "*", ")))", "a\0b",
    "\x01\x02\x1b[31m", "'; DROP TABLE thing; --", "\u202e system", "a" + "\u0301" * 150, "9" * 200,
    "A." * 100, "ISO " * 50, "urn:iso:std:" * 10, "\uffff\U0010ffff", "_ _ _", "人工智能",
]  # fmt: skip


@pytest.mark.parametrize("words", HOSTILE)
def test_what_would_mean_something_to_an_engine_means_nothing_here(client: httpx.Client, words: str) -> None:
    for path in ("/search", "/catalogue", "/api/search", "/api/suggest", "/api/resolve"):
        assert client.get(path, params={"q": words}).status_code in (200, 300, 404)
    assert data(client)["total"] == data(client, q="")["total"] > 0


def test_bytes_that_are_no_text_are_read_as_signs_that_nobody_writes(client: httpx.Client) -> None:
    for path in ("/search", "/api/search", "/api/suggest", "/api/resolve"):
        assert client.get(f"{path}?q=%ED%A0%80x%FF").status_code in (200, 404)
    assert client.get("/api/search?body=%ED%A0%80&q=qkd").json()["total"] == 0


@pytest.mark.parametrize("words", ["a" * 5000, "word " * 10_000])
def test_a_search_longer_than_anybody_types_is_refused(client: httpx.Client, words: str) -> None:
    for path in ("/search", "/api/search", "/api/suggest", "/api/resolve"):
        assert client.get(path, params={"q": words}).status_code in (400, 414, 431)


def test_the_list_of_a_common_word_is_taken_away_whole(client: httpx.Client) -> None:
    found = data(client, q="system")
    rows = list(csv.DictReader(io.StringIO(client.get("/api/search?q=system&format=csv").text)))
    assert found["total"] > 500
    assert len({row["iri"] for row in rows}) == len(rows) == found["total"]
    pages = [
        item["iri"]
        for page in range(1, found["pages"] + 1, 10)
        for item in data(client, q="system", page=page)["items"]
    ]
    expected = [row["iri"] for row in rows]
    assert pages == [iri for start in range(0, len(expected), 200) for iri in expected[start : start + 20]]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


def test_one_press_narrows_the_list_without_javascript(browser: Browser, address: str) -> None:
    watched = Watched(browser, javascript=False)
    watched.page.goto(address + "/catalogue?q=qkd")
    before = watched.page.locator("p.status b").inner_text()
    watched.page.get_by_role("button", name="in force").click()
    assert "status=in-force" in watched.page.url
    assert "q=qkd" in watched.page.url
    assert int(watched.page.locator("p.status b").inner_text()) < int(before)
    watched.page.get_by_role("link", name="remove the filter in force").click()
    assert watched.page.locator("p.status b").inner_text() == before
    assert watched.hosts == {"127.0.0.1"}
    watched.close()


@pytest.mark.parametrize("path", ASKED[:2])
def test_results_have_no_barrier_and_fit_a_phone(browser: Browser, address: str, path: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed here (npm ci in tests/api)")
    watched = Watched(browser, width=390)
    watched.page.goto(address + path)
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 390
    watched.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = watched.page.evaluate("axe.run().then(found => found.violations.map(each => each.id))")
    assert found == []
    watched.close()
