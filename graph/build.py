"""The build: sources to quads to store, rules, checks, dump, manifest, sealed as a snapshot."""

from __future__ import annotations

import gzip
import hashlib
import platform
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, serialize

from isogloss.ontology import check, names

from . import terms
from .rules import load_rules, materialise
from .snapshot import Snapshot, building, publish
from .sources import Source

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
        store = Store(str(folder / "store"))
        for source in sources:
            with clock.step(f"read {source.name}", f"reading {source.title}"):
                store.bulk_extend(source.read())
        with clock.step("rules", "running the rules"):
            added = materialise(store, load_rules())
        with clock.step("shapes", "checking every record against its shape"):
            checked = check.shapes(_turtle(store))
        store.bulk_extend(_meta(store, sources))
        with clock.step("dump", "writing the dump"):
            digest = _dump(store, folder / "data.nq.gz")
        with clock.step("store", "sealing the store"):
            store.optimize()
            store.flush()
            counts = _counts(store)
            del store
        manifest = {
            "digest": digest,
            "counts": counts,
            "rules": {name: count for name, count in added.items() if count},
            "checks": {"shapes": {"conforms": True, "records": checked}},
            "sources": {source.name: _hashes(source) for source in sources},
            "seconds": clock.seconds,
            "versions": _versions(),
            "built": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        return publish(state, folder, manifest)


def _turtle(store: Store) -> bytes:
    """All triples without their graphs, for a checker that reads files."""
    triples = {quad.triple for quad in store}
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def _dump(store: Store, path: Path) -> str:
    """Write all quads as sorted N-Quads, gzipped; returns the SHA-256 of the text."""
    text = store.dump(format=RdfFormat.N_QUADS) or b""
    digest = hashlib.sha256()
    with path.open("wb") as raw, gzip.GzipFile("", "wb", compresslevel=6, fileobj=raw, mtime=0) as packed:
        for line in sorted(text.splitlines(keepends=True)):
            digest.update(line)
            packed.write(line)
    return digest.hexdigest()


def _counts(store: Store) -> dict[str, int]:
    """Quads a named graph, by its short name."""
    found = Counter(quad.graph_name.value for quad in store if isinstance(quad.graph_name, NamedNode))
    prefix = names.graph("")
    return {name.removeprefix(prefix): count for name, count in sorted(found.items())}


def _meta(store: Store, sources: tuple[Source, ...]) -> list[Quad]:
    """What the data set says of its own graphs. No times: the same sources make the same bytes."""
    graph, counts = NamedNode(names.graph("meta")), _counts(store)
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
