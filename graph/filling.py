"""A store from sorted N-Quads: the named graphs, and the default graph with one copy of every triple.

Oxigraph can answer over the union of the named graphs, but then a triple that two graphs state counts twice,
and a COUNT is wrong. RDF's merge is a set (SPARQL 1.1 Query, 13.1), so the set is stored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path

from pyoxigraph import DefaultGraph, Quad, RdfFormat, Store, parse

_QUADS, _TRIPLES = "all.nq", "all.nt"
_BLANK_QUADS, _BLANK_TRIPLES = "blank.nq", "blank.nt"


def split(lines: Iterable[bytes], folder: Path) -> Counter[str]:
    """Write sorted lines to files that `fill` loads; returns how many different quads each graph has, by IRI.

    In sorted lines the statements of one triple stand together, so one pass finds what to leave out.
    """
    counts: Counter[bytes] = Counter()
    last = last_triple = b""
    with ExitStack() as opened:
        quads, triples, blank_quads, blank_triples = (
            opened.enter_context((folder / name).open("wb", buffering=1 << 20)).write
            for name in (_QUADS, _TRIPLES, _BLANK_QUADS, _BLANK_TRIPLES)
        )
        for line in lines:
            if line == last:
                continue
            last = line
            triple, graph, _ = line.rsplit(b" ", 2)
            counts[graph] += 1
            blank = b"_:" in line
            (blank_quads if blank else quads)(line)
            if triple != last_triple:
                last_triple = triple
                (blank_triples if blank else triples)(triple + b" .\n")
    return Counter({graph.decode()[1:-1]: count for graph, count in counts.items()})


def sorted_quads(folder: Path) -> tuple[Path, Path]:
    """The two files of sorted lines that together hold all quads."""
    return folder / _QUADS, folder / _BLANK_QUADS


def distinct_triples(folder: Path) -> tuple[Path, Path]:
    """The two files of lines that together hold every triple once."""
    return folder / _TRIPLES, folder / _BLANK_TRIPLES


def fill(store: Store, folder: Path, more: Iterable[Quad]) -> None:
    """Load what `split` wrote, and `more` quads with their triples."""
    store.bulk_load(path=str(folder / _QUADS), format=RdfFormat.N_QUADS)
    store.bulk_load(path=str(folder / _TRIPLES), format=RdfFormat.N_TRIPLES)
    # A bulk load gives blank nodes other names; these must stay the ones that all graphs speak of.
    store.bulk_extend(parse(path=str(folder / _BLANK_QUADS), format=RdfFormat.N_QUADS))
    store.bulk_extend(parse(path=str(folder / _BLANK_TRIPLES), format=RdfFormat.N_TRIPLES))
    found = list(more)
    store.extend([*found, *(Quad(q.subject, q.predicate, q.object, DefaultGraph()) for q in found)])
