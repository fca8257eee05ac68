"""/mappings and /api/mappings: alignments filtered and counted, one face to face, selections as SSSOM."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from isogloss.mappings.sets import to_csv, to_text

from .addresses import path_of, relative, with_query
from .asking import rows, text
from .deps import Services, ServicesDep
from .languages import asked_languages, best
from .mapping_rows import FILTERS, MAPPING, SET, MappingRow, choices, mapping_rows, narrowed, one
from .mapping_sets import alignment
from .mapping_words import JUSTIFIED, may_stand_in
from .negotiation import HTML, negotiate
from .overview import theme_tree
from .problems import bad_request
from .rendering import render
from .term_lists import vocabularies
from .term_views import views
from .wanting import check_page, page_count

JSON, SSSOM, CSV = "application/json", "application/sssom+tsv", "text/csv"
FORMATS = {"json": JSON, "sssom": SSSOM, "csv": CSV}
PER_PAGE = 50

router = APIRouter()
Words = Annotated[str, Query(max_length=200)]
Page = Annotated[int, Query(ge=1, le=10**6)]


@router.get("/mappings", include_in_schema=False)
async def mappings(request: Request, services: ServicesDep, q: Words = "", page: Page = 1) -> Response:
    """The table of mappings under the filters of the query."""
    validators = services.validators(request, HTML)
    if validators.match(request):
        return validators.not_modified()
    chosen, theme = _chosen(request)
    listed = narrowed(await _rows(services, theme), chosen, q)
    pages = page_count(len(listed), PER_PAGE)
    check_page(page, pages)
    titles = {slug: each.short for slug, each in (await vocabularies(services.engine)).items()}
    asked = {"q": q.strip(), "theme": theme, **chosen}
    response = render(
        request,
        services,
        "mappings.html",
        filters=FILTERS,
        choices=choices(listed, titles),
        chosen=chosen,
        theme=theme,
        themes=[(node.slug, node.label) for node in await theme_tree(services.engine)],
        q=q.strip(),
        total=len(listed),
        rows=listed[(page - 1) * PER_PAGE : page * PER_PAGE],
        titles=titles,
        page=page,
        pages=pages,
        path_of=path_of,
        to=lambda **more: relative(request.scope, with_query("/mappings", **asked | more)),
        away=lambda form: relative(request.scope, with_query("/api/mappings", **asked, format=form)),
    )
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
    `format` (json, sssom, csv) or Accept chooses.
    """
    if form and form not in FORMATS:
        raise bad_request("format", f"there are {', '.join(FORMATS)}")
    media_type = FORMATS.get(form) or negotiate(request.headers.get("accept"), tuple(FORMATS.values()))
    validators = services.validators(request, media_type)
    if validators.match(request):
        return validators.not_modified()
    chosen, theme = _chosen(request)
    listed = narrowed(await _rows(services, theme), chosen, q)
    if media_type == JSON:
        response = _json(listed, page, per_page)
    else:
        response = await _set(services, listed, media_type)
    response.headers.add_vary_header("Accept")
    return validators.stamp(response)


@router.get("/api/mappings/{slug:path}")
async def mapping_data(request: Request, services: ServicesDep, slug: str) -> Response:
    """One mapping with every slot that is known of it."""
    validators = services.validators(request, JSON)
    if validators.match(request):
        return validators.not_modified()
    row = one(await _rows(services), slug)
    told = await alignment(services.engine, [row.record.iri], row.label)
    slots = told.mappings[0].to_record().model_dump(mode="json", exclude_none=True, exclude={"extensions"})
    data = _data(row) | {"slots": slots, "curie_map": dict(told.converter.bimap)}
    return validators.stamp(Response(json.dumps(data, ensure_ascii=False, indent=1) + "\n", media_type=JSON))


@router.get("/mappings/{slug:path}", include_in_schema=False)
async def mapping(request: Request, services: ServicesDep, slug: str) -> Response:
    """One mapping: its two terms face to face, what it rests on, what became of it."""
    wanted = asked_languages(request)
    validators = services.validators(request, HTML, *wanted)
    if validators.match(request):
        return validators.not_modified()
    row = one(await _rows(services), slug)
    found = await views(services.engine, (row.record.subject, row.record.object))
    ends = {view.iri: view for view in found.terms}
    response = render(
        request,
        services,
        "mapping.html",
        row=row,
        sides=[
            (view, best(view.labels, wanted)[0], best({tag: t for t, tag in view.definitions}, wanted)[0])
            for iri in (row.record.subject, row.record.object)
            if (view := ends.get(iri))
        ],
        others=[
            record
            for record in found.between.get(frozenset({row.record.subject, row.record.object}), ())
            if record.iri != row.record.iri
        ],
        there=may_stand_in([row.record], row.record.subject),
        back=may_stand_in([row.record], row.record.object),
        justified=JUSTIFIED.get(row.record.justification, row.record.justification),
        evidence=await _evidence(services, row.record.iri),
        set_iri=SET + row.set,
        path_of=path_of,
    )
    response.headers.add_vary_header("Accept-Language")
    return validators.stamp(response)


def _chosen(request: Request) -> tuple[dict[str, str], str]:
    given = {name: value.strip() for name, value in request.query_params.items() if value.strip()}
    return {name: given[name][:200] for name in FILTERS if name in given}, given.get("theme", "")[:200]


async def _rows(services: Services, theme: str = "") -> list[MappingRow]:
    try:
        return await mapping_rows(services.engine, theme)
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
    for name in ("comment", "reviews"):  # told with the slots of one record
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


async def _set(services: Services, listed: list[MappingRow], media_type: str) -> Response:
    """The selection as SSSOM, under the name of what was chosen."""
    told = await alignment(services.engine, (row.record.iri for row in listed), "A selection of mappings")
    if media_type == CSV:
        return Response(to_csv(told), media_type="text/csv; charset=utf-8")
    response = Response(to_text(told), media_type=SSSOM)
    response.headers["Content-Disposition"] = 'inline; filename="selection.sssom.tsv"'
    return response


_SHOWN = {
    "author_id": "Author", "author_label": "Author", "creator_id": "Entered by", "reviewer_id": "Reviewer",
    "reviewer_label": "Reviewer", "reviewer_agreement": "Reviewer's agreement (-1 to 1)",
    "review_date": "Reviewed on", "mapping_date": "Mapped on", "publication_date": "Published on",
    "mapping_source": "Published in", "mapping_tool": "Found by the tool", "mapping_provider": "Provider",
    "see_also": "Evidence", "issue_tracker_item": "Discussed in", "match_string": "Matched on",
    "similarity_score": "Likeness of the words", "derived_from": "Follows from", "comment": "Reason",
}  # fmt: skip


async def _evidence(services: Services, iri: str) -> list[tuple[str, str, str]]:
    """What a record rests on and what became of it: heading, text, and where it leads."""
    found = await rows(
        services.engine,
        f"SELECT ?p ?o ?label WHERE {{ <{MAPPING}{iri.removeprefix(MAPPING)}> ?p ?o"
        " OPTIONAL { ?o <http://www.w3.org/2000/01/rdf-schema#label> ?label } } ORDER BY ?p ?o",
    )
    told = []
    for row in found:
        value = text(row, "o")
        heading = _SHOWN.get(text(row, "p").rpartition("/")[2].rpartition("#")[2])
        if heading:
            href = path_of(value) or (value if value.startswith(("http://", "https://")) else "")
            told.append((heading, text(row, "label") or value, href))
    order = list(dict.fromkeys(_SHOWN.values()))
    return sorted(told, key=lambda line: order.index(line[0]))
