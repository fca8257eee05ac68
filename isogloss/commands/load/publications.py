"""`isogloss load publications`: somebody's list of publications into the state."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from isogloss.graph.readers.publication_lists import read_publications
from isogloss.graph.readers.publication_tables import column_map
from isogloss.graph.works.loading import load_list
from isogloss.ontology import names

from ..options import StateOption, read_settings
from .relaton import SELECTIONS, RefusedOption, Selection, told, write_refused


class Format(StrEnum):
    """What a list of publications can be."""

    TABLE = "table"
    BIBTEX = "bibtex"
    JSON = "json"


FilesArgument = Annotated[
    list[Path],
    typer.Argument(
        exists=True, dir_okay=False, help="CSV, TSV, BibTeX, CSL-JSON, or a list that this graph gave."
    ),
]
FormatOption = Annotated[Format | None, typer.Option("--format", help="Else the file's ending tells.")]
ColumnsOption = Annotated[
    str | None,
    typer.Option(help="For tables: field=Column,field=Column, such as identifier=Number,title_fr=Titre."),
]
NameOption = Annotated[
    str,
    typer.Option(
        "--name", help="Under which the list is kept and can be loaded again; else the file's name."
    ),
]
SelectOption = Annotated[
    Selection, typer.Option("--select", help="all: everything; ai: what the rules find to be about AI.")
]


def publications(  # noqa: PLR0913, PLR0917 - a command's options
    files: FilesArgument,
    format: FormatOption = None,
    columns: ColumnsOption = None,
    name: NameOption = "",
    select: SelectOption = Selection.ALL,
    state: StateOption = None,
    refused: RefusedOption = None,
) -> None:
    """Load publications from lists; `isogloss build` then takes them in. Loading a list again updates it."""
    if name and len(files) > 1:
        raise typer.BadParameter("one name is for one file", param_hint="--name")
    folder = read_settings(state=state).state
    fields = _columns(columns)
    failed = []
    for file in files:
        kept_as = names.slug(name or file.name)
        if not kept_as:
            raise typer.BadParameter("the name needs a letter or digit", param_hint="--name")
        found = read_publications(file, kept_as, format.value if format else "", fields)
        report = load_list(folder, found, kept_as, select=SELECTIONS[select])
        print(f"{file.name}, kept as {kept_as}:", *told(report), sep="\n")
        failed += report.refused
    if refused:
        write_refused(refused, failed)


def _columns(text: str | None) -> dict[str, str] | None:
    try:
        return column_map(text) if text else None
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--columns") from error
