"""/judge: what was marked on a proof sheet comes back as the file that `isogloss load mappings` takes.

Nothing is kept here, and nobody logs in: whoever keeps a state loads the file, or does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from curies import Reference
from fastapi import APIRouter, Request
from sssom_pydantic import SemanticMapping
from starlette.responses import RedirectResponse, Response

from isogloss.errors import MappingError
from isogloss.mappings.claims import claim, status_of
from isogloss.mappings.diff import in_words
from isogloss.mappings.judged import record_iri
from isogloss.mappings.marks import Mark, marked, sheet_of
from isogloss.mappings.sets import Alignment, to_text

from .addresses import relative
from .deps import Services, ServicesDep
from .languages import asked_languages
from .mapping_rows import MAPPING, MappingRow, mapping_rows
from .mapping_sets import SSSOM, alignment
from .posted import fields
from .rendering import render
from .sheets import PARTS, Faults, Sent, checked, read_sheet, reviewer_named, sentence
from .slips import Proof, of_rows
from .wanting import finder

FILE = "reviews.sssom.tsv"

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a sheet comes to: the records on it that are known, the reviews, and what is wrong by field."""

    rows: tuple[MappingRow, ...]
    reviews: Alignment | None
    faults: Faults


@router.api_route("/judge", methods=["GET", "POST"])
async def judge(request: Request, services: ServicesDep) -> Response:
    """The file; or the sheet again, where something is wrong in it, or where it is to be looked at first.

    By GET, as a sheet has no address of its own, the first one of what is proposed.
    """
    if request.method == "GET":
        return RedirectResponse(relative(request.scope, "/mappings?status=proposed&judge=yes"), 303)
    sent = read_sheet(await fields(request))
    outcome = await _outcome(services, sent)
    if outcome.reviews is None or sent.shown:
        response = await _again(request, services, sent, outcome)
    else:
        response = Response(to_text(outcome.reviews), media_type=SSSOM)
        response.headers["Content-Disposition"] = f'attachment; filename="{FILE}"'
    response.headers["Cache-Control"] = "no-store"
    return response


async def _outcome(services: Services, sent: Sent) -> Outcome:
    known = {row.slug: row for row in await mapping_rows(services.engine)}
    marks, faults = checked(sent.marks, known)
    by = None
    try:
        by = reviewer_named(finder(services), sent.reviewer)
    except MappingError as error:
        faults["reviewer"] = sentence(error)
    rows = tuple(known[slug] for slug in marks if slug in known)
    told = await alignment(services.engine, (row.record.iri for row in rows), "Reviews")
    reviews = _reviews(told, marks, by, faults) if by else None
    return Outcome(rows, None if faults else reviews, faults)


def _reviews(told: Alignment, marks: Mapping[str, Mark], by: Reference, faults: Faults) -> Alignment:
    """The records that the marks come to; what one of them cannot come to is added to `faults`."""
    day = datetime.now().astimezone().date()
    records: list[SemanticMapping] = []
    for mapping in told.mappings:
        slug = record_iri(claim(mapping, told.converter)).removeprefix(MAPPING)
        if any(f"{part}:{slug}" in faults for part in PARTS):
            continue
        try:
            records += marked(mapping, marks[slug], by, day, told.converter)
        except MappingError as error:
            faults[f"verdict:{slug}"] = sentence(error)
    if not records and not faults:
        faults["verdict"] = "Nothing is judged yet: mark at least one mapping."
    return sheet_of(records, by, day, told.converter)


async def _again(request: Request, services: Services, sent: Sent, outcome: Outcome) -> Response:
    """The sheet with everything that was typed; what is wrong is told at its field."""
    filled = await of_rows(services.engine, outcome.rows, asked_languages(request))
    there = {slip.slug for slip in filled}
    proof = Proof(
        tuple(replace(slip, mark=sent.marks[slip.slug]) for slip in filled), sent.reviewer, outcome.faults
    )
    reviews = outcome.reviews
    response = render(
        request,
        services,
        "judged.html",
        proof=proof,
        lost={slug: mark for slug, mark in sent.marks.items() if slug not in there},
        told=[(_done(mapping), in_words(mapping)) for mapping in (reviews.mappings if reviews else ())],
        text=to_text(reviews) if reviews else "",
        canonical="",
    )
    response.status_code = 422 if outcome.faults else 200
    return response


def _done(mapping: SemanticMapping) -> str:
    status = "left open" if status_of(mapping) == "proposed" else status_of(mapping)
    return status if mapping.reviewers else "proposed instead"
