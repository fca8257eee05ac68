"""The page of coverage: what it shows is what its questions answer, and every link of it leads somewhere."""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser

from isogloss.api.coverage import QUESTIONS
from isogloss.api.coverage_tables import Cell, Head, crossed

from .browsing import Watched, browsing
from .test_pages import AXE, HTML


@pytest.fixture(scope="module")
def page(client: httpx.Client) -> str:
    answer = client.get("/coverage", headers=HTML)
    assert answer.status_code == 200
    return answer.text


@pytest.fixture(scope="module")
def data(client: httpx.Client) -> dict[str, Any]:
    found = client.get("/api/coverage").json()
    assert isinstance(found, dict)
    return found


def test_every_table_has_its_question_and_the_rows_of_its_answer(
    client: httpx.Client, data: dict[str, Any], page: str
) -> None:
    assert set(data) == set(QUESTIONS)
    base = httpx.URL(str(client.base_url) + "/api/coverage")
    for table in data.values():
        answer = client.get(base.join(table["query"] + ".csv"))
        assert table["rows"] == list(csv.DictReader(io.StringIO(answer.text)))
        question = base.join(table["page"])
        assert client.get(question, headers=HTML).status_code == 200
        assert f'{question.path[1:]}"' in page  # a link is relative to the page


def test_what_has_no_body_or_page_is_counted_and_its_reasons_are_a_click_away(
    page: str, data: dict[str, Any]
) -> None:
    lacking = [row["lacking"] for row in data["unstated"]["rows"]]
    assert all(row["reason"] for row in data["unstated"]["rows"])
    assert f"{lacking.count('body')} have no body and {lacking.count('page')} no page" in page


def test_what_the_report_says_stands_beside_what_is_here(page: str, data: dict[str, Any]) -> None:
    sizes = {row["measure"]: row for row in data["counts"]["rows"]}
    works = int(sizes["AI standards and technical reports"]["counted"])
    row = page.partition("AI standards and technical reports")[2].partition("</tr>")[0]
    assert "over 700" in row
    assert f"{works:,}".replace(",", "") in re.sub(r"\D", "", row)


def test_the_five_bodies_of_the_database_are_shown_whatever_their_size(
    page: str, data: dict[str, Any]
) -> None:
    named = [row for row in data["bodies"]["rows"] if row["namedForTheDatabase"] == "true"]
    assert len(named) == 5
    table = page.partition('id="bodies"')[2].partition("</table>")[0]
    assert all(row["name"] in table for row in named)


def test_every_link_of_the_page_leads_somewhere(client: httpx.Client, page: str) -> None:
    links = sorted({link.partition("#")[0] for link in re.findall(r'href="([^"#][^"]*)"', page)})
    local = [link.replace("&amp;", "&") for link in links if "://" not in link]
    assert len(local) > 60
    asked = local[:: max(1, len(local) // 40)]
    base = httpx.URL(str(client.base_url) + "/coverage")
    wrong = [
        link for link in asked if client.get(base.join(link), headers=HTML).status_code not in (200, 303)
    ]
    assert wrong == []


def test_it_is_light_and_not_sent_twice(client: httpx.Client, page: str) -> None:
    assert len(page.encode()) < 100_000
    for path in ("/coverage", "/api/coverage"):
        first = client.get(path, headers=HTML)
        again = client.get(path, headers={**HTML, "if-none-match": first.headers["etag"]})
        assert again.status_code == 304


def test_the_catalogue_and_the_start_page_lead_to_it(client: httpx.Client) -> None:
    for path in ("/", "/catalogue"):
        assert "coverage" in client.get(path, headers=HTML).text


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_has_no_barrier_fits_a_phone_and_needs_no_script(address: str, scheme: str) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed here (npm ci in tests/api)")
    with browsing() as browser:
        _check(browser, address, scheme)


def _check(browser: Browser, address: str, scheme: str) -> None:
    watched = Watched(browser, width=390)
    watched.page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    watched.page.goto(address + "/coverage")
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= 390
    beside = watched.page.locator(".tally-table").first  # what the report says and what is here, in one view
    assert beside.evaluate("table => table.offsetWidth <= table.parentElement.offsetWidth")
    watched.page.evaluate(AXE.read_text(encoding="utf-8"))
    found = watched.page.evaluate("axe.run().then(found => found.violations.map(each => each.id))")
    assert found == []
    watched.close()


def test_counts_are_crossed_with_the_largest_first_and_the_rest_counted() -> None:
    rows = [
        {"b": "1", "n": "one", "t": "x", "s": "in", "c": "2"},
        {"b": "1", "n": "one", "t": "y", "s": "out", "c": "1"},
        {"b": "2", "n": "two", "t": "x", "s": "in", "c": "9"},
        {"b": "3", "n": "three", "t": "x", "s": "other", "c": "99"},
        {"b": "4", "n": "four", "t": "x", "s": "in", "c": "1"},
    ]
    grid = crossed(
        rows, down=("b", "n"), across=("t", "t"), part="s", parts=("in", "out"), count="c", most=(2, 0)
    )
    assert grid.columns == (Head("x", "x"), Head("y", "y"))
    assert grid.lines == (
        (Head("2", "two"), (Cell((9, 0)), Cell((0, 0)))),
        (Head("1", "one"), (Cell((2, 0)), Cell((0, 1)))),
    )
    assert grid.more == 1
    assert [cell.shade for cell in grid.lines[0][1]] == [3, 0]
