"""An IRI of ours gives every client the right thing in one hop, and says truly what it gave."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from pyoxigraph import NamedNode

from isogloss.api.app import create_app
from isogloss.api.description import PAGE_SIZE
from isogloss.graph.engine.base import Engine
from isogloss.graph.snapshot import Snapshot
from isogloss.ontology.names import BASE, IG, PREFIXES
from isogloss.settings import Settings

from .conftest import CountingEngine
from .serving import serving

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8"
THING = "publication/itu-t-y.3800"
FORMATS = {
    "ttl": ("text/turtle", ox.RdfFormat.TURTLE),
    "jsonld": ("application/ld+json", ox.RdfFormat.JSON_LD),
    "json": ("application/json", ox.RdfFormat.JSON_LD),
    "nt": ("application/n-triples", ox.RdfFormat.N_TRIPLES),
    "rdf": ("application/rdf+xml", ox.RdfFormat.RDF_XML),
    "trig": ("application/trig", ox.RdfFormat.TRIG),
    "nq": ("application/n-quads", ox.RdfFormat.N_QUADS),
    "n3": ("text/n3", ox.RdfFormat.N3),
}
PRIMARY_TOPIC = NamedNode(PREFIXES["foaf"] + "primaryTopic")


def triples(body: bytes, form: ox.RdfFormat) -> set[ox.Triple]:
    return {quad.triple for quad in ox.parse(body, form)}


@pytest.mark.parametrize(
    ("accept", "suffix"),
    [
        (BROWSER, ""),
        ("text/turtle", ".ttl"),
        ("*/*", ".ttl"),
        ("application/rdf+xml;q=0.9, application/ld+json", ".jsonld"),
        ("application/n-triples", ".nt"),
        ("application/json", ".json"),
        ("text/html;q=0.5, application/trig;q=0.6", ".trig"),
    ],
)
def test_a_thing_sends_its_client_to_a_document_once(client: httpx.Client, accept: str, suffix: str) -> None:
    first = client.get(f"/id/{THING}", headers={"accept": accept})
    assert first.status_code == 303
    assert first.headers["location"] == f"../../doc/{THING}{suffix}"
    assert "Accept" in first.headers["vary"]
    second = client.get(httpx.URL(str(first.url)).join(first.headers["location"]), headers={"accept": accept})
    assert second.status_code == 200


@pytest.mark.parametrize("suffix", FORMATS)
def test_a_suffixed_document_is_in_its_format_whatever_the_client_accepts(
    client: httpx.Client, suffix: str
) -> None:
    media_type, form = FORMATS[suffix]
    answer = client.get(f"/doc/{THING}.{suffix}", headers={"accept": "image/png"})
    assert answer.status_code == 200
    assert answer.headers["content-type"].partition(";")[0] == media_type
    found = triples(answer.content, form)
    assert found == triples(client.get(f"/doc/{THING}.nt").content, ox.RdfFormat.N_TRIPLES)


def test_a_document_describes_the_thing_and_itself(client: httpx.Client) -> None:
    found = triples(client.get(f"/doc/{THING}.ttl").content, ox.RdfFormat.TURTLE)
    itself, thing = NamedNode(f"{BASE}doc/{THING}"), NamedNode(f"{BASE}id/{THING}")
    told = {triple.predicate.value: triple.object for triple in found if triple.subject == itself}
    assert told[PRIMARY_TOPIC.value] == thing
    for name in ("license", "modified"):
        assert PREFIXES["dcterms"] + name in told
    assert PREFIXES["prov"] + "wasDerivedFrom" in told
    assert any(triple.subject == thing for triple in found)
    assert any(triple.object == thing for triple in found if triple.subject != itself)


def test_quads_keep_the_named_graphs(client: httpx.Client) -> None:
    quads = list(ox.parse(client.get(f"/doc/{THING}.nq").content, ox.RdfFormat.N_QUADS))
    assert NamedNode(BASE + "graph/report-2025") in {quad.graph_name for quad in quads}


def test_everything_that_a_description_names_has_a_label(client: httpx.Client) -> None:
    found = triples(client.get(f"/doc/{THING}.ttl").content, ox.RdfFormat.TURTLE)
    labelled = {triple.subject for triple in found if triple.predicate.value == PREFIXES["rdfs"] + "label"}
    named = {triple.object for triple in found if str(triple.object).startswith(f"<{BASE}id/")}
    assert named - labelled == set()


def test_profiles_choose_how_much_and_in_which_words(client: httpx.Client) -> None:
    bare = triples(client.get(f"/doc/{THING}.nt?_profile=bare").content, ox.RdfFormat.N_TRIPLES)
    whole = triples(client.get(f"/doc/{THING}.nt").content, ox.RdfFormat.N_TRIPLES)
    schema = triples(client.get(f"/doc/{THING}.nt?_profile=schema").content, ox.RdfFormat.N_TRIPLES)
    about = NamedNode(f"{BASE}id/{THING}")
    assert len(bare) < len(whole)
    assert {triple.subject for triple in bare} == {about, NamedNode(f"{BASE}doc/{THING}")}
    assert any(triple.predicate.value == "https://schema.org/identifier" for triple in schema)
    assert client.get(f"/doc/{THING}.nt?_profile=nonsense").status_code == 404
    assert client.get(f"/id/{THING}?_profile=bare").headers["location"].endswith(".ttl?_profile=bare")


def test_a_redirect_loses_nothing_that_was_asked_for(client: httpx.Client) -> None:
    for asked, due in (
        ("?page=2", ".ttl?page=2"),
        ("?_mediatype=rdf&_profile=bare&page=3", ".rdf?_profile=bare&page=3"),
        ("?_mediatype=text/html&page=2", "?_mediatype=html&page=2"),
        ("?page=1", ".ttl"),
    ):
        location = client.get(f"/id/body/itu{asked}").headers["location"]
        assert location == f"../../doc/body/itu{due}"
    page = client.get("/id/body/itu?_mediatype=html", follow_redirects=True)
    assert page.headers["content-type"].startswith("text/html")


def test_an_address_means_the_same_however_it_is_escaped(client: httpx.Client) -> None:
    escaped = "publication/itu%2Dt-y%2E3800"
    assert client.get(f"/id/{escaped}").headers["location"] == f"../../doc/{THING}.ttl"
    for path, suffix in ((escaped, ""), (escaped + "%2Ettl", ".ttl")):
        answer = client.get(f"/doc/{path}")
        assert answer.status_code == 200
        assert f'<../../doc/{THING}>; rel="canonical"' in answer.headers["link"]
        assert ("content-location" in answer.headers) == (not suffix)


@pytest.mark.parametrize("path", ["/id/body/", "/doc/body/", "/doc/body/?page=2"])
def test_a_kind_alone_names_nothing(client: httpx.Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert "names no body" in answer.json()["detail"]


def test_the_query_can_name_the_format(client: httpx.Client) -> None:
    for name in ("application/ld+json", "jsonld"):
        answer = client.get(f"/doc/{THING}", params={"_mediatype": name})
        assert answer.headers["content-type"] == "application/ld+json"
        assert answer.headers["content-location"] == "../../doc/publication/itu-t-y.3800.jsonld"


def test_what_cannot_be_given_is_a_406_with_the_list(client: httpx.Client) -> None:
    for answer in (
        client.get(f"/id/{THING}", headers={"accept": "image/png"}),
        client.get(f"/doc/{THING}", headers={"accept": "text/html;q=0, image/*"}),
        client.get(f"/doc/{THING}?_mediatype=image/png"),
    ):
        assert answer.status_code == 406
        assert "text/turtle" in answer.json()["offered"]


@pytest.mark.parametrize(
    "path", [f"/doc/{THING}.docx", "/doc/publication/itu-t-y.9999", "/doc/nokind/x", "/doc/body/"]
)
def test_what_is_not_there_is_a_404(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_404_names_the_nearest_things(client: httpx.Client) -> None:
    problem = client.get("/doc/publication/itu-t-y.380").json()
    assert f"{BASE}id/publication/itu-t-y.3800" in problem["suggestions"]
    page = client.get("/doc/publication/itu-t-y.380", headers={"accept": BROWSER})
    assert page.status_code == 404
    assert 'href="itu-t-y.3800">ITU-T Y.3800: Overview' in page.text


def test_a_404_takes_large_letters_for_small_ones(client: httpx.Client) -> None:
    for path in ("body/ITU", "publication/ITU-T-Y.3800"):
        assert client.get(f"/doc/{path}").json()["suggestions"][0] == f"{BASE}id/{path.lower()}"


def test_a_404_sees_through_a_slip_of_the_finger(client: httpx.Client) -> None:
    problem = client.get("/doc/publication/itu-t-y.38o4").json()
    assert f"{BASE}id/publication/itu-t-y.3804" in problem["suggestions"]


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("theme/qkd", "theme/quantum-key-distribution"),
        ("publication/ISO%2FIEC%2022989", "publication/iso-iec-22989"),
        ("publication/iso-22989", "publication/iso-iec-22989"),
        ("body/european-telecommunications-standards-institute", "body/etsi"),
        ("section/22.4", "section/2025/22.4"),
        ("term/iso-iec-22989/ai-system", "term/iso-iec-22989-2022/ai-system"),
        ("theme/brain-computer-interface", "theme/brain-computer-interfaces"),
        ("publication/itu-t-y.3800/", "publication/itu-t-y.3800"),
    ],
)
def test_a_404_knows_things_by_their_names_and_identifiers(
    client: httpx.Client, wrong: str, meant: str
) -> None:
    assert client.get(f"/doc/{wrong}").json()["suggestions"][0] == f"{BASE}id/{meant}"


def test_head_is_get_without_the_body(client: httpx.Client) -> None:
    for path in (f"/id/{THING}", f"/doc/{THING}", f"/doc/{THING}.ttl", "/", "/ontology", "/doc/body/nobody"):
        got, head = client.get(path), client.head(path)
        assert head.status_code == got.status_code
        assert head.content == b""
        ignored = {"date"}
        assert {k: v for k, v in head.headers.items() if k not in ignored} == {
            k: v for k, v in got.headers.items() if k not in ignored
        }


def test_options_tells_the_methods_and_lets_scripts_ask(client: httpx.Client) -> None:
    answer = client.options(
        f"/doc/{THING}",
        headers={"origin": "https://a.example", "access-control-request-method": "GET",
                 "access-control-request-headers": "accept"},
    )  # fmt: skip
    assert answer.status_code == 204
    assert answer.headers["allow"] == "GET, HEAD, OPTIONS"
    assert answer.headers["access-control-allow-headers"] == "accept"


def test_anybodys_scripts_may_read_every_answer_and_its_headers(client: httpx.Client) -> None:
    for path in (f"/id/{THING}", f"/doc/{THING}.ttl", "/doc/body/nobody", "/ontology.ttl", "/bodies"):
        headers = client.get(path).headers
        assert headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in headers
        assert "Link" in headers["access-control-expose-headers"]


@pytest.mark.parametrize(
    "path", [f"/doc/{THING}", f"/doc/{THING}.ttl", "/", "/themes", "/ontology", "/publications"]
)
def test_a_client_that_has_the_newest_is_told_so_without_asking_the_engine(
    client: httpx.Client, engine: CountingEngine, path: str
) -> None:
    first = client.get(path)
    asked = len(engine.asked)
    for headers in (
        {"if-none-match": first.headers["etag"]},
        {"if-none-match": f'"other", W/{first.headers["etag"]}'},
        {"if-modified-since": first.headers["last-modified"]},
    ):
        again = client.get(path, headers=headers)
        assert again.status_code == 304
        assert again.headers["etag"] == first.headers["etag"]
        assert again.content == b""
    assert len(engine.asked) == asked
    stale = client.get(
        path, headers={"if-none-match": '"other"', "if-modified-since": first.headers["last-modified"]}
    )
    assert stale.status_code == 200


@pytest.mark.parametrize("end", ["", ".ttl", ".jsonld", ".rdf", ".nq"])
def test_what_has_the_same_tag_is_the_same_byte_by_byte(client: httpx.Client, end: str) -> None:
    answers = [client.get(f"/doc/{THING}{end}", headers={"accept": BROWSER}) for _ in range(3)]
    assert len({answer.headers["etag"] for answer in answers}) == 1
    assert len({answer.content for answer in answers}) == 1


def test_each_representation_has_a_tag_of_its_own(client: httpx.Client) -> None:
    asked = [("", "text/html"), ("", "text/turtle"), (".ttl", "*/*"), ("?_profile=bare", "text/turtle")]
    tags = {
        client.get(f"/doc/{THING}{end}", headers={"accept": accept}).headers["etag"] for end, accept in asked
    }
    assert len(tags) == len(asked)


@pytest.mark.parametrize(
    "path", [f"/doc/{THING}", "/doc/body/itu", "/doc/theme/agentic-ai-security", "/doc/body/itu.ttl"]
)
def test_a_description_costs_at_most_three_queries(
    client: httpx.Client, engine: CountingEngine, path: str
) -> None:
    before = len(engine.asked)
    assert client.get(path, headers={"accept": BROWSER}).status_code == 200
    assert len(engine.asked) - before <= 3


def test_a_small_description_costs_two_queries_and_a_bare_one_a_single_one(
    client: httpx.Client, engine: CountingEngine
) -> None:
    for path, queries in ((f"/doc/{THING}.ttl", 2), (f"/doc/{THING}.ttl?_profile=bare", 1)):
        before = len(engine.asked)
        assert client.get(path).status_code == 200
        assert len(engine.asked) - before == queries


def test_links_lead_on(client: httpx.Client) -> None:
    links = client.get(f"/doc/{THING}", headers={"accept": BROWSER}).headers["link"]
    for rel in ("canonical", "cite-as", "license", "collection", "describedby", "alternate"):
        assert f'rel="{rel}"' in links
    assert f'<{BASE}id/{THING}>; rel="cite-as"' in links


def test_a_page_carries_schema_org_data_and_a_strict_policy(client: httpx.Client) -> None:
    answer = client.get(f"/doc/{THING}", headers={"accept": BROWSER})
    data = json.loads(
        answer.text.partition('<script type="application/ld+json">')[2].partition("</script>")[0]
    )
    assert data["@id"] == f"{BASE}id/{THING}"
    assert data["identifier"] == "ITU-T Y.3800"
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_part_is_described_where_its_iri_leads(client: httpx.Client) -> None:
    """A client leaves the fragment off, so what it gets must tell of the part as well."""
    query = f"SELECT ?it {{ ?it <{IG}reviewOf> ?mapping }} ORDER BY ?it LIMIT 1"
    asked = {"query": query}
    review = client.get("/sparql", params=asked, headers={"accept": "text/csv"}).text.split()[1]
    path = review.removeprefix(BASE + "id/").partition("#")[0]
    found = triples(client.get(f"/doc/{path}.nt").content, ox.RdfFormat.N_TRIPLES)
    told = {each.predicate.value for each in found if each.subject == NamedNode(review)}
    assert {IG + "verdict", IG + "reviewOf", PREFIXES["rdfs"] + "label"} <= told
    labelled = {each.subject for each in found if each.predicate.value == PREFIXES["rdfs"] + "label"}
    assert {each.object for each in found if each.predicate.value == IG + "verdict"} <= labelled
    assert 'id="review-1"' in client.get(f"/doc/{path}", headers={"accept": BROWSER}).text
    assert "#" not in client.get("/sitemap.xml").text


@pytest.mark.parametrize("named", [None, "turtle", "xml", "nt"])
def test_rdflib_reads_a_thing_by_its_address(address: str, named: str | None) -> None:
    """Also where a format is named, which it asks for by names of its own: N-Triples as text/plain."""
    graph = rdflib.Graph()
    graph.parse(f"{address}/id/{THING}", format=named)
    assert (rdflib.URIRef(f"{BASE}id/{THING}"), rdflib.RDFS.label, None) in graph


REDIRECTS = re.findall(
    r"^RewriteRule (\S+) https://isogloss\.example\.org(\S*) \[R=303,L\]$",
    (Path(__file__).parents[2] / "docs" / "linked-data.md").read_text(encoding="utf-8"),
    re.MULTILINE,
)


def registered(iri: str) -> str:
    """Where the redirect file that a deployer registers sends an IRI: the path at the service."""
    asked = iri.removeprefix(BASE)
    pattern, target = next(rule for rule in REDIRECTS if re.search(rule[0], asked))
    return re.sub(pattern, target.replace("$1", r"\1"), asked)


def test_the_registered_redirects_lead_every_iri_to_its_document_in_one_hop(client: httpx.Client) -> None:
    documents = re.findall(r"<loc>[^<]*/doc/(([a-z]+)/[^<]*)</loc>", client.get("/sitemap.xml").text)
    one_of_each = {kind: f"{BASE}id/{thing}" for thing, kind in documents}
    others = ["ontology", "ontology/0.1.0", "dataset", "graph/report-2025", f"doc/{THING}",
              f"doc/{THING}.ttl", ".well-known/void", "context.jsonld", "profiles"]  # fmt: skip
    for iri in [*one_of_each.values(), *(BASE + other for other in others)]:
        answer = client.get(registered(iri), headers={"accept": "text/turtle, */*;q=0.1"})
        assert answer.status_code == 200, iri
        if "/id/" in iri:
            found = triples(answer.content, ox.RdfFormat.TURTLE)
            assert NamedNode(iri) in {each.subject for each in found}
    assert len(one_of_each) > 10


LARGE = (
    f"@prefix ig: <{BASE}ontology#> . @prefix rdfs: <{PREFIXES['rdfs']}> . @prefix id: <{BASE}id/> .\n"
    f"<{BASE}graph/test> {{\n"
    '<https://w3id.org/isogloss/id/body/maker> rdfs:label "Maker"@en .\n'
    + "\n".join(
        f'<{BASE}id/publication/p-{number}> rdfs:label "P {number:04}"@en ;'
        f" ig:developedBy <{BASE}id/body/maker> ."
        for number in range(2 * PAGE_SIZE + 7)
    )
    + f'\n<{BASE}id/publication/odd.ttl> rdfs:label "Odd name"@en .\n}}'
)


def test_a_large_description_comes_in_pages_that_hold_it_all(
    engine_over: Callable[[str], Engine], settings: Settings, snapshot: Snapshot
) -> None:
    with serving(create_app(settings, engine_over(LARGE), snapshot)) as address:
        url, seen = f"{address}/doc/body/maker.nt", set()
        for _ in range(3):
            answer = httpx.get(url)
            developed = NamedNode(BASE + "ontology#developedBy")
            seen |= {
                t.subject for t in triples(answer.content, ox.RdfFormat.N_TRIPLES) if t.predicate == developed
            }
            url = str(answer.url.join(answer.links["next"]["url"])) if "next" in answer.links else ""
        assert url == ""
        assert len(seen) == 2 * PAGE_SIZE + 7
        assert httpx.get(f"{address}/doc/body/maker.nt?page=4").status_code == 404
        # A thing whose own name ends like a suffix comes before the format.
        odd = httpx.get(f"{address}/doc/publication/odd.ttl", headers={"accept": BROWSER})
        assert odd.headers["content-type"].startswith("text/html")
        assert (
            httpx.get(f"{address}/doc/publication/odd.ttl.nt").headers["content-type"]
            == "application/n-triples"
        )


def test_it_works_under_a_sub_path_and_behind_a_proxy_that_strips_one(
    address: str, snapshot: Snapshot, settings: Settings, another_engine: Callable[[], Engine]
) -> None:
    # The location is relative to what the client asked for, so any prefix before it stays.
    asked = httpx.URL(f"https://example.org/a/b/id/{THING}")
    location = httpx.get(f"{address}/id/{THING}").headers["location"]
    assert str(asked.join(location)) == f"https://example.org/a/b/doc/{THING}.ttl"
    with serving(create_app(settings, another_engine(), snapshot), root_path="/kg") as below:
        answer = httpx.get(f"{below}/id/{THING}", headers={"accept": BROWSER})
        assert answer.headers["location"] == f"../../doc/{THING}"
        assert httpx.get(f"{below}/themes/?a=b").headers["location"] == "../themes?a=b"


@pytest.mark.parametrize("path", ["/sparql", "/themes", "/api/queries"])
def test_a_slash_too_many_leads_on_under_whatever_host(client: httpx.Client, path: str) -> None:
    answer = client.get(path + "/?query=ASK%7B%7D&a=%2F%26")
    asked = httpx.URL(f"https://example.org/a/b{path}/")
    assert (
        str(asked.join(answer.headers["location"]))
        == f"https://example.org/a/b{path}?query=ASK%7B%7D&a=%2F%26"
    )
    assert client.get(f"//example.com{path}/").headers.get("location", ".").startswith(".")
