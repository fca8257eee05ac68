"""The fixed places of a server: errors, descriptions, what crawlers read, and what proxies say of it."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

import pyoxigraph as ox

from isogloss.ontology.names import KINDS, PREFIXES

from .findings import Findings
from .site import Site

_LIARS = (
    {"x-forwarded-host": "evil.example"},
    {"x-forwarded-proto": "gopher"},
    {"x-forwarded-prefix": "//evil.example"},
    {"forwarded": 'host="evil.example";proto=https'},
)
# What a client may send with the address of what never was; a 304 would tell it that it has it.
_ANY_TIME = (("if-modified-since", "Tue, 01 Jan 2199 00:00:00 GMT"), ("if-none-match", "*"))
_FILES = (
    "/dumps/",
    "/dumps/isogloss.nq.gz",
    "/dumps/meta.ttl",
    "/sitemap.xml",
    "/robots.txt",
    "/context.jsonld",
)


def check_places(site: Site, findings: Findings) -> None:
    """Errors, the data set about itself, crawlers, and headers that a stranger forges."""
    _errors(site, findings)
    _descriptions(site, findings)
    _crawlers(site, findings)
    _files(site, findings)
    _liars(site, findings)


def check_proxied(site: Site, findings: Findings) -> None:
    """What holds behind a proxy that this server trusts, which says host, scheme and prefix."""
    told = {"x-forwarded-host": "data.example.org", "x-forwarded-proto": "https", "x-forwarded-prefix": "/kg"}
    standard = {"forwarded": 'for=192.0.2.1;host="data.example.org";proto=https', "x-forwarded-prefix": "/kg"}
    for headers in (told, standard):
        robots = site.ask("/robots.txt", headers).text
        due = "Sitemap: https://data.example.org/kg/sitemap.xml"
        findings.expect("proxies", due in robots, f"robots.txt behind a trusted proxy does not say “{due}”")
        first = site.ask("/id/body/itu", headers)
        seen = urljoin("https://data.example.org/kg/id/body/itu", first.headers.get("location", ""))
        inside = seen.startswith("https://data.example.org/kg/doc/body/itu")
        findings.expect("proxies", inside, f"behind a proxy /id/body/itu leads to {seen}")


def check_below(site: Site, thing: str, findings: Findings) -> None:
    """What holds under a prefix: redirects and the links of a page stay below it."""
    first = site.ask(f"/id/{thing}", {"accept": "text/html"})
    target = urljoin(str(first.url), first.headers.get("location", ""))
    below = target.startswith(site.base + "/")
    findings.expect("sub-paths", below, f"under {site.base} /id/{thing} leads out, to {target}")
    for place in (target, urljoin(site.base + "/", "web/isogloss.css")):
        answer = site.ask(place, {"accept": "text/html, text/css"})
        findings.expect("sub-paths", answer.status_code == 200, f"{place} is {answer.status_code}")


def _errors(site: Site, findings: Findings) -> None:
    for path, due in (
        ("/id/nokind/x", 404),
        ("/doc/nokind/x", 404),
        ("/doc/body/there-is-no-such-body", 404),
        ("/there/is/nothing/here", 404),
        ("/doc/body/itu.ttl?page=100000", 404),
        ("/ontology/99.99.99", 404),
        ("/sparql?query=SELECT", 400),
    ):
        answer = site.ask(path, {"accept": "application/json"})
        findings.expect("errors", answer.status_code == due, f"{path} is {answer.status_code}, not {due}")
        problem = answer.headers.get("content-type", "").startswith("application/problem+json")
        findings.expect("errors", problem, f"{path} does not tell its error as a problem document (RFC 9457)")
        findings.expect("errors", "Traceback" not in answer.text, f"{path} shows a stack trace")
        for name, value in _ANY_TIME:
            held = site.ask(path, {"accept": "application/json", name: value}).status_code
            findings.expect("errors", held == due, f"{path} is {held}, not {due}, to a client with {name}")
    for kind in KINDS:
        answer = site.ask(f"/doc/{kind}/no-such-thing-as-this")
        findings.expect("errors", answer.status_code == 404, f"an unknown {kind} is {answer.status_code}")


def _descriptions(site: Site, findings: Findings) -> None:
    for path in ("/.well-known/void", "/dataset", "/dataset.ttl"):
        answer = site.ask(path, {"accept": "text/turtle"})
        if not findings.expect("data set", answer.status_code == 200, f"{path} is {answer.status_code}"):
            continue
        try:
            found = {quad.predicate.value for quad in ox.parse(answer.content, ox.RdfFormat.TURTLE)}
        except (SyntaxError, ValueError) as error:
            findings.expect("data set", False, f"{path} is not the Turtle that was asked for: {error}")
            continue
        for name in ("dcterms:license", "void:sparqlEndpoint", "void:dataDump", "dcat:distribution",
                     "void:classPartition", "void:propertyPartition", "void:linkPredicate",
                     "prov:wasGeneratedBy"):  # fmt: skip
            prefix, _, local = name.partition(":")
            findings.expect("data set", PREFIXES[prefix] + local in found, f"{path} has no {name}")
    for path in ("/context.jsonld", "/dumps/", "/dumps/isogloss.nq.gz", "/changes.json", "/changes.atom",
                 "/health", "/ontology.ttl"):  # fmt: skip
        answer = site.ask(path, method="HEAD")
        findings.expect("data set", answer.status_code == 200, f"{path} is {answer.status_code}")


def _crawlers(site: Site, findings: Findings) -> None:
    robots = site.ask("/robots.txt").text
    places = [line.partition(":")[2].strip() for line in robots.splitlines() if line.startswith("Sitemap:")]
    findings.expect("crawlers", places, "robots.txt names no site map")
    findings.expect("crawlers", "Crawl-delay:" in robots, "robots.txt asks for no pause between requests")
    sitemap = site.ask("/sitemap.xml").text
    findings.expect("crawlers", "<lastmod>" in sitemap, "the site map has no dates")


def _files(site: Site, findings: Findings) -> None:
    """Who has the newest of what crawlers and mirrors fetch again and again need not have it once more."""
    for path in _FILES:
        tag = site.ask(path, method="HEAD").headers.get("etag", "")
        if findings.expect("conditions", tag, f"{path} has no ETag"):
            again = site.ask(path, {"if-none-match": tag}, method="HEAD").status_code
            findings.expect("conditions", again == 304, f"{path} with its own tag is {again}, not 304")


def _liars(site: Site, findings: Findings) -> None:
    """A stranger's forwarding headers are not believed (this checker is no trusted proxy)."""
    host = urlsplit(site.base).netloc
    for headers in _LIARS:
        for path in ("/id/body/itu", "/robots.txt", "/dataset.ttl"):
            answer = site.ask(path, headers)
            seen = answer.headers.get("location", "") + answer.headers.get("link", "") + answer.text
            taken = "evil.example" in seen or "gopher:" in seen
            findings.expect("proxies", not taken, f"{host}{path} believes a stranger who sends {headers}")
