"""What a body's status words mean: one of our five statuses, and whether a newer text would change that.

Statuses: in-force, under-development, superseded, withdrawn, unknown. ISO's harmonized stage codes are those
of the ISO/IEC Directives, Supplement, Annex SD.
"""

from __future__ import annotations

from dataclasses import dataclass

from ..identifiers import Identifier
from ..readers.relaton import Record

IN_FORCE, UNDER_DEVELOPMENT = "in-force", "under-development"
SUPERSEDED, WITHDRAWN, UNKNOWN = "superseded", "withdrawn", "unknown"
STATED, EDITION = "stated", "edition"

# A life goes one way: of two records that disagree, the one further on knows more.
ORDER = (UNKNOWN, UNDER_DEVELOPMENT, IN_FORCE, SUPERSEDED, WITHDRAWN)

_IEC = {
    "PUBLISHED": IN_FORCE, "REVISED": SUPERSEDED, "REPLACED": SUPERSEDED, "WITHDRAWN": WITHDRAWN,
    "DELETED": WITHDRAWN,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Verdict:
    """`status` as it stands; `if_newer` is what it becomes where a newer text took its place.

    Where its body calls a text in force, that takes evidence of one kind alone (`only`): STATED, a record
    that says what took its place; or EDITION, a newer edition of the same work.
    """

    status: str
    if_newer: str = ""
    only: str = ""


# In lists of publications (see `readers.publications`) our own words stand for the statuses.
_OURS = {
    "in force": IN_FORCE, "under development": UNDER_DEVELOPMENT, "superseded": SUPERSEDED,
    "withdrawn": WITHDRAWN, "unknown": UNKNOWN,
}  # fmt: skip


def is_draft(record: Record, identifier: Identifier) -> bool:
    """Whether the record is of a text that was not yet published when it was written."""
    if told := _OURS.get(record.status.get("status", "")):
        return told == UNDER_DEVELOPMENT
    if record.stage:
        return record.stage < "60.60"
    if record.status.get("stage") in ("approved", "withdrawn", "superseded"):
        return False
    return identifier.is_draft or record.status.get("stage") == "draft"


def judge(record: Record, identifier: Identifier) -> Verdict:
    """The status of one record, by the body whose words it uses."""
    if told := _OURS.get(record.status.get("status", "")):
        return Verdict(told)
    return _iso(record.stage) if record.stage else _by_word(record, identifier)


def _by_word(record: Record, identifier: Identifier) -> Verdict:
    word = record.status.get("stage", "")
    if word in _IEC:
        return Verdict(_IEC[word])
    if "standard_status" in record.status:
        return _ieee(record, is_draft(record, identifier))
    if identifier.family == "itu":
        return _itu(word)
    if identifier.family == "etsi":
        return Verdict(IN_FORCE, SUPERSEDED)
    return Verdict(UNKNOWN)


def _iso(stage: str) -> Verdict:
    if stage.endswith(".98"):
        return Verdict(WITHDRAWN)
    if stage < "60.60":
        return Verdict(UNDER_DEVELOPMENT, SUPERSEDED)
    if stage == "95.99":
        return Verdict(WITHDRAWN, SUPERSEDED)
    if stage == "90.92":  # to be revised; where the revision is out, the record is older than that
        return Verdict(IN_FORCE, SUPERSEDED, EDITION)
    return Verdict(IN_FORCE)  # 60.60, 90.xx (under review), 95.20 and 95.60 (withdrawal voted)


def _ieee(record: Record, draft: bool) -> Verdict:
    active = record.status["standard_status"]
    if "superseded" in (active.lower(), record.status.get("stage", "").lower()):
        return Verdict(SUPERSEDED)
    if record.status.get("stage") == "withdrawn":
        return Verdict(WITHDRAWN, SUPERSEDED)
    if draft:
        return Verdict(UNDER_DEVELOPMENT, SUPERSEDED) if active == "Active" else Verdict(SUPERSEDED)
    # IEEE leaves "Active" standing on texts of which it says elsewhere that another one revises them.
    return Verdict(IN_FORCE, SUPERSEDED, STATED) if active == "Active" else Verdict(WITHDRAWN, SUPERSEDED)


def _itu(word: str) -> Verdict:
    if word == "Published":
        return Verdict(IN_FORCE)
    return Verdict(WITHDRAWN, SUPERSEDED) if word == "Withdrawal" else Verdict(UNKNOWN)
