"""The glossary: words by letter, vocabulary and theme, and the matrix of who has a word for what."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from isogloss.errors import NotFound

from .addresses import relative, with_query
from .deps import Services, ServicesDep
from .languages import asked_languages, foreign
from .negotiation import HTML
from .overview import theme_tree
from .problems import bad_request
from .rendering import render
from .term_lists import Group, Narrowed, Vocabulary, groups, matches, matrix, vocabularies
from .wanting import check_page, page_count

JSON = "application/json"
PER_PAGE = 150
ROWS = 40
COLUMNS = 8  # of the matrix, where none are asked for and none have a place
_MOST_COLUMNS = 12

router = APIRouter()
Short = Annotated[str, Query(max_length=100)]
Page = Annotated[int, Query(ge=1, le=10**6)]


class Asked(BaseModel):
    """What is asked of the list of words; all of it must hold."""

    model_config = ConfigDict(frozen=True)

    q: str = Field("", max_length=100)
    vocabulary: str = Field("", max_length=100)
    theme: str = Field("", max_length=100)
    letter: str = Field("", max_length=1)
    page: int = Field(1, ge=1, le=10**6)

    @property
    def chosen(self) -> dict[str, str]:
        """The parameters that narrow the list, but for the letter."""
        return {"q": self.q.strip(), "vocabulary": self.vocabulary, "theme": self.theme}


AskedDep = Annotated[Asked, Query()]


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of the words that were asked for, with what the whole list comes to."""

    groups: tuple[Group, ...]
    letters: tuple[tuple[str, int], ...]
    total: int
    entries: int
    pages: int
    known: dict[str, Vocabulary]


async def _listed(services: Services, asked: Asked, wanted: tuple[str, ...]) -> Listed:
    known = await vocabularies(services.engine)
    if asked.vocabulary and asked.vocabulary not in known:
        raise NotFound(f"There is no vocabulary {asked.vocabulary}; /glossary lists them.")
    found = await _groups(services, Narrowed(asked.q.strip(), asked.vocabulary, asked.theme), wanted)
    shown = [group for group in found if asked.letter.upper() in ("", group.letter)]
    pages = page_count(len(shown), PER_PAGE)
    check_page(asked.page, pages)
    start = (asked.page - 1) * PER_PAGE
    return Listed(
        tuple(shown[start : start + PER_PAGE]),
        tuple(sorted(Counter(group.letter for group in found).items())),
        len(shown),
        sum(len(group.entries) for group in shown),
        pages,
        known,
    )


@router.get("/glossary", include_in_schema=False)
async def glossary(request: Request, services: ServicesDep, asked: AskedDep) -> Response:
    """Words with the vocabularies that have them."""
    wanted = asked_languages(request)
    validators = services.validators(request, HTML, *wanted)
    if validators.match(request):
        return validators.not_modified()
    listed = await _listed(services, asked, wanted)
    response = render(
        request,
        services,
        "glossary.html",
        chosen=asked.chosen,
        letter=asked.letter.upper(),
        listed=listed,
        vocabularies=listed.known,
        themes=_flat(await theme_tree(services.engine)),
        foreign=foreign,
        page=asked.page,
        to=lambda **more: relative(request.scope, with_query("/glossary", **asked.chosen | more)),
    )
    response.headers.add_vary_header("Accept-Language")
    return validators.stamp(response)


@router.get("/api/terms")
async def terms(request: Request, services: ServicesDep, asked: AskedDep) -> Response:
    """The words of the glossary in pages, each with its entries."""
    wanted = asked_languages(request)
    validators = services.validators(request, JSON, *wanted)
    if validators.match(request):
        return validators.not_modified()
    listed = await _listed(services, asked, wanted)
    data = {
        "total": listed.total,
        "page": asked.page,
        "pages": listed.pages,
        "items": [_data(group, listed.known) for group in listed.groups],
    }
    response = Response(json.dumps(data, ensure_ascii=False, indent=1) + "\n", media_type=JSON)
    response.headers.add_vary_header("Accept-Language")
    return validators.stamp(response)


@router.get("/glossary/matrix", include_in_schema=False)
async def who_has_a_word(
    request: Request,
    services: ServicesDep,
    vocabulary: Annotated[list[str] | None, Query(max_length=_MOST_COLUMNS)] = None,
    q: Short = "",
    page: Page = 1,
) -> Response:
    """Concepts against vocabularies: who has a word for it, and which."""
    wanted = asked_languages(request)
    validators = services.validators(request, HTML, *wanted)
    if validators.match(request):
        return validators.not_modified()
    known = await vocabularies(services.engine)
    asked = [slug for slug in vocabulary or () if slug]
    if unknown := [slug for slug in asked if slug not in known]:
        raise NotFound(f"There is no vocabulary {unknown[0]}; /glossary lists them.")
    found = await _groups(services, Narrowed(q.strip()), wanted)
    tied = await matches(services.engine)
    columns = asked or [slug for slug, each in known.items() if each.place] or _most_shared(found)
    table = matrix(found, columns, tied)
    pages = page_count(len(table), ROWS)
    check_page(page, pages)
    response = render(
        request,
        services,
        "matrix.html",
        q=q.strip(),
        columns=[known[slug] for slug in columns],
        asked=asked,
        most=_MOST_COLUMNS,
        table=table[(page - 1) * ROWS : page * ROWS],
        total=len(table),
        vocabularies=known,
        page=page,
        pages=pages,
        pager_to=lambda number: relative(request.scope, _matrix_path(asked, q, number)),
    )
    response.headers.add_vary_header("Accept-Language")
    return validators.stamp(response)


def _matrix_path(asked: list[str], q: str, page: int) -> str:
    path = with_query("/glossary/matrix", q=q, page=page if page > 1 else None)
    chosen = "&".join(f"vocabulary={slug}" for slug in asked)
    return path + ("&" if "?" in path else "?") + chosen if chosen else path


def _most_shared(found: list[Group]) -> list[str]:
    """The vocabularies that have most words in common with others."""
    counts = Counter(slug for group in found if len(group.vocabularies) > 1 for slug in group.vocabularies)
    return [slug for slug, _ in counts.most_common(COLUMNS)]


async def _groups(services: Services, narrowed: Narrowed, wanted: tuple[str, ...]) -> list[Group]:
    try:
        return await groups(services.engine, narrowed, wanted)
    except ValueError as error:
        raise bad_request("theme", "this can name nothing") from error


def _flat(nodes: Any, depth: int = 0) -> list[tuple[str, str, int]]:
    found = []
    for node in nodes:
        found.append((node.slug, node.label, depth))
        if depth == 0:
            found += _flat(node.children, 1)
    return found


def _data(group: Group, known: dict[str, Vocabulary]) -> dict[str, Any]:
    return {
        "word": group.word,
        "entries": [
            {
                "iri": entry.iri,
                "label": entry.label,
                "language": entry.language,
                "vocabulary": entry.vocabulary,
                "vocabulary_label": known[entry.vocabulary].label,
            }
            for entry in group.entries
        ],
    }
