"""Things and the documents about them: 303 from the one to the other, then 200 in the format wanted."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from fastapi import APIRouter, Depends, Header, Query, Request
from starlette.responses import RedirectResponse, Response

from isogloss.errors import NotFound
from isogloss.ontology.names import KINDS

from .addresses import document_path, nearby, relative, thing_iri, with_query
from .bodies import Body
from .caching import Validators
from .deps import Services, ServicesDep
from .describe import Extent, describe
from .description import Description
from .documents import BARE, LABELLED, Profile, document, profile_wanted, serialise
from .json_ld import is_json_ld, json_ld
from .nearest import nearest
from .negotiation import (
    BY_SUFFIX,
    BY_TYPE,
    HTML,
    RDF_FORMATS,
    RDF_THEN_HTML,
    negotiate,
    negotiate_one,
    preferred,
    wanted_languages,
)
from .presentation import arrange, beside
from .rendering import render
from .schema_org import schema_org
from .signposting import document_links, page_path, thing_links
from .things import is_known
from .wanting import finder

router = APIRouter(include_in_schema=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """How a document is asked for beside its path: `?_mediatype=`, a profile, `?page=` (from 1)."""

    mediatype: str | None
    profile: Profile
    page: int


def _asked(
    mediatype: Annotated[str | None, Query(alias="_mediatype")] = None,
    profile: Annotated[str | None, Query(alias="_profile")] = None,
    page: Annotated[int, Query(ge=1, le=10**6)] = 1,
    accept_profile: Annotated[str | None, Header()] = None,
) -> Asked:
    return Asked(mediatype, profile_wanted(profile, accept_profile), page)


AskedDep = Annotated[Asked, Depends(_asked)]


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to read a document URL: the thing, the format chosen for it, and whether a suffix chose it."""

    iri: str
    media_type: str
    suffixed: bool = False

    @property
    def path(self) -> str:
        """The path of the document without suffix, however the client escaped it."""
        return document_path(self.iri)


@router.get("/id/{kind}/{path:path}")
def thing(request: Request, services: ServicesDep, kind: str, path: str, asked: AskedDep) -> Response:
    """Send the client of a thing to the document about it, in one hop (303, httpRange-14)."""
    _may_name(kind, path)
    iri = thing_iri(kind, path)
    if gone := services.past.withdrawal(iri):
        raise gone
    media_type = chosen_type(request, asked.mediatype)
    target = with_query(
        document_path(iri) + ("" if media_type == HTML else "." + BY_TYPE[media_type].suffix),
        _mediatype="html" if asked.mediatype and media_type == HTML else None,  # a page has no suffix
        _profile=request.query_params.get("_profile"),
        page=_later(asked.page),
    )
    response = RedirectResponse(relative(request.scope, target), 303)
    response.headers["Cache-Control"] = "public, max-age=300"
    response.headers["Link"] = ", ".join(thing_links(request, iri))
    return _varied(response)


@router.get("/doc/{kind}/{path:path}")
async def document_about(
    request: Request, services: ServicesDep, kind: str, path: str, asked: AskedDep
) -> Response:
    """The document about a thing: by suffix without negotiating, else as the client likes it best."""
    _may_name(kind, path)
    return await answer(request, services, readings(request, thing_iri(kind, path), asked.mediatype), asked)


async def answer(request: Request, services: Services, choices: Sequence[Choice], asked: Asked) -> Response:
    """The description of the first choice that is known.

    A client that holds it gets 304, and a body in memory is sent again; neither asks the engine.
    """
    languages = wanted_languages(request.headers.get("accept-language"))
    known = {each: _validators(request, services, each, asked, languages) for each in choices}
    for choice, validators in known.items():
        surely = asked.page == 1 and "if-modified-since" in request.headers
        if validators.match(request, there=surely and await is_known(services, choice.iri)):
            return _varied(_located(validators.not_modified(), request, choice, asked))
    for validators in known.values():
        if (body := services.bodies.get(validators.etag)) is not None:
            return _varied(validators.stamp(body.response()))
    description = await _described(services, choices, asked)
    chosen = next(each for each in choices if each.iri == description.iri)
    response = _represent(request, services, replace(description, languages=languages), chosen, asked.profile)
    _located(response, request, chosen, asked)
    profile = LABELLED if chosen.media_type == HTML else asked.profile  # pages have no other
    response.headers["Link"] = ", ".join(document_links(request, description, chosen.path, profile))
    services.bodies.keep(known[chosen].etag, Body.of(response))
    return _varied(known[chosen].stamp(response))


def _validators(
    request: Request, services: Services, choice: Choice, asked: Asked, languages: Sequence[str]
) -> Validators:
    """Only pages have a language: RDF holds the names in all of them."""
    tags = languages if choice.media_type == HTML else ()
    return services.validators(request, choice.media_type, asked.profile.token, *tags)


async def _described(services: Services, choices: Sequence[Choice], asked: Asked) -> Description:
    pages = {choice.iri for choice in choices if choice.media_type == HTML}
    wanted = {choice.iri: _extent(choice, asked) for choice in choices}
    try:
        return await describe(
            services.engine, wanted, beside=lambda iri: beside(iri) if iri in pages else None
        )
    except NotFound as error:
        for choice in choices:
            if gone := services.past.withdrawal(choice.iri):
                raise gone from error
        if error.suggestions:
            raise
        raise NotFound(str(error), await nearest(finder(services), choices[-1].iri)) from error


def _extent(choice: Choice, asked: Asked) -> Extent:
    """Pages have one profile alone; of the others, only the first tells what points here."""
    profile = LABELLED if choice.media_type == HTML else asked.profile
    return Extent(asked.page, inward=profile == LABELLED, named=profile != BARE)


def _represent(
    request: Request, services: Services, description: Description, chosen: Choice, profile: Profile
) -> Response:
    if chosen.media_type == HTML:
        return html(request, services, description, chosen.path)
    wanted = BY_TYPE[chosen.media_type]
    quads = document(replace(description, languages=("en",)), profile, services.modified)
    body = json_ld(quads, description.iri) if is_json_ld(wanted) else serialise(quads, wanted)
    return Response(body, media_type=with_charset(chosen.media_type))


def _located(response: Response, request: Request, chosen: Choice, asked: Asked) -> Response:
    """Say under which address of its own the chosen format is; pages, and what has a suffix, are there."""
    if chosen.media_type != HTML and not chosen.suffixed:
        itself = with_query(
            f"{chosen.path}.{BY_TYPE[chosen.media_type].suffix}",
            _profile=asked.profile.token if asked.profile != LABELLED else None,
            page=_later(asked.page),
        )
        response.headers["Content-Location"] = relative(request.scope, itself)
    return response


def html(request: Request, services: Services, description: Description, path: str) -> Response:
    """The page about a thing; says the languages of its text and of the name that it shows."""
    name = description.name()
    language = (name.language if name is not None else "") or "en"
    response = render(
        request,
        services,
        "thing.html",
        description=description,
        language=language,
        page=arrange(description, services.modified.date()),
        path=path,
        canonical=with_query(path, page=_later(description.page)),
        formats=RDF_FORMATS,
        pager_to=lambda number: nearby(request.scope, page_path(request, number)),
        structured=script_safe(
            json.dumps(schema_org(description), ensure_ascii=False, separators=(",", ":"))
        ),
    )
    response.headers["Content-Language"] = ", ".join(dict.fromkeys(("en", language)))
    return response


def chosen_type(request: Request, mediatype: str | None, offers: Sequence[str] = RDF_THEN_HTML) -> str:
    """The media type that the request asks for: by `?_mediatype=` (a type or a suffix), else by Accept."""
    if mediatype:
        named = BY_SUFFIX.get(mediatype)
        wanted = "text/html" if mediatype == "html" else named.media_type if named else mediatype
        return negotiate_one(wanted.replace(" ", "+"), offers)  # a plus in a query means a space
    return negotiate(request.headers.get("accept"), offers)


def readings(request: Request, iri: str, mediatype: str | None) -> list[Choice]:
    """The things that a document URL may mean: first the one of that very name, then the one without suffix.

    Slugs hold dots (`itu-t-y.3800`), so only known suffixes are taken off, and a thing whose name ends like
    one comes before.
    """
    stem, _, suffix = iri.rpartition(".")
    if suffix not in BY_SUFFIX or stem.endswith("/"):
        return [Choice(iri, chosen_type(request, mediatype))]
    by_suffix = BY_SUFFIX[suffix].media_type
    wanted = preferred(request.headers.get("accept"), RDF_THEN_HTML)
    return [Choice(iri, wanted[0] if wanted else by_suffix), Choice(stem, by_suffix, suffixed=True)]


def _may_name(kind: str, path: str) -> None:
    """NotFound for what can name nothing, whatever the data holds."""
    if kind not in KINDS:
        raise NotFound(f"There is no kind of thing called {kind}; there are: {', '.join(KINDS)}.")
    if not path:
        raise NotFound(f"/id/{kind}/ names no {kind}: what follows it does.")


def _later(page: int) -> int | None:
    """A page as addresses say it: the first one is not named."""
    return page if page > 1 else None


def _varied(response: Response) -> Response:
    response.headers.add_vary_header("Accept")
    response.headers.add_vary_header("Accept-Language")
    response.headers.add_vary_header("Accept-Profile")
    return response


def with_charset(media_type: str) -> str:
    """Media types of the text tree say their charset; the others are UTF-8 by definition."""
    return media_type + "; charset=utf-8" if media_type.startswith("text/") else media_type


def script_safe(text: str) -> str:
    """JSON that cannot end the script element it stands in."""
    return text.replace("<", "\\u003c")
