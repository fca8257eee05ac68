"""The command line: the verbs, and the one place where an error becomes an exit code.

Exit codes: 0 good, 1 the work failed, 2 wrong use.
"""

from __future__ import annotations

import sys
from importlib.metadata import version
from typing import Annotated

import typer
from rich.console import Console

from .commands.build import build
from .commands.check import check
from .commands.dump import dump
from .commands.export import export
from .commands.load import load
from .commands.mappings import mappings
from .commands.query import query
from .commands.serve import serve
from .errors import IsoglossError

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


def main() -> None:
    """Run the command line; errors of ours are told in one line, without a traceback."""
    try:
        app()
    except IsoglossError as error:
        Console(stderr=True, highlight=False, soft_wrap=True).print(f"isogloss: {error}", markup=False)
        sys.exit(1)


if __name__ == "__main__":
    main()
