"""The data set about itself: DCAT and VoID, its named graphs, its dumps, and what crawlers look for."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from fastapi import APIRouter, Request
from pyoxigraph import Literal, NamedNode
from starlette.responses import FileResponse, RedirectResponse, Response, StreamingResponse

from isogloss.errors import NotFound
from isogloss.graph.engine.base import QueryRequest
from isogloss.ontology.names import BASE, GRAPHS, PREFIXES, graph

from . import json_ld
from .addresses import public_base, relative, with_query
from .asking import iris, rows, text
from .bodies import Body
from .deps import Services, ServicesDep
from .documents import LICENSE, serialise
from .linked_data import chosen_type, script_safe, with_charset
from .negotiation import BY_SUFFIX, BY_TYPE, HTML, PLAIN, RDF_FORMATS, RDF_TYPES
from .provenance import provenance
from .rendering import render
from .signposting import data_set_links
from .statistics import Statistics, statistics, triples_of_graphs
from .void import ABSTRACT, DUMP, TITLE, NamedGraph, catalogue, linksets, partitions, structured

router = APIRouter(include_in_schema=False)

MOST_FILES = 20  # of one graph that the page names


@router.get("/.well-known/void")
async def well_known(request: Request, services: ServicesDep) -> Response:
    """The description of the data set where VoID has clients look for it; RDF only."""
    return await _described(
        request, services, chosen_type(request, _asked(request), (*RDF_TYPES, PLAIN.media_type))
    )


@router.get("/dataset")
async def about_dataset(request: Request, services: ServicesDep) -> Response:
    """The description of the data set, as a page or as RDF."""
    return await _described(request, services, chosen_type(request, _asked(request)))


@router.get("/dataset.{suffix}")
async def dataset_as(request: Request, services: ServicesDep, suffix: str) -> Response:
    """The description of the data set in the format of the suffix."""
    if suffix not in BY_SUFFIX:
        raise NotFound(f"The data set is not described as .{suffix}; there are: {', '.join(BY_SUFFIX)}.")
    return await _described(request, services, BY_SUFFIX[suffix].media_type)


@router.get("/graph/{name:path}")
async def named_graph(request: Request, services: ServicesDep, name: str) -> Response:
    """A named graph is described with the data set that it is part of."""
    known = await triples_of_graphs(services)
    if BASE + "graph/" + name not in known:
        raise NotFound(f"There is no named graph {name}.", tuple(known))
    asked = _asked(request)
    media_type = chosen_type(request, asked)
    page = with_query("/dataset", _mediatype="html" if asked else None)
    target = page if media_type == HTML else f"/dataset.{BY_TYPE[media_type].suffix}"
    response = RedirectResponse(relative(request.scope, f"{target}#graph-{name.replace('/', '-')}"), 303)
    response.headers.add_vary_header("Accept")
    return response


@router.get("/dumps/")
async def dumps(request: Request, services: ServicesDep) -> Response:
    """What can be taken away whole."""
    graphs = await triples_of_graphs(services)
    return services.validators(request, HTML).stamp(
        render(request, services, "dumps.html", graphs=_named(graphs), dump=DUMP, size=_size(services))
    )


@router.get("/dumps/{file:path}")
async def dump(request: Request, services: ServicesDep, file: str) -> Response:
    """All quads as gzipped N-Quads, or one named graph as Turtle or N-Triples."""
    if file == DUMP and services.snapshot is not None:
        whole = FileResponse(services.snapshot.dump, media_type="application/gzip", filename=DUMP)
        return services.validators(request).stamp(whole)
    name, _, suffix = file.rpartition(".")
    if suffix not in ("ttl", "nt") or BASE + "graph/" + name not in await triples_of_graphs(services):
        raise NotFound(f"There is no dump {file}; /dumps/ lists them.")
    validators = services.validators(request, suffix)
    if validators.match(request, there=True):
        return validators.not_modified()
    wanted = NamedNode(BASE + "graph/" + name)
    answer = await services.engine.query(
        QueryRequest(
            f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {wanted} {{ ?s ?p ?o }} }}",
            (BY_SUFFIX[suffix].media_type,),
            trusted=True,
        )
    )
    return validators.stamp(StreamingResponse(answer.chunks, media_type=with_charset(answer.media_type)))


@router.get("/context.jsonld")
async def context(request: Request, services: ServicesDep) -> Response:
    """The JSON-LD context: the prefixes of the graph, and short names for its properties."""
    validators = services.validators(request)
    if validators.match(request, there=True):
        return validators.not_modified()
    body = json.dumps({"@context": {"@version": 1.1, **json_ld.context()}}, indent=1) + "\n"
    return validators.stamp(Response(body, media_type="application/ld+json"))


def _asked(request: Request) -> str | None:
    return request.query_params.get("_mediatype")


async def _described(request: Request, services: Services, media_type: str) -> Response:
    base = public_base(request, services.settings.public_url)
    validators = services.validators(request, media_type, base)
    if validators.match(request, there=True):
        response = validators.not_modified()
    else:

        async def make() -> Body:
            return Body.of(await _rendered(request, services, media_type, base))

        response = validators.stamp((await services.bodies.once(validators.etag, make)).response())
    response.headers.add_vary_header("Accept")
    return response


async def _rendered(request: Request, services: Services, media_type: str, base: str) -> Response:
    counted = await statistics(services)
    parts = await _parts(services, counted.graphs)
    manifest = services.snapshot.manifest if services.snapshot else {}
    if media_type == HTML:
        response = _page(request, services, counted, parts, base)
    else:
        quads = [
            *catalogue(base, services.modified, parts, _size(services)),
            *partitions(counted.classes, counted.properties),
            *linksets(counted.links),
            *provenance(manifest, services.modified),
        ]
        response = Response(serialise(quads, BY_TYPE[media_type]), media_type=with_charset(media_type))
    files = [(f"/dumps/{quote(name)}.ttl", "text/turtle") for name, *_ in _named(counted.graphs)]
    links = data_set_links(request, [(f"/dumps/{DUMP}", "application/gzip"), *files])
    response.headers["Link"] = ", ".join(links)
    return response


async def _parts(services: Services, graphs: Mapping[str, int]) -> list[NamedGraph]:
    """The named graphs, each with the title and the licence that the build gave it."""
    names = [PREFIXES["dcterms"] + name for name in ("title", "license")]
    found = await rows(
        services.engine,
        f"SELECT ?it ?p ?o WHERE {{ GRAPH <{graph('meta')}> {{"
        f" VALUES ?it {{ {iris(graphs)} }} VALUES ?p {{ {iris(names)} }} ?it ?p ?o }} }} ORDER BY ?it ?p ?o",
    )
    told: dict[str, list[tuple[str, NamedNode | Literal]]] = {}
    for row in found:
        if isinstance(value := row["o"], (NamedNode, Literal)):
            told.setdefault(text(row, "it"), []).append((text(row, "p"), value))
    return [NamedGraph(iri, count, tuple(told.get(iri, ()))) for iri, count in graphs.items()]


def _page(
    request: Request, services: Services, counted: Statistics, parts: Sequence[NamedGraph], base: str
) -> Response:
    manifest = services.snapshot.manifest if services.snapshot else {}
    graphs = _named(counted.graphs)
    told = structured(base, services.modified, [name for name, *_ in graphs])
    return render(
        request,
        services,
        "dataset.html",
        graphs=graphs,
        titles={part.iri: part.title for part in parts},
        most_files=MOST_FILES,
        structured=script_safe(json.dumps(told)),
        sources=manifest.get("sources", {}),
        versions=manifest.get("versions", {}),
        modified=services.modified,
        digest=services.engine.digest,
        classes=counted.classes,
        properties=counted.properties,
        places=counted.places(),
        title=TITLE,
        abstract=ABSTRACT,
        formats=RDF_FORMATS,
        license=LICENSE,
    )


def _named(graphs: dict[str, int]) -> list[tuple[str, str, int]]:
    """Name, IRI and size of each graph, in the order in which the design lists them."""
    names = {iri.removeprefix(BASE + "graph/"): (iri, count) for iri, count in graphs.items()}
    order = {name: place for place, name in enumerate(GRAPHS)}
    return [
        (name, *names[name]) for name in sorted(names, key=lambda name: (order.get(name, len(order)), name))
    ]


def _size(services: Services) -> int:
    return services.snapshot.dump.stat().st_size if services.snapshot else 0
