"""Mappings in plain words: what a relation says, what a record is worth, whether a word may stand in."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from isogloss.mappings.claims import INVERSE, STRENGTH

SAYS = {
    "exactMatch": "means the same as",
    "closeMatch": "means nearly the same as",
    "broadMatch": "is narrower than",
    "narrowMatch": "is broader than",
    "relatedMatch": "is related to",
}
SHORT = {
    "exactMatch": "same",
    "closeMatch": "nearly the same",
    "broadMatch": "narrower",
    "narrowMatch": "broader",
    "relatedMatch": "related",
}
JUSTIFIED = {
    "ManualMappingCuration": "judged by hand",
    "LexicalMatching": "the words are alike",
    "LexicalSimilarityThresholdMatching": "the words are alike",
    "SemanticSimilarityThresholdMatching": "the meanings are alike",
    "MappingChaining": "follows from other mappings",
    "MappingReview": "reviewed",
    "UnspecifiedMatching": "not told",
}
DERIVED = "derived"
_LIVE = ("accepted", "proposed")
_STANDS = {"accepted": "accepted", DERIVED: "it follows from accepted mappings; nobody states it"}


@dataclass(frozen=True, slots=True)
class Record:
    """One mapping as the graph has it; `predicate` is SKOS's local name, a confidence below 0 is none.

    The status of one that follows from others, and that nobody states, is `derived`. `reviews` names who gave
    the last review; the rest of that review stands beside.
    """

    iri: str
    subject: str
    predicate: str
    object: str
    negated: bool = False
    status: str = "proposed"
    confidence: float = -1.0
    justification: str = ""
    comment: str = ""
    reviews: tuple[str, ...] = ()
    review_date: str = ""
    review_agreement: str = ""
    review_comment: str = ""

    @property
    def live(self) -> bool:
        """Whether somebody says so still: neither rejected, nor superseded, nor derived."""
        return self.status in _LIVE

    @property
    def says(self) -> str:
        """The relation as part of a sentence."""
        return relation(self.predicate, negated=self.negated)

    @property
    def standing(self) -> tuple[bool, int, float]:
        """The higher, the more it is worth: decided before proposed, strong before weak."""
        return self.status == "accepted", STRENGTH.get(self.predicate, 0), self.confidence

    def seen_from(self, term: str) -> str:
        """The relation as seen from that end."""
        return self.predicate if term == self.subject else INVERSE.get(self.predicate, self.predicate)


def relation(predicate: str, *, negated: bool = False) -> str:
    """A relation as part of a sentence.

    >>> relation("exactMatch", negated=True)
    'does not mean the same as'
    """
    says = SAYS.get(predicate, predicate)
    if not negated:
        return says
    return "is not " + says.removeprefix("is ") if says.startswith("is ") else "does not mean" + says[5:]


def strongest(records: Iterable[Record]) -> Record | None:
    """The record that counts between two terms: a denial first, then by standing; last what is derived."""
    told = [record for record in records if record.live or record.status == DERIVED]
    return max(told, key=lambda record: (record.live, record.negated, record.standing), default=None)


def in_short(records: Iterable[Record], term: str) -> str:
    """What a cell of a table says, seen from `term`; nothing where nobody has compared the two."""
    record = strongest(records)
    if record is None:
        return ""
    short = SHORT.get(record.seen_from(term), record.predicate)
    mark = {"accepted": "", DERIVED: " (derived)"}.get(record.status, "?")
    return f"not {short}{mark}" if record.negated else short + mark


def may_stand_in(records: Iterable[Record], term: str) -> str:
    """Whether the word `term` may be used where the other one is asked for, in one sentence."""
    record = strongest(records)
    if record is None:
        return "Not known: nobody has recorded how the two relate."
    told = _STANDS.get(record.status, "proposed and not yet decided")
    if record.negated:
        return f"No: it is {told} that the two are not the same."
    return {
        "exactMatch": "Yes" if record.status == "accepted" else "Likely",
        "closeMatch": "With care",
        "broadMatch": "Only in part",
        "narrowMatch": "Not without more",
    }.get(record.seen_from(term), "No") + f": {_because(record.seen_from(term))} ({told})."


def _because(predicate: str) -> str:
    return {
        "exactMatch": "both mean the same",
        "closeMatch": "both mean nearly the same",
        "broadMatch": "it names less than the other",
        "narrowMatch": "it names more than the other",
    }.get(predicate, "the two are related, not the same")
