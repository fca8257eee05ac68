"""A mapping set as a sheet to judge in: SSSOM TSV in which every slot of a review has its column."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

from .claims import COMMENT_DEFINITION, COMMENT_SLOT, STATUS_SLOT
from .sets import Alignment, to_text

REVIEW_SLOTS = (STATUS_SLOT, "reviewer_id", "reviewer_agreement", "review_date", COMMENT_SLOT)


def to_sheet(alignment: Alignment) -> str:
    """The set with a cell for each part of a review, empty where nobody has said anything yet.

    It is the same set to whoever reads it: an empty cell says nothing in SSSOM.
    """
    told = list(alignment.about.extension_definitions or ())
    if COMMENT_SLOT not in {each.name for each in told}:
        told.append(COMMENT_DEFINITION)
    about = alignment.about.model_copy(update={"extension_definitions": told})
    lines = to_text(replace(alignment, about=about)).splitlines(keepends=True)
    rows = list(csv.reader((line for line in lines if not line.startswith("#")), delimiter="\t"))
    missing = [name for name in REVIEW_SLOTS if name not in rows[0]]
    out = io.StringIO()
    out.writelines(line for line in lines if line.startswith("#"))
    writer = csv.writer(out, delimiter="\t", lineterminator="\n")
    writer.writerows(
        (*row, *(missing if place == 0 else [""] * len(missing))) for place, row in enumerate(rows)
    )
    return out.getvalue()
