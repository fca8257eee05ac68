"""Sorted lines become a store: every quad, and every triple once in the default graph."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, NamedNode, Quad, RdfFormat, Store, parse

from isogloss.graph.filling import fill, sorted_quads, split

LINES = (
    b'<x:a> <x:b> "told twice" <x:one> .\n',
    b'<x:a> <x:b> "told twice" <x:one> .\n',
    b'<x:a> <x:b> "told twice" <x:two> .\n',
    b"<x:a> <x:b> _:c14n0 <x:one> .\n",
    b"_:c14n0 <x:b> <x:c> <x:two> .\n",
)


def filled(folder: Path, lines: tuple[bytes, ...], *more: Quad) -> Store:
    split(sorted(lines), folder)
    store = Store()
    fill(store, folder, more)
    return store


def test_each_different_quad_is_counted_for_its_graph(tmp_path: Path) -> None:
    assert split(sorted(LINES), tmp_path) == {"x:one": 2, "x:two": 2}
    both = [line for path in sorted_quads(tmp_path) for line in path.read_bytes().splitlines(keepends=True)]
    assert sorted(both) == sorted(set(LINES))


def test_what_two_graphs_state_stands_once_in_the_default_graph(tmp_path: Path) -> None:
    store = filled(tmp_path, LINES)
    merged = [quad.triple for quad in store.quads_for_pattern(None, None, None, DefaultGraph())]
    assert len(merged) == len(set(merged)) == 3
    assert len(store) == 4 + 3


def test_blank_nodes_stay_the_same_in_all_graphs(tmp_path: Path) -> None:
    store = filled(tmp_path, LINES)
    found = store.query("ASK { <x:a> <x:b> ?node . GRAPH <x:two> { ?node <x:b> <x:c> } }")
    assert bool(found)


def test_more_quads_stand_in_both(tmp_path: Path) -> None:
    a, graph = NamedNode("x:a"), NamedNode("x:three")
    store = filled(tmp_path, (), Quad(a, a, a, graph))
    assert {quad.graph_name for quad in store} == {graph, DefaultGraph()}


@settings(max_examples=50)
@given(texts=st.lists(st.text(max_size=8), max_size=6))
def test_a_store_filled_from_lines_states_what_they_state(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str]
) -> None:
    folder = tmp_path_factory.mktemp("filling")
    source = Store()
    for text in texts:
        source.add(
            next(iter(parse(f"<x:a> <x:b> {_literal(text)} <x:g> .".encode(), format=RdfFormat.N_QUADS)))
        )
    dumped = source.dump(format=RdfFormat.N_QUADS) or b""
    store = filled(folder, tuple(dumped.splitlines(keepends=True)))
    assert {q for q in store if q.graph_name != DefaultGraph()} == set(source)


def _literal(text: str) -> str:
    signs = "".join(f"\\U{ord(sign):08X}" for sign in text if not 0xD800 <= ord(sign) < 0xE000)
    return f'"{signs}"'
