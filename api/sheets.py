"""A proof sheet as its form sends it: read from the fields, and checked field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from curies import Reference
from starlette.exceptions import HTTPException

from isogloss.errors import MappingError
from isogloss.graph.search.finder import Finder
from isogloss.mappings.marks import AGREE, DISAGREE, LEAVE, OTHER, Mark, plain
from isogloss.mappings.review import reviewer
from isogloss.ontology.names import thing

from .mapping_rows import MappingRow
from .slips import RELATIONS, Meant, claims_of

PARTS = ("verdict", "relation", "comment")
_VERDICTS = (AGREE, DISAGREE, OTHER, LEAVE)
_MOST = 500  # records on one sheet
_LONGEST_NAME = 100
_BODY = thing("body", "")

Faults = dict[str, str]  # what is wrong, in a sentence, by the name of the field


@dataclass(frozen=True, slots=True)
class Sent:
    """A sheet as it came: who reviews, the marks by the slugs of records, and whether to show or to give."""

    reviewer: str
    marks: Mapping[str, Mark]
    shown: bool


def read_sheet(fields: Mapping[str, str]) -> Sent:
    """A sheet from its fields. HTTPException 400 for what no sheet has, 413 for too many records."""
    given: dict[str, dict[str, str]] = {}
    for name, value in fields.items():
        part, colon, slug = name.partition(":")
        if colon and part in PARTS:
            given.setdefault(slug, {})[part] = value
        elif name not in ("reviewer", "show"):
            raise HTTPException(400, f"A sheet has no field “{name[:80]}”.")
    if len(given) > _MOST:
        raise HTTPException(413, f"A sheet may have {_MOST} records.")
    marks = {slug: _mark(parts) for slug, parts in given.items()}
    return Sent(fields.get("reviewer", ""), marks, "show" in fields)


def _mark(parts: Mapping[str, str]) -> Mark:
    verdict, relation = parts.get("verdict", LEAVE), parts.get("relation", "")
    if verdict not in _VERDICTS or relation not in ("", *RELATIONS):
        raise HTTPException(400, "A sheet offers no such verdict or relation.")
    return Mark(verdict, relation, parts.get("comment", ""))


def reviewer_named(index: Finder, text: str) -> Reference:
    """Who reviews: an ORCID, or a body of the graph by any of its names.

    Errors: MappingError where the text names neither.
    """
    name = text.strip()
    if not name:
        raise MappingError("say who reviews")
    if len(name) > _LONGEST_NAME:
        raise MappingError("this is too long for an ORCID or the name of a body")
    bodies = [iri for iri in index.resolve(name) if iri.startswith(_BODY)]
    if bodies:
        return reviewer(f"body:{bodies[0].removeprefix(_BODY)}")
    try:
        by = reviewer(name)
    except MappingError as error:
        if any(letter.isdigit() for letter in name):
            raise
        told = "a name alone does not say who it is: give an ORCID, or a body that is known here, such as ISO"
        raise MappingError(told) from error
    if by.prefix == "body" and not index.items([_BODY + by.identifier]):
        raise MappingError(f"there is no {by.curie}; /bodies lists them")
    return by


def checked(marks: Mapping[str, Mark], known: Mapping[str, MappingRow]) -> tuple[dict[str, Mark], Faults]:
    """The marks with each comment as one plain line, and what is wrong in them beside the records."""
    fine: dict[str, Mark] = {}
    faults: Faults = {}
    said = {meant: row for row in known.values() for meant in claims_of(row.record)}
    for slug, mark in marks.items():
        fine[slug] = mark
        try:
            fine[slug] = replace(mark, comment=plain(mark.comment))
        except MappingError as error:
            faults[f"comment:{slug}"] = sentence(error)
        if slug not in known:
            faults[f"verdict:{slug}"] = "There is no such mapping, or no longer."
        elif told := _wrong_relation(mark, known[slug], said):
            faults[f"relation:{slug}"] = told
    return fine, faults


def sentence(error: MappingError) -> str:
    """What an error says, as a sentence."""
    told = str(error)
    return f"{told[:1].upper()}{told[1:]}."


def _wrong_relation(mark: Mark, row: MappingRow, said: Mapping[Meant, MappingRow]) -> str:
    if mark.verdict != OTHER:
        return "Mark “another relation” to mean this, or choose none." if mark.relation else ""
    if not mark.relation or not row.other:
        return "Choose the relation that holds instead."
    negated = mark.relation.startswith("not-")
    meant = replace(row.record, predicate=mark.relation.removeprefix("not-"), negated=negated)
    same = said.get(claims_of(meant)[0])
    return f"{same.slug} says so already ({same.record.status}): judge that one." if same else ""
