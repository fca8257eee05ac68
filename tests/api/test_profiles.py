"""Content negotiation by profile: in the address or in Accept-Profile, and the answer says which it is."""

from __future__ import annotations

import re

import httpx
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st

from isogloss.api.documents import BARE, LABELLED, PROFILES, SCHEMA_ORG, Profile, profile_wanted

THING = "/doc/publication/itu-t-y.3800"


@pytest.mark.parametrize(
    ("field", "chosen"),
    [
        (None, LABELLED),
        ("", LABELLED),
        ("*", LABELLED),
        ("<urn:nothing>", LABELLED),
        (f"<{BARE.iri}>", BARE),
        ("<https://schema.org>", SCHEMA_ORG),
        ("schema;q=0.5, bare", BARE),
        (f"<urn:nothing>, <{SCHEMA_ORG.iri}>; q=0.9 , <{BARE.iri}>;q=0.2", SCHEMA_ORG),
        ("bare;q=0", LABELLED),
        ("bare;q=much", LABELLED),
    ],
)
def test_the_profile_that_is_wanted_most_is_chosen(field: str | None, chosen: Profile) -> None:
    assert profile_wanted(None, field) == chosen


@given(st.text(max_size=200))
def test_no_field_breaks_the_choice(field: str) -> None:
    assert profile_wanted(None, field) in PROFILES


@pytest.mark.parametrize("profile", PROFILES, ids=lambda profile: profile.token)
def test_header_and_address_give_the_same_and_the_answer_says_what_it_is(
    client: httpx.Client, profile: Profile
) -> None:
    by_header = client.get(THING, headers={"accept": "text/turtle", "accept-profile": f"<{profile.iri}>"})
    by_address = client.get(f"{THING}.ttl", params={"_profile": profile.token})
    assert by_header.content == by_address.content
    for answer in (by_header, by_address):
        assert f'<{profile.iri}>; rel="profile"' in answer.headers["link"]
        assert "Accept-Profile" in answer.headers["vary"]


def test_each_profile_leads_to_the_others(client: httpx.Client) -> None:
    links = client.get(f"{THING}.ttl?_profile=bare").headers["link"]
    found = re.findall(r'<([^>]*)>; rel="alternate"; type="text/turtle"; formats="([^"]*)"', links)
    assert {profile for _, profile in found} == {LABELLED.iri, SCHEMA_ORG.iri}
    for path, profile in found:
        answer = client.get(httpx.URL(f"{client.base_url}{THING}.ttl").join(path))
        assert f'<{profile}>; rel="profile"' in answer.headers["link"]


@pytest.mark.parametrize("profile", ["bare", "schema"])
def test_what_tells_nothing_of_what_points_there_has_no_pages_for_it(
    client: httpx.Client, profile: str
) -> None:
    """ITU's own facts fit one page; only what it publishes fills several."""
    answer = client.get("/doc/body/itu.nt", params={"_profile": profile})
    assert 'rel="next"' not in answer.headers["link"]
    browsed = client.get("/doc/body/itu.nt", params={"_profile": profile}, headers={"accept": "text/html"})
    assert (browsed.content, browsed.headers["link"]) == (answer.content, answer.headers["link"])
    assert client.get("/doc/body/itu.nt", params={"_profile": profile, "page": 2}).status_code == 404
    assert 'rel="next"' in client.get("/doc/body/itu.nt").headers["link"]


def test_the_other_formats_are_those_of_the_same_page_and_profile(client: httpx.Client) -> None:
    for path, due in (
        ("/doc/body/itu?page=2", "itu.nt?page=2"),
        (f"{THING}?_profile=schema", "y.3800.nt?_profile=schema"),
    ):
        answer = client.get(path, headers={"accept": "text/turtle"})
        (other,) = re.findall(
            r'<([^>]*)>; rel="alternate"; type="application/n-triples"', answer.headers["link"]
        )
        assert other.endswith(due)
        same = rdflib.Graph().parse(data=client.get(answer.url.join(other)).text, format="nt")
        assert set(same) == set(rdflib.Graph().parse(data=answer.text, format="turtle"))


def test_the_next_page_keeps_profile_and_format(client: httpx.Client) -> None:
    answer = client.get("/doc/body/itu?_mediatype=nt&_profile=labelled")
    assert answer.headers["content-type"] == "application/n-triples"
    (following,) = re.findall(r'<([^>]*)>; rel="next"', answer.headers["link"])
    again = client.get(answer.url.join(following))
    assert again.status_code == 200
    assert again.headers["content-type"] == "application/n-triples"
    assert "_profile=labelled" in following


@pytest.mark.parametrize(
    ("path", "profile"),
    [
        (THING, "labelled"),
        (THING, "bare"),
        (f"{THING}?_profile=schema", "labelled"),
        (f"{THING}?_profile=schema", "bare"),
        ("/doc/body/itu?page=2", "labelled"),
    ],
)
def test_the_place_that_an_answer_names_holds_the_very_same(
    client: httpx.Client, path: str, profile: str
) -> None:
    answer = client.get(path, headers={"accept": "application/n-triples", "accept-profile": profile})
    again = client.get(answer.url.join(answer.headers["content-location"]))
    assert again.headers["content-type"] == "application/n-triples"
    assert again.content == answer.content


def test_a_page_is_the_whole_description_whatever_profile_is_asked_for(client: httpx.Client) -> None:
    answer = client.get(THING, headers={"accept": "text/html", "accept-profile": "bare"})
    assert f'<{LABELLED.iri}>; rel="profile"' in answer.headers["link"]
