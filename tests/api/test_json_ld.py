"""JSON-LD in short names says exactly what the other formats say, to every reader."""

from __future__ import annotations

import json
from typing import Any

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad, Triple
from rdflib.compare import isomorphic

from isogloss.api.json_ld import json_ld
from isogloss.ontology.names import BASE, IG, PREFIXES

THING = f"{BASE}id/body/itu"

iris = st.sampled_from(
    [THING, f"{BASE}id/body/x", "https://schema.org/name", IG + "Body", "urn:a:b", "ig:not-a-prefix",
     "http://example.org/a b".replace(" ", "%20"), PREFIXES["rdfs"] + "label", IG + "theme", BASE, IG,
     "label:odd", "https://schema.org///x"]
).map(NamedNode)  # fmt: skip
predicates = st.sampled_from(
    [PREFIXES["rdf"] + "type", PREFIXES["rdfs"] + "label", IG + "theme", IG + "number", IG + "order",
     PREFIXES["dcterms"] + "issued", "http://example.org/p", PREFIXES["skos"] + "prefLabel"]
).map(NamedNode)  # fmt: skip
texts = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8)
xsd = PREFIXES["xsd"]
literals = st.one_of(
    texts.map(Literal),
    st.builds(lambda text, tag: Literal(text, language=tag), texts, st.sampled_from(["en", "fr", "en-gb"])),
    st.sampled_from(["5", "05", "-0", "true", "1", "2019", "1e0", "1.0"]).flatmap(
        lambda text: st.sampled_from(["integer", "boolean", "gYear", "double", "decimal"]).map(
            lambda name: Literal(text, datatype=NamedNode(xsd + name))
        )
    ),
)
triples = st.builds(Triple, iris, predicates, iris | literals)


@given(st.lists(triples, max_size=12))
def test_any_triples_come_back_as_they_were(told: list[Triple]) -> None:
    told = [each for each in told if not (each.predicate.value.endswith("#type") and literal(each.object))]
    written = json_ld([Quad(*each) for each in told], THING)
    assert {quad.triple for quad in ox.parse(written, ox.RdfFormat.JSON_LD)} == set(told)


def literal(term: object) -> bool:
    return isinstance(term, Literal)


@pytest.mark.filterwarnings("ignore:ConjunctiveGraph is deprecated")  # rdflib's own reader uses it
@pytest.mark.parametrize("path", ["/doc/body/itu", "/doc/section/2025/10.3", "/doc/theme/edge-ai"])
def test_rdflib_reads_the_same_graph_as_from_turtle(client: httpx.Client, path: str) -> None:
    turtle = rdflib.Graph().parse(data=client.get(path + ".ttl").content, format="turtle")
    compact = rdflib.Graph().parse(data=client.get(path + ".jsonld").content, format="json-ld")
    assert isomorphic(turtle, compact)


def document(client: httpx.Client, path: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(client.get(path).content)
    return found


def test_the_thing_comes_first_with_names_that_people_read(client: httpx.Client) -> None:
    thing = document(client, "/doc/publication/itu-t-y.3800.jsonld")["@graph"][0]
    assert thing["@id"] == f"{BASE}id/publication/itu-t-y.3800"
    assert thing["identifier"] == "ITU-T Y.3800"
    assert thing["label"].startswith("ITU-T Y.3800")
    named = thing["publishedBy"]
    assert named["@id"].startswith(BASE)
    assert named["label"]
    assert "citedIn" in thing


def test_a_document_needs_no_other_to_be_read_and_agrees_with_the_context(client: httpx.Client) -> None:
    whole = client.get("/context.jsonld").json()["@context"]
    used = document(client, "/doc/body/itu.jsonld")["@context"]
    assert isinstance(used, dict)
    assert used.items() <= whole.items()


def test_every_property_of_the_context_is_one_of_ours_or_of_a_known_prefix(client: httpx.Client) -> None:
    whole = client.get("/context.jsonld").json()["@context"]
    assert whole["theme"] == {"@id": "ig:theme", "@type": "@id"}
    assert {entry["@id"].partition(":")[0] for entry in whole.values() if isinstance(entry, dict)} <= set(
        whole
    )
