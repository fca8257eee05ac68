"""The whole service on somebody else's engine: brought there by the command, asked through our pages."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import httpx
import pytest
from pyoxigraph import BlankNode, Literal, NamedNode, Quad, QuerySolutions, QueryTriples, Store, Triple

from isogloss.api.app import create_app
from isogloss.errors import EngineError
from isogloss.graph.engine.bringing import GraphStore, Login, bring
from isogloss.graph.engine.remote import RemoteEngine
from isogloss.graph.engine.results import construct, select
from isogloss.graph.snapshot import Snapshot
from isogloss.ontology.names import BASE
from isogloss.queries.library import load_library
from isogloss.settings import Settings
from tests.graph.engine.servers import empty_oxigraph, empty_virtuoso

from .serving import serving

PAGES = (
    "/", "/themes", "/bodies", "/queries", "/search?q=quantum", "/doc/body/itu",
    "/doc/theme/quantum-key-distribution", "/doc/body/itu.ttl", "/ontology", "/.well-known/void", "/dataset",
    "/api/completions",
)  # fmt: skip
QUESTIONS = load_library()
Rows = set[tuple[str, ...]]
XSD_BOOLEAN = NamedNode("http://www.w3.org/2001/XMLSchema#boolean")


@dataclass
class Outside:
    """An outside engine with our snapshot in it, and the service in front of it."""

    settings: Settings
    client: httpx.Client
    runner: asyncio.Runner
    engine: RemoteEngine


@pytest.fixture(scope="module", params=["oxigraph with union", "oxigraph without", "virtuoso"])
def outside(
    request: pytest.FixtureRequest, state: Path, snapshot: Snapshot, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Outside]:
    given: dict[str, object] = {"state": state, "query_timeout": 60}
    if request.param == "virtuoso":
        server = empty_virtuoso(tmp_path_factory.mktemp("virtuoso"))
        given |= {"engine_user": "dba", "engine_password": "dba"}
    else:
        server = empty_oxigraph(*(["--union-default-graph"] if "with union" in request.param else []))
    with server as url, asyncio.Runner() as runner:
        settings = Settings.model_validate({"engine": url, **given})
        told = load(settings)
        assert told.returncode == 0, told.stderr
        assert f"{sum(snapshot.manifest['counts'].values())} triples" in told.stdout
        engine = RemoteEngine(url, settings=settings)
        runner.run(engine.start())
        app = create_app(settings, RemoteEngine(url, settings=settings), snapshot)
        with serving(app) as address, httpx.Client(base_url=address, timeout=60) as client:
            yield Outside(settings, client, runner, engine)
        runner.run(engine.close())


def load(settings: Settings) -> subprocess.CompletedProcess[str]:
    told = {
        "ISOGLOSS_STATE": str(settings.state),
        "ISOGLOSS_ENGINE_USER": settings.engine_user,
        "ISOGLOSS_ENGINE_PASSWORD": settings.engine_password.get_secret_value(),
    }
    command = [sys.executable, "-m", "isogloss", "load", "--engine", settings.engine]
    return subprocess.run(
        command, env=os.environ | told, capture_output=True, text=True, check=False, timeout=300
    )


@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_there(outside: Outside, path: str) -> None:
    response = outside.client.get(path, follow_redirects=True)
    assert response.status_code == 200, response.text[:500]


@pytest.fixture(scope="module")
def ours(store: Store) -> Callable[[str], tuple[list[str] | None, Rows]]:
    """The answer to a ready question from our own store, and the names of its columns, asked once for all."""

    @cache
    def answer(name: str) -> tuple[list[str] | None, Rows]:
        found = store.query(QUESTIONS[name].text)
        if isinstance(found, QuerySolutions):
            names = [variable.value for variable in found.variables]
            return names, {tuple(_plain(row[name]) for name in names) for row in found}
        assert isinstance(found, QueryTriples)
        return None, {_told(triple) for triple in found}

    return answer


@pytest.mark.parametrize("name", sorted(QUESTIONS))
def test_ready_questions_have_the_same_answers(
    outside: Outside, ours: Callable[[str], tuple[list[str] | None, Rows]], name: str
) -> None:
    text = QUESTIONS[name].text
    names, here = ours(name)
    there: Rows
    if names is None:
        there = {_told(triple) for triple in outside.runner.run(construct(outside.engine, text))}
    else:
        rows = outside.runner.run(select(outside.engine, text))
        there = {tuple(_plain(row.get(name)) for name in names) for row in rows}
    assert there == here


def test_what_is_brought_again_takes_the_place_of_what_was_there(
    outside: Outside, snapshot: Snapshot
) -> None:
    before = triples_of(outside)
    again = load(outside.settings)
    assert again.returncode == 0, again.stderr[-500:]
    assert triples_of(outside) == before
    assert sum(before.values()) == sum(snapshot.manifest["counts"].values())


def triples_of(outside: Outside) -> dict[str, int]:
    """How many triples each of our graphs has there."""
    text = f"""SELECT ?g (COUNT(*) AS ?n) {{ GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{BASE}")) }}
        GROUP BY ?g"""
    rows = outside.runner.run(select(outside.engine, text))
    return {str(row["g"]): int(getattr(row["n"], "value", 0)) for row in rows}


def test_a_login_is_never_shown() -> None:
    assert "secret" not in repr(Login("me", "secret"))
    assert "secret" not in repr(Settings.model_validate({"engine_password": "secret"}))


def test_an_engine_that_lets_nobody_write_is_told_in_one_line(tmp_path: Path) -> None:
    store = Store(str(tmp_path / "store"))
    thing = NamedNode("http://example.org/")
    store.add(Quad(thing, thing, thing, thing))
    store.flush()
    del store
    with empty_virtuoso(tmp_path) as url:
        target = GraphStore(
            url.replace("/sparql", "/sparql-graph-crud-auth"), Login("dba", "wrong"), "graph-uri"
        )
        with pytest.raises(EngineError, match="does not let us write") as caught, target:
            bring(tmp_path / "store", target, (), lambda _, __: None)
    assert "wrong" not in str(caught.value)


def test_blank_nodes_stay_the_same_across_requests(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("isogloss.graph.engine.bringing.TRIPLES", 3)
    store = Store(str(tmp_path / "store"))
    graph, link = NamedNode("http://example.org/graph"), NamedNode("http://example.org/link")
    for number in range(10):
        thing, node = NamedNode(f"http://example.org/{number}"), BlankNode()
        store.extend(
            [Quad(thing, link, node, graph), Quad(node, link, thing, graph), Quad(thing, link, thing, graph)]
        )
    store.flush()
    del store
    with empty_oxigraph() as url:
        target = GraphStore(url.replace("/query", "/store"), Login())
        with target:
            assert bring(tmp_path / "store", target, (), lambda _, __: None) == {graph.value: 30}
        text = (
            f"SELECT * {{ GRAPH ?g {{ ?s <{link.value}> ?b . ?b <{link.value}> ?s FILTER(isBlank(?b)) }} }}"
        )
        rows = httpx.get(url, params={"query": text}, headers={"Accept": "text/csv"}).text.split()
    assert len(rows) == 11


def _plain(term: object) -> str:
    if term is None or isinstance(term, BlankNode):
        return ""
    value = str(getattr(term, "value", term))
    if isinstance(term, Literal) and term.datatype == XSD_BOOLEAN:
        value = str(int(value in {"true", "1"}))  # Virtuoso 7 has no truth values and writes 1 or 0
    try:
        return f"{float(value):.6g}"
    except ValueError:
        return value


def _told(triple: Triple) -> tuple[str, str, str]:
    return _plain(triple.subject), _plain(triple.predicate), _plain(triple.object)
