"""The glossary: words by letter, vocabulary and theme; who has a word for what; vocabularies to take away."""

from __future__ import annotations

import json
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

from .browsing import Watched, browsing
from .test_pages import AXE, HTML

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


class TestJskos:
    """The paths that Cocoda asks, as the documentation of JSKOS Server has them."""

    AIRO = "https://w3id.org/isogloss/id/vocabulary/airo"

    def get(self, client: httpx.Client, path: str, **query: str) -> Any:
        answer = client.get(f"/jskos/{path}", params=query)
        assert answer.status_code == 200, answer.text
        assert answer.headers["x-total-count"].isdecimal()
        assert 'rel="first"' in answer.headers["link"]
        return answer.json()

    def test_the_status_tells_every_endpoint_and_each_answers(self, client: httpx.Client) -> None:
        told = client.get("/jskos/status").json()
        assert told["ok"] == 1
        assert told["config"]["mappings"]["read"]["auth"] is False
        for name in ("schemes", "top", "concepts", "narrower", "ancestors", "mappings", "concordances"):
            assert client.get(told[name], params={"limit": "1"}).status_code == 200

    def test_vocabularies_are_concept_schemes(self, client: httpx.Client) -> None:
        found = self.get(client, "voc", uri=self.AIRO)
        assert [each["uri"] for each in found] == [self.AIRO]
        assert found[0]["type"] == ["http://www.w3.org/2004/02/skos/core#ConceptScheme"]

    def test_concepts_can_be_walked(self, client: httpx.Client) -> None:
        every = self.get(client, "voc/concepts", uri=self.AIRO, limit="500")
        below = next((each for each in every if each.get("broader")), None)
        assert all(each["inScheme"] == [{"uri": self.AIRO}] for each in every)
        assert self.get(client, "concepts", uri=every[0]["uri"])[0]["prefLabel"]
        if below is not None:
            above = below["broader"][0]["uri"]
            assert below["uri"] in {each["uri"] for each in self.get(client, "concepts/narrower", uri=above)}
            assert above in {each["uri"] for each in self.get(client, "concepts/ancestors", uri=below["uri"])}

    def test_concepts_can_be_found(self, client: httpx.Client) -> None:
        words, labels, _, uris = client.get("/jskos/concepts/suggest", params={"search": "bias"}).json()
        assert words == "bias"
        assert len(labels) == len(uris) > 0
        assert self.get(client, "concepts/search", query="bias", voc=self.AIRO) is not None

    def test_mappings_are_filtered_by_end_scheme_and_concordance(self, client: httpx.Client) -> None:
        some = self.get(client, "mappings", fromScheme=self.AIRO)
        assert some
        assert all(each["fromScheme"]["uri"] == self.AIRO for each in some)
        first = some[0]
        end = first["from"]["memberSet"][0]["uri"]
        assert first in self.get(client, "mappings", **{"from": end})
        assert first in self.get(client, "mappings", to=end, direction="backward")
        assert first in self.get(client, "mappings", partOf=first["partOf"][0]["uri"])
        assert self.get(client, "mappings", identifier=first["uri"]) == [first]

    def test_pages_of_mappings_are_counted_and_linked(self, client: httpx.Client) -> None:
        answer = client.get("/jskos/mappings", params={"limit": "10", "offset": "10"})
        assert len(answer.json()) == 10
        assert 'rel="next"' in answer.headers["link"]
        assert 'rel="prev"' in answer.headers["link"]

    def test_a_concordance_joins_two_vocabularies(self, client: httpx.Client) -> None:
        found = self.get(client, "concordances", limit="1")[0]
        assert found["fromScheme"]["notation"][0] in found["notation"][0]
        assert json.dumps(found)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


@pytest.mark.parametrize(
    ("path", "width"), [("/glossary", 1280), ("/glossary", 390), ("/glossary/matrix", 390)]
)
def test_the_glossary_has_no_barrier_and_fits(browser: Browser, address: str, path: str, width: int) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed here (npm ci in tests/api)")
    watched = Watched(browser, width=width)
    watched.page.goto(address + path)
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= width
    watched.page.evaluate(AXE.read_text(encoding="utf-8"))
    assert watched.page.evaluate("axe.run().then(found => found.violations.map(each => each.id))") == []
    assert watched.errors == []
    assert watched.hosts == {"127.0.0.1"}
    watched.close()


def test_words_are_offered_while_somebody_types(browser: Browser, address: str) -> None:
    watched = Watched(browser)
    watched.page.goto(address + "/glossary")
    watched.page.get_by_label("Words in the term").type("explain")
    expect(watched.page.locator("datalist option[value='explainability' i]").first).to_be_attached()
    watched.page.keyboard.press("Enter")
    expect(watched.page).to_have_url(f"{address}/glossary?q=explain&vocabulary=&theme=")
    watched.close()
