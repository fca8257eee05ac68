"""What search engines read on a page has only words that schema.org has for a thing of that class."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pytest

from isogloss.ontology.names import BASE


def structured(client: httpx.Client, thing: str) -> dict[str, Any]:
    return on_page(client, f"/doc/{thing}")


def on_page(client: httpx.Client, path: str) -> dict[str, Any]:
    text = client.get(path, headers={"accept": "text/html"}).text
    found: dict[str, Any] = json.loads(
        text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    )
    return found


@pytest.mark.parametrize(
    ("thing", "kind", "has", "has_not"),
    [
        ("publication/itu-t-y.3800", "CreativeWork", {"publisher", "about", "datePublished"}, set()),
        ("body/itu-t-sg13", "Organization", {"knowsAbout", "parentOrganization"}, {"about", "isPartOf"}),
        ("initiative/ai-ml-challenges", "Project", {"knowsAbout", "parentOrganization"}, {"about"}),
        ("section/2025/22.4", "Chapter", {"isPartOf", "position", "about"}, set()),
        ("term/iso-iec-22989-2022/ai-system", "DefinedTerm", {"inDefinedTermSet"}, {"isPartOf"}),
        ("event/ai-and-energy", "Event", {"about"}, {"isPartOf", "datePublished"}),
        ("person/leonard-rosenthol", "Person", {"jobTitle", "worksFor"}, {"about"}),
        ("figure/10.4-markets-130", "Observation", set(), {"about"}),
    ],
)
def test_each_class_has_its_own_words(
    client: httpx.Client, thing: str, kind: str, has: set[str], has_not: set[str]
) -> None:
    data = structured(client, thing)
    assert data["@type"] == kind
    assert data["@id"] == f"{BASE}id/{thing}"
    assert has <= data.keys()
    assert not has_not & data.keys()


def test_nothing_is_said_to_be_free_that_may_cost_money(client: httpx.Client) -> None:
    assert "isAccessibleForFree" not in structured(client, "publication/iso-iec-22989")


def test_addresses_are_plain_and_still_links_as_rdf(client: httpx.Client) -> None:
    data = structured(client, "publication/itu-t-y.3800")
    urls = data["url"] if isinstance(data["url"], list) else [data["url"]]
    assert all(url.startswith("https://") for url in urls)
    triples = client.get("/doc/publication/itu-t-y.3800.nt?_profile=schema").text
    assert f"<https://schema.org/url> <{urls[0]}>" in triples


def test_the_data_set_is_told_to_what_searches_data_sets(client: httpx.Client) -> None:
    data = on_page(client, "/dataset")
    assert (data["@type"], data["@id"]) == ("Dataset", BASE + "dataset")
    assert data["license"] == "https://creativecommons.org/licenses/by/4.0/"
    assert len(data["distribution"]) > 3
    for file in data["distribution"]:
        answer = client.head(file["contentUrl"])
        assert answer.headers["content-type"].partition(";")[0] == file["encodingFormat"]
