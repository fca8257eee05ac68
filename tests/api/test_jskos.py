"""The paths that Cocoda asks, as the documentation of JSKOS Server has them."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from isogloss.api.jskos import can_be_told
from isogloss.api.mapping_rows import MappingRow
from isogloss.api.mapping_words import Record

from .browsing import need

HERE = Path(__file__).parent
TERM = "https://w3id.org/isogloss/id/term/iso-iec-tr-24027-2021/bias"
AIRO = "https://w3id.org/isogloss/id/vocabulary/airo"


def get(client: httpx.Client, path: str, **query: str) -> Any:
    answer = client.get(f"/jskos/{path}", params=query)
    assert answer.status_code == 200, answer.text
    assert answer.headers["x-total-count"].isdecimal()
    assert 'rel="first"' in answer.headers["link"]
    return answer.json()


def test_the_status_tells_every_endpoint_and_each_answers(client: httpx.Client) -> None:
    told = client.get("/jskos/status").json()
    assert told["ok"] == 1
    assert told["config"]["mappings"]["read"]["auth"] is False
    for name in ("schemes", "top", "concepts", "narrower", "ancestors", "mappings", "concordances"):
        assert client.get(told[name], params={"limit": "1"}).status_code == 200


def test_vocabularies_are_concept_schemes(client: httpx.Client) -> None:
    found = get(client, "voc", uri=AIRO)
    assert [each["uri"] for each in found] == [AIRO]
    assert found[0]["type"] == ["http://www.w3.org/2004/02/skos/core#ConceptScheme"]


def test_concepts_can_be_walked(client: httpx.Client) -> None:
    every = get(client, "voc/concepts", uri=AIRO, limit="500")
    below = next((each for each in every if each.get("broader")), None)
    assert all(each["inScheme"] == [{"uri": AIRO}] for each in every)
    assert get(client, "concepts", uri=every[0]["uri"])[0]["prefLabel"]
    if below is not None:
        above = below["broader"][0]["uri"]
        assert below["uri"] in {each["uri"] for each in get(client, "concepts/narrower", uri=above)}
        assert above in {each["uri"] for each in get(client, "concepts/ancestors", uri=below["uri"])}


def test_concepts_tell_whether_anything_stands_below(client: httpx.Client) -> None:
    every = get(client, "voc/concepts", uri=AIRO, limit="10000")
    above = {broader["uri"] for each in every for broader in each.get("broader", ())}
    assert {each["uri"] for each in every if each["narrower"] == [None]} == above
    assert all(each["narrower"] == [] for each in every if each["uri"] not in above)


def test_concepts_can_be_found(client: httpx.Client) -> None:
    words, labels, _, uris = client.get("/jskos/concepts/suggest", params={"search": "bias"}).json()
    assert words == "bias"
    assert len(labels) == len(uris) > 0
    assert get(client, "concepts/search", query="bias", voc=AIRO) is not None


@pytest.mark.parametrize("typed", ["bias", "ai sys", "model", "explainab"])
def test_what_is_typed_comes_first_then_what_begins_so(client: httpx.Client, typed: str) -> None:
    _, labels, _, _ = client.get("/jskos/concepts/suggest", params={"search": typed}).json()
    exact = [label.lower() == typed for label in labels]
    begun = [label.lower().startswith(typed) for label in labels]
    assert any(begun)
    assert exact == sorted(exact, reverse=True)
    assert begun == sorted(begun, reverse=True)
    found = get(client, "concepts/search", query=typed)
    assert found[0]["prefLabel"]["en"].lower().startswith(typed)


def test_mappings_are_filtered_by_end_scheme_and_concordance(client: httpx.Client) -> None:
    some = get(client, "mappings", fromScheme=AIRO)
    assert some
    assert all(each["fromScheme"]["uri"] == AIRO for each in some)
    first = some[0]
    end = first["from"]["memberSet"][0]["uri"]
    assert first in get(client, "mappings", **{"from": end})
    assert first in get(client, "mappings", to=end, direction="backward")
    assert first in get(client, "mappings", partOf=first["partOf"][0]["uri"])
    assert get(client, "mappings", identifier=first["uri"]) == [first]


@pytest.mark.parametrize(
    ("status", "negated", "told"),
    [
        ("accepted", False, True),
        ("proposed", False, True),
        ("rejected", False, False),
        ("superseded", False, False),
        ("accepted", True, False),
    ],
)
def test_only_what_stands_is_told_as_a_mapping(status: str, negated: bool, told: bool) -> None:
    record = Record("m:1", "one:a", "exactMatch", "two:b", negated, status)
    assert can_be_told(MappingRow(record, "a and b", "a", "b", "one", "two", "one--two")) is told


def test_pages_of_mappings_are_counted_and_linked(client: httpx.Client) -> None:
    answer = client.get("/jskos/mappings", params={"limit": "10", "offset": "10"})
    assert len(answer.json()) == 10
    assert 'rel="next"' in answer.headers["link"]
    assert 'rel="prev"' in answer.headers["link"]


def test_a_concordance_joins_two_vocabularies(client: httpx.Client) -> None:
    found = get(client, "concordances", limit="1")[0]
    assert found["fromScheme"]["notation"][0] in found["notation"][0]
    inside = client.get("/jskos/mappings", params={"partOf": found["uri"], "limit": "1"})
    assert inside.headers["x-total-count"] == found["extent"]


def test_as_much_is_given_at_once_as_cocoda_asks_for(client: httpx.Client) -> None:
    assert len(get(client, "concordances", limit="10000")) > 100
    assert client.get("/jskos/concordances", params={"limit": "10001"}).status_code == 400


def test_everything_holds_under_the_schemas_of_jskos(client: httpx.Client) -> None:
    need((HERE / "node_modules" / "jskos-validate").exists(), "jskos-validate is not installed here (npm ci)")
    told = {
        "scheme": get(client, "voc", limit="500"),
        "concept": [
            *get(client, "voc/concepts", uri=AIRO, limit="500"),
            *get(client, "concepts/search", query="bias"),
            *get(client, "concepts/narrower", uri=TERM),
        ],
        "mapping": get(client, "mappings", limit="2000"),
        "concordance": get(client, "concordances", limit="500"),
    }
    assert all(told.values())
    run = ["node", "jskos.mjs"]
    done = subprocess.run(
        run, cwd=HERE, input=json.dumps(told), capture_output=True, text=True, check=True, timeout=60
    )
    assert done.stdout == ""
