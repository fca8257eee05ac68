"""/compare and /api/compare: one word in all vocabularies, and how what they mean by it relates."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from .addresses import path_of, relative
from .cluster import picture
from .compare_parts import MOST_IN_GRID, card, grid, pair
from .compared import Compared, compared
from .deps import Services, ServicesDep
from .languages import asked_languages, best
from .mapping_sets import taken_away
from .mapping_words import may_stand_in, strongest
from .negotiation import HTML
from .rendering import render
from .term_lists import short_names
from .term_views import TermView

JSON = "application/json"

router = APIRouter()
TermParameter = Annotated[str, Query(max_length=120)]


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
    response = _side_by_side(request, services, found, against)
    response.headers.add_vary_header("Accept-Language")
    return validators.stamp(response)


def _side_by_side(request: Request, services: Services, found: Compared, against: str) -> Response:
    wanted = asked_languages(request)
    base = _base(found, against)
    labels = {view.iri: best(view.labels, wanted)[0] for view in found.terms}
    return render(
        request,
        services,
        "compare.html",
        term=found.asked,
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
        open=len(found.proposed),
        absent=[(record, where, labels[record.subject]) for record, where in found.absent],
        short=short_names({view.vocabulary: view.vocabulary_label for view in found.terms}),
        picture=picture(found.terms[:MOST_IN_GRID], found.found.records),
        path_of=path_of,
    )


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
