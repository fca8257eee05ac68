"""Typed links (RFC 8288) as FAIR Signposting has them: in headers (level 1) and as link sets (level 2)."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass

from fastapi import APIRouter, Request
from pyoxigraph import NamedNode
from starlette.responses import Response

from isogloss.errors import NotFound
from isogloss.ontology.names import KINDS

from .addresses import document_path, public_base, relative, route_path, thing_iri, with_query
from .asking import rows, text
from .deps import ServicesDep
from .description import Description
from .documents import DATA_SET, LABELLED, LICENSE, PROFILES, Profile
from .negotiation import HTML, RDF_FORMATS, negotiate
from .schema_org import type_of

router = APIRouter(include_in_schema=False)

LINKSET_JSON, LINKSET_TEXT = "application/linkset+json", "application/linkset"
ABOUT_PAGE = "https://schema.org/AboutPage"


@dataclass(frozen=True, slots=True)
class Link:
    """One typed link: the relation, the target, its media type, and the profile that it conforms to."""

    rel: str
    href: str
    type: str = ""
    formats: str = ""

    def header(self) -> str:
        """The link as a member of a Link field."""
        given = (("rel", self.rel), ("type", self.type), ("formats", self.formats))
        return f"<{self.href}>" + "".join(f'; {name}="{value}"' for name, value in given if value)


def thing_links(request: Request, iri: str) -> list[str]:
    """What the redirect from a thing says: how to cite it, and where its links are."""
    links = (
        Link("cite-as", iri),
        Link("linkset", _linkset(request, document_path(iri).removeprefix("/doc/")), LINKSET_JSON),
    )
    return [link.header() for link in links]


def document_links(request: Request, description: Description, path: str, profile: Profile) -> list[str]:
    """The links of a document at `path` (without suffix) about the described thing, in that profile."""

    page = description.page if description.page > 1 else None
    asked = with_query("", _profile=profile.token if profile != LABELLED else None, page=page)

    def to(target: str) -> str:
        return relative(request.scope, target)

    links = [
        Link("canonical", to(with_query(path, page=page))),
        Link("cite-as", description.iri),
        Link("describes", description.iri),
        Link("license", LICENSE),
        Link("collection", DATA_SET),
        Link("type", ABOUT_PAGE),
        Link("type", "https://schema.org/" + type_of(description.iri, description.types())),
        Link("describedby", to(path + ".ttl"), "text/turtle"),
        *(Link("alternate", to(f"{path}.{each.suffix}{asked}"), each.media_type) for each in RDF_FORMATS),
        Link("linkset", _linkset(request, path.removeprefix("/doc/")), LINKSET_JSON),
        Link("profile", profile.iri),
        *(
            Link("alternate", to(f"{path}.ttl?_profile={each.token}"), "text/turtle", formats=each.iri)
            for each in PROFILES
            if each != profile
        ),
    ]
    links += [
        Link(rel, to(page_path(request, number)))
        for rel, number in (("prev", description.page - 1), ("next", description.page + 1))
        if 1 <= number <= description.pages
    ]
    return [link.header() for link in links]


def data_set_links(request: Request, files: Iterable[tuple[str, str]]) -> list[str]:
    """The links of the data set's description; `files` are paths of what it consists of, with media types."""

    def to(target: str) -> str:
        return relative(request.scope, target)

    links = [
        Link("canonical", to("/dataset")),
        Link("cite-as", DATA_SET),
        Link("license", LICENSE),
        Link("type", ABOUT_PAGE),
        Link("type", "https://schema.org/Dataset"),
        Link("describedby", to("/dataset.ttl"), "text/turtle"),
        *(Link("alternate", to(f"/dataset.{each.suffix}"), each.media_type) for each in RDF_FORMATS),
        *(Link("item", to(path), media_type) for path, media_type in files),
    ]
    return [link.header() for link in links]


def page_path(request: Request, number: int) -> str:
    """The path of another page of what is asked for, in the same format and profile."""
    asked = {name: request.query_params.get(name) for name in ("_mediatype", "_profile")}
    return with_query(route_path(request.scope), **asked, page=number)


@router.get("/linkset/{kind}/{path:path}")
async def linkset(request: Request, services: ServicesDep, kind: str, path: str) -> Response:
    """All typed links of a thing and of its documents (RFC 9264), as JSON or as a Link field is written."""
    media_type = negotiate(request.headers.get("accept"), (LINKSET_JSON, LINKSET_TEXT, "application/json"))
    iri, base = thing_iri(kind, path), public_base(request, services.settings.public_url)
    if gone := services.past.withdrawal(iri):
        raise gone
    validators = services.validators(request, media_type, base)
    if not validators.match(request):
        classes = await rows(services.engine, f"SELECT ?class WHERE {{ {NamedNode(iri)} a ?class }}")
        if kind not in KINDS or not classes:
            raise NotFound(f"Nothing is known of {iri}.")
        page = base + document_path(iri)
        contexts = _contexts(iri, page, [text(row, "class") for row in classes])
        write = _as_text if media_type == LINKSET_TEXT else _as_json
        response = validators.stamp(Response(write(contexts), media_type=media_type))
    else:
        response = validators.not_modified()
    response.headers.add_vary_header("Accept")
    return response


Contexts = dict[str, list[Link]]


def _contexts(iri: str, page: str, classes: list[str]) -> Contexts:
    """The links by the resource that they start from: the page about the thing, and each other document."""
    of_page = [
        Link("cite-as", iri),
        Link("describes", iri),
        Link("type", ABOUT_PAGE),
        Link("type", "https://schema.org/" + type_of(iri, classes)),
        Link("license", LICENSE),
        Link("collection", DATA_SET),
        *(Link("describedby", f"{page}.{each.suffix}", each.media_type) for each in RDF_FORMATS),
    ]
    documents = {
        f"{page}.{each.suffix}": [
            Link("describes", page, HTML),
            Link("cite-as", iri),
            Link("license", LICENSE),
        ]
        for each in RDF_FORMATS
    }
    return {page: of_page, **documents}


def _as_json(contexts: Contexts) -> str:
    """RFC 9264, 4.2."""
    return json.dumps({"linkset": [_context(*each) for each in contexts.items()]}, indent=1) + "\n"


def _context(anchor: str, links: Iterable[Link]) -> dict[str, object]:
    told: dict[str, list[dict[str, object]]] = {}
    for link in links:
        target: dict[str, object] = {"href": link.href}
        if link.type:
            target["type"] = link.type
        told.setdefault(link.rel, []).append(target)
    return {"anchor": anchor, **told}


def _as_text(contexts: Contexts) -> str:
    """RFC 9264, 4.1: the value of a Link field, with line breaks."""
    links = [f'{link.header()}; anchor="{anchor}"' for anchor, of in contexts.items() for link in of]
    return ",\n".join(links) + "\n"


def _linkset(request: Request, thing: str) -> str:
    return relative(request.scope, "/linkset/" + thing)
