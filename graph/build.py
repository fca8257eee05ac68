"""The build: sources to quads to store, rules, checks, dump, manifest, sealed as a snapshot."""

from __future__ import annotations

import hashlib
import platform
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, QuerySolutions, RdfFormat, Store

from isogloss.errors import BuildError
from isogloss.ontology import check, names

from . import terms
from .dump import write_dump
from .proof import shaped_facts
from .record_checks import check_records
from .rules import load_rules, materialise
from .search.index import write_index
from .snapshot import Snapshot, building, publish
from .sources import Source
from .union import merge_into_default_graph

OnStep = Callable[[str], None]


class _Clock:
    """Seconds a step, in the order in which the steps ran."""

    def __init__(self, on_step: OnStep) -> None:
        self.on_step = on_step
        self.seconds: dict[str, float] = {}

    @contextmanager
    def step(self, name: str, says: str) -> Iterator[None]:
        self.on_step(says)
        start = time.perf_counter()
        yield
        self.seconds[name] = round(time.perf_counter() - start, 3)


def build(state: Path, sources: Iterable[Source], on_step: OnStep = lambda says: None) -> Snapshot:
    """Build a snapshot from `sources` and switch to it; `on_step` hears of each step as it starts.

    Errors: SourceError (file, line, field) for input that cannot be read, OntologyError for a bad rule,
    CheckFailed where a record breaks a shape, BuildError when another build runs. In every case the snapshot
    that served goes on serving.
    """
    sources = tuple(sources)
    clock = _Clock(on_step)
    with building(state) as folder:
        store = Store()  # in memory, where rules run many times faster than on disk
        small = [source for source in sources if source.write is None]
        for source in small:
            with clock.step(f"read {source.name}", f"reading {source.title}"):
                store.bulk_extend(source.read())
        with clock.step("rules", "running the rules"):
            added = Counter(materialise(store, load_rules()))
        with clock.step("shapes", "checking every record against its shape"):
            checked = check.shapes(shaped_facts(store))
        with clock.step("fill", "filling the store"):
            store = _on_disk(store, folder / "store")
        if large := [source for source in sources if source.write is not None]:
            added.update(_add_large(store, large, folder, clock))
        counts = _counts(store)
        meta = _meta(counts, sources)
        store.bulk_extend(meta)
        with clock.step("dump", "writing the dump"):
            digest = write_dump(store, folder / "data.nq.gz")
        with clock.step("index", "writing the search index"):
            indexed = write_index(store, folder / "index.db")
        with clock.step("union", "merging the graphs into the default graph"):
            merge_into_default_graph(store, folder / "data.nq.gz")
        with clock.step("store", "sealing the store"):
            store.optimize()
            store.flush()
            del store
        manifest = {
            "digest": digest,
            "counts": dict(sorted({**counts, "meta": len(set(meta))}.items())),
            "indexed": indexed,
            "rules": {name: count for name, count in added.items() if count},
            "checks": {"shapes": {"conforms": True, "records": checked}},
            "sources": {source.name: _hashes(source) for source in sources},
            "seconds": clock.seconds,
            "versions": _versions(),
            "built": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        return publish(state, folder, manifest)


def _on_disk(memory: Store, path: Path) -> Store:
    store = Store(str(path))
    store.bulk_extend(memory)  # quad by quad: loading a file would rename the blank nodes
    return store


def _add_large(store: Store, sources: list[Source], folder: Path, clock: _Clock) -> Counter[str]:
    """Add sources that the store loads by itself, and what follows from them by the rules.

    SHACL in Python takes minutes for a hundred thousand records: these are held to their shapes by queries.
    """
    for source in sources:
        path = folder / "loading.nq"
        with clock.step(f"read {source.name}", f"reading {source.title}"):
            if source.write is not None:
                source.write(store, path)
        with clock.step(f"load {source.name}", f"loading {source.title}"):
            store.bulk_load(path=str(path), format=RdfFormat.N_QUADS)
            path.unlink()
    with clock.step("rules for loaded records", "running the rules over the loaded records"):
        added = Counter(materialise(store, load_rules()))
    with clock.step("checks of loaded records", "checking the loaded records"):
        for source in sources:
            check_records(store, source.graph)
    return added


def _counts(store: Store) -> dict[str, int]:
    """Quads a named graph, by its short name."""
    query = "SELECT ?graph (COUNT(*) AS ?quads) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph"
    rows = store.query(query)
    prefix = names.graph("")
    if not isinstance(rows, QuerySolutions):
        raise BuildError("the store does not count its graphs")
    return {row["graph"].value.removeprefix(prefix): int(row["quads"].value) for row in rows}


def _meta(counts: dict[str, int], sources: tuple[Source, ...]) -> list[Quad]:
    """What the data set says of its own graphs. No times: the same sources make the same bytes."""
    graph = NamedNode(names.graph("meta"))
    found: list[Quad] = []
    for source in sources:
        facts: dict[str, NamedNode | Literal] = {
            "rdf:type": terms.prefixed("void:Dataset"),
            "dcterms:title": terms.english(source.title),
            "void:triples": terms.integer(str(counts.get(source.name, 0))),
        }
        if source.license:
            facts["dcterms:license"] = NamedNode(source.license)
        found += [Quad(source.graph, terms.prefixed(name), value, graph) for name, value in facts.items()]
    return found


def _hashes(source: Source) -> dict[str, str]:
    return {
        path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in source.files if path.is_file()
    }


def _versions() -> dict[str, str]:
    return {
        "isogloss": version("isogloss"),
        "pyoxigraph": version("pyoxigraph"),
        "python": platform.python_version(),
    }
