"""`isogloss load terms`: somebody's terminology into the state."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from isogloss.errors import SourceError
from isogloss.graph.entries import Reading
from isogloss.graph.loaded import Loading
from isogloss.graph.loaded import load as keep
from isogloss.graph.loaded import remove as take_away
from isogloss.graph.readers.csrc import read_csrc
from isogloss.graph.readers.glossarist import read_glossarist
from isogloss.graph.readers.skos import read_skos
from isogloss.graph.readers.tbx import read_tbx
from isogloss.graph.readers.term_tables import column_map, read_term_table
from isogloss.ontology import names

from ..options import StateOption, read_settings


class Format(StrEnum):
    """What a file of terms can be."""

    SKOS = "skos"
    TBX = "tbx"
    GLOSSARIST = "glossarist"
    TABLE = "table"
    CSRC = "csrc"


_READERS: dict[Format, Callable[[Path], Reading]] = {
    Format.SKOS: read_skos,
    Format.TBX: read_tbx,
    Format.GLOSSARIST: read_glossarist,
    Format.CSRC: read_csrc,
}
_ENDINGS = {
    ".tbx": Format.TBX,
    ".xml": Format.TBX,
    ".yaml": Format.GLOSSARIST,
    ".yml": Format.GLOSSARIST,
    ".csv": Format.TABLE,
    ".tsv": Format.TABLE,
    ".zip": Format.CSRC,
    ".json": Format.CSRC,
}

FileArgument = Annotated[
    Path, typer.Argument(help="A file, or a folder of Glossarist concepts; with --remove its name.")
]
VocabularyOption = Annotated[
    str,
    typer.Option("--vocabulary", help="Slug of a vocabulary that is known, or the name of a new one."),
]
FormatOption = Annotated[Format | None, typer.Option("--format", help="Else the file's ending tells.")]
LicenseOption = Annotated[
    str, typer.Option("--license", help="Licence of the definitions: an address, or words; it is kept.")
]
ColumnsOption = Annotated[
    str | None,
    typer.Option(help="For tables: field=Column,field=Column, such as preferred=Terms,definition_2=Sense 2."),
]
RemoveOption = Annotated[bool, typer.Option("--remove", help="Take away what a file of this name gave.")]
LanguageOption = Annotated[str, typer.Option(help="For tables: the language of rows that tell none.")]


def terms(  # noqa: PLR0913, PLR0917 - a command's options
    file: FileArgument,
    vocabulary: VocabularyOption,
    format: FormatOption = None,
    license: LicenseOption = "",
    columns: ColumnsOption = None,
    language: LanguageOption = "en",
    remove: RemoveOption = False,
    state: StateOption = None,
) -> None:
    """Load SKOS (any RDF), TBX, Glossarist YAML, a table, or NIST's CSRC export; loading again updates."""
    slug = names.slug(vocabulary)
    if not slug:
        raise typer.BadParameter("the name needs a letter or digit", param_hint="--vocabulary")
    folder = read_settings(state=state).state
    if remove:
        print(f"{slug}: {take_away(folder, slug, file.name)} terms taken away")
        return
    if not file.exists():
        raise typer.BadParameter(f"there is no {file}", param_hint="FILE")
    reading = _reader(file, format, columns, language)(file)
    for told in (*reading.problems, *reading.remarks):
        print(told)
    if not reading.entries:
        raise SourceError("no term could be taken", file=file)
    loading = Loading(slug, vocabulary, file.name, license)
    outcome = keep(folder, loading, reading.entries)
    print(f"{slug}: {len(reading.entries)} terms taken, {len(reading.problems)} refused")
    print(f"  new {outcome.new}, changed {outcome.changed}, unchanged {outcome.same}, gone {outcome.gone}")


def _reader(
    file: Path, chosen: Format | None, columns: str | None, language: str
) -> Callable[[Path], Reading]:
    kind = chosen or (Format.GLOSSARIST if file.is_dir() else _ENDINGS.get(file.suffix.lower(), Format.SKOS))
    if kind is not Format.TABLE:
        return _READERS[kind]
    try:
        fields = column_map(columns) if columns else None
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--columns") from error
    return partial(read_term_table, columns=fields, language=language)
