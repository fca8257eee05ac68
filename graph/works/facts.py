"""What one text's records say of it: its class, titles, numbers, and the body's own words for its status."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from ..identifiers import Identifier, parse
from ..readers.publications import SCHEMA
from ..readers.relaton import Record
from .editions import Edition
from .families import Work
from .kept import Kept
from .nquads import text
from .status import UNDER_DEVELOPMENT, WITHDRAWN

Facts = list[tuple[str, str]]

# The class of a work by the type that its record tells, in lower case.
CLASSES = {
    "international-standard": "InternationalStandard", "recommendation": "InternationalStandard",
    "recommendation-amendment": "InternationalStandard",
    "recommendation-corrigendum": "InternationalStandard",
    "recommendation-annex": "InternationalStandard", "standard": "InternationalStandard",
    "european standard": "InternationalStandard", "etsi standard": "InternationalStandard",
    "european telecommunication standard": "InternationalStandard", "redline": "InternationalStandard",
    "interim european telecommunication standard": "InternationalStandard",
    "technical-report": "TechnicalReport", "technical report": "TechnicalReport",
    "etsi technical report": "TechnicalReport", "group report": "TechnicalReport",
    "special report": "TechnicalReport", "technical committee reference technical report": "TechnicalReport",
    "technical-specification": "TechnicalSpecification", "technical specification": "TechnicalSpecification",
    "group specification": "TechnicalSpecification", "gsm technical specification": "TechnicalSpecification",
    "publicly-available-specification": "TechnicalSpecification",
    "international-workshop-agreement": "TechnicalSpecification",
    "technical-paper": "TechnicalPaper", "guide": "Guide", "etsi guide": "Guide", "handbook": "Guide",
    "implementers-guide": "Guide", "international standard": "InternationalStandard",
    "national standard": "NationalStandard", "technical paper": "TechnicalPaper", "work item": "WorkItem",
    "other publication": "OtherPublication", "policy instrument": "PolicyInstrument",
    "framework": "Framework", "protocol": "Protocol",
}  # fmt: skip
_IEEE_GUIDE = re.compile(r"(?:IEEE|IEC/IEEE|ANSI|American National|Draft|Approved|Unapproved|\s)*\bGuide\b")


def class_of(work: Work) -> str:
    """The class of a work: its publication type, or a work item while nothing is published."""
    newest = work.newest
    if newest.draft and newest.status in (UNDER_DEVELOPMENT, WITHDRAWN) and not work.published:
        return "WorkItem"
    record = newest.record
    if newest.identifier.family == "ieee" and _IEEE_GUIDE.match(record.title):
        return "Guide"
    told = record.type or next((one.record.type for one in work.undated if one.record.type), "")
    return CLASSES.get(told.lower(), "OtherPublication")


def titles(record: Record, name: str) -> Facts:
    """Titles by language (IEEE tells it of the record, not of the title); none: the identifier."""
    only = record.languages[0] if len(record.languages) == 1 else ""
    found: Facts = [("dcterms:title", text(title, tag or only)) for tag, title in record.titles.items()]
    return found or [("dcterms:title", text(name))]


def stages(records: list[Kept]) -> Facts:
    """The bodies' own words for the status; ours, which lists of publications have, is told by itself."""
    words: list[str] = []
    for kept in records:
        status = kept.record.status
        told = [kept.record.stage] if kept.record.stage else [w for n, w in status.items() if n != "status"]
        words += told
    return [("ig:stage", text(word)) for word in words]


_SCHEMES = {"URN": "", "DOI": "doi:", "ISBN": "isbn:"}


def numbers(edition: Edition) -> Facts:
    facts: Facts = []
    name = edition.identifier.canonical
    for kept in edition.records:
        record = kept.record
        for kind, value in record.docids:
            if kind in _SCHEMES or (not kind and record.schema == SCHEMA):
                facts.append(("dcterms:identifier", text(_SCHEMES.get(kind, "") + value)))
        if record.identifier != name:
            facts.append(("ig:recordedIdentifier", text(record.identifier)))
        facts += [("dcterms:language", text(one)) for one in record.languages]
        if record.edition:
            facts.append(("ig:editionNumber", text(record.edition)))
    return facts


def twins(edition: Edition) -> Iterator[Identifier]:
    if edition.identifier.supplements or edition.identifier.family != "itu":
        return
    for kept in edition.records:
        for kind, value in kept.record.docids:
            if kind == "ISO" and (found := parse(value)) is not None:
                yield found


def gone_since(records: Iterable[Kept]) -> str:
    """The day since which no archive holds the text any more; empty while one does."""
    days = [kept.gone for kept in records]
    return max(days) if all(days) else ""
