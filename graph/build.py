"""The build: sources to quads to store, rules, checks, dump, manifest, sealed as a snapshot."""

from __future__ import annotations

import hashlib
import platform
import shutil
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Store, serialize

from isogloss.ontology import check, names

from . import terms
from .beside import beside
from .dump import merged, pack_files, sort_in_pieces
from .filling import distinct_triples, fill, sorted_quads, split
from .large import follow, write_source
from .proof import shaped_facts
from .rules import load_rules, materialise
from .search.index import index_files
from .snapshot import Snapshot, building, publish
from .sources import Source
from .statistics import count_triples

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
        work = folder / "work"
        work.mkdir()
        added, checked, stated = _state(sources, work, clock)
        with clock.step("sort", "sorting the quads"):
            counts = _sorted(stated, work)
        meta = _meta(counts, sources)
        alone = all(source.write is None for source in sources)
        with clock.step("store", "filling the store, writing the dump and the search index"):
            digest, indexed, statistics = _seal(folder, work, meta, alone)
        shutil.rmtree(work)
        manifest = {
            "digest": digest,
            "counts": dict(sorted({**counts, "meta": len(set(meta))}.items())),
            "indexed": indexed,
            "statistics": statistics,
            "rules": {name: count for name, count in added.items() if count},
            "checks": {"shapes": {"conforms": True, "records": checked}},
            "sources": {source.name: _hashes(source) for source in sources},
            "seconds": clock.seconds,
            "versions": _versions(),
            "built": datetime.now(UTC).isoformat(timespec="seconds"),
        }
        return publish(state, folder, manifest)


def _state(sources: tuple[Source, ...], work: Path, clock: _Clock) -> tuple[Counter[str], int, list[Path]]:
    """Write all that the sources state and what follows from it as N-Quads.

    Returns what each rule added, how many records were held against their shapes, and the files.
    """
    store = Store()  # in memory, where rules run many times faster than on disk
    for source in sources:
        if source.write is None:
            with clock.step(f"read {source.name}", f"reading {source.title}"):
                store.bulk_extend(source.read())
    with clock.step("rules", "running the rules"):
        added = Counter(materialise(store, load_rules()))
    described = work / "described.nq"
    store.dump(str(described), format=RdfFormat.N_QUADS)
    large = {source.graph.value: source for source in sources if source.write is not None}
    files = {graph: work / f"large-{number}.nq" for number, graph in enumerate(large)}
    with ExitStack() as started:
        steps = [
            started.enter_context(beside(write_source, source.write, described, files[graph]))
            for graph, source in large.items()
        ]
        with clock.step("shapes", "checking every record against its shape"):
            checked = check.shapes(shaped_facts(store))
        for source, step in zip(large.values(), steps, strict=True):
            with clock.step(f"read {source.name}", f"reading {source.title}"):
                step.result()
    del store
    if not large:
        return added, checked, _pieces([described], work)
    inferred = work / "inferred.nq"
    with beside(follow, described, files, inferred) as following:
        pieces = _pieces([described, *files.values()], work)
        with clock.step("rules for loaded records", "running the rules over the loaded records"):
            added.update(following.result())
    return added, checked, [*pieces, *_pieces([inferred], work)]


def _pieces(files: list[Path], work: Path) -> list[Path]:
    """Sorted pieces of the files, in their place."""
    found = []
    for file in files:
        found += sort_in_pieces(file, work)
    return found


def _sorted(pieces: list[Path], work: Path) -> dict[str, int]:
    """Put the sorted pieces together; returns the quads of each graph, by its short name."""
    with ExitStack() as opened:
        counts = split(merged(pieces, opened), work)
    for piece in pieces:
        piece.unlink()
    prefix = names.graph("")
    return {graph.removeprefix(prefix): count for graph, count in counts.items()}


def _seal(folder: Path, work: Path, meta: list[Quad], alone: bool) -> tuple[str, int, dict[str, object]]:
    """Fill the store, and beside it write dump and index, and count what the pages tell.

    Returns the dump's digest, how much is indexed, and the counts.

    `alone`: there is so little that starting more processes takes longer than what they save.
    """
    own = work / "meta.nq"
    own.write_bytes(
        b"".join(sorted((serialize(set(meta), format=RdfFormat.N_QUADS) or b"").splitlines(True)))
    )
    own_triples = work / "meta.nt"
    own_triples.write_bytes(serialize({quad.triple for quad in meta}, format=RdfFormat.N_TRIPLES) or b"")
    quads, triples = sorted_quads(work), (*distinct_triples(work), own_triples)
    with (
        beside(pack_files, (*quads, own), folder / "data.nq.gz", here=alone) as packing,
        beside(index_files, quads, work, folder / "index.db", here=alone) as indexing,
        beside(count_triples, triples, folder / "documents.gz", here=alone) as counting,
    ):
        store = Store(str(folder / "store"))
        fill(store, work, meta)
        store.optimize()
        store.flush()
        del store
        return packing.result(), indexing.result(), counting.result()


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
