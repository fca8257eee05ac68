"""The pages: whole, light, linked without a gap, and usable by everybody."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Browser, Page, Request, sync_playwright

HTML = {"accept": "text/html,application/xhtml+xml,*/*;q=0.8"}
AXE = Path(__file__).parent / "node_modules" / "axe-core" / "axe.min.js"
CHROMIUM = Path("/usr/bin/chromium")
ARGUMENTS = ["--no-sandbox", "--disable-quic", "--disable-background-networking", "--no-first-run"]

LEADING = [
    "/", "/themes", "/bodies", "/sections", "/publications", "/statements", "/events", "/initiatives",
    "/usecases", "/queries", "/ontology", "/landscape", "/dataset", "/dumps/", "/problems", "/profiles",
    "/search?q=qkd", "/catalogue?theme=edge-ai", "/compare?term=bias", "/mappings", "/glossary/matrix",
    "/compare/sheet?term=bias", "/mappings?judge=yes",
    "/health", "/changes",
]  # fmt: skip
DESCRIBED = [
    "/doc/publication/itu-t-y.3800", "/doc/body/itu", "/doc/body/caict", "/doc/body/itu-t-sg5",
    "/doc/theme/brain-computer-interfaces", "/doc/section/2025/10.3", "/doc/scheme/themes",
    "/doc/concept/status/in-force",
]  # fmt: skip


class Links(HTMLParser):
    """The addresses that a page names in `href` and `src`, its element ids, and its headings by level."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.addresses: set[str] = set()
        self.ids: list[str] = []
        self.headings: list[int] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.addresses |= {value for name in ("href", "src") if (value := given.get(name))}
        if given.get("id"):
            self.ids.append(str(given["id"]))
        if re.fullmatch(r"h[1-6]", tag):
            self.headings.append(int(tag[1]))


@pytest.mark.parametrize("path", [*LEADING, "/statements?type=Gap", "/doc/body/itu?page=2", *DESCRIBED])
def test_a_page_tells_search_engines_what_it_is_and_where(client: httpx.Client, path: str) -> None:
    answer = client.get(path, headers=HTML)
    (told,) = re.findall(r'<meta name="description" content="([^"]{15,220})">', answer.text)
    assert "<" not in told
    (canonical,) = re.findall(r'<link rel="canonical" href="([^"]*)">', answer.text)
    assert answer.url.join(canonical.replace("&amp;", "&")) == answer.url


def test_what_is_not_there_has_no_canonical_address(client: httpx.Client) -> None:
    assert "canonical" not in client.get("/doc/body/nobody", headers=HTML).text


def test_pages_of_every_kind_speak_in_words(client: httpx.Client) -> None:
    """No name of a property as programs write it, in no kind's facts, and none in what points there."""
    things = re.findall(r"/doc/(([a-z]+)/[^<]+)", client.get("/sitemap.xml").text)
    one_of_each = {kind: thing for thing, kind in reversed(things)}
    assert len(one_of_each) > 15
    for thing in one_of_each.values():
        text = client.get(f"/doc/{thing}", headers=HTML).text
        assert re.findall(r'<dt class="asis"[^>]*>(?!owl:)[^<]*', text) == [], thing
        assert re.findall(r"whose “\w+:[^<]*", text) == [], thing


def test_what_stands_on_several_pages_is_not_counted_on_one(client: httpx.Client) -> None:
    sections = client.get("/doc/body/itu-t-sg13", headers=HTML).text.split("<section")
    parted = [section for section in sections if "on this page." in section and "<h3>" in section]
    whole = [section for section in sections if "on this page." not in section and "<h3>" in section]
    assert parted
    assert not any(re.search(r"<h3>[^\n]*count", section) for section in parted)
    assert all(re.search(r"<h3>[^\n]*count", section) for section in whole)


def test_the_pages_of_all_bodies_hold_each_of_them_once(client: httpx.Client) -> None:
    total = len(re.findall(r"/doc/body/", client.get("/sitemap.xml").text))
    page, found = client.get("/bodies", headers=HTML), []
    for _ in range(20):
        main = page.text.partition("<main")[2].partition("</main>")[0]
        found += re.findall(r'href="doc/body/([^"]*)"', main)
        if not (following := re.search(r'rel="next" href="([^"]*)"', main)):
            break
        page = client.get(page.url.join(following[1].replace("&amp;", "&")), headers=HTML)
    assert len(found) == len(set(found)) == total
    assert client.get("/bodies?page=999", headers=HTML).status_code == 404


@pytest.mark.parametrize("path", LEADING + DESCRIBED)
def test_a_page_is_whole_and_light(client: httpx.Client, path: str) -> None:
    answer = client.get(path, headers=HTML)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert len(answer.content) < 100_000
    assert "<script src" not in answer.text
    found = Links(answer.text)
    assert found.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(found.headings, found.headings[1:], strict=False))
    assert len(found.ids) == len(set(found.ids))


def test_no_link_of_a_page_leads_nowhere(client: httpx.Client) -> None:
    checked: set[str] = set()
    for path in LEADING + DESCRIBED:
        page = client.get(path, headers=HTML)
        targets = {page.url.join(address).copy_with(fragment=None) for address in Links(page.text).addresses}
        ours = sorted(str(target) for target in targets if target.host == page.url.host)
        fresh = [url for url in ours if url not in checked and not url.endswith("/sparql")]
        # Things are many and shown by one template, so an even sample of each page's links is enough.
        for url in fresh[:: max(1, len(fresh) // 3)]:
            checked.add(url)
            assert client.head(url, headers=HTML).status_code in (200, 303), f"{path} links to {url}"
    assert len(checked) > 40


def test_fragments_point_at_something(client: httpx.Client) -> None:
    for path in ("/ontology", "/doc/body/itu", "/problems", "/profiles"):
        found = Links(client.get(path, headers=HTML).text)
        assert {address[1:] for address in found.addresses if address.startswith("#")} <= set(found.ids)


def test_a_class_on_a_page_leads_to_its_definition(client: httpx.Client) -> None:
    page = client.get("/doc/publication/itu-t-y.3800", headers=HTML).text
    ids = Links(client.get("/ontology", headers=HTML).text).ids
    classes = {address.partition("#")[2] for address in Links(page).addresses if "/ontology#" in address}
    assert classes
    assert classes <= set(ids)


def test_a_publication_page_tells_what_the_graph_tells(client: httpx.Client) -> None:
    page = client.get("/doc/publication/itu-t-y.3800", headers=HTML).text
    for text in ("ITU-T Y.3800", "In the report", "22.4", "report-2025", "Built on by", "ITU-T X.1710"):
        assert text in page


def test_the_gaps_of_bci_are_two_clicks_from_the_start_with_their_sections(client: httpx.Client) -> None:
    start = client.get("/", headers=HTML)
    wanted = "statements?type=Gap&amp;theme=brain-computer-interfaces"
    assert wanted in start.text
    page = client.get("/" + wanted.replace("&amp;", "&"), headers=HTML).text
    assert re.search(r"<b>[1-9]\d*</b> statements", page)
    assert "section/2025/20." in page


def test_search_puts_the_exact_identifier_first(client: httpx.Client) -> None:
    page = client.get("/search", params={"q": "itu-t y.3800"}, headers=HTML).text
    first = page.partition('<ol class="found"')[2].partition("</li>")[0]
    assert "doc/publication/itu-t-y.3800" in first


@pytest.mark.parametrize(
    "words", ['"', "\\", "') } DROP ALL #", "<script>alert(1)</script>", "é\u0301", " ", "%00"]
)
def test_search_takes_any_words(client: httpx.Client, words: str) -> None:
    answer = client.get("/search", params={"q": words}, headers=HTML)
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


def test_bodies_can_be_filtered(client: httpx.Client) -> None:
    page = client.get("/bodies", params={"q": "caict"}, headers=HTML).text
    assert "China Academy of Information" in page
    assert "International Telecommunication Union" not in page
    assert "study group" in client.get("/bodies", params={"kind": "study group"}, headers=HTML).text.lower()


def test_an_error_page_says_what_was_wrong(client: httpx.Client) -> None:
    answer = client.get("/nowhere", headers=HTML)
    assert answer.status_code == 404
    assert "Nothing is served at /nowhere." in answer.text


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    if not CHROMIUM.exists():
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=str(CHROMIUM), args=ARGUMENTS)
        yield chromium
        chromium.close()


def open_page(chromium: Browser, url: str, width: int = 1280, scheme: str = "light") -> Page:
    page = chromium.new_page(
        viewport={"width": width, "height": 900}, color_scheme="dark" if scheme == "dark" else "light"
    )
    page.goto(url)
    return page


def every_page(client: httpx.Client) -> list[str]:
    """One page of every kind, the newest among them."""
    listed = client.get(
        "/api/mappings", params={"per_page": 1}, headers={"accept": "application/json"}
    ).json()
    mapping = str(listed["items"][0]["iri"]).rpartition("/")[2]
    others = ["/glossary?q=bias", "/queries/gaps-by-theme", "/coverage", f"/mappings/{mapping}"]
    return [*LEADING, *DESCRIBED[::2], DESCRIBED[5], *others]


def test_no_page_has_a_barrier_that_axe_can_find_on_screen_or_phone_by_day_or_night(
    chromium: Browser, address: str, client: httpx.Client
) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed here (npm ci in tests/api)")
    axe, found = AXE.read_text(encoding="utf-8"), []
    for path in every_page(client):
        page = open_page(chromium, address + path)
        page.evaluate(axe)
        found += [f"{path} on screen: {told}" for told in barriers(page)]
        page.set_viewport_size({"width": 390, "height": 800})
        page.emulate_media(color_scheme="dark")
        found += [f"{path} on a phone at night: {told}" for told in barriers(page)]
        if (width := page.evaluate("document.documentElement.scrollWidth")) > 390:
            found.append(f"{path} is {width} pixels wide on a phone of 390")
        page.close()
    assert found == []


def barriers(page: Page) -> list[str]:
    tags = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
    violations = page.evaluate(f"axe.run({{ runOnly: {tags} }}).then(found => found.violations)")
    return [f"{each['id']}: {node['html'][:150]}" for each in violations for node in each["nodes"][:3]]


SHIFTS = """() => new Promise(done => {
  let sum = 0
  new PerformanceObserver(list => { for (const each of list.getEntries()) sum += each.value })
    .observe({ type: "layout-shift", buffered: true })
  setTimeout(() => done(sum), 200)
})"""


@pytest.mark.parametrize(
    "path", ["/", "/glossary", "/statements", *DESCRIBED[:2], "/doc/theme/brain-computer-interfaces"]
)
def test_nothing_on_a_page_moves_once_it_is_there(chromium: Browser, address: str, path: str) -> None:
    page = open_page(chromium, address + path, width=390)
    assert page.evaluate(SHIFTS) == 0
    page.close()


def test_the_gaps_of_bci_standardization_are_found_in_four_clicks_without_a_search(
    chromium: Browser, address: str
) -> None:
    page = open_page(chromium, address + "/")
    page.get_by_role("link", name="Brain-computer interfaces", exact=True).first.click()
    answers = page.get_by_role("region", name="Table of gaps and opportunities")
    gap = answers.get_by_role("row").filter(has_text="Standards needed for BCI interoperability")
    assert "gap" in gap.inner_text()
    gap.get_by_role("link", name="20.4").click()
    page.wait_for_url("**/doc/section/2025/20.4")
    assert page.get_by_role("link", name="Standards needed for BCI interoperability").first.is_visible()
    page.close()


def test_the_editions_of_a_recommendation_are_found_in_four_clicks_without_a_search(
    chromium: Browser, address: str
) -> None:
    page = open_page(chromium, address + "/")
    page.get_by_role("link", name="Quantum key distribution", exact=True).click()
    page.get_by_role("link", name=re.compile("^ITU-T Y.3804: ")).first.click()
    page.get_by_role("link", name="Editions over time").click()
    line = page.locator("section", has=page.get_by_role("heading", name="Editions over time"))
    told = line.get_by_role("listitem").all_inner_texts()
    assert [re.findall(r"\d{4}-\d\d-\d\d, [a-z ]+", each) for each in told] == [
        ["2020-09-29, superseded"], ["2023-11-29, withdrawn"], ["2025-04-29, in force"]
    ]  # fmt: skip
    page.close()


def test_a_page_asks_nobody_else_and_breaks_no_policy(chromium: Browser, address: str) -> None:
    asked: list[str] = []
    said: list[str] = []
    page = chromium.new_page()

    def remember(request: Request) -> None:
        asked.append(request.url)

    page.on("request", remember)
    page.on("console", lambda message: said.append(message.text))
    for path in ("/", "/doc/body/itu", "/ontology"):
        page.goto(address + path)
    assert asked
    assert all(url.startswith(address) for url in asked)
    assert said == []
    page.close()


def test_the_keyboard_reaches_the_content_first(chromium: Browser, address: str) -> None:
    page = open_page(chromium, address + "/themes")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.close()


def test_a_printed_page_begins_with_its_facts_and_shows_every_word(address: str, chromium: Browser) -> None:
    page = chromium.new_page(color_scheme="light")
    page.emulate_media(media="print")
    page.goto(address + "/doc/publication/itu-t-y.3800")
    style = "(element, name) => getComputedStyle(element).getPropertyValue(name)"
    facts, kind = page.query_selector("section.facts"), page.query_selector(".kind")
    assert facts is not None
    assert kind is not None
    # What may not break goes to the next page whole, and leaves this one empty.
    assert page.evaluate(f"e => ({style})(e, 'break-inside')", facts) == "auto"
    # Browsers print no backgrounds, so white words on one would be lost.
    assert page.evaluate(f"e => ({style})(e, 'color')", kind) == "rgb(0, 0, 0)"
    page.close()
