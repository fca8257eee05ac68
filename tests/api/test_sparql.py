"""The SPARQL 1.1 Protocol over real HTTP: every way to ask, every way to ask wrongly, and what comes back."""

from __future__ import annotations

import asyncio
import gzip
import json
import socket
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import brotli
import httpx
import pyoxigraph
import pytest
import zstandard
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount

from isogloss.api.sparql import ForPeople, SparqlEndpoint, SparqlFirst
from isogloss.graph.engine.embedded import EmbeddedEngine
from isogloss.graph.union import merge_small
from tests.graph.engine.asked import EX, make_store, settings_with

from .serving import serving

JSON = "application/sparql-results+json"
XML = "application/sparql-results+xml; charset=utf-8"
QUERY = "application/sparql-query"
FORM = "application/x-www-form-urlencoded"
LABELS = f"SELECT ?s ?label {{ ?s <{EX}label> ?label }} ORDER BY ?s LIMIT 3"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"


@contextmanager
def endpoint(store: Path, **settings: Any) -> Iterator[httpx.Client]:
    """A server with `/sparql` over `store`; a client of it."""
    engine = EmbeddedEngine(store, digest="d1", settings=settings_with(**settings))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        async with engine:
            yield

    rest = Starlette(routes=[Mount("/", PlainTextResponse("something else"))], lifespan=lifespan)
    editor = PlainTextResponse("the editor", media_type="text/html")
    own = SparqlEndpoint(engine, ForPeople(editor), federated="service_allow" in settings)
    app = SparqlFirst(rest, own, own.shortcut)
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("sparql") / "store")


@pytest.fixture(scope="module")
def client(store: Path) -> Iterator[httpx.Client]:
    with endpoint(store) as found:
        yield found


def ask(client: httpx.Client, query: str, **headers: str) -> httpx.Response:
    return client.get("/sparql", params={"query": query}, headers={"Accept": JSON, **headers})


def test_the_three_ways_to_send_a_query_give_the_same(client: httpx.Client) -> None:
    by_get = ask(client, LABELS)
    by_form = client.post("/sparql", data={"query": LABELS})
    direct = client.post("/sparql", content=LABELS, headers={"Content-Type": QUERY})
    assert by_get.status_code == by_form.status_code == direct.status_code == 200
    assert by_get.json() == by_form.json() == direct.json()
    assert len(by_get.json()["results"]["bindings"]) == 3


def test_other_paths_are_somebody_elses(client: httpx.Client) -> None:
    assert client.get("/other").text == "something else"


@pytest.mark.parametrize("way", ["get", "form", "direct"])
def test_the_data_set_of_the_protocol_wins(client: httpx.Client, way: str) -> None:
    graphs = {"default-graph-uri": [EX + "graph/0", EX + "graph/1"]}
    text = f"SELECT (COUNT(*) AS ?n) FROM <{EX}graph/2> {{ ?s ?p ?o }}"  # noqa: S608
    if way == "get":
        response = client.get("/sparql", params={"query": text, **graphs})
    elif way == "form":
        response = client.post("/sparql", data={"query": text, **graphs})
    else:
        response = client.post("/sparql", params=graphs, content=text, headers={"Content-Type": QUERY})
    assert response.json()["results"]["bindings"][0]["n"]["value"] == "400"


def test_named_graphs_are_those_asked_for(client: httpx.Client) -> None:
    text = "SELECT DISTINCT ?g { GRAPH ?g { ?s ?p ?o } }"
    response = client.get("/sparql", params={"query": text, "named-graph-uri": EX + "graph/1"})
    assert [each["g"]["value"] for each in response.json()["results"]["bindings"]] == [EX + "graph/1"]


def test_percent_escapes_are_decoded_once(client: httpx.Client) -> None:
    response = ask(client, "SELECT (STR(<http://x/a%2Fb>) AS ?x) ('a+b' AS ?y) {}")
    (row,) = response.json()["results"]["bindings"]
    assert (row["x"]["value"], row["y"]["value"]) == ("http://x/a%2Fb", "a+b")


@pytest.mark.parametrize(
    ("method", "url", "content", "content_type"),
    [
        ("GET", "/sparql?query=ASK%7B%7D&query=ASK%7B%7D", b"", ""),
        ("GET", "/sparql?default-graph-uri=http://x/", b"", ""),
        ("GET", "/sparql?query=ASK%7B%7D%FF", b"", ""),
        ("GET", "/sparql?query=ASK%7B%7D&default-graph-uri=not%20an%20iri", b"", ""),
        ("GET", "/sparql?query=ASK%7B%7D&timeout=soon", b"", ""),
        ("GET", "/sparql?query=ASK%7B%7D&timeout=-1", b"", ""),
        ("GET", "/sparql?query=ASK%7B%7D&timeout=0.0", b"", ""),
        ("GET", "/sparql?query=ASK%7B%7D&timeout=inf", b"", ""),
        ("GET", "/sparql?query=ASK%7B%7D&timeout=1_0", b"", ""),
        ("GET", "/sparql?query=ASK%7B%7D&timeout=%D9%A3", b"", ""),
        ("POST", "/sparql", b"ASK {}", "text/plain"),
        ("POST", "/sparql", b"ASK {}", ""),
        ("POST", "/sparql", b"ASK { \xff }", QUERY),
        ("POST", "/sparql", b"query=ASK{'\xe9'}", FORM),
        ("POST", "/sparql", b"query=ASK%7B%27%E9%27%7D", FORM),
        ("POST", "/sparql", b"ASK {}", QUERY + ";charset=iso-8859-1"),
        ("POST", "/sparql", "ASK {}".encode("utf-16"), QUERY + "; charset=utf-16"),
        ("POST", "/sparql?query=ASK%7B%7D", b"ASK {}", QUERY),
        ("POST", "/sparql", b"query=ASK%7B%7D&query=ASK%7B%7D", FORM),
        ("POST", "/sparql", b"nothing=here", FORM),
        ("POST", "/sparql", b"&".join([b"a=b"] * 2000), FORM),
    ],
)
def test_malformed_requests_are_told(
    client: httpx.Client, method: str, url: str, content: bytes, content_type: str
) -> None:
    headers = {"Content-Type": content_type} if content_type else {}
    response = client.request(method, url, content=content, headers=headers)
    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json()["detail"]


def test_a_syntax_error_has_line_column_and_token(client: httpx.Client) -> None:
    response = ask(client, "SELECT * {\n  ?s nonsense ?o }")
    assert response.status_code == 400
    problem = response.json()
    assert (problem["line"], problem["column"], problem["token"]) == (2, 6, "nonsense")
    problem = ask(client, "SELECT * {\r\n\t?s ?p 'é😀' ;\r\n\t?q .\r\n ?a ?b ?c }").json()
    assert (problem["line"], problem["column"], problem["token"]) == (3, 5, ".")


@pytest.mark.parametrize("text", ["CLEAR ALL", "ASK { SERVICE <http://127.0.0.1/> {} }"])
def test_what_is_not_allowed_is_forbidden(client: httpx.Client, text: str) -> None:
    response = ask(client, text)
    assert response.status_code == 403
    assert response.json()["line"] == 1
    assert client.post("/sparql", data={"update": "CLEAR ALL"}).status_code == 403


@pytest.mark.parametrize(
    ("accept", "content_type"),
    [
        ("", JSON), ("*/*", JSON), ("application/*", JSON), (JSON, JSON),
        ("text/csv", "text/csv; charset=utf-8"),
        ("application/sparql-results+xml", XML),
        ("text/tab-separated-values, text/csv;q=0.9", "text/tab-separated-values; charset=utf-8"),
        ("text/csv;q=0.1, application/sparql-results+xml;q=0.2, text/html", XML),
        ("text/turtle, text/csv;q=0.1", "text/csv; charset=utf-8"), ("application/json", "application/json"),
        ("application/sparql-results+json;q=0, */*", XML),
    ],
)  # fmt: skip
def test_rows_are_negotiated(client: httpx.Client, accept: str, content_type: str) -> None:
    response = client.get("/sparql", params={"query": LABELS}, headers={"Accept": accept})
    assert (response.status_code, response.headers["content-type"]) == (200, content_type)
    assert "accept" in response.headers["vary"].lower()


@pytest.mark.parametrize(
    "accept",
    [
        "text/turtle",
        "application/n-triples",
        "application/rdf+xml",
        "application/ld+json",
        "application/trig",
        "text/n3",
    ],
)
def test_triples_are_negotiated(client: httpx.Client, accept: str) -> None:
    text = f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ?p ?o . ?s <{EX}label> 'thing 1'@en }}"
    response = client.get("/sparql", params={"query": text}, headers={"Accept": accept})
    assert response.headers["content-type"].startswith(accept)
    assert b"thing 1" in response.content


@pytest.mark.parametrize(
    ("text", "accept"), [(LABELS, "text/turtle"), (LABELS, "image/png"), ("ASK {}", "text/html")]
)
def test_no_format_in_common_is_406_with_the_list(client: httpx.Client, text: str, accept: str) -> None:
    response = client.get("/sparql", params={"query": text}, headers={"Accept": accept})
    assert response.status_code == 406
    assert JSON in response.json()["offered"]


def test_a_406_does_not_repeat_all_that_was_sent(client: httpx.Client) -> None:
    accept = "x/" + "y" * 20_000
    for response in (ask(client, "ASK {}", Accept=accept), client.get("/sparql", headers={"Accept": accept})):
        assert response.status_code == 406
        assert len(response.content) < 2000


@pytest.mark.parametrize("name", ["application/sparql-results+xml", "application/sparql-results%2Bxml"])
def test_an_address_names_a_format_with_or_without_its_plus_escaped(client: httpx.Client, name: str) -> None:
    response = client.get(f"/sparql?query=ASK%7B%7D&_mediatype={name}", headers={"Accept": "text/csv"})
    assert response.headers["content-type"] == XML


def test_an_address_that_names_no_format_is_406(client: httpx.Client) -> None:
    assert client.get("/sparql?query=ASK%7B%7D&_mediatype=csv").status_code == 406


def test_other_methods_are_405_with_what_is_allowed(client: httpx.Client) -> None:
    for method in ("PUT", "DELETE", "PATCH"):
        response = client.request(method, "/sparql")
        assert (response.status_code, response.headers["allow"]) == (405, "GET, HEAD, POST, OPTIONS")


def test_head_says_what_get_would(client: httpx.Client) -> None:
    get = ask(client, LABELS)
    head = client.head("/sparql", params={"query": LABELS}, headers={"Accept": JSON})
    assert head.content == b""
    for name in ("content-type", "content-length", "etag"):
        assert head.headers[name] == get.headers[name]


def test_options_answer_a_preflight_without_credentials(client: httpx.Client) -> None:
    response = client.options("/sparql", headers={"Origin": "https://elsewhere.example"})
    assert response.status_code == 204
    assert response.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in response.headers
    assert "POST" in response.headers["access-control-allow-methods"]


def test_an_answer_that_the_client_has_is_not_sent_again(client: httpx.Client) -> None:
    first = ask(client, LABELS)
    again = ask(client, LABELS, **{"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    other = client.get(
        "/sparql",
        params={"query": LABELS},
        headers={"Accept": "text/csv", "If-None-Match": first.headers["etag"]},
    )
    assert other.status_code == 200


@pytest.mark.parametrize("tags", ["{}", "W/{}", '"other", W/{}, "more"', "*"])
@pytest.mark.parametrize("method", ["GET", "HEAD"])
def test_tags_come_in_lists_weak_or_as_any(client: httpx.Client, tags: str, method: str) -> None:
    tag = ask(client, LABELS).headers["etag"]
    headers = {"Accept": JSON, "If-None-Match": tags.format(tag)}
    again = client.request(method, "/sparql", params={"query": LABELS}, headers=headers)
    assert (again.status_code, again.headers["etag"]) == (304, tag)
    posted = client.post("/sparql", data={"query": LABELS}, headers=headers)
    assert posted.status_code == 200


def test_any_tag_is_met_only_by_an_answer_that_there_is(client: httpx.Client) -> None:
    anything = {"If-None-Match": "*"}
    assert ask(client, "SELECT (8 AS ?never_asked) {}", **anything).status_code == 304
    assert ask(client, "SELECT (NOW() AS ?now) {}", **anything).status_code == 200
    assert ask(client, "SELEKT", **anything).status_code == 400
    assert ask(client, "SELECT * { ?s ?p ?o . ?a ?b ?c } LIMIT 30000", **anything).status_code == 304


def test_a_post_without_a_query_is_not_taken_for_a_get(client: httpx.Client) -> None:
    url = "/sparql?query=ASK%7B%7D"
    assert client.get(url).status_code == 200
    assert client.post(url).status_code == 400
    assert client.post(url, headers={"Content-Type": FORM}).status_code == 200
    assert client.post(url, headers={"Content-Type": "application/sparql-update"}).status_code == 403


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        ("\ufeffSELECT ('é' AS ?x) {}".encode(), QUERY),
        ("SELECT ('é' AS ?x) {}".encode(), QUERY + '; charset="UTF-8"'),
        ("query=SELECT ('é' AS ?x) {}".encode(), FORM),
        ("query=\ufeffSELECT ('é' AS ?x) {}".encode(), FORM),
        (b"query=SELECT+%28%27%C3%A9%27+AS+%3Fx%29%7B%7D", FORM + "; charset=utf-8"),
    ],
)
def test_letters_beyond_ascii_arrive(client: httpx.Client, content: bytes, content_type: str) -> None:
    response = client.post(
        "/sparql", content=content, headers={"Content-Type": content_type, "Accept": "text/csv"}
    )
    assert (response.status_code, response.text) == (200, "x\r\né\r\n")


def test_a_byte_order_mark_is_none_of_the_query(client: httpx.Client) -> None:
    assert ask(client, "\ufeffASK {}").json()["boolean"] is True
    told = ask(client, "\ufeffSELECT * { ?s ?p }").json()
    assert (told["line"], told["column"]) == (1, 18)


@pytest.mark.parametrize("seconds", ["10000000", "9" * 400, "5.", ".5"])
def test_more_time_than_there_is_to_have_is_as_much_as_there_is(client: httpx.Client, seconds: str) -> None:
    assert client.get("/sparql", params={"query": "ASK {}", "timeout": seconds}).status_code == 200


def test_a_graph_that_is_named_twice_counts_once(client: httpx.Client) -> None:
    graphs = [EX + "graph/0", EX + "graph/0"]
    response = client.get("/sparql", params={"query": COUNT, "default-graph-uri": graphs})
    assert response.json()["results"]["bindings"][0]["n"]["value"] == "200"


def test_what_may_change_has_no_tag(client: httpx.Client) -> None:
    response = ask(client, "SELECT (NOW() AS ?now) {}")
    assert "etag" not in response.headers
    assert response.headers["cache-control"] == "no-store"


def test_the_server_says_how_long_it_took(client: httpx.Client) -> None:
    text = "SELECT (7 AS ?x) {}"
    assert ask(client, text).headers["server-timing"].startswith("query;dur=")
    assert ask(client, text).headers["server-timing"] == "cache;desc=hit"


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd"])
def test_answers_are_compressed_where_it_pays(client: httpx.Client, coding: str) -> None:
    text = f"SELECT * {{ ?s <{EX}label> ?o }} ORDER BY ?s"
    plain = ask(client, text, **{"Accept-Encoding": "identity"})
    request = client.build_request(
        "GET", "/sparql", params={"query": text}, headers={"Accept-Encoding": coding}
    )
    response = client.send(request, stream=True)
    raw = b"".join(response.iter_raw())
    unpack = {
        "gzip": gzip.decompress,
        "br": brotli.decompress,
        "zstd": zstandard.ZstdDecompressor().decompressobj().decompress,
    }[coding]
    assert response.headers["content-encoding"] == coding
    assert unpack(raw) == plain.content
    assert len(raw) * 4 < len(plain.content)
    assert response.headers["etag"] != plain.headers["etag"]
    assert "content-encoding" not in ask(client, "ASK {}", **{"Accept-Encoding": coding}).headers


@pytest.mark.parametrize("accepted", ["gzip, identity;q=0", "br;q=0, zstd;q=0, *;q=1, identity;q=0"])
def test_who_refuses_plain_answers_gets_small_ones_packed_too(client: httpx.Client, accepted: str) -> None:
    usual = ask(client, "ASK {}", **{"Accept-Encoding": "gzip"})
    packed = ask(client, "ASK {}", **{"Accept-Encoding": accepted})
    assert "content-encoding" not in usual.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.json() == usual.json()
    assert packed.headers["etag"] != usual.headers["etag"]


@pytest.mark.parametrize("path", ["/sparql?query=ASK%7B%7D", "/sparql"])
@pytest.mark.parametrize("accepted", ["identity;q=0", "*;q=0", "deflate, identity;q=0.0"])
def test_no_coding_in_common_is_406_with_the_list(client: httpx.Client, path: str, accepted: str) -> None:
    response = client.get(path, headers={"Accept-Encoding": accepted})
    assert response.status_code == 406
    assert response.json()["offered"] == ["zstd", "br", "gzip", "identity"]


@pytest.mark.parametrize("coding", ["gzip", "zstd", "gzip, identity"])
def test_a_query_in_a_coding_is_415_that_says_how_to_send_it(client: httpx.Client, coding: str) -> None:
    headers = {"Content-Type": QUERY, "Content-Encoding": coding}
    response = client.post("/sparql", content=gzip.compress(b"ASK {}"), headers=headers)
    assert response.status_code == 415
    assert response.headers["accept-encoding"] == "identity"
    plain = client.post("/sparql", content=b"ASK {}", headers=headers | {"Content-Encoding": "identity"})
    assert plain.status_code == 200


@pytest.mark.parametrize(
    "text", [LABELS, "SELECT * { ?s ?p ?o . ?a ?b ?c } LIMIT 30000", "ASK { FILTER(RAND() < 2) }"]
)
def test_who_wants_one_answer_alone_is_told_that_it_is_another(client: httpx.Client, text: str) -> None:
    etag = ask(client, text).headers.get("etag", '"none"')
    assert ask(client, text, **{"If-Match": '"other"'}).status_code == 412
    assert ask(client, text, **{"If-Match": f"W/{etag}"}).status_code == 412
    assert ask(client, text, **{"If-Match": "*"}).status_code == 200
    lasting = "RAND" not in text
    assert ask(client, text, **{"If-Match": f'"other", {etag}'}).status_code == (200 if lasting else 412)
    assert ask(client, text, **{"If-Match": etag, "If-None-Match": etag}).status_code == (
        304 if lasting else 412
    )
    assert ask(client, "SELECT", **{"If-Match": '"other"'}).status_code == 400


def test_a_query_said_to_be_too_long_is_refused_before_it_is_sent(client: httpx.Client) -> None:
    with socket.create_connection((client.base_url.host, client.base_url.port or 0), timeout=10) as wire:
        wire.sendall(
            b"POST /sparql HTTP/1.1\r\nHost: a\r\nContent-Type: application/sparql-query\r\n"
            b"Content-Length: 99999999\r\nExpect: 100-continue\r\n\r\n"
        )
        assert wire.recv(100).startswith(b"HTTP/1.1 413 ")


def test_an_empty_get_is_the_editor_or_the_service_description(client: httpx.Client) -> None:
    browser = client.get("/sparql", headers={"Accept": "text/html,application/xhtml+xml,*/*;q=0.8"})
    assert browser.text == "the editor"
    for accept, read in (("text/turtle", pyoxigraph.RdfFormat.TURTLE), ("*/*", pyoxigraph.RdfFormat.TURTLE)):
        response = client.get("/sparql", headers={"Accept": accept})
        assert response.headers["content-type"] == "text/turtle; charset=utf-8"
        told = {str(quad.triple) for quad in pyoxigraph.parse(response.content, read)}
        assert any(EX + "graph/0" in each for each in told)
        assert any("SPARQL11Query" in each for each in told)
        assert any('"600"' in each for each in told)


def test_the_service_description_tells_whether_service_may_be_asked(
    client: httpx.Client, store: Path
) -> None:
    feature = "http://www.w3.org/ns/sparql-service-description#BasicFederatedQuery"
    n_triples = {"Accept": "application/n-triples"}
    assert feature not in client.get("/sparql", headers=n_triples).text
    with endpoint(store, service_allow=("http://127.0.0.1:9/",)) as federated:
        assert feature in federated.get("/sparql", headers=n_triples).text


def test_the_service_description_has_a_tag_and_leaves_compressed(client: httpx.Client) -> None:
    lines = {"Accept": "application/n-triples", "Accept-Encoding": "identity"}
    plain = client.get("/sparql", headers=lines)
    packed = client.get("/sparql", headers={**lines, "Accept-Encoding": "gzip"})
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.content == plain.content
    assert packed.headers["etag"] != plain.headers["etag"]
    for tag in (plain.headers["etag"], "W/" + plain.headers["etag"], "*"):
        assert client.get("/sparql", headers={**lines, "If-None-Match": tag}).status_code == 304
    other = client.get(
        "/sparql", headers={"Accept": "application/ld+json", "If-None-Match": plain.headers["etag"]}
    )
    assert other.status_code == 200


def test_the_default_graph_is_described_by_what_it_holds_once(tmp_path: Path) -> None:
    path, thing = tmp_path / "store", pyoxigraph.NamedNode(EX)
    store = pyoxigraph.Store(str(path))
    for graph in (EX + "graph/1", EX + "graph/2"):
        store.add(pyoxigraph.Quad(thing, thing, thing, pyoxigraph.NamedNode(graph)))
    merge_small(store)
    store.flush()
    del store
    with endpoint(path) as client:
        told = client.get("/sparql", headers={"Accept": "application/n-triples"}).text
        counted = ask(client, COUNT).json()["results"]["bindings"][0]["n"]["value"]
    assert [line for line in told.splitlines() if line.startswith("_:union") and f'"{counted}"' in line]
    assert counted == "1"


def test_the_deadline_is_503_with_retry_after(store: Path) -> None:
    with endpoint(store, query_timeout_max=0.4) as client:
        response = client.get("/sparql", params={"query": RUNAWAY, "timeout": "20"})
        assert response.status_code == 503
        assert int(response.headers["retry-after"]) >= 1
        assert ask(client, "ASK {}").status_code == 200


def test_too_much_memory_is_503(store: Path) -> None:
    text = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i } }"
    with endpoint(store, query_memory=80 * 1024 * 1024) as client:
        response = ask(client, text)
        assert (response.status_code, response.json()["cap"]) == (503, "query_memory")


def test_a_cap_is_413_that_names_it(store: Path) -> None:
    with endpoint(store, result_rows=10) as client:
        response = ask(client, "SELECT * { ?s ?p ?o }")
        assert response.status_code == 413
        assert (response.json()["cap"], response.json()["limit"]) == ("result_rows", 10)


def test_a_transfer_that_goes_over_a_cap_cannot_pass_for_whole(store: Path) -> None:
    text = "SELECT * { ?s ?p ?o . ?a ?b ?c . ?d ?e ?f }"
    with endpoint(store, result_bytes=5_000_000) as client, pytest.raises(httpx.RemoteProtocolError):
        client.get("/sparql", params={"query": text}, headers={"Accept-Encoding": "identity"})


def test_a_query_too_long_to_read_is_413(client: httpx.Client) -> None:
    response = client.post("/sparql", content=b"#" * (17 << 20), headers={"Content-Type": QUERY})
    assert response.status_code == 413


def test_a_client_that_hangs_up_frees_its_worker(store: Path) -> None:
    with endpoint(store, workers=1, query_timeout=60) as client:
        for number in range(3):
            with pytest.raises(httpx.ReadTimeout):
                client.get("/sparql", params={"query": f"# {number}\n{RUNAWAY}"}, timeout=0.3)
        started = time.monotonic()
        assert ask(client, "ASK {}").status_code == 200
        assert time.monotonic() - started < 10


def test_random_bytes_do_no_harm(client: httpx.Client) -> None:
    url = client.base_url
    for junk in (
        b"\x00\xff\r\n\r\n",
        b"GET /sparql?query=%",
        b"POST /sparql HTTP/1.1\r\nContent-Length: 99999\r\n\r\nab",
    ):
        with socket.create_connection((str(url.host), url.port or 80)) as raw:
            raw.sendall(junk)
    assert ask(client, COUNT).json()["results"]["bindings"][0]["n"]["value"] == "600"


def test_many_at_once_are_all_answered_rightly(client: httpx.Client) -> None:
    async def crowd() -> list[str]:
        async with httpx.AsyncClient(base_url=client.base_url, timeout=30) as many:
            asked = (many.get("/sparql", params={"query": f"SELECT ({n} AS ?n) {{}}"}) for n in range(60))
            answers = await asyncio.gather(*asked)
        return [json.loads(each.content)["results"]["bindings"][0]["n"]["value"] for each in answers]

    assert asyncio.run(crowd()) == [str(number) for number in range(60)]
