"""/mappings and /api/mappings: alignments filtered and counted, one face to face, selections as SSSOM."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from .addresses import path_of, relative, with_query
from .compare_parts import card
from .deps import Services, ServicesDep
from .languages import asked_languages
from .mapping_history import evidence, reviews
from .mapping_rows import FILTERS, MappingRow, choices, mapping_rows, narrowed, one
from .mapping_sets import CSV, SSSOM, alignment, taken_away
from .mapping_words import DERIVED, JUSTIFIED, may_stand_in
from .negotiation import HTML, negotiate
from .overview import theme_tree
from .problems import bad_request
from .rendering import render
from .slips import ON_A_SHEET, Proof, of_rows
from .term_lists import vocabularies
from .term_views import views
from .wanting import check_page, page_count

JSON = "application/json"
FORMATS = {"json": JSON, "sssom": SSSOM, "csv": CSV, "review": SSSOM}
PER_PAGE = 50

router = APIRouter()
Words = Annotated[str, Query(max_length=200)]
Page = Annotated[int, Query(ge=1, le=10**6)]


@router.get("/mappings", include_in_schema=False)
async def mappings(
    request: Request,
    services: ServicesDep,
    q: Words = "",
    page: Page = 1,
    judge: Annotated[str, Query(pattern="^(yes)?$")] = "",
) -> Response:
    """The table of mappings under the filters of the query; with `judge` a proof sheet of them."""
    wanted = asked_languages(request)
    validators = services.validators(request, HTML, *wanted)
    if validators.match(request):
        return validators.not_modified()
    chosen, theme, derived = _chosen(request)
    listed = narrowed(await _rows(services, theme, derived=derived), chosen, q)
    per_page = ON_A_SHEET if judge else PER_PAGE
    pages = page_count(len(listed), per_page)
    check_page(page, pages)
    shown = listed[(page - 1) * per_page : page * per_page]
    titles = {slug: each.short for slug, each in (await vocabularies(services.engine)).items()}
    asked = {"q": q.strip(), "theme": theme, **chosen} | ({DERIVED: "yes"} if derived else {})
    response = render(
        request,
        services,
        "mappings.html",
        filters=FILTERS,
        choices=choices(listed, titles),
        chosen=chosen,
        derived=derived,
        follows=0 if derived else len(await mapping_rows(services.engine, derived=True)),
        theme=theme,
        themes=[(node.slug, node.label) for node in await theme_tree(services.engine)],
        q=q.strip(),
        total=len(listed),
        rows=shown,
        proof=Proof(await of_rows(services.engine, shown if judge and not derived else (), wanted)),
        titles=titles,
        page=page,
        pages=pages,
        path_of=path_of,
        to=lambda **more: relative(request.scope, with_query("/mappings", **asked | more)),
        away=lambda form: relative(request.scope, with_query("/api/mappings", **asked, format=form)),
    )
    response.headers.add_vary_header("Accept-Language")
    return validators.stamp(response)


@router.get("/api/mappings")
async def mappings_data(  # noqa: PLR0913, PLR0917 - the parameters of a list
    request: Request,
    services: ServicesDep,
    q: Words = "",
    page: Page = 1,
    per_page: Annotated[int, Query(ge=1, le=1000)] = PER_PAGE,
    form: Annotated[str, Query(alias="format", max_length=10)] = "",
) -> Response:
    """Mappings under filters: JSON in pages with counts, or the whole selection as SSSOM TSV or CSV.

    The filters are status, predicate, vocabulary, set, justification, confidence, contradiction and theme.
    `derived=yes` asks for what follows from accepted mappings instead of what somebody states.
    `format` (json, sssom, csv, review) or Accept chooses; `review` is SSSOM with an empty cell for each
    part of a review, to be filled in and loaded.
    """
    form = _form(request, form)
    validators = services.validators(request, FORMATS[form], form)
    if validators.match(request):
        return validators.not_modified()
    chosen, theme, derived = _chosen(request)
    listed = narrowed(await _rows(services, theme, derived=derived), chosen, q)
    if form == "json":
        response = _json(listed, page, per_page)
    else:
        response = await taken_away(services.engine, (row.record.iri for row in listed), form)
    response.headers.add_vary_header("Accept")
    return validators.stamp(response)


@router.get("/api/mappings/{slug:path}")
async def mapping_data(
    request: Request,
    services: ServicesDep,
    slug: str,
    form: Annotated[str, Query(alias="format", max_length=10)] = "",
) -> Response:
    """One mapping with every slot that is known of it and its reviews; or as an SSSOM set of one record."""
    form = _form(request, form)
    validators = services.validators(request, FORMATS[form], form)
    if validators.match(request):
        return validators.not_modified()
    row = await _one(services, slug)
    if form != "json":
        response = await taken_away(services.engine, [row.record.iri], form)
    else:
        told = await alignment(services.engine, [row.record.iri], row.label)
        slots = told.mappings[0].to_record()
        seen = [asdict(each) for each in await reviews(services.engine, row.record.iri)]
        data = _data(row) | {
            "slots": slots.model_dump(mode="json", exclude_none=True, exclude={"extensions"}),
            "curie_map": dict(told.converter.bimap),
            "reviews": seen,
        }
        response = Response(json.dumps(data, ensure_ascii=False, indent=1) + "\n", media_type=JSON)
    response.headers.add_vary_header("Accept")
    return validators.stamp(response)


@router.get("/mappings/{slug:path}", include_in_schema=False)
async def mapping(request: Request, services: ServicesDep, slug: str) -> Response:
    """One mapping: its two terms face to face, what it rests on, what became of it."""
    wanted = asked_languages(request)
    validators = services.validators(request, HTML, *wanted)
    if validators.match(request):
        return validators.not_modified()
    row = await _one(services, slug)
    record = row.record
    found = await views(services.engine, (record.subject, record.object))
    ends = {view.iri: view for view in found.terms}
    between = found.between.get(frozenset({record.subject, record.object}), ())
    response = render(
        request,
        services,
        "mapping.html",
        row=row,
        sides=[
            card(view, ends.get(record.subject), wanted)
            for iri in (record.subject, record.object)
            if (view := ends.get(iri))
        ],
        others=[each for each in between if each.iri != record.iri],
        there=may_stand_in([record], record.subject),
        back=may_stand_in([record], record.object),
        justified=JUSTIFIED.get(record.justification, record.justification),
        evidence=await evidence(services.engine, record.iri),
        reviews=await reviews(services.engine, record.iri),
        derived=record.status == DERIVED,
        proof=Proof(await of_rows(services.engine, () if record.status == DERIVED else (row,), wanted)),
        path_of=path_of,
    )
    response.headers.add_vary_header("Accept-Language")
    return validators.stamp(response)


async def _one(services: Services, slug: str) -> MappingRow:
    return one(await mapping_rows(services.engine, derived=slug.startswith(f"{DERIVED}/")), slug)


def _form(request: Request, form: str) -> str:
    """What `format` names, else what Accept wants most."""
    if form and form not in FORMATS:
        raise bad_request("format", f"there are {', '.join(FORMATS)}")
    offers = {JSON: "json", SSSOM: "sssom", CSV: "csv"}
    return form or offers[negotiate(request.headers.get("accept"), tuple(offers))]


def _chosen(request: Request) -> tuple[dict[str, str], str, bool]:
    """The filters, the theme, and whether derived mappings are asked for."""
    given = {name: value.strip() for name, value in request.query_params.items() if value.strip()}
    chosen = {name: given[name][:200] for name in FILTERS if name in given}
    return chosen, given.get("theme", "")[:200], given.get(DERIVED) == "yes"


async def _rows(services: Services, theme: str, *, derived: bool) -> list[MappingRow]:
    try:
        return await mapping_rows(services.engine, theme, derived=derived)
    except ValueError as error:
        raise bad_request("theme", "this can name nothing") from error


def _json(listed: list[MappingRow], page: int, per_page: int) -> Response:
    pages = page_count(len(listed), per_page)
    check_page(page, pages)
    offered = choices(listed, {})
    data = {
        "total": len(listed),
        "page": page,
        "pages": pages,
        "per_page": per_page,
        "facets": {
            name: [{"value": c.value, "label": c.label, "count": c.count} for c in values]
            for name, values in offered.items()
        },
        "items": [_data(row) for row in listed[(page - 1) * per_page : page * per_page]],
    }
    return Response(json.dumps(data, ensure_ascii=False, indent=1) + "\n", media_type=JSON)


def _data(row: MappingRow) -> dict[str, Any]:
    record = asdict(row.record)
    confidence = record.pop("confidence")
    for name in [name for name in record if name == "comment" or name.startswith("review")]:
        # told with the slots of one record
        record.pop(name)
    return {
        **record,
        "confidence": confidence if confidence >= 0 else None,
        "says": row.says,
        "subject_label": row.subject_label,
        "object_label": row.object_label,
        "subject_source": row.subject_source,
        "object_source": row.object_source,
        "set": row.set,
        "contradiction": row.finding,
    }
