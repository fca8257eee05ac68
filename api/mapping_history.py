"""What a mapping rests on, and every review that it has been through."""

from __future__ import annotations

from dataclasses import dataclass

from isogloss.graph.engine.base import Engine
from isogloss.ontology.names import IG, PREFIXES

from .addresses import path_of
from .asking import iris, rows, text
from .mapping_rows import MAPPING

_SHOWN = {
    "author_id": "Author", "author_label": "Author", "creator_id": "Entered by", "mapping_date": "Mapped on",
    "publication_date": "Published on", "mapping_source": "Published in", "mapping_tool": "Found by the tool",
    "mapping_provider": "Provider", "see_also": "Evidence", "issue_tracker_item": "Discussed in",
    "match_string": "Matched on", "similarity_score": "Likeness of the words", "derived_from": "Follows from",
    "comment": "Reason",
}  # fmt: skip
_LABEL, _SSSOM = PREFIXES["rdfs"] + "label", PREFIXES["sssom"]


@dataclass(frozen=True, slots=True)
class Line:
    """A fact about a mapping as it reads, and where it leads (a path of ours, an address, or nowhere)."""

    heading: str
    text: str
    href: str = ""


@dataclass(frozen=True, slots=True)
class Reviewed:
    """One review: what became of the mapping, by whom (IRIs), when, how far they agree, and why."""

    status: str
    reviewers: tuple[str, ...]
    day: str
    agreement: str
    comment: str


async def evidence(engine: Engine, iri: str) -> list[Line]:
    """What a record rests on, in the order in which a reader wants it."""
    found = await rows(
        engine,
        f"SELECT ?p ?o ?label WHERE {{ {iris([iri])} ?p ?o OPTIONAL {{ ?o <{_LABEL}> ?label }} }}"
        " ORDER BY ?p ?o",
    )
    told = []
    for row in found:
        heading = _SHOWN.get(text(row, "p").rpartition("/")[2].rpartition("#")[2])
        if heading:
            value = text(row, "o")
            told.append(Line(heading, text(row, "label") or value, _href(value)))
    order = list(dict.fromkeys(_SHOWN.values()))
    return sorted(told, key=lambda line: order.index(line.heading))


def _href(value: str) -> str:
    if value.startswith(MAPPING):
        return "/mappings/" + value.removeprefix(MAPPING)
    return path_of(value) or (value if value.startswith(("http://", "https://")) else "")


async def reviews(engine: Engine, iri: str) -> list[Reviewed]:
    """The reviews of a record, the first one first."""
    found = await rows(
        engine,
        "SELECT ?review ?verdict ?by ?day ?agreement ?comment WHERE {"
        f" ?review <{IG}reviewOf> {iris([iri])} ; <{_SSSOM}reviewer_id> ?by ."
        f" OPTIONAL {{ ?review <{IG}verdict> ?verdict }}"
        f" OPTIONAL {{ ?review <{_SSSOM}review_date> ?day }}"
        f" OPTIONAL {{ ?review <{_SSSOM}reviewer_agreement> ?agreement }}"
        f" OPTIONAL {{ ?review <{PREFIXES['rdfs']}comment> ?comment }} }}"
        " ORDER BY ?review ?by",
    )
    told: dict[int, Reviewed] = {}
    for row in found:
        number = int(text(row, "review").rpartition("-")[2])
        by = (*(told[number].reviewers if number in told else ()), text(row, "by"))
        told[number] = Reviewed(
            text(row, "verdict").rpartition("/")[2], by, text(row, "day"), text(row, "agreement"),
            text(row, "comment"),
        )  # fmt: skip
    return [told[number] for number in sorted(told)]
