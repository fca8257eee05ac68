"""Reviews: somebody looks at a mapping and says whether it holds; the record keeps the last word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

from curies import Reference
from sssom_pydantic import SemanticMapping, Slot

from isogloss.errors import MappingError

from .claims import COMMENT_DEFINITION, COMMENT_SLOT, status_of, with_status

_ORCID = re.compile(r"(?:https?://orcid\.org/|orcid:)?(\d{4}-\d{4}-\d{4}-\d{3}[\dX])")
_BODY = re.compile(r"body:[a-z0-9.-]+")
# What a status says of the reviewer's agreement, where nothing finer is told; None leaves it open.
AGREEMENT: dict[str, float | None] = {"accepted": 1.0, "rejected": -1.0, "proposed": 0.0, "superseded": None}


@dataclass(frozen=True, slots=True)
class Review:
    """What reviewers make of a mapping: the status it gets, and how far they agree (-1 to 1)."""

    reviewers: tuple[Reference, ...]
    status: str
    day: date
    agreement: float | None = None
    comment: str = ""


def reviewer(text: str) -> Reference:
    """An ORCID (bare, as `orcid:` or as an address), or a body of the graph as `body:slug`.

    Errors: MappingError where it is neither, or the check digit of the ORCID is wrong (ISO 7064, MOD 11-2).
    """
    if found := _ORCID.fullmatch(text.strip()):
        if not _checks(found[1]):
            raise MappingError(f"{found[1]} is no ORCID: its last digit does not fit the others")
        return Reference.from_curie(f"orcid:{found[1]}")
    if _BODY.fullmatch(text.strip()):
        return Reference.from_curie(text.strip())
    raise MappingError(f"{text!r} names no reviewer: give an ORCID, or a body as body:slug")


def _checks(orcid: str) -> bool:
    total = 0
    for digit in orcid[:-1].replace("-", ""):
        total = (total + int(digit)) * 2
    return "0123456789X"[(12 - total % 11) % 11] == orcid[-1]


def reviewed(mapping: SemanticMapping, review: Review) -> SemanticMapping:
    """The record with this review in the place of the one before.

    Errors: MappingError where status and agreement do not go together, or authors accept what they made.
    """
    agreement = AGREEMENT[review.status] if review.agreement is None else review.agreement
    sign = {"accepted": 1, "rejected": -1}.get(review.status, 0)
    if sign and (agreement or 0.0) * sign <= 0:
        raise MappingError(f"{review.status} does not go with an agreement of {agreement}")
    own = [each.curie for each in review.reviewers if each in (mapping.authors or ())]
    if review.status == "accepted" and own:
        raise MappingError(f"{own[0]} made this mapping and cannot accept it as well")
    slots = {name: slot for name, slot in (mapping.extensions or {}).items() if name != COMMENT_SLOT}
    if review.comment:
        slots[COMMENT_SLOT] = Slot(predicate=COMMENT_DEFINITION.predicate, value=review.comment)
    update = {
        "reviewers": list(review.reviewers), "review_date": review.day, "reviewer_agreement": agreement,
        "extensions": slots,
    }  # fmt: skip
    return with_status(mapping.model_copy(update=update), review.status)


def comment_of(mapping: SemanticMapping) -> str:
    """What the reviewer said."""
    slot = (mapping.extensions or {}).get(COMMENT_SLOT)
    return str(slot.value) if slot else ""


def judgement(mapping: SemanticMapping) -> tuple[object, ...]:
    """All that a record says of its review and status, to tell whether two versions differ in that."""
    by = tuple(each.curie for each in mapping.reviewers or ())
    return by, mapping.review_date, mapping.reviewer_agreement, comment_of(mapping), status_of(mapping)
