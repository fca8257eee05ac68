"""The glossary: words by letter, vocabulary and theme; who has a word for what; vocabularies to take away."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
from playwright.sync_api import Browser, expect

from isogloss.api.term_lists import Entry, grouped, matrix, short_names
from isogloss.graph.exporters import EXPORTERS
from isogloss.graph.readers.skos import read_skos
from isogloss.graph.readers.tbx import read_tbx

from .barriers import assert_no_barrier
from .browsing import Watched, browsing
from .test_pages import HTML

PAGES = [
    "/glossary",
    "/glossary?vocabulary=iso-iec-22989-2022",
    "/glossary/matrix",
    "/glossary?letter=S&page=2",
]


def words(client: httpx.Client, **query: str) -> Any:
    answer = client.get("/api/terms", params=query)
    assert answer.status_code == 200
    return answer.json()


@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_the_glossary_is_light(client: httpx.Client, path: str) -> None:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200
    assert len(answer.content) < 100_000


def test_words_can_be_had_by_letter_vocabulary_and_part(client: httpx.Client) -> None:
    assert all(group["word"].lower().startswith("x") for group in words(client, letter="x")["items"])
    of_one = words(client, vocabulary="nist-ai-100-1", q="risk")["items"]
    assert of_one
    assert all("risk" in group["word"].lower() for group in of_one)
    assert {entry["vocabulary"] for group in of_one for entry in group["entries"]} == {"nist-ai-100-1"}
    page = client.get("/glossary", params={"vocabulary": "nist-ai-100-1", "q": "risk"}, headers=HTML).text
    assert "vocabularies/nist-ai-100-1.tbx" in page


def test_a_word_is_on_the_theme_of_its_document(client: httpx.Client) -> None:
    on_theme = words(client, theme="quantum-key-distribution")
    vocabularies = {entry["vocabulary"] for group in on_theme["items"] for entry in group["entries"]}
    assert "itu-t-y.3800-series" in vocabularies
    assert on_theme["total"] < words(client)["total"]


def test_a_word_gathers_the_entries_of_all_vocabularies(client: httpx.Client) -> None:
    found = {group["word"].lower(): group for group in words(client, q="explainability")["items"]}
    assert len(found["explainability"]["entries"]) >= 5


def test_what_is_no_vocabulary_or_theme_is_refused(client: httpx.Client) -> None:
    assert client.get("/glossary", params={"vocabulary": "none-such"}).status_code == 404
    assert client.get("/glossary/matrix", params={"vocabulary": "none-such"}).status_code == 404
    assert client.get("/api/terms", params={"theme": "a b"}).status_code == 400
    assert client.get("/glossary", params={"page": "9999"}).status_code == 404


def test_the_matrix_shows_which_word_who_has(client: httpx.Client) -> None:
    page = client.get(
        "/glossary/matrix?vocabulary=nist-ai-100-1&vocabulary=iso-iec-22989-2022&q=robustness", headers=HTML
    ).text
    assert "doc/term/nist-ai-100-1/robustness" in page
    assert "doc/term/iso-iec-22989-2022/robustness" in page


def test_the_matrix_sets_the_bodies_side_by_side_that_an_editor_asks_for_first(client: httpx.Client) -> None:
    page = client.get("/glossary/matrix", headers=HTML).text
    chosen = re.findall(r'name="vocabulary" value="([^"]+)" checked', page)
    assert chosen[0] == "iso-iec-22989-2022"
    for family in ("iso", "nist", "ieee", "itu", "oecd", "eu-ai-act"):
        assert 1 <= sum(slug.startswith(family) for slug in chosen) <= 2, family
    assert re.findall(r'name="vocabulary" value="([^"]+)"', page)[: len(chosen)] == chosen


def test_a_choice_of_vocabularies_stays_in_the_links_of_the_pages(client: httpx.Client) -> None:
    asked = "vocabulary=nist-airc-glossary&vocabulary=nist-csrc-glossary"
    page = client.get(f"/glossary/matrix?{asked}", headers=HTML).text
    assert f"page=2&amp;{asked.replace('&', '&amp;')}" in page
    assert page.count(" checked") == 2


def test_an_exact_match_brings_another_word_into_the_row() -> None:
    entries = [
        Entry("t:1", "one", "agent", "en"), Entry("t:2", "two", "AI agent", "en"),
        Entry("t:3", "two", "x", "en"),
    ]  # fmt: skip
    rows = matrix(grouped(entries), ["one", "two"], {"t:1": {"t:2": "proposed"}, "t:2": {"t:1": "proposed"}})
    cells = {
        row.word: {slug: [(c.entry.label, c.how) for c in of] for slug, of in row.cells.items()}
        for row in rows
    }
    assert cells["agent"] == {"one": [("agent", "same word")], "two": [("AI agent", "proposed match")]}
    assert "x" not in cells


def test_names_of_vocabularies_are_short_and_apart() -> None:
    names = short_names({"a": "OECD: AI", "b": "OECD: Statistics", "c": "RFC 4949: Security"})
    assert names == {"a": "OECD: AI", "b": "OECD: Statistics", "c": "RFC 4949"}


@pytest.mark.parametrize("name", sorted(EXPORTERS))
def test_a_vocabulary_is_taken_away_in_every_format(client: httpx.Client, name: str) -> None:
    exporter = EXPORTERS[name]
    answer = client.get(f"/vocabularies/iso-iec-22989-2022{exporter.suffix}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(exporter.media_type)
    assert "explainability" in answer.text


def test_a_vocabulary_that_was_taken_away_reads_again(client: httpx.Client, tmp_path: Path) -> None:
    total = sum(len(group["entries"]) for page in (1,) for group in words(client, vocabulary="airo")["items"])
    for suffix, read in ((".ttl", read_skos), (".tbx", read_tbx)):
        path = tmp_path / f"airo{suffix}"
        path.write_bytes(client.get(f"/vocabularies/airo{suffix}").content)
        assert len(read(path).entries) == total


def test_a_vocabulary_is_negotiated_too(client: httpx.Client) -> None:
    turtle = client.get("/vocabularies/airo", headers={"accept": "text/turtle"})
    assert len(list(ox.parse(turtle.content, ox.RdfFormat.TURTLE))) > 50
    page = client.get("/vocabularies/airo", headers=HTML)
    assert page.status_code == 303
    assert client.get("/vocabularies/none.ttl").status_code == 404
    assert client.get("/vocabularies/none", headers=HTML).status_code == 404
    listed = client.get("/vocabularies", headers={"accept": "application/json"}).json()
    assert len(listed) > 50
    assert client.get("/vocabularies", headers=HTML).status_code == 303


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


@pytest.mark.parametrize(
    ("path", "width"), [("/glossary", 1280), ("/glossary", 390), ("/glossary/matrix", 390)]
)
def test_the_glossary_has_no_barrier_and_fits(browser: Browser, address: str, path: str, width: int) -> None:
    assert_no_barrier(browser, address + path, width)


def test_words_are_offered_while_somebody_types(browser: Browser, address: str) -> None:
    watched = Watched(browser)
    watched.page.goto(address + "/glossary")
    watched.page.get_by_label("Words in the term").type("explain")
    expect(watched.page.locator("datalist option[value='explainability' i]").first).to_be_attached()
    watched.page.keyboard.press("Enter")
    expect(watched.page).to_have_url(f"{address}/glossary?q=explain&vocabulary=&theme=")
    watched.page.goto(address + "/compare")
    watched.page.get_by_label("Word to compare").type("bias")
    bias = watched.page.locator("datalist option[value='bias' i]")
    expect(bias.first).to_be_attached()
    expect(bias).to_have_count(1)
    watched.close()
