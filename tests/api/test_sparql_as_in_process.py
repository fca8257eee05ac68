"""Whatever Oxigraph answers in-process, the endpoint answers over HTTP, in every format."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    Quad,
    QueryResultsFormat,
    QueryTriples,
    RdfFormat,
    Store,
    parse,
)

from tests.graph.engine.asked import EX, make_store

from .in_process_queries import GRAPHS, ROWS
from .test_sparql import endpoint

PREFIXES = (
    f"PREFIX ex: <{EX}> PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> "
    "PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>\n"
)
RESULT_FORMATS = {
    "application/sparql-results+json": QueryResultsFormat.JSON,
    "application/sparql-results+xml": QueryResultsFormat.XML,
    "text/csv": QueryResultsFormat.CSV,
    "text/tab-separated-values": QueryResultsFormat.TSV,
}
GRAPH_FORMATS = {
    "application/n-triples": RdfFormat.N_TRIPLES,
    "text/turtle": RdfFormat.TURTLE,
    "application/rdf+xml": RdfFormat.RDF_XML,
    "application/ld+json": RdfFormat.JSON_LD,
    "application/n-quads": RdfFormat.N_QUADS,
    "application/trig": RdfFormat.TRIG,
    "text/n3": RdfFormat.N3,
}
_BLANK = re.compile(rb'_:\w+|(?<=<bnode>)\w+|(?<="type":"bnode","value":")\w+')


@pytest.fixture(scope="module")
def both(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, httpx.Client]]:
    path = make_store(tmp_path_factory.mktemp("same") / "store")
    store = Store(str(path))
    store.load(path=Path(__file__).with_name("in_process.trig"))
    store.flush()
    del store
    with endpoint(path) as client:
        yield Store.read_only(str(path)), client


@pytest.mark.parametrize("query", ROWS)
def test_the_same_rows_over_http(both: tuple[Store, httpx.Client], query: str) -> None:
    store, client = both
    for accept, form in RESULT_FORMATS.items():
        answer = asked(client, query, accept)
        assert _plain(answer) == _plain(in_process(store, query).serialize(format=form))


@pytest.mark.parametrize("query", GRAPHS)
def test_the_same_graph_over_http(both: tuple[Store, httpx.Client], query: str) -> None:
    store, client = both
    results = in_process(store, query)
    assert isinstance(results, QueryTriples)
    there = canonical(Quad(*triple) for triple in results)
    for accept, form in GRAPH_FORMATS.items():
        assert canonical(parse(asked(client, query, accept), form)) == there


def asked(client: httpx.Client, query: str, accept: str) -> bytes:
    response = client.post("/sparql", data={"query": PREFIXES + query}, headers={"Accept": accept})
    assert response.status_code == 200, response.text
    return response.content


def in_process(store: Store, query: str) -> Any:
    return store.query(PREFIXES + query, use_default_graph_as_union=" FROM " not in query)


def canonical(quads: Iterator[Quad]) -> Dataset:
    found = Dataset(quads)
    found.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return found


def _plain(content: bytes) -> list[bytes]:
    """Rows in an order of their own; blank nodes, whose labels mean nothing, by one name."""
    return sorted(re.split(rb"\s+|(?<=\}),", _BLANK.sub(b"_:b", content)))
