"""The data set about itself: DCAT and VoID, its named graphs, its dumps, and what crawlers look for."""

from __future__ import annotations

import json
from datetime import UTC
from xml.sax.saxutils import escape

import pyoxigraph as ox
from fastapi import APIRouter, Request
from pyoxigraph import Literal, NamedNode, Quad
from starlette.responses import FileResponse, PlainTextResponse, RedirectResponse, Response, StreamingResponse

from isogloss.errors import NotFound
from isogloss.graph.engine.base import Engine, QueryRequest
from isogloss.ontology.names import BASE, GRAPHS, ONTOLOGY, PREFIXES

from .addresses import path_of, public_base, relative
from .asking import number, rows, text
from .deps import Services, ServicesDep
from .documents import DATA_SET, LICENSE, serialise
from .linked_data import chosen_type, with_charset
from .negotiation import BY_SUFFIX, BY_TYPE, HTML, RDF_FORMATS, RDF_TYPES
from .overview import graph_counts
from .rendering import render

router = APIRouter(include_in_schema=False)

TITLE = "Isogloss: a knowledge graph of AI standards"
ABSTRACT = "Publications, bodies, themes, statements, events and terms of AI standardization, every fact traced to its source."
URLS_A_SITEMAP = 50_000  # sitemaps.org, limit of one file
DUMP = "isogloss.nq.gz"

_DEFAULT = ox.DefaultGraph()
_TYPE = NamedNode(PREFIXES["rdf"] + "type")


@router.get("/.well-known/void")
async def well_known(request: Request, services: ServicesDep) -> Response:
    """The description of the data set where VoID has clients look for it; RDF only."""
    return await _described(request, services, chosen_type(request, None, RDF_TYPES))


@router.get("/dataset")
async def about_dataset(request: Request, services: ServicesDep) -> Response:
    """The description of the data set, as a page or as RDF."""
    return await _described(request, services, chosen_type(request, request.query_params.get("_mediatype")))


@router.get("/dataset.{suffix}")
async def dataset_as(request: Request, services: ServicesDep, suffix: str) -> Response:
    """The description of the data set in the format of the suffix."""
    if suffix not in BY_SUFFIX:
        raise NotFound(f"The data set is not described as .{suffix}; there are: {', '.join(BY_SUFFIX)}.")
    return await _described(request, services, BY_SUFFIX[suffix].media_type)


@router.get("/graph/{name:path}")
async def named_graph(request: Request, name: str) -> Response:
    """A named graph is described with the data set that it is part of."""
    media_type = chosen_type(request, None)
    suffix = "" if media_type == HTML else "." + BY_TYPE[media_type].suffix
    response = RedirectResponse(
        relative(request.scope, f"/dataset{suffix}#graph-{name.replace('/', '-')}"), 303
    )
    response.headers.add_vary_header("Accept")
    return response


@router.get("/dumps/")
async def dumps(request: Request, services: ServicesDep) -> Response:
    """What can be taken away whole."""
    graphs = await graph_counts(services.engine)
    return services.validators(request, HTML).stamp(
        render(request, services, "dumps.html", graphs=_named(graphs), dump=DUMP, size=_size(services))
    )


@router.get("/dumps/{file:path}")
async def dump(request: Request, services: ServicesDep, file: str) -> Response:
    """All quads as gzipped N-Quads, or one named graph as Turtle or N-Triples."""
    if file == DUMP and services.snapshot is not None:
        return FileResponse(services.snapshot.dump, media_type="application/gzip", filename=DUMP)
    name, _, suffix = file.rpartition(".")
    if suffix not in ("ttl", "nt") or BASE + "graph/" + name not in await graph_counts(services.engine):
        raise NotFound(f"There is no dump {file}; /dumps/ lists them.")
    validators = services.validators(request, suffix)
    if validators.match(request):
        return validators.not_modified()
    graph = NamedNode(BASE + "graph/" + name)
    answer = await services.engine.query(
        QueryRequest(
            f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ GRAPH {graph} {{ ?s ?p ?o }} }}",
            (BY_SUFFIX[suffix].media_type,),
            trusted=True,
        )
    )
    return validators.stamp(StreamingResponse(answer.chunks, media_type=with_charset(answer.media_type)))


@router.get("/sitemap.xml")
async def sitemap(request: Request, services: ServicesDep) -> Response:
    """Every document, or an index of site maps where there are more than one may hold."""
    paths = await _documents(services.engine)
    parts = -(-len(paths) // URLS_A_SITEMAP)
    base = public_base(request, services.settings.public_url)
    if parts <= 1:
        return _urls(services, base, paths)
    day = services.modified.date().isoformat()
    entries = "".join(
        f"<sitemap><loc>{escape(base)}/sitemap-{part}.xml</loc><lastmod>{day}</lastmod></sitemap>\n"
        for part in range(1, parts + 1)
    )
    return _xml("sitemapindex", entries)


@router.get("/sitemap-{part}.xml")
async def sitemap_part(request: Request, services: ServicesDep, part: int) -> Response:
    """One part of a split site map; parts count from 1."""
    paths = await _documents(services.engine)
    chosen = paths[(part - 1) * URLS_A_SITEMAP : part * URLS_A_SITEMAP] if part > 0 else []
    if not chosen:
        raise NotFound(f"There is no part {part} of the site map.")
    return _urls(services, public_base(request, services.settings.public_url), chosen)


@router.get("/robots.txt")
async def robots(request: Request, services: ServicesDep) -> Response:
    """Crawlers may read every document, slowly; the query service is not for crawling."""
    base = public_base(request, services.settings.public_url)
    return PlainTextResponse(
        "User-agent: *\nCrawl-delay: 1\nDisallow: /sparql\nDisallow: /search\nDisallow: /api/\n"
        f"Sitemap: {base}/sitemap.xml\n"
    )


@router.get("/context.jsonld")
async def context(request: Request, services: ServicesDep) -> Response:
    """The prefixes of the graph as a JSON-LD context."""
    validators = services.validators(request)
    if validators.match(request):
        return validators.not_modified()
    body = json.dumps({"@context": {"@version": 1.1, **PREFIXES}}, indent=1) + "\n"
    return validators.stamp(Response(body, media_type="application/ld+json"))


async def _described(request: Request, services: Services, media_type: str) -> Response:
    validators = services.validators(request, media_type)
    if validators.match(request):
        response = validators.not_modified()
        response.headers.add_vary_header("Accept")
        return response
    graphs = await graph_counts(services.engine)
    classes = await _partition(
        services.engine, "SELECT ?it (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?it } GROUP BY ?it"
    )
    properties = await _partition(
        services.engine, "SELECT ?it (COUNT(*) AS ?n) WHERE { ?s ?it ?o } GROUP BY ?it"
    )
    if media_type == HTML:
        response = render(
            request,
            services,
            "dataset.html",
            graphs=_named(graphs),
            sources=services.snapshot.manifest.get("sources", {}) if services.snapshot else {},
            modified=services.modified,
            digest=services.engine.digest,
            classes=classes,
            properties=properties,
            title=TITLE,
            abstract=ABSTRACT,
            formats=RDF_FORMATS,
            license=LICENSE,
        )
    else:
        quads = [*_catalogue(request, services, graphs), *_partitions(classes, properties)]
        response = Response(serialise(quads, BY_TYPE[media_type]), media_type=with_charset(media_type))
    response.headers["Link"] = f'<{LICENSE}>; rel="license", <{DATA_SET}>; rel="cite-as"'
    response.headers.add_vary_header("Accept")
    return validators.stamp(response)


def _catalogue(request: Request, services: Services, graphs: dict[str, int]) -> list[Quad]:
    """The data set in DCAT 3, VoID and PROV, with its distributions at this server."""
    base = public_base(request, services.settings.public_url)
    it, rdf = NamedNode(DATA_SET), PREFIXES
    moment = Literal(
        services.modified.astimezone(UTC).isoformat(timespec="seconds"),
        datatype=NamedNode(rdf["xsd"] + "dateTime"),
    )
    told: list[tuple[NamedNode, str, NamedNode | Literal]] = [
        (it, rdf["rdf"] + "type", NamedNode(rdf["dcat"] + "Dataset")),
        (it, rdf["rdf"] + "type", NamedNode(rdf["void"] + "Dataset")),
        (it, rdf["dcterms"] + "title", Literal(TITLE, language="en")),
        (it, rdf["dcterms"] + "description", Literal(ABSTRACT, language="en")),
        (it, rdf["dcterms"] + "license", NamedNode(LICENSE)),
        (it, rdf["dcterms"] + "publisher", Literal("The Isogloss project")),
        (it, rdf["dcterms"] + "modified", moment),
        (it, rdf["dcterms"] + "conformsTo", NamedNode(ONTOLOGY)),
        (it, rdf["dcat"] + "landingPage", NamedNode(base + "/")),
        (it, rdf["void"] + "sparqlEndpoint", NamedNode(base + "/sparql")),
        (it, rdf["void"] + "uriSpace", Literal(BASE)),
        (it, rdf["void"] + "dataDump", NamedNode(f"{base}/dumps/{DUMP}")),
        (it, rdf["void"] + "triples", _integer(sum(graphs.values()))),
        (it, rdf["void"] + "vocabulary", NamedNode(ONTOLOGY)),
        (it, rdf["void"] + "exampleResource", NamedNode(BASE + "id/theme/quantum-key-distribution")),
    ]
    dump = NamedNode(DATA_SET + "#dump")
    told += [
        (it, rdf["dcat"] + "distribution", dump),
        (dump, rdf["rdf"] + "type", NamedNode(rdf["dcat"] + "Distribution")),
        (dump, rdf["dcat"] + "downloadURL", NamedNode(f"{base}/dumps/{DUMP}")),
        (
            dump,
            rdf["dcat"] + "mediaType",
            NamedNode("https://www.iana.org/assignments/media-types/application/n-quads"),
        ),
        (dump, rdf["dcterms"] + "license", NamedNode(LICENSE)),
    ]
    for name, count in graphs.items():
        told += [
            (it, rdf["void"] + "subset", NamedNode(name)),
            (NamedNode(name), rdf["rdf"] + "type", NamedNode(rdf["void"] + "Dataset")),
            (NamedNode(name), rdf["void"] + "triples", _integer(count)),
        ]
    return [Quad(subject, NamedNode(predicate), value, _DEFAULT) for subject, predicate, value in told]


def _partitions(classes: dict[str, int], properties: dict[str, int]) -> list[Quad]:
    void, quads = PREFIXES["void"], []
    for kind, of, counted, counts in (
        ("classPartition", "class", "entities", classes),
        ("propertyPartition", "property", "triples", properties),
    ):
        for place, (iri, count) in enumerate(counts.items()):
            part = NamedNode(f"{DATA_SET}#{of}-{place + 1}")
            quads += [
                Quad(NamedNode(DATA_SET), NamedNode(void + kind), part, _DEFAULT),
                Quad(part, NamedNode(void + of), NamedNode(iri), _DEFAULT),
                Quad(part, NamedNode(void + counted), _integer(count), _DEFAULT),
            ]
    return quads


async def _partition(engine: Engine, query: str) -> dict[str, int]:
    found = {text(row, "it"): number(row, "n") for row in await rows(engine, query)}
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


async def _documents(engine: Engine) -> list[str]:
    """The paths of all documents about things, in order."""
    found = await rows(
        engine,
        f'SELECT DISTINCT ?s WHERE {{ ?s a ?class FILTER(STRSTARTS(STR(?s), "{BASE}id/")) }} ORDER BY ?s',
    )
    return [path for row in found if (path := path_of(text(row, "s")))]


def _urls(services: Services, base: str, paths: list[str]) -> Response:
    day = services.modified.date().isoformat()
    entries = "".join(
        f"<url><loc>{escape(base + path)}</loc><lastmod>{day}</lastmod></url>\n" for path in paths
    )
    return _xml("urlset", entries)


def _xml(root: str, entries: str) -> Response:
    space = "http://www.sitemaps.org/schemas/sitemap/0.9"
    body = f'<?xml version="1.0" encoding="UTF-8"?>\n<{root} xmlns="{space}">\n{entries}</{root}>\n'
    return Response(body, media_type="application/xml")


def _named(graphs: dict[str, int]) -> list[tuple[str, str, int]]:
    """Name, IRI and size of each graph, in the order in which the design lists them."""
    names = {iri.removeprefix(BASE + "graph/"): (iri, count) for iri, count in graphs.items()}
    order = {name: place for place, name in enumerate(GRAPHS)}
    return [
        (name, *names[name]) for name in sorted(names, key=lambda name: (order.get(name, len(order)), name))
    ]


def _size(services: Services) -> int:
    return services.snapshot.dump.stat().st_size if services.snapshot else 0


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(PREFIXES["xsd"] + "integer"))
