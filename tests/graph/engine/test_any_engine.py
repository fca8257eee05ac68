"""What every engine does alike: the embedded one, Oxigraph's server, and Virtuoso."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, RdfFormat, parse

from isogloss.errors import (
    EngineError,
    NotAcceptable,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooLarge,
)
from isogloss.graph.engine.base import QueryRequest
from isogloss.graph.engine.remote import RemoteEngine
from isogloss.graph.engine.results import ask, construct, select

from .asked import EX, Asked, embedded, settings_with
from .servers import oxigraph_server, virtuoso_server

COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o . FILTER(STRSTARTS(STR(?s), 'http://example.org/thing/')) }"
LABELS = f"SELECT ?label {{ ?s <{EX}label> ?label }} ORDER BY ?label LIMIT 3"
RUNAWAY = f"""SELECT (COUNT(*) AS ?n) {{
?a <{EX}label> ?x . ?b <{EX}label> ?y . ?c <{EX}label> ?z . ?d <{EX}label> ?w
FILTER(STRLEN(CONCAT(STR(?x), STR(?y), STR(?z), STR(?w))) > 100000) }}"""


class Contract:
    """The behaviour that the service relies on; each subclass brings an engine."""

    def test_counts_over_the_union_of_the_graphs(self, engine: Asked) -> None:
        assert _values(engine, COUNT, "n") == ["600"]

    def test_a_data_set_is_asked_for_by_the_protocol(self, engine: Asked) -> None:
        rows = engine.body(COUNT, "text/csv", default_graphs=(EX + "graph/0", EX + "graph/1"))
        assert "400" in rows
        named = f"SELECT DISTINCT ?g {{ GRAPH ?g {{ ?s <{EX}label> ?o }} }}"
        assert engine.body(named, "text/csv", named_graphs=(EX + "graph/2",)).split()[1:] in (
            [EX + "graph/2"],
            [f'"{EX}graph/2"'],
        )

    def test_rows_come_in_order_with_their_language(self, engine: Asked) -> None:
        rows = engine.run(select(engine.engine, LABELS))
        assert rows == [{"label": Literal(f"thing {number}", language="en")} for number in ("0", "1", "10")]

    def test_yes_and_no(self, engine: Asked) -> None:
        thing = {"s": NamedNode(EX + "thing/1")}
        assert engine.run(ask(engine.engine, "ASK { ?s ?p ?o }", thing))
        assert not engine.run(ask(engine.engine, "ASK { ?o ?s ?p }", thing))

    def test_triples(self, engine: Asked) -> None:
        thing = {"s": NamedNode(EX + "thing/1")}
        triples = engine.run(construct(engine.engine, "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o }", thing))
        assert {str(each.predicate.value) for each in triples} == {EX + "label", EX + "next"}

    @pytest.mark.parametrize(
        "accept", ["application/sparql-results+json", "application/sparql-results+xml", "text/csv"]
    )
    def test_rows_come_in_the_format_asked_for(self, engine: Asked, accept: str) -> None:
        answer, body = engine.ask(LABELS, accept)
        assert answer.media_type == accept
        assert body.count(b"thing 1") == 2

    @pytest.mark.parametrize("accept", ["text/turtle", "application/n-triples", "application/rdf+xml"])
    def test_triples_come_in_the_format_asked_for(self, engine: Asked, accept: str) -> None:
        answer, body = engine.ask(f"CONSTRUCT {{ ?s <{EX}label> ?o }} WHERE {{ ?s <{EX}label> ?o }}", accept)
        assert answer.media_type == accept
        assert body.count(b"thing 17") == 11

    def test_tables_in_tsv_tell_terms_as_sparql_writes_them(self, engine: Asked) -> None:
        text = 'SELECT ?a ?b { VALUES (?a ?b) { ("x\\n\\t\\"y\\""@en UNDEF) (<http://example.org/a> 1) } }'
        integer = "http://www.w3.org/2001/XMLSchema#integer"
        body = engine.body(text, "text/tab-separated-values").replace(f'"1"^^<{integer}>', "1")
        assert body == '?a\t?b\n"x\\n\\t\\"y\\""@en\t\n<http://example.org/a>\t1\n'

    @pytest.mark.parametrize(
        "accept", ["application/n-quads", "application/trig", "text/n3", "application/ld+json"]
    )
    def test_triples_come_in_every_format_that_is_offered(self, engine: Asked, accept: str) -> None:
        answer, body = engine.ask(f"CONSTRUCT {{ ?s <{EX}label> ?o }} WHERE {{ ?s <{EX}label> ?o }}", accept)
        assert answer.media_type == accept
        form = RdfFormat.from_media_type(accept)
        assert form is not None
        assert len(list(parse(body, form))) == 300

    def test_a_default_graph_of_the_protocol_comes_without_named_ones(self, engine: Asked) -> None:
        text = "SELECT ?s { GRAPH ?g { ?s ?p ?o } }"
        rows = engine.body(text, "text/csv", default_graphs=(EX + "graph/0",))
        assert len(rows.splitlines()) == 1

    def test_a_format_that_does_not_fit_the_form_is_not_acceptable(self, engine: Asked) -> None:
        with pytest.raises(NotAcceptable):
            engine.ask("ASK {}", "text/turtle")

    def test_a_query_that_does_not_parse_is_told_with_its_line(self, engine: Asked) -> None:
        with pytest.raises(QuerySyntaxError) as caught:
            engine.ask("SELECT * {\n ?s ?p . }")
        assert caught.value.line in {1, 2}

    @pytest.mark.parametrize(
        "text", ["INSERT DATA { <a:b> <a:b> <a:b> }", "ASK { SERVICE <http://127.0.0.1:1/> {} }"]
    )
    def test_what_is_not_allowed_is_refused(self, engine: Asked, text: str) -> None:
        with pytest.raises(QueryRefused):
            engine.ask(text)

    def test_a_runaway_is_ended_at_its_deadline(self, engine: Asked) -> None:
        with pytest.raises(QueryTimeout):
            engine.ask(RUNAWAY, timeout=1.5)
        assert _values(engine, COUNT, "n") == ["600"]

    def test_a_row_cap_is_told(self, engine: Asked) -> None:
        with pytest.raises(QueryTooLarge) as caught:
            engine.ask("SELECT * { ?s ?p ?o } LIMIT 501", "application/sparql-results+json")
        assert caught.value.limit == 500
        engine.ask("SELECT * { ?s ?p ?o } LIMIT 500", "application/sparql-results+json")

    @pytest.mark.parametrize("accept", ["text/turtle", "application/rdf+xml", "application/n-triples"])
    def test_a_row_cap_holds_for_triples_in_every_format(self, engine: Asked, accept: str) -> None:
        text = "CONSTRUCT { ?s ?p ?o } WHERE { ?s ?p ?o FILTER(STRSTARTS(STR(?s), 'http://example.org/')) }"
        with pytest.raises(QueryTooLarge) as caught:
            engine.ask(text, accept)
        assert caught.value.limit == 500
        answer, body = engine.ask(text + " LIMIT 499", accept)
        assert answer.media_type == accept
        assert body.count(b"http://example.org/thing/") > 400

    def test_leaving_early_leaves_the_engine_usable(self, engine: Asked) -> None:
        async def leave() -> None:
            answer = await engine.engine.query(
                QueryRequest("SELECT * { ?a ?b ?c . ?d ?e ?f } LIMIT 10000", trusted=True)
            )
            await anext(answer.chunks)
            await answer.chunks.aclose()

        engine.run(leave())
        assert _values(engine, COUNT, "n") == ["600"]


class TestEmbedded(Contract):
    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls, small_store: Path) -> Iterator[Asked]:
        with embedded(small_store, result_rows=500) as asked:
            yield asked


class TestOxigraphServer(Contract):
    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls, small_store: Path) -> Iterator[Asked]:
        with oxigraph_server(small_store) as url, remote(url) as asked:
            yield asked


class TestVirtuoso(Contract):
    @pytest.fixture(scope="class")
    @classmethod
    def engine(cls, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asked]:
        with virtuoso_server(tmp_path_factory.mktemp("virtuoso")) as url, remote(url) as asked:
            assert isinstance(asked.engine, RemoteEngine)
            assert asked.engine.dialect == "virtuoso"
            yield asked

    def test_its_own_functions_which_fetch_addresses_are_refused(self, engine: Asked) -> None:
        with pytest.raises(QueryRefused) as caught:
            engine.ask("SELECT (<bif:http_get>('http://127.0.0.1:9/') AS ?x) {}")
        assert (caught.value.column, caught.value.token) == (9, "<bif:http_get>")
        cast = "SELECT (<http://www.w3.org/2001/XMLSchema#integer>('7') AS ?x) {}"
        assert _values(engine, cast, "x") == ["7"]


def test_an_endpoint_that_is_not_there_is_told_without_its_password() -> None:
    async def start() -> None:
        async with RemoteEngine("http://me:secret@127.0.0.1:9/sparql", settings=settings_with()):
            pass

    with pytest.raises(EngineError) as caught:
        asyncio.run(start())
    assert "secret" not in repr(caught.value)


@pytest.mark.parametrize(
    "url",
    ["http://me:secret@[::1/sparql", "http://me:secret@host:many/", "ftp://secret/", "secret", "http://"],
)
def test_an_address_that_is_none_is_told_without_its_password(url: str) -> None:
    with pytest.raises(EngineError, match="HOST:PORT") as caught:
        RemoteEngine(url, settings=settings_with())
    assert caught.value.__cause__ is None
    assert "secret" not in str(caught.value)


class _Cutting(BaseHTTPRequestHandler):
    """Answers as Virtuoso does whose time is over, or whose bound on rows is met."""

    def do_POST(self) -> None:
        asked = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.send_response(200)
        for mark, field, value in (("many", "X-SPARQL-MaxRows", "100"), ("slow", "X-SQL-State", "S1TAT")):
            if mark in asked:
                self.send_header(field, value)
        self.end_headers()
        self.wfile.write(b'{"head":{"vars":["s"]},"boolean":false}')

    def version_string(self) -> str:
        return "Virtuoso/07.20"

    def log_message(self, format: str, *args: object) -> None:
        """Tests have nothing to log."""


def test_what_an_engine_has_cut_short_is_no_answer() -> None:
    with ThreadingHTTPServer(("127.0.0.1", 0), _Cutting) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            with remote(f"http://127.0.0.1:{server.server_port}/sparql") as engine:
                engine.ask("SELECT ?s { ?s ?p ?o }")
                with pytest.raises(QueryTooLarge) as caught:
                    engine.ask("SELECT ?s { ?s ?many ?o }")
                assert (caught.value.cap, caught.value.limit) == ("engine", 100)
                with pytest.raises(QueryTimeout):
                    engine.ask("SELECT ?s { ?s ?slow ?o }")
        finally:
            server.shutdown()
            thread.join()


def remote(url: str) -> _Remote:
    return _Remote(url)


class _Remote:
    def __init__(self, url: str) -> None:
        self._runner = asyncio.Runner()
        self._engine = RemoteEngine(url, settings=settings_with(result_rows=500))

    def __enter__(self) -> Asked:
        self._runner.run(self._engine.start())
        return Asked(self._engine, self._runner)

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._engine.close())
        self._runner.close()


def _values(engine: Asked, text: str, name: str) -> list[str]:
    rows = engine.run(select(engine.engine, text))
    return [str(row[name].value) for row in rows]  # type: ignore[union-attr]
