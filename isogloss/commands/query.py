"""`isogloss query`: one question, from a file, standard input or the library."""

from __future__ import annotations

import asyncio
import csv
import io
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from isogloss.graph.engine.base import QueryRequest
from isogloss.graph.snapshot import current
from isogloss.ontology import names
from isogloss.queries.library import load_library

from ..settings import Settings
from .options import EngineOption, StateOption, open_engine, read_settings

_FORMATS = {
    "table": ("text/csv", "text/turtle"),
    "json": ("application/sparql-results+json", "application/ld+json"),
    "xml": ("application/sparql-results+xml", "application/rdf+xml"),
    "csv": ("text/csv", "text/turtle"),
    "tsv": ("text/tab-separated-values", "text/turtle"),
    "ttl": ("text/turtle", "application/sparql-results+json"),
    "nt": ("application/n-triples", "application/sparql-results+json"),
}


def query(
    question: Annotated[
        str, typer.Argument(help="A SPARQL file, - for standard input, or a ready question's name.")
    ],
    format: Annotated[str, typer.Option(help=f"One of {', '.join(_FORMATS)}.")] = "table",
    param: Annotated[
        list[str] | None, typer.Option(help="name=value for a ready question; repeatable.")
    ] = None,
    state: StateOption = None,
    engine: EngineOption = None,
) -> None:
    """Ask the snapshot (or, with --engine, an endpoint) and print the answer."""
    if format not in _FORMATS:
        raise typer.BadParameter(f"{format!r} is none of {', '.join(_FORMATS)}", param_hint="--format")
    settings = read_settings(state=state, engine=engine, workers=1)
    text = _text(question, _values(param or []))
    media_type, body = asyncio.run(_answer(settings, text, _FORMATS[format]))
    if format == "table" and media_type == "text/csv":
        _print_table(body.decode("utf-8"))
    else:
        sys.stdout.buffer.write(body)


def _values(params: list[str]) -> dict[str, str]:
    pairs = [param.partition("=") for param in params]
    for name, equals, _ in pairs:
        if not equals:
            raise typer.BadParameter(f"{name!r} is not of the form name=value", param_hint="--param")
    return {name: value for name, _, value in pairs}


def _text(question: str, values: dict[str, str]) -> str:
    if question == "-":
        return sys.stdin.read()
    path = Path(question)
    if path.is_file():
        return path.read_text(encoding="utf-8")
    library = load_library()
    if question not in library:
        raise typer.BadParameter(f"{question!r} is neither a file nor a ready question")
    try:
        return library[question].bind(values)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--param") from error


async def _answer(settings: Settings, text: str, accept: tuple[str, ...]) -> tuple[str, bytes]:
    engine = open_engine(settings, None if settings.engine else current(settings.state))
    await engine.start()
    try:
        answer = await engine.query(QueryRequest(text, accept, trusted=True))
        body = answer.body if answer.body is not None else b"".join([chunk async for chunk in answer.chunks])
        return answer.media_type, body
    finally:
        await engine.close()


def _print_table(text: str) -> None:
    """The rows for a reader: IRIs by prefix, and without those that a label column stands beside."""
    header, *rows = csv.reader(io.StringIO(text))
    shown = [place for place, name in enumerate(header) if f"{name}Label" not in header]
    table = Table(*(header[place] for place in shown), header_style="bold")
    for row in rows:
        table.add_row(*(_short(row[place]) for place in shown))
    # Off a terminal nothing needs to fit a window, so nothing is wrapped.
    console = Console(highlight=False, markup=False, width=None if sys.stdout.isatty() else 10_000)
    console.print(table)
    console.print(f"{len(rows)} rows" if len(rows) != 1 else "1 row")


def _short(value: str) -> str:
    for prefix, namespace in (("", names.BASE + "id/"), *((f"{p}:", n) for p, n in names.PREFIXES.items())):
        if value.startswith(namespace):
            return prefix + value.removeprefix(namespace)
    return value
