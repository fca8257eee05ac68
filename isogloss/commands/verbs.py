"""The verbs of the command line, put together."""

from __future__ import annotations

from importlib.metadata import version
from typing import Annotated

import typer

from .build import build
from .check import check
from .dump import dump
from .export import export
from .load import load
from .mappings import mappings
from .query import query
from .serve import serve

app = typer.Typer(
    name="isogloss",
    help="An open knowledge graph of AI standards and of the terms they use.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
)


def _print_version(asked: bool) -> None:
    if asked:
        print(f"isogloss {version('isogloss')}")
        raise typer.Exit


VersionOption = Annotated[
    bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and end.")
]


def _of_all_verbs(_version: VersionOption = False) -> None:
    """What can be asked without a verb."""


app.callback()(_of_all_verbs)
app.command()(build)
app.command()(serve)
app.command()(query)
app.command()(check)
app.command()(dump)
app.command()(export)
app.add_typer(load, name="load")
app.add_typer(mappings, name="mappings")
