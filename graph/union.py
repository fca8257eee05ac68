"""The default graph of a sealed store: one copy of every triple that its named graphs state.

Oxigraph can answer over the union of the named graphs, but then a triple that two graphs state counts twice,
and a COUNT is wrong. RDF's merge is a set (SPARQL 1.1 Query, 13.1), so the set is stored.
"""

from __future__ import annotations

import gzip
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, parse


def merge_into_default_graph(store: Store, dump: Path) -> None:
    """Fill the default graph from the sorted, gzipped N-Quads of the same store.

    In sorted lines the statements of one triple stand together, so one pass finds them.
    """
    with TemporaryDirectory(dir=dump.parent) as folder, gzip.open(dump) as lines:
        plain, blank = Path(folder) / "plain.nt", Path(folder) / "blank.nt"
        with plain.open("wb") as without, blank.open("wb") as with_blank_nodes:
            for triple in _distinct(lines):
                (with_blank_nodes if b"_:" in triple else without).write(triple)
        store.bulk_load(path=str(plain), format=RdfFormat.N_TRIPLES)
        # A bulk load renames blank nodes; these must stay the ones that the named graphs speak of.
        store.bulk_extend(
            Quad(found.subject, found.predicate, found.object, DefaultGraph())
            for found in parse(path=str(blank), format=RdfFormat.N_TRIPLES)
        )


def _distinct(lines: Iterable[bytes]) -> Iterator[bytes]:
    last = b""
    for line in lines:
        triple = line.rsplit(b" ", 2)[0]
        if triple != last:
            yield triple + b" .\n"
            last = triple


def merge_small(store: Store) -> None:
    """The same for a store of which there is no dump; every quad goes through Python."""
    store.bulk_extend(Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in store)


def has_default_graph(store: Store) -> bool:
    """Whether the store keeps a default graph of its own; else queries go over the union of all."""
    return next(iter(store.quads_for_pattern(None, None, None, DefaultGraph())), None) is not None
