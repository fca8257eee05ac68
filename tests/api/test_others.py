"""Somebody else's RDF is served as it is, with nothing of ours; proxies are believed only if trusted."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator

import httpx
import pyoxigraph as ox
import pytest
from fastapi import FastAPI, Request
from lxml import etree

from isogloss.api.app import create_app
from isogloss.api.proxies import TrustedProxies
from isogloss.graph.engine.base import Engine
from isogloss.settings import Settings

from .serving import serving

HTML = {"accept": "text/html"}
ANN = "http://example.org/ann"
DATA = """
@prefix foaf: <http://xmlns.com/foaf/0.1/> . @prefix ex: <http://example.org/> .
ex:ann a foaf:Person ; foaf:name "Ann" ; foaf:knows ex:bob ; foaf:homepage <http://ann.example/> .
GRAPH ex:graph { ex:bob a foaf:Person ; foaf:name "Bob" . }
"""


@pytest.fixture
def guest_with(
    engine_over: Callable[[str], Engine], settings: Settings
) -> Iterator[Callable[[str], httpx.Client]]:
    """Serves some TriG of somebody else's."""
    with contextlib.ExitStack() as open_ones:

        def serve(trig: str) -> httpx.Client:
            address = open_ones.enter_context(serving(create_app(settings, engine_over(trig), None)))
            return open_ones.enter_context(httpx.Client(base_url=address))

        yield serve


@pytest.fixture
def guest(guest_with: Callable[[str], httpx.Client]) -> httpx.Client:
    return guest_with(DATA)


def test_the_start_page_tells_what_the_data_holds(guest: httpx.Client) -> None:
    page = guest.get("/", headers=HTML).text
    assert "foaf:Person" in page
    assert "http://example.org/graph" in page


def test_any_iri_has_a_page_and_rdf_whichever_graph_it_is_in(guest: httpx.Client) -> None:
    page = guest.get("/browse", params={"iri": ANN}, headers=HTML)
    assert page.status_code == 200
    assert "Ann</h1>" in page.text
    assert "browse?iri=http%3A%2F%2Fexample.org%2Fbob" in page.text
    assert 'href="http://ann.example/"' in page.text
    bob = guest.get("/browse", params={"iri": "http://example.org/bob", "_mediatype": "nt"})
    quads = list(ox.parse(bob.content, ox.RdfFormat.N_TRIPLES))
    assert ox.NamedNode(ANN) in {quad.subject for quad in quads}
    assert not any("isogloss" in str(quad) for quad in quads)


def test_rdf_xml_stays_xml_or_is_refused(guest_with: Callable[[str], httpx.Client]) -> None:
    data = """
    @prefix ex: <http://example.org/> .
    ex:bell ex:sound "ding\\u0007" . ex:counted <http://example.org/1> 1 .
    """
    client = guest_with(data)
    bell, counted = (
        client.get("/browse", params={"iri": f"http://example.org/{name}", "_mediatype": "rdf"})
        for name in ("bell", "counted")
    )
    assert "ding\ufffd" in {node.text for node in etree.fromstring(bell.content).iter()}
    assert counted.status_code == 406
    assert "http://example.org/1" in counted.json()["detail"]
    assert "text/turtle" in counted.json()["offered"]


def test_nothing_of_ours_is_there(guest: httpx.Client) -> None:
    for path in (
        "/themes",
        "/publications",
        "/ontology",
        "/id/body/itu",
        "/doc/body/itu",
        "/dataset",
        "/queries",
    ):
        assert guest.get(path).status_code == 404


def test_health_and_sparql_answer(guest: httpx.Client) -> None:
    told = guest.get("/health").json()
    assert told["status"] == "ok"
    assert set(told["sandbox"]["workers"]) >= {"memory", "network"}
    assert "Network of workers" in guest.get("/health", headers=HTML).text
    asked = guest.get(
        "/sparql", params={"query": "SELECT ?s { ?s a ?class } ORDER BY ?s"}, headers={"accept": "text/csv"}
    )
    assert asked.text.split() == ["s", ANN, "http://example.org/bob"]


def test_unknown_and_impossible_iris_are_told(guest: httpx.Client) -> None:
    assert guest.get("/browse", params={"iri": "http://example.org/nobody"}).status_code == 404
    assert guest.get("/browse", params={"iri": "no iri at all"}).status_code == 400
    assert guest.get("/browse").status_code == 400


def echo(trusted: tuple[str, ...]) -> FastAPI:
    app = FastAPI()

    @app.get("/where")
    def where(request: Request) -> dict[str, str]:
        client = request.client.host if request.client else ""
        return {"url": str(request.url), "base": str(request.base_url), "client": client}

    app.add_middleware(TrustedProxies, trusted=trusted)
    return app


@pytest.mark.parametrize(
    ("headers", "base"),
    [
        ({"x-forwarded-proto": "https", "x-forwarded-host": "kg.example"}, "https://kg.example/"),
        ({"forwarded": 'for=1.2.3.4;proto=https;host="kg.example:8443"'}, "https://kg.example:8443/"),
        ({"forwarded": "host=evil.example, proto=https;host=kg.example"}, "https://kg.example/"),
        ({"x-forwarded-host": "kg.example", "x-forwarded-prefix": "/a/b"}, "http://kg.example/a/b/"),
        ({"x-forwarded-host": "kg.example/<script>", "x-forwarded-proto": "gopher"}, "http://"),
    ],
)
def test_a_trusted_proxy_tells_scheme_host_and_prefix(headers: dict[str, str], base: str) -> None:
    with serving(echo(("127.0.0.0/8",))) as address:
        told = httpx.get(f"{address}/where", headers=headers).json()
    assert told["base"].startswith(base)
    assert "script" not in told["base"]


@pytest.mark.parametrize(
    ("headers", "client"),
    [
        ({"x-forwarded-for": "198.51.100.7, 192.0.2.4"}, "192.0.2.4"),
        ({"forwarded": "for=192.0.2.9;proto=https, for=192.0.2.4:4711"}, "192.0.2.4"),
        ({"forwarded": 'for="[2001:DB8::17]:4711"'}, "2001:db8::17"),
        ({"x-forwarded-for": "2001:db8::17"}, "2001:db8::17"),
        ({"forwarded": "for=_hidden"}, "127.0.0.1"),
        ({"forwarded": "for=unknown"}, "127.0.0.1"),
    ],
)
def test_a_trusted_proxy_tells_who_asks(headers: dict[str, str], client: str) -> None:
    """Whoever it is shares the service with others as one client of many, not as the proxy."""
    with serving(echo(("127.0.0.0/8",))) as address:
        assert httpx.get(f"{address}/where", headers=headers).json()["client"] == client


def test_nobody_else_is_believed() -> None:
    with serving(echo(("192.0.2.1",))) as address:
        headers = {"x-forwarded-host": "evil.example", "x-forwarded-for": "192.0.2.4"}
        told = httpx.get(f"{address}/where", headers=headers).json()
    assert told["base"] == f"{address}/"
    assert told["client"] == "127.0.0.1"


def test_a_wrong_network_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="does not appear"):
        TrustedProxies(FastAPI(), ("not a network",))
