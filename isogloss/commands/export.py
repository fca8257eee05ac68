"""`isogloss export`: a vocabulary, or some of its terms, as a file."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer
from pyoxigraph import Store

from isogloss.graph.exporters import EXPORTERS
from isogloss.graph.exporters.selection import terminology
from isogloss.graph.snapshot import current

from .options import StateOption, read_settings


class Form(StrEnum):
    """What a vocabulary can be written as: the names of the exporters."""

    SKOS = "skos"
    SKOS_JSONLD = "skos-jsonld"
    SKOSXL = "skosxl"
    TBX = "tbx"
    GLOSSARIST = "glossarist"
    CSV = "csv"
    JSKOS = "jskos"


VocabularyArgument = Annotated[str, typer.Argument(help="Slug of a vocabulary, such as eu-ai-act-2024.")]
FileArgument = Annotated[Path | None, typer.Argument(help="Where to write; standard output if not given.")]
FormatOption = Annotated[Form, typer.Option("--format", help="The format to write.")]
TermOption = Annotated[
    list[str] | None, typer.Option("--term", help="Slug of a term to write; repeatable. Else all.")
]


def export(
    vocabulary: VocabularyArgument,
    file: FileArgument = None,
    format: FormatOption = Form.SKOS,
    term: TermOption = None,
    state: StateOption = None,
) -> None:
    """Write a vocabulary of the snapshot as SKOS, SKOS-XL, TBX, Glossarist YAML, CSV or JSKOS."""
    store = Store.read_only(str(current(read_settings(state=state).state).store))
    text = EXPORTERS[format.value].write(terminology(store, vocabulary, term or ()))
    if file is None:
        sys.stdout.buffer.write(text)
    else:
        file.write_bytes(text)
