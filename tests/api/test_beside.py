"""What pages tell beside their own facts: editions over time, a body's work, a theme's gaps and bodies."""

from __future__ import annotations

import re
from datetime import date

import httpx
import pytest
from pyoxigraph import Literal, NamedNode

from isogloss.api.asking import Row
from isogloss.api.editions import timeline
from isogloss.ontology.names import thing

HTML = {"accept": "text/html"}
NOW = date(2026, 11, 23)


def told(slug: str, day: str, standing: str, *, earlier: str = "", amended: str = "", whole: str = "") -> Row:
    row: Row = {"edition": NamedNode(thing("publication", slug)), "called": Literal(f"{slug}: a title")}
    row |= {"standing": Literal(standing)} | ({"day": Literal(day)} if day else {})
    row |= {"earlier": NamedNode(thing("publication", earlier))} if earlier else {}
    row |= {"amended": NamedNode(thing("publication", amended))} if amended else {}
    row |= {"whole": NamedNode(thing("publication", whole))} if whole else {}
    return row


ROWS = [
    told("b", "2016-07", "in force", earlier="a"),
    told("a", "2010-01-01", "superseded"),
    told("a-amd", "2010", "superseded", amended="a"),
    told("c", "", "under development"),
]


def test_editions_stand_by_date_and_amendments_after_what_they_amend() -> None:
    line = timeline(ROWS, thing("publication", "b"), NOW)
    assert line is not None
    assert [strip.value.text for strip in line.strips] == ["a", "a-amd", "b", "c"]
    assert [strip.here for strip in line.strips] == [False, False, True, False]
    assert line.strips[1].amends == "a"


def test_an_edition_lasts_until_its_successor_or_until_now() -> None:
    line = timeline(ROWS, "", NOW)
    assert line is not None
    a, amendment, b, undated = line.strips
    assert a.end == b.start
    assert b.end == 98
    assert (amendment.end, undated.start, undated.end) == (None, None, None)
    assert a.start == 2
    assert [year for _, year in line.ticks] == [2010, 2015, 2020, 2025]


def test_one_edition_needs_no_line() -> None:
    assert timeline(ROWS[:1], "", NOW) is None


def test_an_amendment_stands_once_whether_as_edition_work_or_draft() -> None:
    rows = [
        *ROWS,
        told("b-amd-1", "2020", "in force", amended="b", whole="b-amd"),
        told("b-amd", "2020", "in force", amended="work"),
        told("b-amd-draft", "", "superseded", amended="b"),
        told("b-amd-2", "", "under development", amended="b"),
    ]
    line = timeline(rows, "", NOW)
    assert line is not None
    assert [strip.value.text for strip in line.strips] == ["a", "a-amd", "b", "b-amd-1", "c", "b-amd-2"]


@pytest.mark.parametrize("day", ["1988", "2026-12-31", "around 1990", "0001"])
def test_any_date_has_a_place_or_none(day: str) -> None:
    line = timeline([told("a", day, "in force"), told("b", "2020", "in force")], "", NOW)
    assert line is not None
    for strip in line.strips:
        assert strip.start is None or 0 <= strip.start <= 100
        assert strip.end is None or strip.start is None or strip.end >= strip.start
    assert len(line.ticks) < 12


@pytest.mark.parametrize("slug", ["iso-iec-23005-4", "iso-iec-23005-4-2013"])
def test_the_page_of_a_work_and_of_an_edition_shows_all_editions(client: httpx.Client, slug: str) -> None:
    page = client.get(f"/doc/publication/{slug}", headers=HTML).text
    line = page.partition('id="editions"')[2].partition("</section>")[0]
    assert re.findall(r"23005-4:(\d{4})<", line) == ["2011", "2013", "2016", "2018"]
    assert "2013-04-04, superseded" in line
    assert ('aria-current="true"' in line) == slug.endswith("2013")


@pytest.mark.parametrize("path", ["/doc/body/itu-t-sg13", "/doc/theme/brain-computer-interfaces"])
def test_counts_are_those_of_the_lists_that_they_lead_to(client: httpx.Client, path: str) -> None:
    page = client.get(path, headers=HTML)
    counted = re.findall(r'<td class="num">\s*<a href="([^"]+)">(\d+)</a>', page.text)
    assert len(counted) > 4
    for href, count in counted[:: len(counted) // 4]:
        found = client.get(page.url.join(href.replace("&amp;", "&")), headers={"accept": "application/json"})
        assert found.json()["total"] == int(count), href


def test_gaps_stand_beside_what_might_answer_them(client: httpx.Client) -> None:
    page = client.get("/doc/theme/brain-computer-interfaces", headers=HTML)
    answers = page.text.partition('id="answers"')[2].partition("</section>")[0]
    rows = answers.split("<tr>")
    gap = next(row for row in rows if "Standards needed for BCI interoperability" in row)
    assert "section/2025/20.4" in gap
    assert "proposed, confidence" in gap
    near = re.search(
        r'href="([^"]*publications\?theme=bci-standardization)">[^<]*</a> <span class="count">(\d+)', gap
    )
    assert near
    found = client.get(page.url.join(near[1]), headers={"accept": "application/json"})
    assert found.json()["total"] == int(near[2])


def test_a_title_in_another_language_keeps_the_identifier(client: httpx.Client) -> None:
    asked = {**HTML, "accept-language": "fr"}
    page = client.get("/doc/publication/iso-iec-23005-4", headers=asked).text
    assert re.search(r'<h1[^>]* lang="fr">ISO/IEC 23005-4: Technologies de ', page)


def test_a_proposal_is_called_by_what_it_proposes(client: httpx.Client) -> None:
    page = client.get("/doc/statement/20.4-b-standards-needed", headers=HTML).text
    assert re.search(r">IEEE 2731: [^<]+</a>[^<]* <span class=\"note\">proposed, confidence 0\.\d+<", page)
