"""What crawlers look for: the site map of all documents, split where it must be, and robots.txt."""

from __future__ import annotations

import asyncio
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from isogloss.errors import NotFound
from isogloss.graph.statistics import read_documents
from isogloss.ontology.names import BASE

from .addresses import path_of, public_base
from .asking import rows, text
from .deps import Services, ServicesDep

router = APIRouter(include_in_schema=False)

URLS_A_SITEMAP = 50_000  # sitemaps.org, limit of one file


@router.get("/sitemap.xml")
async def sitemap(request: Request, services: ServicesDep) -> Response:
    """Every document, or an index of site maps where there are more than one may hold."""
    base = public_base(request, services.settings.public_url)
    validators = services.validators(request, base)
    if validators.match(request, there=True):
        return validators.not_modified()
    paths = await _documents(services)
    parts = -(-len(paths) // URLS_A_SITEMAP)
    if parts <= 1:
        return validators.stamp(_urls(services, base, paths))
    day = services.modified.date().isoformat()
    entries = "".join(
        f"<sitemap><loc>{escape(base)}/sitemap-{part}.xml</loc><lastmod>{day}</lastmod></sitemap>\n"
        for part in range(1, parts + 1)
    )
    return validators.stamp(_xml("sitemapindex", entries))


@router.get("/sitemap-{part}.xml")
async def sitemap_part(request: Request, services: ServicesDep, part: int) -> Response:
    """One part of a split site map; parts count from 1."""
    base = public_base(request, services.settings.public_url)
    validators = services.validators(request, base)
    if validators.match(request):
        return validators.not_modified()
    paths = await _documents(services)
    chosen = paths[(part - 1) * URLS_A_SITEMAP : part * URLS_A_SITEMAP] if part > 0 else []
    if not chosen:
        raise NotFound(f"There is no part {part} of the site map.")
    return validators.stamp(_urls(services, base, chosen))


@router.get("/robots.txt")
async def robots(request: Request, services: ServicesDep) -> Response:
    """Crawlers may read every document, slowly; the query service is not for crawling."""
    base = public_base(request, services.settings.public_url)
    told = PlainTextResponse(
        "User-agent: *\nCrawl-delay: 1\nDisallow: /sparql\nDisallow: /search\nDisallow: /api/\n"
        f"Sitemap: {base}/sitemap.xml\n"
    )
    return services.validators(request, base).stamp(told)


async def _documents(services: Services) -> list[str]:
    """The paths of all documents about things, in order: as the build wrote them, or as the engine says.

    What has a fragment is described in the document of what stands before it.
    """
    snapshot = services.snapshot
    if snapshot is not None and snapshot.digest == services.engine.digest and snapshot.documents.exists():
        iris = await asyncio.to_thread(read_documents, snapshot.documents)
    else:
        found = await rows(
            services.engine,
            f'SELECT DISTINCT ?s WHERE {{ ?s a ?class FILTER(STRSTARTS(STR(?s), "{BASE}id/")) }} ORDER BY ?s',
        )
        iris = [text(row, "s") for row in found]
    return [path for iri in iris if (path := path_of(iri)) and "#" not in path]


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
