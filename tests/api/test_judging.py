"""Judging on the page: a sheet is marked, faults are told at their fields, the file brings the reviews."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from playwright.sync_api import Browser, Locator, expect
from pyoxigraph import NamedNode, Store
from typer.testing import CliRunner

from isogloss.api import posted
from isogloss.api.app import Application, create_app
from isogloss.commands.verbs import app as command
from isogloss.graph.engine.embedded import EmbeddedEngine
from isogloss.graph.judging import change_files
from isogloss.graph.snapshot import Snapshot
from isogloss.graph.sources import shipped_sources
from isogloss.graph.union import merge_small
from isogloss.mappings import sets
from isogloss.mappings.claims import status_of
from isogloss.mappings.review import comment_of, reviewer
from isogloss.settings import Settings

from .barriers import assert_no_barrier
from .browsing import Watched, browsing
from .serving import serving
from .test_pages import AXE, HTML

JANE = "0000-0002-1825-0097"
ROBUST = "iso-iec-22989-2022-robustness-close-nist-ai-100-1-robustness"
BIAS = "iso-iec-22989-2022-bias-exact-iso-iec-tr-24027-2021-bias"
REVIEWED = "nist-ai-100-1-risk-close-eu-ai-act-2024-risk"
DERIVED = "derived/nist-ai-100-1-safety-exact-nist-airc-glossary-safety"
BY_JANE = reviewer(JANE)
FORM = {"content-type": "application/x-www-form-urlencoded"}


def hand_in(client: httpx.Client, reviewer: str = JANE, **fields: str) -> httpx.Response:
    """`verdict__slug` stands for the field `verdict:slug`."""
    sent = {name.replace("__", ":", 1): value for name, value in fields.items()}
    return client.post("/judge", data={"reviewer": reviewer, **sent}, headers=HTML)


def records(answer: httpx.Response, folder: Path) -> dict[str, Any]:
    assert answer.status_code == 200, answer.text
    path = folder / "reviews.sssom.tsv"
    path.write_text(answer.text, encoding="utf-8")
    return {m.record.identifier: m for m in sets.read(path).mappings if m.record}


def test_the_marks_come_back_as_a_file_of_reviews_and_of_nothing_else(
    client: httpx.Client, tmp_path: Path
) -> None:
    fields = {
        f"verdict__{ROBUST}": "agree", f"comment__{ROBUST}": "Read\r\nboth.", f"verdict__{BIAS}": "leave",
        f"comment__{BIAS}": "",
    }  # fmt: skip
    answer = hand_in(client, **fields)
    assert answer.headers["content-disposition"] == 'attachment; filename="reviews.sssom.tsv"'
    assert answer.headers["content-type"].startswith("application/sssom+tsv")
    assert answer.headers["cache-control"] == "no-store"
    (made,) = records(answer, tmp_path).items()
    assert made[0] == ROBUST
    assert (status_of(made[1]), comment_of(made[1])) == ("accepted", "Read both.")
    assert "isogloss load mappings FILE" in answer.text


def test_another_relation_comes_as_a_second_record(client: httpx.Client, tmp_path: Path) -> None:
    fields = {f"verdict__{ROBUST}": "other", f"relation__{ROBUST}": "broadMatch"}
    found = records(hand_in(client, **fields), tmp_path)
    assert [status_of(found[slug]) for slug in sorted(found)] == ["proposed", "superseded"]
    assert sorted(found)[0] == ROBUST.replace("-close-", "-broad-")


@pytest.mark.parametrize(
    ("fields", "told"),
    [
        ({"reviewer": ""}, "Say who reviews."),
        ({"reviewer": "Jane Doe"}, "A name alone does not say who it is"),
        ({"reviewer": "0000-0002-1825-0098"}, "its last digit does not fit"),
        ({"reviewer": "body:none-such"}, "There is no body:none-such"),
        ({"reviewer": "x" * 101}, "too long"),
        ({f"comment:{ROBUST}": "=1+1"}, "A spreadsheet would compute"),
        ({f"comment:{ROBUST}": "a\x07b"}, "U+0007 is no text"),
        ({f"comment:{ROBUST}": "long " * 300}, "1499 characters"),
        ({f"verdict:{ROBUST}": "other"}, "Choose the relation that holds instead."),
        ({f"relation:{ROBUST}": "exactMatch"}, "Mark “another relation” to mean this"),
        ({f"verdict:{ROBUST}": "other", f"relation:{ROBUST}": "closeMatch"}, "says so already (proposed)"),
        ({f"verdict:{ROBUST}": "leave"}, "Nothing is judged yet"),
        ({"verdict:none-such": "agree"}, "There is no such mapping, or no longer."),
        ({f"verdict:{DERIVED}": "agree"}, "There is no such mapping, or no longer."),
        ({"verdict:set/iso-iec-22989-2022--nist-ai-100-1": "agree"}, "There is no such mapping"),
        ({"verdict:a b<>": "agree"}, "There is no such mapping, or no longer."),
    ],
)
def test_what_is_wrong_is_told_at_its_field_and_nothing_typed_is_lost(
    client: httpx.Client, fields: dict[str, str], told: str
) -> None:
    whole = {"reviewer": JANE, f"verdict:{ROBUST}": "agree", f"comment:{BIAS}": "Kept <b>"} | fields
    if "Nothing" in told:
        del whole[f"comment:{BIAS}"]
    answer = client.post("/judge", data=whole, headers=HTML)
    assert answer.status_code == 422
    assert answer.headers["cache-control"] == "no-store"
    assert told in answer.text
    assert 'role="alert"' in answer.text
    if f"comment:{BIAS}" in whole:
        assert "\nKept &lt;b&gt;</textarea>" in answer.text
    fault = re.search(r'aria-invalid="true" aria-describedby="([\w-]+)"', answer.text)
    if fault:
        assert f'id="{fault[1]}"' in answer.text


def test_what_was_typed_for_a_record_that_is_gone_is_shown_again(client: httpx.Client) -> None:
    answer = hand_in(client, **{"verdict__gone": "agree", "comment__gone": "Hours of <i>work</i>"})
    assert "You wrote: “Hours of &lt;i&gt;work&lt;/i&gt;”." in answer.text


def test_a_body_reviews_by_any_of_its_names_if_it_is_known(client: httpx.Client, tmp_path: Path) -> None:
    for name in ("body:iso", "ISO", "International Organization for Standardization"):
        found = records(hand_in(client, name, **{f"verdict__{ROBUST}": "agree"}), tmp_path)
        assert [each.curie for each in found[ROBUST].reviewers] == ["body:iso"]


def test_who_made_a_mapping_is_told_that_another_one_must_accept_it(client: httpx.Client) -> None:
    answer = hand_in(client, "body:isogloss", **{f"verdict__{ROBUST}": "agree"})
    assert answer.status_code == 422
    assert "Body:isogloss made this mapping and cannot accept it as well." in answer.text


def test_the_reviews_can_be_looked_at_before_they_are_taken_away(client: httpx.Client) -> None:
    answer = hand_in(client, show="yes", **{f"verdict__{ROBUST}": "disagree", f"comment__{ROBUST}": "No."})
    assert answer.status_code == 200
    assert "<b>rejected</b>: robustness (iso-iec-22989-2022:robustness) means nearly" in answer.text
    assert 'value="disagree" checked' in answer.text
    assert "mapping_set_id" in answer.text


HOSTILE = '"><script>alert(1)</script>{{7*7}}\u2028'


@pytest.mark.parametrize(
    "name", ["reviewer", f"comment:{ROBUST}", "comment:" + HOSTILE, "verdict:" + HOSTILE]
)
def test_nothing_that_is_sent_becomes_part_of_the_page(client: httpx.Client, name: str) -> None:
    value = "agree" if name.startswith("verdict") else HOSTILE
    whole = {"reviewer": "x", f"verdict:{ROBUST}": "agree", name: value}
    answer = client.post("/judge", data=whole, headers=HTML)
    assert answer.status_code == 422
    assert "<script>" not in answer.text
    assert "49" not in re.findall(r"alert\(1\)[^7]*", answer.text)
    assert "script-src 'self'" in answer.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("content", "headers", "status"),
    [
        (b"{}", {"content-type": "application/json"}, 415),
        (b"reviewer=x", {"content-type": "multipart/form-data; boundary=x"}, 415),
        (b"reviewer=x", {}, 415),
        (b"reviewer=x", FORM | {"content-encoding": "gzip"}, 415),
        (b"reviewer=%ff", FORM, 400),
        (b"reviewer=%ED%A0%80", FORM, 400),
        (b"\xff", FORM, 400),
        (b"reviewer=x&reviewer=y", FORM, 400),
        (b"title=x", FORM, 400),
        (b"verdict:a=perhaps", FORM, 400),
        (b"relation:a=sameAs", FORM, 400),
        (b"&".join(b"verdict:%d=agree" % n for n in range(501)), FORM, 413),
        (b"&".join(b"verdict:%d=agree" % n for n in range(posted.FIELDS + 1)), FORM, 413),
        (b"reviewer=" + b"x" * posted.LARGEST, FORM, 413),
        (b"", FORM, 422),
    ],
)
def test_what_no_form_of_ours_sends_is_refused(
    client: httpx.Client, content: bytes, headers: dict[str, str], status: int
) -> None:
    answer = client.post("/judge", content=content, headers=headers)
    assert answer.status_code == status
    if status != 422:
        assert answer.headers["content-type"].startswith("application/problem+json")
        assert len(answer.content) < 2000


NAMES = st.one_of(
    st.sampled_from(["reviewer", "show", f"verdict:{ROBUST}", f"relation:{ROBUST}", f"comment:{ROBUST}"]),
    st.builds("{}:{}".format, st.sampled_from(["verdict", "relation", "comment"]), st.text(max_size=20)),
)
VALUES = st.one_of(st.sampled_from(["agree", "other", "leave", "broadMatch", JANE]), st.text(max_size=40))


@given(sent=st.lists(st.tuples(NAMES, VALUES), max_size=8))
@hypothesis_settings(
    max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_whatever_is_sent_is_answered_and_never_fails(
    client: httpx.Client, sent: list[tuple[str, str]]
) -> None:
    content = urlencode(sent, errors="surrogatepass").encode()
    answer = client.post("/judge", content=content, headers=FORM | HTML)
    assert answer.status_code in (200, 400, 413, 422)


def test_a_sheet_has_no_address_of_its_own(client: httpx.Client) -> None:
    answer = client.get("/judge")
    assert answer.status_code == 303
    assert client.get("/" + answer.headers["location"].removeprefix("./")).status_code == 200
    assert client.options("/judge").headers["allow"] == "GET, HEAD, OPTIONS, POST"
    assert set(client.put("/judge").headers["allow"].split(", ")) == {"GET", "POST"}
    assert client.options("/mappings").headers["allow"] == "GET, HEAD, OPTIONS"


def test_the_sheet_shows_what_each_end_means_the_reason_and_the_last_review(client: httpx.Client) -> None:
    page = client.get("/mappings", params={"judge": "yes", "q": "risk eu-ai-act-2024"}, headers=HTML).text
    assert page.count('<fieldset class="slip">') == page.count("</fieldset>") > 1
    slip = next(part for part in page.split('<fieldset class="slip">') if f"verdict:{REVIEWED}" in part)
    assert "left open by The Isogloss project on 2026-11-23, agreement 0.3: Second reading" in slip
    assert "Only with “risk eu-ai-act-2024”;" in page
    assert "noindex" in page


def test_a_sheet_is_a_page_of_the_filtered_list_and_can_be_turned(client: httpx.Client) -> None:
    first = client.get("/mappings", params={"judge": "yes", "status": "proposed"}, headers=HTML).text
    assert first.count('<fieldset class="slip">') == 25
    assert "status=proposed&amp;page=2&amp;judge=yes" in first
    assert 'name="q"' in first
    assert "judge=yes" in client.get("/mappings", headers=HTML).text
    assert client.get("/mappings", params={"judge": "no"}, headers=HTML).status_code == 400


def test_what_is_derived_cannot_be_judged(client: httpx.Client) -> None:
    page = client.get("/mappings", params={"judge": "yes", "derived": "yes"}, headers=HTML).text
    assert "verdict:" not in page
    assert "verdict:" not in client.get(f"/mappings/{DERIVED}", headers=HTML).text


def test_an_absence_can_be_judged_but_has_no_other_relation(client: httpx.Client) -> None:
    page = client.get("/compare/sheet", params={"term": "harm"}, headers=HTML).text
    slip = next(part for part in page.split('<fieldset class="slip">') if "has no counterpart in" in part)
    slip = slip.partition("</fieldset>")[0]
    assert 'value="agree"' in slip
    assert 'value="other"' not in slip


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


def slip_of(watched: Watched, slug: str) -> Locator:
    return watched.page.locator("fieldset.slip").filter(has=watched.page.locator(f'[name="verdict:{slug}"]'))


@pytest.mark.parametrize(
    ("path", "width"),
    [
        ("/compare/sheet?term=harm", 1280),
        ("/compare/sheet?term=harm", 390),
        ("/mappings?judge=yes&q=risk", 390),
    ],
)
def test_a_sheet_has_no_barrier_and_fits(browser: Browser, address: str, path: str, width: int) -> None:
    watched = Watched(browser, width=width)
    watched.page.goto(address + path)
    for each in watched.page.locator("details.judge > summary").all():
        each.click()
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= width
    if AXE.exists():
        watched.page.evaluate(AXE.read_text(encoding="utf-8"))
        assert watched.page.evaluate("axe.run().then(found => found.violations.map(each => each.id))") == []
    watched.page.get_by_role("button", name="Take the reviews away").click()
    expect(watched.page.get_by_role("heading", name="Look again")).to_be_visible()
    assert watched.page.evaluate("document.documentElement.scrollWidth") <= width
    if AXE.exists():
        watched.page.evaluate(AXE.read_text(encoding="utf-8"))
        assert watched.page.evaluate("axe.run().then(found => found.violations.map(each => each.id))") == []
    watched.close()


@pytest.fixture
def served_after(tmp_path: Path, snapshot: Snapshot, settings: Settings) -> Callable[[Path], Application]:
    """What a build makes of the reviews that a state keeps, over the terms of the shared snapshot."""

    def make(state: Path) -> Application:
        folder = tmp_path / "built"
        folder.mkdir()
        store = Store(str(folder / "store"))
        read = Store.read_only(str(snapshot.store))
        mappings = next(each for each in shipped_sources(change_files(state)) if each.name == "mappings")
        for name in ("glossary", "ontology"):
            graph = NamedNode(f"https://w3id.org/isogloss/graph/{name}")
            store.extend(read.quads_for_pattern(None, None, None, graph))
        store.extend(mappings.read())
        merge_small(store)
        store.flush()
        (folder / "index.db").symlink_to(snapshot.index)
        del store
        alone = settings.model_copy(update={"state": folder})  # else the server turns to the shared snapshot
        made = Snapshot(folder, {"digest": "after", "built": "2026-01-01T00:00:00+00:00", "counts": {}})
        engine = EmbeddedEngine(folder / "store", digest="after", settings=alone)
        return create_app(alone, engine, made)

    return make


def test_what_was_marked_without_scripts_is_what_the_built_state_says(
    browser: Browser,
    address: str,
    tmp_path: Path,
    served_after: Callable[[Path], Application],
) -> None:
    watched = Watched(browser, javascript=False)
    page = watched.page
    page.goto(f"{address}/compare/sheet?term=harm")
    slugs = [
        (each.get_attribute("name") or "").removeprefix("verdict:")
        for each in page.locator('fieldset.slip [value="other"]').all()
    ]
    agreed, denied, other = slugs[:3]
    slip_of(watched, agreed).get_by_label("agree", exact=True).check()
    slip_of(watched, agreed).get_by_label("Why").fill('Both say "loss"; | “tab”\tand\nline.')
    slip_of(watched, denied).get_by_label("disagree").check()
    slip_of(watched, other).get_by_label("another relation").check()
    page.get_by_label("Reviewer").fill(JANE)
    page.get_by_role("button", name="Take the reviews away").click()
    expect(slip_of(watched, other).get_by_text("Choose the relation that holds instead.")).to_be_visible()
    slip_of(watched, other).get_by_label("The relation that holds instead").select_option(
        label="is related to"
    )
    with page.expect_download() as coming:
        page.get_by_role("button", name="Take the reviews away").click()
    file = tmp_path / coming.value.suggested_filename
    coming.value.save_as(file)
    watched.close()

    state = tmp_path / "state"
    done = CliRunner().invoke(command, ["load", "mappings", str(file), "--state", str(state)])
    assert done.exit_code == 0, done.output
    assert "3 reviews and 1 new records taken, 0 unchanged, 0 refused" in done.output
    again = CliRunner().invoke(command, ["load", "mappings", str(file), "--state", str(state)])
    assert "0 reviews and 0 new records taken, 4 unchanged, 0 refused" in again.output

    with serving(served_after(state)) as after, httpx.Client(base_url=after) as client:
        found = {slug: client.get(f"/api/mappings/{slug}").json() for slug in (agreed, denied, other)}
        assert [found[slug]["status"] for slug in slugs[:3]] == ["accepted", "rejected", "superseded"]
        (review,) = found[agreed]["reviews"]
        assert review["comment"] == 'Both say "loss"; | “tab” and line.'
        assert review["reviewers"] == [f"https://orcid.org/{JANE}"]
        (new,) = (
            m.record.identifier for m in sets.read(file).mappings if m.record and m.authors == [BY_JANE]
        )
        instead = client.get(f"/api/mappings/{new}")
        assert instead.status_code == 200, instead.text
        assert (instead.json()["status"], instead.json()["predicate"]) == ("proposed", "relatedMatch")
        text = client.get(f"/mappings/{agreed}", headers=HTML).text
        assert "<h2>Reviews</h2>" in text
        assert JANE in text
        skos = "http://www.w3.org/2004/02/skos/core#"
        ask = f"ASK {{{{ <{{subject}}> <{skos}{{predicate}}> <{{object}}> }}}}"
        stated = {
            slug: client.get("/sparql", params={"query": ask.format(**data)}).json()["boolean"]
            for slug, data in found.items()
        }
        assert stated == {agreed: True, denied: False, other: False}


def test_the_keyboard_goes_from_the_verdict_to_the_relation_to_the_reason(
    browser: Browser, address: str
) -> None:
    watched = Watched(browser, javascript=False)
    watched.page.goto(f"{address}/mappings?judge=yes&q=robustness")
    first = watched.page.locator("fieldset.slip").first
    first.locator('[value="leave"]').focus()
    watched.page.keyboard.press("ArrowUp")
    expect(first.locator('[value="disagree"]')).to_be_checked()
    for next_one in (first.locator("select"), first.locator("textarea")):
        watched.page.keyboard.press("Tab")
        expect(next_one).to_be_focused()
    watched.close()


def test_a_mapping_with_its_sheet_open_has_no_barrier(browser: Browser, address: str) -> None:
    assert_no_barrier(browser, f"{address}/mappings/{ROBUST}", 390)
