"""The page of the endpoint in a real browser: the plain form, and the editor that takes its place."""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from isogloss.api.app import create_app
from isogloss.graph.engine.base import Engine
from isogloss.graph.snapshot import Snapshot
from isogloss.ontology.names import IG, PREFIXES
from isogloss.settings import Settings

from .browsing import DIST, Watched, browsing, need
from .serving import serving

ACTIVE = ".tabPanel.active"
HTML = {"Accept": "text/html"}
GAPS = f"SELECT ?gap WHERE {{ ?gap a <{IG}Gap> }} ORDER BY ?gap LIMIT 3"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


@pytest.fixture
def watched(browser: Browser) -> Iterator[Watched]:
    watched = Watched(browser)
    yield watched
    watched.close()


@pytest.fixture
def editor(watched: Watched, address: str) -> Watched:
    """The endpoint's page with the editor open; nothing was asked of it yet."""
    need((DIST / "editor.js").is_file(), "the scripts of the pages were not bundled when this was installed")
    watched.page.goto(f"{address}/sparql")
    expect(watched.page.locator(f"{ACTIVE} .yasqe")).to_be_visible()
    return watched


def write(page: Page, query: str) -> None:
    page.evaluate(
        "([where, text]) => document.querySelector(where).CodeMirror.setValue(text)",
        [f"{ACTIVE} .CodeMirror", query],
    )


def written(page: Page) -> str:
    return str(page.evaluate(f"document.querySelector('{ACTIVE} .CodeMirror').CodeMirror.getValue()"))


def ask(page: Page) -> None:
    page.click(f"{ACTIVE} .yasqe_queryButton")


def type_at(page: Page, line: int, column: int, text: str) -> None:
    page.evaluate(
        "([where, line, ch]) => { const editor = document.querySelector(where).CodeMirror;"
        " editor.focus(); editor.setCursor({line, ch}); }",
        [f"{ACTIVE} .CodeMirror", line, column],
    )
    page.keyboard.type(text)


def test_without_scripts_the_form_asks_and_the_answer_comes_in_the_format_chosen(
    browser: Browser, address: str, tmp_path: Path
) -> None:
    watched = Watched(browser, javascript=False)
    watched.page.goto(f"{address}/sparql")
    watched.page.fill("#query", GAPS)
    watched.page.select_option("#format", "text/csv")
    with watched.page.expect_download() as download:
        watched.page.click("#plain >> text=Ask by POST")
    download.value.save_as(tmp_path / "answer.csv")
    watched.close()
    rows = (tmp_path / "answer.csv").read_text().split()
    assert rows[0] == "gap"
    assert len(rows) == 4


def test_a_form_may_name_a_format_that_its_accept_header_cannot(client: httpx.Client) -> None:
    asked = {"query": GAPS, "_mediatype": "text/csv"}
    assert client.get("/sparql", params=asked, headers=HTML).headers["content-type"].startswith("text/csv")
    assert client.post("/sparql", data=asked, headers=HTML).headers["content-type"].startswith("text/csv")


def test_without_scripts_an_error_is_a_page_that_says_where(browser: Browser, address: str) -> None:
    watched = Watched(browser, javascript=False)
    watched.page.goto(f"{address}/sparql")
    for way in ("Ask", "Ask by POST"):
        watched.page.goto(f"{address}/sparql")
        watched.page.fill("#query", "SELECT * {\n  ?s nonsense ?o }")
        watched.page.click(f"#plain >> text='{way}'")
        assert watched.page.text_content("h1") == "The query does not parse"
        assert "line 2, column 6" in (watched.page.text_content(".lead") or "")
    watched.close()


def test_an_error_is_a_page_for_browsers_alone(client: httpx.Client) -> None:
    wrong = {"query": "SELECT"}
    page = client.get(
        "/sparql", params=wrong, headers={"Accept": "text/html,application/xml;q=0.9,*/*;q=0.8"}
    )
    assert (page.status_code, page.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert "default-src 'none'" in page.headers["content-security-policy"]
    for accept in ("*/*", "application/sparql-results+json", "application/json, text/html;q=0.5", "text/csv"):
        told = client.get("/sparql", params=wrong, headers={"Accept": accept})
        assert told.headers["content-type"] == "application/problem+json"
        assert told.headers["access-control-allow-origin"] == "*"


def test_an_installation_without_the_scripts_has_the_form_and_says_so(
    snapshot: Snapshot, settings: Settings, engine_over: Callable[[str], Engine]
) -> None:
    app = create_app(settings, engine_over("<http://example.org/a> a <http://example.org/B> ."), snapshot)
    app.state.services.templates.globals["has_bundle"] = False
    with serving(app) as address:
        page = httpx.get(f"{address}/sparql", headers=HTML).text
    assert "<script" not in page
    assert "was not installed with this server" in page
    assert '<textarea id="query"' in page


def test_the_page_asks_nothing_of_the_engine_and_is_not_sent_twice(client: httpx.Client) -> None:
    first = client.get("/sparql", headers=HTML)
    again = client.get("/sparql", headers={**HTML, "If-None-Match": first.headers["etag"]})
    assert (first.status_code, again.status_code) == (200, 304)
    assert "Accept" in first.headers["vary"]


def test_completions_hold_our_terms_and_the_borrowed_ones_that_are_used(client: httpx.Client) -> None:
    told = client.get("/api/completions").json()
    properties = {term["iri"]: term for term in told["properties"]}
    assert {"iri": f"{IG}Gap", "label": "gap"}.items() <= next(
        term.items() for term in told["classes"] if term["iri"] == f"{IG}Gap"
    )
    assert properties[f"{IG}theme"]["uses"] > 0
    assert properties[PREFIXES["dcterms"] + "title"]["uses"] > 0
    assert len(properties) == len(told["properties"])
    assert told["prefixes"] == PREFIXES


def test_the_editor_takes_the_place_of_the_form_and_answers_without_asking_anybody_else(
    editor: Watched,
) -> None:
    page = editor.page
    expect(page.locator("#plain")).to_be_hidden()
    ask(page)
    expect(page.locator(f"{ACTIVE} .yasr_results tbody tr").first).to_be_visible()
    assert editor.hosts == {"127.0.0.1"}
    assert editor.errors == []


def test_the_editor_obeys_a_policy_without_inline_scripts_or_eval(client: httpx.Client) -> None:
    policy = client.get("/sparql", headers=HTML).headers["content-security-policy"]
    assert "script-src 'self';" in policy
    assert "unsafe" not in policy
    assert "connect-src 'self';" in policy


def test_a_ready_question_opens_in_a_tab_of_its_own_and_is_answered(
    editor: Watched, client: httpx.Client
) -> None:
    page, question = editor.page, client.get("/api/queries").json()[0]
    page.select_option("#ig-questions", question["name"])
    expect(page.locator(f"{ACTIVE} .yasr_results tbody tr").first).to_be_visible()
    expect(page.locator(".ig-status")).to_have_text(question["description"])
    assert written(page) == question["text"]
    assert page.locator(".tabsList .tab").count() == 2


def test_the_chooser_offers_every_ready_question(editor: Watched, client: httpx.Client) -> None:
    offered = editor.page.eval_on_selector_all("#ig-questions option", "all => all.map(one => one.value)")
    assert set(offered) - {""} == {question["name"] for question in client.get("/api/queries").json()}


def test_the_address_becomes_a_permanent_link_that_answers_again_elsewhere(
    editor: Watched, browser: Browser
) -> None:
    write(editor.page, GAPS)
    ask(editor.page)
    expect(editor.page.locator(f"{ACTIVE} .yasr_results tbody tr")).to_have_count(3)
    other = Watched(browser)
    other.page.goto(editor.page.url)
    expect(other.page.locator(f"{ACTIVE} .yasr_results tbody tr")).to_have_count(3)
    assert written(other.page) == GAPS
    other.close()


def test_a_link_of_any_length_and_script_opens(watched: Watched, address: str) -> None:
    need((DIST / "editor.js").is_file(), "the scripts of the pages were not bundled when this was installed")
    query = 'SELECT ("ü & 漢 + %20 #" AS ?text) WHERE { } # ' + "x" * 6000
    watched.page.goto(f"{address}/sparql#query={quote(query)}")
    expect(watched.page.locator(f"{ACTIVE} .yasr_results tbody td").first).to_have_text("ü & 漢 + %20 #")


def test_an_error_is_shown_where_it_stands_until_the_query_changes(editor: Watched) -> None:
    page = editor.page
    write(page, 'SELECT * WHERE {\n  "𝔸𝔹" ?p ?o .\n  ?s a igg:Gap\n}')
    ask(page)
    expect(page.locator(f"{ACTIVE} .ig-fault")).to_have_text("igg:Gap")
    expect(page.locator(f"{ACTIVE} .ig-fault-note")).to_contain_text("igg:")
    expect(page.locator(f"{ACTIVE} .ig-problem-title")).to_contain_text("400")
    write(page, GAPS)
    expect(page.locator(f"{ACTIVE} .ig-fault-note")).to_have_count(0)


def test_our_classes_are_completed_and_their_prefix_is_declared(editor: Watched) -> None:
    page = editor.page
    write(page, "SELECT * WHERE {\n  ?s a \n}")
    type_at(page, 1, 7, "Policy")
    hint = page.locator(".CodeMirror-hint", has_text="ig:PolicyInstrument")
    expect(hint).to_contain_text("policy instrument")
    page.keyboard.press("Enter")
    expect(hint).to_have_count(0)
    assert written(page).startswith(f"PREFIX ig: <{IG}>\nSELECT")
    assert "?s a ig:PolicyInstrument" in written(page)
    assert editor.hosts == {"127.0.0.1"}


def test_properties_are_found_by_part_of_their_name(editor: Watched) -> None:
    page = editor.page
    write(page, "SELECT * WHERE {\n  ?s  \n}")
    type_at(page, 1, 5, "broad")
    expect(page.locator(".CodeMirror-hint", has_text="skos:broader").first).to_be_visible()


@pytest.mark.parametrize("suffix", ["csv", "json"])
def test_the_whole_answer_can_be_taken_away(editor: Watched, tmp_path: Path, suffix: str) -> None:
    write(editor.page, GAPS)
    ask(editor.page)
    with editor.page.expect_download() as download:
        editor.page.click(f".ig-downloads >> text={suffix.upper()}")
    assert download.value.suggested_filename == f"query.{suffix}"
    download.value.save_as(tmp_path / suffix)
    text = (tmp_path / suffix).read_text()
    rows = (
        list(csv.DictReader(text.splitlines()))
        if suffix == "csv"
        else json.loads(text)["results"]["bindings"]
    )
    assert len(rows) == 3


def test_a_graph_is_offered_in_the_formats_of_graphs(editor: Watched) -> None:
    write(editor.page, "CONSTRUCT { ?s a ?c } WHERE { ?s a ?c } LIMIT 2")
    ask(editor.page)
    expect(editor.page.locator(".ig-downloads")).to_have_text("TTLNTJSONLDRDF")


def test_an_iri_of_ours_in_an_answer_leads_to_this_server(editor: Watched, address: str) -> None:
    write(editor.page, GAPS)
    ask(editor.page)
    with editor.page.context.expect_page() as opened:
        editor.page.click(f"{ACTIVE} .yasr_results a.iri >> nth=0")
    opened.value.wait_for_load_state()
    assert opened.value.url.startswith(f"{address}/doc/statement/")


def test_the_columns_of_an_answer_keep_their_distance(editor: Watched) -> None:
    editor.page.set_viewport_size({"width": 390, "height": 800})
    write(editor.page, f"SELECT ('{'x' * 200}' AS ?a) ('{'y ' * 90}' AS ?b) {{}}")
    ask(editor.page)
    text = editor.page.locator(".yasr tbody td span")
    text.nth(1).wait_for()
    boxes = [text.nth(number).bounding_box() for number in (0, 1)]
    assert boxes[0] is not None
    assert boxes[1] is not None
    assert boxes[1]["x"] - boxes[0]["x"] - boxes[0]["width"] > 12


def test_the_keyboard_can_leave_the_query(editor: Watched) -> None:
    page = editor.page
    type_at(page, 0, 0, "")
    page.keyboard.press("Tab")
    assert (
        page.evaluate("document.activeElement.closest('.CodeMirror-code, .CodeMirror > div > textarea')")
        is None
    )


def test_somebody_elses_data_is_asked_in_its_own_words(
    browser: Browser, settings: Settings, engine_over: Callable[[str], Engine]
) -> None:
    need((DIST / "editor.js").is_file(), "the scripts of the pages were not bundled when this was installed")
    engine = engine_over('@prefix ex: <http://example.org/> . ex:a a ex:Fruit ; ex:name "apple" .')
    with serving(create_app(settings, engine, None)) as address:
        watched = Watched(browser)
        watched.page.goto(f"{address}/sparql")
        ask(watched.page)
        expect(watched.page.locator(f"{ACTIVE} .yasr_results tbody tr")).to_have_count(2)
        told = httpx.get(f"{address}/api/completions").json()
        assert watched.page.locator("#ig-questions").count() == 0
        watched.close()
    assert [term["iri"] for term in told["classes"]] == ["http://example.org/Fruit"]
