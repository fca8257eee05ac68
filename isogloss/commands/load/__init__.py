"""`isogloss load`: outside records into the state, for the next build; one module a kind.

With `--engine` it goes the other way: the snapshot to an outside engine.
"""

from __future__ import annotations

from typing import Annotated

import typer

from ..options import StateOption, read_settings
from .engine import bring_snapshot
from .mappings import mappings
from .publications import publications
from .relaton import relaton
from .terms import terms

load = typer.Typer(
    help="Take outside records into the state, for the next build; or bring the snapshot to an engine.",
    invoke_without_command=True,
)
load.command()(publications)
load.command()(relaton)
load.command()(terms)
load.command()(mappings)


@load.callback()
def to_engine(
    context: typer.Context,
    engine: Annotated[
        str | None, typer.Option("--engine", help="Bring the snapshot to the SPARQL endpoint at this URL.")
    ] = None,
    graph_store: Annotated[
        str, typer.Option(help="The engine's Graph Store address, where its kind does not tell it.")
    ] = "",
    state: StateOption = None,
) -> None:
    """Take outside records into the state, for the next build; or bring the snapshot to an engine."""
    if context.invoked_subcommand is not None:
        if engine is not None:
            raise typer.BadParameter("records go into the state, not to an engine", param_hint="--engine")
        return
    if engine is None:
        print(context.get_help())
        raise typer.Exit(2)
    bring_snapshot(read_settings(engine=engine, state=state), graph_store)
