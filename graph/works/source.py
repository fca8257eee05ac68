"""The loaded records as a source of the build: the named graph `loaded`."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from isogloss.ontology import names

from ..sources import Source
from .describe import Describer
from .editions import gather
from .families import arrange
from .kept import read_kept, record_files
from .listed import known_in
from .nquads import Lines

NAME = "loaded"


def loaded_sources(state: Path) -> tuple[Source, ...]:
    """One source for all records that were loaded into this state; none where nothing was."""
    files = record_files(state)
    if not files:
        return ()
    return (
        Source(
            NAME,
            "Bibliographic records that were loaded",
            files,
            partial(_read, files),
            write=partial(write_loaded, files),
        ),
    )


def write_loaded(files: Iterable[Path], store: Store, path: Path) -> None:
    """Write what the records say as N-Quads to `path`, beside what `store` holds already.

    Things that are described there keep their label, type, status and date: the report's word on a
    publication stands, and the record's beside it. Errors: SourceError for a stored record that is broken.
    """
    label = NamedNode(names.PREFIXES["rdfs"] + "label")
    told = {str(quad.subject) for quad in store.quads_for_pattern(None, label, None, None)}
    with _no_collecting(), path.open("wb", buffering=1 << 20) as handle:
        catalogue = arrange(gather(kept for file in files for kept in read_kept(file)))
        Describer(catalogue, Lines(handle, names.graph(NAME)), told, known_in(store)).write()


@contextmanager
def _no_collecting() -> Iterator[None]:
    """Without the search for cycles: millions of records hold none, and looking takes as long as the work."""
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if on:
            gc.enable()


def _read(files: tuple[Path, ...]) -> Iterator[Quad]:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "loaded.nq"
        write_loaded(files, Store(), path)
        yield from parse(path=str(path), format=RdfFormat.N_QUADS)
