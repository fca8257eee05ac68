"""`isogloss load`: outside records into the state, for the next build; one module a kind."""

from __future__ import annotations

import typer

from .relaton import relaton
from .terms import terms

load = typer.Typer(help="Take outside records into the state, for the next build.", no_args_is_help=True)
load.command()(relaton)
load.command()(terms)
