"""`isogloss build`: sources to a new snapshot."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from isogloss.graph.build import build as run_build
from isogloss.graph.judging import change_files
from isogloss.graph.loaded import loaded_terms
from isogloss.graph.snapshot import Snapshot
from isogloss.graph.sources import added_source, shipped_sources
from isogloss.graph.works.source import loaded_sources

from .options import StateOption, progress, read_settings

SSSOM = (".sssom.tsv", ".sssom.json")

AddOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--add", exists=True, help="An RDF file, a folder of them, or an SSSOM set, to take in as well."
    ),
]


def build(state: StateOption = None, add: AddOption = None) -> None:
    """Build a snapshot from the sources and switch to it."""
    snapshot = build_snapshot(read_settings(state=state).state, add or [])
    counts = snapshot.manifest["counts"]
    seconds = sum(snapshot.manifest["seconds"].values())
    records = snapshot.manifest["checks"]["shapes"]["records"]
    print(f"snapshot {snapshot.name}: {sum(counts.values())} quads in {seconds:.1f} s")
    print(*(f"  {name}: {count}" for name, count in counts.items()), sep="\n")
    print(f"  every shape holds for {records} records")


def build_snapshot(state: Path, add: list[Path]) -> Snapshot:
    """Build from what ships and what is added, telling the steps on standard error."""
    sets = tuple(path for path in add if path.name.endswith(SSSOM))
    rdf = (path for path in add if path not in sets)
    shipped = shipped_sources(change_files(state), sets)
    sources = (*shipped, *loaded_terms(state), *map(added_source, rdf), *loaded_sources(state))
    with progress() as on_step:
        snapshot = run_build(state, sources, on_step)
    print(f"built {snapshot.path}", file=sys.stderr)
    return snapshot
