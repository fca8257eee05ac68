"""Sources too large to go through Python term by term: from file to file, each step in its own process."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path

from pyoxigraph import NamedNode, RdfFormat, Store, parse

from .dump import copy_graph
from .record_checks import check_records, properties_checked
from .rules import INFERRED, load_rules, materialise, properties_read

Write = Callable[[Store, Path], None]


def write_source(write: Write, described: Path, path: Path) -> None:
    """Let a source write its N-Quads to `path`, beside what the other sources say (`described`)."""
    write(_read(described), path)


def follow(described: Path, large: Mapping[str, Path], inferred: Path) -> dict[str, int]:
    """Write to `inferred` what follows by the rules from `described` and the `large` graphs (by IRI).

    Returns how many triples each rule added. The large graphs are held to their shapes. A rule or a check
    looks at a part of what they state, and only that is taken into memory, where rules run many times faster
    than on disk. Errors: OntologyError, CheckFailed.
    """
    store, rules = _read(described), load_rules()
    wanted = properties_read(store, rules) | properties_checked()
    for path in large.values():
        chosen = path.with_suffix(".chosen")
        _choose(path, chosen, wanted)
        store.bulk_load(path=str(chosen), format=RdfFormat.N_QUADS)
        chosen.unlink()
    added = materialise(store, rules)
    for graph in large:
        check_records(store, NamedNode(graph))
    _write_graph(store, INFERRED, inferred)
    return added


def _read(path: Path) -> Store:
    store = Store()
    store.bulk_extend(parse(path=str(path), format=RdfFormat.N_QUADS))  # keeps the names of blank nodes
    return store


def _choose(path: Path, target: Path, properties: Collection[str]) -> None:
    wanted = {f"<{iri}>".encode() for iri in properties}
    with path.open("rb", buffering=1 << 20) as lines, target.open("wb", buffering=1 << 20) as chosen:
        chosen.writelines(line for line in lines if line.split(b" ", 2)[1] in wanted)


def _write_graph(store: Store, graph: NamedNode, path: Path) -> None:
    plain = path.with_suffix(".nt")
    store.dump(str(plain), format=RdfFormat.N_TRIPLES, from_graph=graph)
    with plain.open("rb") as lines, path.open("wb", buffering=1 << 20) as target:
        copy_graph(lines, str(graph).encode(), target)
    plain.unlink()
