"""What changed since the build before: a page, JSON, and an Atom feed (RFC 4287, paged by RFC 5005)."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from lxml import etree
from starlette.responses import Response

from isogloss.errors import NotFound
from isogloss.graph.changes import KINDS, Change, changes
from isogloss.graph.snapshot import Snapshot, before
from isogloss.ontology.names import BASE

from .addresses import document_iri, kind_of, path_of, public_base, relative, with_query
from .bodies import Body
from .deps import Services, ServicesDep
from .negotiation import HTML, negotiate
from .rendering import render
from .wording import KINDS as KINDS_OF_THINGS
from .wording import status_name

router = APIRouter(include_in_schema=False)

ATOM = "application/atom+xml"
PAGE = 100  # changes
_FORMS = {"json": "application/json", "atom": ATOM}
_OFFERS = ("application/json", ATOM, HTML)
_SPACE = "http://www.w3.org/2005/Atom"

KindQuery = Annotated[Literal["new", "status moved", "changed", "withdrawn", ""], Query()]
PageQuery = Annotated[int, Query(ge=1, le=10**6)]


@dataclass(frozen=True, slots=True)
class Difference:
    """One page of the changes since the snapshot `since` (empty: there is none before this one)."""

    since: str
    changes: list[Change]
    counts: dict[str, int]
    kind: str
    page: int
    pages: int


@router.get("/changes")
async def changed(
    request: Request, services: ServicesDep, kind: KindQuery = "", page: PageQuery = 1
) -> Response:
    """The changes in the form that the client wants most; `kind` narrows, pages count from 1."""
    return await _answer(request, services, negotiate(request.headers.get("accept"), _OFFERS), kind, page)


@router.get("/changes.{suffix}")
async def changed_as(
    request: Request, services: ServicesDep, suffix: str, kind: KindQuery = "", page: PageQuery = 1
) -> Response:
    """The changes in the form of the suffix."""
    if suffix not in _FORMS:
        raise NotFound(f"The changes do not come as .{suffix}; there are: {', '.join(_FORMS)}.")
    return await _answer(request, services, _FORMS[suffix], kind, page)


async def _answer(request: Request, services: Services, media_type: str, kind: str, page: int) -> Response:
    base = public_base(request, services.settings.public_url)
    validators = services.validators(request, media_type, base)
    if validators.match(request):
        response = validators.not_modified()
    else:
        found = _page(*await _all(services), kind, page)
        response = validators.stamp(_represent(request, services, media_type, base, found))
    response.headers.add_vary_header("Accept")
    return response


async def _all(services: Services) -> tuple[str, list[Change]]:
    """When the snapshot before was built, and all changes since; compared once a snapshot, off the loop."""
    now = services.snapshot
    then = await asyncio.to_thread(before, now) if isinstance(now, Snapshot) else None
    if now is None or then is None:
        return "", []

    def compare() -> Body:
        told = [asdict(change) for change in changes(then.dump, now.dump)]
        return Body(json.dumps(told).encode(), "application/json")

    body = await services.bodies.once(
        f"changes {then.digest} {now.digest}", lambda: asyncio.to_thread(compare)
    )
    return str(then.manifest["built"]), [Change(**told) for told in json.loads(body.content)]


def _page(since: str, every: list[Change], kind: str, page: int) -> Difference:
    counts = Counter(change.kind for change in every)
    chosen = [change for change in every if kind in ("", change.kind)]
    pages = max(1, -(-len(chosen) // PAGE))
    if page > pages:
        raise NotFound(f"There are {pages} pages of changes; there is no page {page}.")
    shown = chosen[(page - 1) * PAGE : page * PAGE]
    return Difference(since, shown, {name: counts[name] for name in KINDS}, kind, page, pages)


def _represent(
    request: Request, services: Services, media_type: str, base: str, found: Difference
) -> Response:
    if media_type == HTML:
        return _html(request, services, found)
    path = "/changes.atom" if media_type == ATOM else "/changes.json"
    content = _atom(services, base, found) if media_type == ATOM else _json(found)
    response = Response(content, media_type=media_type)
    steps = (("prev", found.page - 1), ("next", found.page + 1))
    links = [
        f'<{relative(request.scope, with_query(path, kind=found.kind, page=number))}>; rel="{rel}"'
        for rel, number in steps
        if 1 <= number <= found.pages
    ]
    if links:
        response.headers["Link"] = ", ".join(links)
    return response


def _html(request: Request, services: Services, found: Difference) -> Response:
    return render(
        request,
        services,
        "changes.html",
        found=found,
        since=datetime.fromisoformat(found.since) if found.since else None,
        modified=services.modified,
        to=lambda kind, page: with_query("/changes", kind=kind, page=page if page > 1 else ""),
        pager_to=lambda number: relative(request.scope, with_query("/changes", kind=found.kind, page=number)),
        path_of=path_of,
        what=lambda iri: KINDS_OF_THINGS.get(kind_of(iri), ("",))[0],
    )


def _json(found: Difference) -> bytes:
    told = asdict(found)
    return json.dumps(told, ensure_ascii=False, indent=1).encode() + b"\n"


def _atom(services: Services, base: str, found: Difference) -> bytes:
    """Each change is an entry whose id names the snapshot, so that a reader shows it once."""
    feed = etree.Element(f"{{{_SPACE}}}feed", nsmap={None: _SPACE})
    updated = services.modified.astimezone(UTC).isoformat(timespec="seconds")
    _add(feed, "title", "Changes in Isogloss")
    _add(feed, "id", BASE + "changes")
    _add(feed, "updated", updated)
    _add(_add(feed, "author"), "name", "The Isogloss project")
    _add(feed, "link", rel="alternate", href=base + with_query("/changes", kind=found.kind), type=HTML)
    for rel, page in (("self", found.page), ("previous", found.page - 1), ("next", found.page + 1)):
        if 1 <= page <= found.pages:
            target = with_query("/changes.atom", kind=found.kind, page=page if page > 1 else None)
            _add(feed, "link", rel=rel, href=base + target)
    for change in found.changes:
        entry = _add(feed, "entry")
        _add(entry, "title", f"{change.label} ({change.kind})")
        _add(entry, "id", f"{document_iri(change.iri)}#{services.engine.digest[:16]}")
        _add(entry, "updated", updated)
        _add(entry, "link", rel="alternate", href=base + (path_of(change.iri) or "/"))
        _add(entry, "summary", summary(change))
        _add(entry, "category", term=change.kind)
    return etree.tostring(feed, xml_declaration=True, encoding="utf-8")


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    made = etree.SubElement(parent, f"{{{_SPACE}}}{name}", attributes)
    made.text = "".join(char for char in text if char >= " ") or None  # XML has no control characters
    return made


def summary(change: Change) -> str:
    """The change in a sentence."""
    counts = f"{change.added} facts added, {change.removed} removed"
    if change.kind != "status moved":
        return f"{change.kind}: {counts}."
    moved = f"from {status_name(change.status_before)} to {status_name(change.status_after)}"
    return f"status moved {moved}; {counts}."
