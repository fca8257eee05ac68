"""The neighbourhood of a thing: as data, and as the graph and the table on its page in a real browser."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from urllib.parse import urljoin, urlsplit

import httpx
import pytest
from playwright.sync_api import Browser, expect

from isogloss.api.app import create_app
from isogloss.api.neighbours import MOST_A_RELATION
from isogloss.graph.engine.base import Engine
from isogloss.ontology.names import thing
from isogloss.settings import Settings

from .browsing import DIST, Watched, browsing, need
from .conftest import CountingEngine
from .serving import serving

THEME = thing("theme", "brain-computer-interfaces")
PLACE = "/doc/theme/brain-computer-interfaces"


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


@pytest.fixture
def opened(browser: Browser, address: str) -> Iterator[Watched]:
    """The page of a theme with its neighbourhood open."""
    need(
        (DIST / "neighbours.js").is_file(),
        "the scripts of the pages were not bundled when this was installed",
    )
    watched = Watched(browser)
    watched.page.goto(f"{address}{PLACE}")
    watched.page.click("details.neighbours summary")
    expect(watched.page.locator("details.neighbours table")).to_be_visible()
    yield watched
    watched.close()


def test_neighbours_stand_by_relation_in_both_directions_with_their_totals(client: httpx.Client) -> None:
    told = client.get("/api/neighbours", params={"iri": THEME}).json()
    assert (told["label"], told["kind"]) == ("brain-computer interfaces", "theme")
    assert {relation["inward"] for relation in told["relations"]} == {True, False}
    for relation in told["relations"]:
        assert 1 <= len(relation["things"]) <= min(relation["total"], MOST_A_RELATION)


def test_every_neighbour_has_a_page_and_neighbours_of_its_own(client: httpx.Client) -> None:
    answer = client.get("/api/neighbours", params={"iri": THEME})
    things = [relation["things"][0] for relation in answer.json()["relations"]]
    for each in things:
        assert client.head(urljoin(str(answer.url), each["href"])).status_code == 200
        assert client.get("/api/neighbours", params={"iri": each["iri"]}).status_code == 200


def test_neighbours_cost_no_more_queries_than_the_page_and_a_repeat_none(
    client: httpx.Client, engine: CountingEngine
) -> None:
    engine.asked.clear()
    first = client.get("/api/neighbours", params={"iri": THEME})
    assert len(engine.asked) <= 3
    engine.asked.clear()
    again = client.get(
        "/api/neighbours", params={"iri": THEME}, headers={"If-None-Match": first.headers["etag"]}
    )
    assert (again.status_code, engine.asked) == (304, [])


@pytest.mark.parametrize(("iri", "status"), [(thing("theme", "nowhere"), 404), ("no iri", 400), ("", 400)])
def test_what_has_no_neighbours_is_told_why(client: httpx.Client, iri: str, status: int) -> None:
    answer = client.get("/api/neighbours", params={"iri": iri})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"


def test_things_of_somebody_else_have_neighbours_too(
    settings: Settings, engine_over: Callable[[str], Engine]
) -> None:
    engine = engine_over(
        "@prefix ex: <http://example.org/> . ex:a ex:knows ex:b . ex:b a ex:P . ex:c ex:knows ex:a ; a ex:P ."
    )
    with serving(create_app(settings, engine, None)) as address:
        answer = httpx.get(f"{address}/api/neighbours", params={"iri": "http://example.org/a"})
    found = {each["iri"] for relation in answer.json()["relations"] for each in relation["things"]}
    assert found == {"http://example.org/b", "http://example.org/c"}


def test_nothing_of_the_graph_is_loaded_before_it_is_opened(browser: Browser, address: str) -> None:
    watched = Watched(browser)
    watched.page.goto(f"{address}{PLACE}", wait_until="networkidle")
    assert "/api/neighbours" not in watched.paths
    assert not any("neighbourhood" in path for path in watched.paths)
    watched.close()


def test_the_table_says_what_the_picture_shows(opened: Watched, client: httpx.Client) -> None:
    told = client.get("/api/neighbours", params={"iri": THEME}).json()
    labels = [each["label"] for relation in told["relations"] for each in relation["things"]]
    assert opened.page.locator("details.neighbours td a").all_inner_texts() == labels
    expect(opened.page.locator(".neighbours-picture canvas").first).to_be_visible()
    expect(opened.page.locator("details.neighbours [role=status]")).to_contain_text(f"{len(labels)} things")
    assert opened.hosts == {"127.0.0.1"}
    assert opened.errors == []


def test_arrow_keys_go_from_thing_to_thing_and_enter_follows(opened: Watched) -> None:
    page, status = opened.page, opened.page.locator("details.neighbours [role=status]")
    page.focus(".neighbours-picture")
    page.keyboard.press("ArrowDown")
    expect(status).to_contain_text("(1 of")
    page.keyboard.press("ArrowDown")
    expect(status).to_contain_text("(2 of")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    last = page.locator("details.neighbours a.chosen")
    target = str(last.evaluate("link => link.href"))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert urlsplit(page.url).path == urlsplit(target).path


def test_another_thing_can_be_put_in_the_middle_and_escape_goes_back(opened: Watched) -> None:
    page, picture = opened.page, opened.page.locator(".neighbours-picture")
    page.focus(".neighbours-picture")
    page.keyboard.press("ArrowDown")
    chosen = page.locator("details.neighbours a.chosen").inner_text()
    page.keyboard.press("Space")
    expect(page.locator("details.neighbours caption")).to_have_text(f"Neighbours of {chosen}")
    expect(picture).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator("details.neighbours caption")).to_have_text("Neighbours of brain-computer interfaces")


def test_tab_goes_through_the_links_and_the_picture_follows(opened: Watched) -> None:
    page = opened.page
    page.locator("details.neighbours td a").nth(1).focus()
    expect(page.locator("details.neighbours [role=status]")).to_contain_text("of")
    expect(page.locator("details.neighbours a.chosen")).to_have_count(1)


def test_a_click_on_a_thing_in_the_picture_offers_its_page(opened: Watched) -> None:
    page = opened.page
    at = page.evaluate(
        "() => { const graph = document.querySelector('.neighbours-picture')._cyreg.cy;"
        " return graph.nodes('.thing')[0].renderedPosition(); }"
    )
    page.locator(".neighbours-picture").click(position={"x": at["x"], "y": at["y"]})
    expect(page.locator(".neighbours-actions a")).to_have_text("Open its page")


def test_on_a_narrow_screen_the_picture_fits(browser: Browser, address: str) -> None:
    need(
        (DIST / "neighbours.js").is_file(),
        "the scripts of the pages were not bundled when this was installed",
    )
    watched = Watched(browser, width=390)
    watched.page.goto(f"{address}{PLACE}")
    watched.page.click("details.neighbours summary")
    expect(watched.page.locator("details.neighbours table")).to_be_visible()
    assert watched.page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    watched.close()
