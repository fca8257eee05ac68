"""`isogloss mappings review` and `export`: judge records, and take sets away as they stand."""

from __future__ import annotations

import sys
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from isogloss.graph.judging import change_files, keep, standing
from isogloss.graph.sources import shipped_sets
from isogloss.mappings import sets
from isogloss.mappings.diff import in_words
from isogloss.mappings.judged import Judged, after
from isogloss.mappings.review import Review, reviewed
from isogloss.mappings.review import reviewer as reviewer_named
from isogloss.mappings.selecting import named, of_sets
from isogloss.mappings.sheet import to_sheet

from .options import StateOption, read_settings

RecordsArgument = Annotated[
    list[str], typer.Argument(help="Records: the end of a mapping's address, or mapping:that, or the IRI.")
]
ReviewerOption = Annotated[str, typer.Option(help="ORCID of who judges, or a body as body:slug.")]
AgreementOption = Annotated[
    float | None, typer.Option(min=-1.0, max=1.0, help="How far you agree; else 1, -1 or 0.")
]
DateOption = Annotated[
    datetime | None, typer.Option("--date", formats=["%Y-%m-%d"], help="Day of the review; else today.")
]
FileOption = Annotated[
    Path | None,
    typer.Option("--file", exists=True, dir_okay=False, help="Judge in this SSSOM file, not in the state."),
]


def review(  # noqa: PLR0913, PLR0917 - options of a command
    records: RecordsArgument,
    reviewer: ReviewerOption,
    accept: Annotated[bool, typer.Option("--accept", help="The mapping holds.")] = False,
    reject: Annotated[bool, typer.Option("--reject", help="It does not hold.")] = False,
    undecided: Annotated[bool, typer.Option("--undecided", help="Looked at, and left proposed.")] = False,
    supersede: Annotated[bool, typer.Option("--supersede", help="Another takes its place.")] = False,
    agreement: AgreementOption = None,
    comment: Annotated[str, typer.Option(help="Why, in a sentence.")] = "",
    day: DateOption = None,
    file: FileOption = None,
    state: StateOption = None,
) -> None:
    """Judge mappings: who, when and how far they agree is kept in the state, for the next build."""
    verdicts = {"accepted": accept, "rejected": reject, "proposed": undecided, "superseded": supersede}
    chosen = [status for status, given in verdicts.items() if given]
    if len(chosen) != 1:
        raise typer.BadParameter("give one of --accept, --reject, --undecided and --supersede")
    judge = reviewer_named(reviewer)
    given = Review((judge,), chosen[0], (day or datetime.now()).date(), agreement, comment)
    folder = read_settings(state=state).state
    known = _standing(folder) if file is None else Judged((sets.read(file),))
    found = named(known, records)
    change = replace(found, mappings=tuple(reviewed(mapping, given) for mapping in found.mappings))
    if file is None:
        kept = keep(folder, change, f"{chosen[0]} by {judge.curie} on {given.day}")
        told = f"kept in {kept}; isogloss build takes it in"
    else:
        sets.write(after(known, [change]).sets[0], file)
        told = f"written to {file}"
    for mapping in change.mappings:
        print(f"{chosen[0]}: {in_words(mapping)}")
    print(told, file=sys.stderr)


def export(
    names: Annotated[
        list[str] | None, typer.Argument(help="Mapping sets (a--b) or vocabularies; all if none is given.")
    ] = None,
    status: Annotated[str, typer.Option(help="Only records with this status.")] = "",
    sheet: Annotated[
        bool, typer.Option("--sheet", help="With an empty cell for each part of a review, to judge in.")
    ] = False,
    output: Annotated[
        Path | None, typer.Option("--output", "-o", help="Where to write; else standard output.")
    ] = None,
    state: StateOption = None,
) -> None:
    """Write mappings as they stand after the reviews in the state, as one SSSOM set."""
    found = of_sets(_standing(read_settings(state=state).state), names or (), status)
    text = to_sheet(found) if sheet else sets.to_text(found)
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8", newline="\n")
    print(f"{len(found.mappings)} records", file=sys.stderr)


def _standing(state: Path) -> Judged:
    return standing(shipped_sets(), change_files(state))
