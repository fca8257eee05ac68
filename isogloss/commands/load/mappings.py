"""`isogloss load mappings`: somebody's reviews and mappings, as an SSSOM file, into the state."""

from __future__ import annotations

import sys
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer
from pyoxigraph import Store

from isogloss.errors import SnapshotError, SourceError
from isogloss.graph.judging import change_files, keep, standing
from isogloss.graph.mapping_terms import terms_of
from isogloss.graph.snapshot import current
from isogloss.graph.sources import shipped_sets
from isogloss.mappings import sets
from isogloss.mappings.intake import take_in
from isogloss.mappings.terms import Terms

from ..options import StateOption, read_settings

FileArgument = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="SSSOM TSV or JSON.")]


def mappings(file: FileArgument, state: StateOption = None) -> None:
    """Load reviews and new mappings from an SSSOM file; isogloss build then takes them in.

    Of a record that is known, its review is taken (reviewer_id, review_date, reviewer_agreement,
    mapping_status, review_comment); any other record is added. Loading the same file again changes nothing.
    """
    folder = read_settings(state=state).state
    offered, errors = sets.read_leniently(file)
    brought = take_in(
        standing(shipped_sets(), change_files(folder)), offered, datetime.now().date(), _terms(folder)
    )
    for told in (*errors, *brought.refused):
        print(told)
    refused = len(errors) + len(brought.refused)
    if not offered.mappings or len(brought.refused) == len(offered.mappings):
        raise SourceError("no record could be taken", file=file)
    if brought.change.mappings:
        print(f"kept in {keep(folder, brought.change, file.name)}", file=sys.stderr)
    print(
        f"{file.name}: {brought.reviews} reviews and {brought.new} new records taken,"
        f" {brought.unchanged} unchanged, {refused} refused"
    )


def _terms(state: Path) -> Terms | None:
    """The terms of the snapshot; before the first build nobody can say which there are."""
    try:
        snapshot = current(state)
    except SnapshotError:
        print("no snapshot yet: whether the ends of mappings exist is not looked at", file=sys.stderr)
        return None
    return terms_of(Store.read_only(str(snapshot.store)))
