"""/compare/sheet: the proposed mappings among the entries with one word, on proof sheets to mark."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from .addresses import relative, with_query
from .compared import compared
from .deps import ServicesDep
from .languages import asked_languages
from .mapping_rows import MAPPING
from .negotiation import HTML
from .rendering import render
from .slips import ON_A_SHEET, Proof, slips
from .wanting import check_page, page_count

router = APIRouter()


@router.get("/compare/sheet", include_in_schema=False)
async def sheet(
    request: Request,
    services: ServicesDep,
    term: Annotated[str, Query(max_length=120)],
    page: Annotated[int, Query(ge=1, le=10**6)] = 1,
) -> Response:
    """A slip for each record that nobody has decided, in the order of the comparison."""
    wanted = asked_languages(request)
    validators = services.validators(request, HTML, *wanted)
    if validators.match(request):
        return validators.not_modified()
    found = await compared(services, term)
    pages = page_count(len(found.proposed), ON_A_SHEET)
    check_page(page, pages)
    known = {slip.record.iri: slip for slip in slips(found.found, wanted)}
    shown = found.proposed[(page - 1) * ON_A_SHEET : page * ON_A_SHEET]

    def to(number: int) -> str:
        path = with_query("/compare/sheet", term=term, page=number if number > 1 else None)
        return relative(request.scope, path)

    response = render(
        request,
        services,
        "compare_sheet.html",
        term=term,
        open=[record.iri.removeprefix(MAPPING) for record in found.proposed],
        proof=Proof(tuple(known[record.iri] for record in shown)),
        page=page,
        pages=pages,
        to=to,
    )
    response.headers.add_vary_header("Accept-Language")
    return validators.stamp(response)
