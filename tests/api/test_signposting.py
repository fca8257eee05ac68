"""Typed links: every link of a header and of a link set leads to what it says."""

from __future__ import annotations

import re
from typing import Any

import httpx
import pytest

from isogloss.ontology.names import BASE

THING = "publication/itu-t-y.3800"
LINK = re.compile(r'<([^>]*)>((?:\s*;\s*[\w-]+="[^"]*")*)')


def linkset(client: httpx.Client, thing: str = THING) -> list[dict[str, Any]]:
    answer = client.get(f"/linkset/{thing}")
    assert answer.headers["content-type"] == "application/linkset+json"
    found: list[dict[str, Any]] = answer.json()["linkset"]
    return found


@pytest.mark.parametrize(
    "path", [f"/id/{THING}", f"/doc/{THING}", f"/doc/{THING}.ttl", "/doc/section/2025/10.3"]
)
def test_the_header_leads_to_the_link_set(client: httpx.Client, path: str) -> None:
    answer = client.get(path, headers={"accept": "text/html, text/turtle;q=0.5"})
    links = [link for link, told in LINK.findall(answer.headers["link"]) if 'rel="linkset"' in told]
    assert len(links) == 1
    assert client.get(answer.url.join(links[0])).status_code == 200


def test_the_page_is_the_context_of_the_links_of_the_thing(client: httpx.Client) -> None:
    page = next(each for each in linkset(client) if each["anchor"].endswith(THING))
    assert page["cite-as"] == [{"href": f"{BASE}id/{THING}"}]
    assert {"href": "https://schema.org/AboutPage"} in page["type"]
    assert {"href": "https://schema.org/CreativeWork"} in page["type"]
    assert page["license"] == [{"href": "https://creativecommons.org/licenses/by/4.0/"}]
    for described in page["describedby"]:
        answer = client.get(described["href"])
        assert answer.status_code == 200
        assert answer.headers["content-type"].partition(";")[0] == described["type"]


def test_each_description_leads_back_to_the_page(client: httpx.Client) -> None:
    found = linkset(client)
    page = next(each["anchor"] for each in found if each["anchor"].endswith(THING))
    others = [each for each in found if each["anchor"] != page]
    assert len(others) == 8
    assert all(each["describes"] == [{"href": page, "type": "text/html"}] for each in others)


def test_a_link_set_comes_as_a_link_field_too(client: httpx.Client) -> None:
    answer = client.get(f"/linkset/{THING}", headers={"accept": "application/linkset"})
    assert answer.headers["content-type"].startswith("application/linkset")
    links = LINK.findall(answer.text)
    count = sum(
        len(targets) for each in linkset(client) for name, targets in each.items() if name != "anchor"
    )
    assert len(links) == count
    assert all('anchor="' in attributes for _, attributes in links)


def test_targets_have_only_the_attributes_that_every_reader_knows(client: httpx.Client) -> None:
    """A list as a target attribute is within RFC 9264 and more than some readers take."""
    targets = [
        target for each in linkset(client) for name in each if name != "anchor" for target in each[name]
    ]
    assert {name for target in targets for name in target} == {"href", "type"}


def test_what_is_not_there_has_no_link_set(client: httpx.Client) -> None:
    assert client.get("/linkset/publication/nothing-here").status_code == 404
    assert client.get("/linkset/nokind/x").status_code == 404
    assert client.get(f"/linkset/{THING}", headers={"accept": "text/html"}).status_code == 406


@pytest.mark.parametrize("path", ["/dataset", "/dataset.ttl", "/.well-known/void"])
def test_the_data_set_leads_to_its_name_its_description_and_its_files(
    client: httpx.Client, path: str
) -> None:
    answer = client.get(path, headers={"accept": "text/html, text/turtle;q=0.5"})
    links: dict[str, list[tuple[str, str]]] = {}
    for target, told in LINK.findall(answer.headers["link"]):
        attributes = dict(re.findall(r'([\w-]+)="([^"]*)"', told))
        links.setdefault(attributes["rel"], []).append((target, attributes.get("type", "")))
    assert links["cite-as"] == [(BASE + "dataset", "")]
    assert ("https://schema.org/Dataset", "") in links["type"]
    assert len(links["item"]) > 3
    for target, media_type in (*links["describedby"], *links["alternate"], *links["item"]):
        found = client.head(answer.url.join(target))
        assert found.status_code == 200
        assert found.headers["content-type"].partition(";")[0] == media_type
