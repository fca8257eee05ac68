"""/jskos: vocabularies, concepts, mappings and concordances as JSKOS Server answers them, for Cocoda.

Read only. Paging by `limit` and `offset`, with X-Total-Count and Link, as JSKOS Server documents it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, Query, Request
from starlette.responses import JSONResponse, Response

from isogloss.graph.exporters.jskos import CONTEXT, concepts, scheme
from isogloss.graph.search.finder import Wanted
from isogloss.mappings.text import normal
from isogloss.ontology.names import BASE, PREFIXES, thing

from .addresses import public_base
from .deps import Services, ServicesDep
from .mapping_rows import SET, MappingRow, mapping_rows
from .term_lists import vocabularies
from .terminologies import terminology
from .wanting import finder

router = APIRouter(prefix="/jskos")
Record = dict[str, Any]
Limit = Annotated[int, Query(ge=0, le=10_000)]  # Cocoda asks for as many, and JSKOS Server gives as many
Offset = Annotated[int, Query(ge=0, le=10**7)]
Uris = Annotated[str, Query(max_length=4000)]

_TERM, _VOCABULARY = f"{BASE}id/term/", f"{BASE}id/vocabulary/"
_SKOS = PREFIXES["skos"]
_MOST_URIS = 50
_PATHS = {
    "schemes": "voc", "top": "voc/top", "voc-concepts": "voc/concepts", "concepts": "concepts",
    "data": "data", "narrower": "concepts/narrower", "ancestors": "concepts/ancestors",
    "suggest": "concepts/suggest", "search": "concepts/search", "mappings": "mappings",
    "concordances": "concordances",
}  # fmt: skip


@router.get("/status")
async def status(request: Request, services: ServicesDep) -> Response:
    """Where what is, and that everything may be read and nothing written."""
    base = public_base(request, services.settings.public_url) + "/jskos/"
    read = {"read": {"auth": False}}
    config = {
        "env": "production", "baseUrl": base, "version": "2.1", "title": "Isogloss",
        "schemes": read, "concepts": read, "mappings": read | {"cardinality": "1-to-1"},
        "concordances": read, "annotations": None, "identityProviders": None, "identities": None,
    }  # fmt: skip
    where = {name: base + path for name, path in _PATHS.items()}
    return JSONResponse({"config": config, **where, "annotations": None, "types": None, "ok": 1})


@router.get("/voc")
async def schemes(
    request: Request, services: ServicesDep, uri: Uris = "", limit: Limit = 100, offset: Offset = 0
) -> Response:
    """The vocabularies as concept schemes."""
    known = await vocabularies(services.engine)
    asked = _several(uri)
    found = [
        {
            "@context": CONTEXT,
            "uri": thing("vocabulary", slug),
            "type": [_SKOS + "ConceptScheme"],
            "notation": [slug],
            "prefLabel": {"en": each.label},
            "languages": ["en"],
            "concepts": [None],
            "topConcepts": [None],
            "extent": str(each.terms),
        }
        for slug, each in known.items()
        if not asked or thing("vocabulary", slug) in asked
    ]
    return _page(request, services, found, limit, offset)


@router.get("/voc/top")
async def top(
    request: Request, services: ServicesDep, uri: Uris = "", limit: Limit = 100, offset: Offset = 0
) -> Response:
    """The concepts of a vocabulary that stand below no other."""
    found = [each for each in await _concepts_of(services, uri) if not each.get("broader")]
    return _page(request, services, found, limit, offset)


@router.get("/voc/concepts")
async def of_scheme(
    request: Request, services: ServicesDep, uri: Uris = "", limit: Limit = 100, offset: Offset = 0
) -> Response:
    """All concepts of a vocabulary."""
    return _page(request, services, await _concepts_of(services, uri), limit, offset)


@router.get("/concepts")
@router.get("/data")
async def data(
    request: Request, services: ServicesDep, uri: Uris = "", limit: Limit = 100, offset: Offset = 0
) -> Response:
    """The concepts and schemes with these URIs (`|` between them); what is not known is left out."""
    asked = _several(uri)
    found: list[Record] = []
    known = await vocabularies(services.engine)
    for slug in dict.fromkeys(_slug(each) for each in asked):
        if slug in known:
            told = await terminology(services.engine, slug)
            known_here = (scheme(told), *_with_narrower(concepts(told)))
            found += [each for each in known_here if each["uri"] in asked]
    return _page(request, services, found, limit, offset)


@router.get("/concepts/narrower")
async def narrower(
    request: Request, services: ServicesDep, uri: Uris = "", limit: Limit = 100, offset: Offset = 0
) -> Response:
    """What stands directly below a concept."""
    siblings = await _concepts_of(services, uri)
    found = [each for each in siblings if uri in {above["uri"] for above in each.get("broader", ())}]
    return _page(request, services, found, limit, offset)


@router.get("/concepts/ancestors")
async def ancestors(
    request: Request, services: ServicesDep, uri: Uris = "", limit: Limit = 100, offset: Offset = 0
) -> Response:
    """What stands above a concept, the nearest first."""
    by_uri = {each["uri"]: each for each in await _concepts_of(services, uri)}
    found: dict[str, Record] = {}
    waiting = [uri]
    while waiting:
        here = by_uri.get(waiting.pop(0), {})
        new = [a["uri"] for a in here.get("broader", ()) if a["uri"] not in found and a["uri"] in by_uri]
        found |= {each: by_uri[each] for each in new}
        waiting += new
    return _page(request, services, list(found.values()), limit, offset)


@router.get("/concepts/search")
async def search(  # noqa: PLR0913, PLR0917 - the parameters that JSKOS Server documents
    request: Request,
    services: ServicesDep,
    query: Annotated[str, Query(max_length=200)] = "",
    voc: Uris = "",
    limit: Limit = 100,
    offset: Offset = 0,
) -> Response:
    """Concepts by words, in one vocabulary or in all."""
    found = [
        {
            "uri": item.iri,
            "type": [_SKOS + "Concept"],
            "prefLabel": {"en": item.label},
            "inScheme": [{"uri": _VOCABULARY + _slug(item.iri)}],
            **({"scopeNote": {"en": [item.gloss]}} if item.gloss else {}),
        }
        for item in await _found(services, query, voc)
    ]
    return _page(request, services, found, limit, offset)


@router.get("/concepts/suggest")
async def suggest(
    services: ServicesDep,
    search: Annotated[str, Query(max_length=200)] = "",
    voc: Uris = "",
    limit: Limit = 100,
) -> Response:
    """Completions in the form of OpenSearch Suggestions."""
    items = (await _found(services, search, voc))[:limit]
    labels, uris = [item.label for item in items], [item.iri for item in items]
    return JSONResponse([search, labels, ["" for _ in items], uris])


@router.get("/mappings")
async def mappings(  # noqa: PLR0913, PLR0917 - the parameters that JSKOS Server documents
    request: Request,
    services: ServicesDep,
    from_: Annotated[str, Query(alias="from", max_length=4000)] = "",
    to: Uris = "",
    from_scheme: Annotated[str, Query(alias="fromScheme", max_length=4000)] = "",
    to_scheme: Annotated[str, Query(alias="toScheme", max_length=4000)] = "",
    part_of: Annotated[str, Query(alias="partOf", max_length=4000)] = "",
    identifier: Uris = "",
    type_: Annotated[str, Query(alias="type", max_length=4000)] = "",
    direction: Annotated[str, Query(pattern="^(forward|backward|both)$")] = "forward",
    mode: Annotated[str, Query(pattern="^(and|or)$")] = "and",
    limit: Limit = 100,
    offset: Offset = 0,
) -> Response:
    """Mappings by ends, vocabularies, concordance and type; not the denied, which JSKOS cannot tell."""
    ends = (_several(from_), _several(to), _several(from_scheme), _several(to_scheme))
    kept = [row for row in await _told(services) if _asked(row, ends, direction, mode)]
    wanted = _several(part_of), _several(identifier), _several(type_)
    found = [
        told
        for told in map(_mapping, kept)
        if (not wanted[0] or "any" in wanted[0] or told["partOf"][0]["uri"] in wanted[0])
        and (not wanted[1] or told["uri"] in wanted[1])
        and (not wanted[2] or told["type"][0] in wanted[2])
    ]
    return _page(request, services, found, limit, offset)


@router.get("/concordances")
async def concordances(
    request: Request, services: ServicesDep, uri: Uris = "", limit: Limit = 100, offset: Offset = 0
) -> Response:
    """The mapping sets, each from one vocabulary to another."""
    by_set: dict[str, list[MappingRow]] = {}
    for row in await _told(services):
        by_set.setdefault(row.set, []).append(row)
    asked = _several(uri)
    found = []
    for name, of_set in sorted(by_set.items()):
        one, _, other = name.partition("--")
        if not asked or SET + name in asked:
            found.append(
                {
                    "@context": CONTEXT,
                    "uri": SET + name,
                    "type": ["http://rdfs.org/ns/void#Linkset"],
                    "notation": [name],
                    "fromScheme": {"uri": _VOCABULARY + one, "notation": [one]},
                    "toScheme": {"uri": _VOCABULARY + other, "notation": [other]},
                    "extent": str(len(of_set)),
                }
            )
    return _page(request, services, found, limit, offset)


def _several(text: str) -> tuple[str, ...]:
    return tuple(part for part in text.split("|") if part)[:_MOST_URIS]


def _slug(uri: str) -> str:
    for base in (_TERM, _VOCABULARY):
        if uri.startswith(base):
            return uri.removeprefix(base).partition("/")[0]
    return ""


async def _concepts_of(services: Services, uri: str) -> list[Record]:
    """The concepts of the vocabulary that `uri` names or belongs to; none where there is no such."""
    slug = _slug(uri)
    if slug not in await vocabularies(services.engine):
        return []
    return _with_narrower(concepts(await terminology(services.engine, slug)))


def _with_narrower(found: list[Record]) -> list[Record]:
    """Whether anything stands below each: JSKOS says `[null]` for something, `[]` for nothing."""
    above = {broader["uri"] for each in found for broader in each.get("broader", ())}
    return [each | {"narrower": [None] if each["uri"] in above else []} for each in found]


async def _found(services: Services, words: str, voc: str) -> tuple[Any, ...]:
    if not words.strip():
        return ()
    facets = {"kind": ("term",)} | ({"vocabulary": (_slug(voc),)} if _slug(voc) else {})
    wanted = Wanted(words, facets, per_page=200)
    items = (await asyncio.to_thread(finder(services).search, wanted)).items
    return tuple(sorted(items, key=lambda item: _fit(item.label, words)))


def _fit(label: str, typed: str) -> tuple[int, int]:
    """How well a label completes what is typed, the smaller the better: as it is, as its beginning (the less
    it adds), as the beginning of a word in it.
    """
    name, begun = normal(label), " ".join(typed.lower().split())
    if begun in (name, label.lower()):
        return 0, 0
    if name.startswith(begun) or label.lower().startswith(begun):
        return 1, len(label)
    return 2 if f" {begun}" in f" {label.lower()}" else 3, 0


async def _told(services: Services) -> list[MappingRow]:
    return [row for row in await mapping_rows(services.engine) if can_be_told(row)]


def can_be_told(row: MappingRow) -> bool:
    """Whether JSKOS can say what the record says: a client would take a denial, an absence, or what was
    rejected or superseded, for a match.
    """
    return row.record.live and not row.record.negated and bool(row.other)


def _asked(row: MappingRow, ends: tuple[tuple[str, ...], ...], direction: str, mode: str) -> bool:
    """Whether a record has the ends that are asked for, in the direction that is."""
    record = row.record
    forth = (record.subject, row.subject_source), (record.object, row.object_source)
    ways = {"forward": [forth], "backward": [forth[::-1]], "both": [forth, forth[::-1]]}[direction]
    return any(_fits(way, ends, all if mode == "and" else any) for way in ways)


def _fits(
    way: tuple[tuple[str, str], tuple[str, str]],
    ends: tuple[tuple[str, ...], ...],
    together: Callable[[list[bool]], bool],
) -> bool:
    (one, source), (other, target) = way
    tests = [
        any(one == uri for uri in ends[0]) if ends[0] else None,
        any(other == uri for uri in ends[1]) if ends[1] else None,
        any(uri in (source, _VOCABULARY + source) for uri in ends[2]) if ends[2] else None,
        any(uri in (target, _VOCABULARY + target) for uri in ends[3]) if ends[3] else None,
    ]
    asked = [test for test in tests if test is not None]
    return not asked or together(asked)


def _mapping(row: MappingRow) -> Record:
    record = row.record
    told: Record = {
        "@context": CONTEXT,
        "uri": record.iri,
        "type": [_SKOS + record.predicate],
        "from": {"memberSet": [_member(record.subject, row.subject_label)]},
        "to": {"memberSet": [_member(record.object, row.object_label)]},
        "fromScheme": {"uri": _VOCABULARY + row.subject_source, "notation": [row.subject_source]},
        "toScheme": {"uri": _VOCABULARY + row.object_source, "notation": [row.object_source]},
        "partOf": [{"uri": SET + row.set}],
        "note": {"en": [f"status: {record.status}"]},
    }
    return told | ({"mappingRelevance": record.confidence} if record.confidence >= 0 else {})


def _member(uri: str, label: str) -> Record:
    return {"uri": uri, "prefLabel": {"en": label}, "inScheme": [{"uri": _VOCABULARY + _slug(uri)}]}


def _page(request: Request, services: Services, found: Sequence[Record], limit: int, offset: int) -> Response:
    """A window of the list, and where the next ones are."""
    base = public_base(request, services.settings.public_url) + request.url.path

    def to(start: int) -> str:
        url = request.url.include_query_params(limit=limit, offset=start)
        return f"<{base}?{url.query}>"

    links = [f'{to(0)}; rel="first"']
    if limit and offset > 0:
        links.append(f'{to(max(0, offset - limit))}; rel="prev"')
    if limit and offset + limit < len(found):
        links.append(f'{to(offset + limit)}; rel="next"')
    if limit:
        links.append(f'{to((max(len(found), 1) - 1) // limit * limit)}; rel="last"')
    response = JSONResponse(list(found[offset : offset + limit]))
    response.headers["X-Total-Count"] = str(len(found))
    response.headers["Link"] = ", ".join(links)
    return services.validators(request, "application/json").stamp(response)
