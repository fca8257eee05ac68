"""The neighbourhood of a thing: what it points to and what points to it, by relation, for its graph."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Annotated
from urllib.parse import parse_qs, urlsplit

from fastapi import APIRouter, Query, Request
from pyoxigraph import NamedNode
from starlette.responses import JSONResponse, Response

from isogloss.ontology.names import BASE

from .addresses import kind_of, path_of, relative
from .browse import browse_path
from .deps import ServicesDep
from .describe import Extent, describe
from .presentation import Page, arrange
from .problems import bad_request
from .values import Value

router = APIRouter()

MOST_A_RELATION = 6  # things of one relation that are drawn and listed; their total is told

_DOCUMENTS = "/doc/"


@dataclass(frozen=True, slots=True)
class Thing:
    """A neighbour: `href` is its page, `kind` its kind among things of ours (empty for others)."""

    iri: str
    label: str
    kind: str
    href: str


@dataclass(frozen=True, slots=True)
class Relation:
    """Neighbours that stand in one relation to the thing; `inward` if they are the ones that point."""

    label: str
    inward: bool
    total: int
    things: tuple[Thing, ...]


@router.get("/api/neighbours")
async def neighbours(
    request: Request, services: ServicesDep, iri: Annotated[str, Query(min_length=1, max_length=4000)]
) -> Response:
    """The neighbours of a thing by relation, in the words and the order of its page.

    The engine is asked the very queries of that page, so where answers are kept it has nothing to do.
    """
    try:
        NamedNode(iri)
    except ValueError as error:
        raise bad_request("iri", f"this is no IRI: {error}") from error
    validators = services.validators(request, "application/json")
    if validators.match(request):
        return validators.not_modified()
    link = path_of if services.snapshot else browse_path
    description = replace(await describe(services.engine, {iri: Extent()}), link=link)

    def to(path: str) -> str:
        return relative(request.scope, path)

    told = {
        "iri": iri,
        "label": description.label(),
        "kind": kind_of(iri),
        "href": to(link(iri) or "/"),
        "relations": [
            asdict(relation) for relation in relations(arrange(description, services.modified.date()), to)
        ],
    }
    return validators.stamp(JSONResponse(told))


def relations(page: Page, to: Callable[[str], str]) -> Iterator[Relation]:
    """The relations of an arranged page to other things; `to` makes references of paths."""
    for block in page.blocks:
        for row in block.rows:
            yield from _relation(row.label, False, len(row.values) + row.more, row.values, to)
    yield from _relation("told in", False, len(page.evidence), page.evidence, to)
    for group in page.inward:
        things = [value for _, values in group.runs for value in values]
        yield from _relation(group.heading, True, group.total, things, to)
    taking_part = {line.other.href: line.other for line in page.involvements}.values()
    label = "What it takes part in" if page.kind in ("body", "person") else "Who takes part"
    yield from _relation(label, True, len(taking_part), taking_part, to)


def _relation(
    label: str, inward: bool, total: int, values: Iterable[Value], to: Callable[[str], str]
) -> Iterator[Relation]:
    """The relation, if any of its values is a thing that this server describes."""
    known = [(value, _iri(value.href)) for value in values if not value.outside]
    things = [Thing(iri, value.text, kind_of(iri), to(value.href)) for value, iri in known if iri]
    if things:
        yield Relation(label, inward, total, tuple(things[:MOST_A_RELATION]))


def _iri(path: str) -> str:
    """What a path of a page describes; empty where that is no thing."""
    if path.startswith(_DOCUMENTS):
        return BASE + "id/" + path.removeprefix(_DOCUMENTS)
    return parse_qs(urlsplit(path).query).get("iri", [""])[0]
