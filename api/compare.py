"""/compare and /api/compare: one word in all vocabularies, and how what they mean by it relates."""

from __future__ import annotations

import asyncio
import json
from dataclasses import asdict, dataclass
from itertools import combinations
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from isogloss.graph.search.finder import Finder, Item, Wanted
from isogloss.mappings.text import normal

from .addresses import path_of, relative
from .cluster import picture
from .compare_parts import MOST_IN_GRID, card, grid, pair
from .deps import Services, ServicesDep
from .languages import asked_languages, best
from .mapping_rows import MAPPING
from .mapping_sets import taken_away
from .mapping_words import DERIVED, Record, may_stand_in, strongest
from .negotiation import HTML
from .rendering import render
from .slips import Proof, Slip, slips
from .term_lists import short_names
from .term_views import TermView, Views, views
from .wanting import finder

JSON = "application/json"
_MOST_NEAR = 12
_MOST_DOCUMENTS = 8

router = APIRouter()
TermParameter = Annotated[str, Query(max_length=120)]


@dataclass(frozen=True, slots=True)
class Compared:
    """What is known of a word: the terms with the records among them, terms that are only near, and the
    documents that have the word in their title, be an entry of theirs known or not.
    """

    asked: str
    found: Views
    near: tuple[Item, ...]
    documents: tuple[Item, ...] = ()

    @property
    def pairs(self) -> list[tuple[TermView, TermView, tuple[Record, ...]]]:
        """Every two terms that some record ties, whatever its status."""
        both = ((one, other, frozenset({one.iri, other.iri})) for one, other in combinations(self.terms, 2))
        return [
            (one, other, self.found.between[pair]) for one, other, pair in both if pair in self.found.between
        ]

    @property
    def terms(self) -> tuple[TermView, ...]:
        return self.found.terms

    @property
    def absent(self) -> list[tuple[Record, str]]:
        """The records that say of an entry with this word that a vocabulary has none, with its name."""
        core = {term.iri for term in self.terms if term.core}
        return [(record, where) for record, where in self.found.absent if record.subject in core]

    @property
    def stated(self) -> list[Record]:
        """The records that somebody states, those of an absence too, in the order of the page."""
        shown = [record for _, _, records in self.pairs for record in records]
        every = dict.fromkeys([*shown, *(record for record, _ in self.absent)])
        return [record for record in every if record.status != DERIVED]

    @property
    def homonyms(self) -> list[str]:
        """Where one word has two meanings: in one vocabulary, or by a record that denies a match."""
        core = [term for term in self.terms if term.core]
        told = []
        for one, other in combinations(core, 2):
            records = self.found.between.get(frozenset({one.iri, other.iri}), ())
            denials = [record for record in records if record.negated and record.live]
            if denials:
                decided = any(record.status == "accepted" for record in denials)
                told.append(
                    f"{one.vocabulary_label} and {other.vocabulary_label} do not mean the same by this word"
                    + ("." if decided else " (proposed and not yet decided).")
                )
            elif one.vocabulary == other.vocabulary:
                told.append(f"{one.vocabulary_label} has more than one entry with this word.")
        return list(dict.fromkeys(told))


async def compared(services: Services, term: str) -> Compared:
    """The comparison of a word: two searches of the index, one query of the engine."""
    if not normal(term):
        return Compared(term, Views(), ())
    index = finder(services)
    items = await asyncio.to_thread(_candidates, index, term)
    documents = await asyncio.to_thread(_documents, index, term)
    same = [item for item in items if normal(item.label) == normal(term)]
    words = {item.label for item in same} | {term.strip(), term.strip().lower(), term.strip().capitalize()}
    found = await views(services.engine, (item.iri for item in same), words)
    shown = {view.iri for view in found.terms}
    near = tuple(item for item in items if item.iri not in shown)[:_MOST_NEAR]
    return Compared(term, found, near, documents)


def _documents(index: Finder, term: str) -> tuple[Item, ...]:
    """The publications on the subject: those with the word in their title, the best match first."""
    items = index.search(Wanted(term, {"kind": ("publication",)}, per_page=5 * _MOST_DOCUMENTS)).items
    held = f" {normal(term)} "
    return tuple(item for item in items if held in f" {normal(item.label)} ")[:_MOST_DOCUMENTS]


def _candidates(index: Finder, term: str) -> tuple[Item, ...]:
    return index.search(Wanted(term, {"kind": ("term",)}, per_page=80)).items


@router.get("/compare", include_in_schema=False)
async def compare(
    request: Request, services: ServicesDep, term: TermParameter = "", against: TermParameter = ""
) -> Response:
    """One word side by side; `against` names the entry that the others are compared with, else the first."""
    wanted = asked_languages(request)
    validators = services.validators(request, HTML, *wanted)
    if validators.match(request):
        return validators.not_modified()
    found = await compared(services, term)
    base = _base(found, against)
    labels = {view.iri: best(view.labels, wanted)[0] for view in found.terms}
    response = render(
        request,
        services,
        "compare.html",
        term=term,
        cards=[card(view, base, wanted) for view in found.terms],
        asked_for=(pivot := _pivot(found, against)),
        stands={view.iri: _stands(found, view, pivot) for view in found.terms if view is not pivot},
        grid=grid(found.terms, found.found.between),
        pairs=[pair(one, other, records) for one, other, records in found.pairs],
        homonyms=found.homonyms,
        near=[
            (item.label, item.iri.removeprefix("https://w3id.org/isogloss/id/term/").partition("/")[0])
            for item in found.near
        ],
        documents=found.documents,
        stated=len(found.stated),
        open=[r.iri.removeprefix(MAPPING) for r in found.stated if r.status == "proposed"],
        proof=Proof(_to_judge(found, wanted)),
        absent=[(record, where, labels[record.subject]) for record, where in found.absent],
        short=short_names({view.vocabulary: view.vocabulary_label for view in found.terms}),
        picture=picture(found.terms[:MOST_IN_GRID], found.found.records),
        path_of=path_of,
    )
    response.headers.add_vary_header("Accept-Language")
    return validators.stamp(response)


@router.get("/api/compare")
async def compare_data(
    request: Request,
    services: ServicesDep,
    term: TermParameter,
    form: Annotated[str, Query(alias="format", pattern="^(json|sssom|review)?$")] = "",
) -> Response:
    """One word in all vocabularies: its entries, the mappings between each two, homonyms and near terms.

    `format=sssom` gives the mappings alone, those that somebody states, as one set; `format=review` the same
    with an empty cell for each part of a review.
    """
    wanted = asked_languages(request)
    validators = services.validators(request, form or JSON, *wanted)
    if validators.match(request):
        return validators.not_modified()
    found = await compared(services, term)
    if form in ("sssom", "review"):
        told = await taken_away(services.engine, (record.iri for record in found.stated), form)
        return validators.stamp(told)
    data = _comparison(term, found, wanted)
    response = Response(json.dumps(data, ensure_ascii=False, indent=1) + "\n", media_type=JSON)
    response.headers["Link"] = f'<{relative(request.scope, "/compare")}>; rel="alternate"; type="text/html"'
    response.headers.add_vary_header("Accept-Language")
    return validators.stamp(response)


def _comparison(term: str, found: Compared, wanted: tuple[str, ...]) -> dict[str, Any]:
    return {
        "term": term,
        "terms": [_data(view, wanted) for view in found.terms],
        "pairs": [
            {
                "one": one.iri,
                "other": other.iri,
                "one_for_other": may_stand_in(records, one.iri),
                "other_for_one": may_stand_in(records, other.iri),
                "mappings": [asdict(record) | {"says": record.says} for record in records],
            }
            for one, other, records in found.pairs
        ],
        "without": [
            {"term": record.subject, "none_in": where, "mapping": record.iri, "status": record.status}
            for record, where in found.absent
        ],
        "homonyms": found.homonyms,
        "near": [{"iri": item.iri, "label": item.label} for item in found.near],
        "documents": [{"iri": item.iri, "label": item.label} for item in found.documents],
    }


def _to_judge(found: Compared, wanted: tuple[str, ...]) -> tuple[Slip, ...]:
    """A slip for each record that nobody has decided, in the order of the page."""
    known = {slip.record.iri: slip for slip in slips(found.found, wanted)}
    return tuple(known[record.iri] for record in found.stated if record.status == "proposed")


def _base(found: Compared, against: str) -> TermView | None:
    """The term whose definition the others are compared with."""
    defined = [view for view in found.terms if view.definitions]
    return next((view for view in defined if view.slug == against), defined[0] if defined else None)


def _pivot(found: Compared, against: str) -> TermView | None:
    """The entry for which the others may or may not stand in: the one that is named, else the first."""
    return next((view for view in found.terms if view.slug == against), next(iter(found.terms), None))


def _stands(found: Compared, view: TermView, pivot: TermView | None) -> str:
    """Whether the word of an entry may stand in for that of the pivot; nothing where nobody has looked."""
    records = found.found.between.get(frozenset({view.iri, pivot.iri}), ()) if pivot else ()
    return may_stand_in(records, view.iri) if strongest(records) else ""


def _data(view: TermView, wanted: tuple[str, ...]) -> dict[str, Any]:
    label, language = best(view.labels, wanted)
    told = asdict(view)
    del told["standing"]
    definitions = [{"text": text, "language": tag} for text, tag in told.pop("definitions")]
    return {"iri": view.iri, "label": label, "language": language, **told, "definitions": definitions}
