"""Things and their documents: one hop to the right format, and headers that say truly what came."""

from __future__ import annotations

from urllib.parse import urljoin

import httpx
import pyoxigraph as ox

from isogloss.ontology.names import BASE

from ..documents import PROFILES
from .accept import HTML, MATRIX, NONE, SUFFIXES, TTL
from .findings import Findings
from .site import Site

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
_PARSERS = {
    "ttl": ox.RdfFormat.TURTLE, "jsonld": ox.RdfFormat.JSON_LD, "json": ox.RdfFormat.JSON_LD,
    "nt": ox.RdfFormat.N_TRIPLES, "rdf": ox.RdfFormat.RDF_XML, "trig": ox.RdfFormat.TRIG,
    "nq": ox.RdfFormat.N_QUADS, "n3": ox.RdfFormat.N3,
}  # fmt: skip
_RELATIONS = ("canonical", "cite-as", "describes", "license", "collection", "describedby", "linkset", "type")


def check_thing(site: Site, thing: str, findings: Findings) -> None:
    """Everything that holds for one thing (kind/slug)."""
    for accept, due in MATRIX:
        _negotiation(site, thing, accept, due, findings)
    _formats(site, thing, findings)
    _head(site, f"/id/{thing}", findings)
    _redirect(site, thing, findings)
    for path in (f"/doc/{thing}", f"/doc/{thing}.ttl"):
        _head(site, path, findings)
        _conditions(site, path, findings)
    _headers(site, thing, findings)
    _profiles(site, thing, findings)


def _negotiation(site: Site, thing: str, accept: str, due: str, findings: Findings) -> None:
    asked = {"accept": accept}
    first, second = site.ask(f"/id/{thing}", asked), site.ask(f"/doc/{thing}", asked)
    said = f"/id/{thing} with “Accept: {accept}”"
    if due == NONE:
        for answer in (first, second):
            findings.expect("negotiation", answer.status_code == 406, f"{said} is {_told(answer)}, not 406")
        return
    if findings.expect("one hop", first.status_code == 303, f"{said} is {_told(first)}, not a 303"):
        suffix = "" if due == HTML else "." + next(s for s, name in SUFFIXES.items() if name == due)
        target = urljoin(str(first.url), first.headers.get("location", ""))
        wanted = f"{site.base}/doc/{thing}{suffix}"
        findings.expect("one hop", target == wanted, f"{said} leads to {target}, not to {wanted}")
    findings.expect(
        "negotiation",
        second.status_code == 200 and _type(second) == due,
        f"/doc/{thing} with “Accept: {accept}” is {_told(second)}, not {due}",
    )


def _formats(site: Site, thing: str, findings: Findings) -> None:
    """Every suffix answers in its format whatever the client accepts, and all say the same."""
    reference: set[ox.Triple] | None = None
    for suffix, due in SUFFIXES.items():
        answer = site.ask(f"/doc/{thing}.{suffix}", {"accept": "image/png"})
        said = f"/doc/{thing}.{suffix}"
        if not findings.expect(
            "suffixes",
            answer.status_code == 200 and _type(answer) == due,
            f"{said} is {_told(answer)}, not {due}",
        ):
            continue
        try:
            found = {quad.triple for quad in ox.parse(answer.content, _PARSERS[suffix], base_iri=BASE)}
        except (SyntaxError, ValueError) as error:
            findings.expect("suffixes", False, f"{said} cannot be read as {due}: {error}")
            continue
        reference = reference or found
        findings.expect("same facts", found == reference, f"{said} does not say what the other formats say")
        about = f"<{BASE}id/{thing}>"
        names = any(str(triple.subject) == about for triple in found)
        findings.expect("same facts", names, f"{said} says nothing of {about}")
    unknown = site.ask(f"/doc/{thing}.docx")
    findings.expect("suffixes", unknown.status_code == 404, f"/doc/{thing}.docx is {_told(unknown)}, not 404")


def _head(site: Site, path: str, findings: Findings) -> None:
    got, head = site.ask(path, {"accept": TTL}), site.ask(path, {"accept": TTL}, method="HEAD")
    findings.expect(
        "HEAD", head.status_code == got.status_code, f"HEAD {path} is {_told(head)}, GET {_told(got)}"
    )
    findings.expect("HEAD", not head.content, f"HEAD {path} has a body")
    for name in ("content-type", "etag", "vary", "link", "location"):
        same = head.headers.get(name) == got.headers.get(name)
        findings.expect("HEAD", same, f"HEAD and GET {path} differ in {name}")


def _conditions(site: Site, path: str, findings: Findings) -> None:
    first = site.ask(path, {"accept": TTL})
    tag, changed = first.headers.get("etag", ""), first.headers.get("last-modified", "")
    strong = findings.expect("conditions", tag.startswith('"'), f"{path} has no strong ETag but “{tag}”")
    if strong:
        for name, value in (("if-none-match", tag), ("if-none-match", f'"x", {tag}'), ("if-none-match", "*")):
            again = site.ask(path, {"accept": TTL, name: value})
            if value == "*" and again.status_code == 200:
                continue  # allowed: a server may have other representations in mind
            findings.expect("conditions", again.status_code == 304, f"{path} with {name}: {value} is not 304")
        other = site.ask(path, {"accept": TTL, "if-none-match": '"not this one"'})
        findings.expect("conditions", other.status_code == 200, f"{path} is {_told(other)} for a foreign tag")
    if findings.expect("conditions", changed, f"{path} has no Last-Modified"):
        again = site.ask(path, {"accept": TTL, "if-modified-since": changed})
        findings.expect("conditions", again.status_code == 304, f"{path} with if-modified-since is not 304")
        for name in ("etag", "content-location"):
            same = again.headers.get(name) == first.headers.get(name)
            findings.expect("conditions", same, f"the 304 of {path} does not repeat its {name}")


def _headers(site: Site, thing: str, findings: Findings) -> None:
    page = site.ask(f"/doc/{thing}", {"accept": BROWSER, "origin": "https://client.example"})
    said = f"/doc/{thing}"
    vary = {name.strip().lower() for name in page.headers.get("vary", "").split(",")}
    findings.expect(
        "headers", "accept" in vary, f"{said} does not vary by Accept, so a cache may mix formats"
    )
    open_to_all = page.headers.get("access-control-allow-origin") == "*"
    findings.expect("headers", open_to_all, f"{said} cannot be read by scripts of other sites (CORS)")
    credentials = "access-control-allow-credentials" not in page.headers
    findings.expect("headers", credentials, f"{said} asks scripts for credentials")
    exposed = page.headers.get("access-control-expose-headers", "")
    findings.expect("headers", "Link" in exposed, f"{said} hides its Link field from scripts")
    link = page.headers.get("link", "")
    for relation in _RELATIONS:
        findings.expect("signposting", f'rel="{relation}"' in link, f"{said} has no link “{relation}”")
    findings.expect("headers", page.headers.get("content-language"), f"{said} does not say its language")
    linkset = site.ask(f"/linkset/{thing}")
    good = linkset.status_code == 200 and _type(linkset) == "application/linkset+json"
    findings.expect("signposting", good, f"/linkset/{thing} is {_told(linkset)}")


def _profiles(site: Site, thing: str, findings: Findings) -> None:
    for profile in PROFILES:
        said = f"profile {profile.token} of {thing}"
        answer = site.ask(f"/doc/{thing}.nt?_profile={profile.token}")
        findings.expect("profiles", answer.status_code == 200, f"{said} is {_told(answer)}")
        named = f'<{profile.iri}>; rel="profile"' in answer.headers.get("link", "")
        findings.expect("profiles", named, f"{said} does not say which profile it is")
        asked = site.ask(f"/doc/{thing}.nt", {"accept-profile": f"<{profile.iri}>"})
        findings.expect("profiles", asked.content == answer.content, f"{said} does not heed Accept-Profile")
    nonsense = site.ask(f"/doc/{thing}?_mediatype=nonsense").status_code
    findings.expect("profiles", nonsense == 406, f"/doc/{thing}?_mediatype=nonsense is {nonsense}, not 406")
    by_name = site.ask(f"/doc/{thing}?_mediatype=application/ld%2Bjson", {"accept": "image/png"})
    named = _type(by_name) == "application/ld+json"
    findings.expect("profiles", named, f"/doc/{thing}?_mediatype= is {_told(by_name)}")


def _redirect(site: Site, thing: str, findings: Findings) -> None:
    """What the address asks for beside the thing goes along with the redirect."""
    for asked, due in (("_mediatype=html", HTML), ("_mediatype=nt&_profile=bare", SUFFIXES["nt"])):
        first = site.ask(f"/id/{thing}?{asked}", {"accept": "*/*"})
        second = site.ask(urljoin(str(first.url), first.headers.get("location", "")), {"accept": "*/*"})
        told = f"/id/{thing}?{asked} leads to {_told(second)}, not to {due}"
        findings.expect("one hop", _type(second) == due, told)
    profiled = 'profiles#bare>; rel="profile"' in second.headers.get("link", "")
    findings.expect("one hop", profiled, f"/id/{thing}?{asked} loses the profile")


def _type(answer: httpx.Response) -> str:
    return str(answer.headers.get("content-type", "").partition(";")[0].strip().lower())


def _told(answer: httpx.Response) -> str:
    return f"{answer.status_code} {_type(answer)}".strip()
