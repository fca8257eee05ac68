"""What several verbs share: options, settings with the command line on top, progress."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import typer
from pydantic import ValidationError
from rich.console import Console

from isogloss.errors import SnapshotError
from isogloss.graph.engine.embedded import EmbeddedEngine
from isogloss.graph.engine.remote import RemoteEngine
from isogloss.graph.snapshot import Snapshot

from ..settings import Settings

StateOption = Annotated[
    Path | None,
    typer.Option("--state", help="State folder; else ISOGLOSS_STATE, else the user's data folder."),
]
EngineOption = Annotated[
    str | None, typer.Option("--engine", help="URL of a SPARQL endpoint to ask instead.")
]

OnStep = Callable[[str], None]


def read_settings(**given: Any) -> Settings:
    """The environment's settings with what the command line gave (not None) on top; wrong use if bad."""
    try:
        return Settings(**{name: value for name, value in given.items() if value is not None})
    except ValidationError as error:
        faults = "; ".join(
            f"ISOGLOSS_{str(e['loc'][0]).upper()}: {e['msg'].removeprefix('Value error, ')}"
            for e in error.errors()
        )
        raise typer.BadParameter(faults) from error


def open_engine(settings: Settings, snapshot: Snapshot | None) -> EmbeddedEngine | RemoteEngine:
    """The engine of the settings: the outside endpoint where one is named, else the snapshot's own store."""
    if settings.engine:
        return RemoteEngine(settings.engine, settings=settings)
    if snapshot is None:
        raise SnapshotError("there is neither a snapshot nor an endpoint to ask")
    return EmbeddedEngine(snapshot.store, digest=snapshot.digest, settings=settings)


@contextmanager
def progress() -> Iterator[OnStep]:
    """Says each step: a spinner on a terminal, a plain line otherwise (on standard error either way)."""
    if not sys.stderr.isatty():
        yield lambda says: print(says, file=sys.stderr, flush=True)
        return
    with Console(stderr=True).status("starting") as status:
        yield status.update
