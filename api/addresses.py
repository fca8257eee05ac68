"""Where things are found: our IRIs as paths of this server, and links that hold under any host and prefix."""

from __future__ import annotations

from urllib.parse import quote, urlencode

from starlette.requests import HTTPConnection
from starlette.types import Scope

from isogloss.ontology.names import BASE, IG

_PATH_SAFE = "/:@!$&'()*+,;=~-._%"
_THINGS = BASE + "id/"
_SERVED = ("graph/", "ontology", "dataset", "problems", "profiles", "doc/")


def thing_iri(kind: str, path: str) -> str:
    """The IRI of the thing that a request path names; characters that no IRI may hold are escaped."""
    return _THINGS + quote(f"{kind}/{path}", safe=_PATH_SAFE)


def document_iri(iri: str) -> str:
    """The IRI of the document about a thing (for other IRIs of ours: the IRI without its fragment)."""
    if iri.startswith(_THINGS):
        return BASE + "doc/" + iri.removeprefix(_THINGS)
    return iri.partition("#")[0]


def document_path(iri: str) -> str:
    """The path of the document about a thing, without suffix, the same however a client escaped it."""
    return "/" + document_iri(iri).removeprefix(BASE)


def kind_of(iri: str) -> str:
    """The kind of a thing of ours, read off its IRI; empty for anything else."""
    return iri.removeprefix(_THINGS).partition("/")[0] if iri.startswith(_THINGS) else ""


def slug_of(iri: str) -> str:
    """What follows the kind in the IRI of a thing of ours; empty for anything else."""
    return iri.removeprefix(_THINGS).partition("/")[2] if iri.startswith(_THINGS) else ""


def path_of(iri: str) -> str | None:
    """The path under which this server describes an IRI, or None if it is not one of ours."""
    if iri.startswith(_THINGS):
        return "/doc/" + iri.removeprefix(_THINGS)
    if iri.startswith(IG):
        return "/ontology#" + iri.removeprefix(IG)
    if iri == BASE:
        return "/"
    rest = iri.removeprefix(BASE)
    return "/" + rest if iri.startswith(BASE) and rest.startswith(_SERVED) else None


def route_path(scope: Scope) -> str:
    """The path of the request as it was sent (escapes kept), without the prefix that the server is under."""
    raw = scope.get("raw_path") or quote(scope["path"], safe=_PATH_SAFE).encode()
    path = raw.decode("latin-1").partition("?")[0]
    prefix = scope.get("root_path", "").rstrip("/")
    return path.removeprefix(prefix) if path.startswith(prefix + "/") else path


def relative(scope: Scope, path: str) -> str:
    """A reference from the requested URL to `path` (absolute within this server, query and fragment allowed).

    It holds whatever host and prefix a proxy puts in front, because it names neither.
    """
    ups = route_path(scope).count("/") - 1
    target = path.removeprefix("/")
    return "../" * ups + target if ups > 0 else "./" + target


def nearby(scope: Scope, path: str) -> str:
    """The shortest such reference, which leaves out what both share; for pages, which hold hundreds.

    >>> nearby({"path": "/doc/body/itu"}, "/doc/body/iso?page=2")
    'iso?page=2'
    """
    here = route_path(scope).split("/")[1:-1]
    there = path.partition("?")[0].partition("#")[0].split("/")[1:-1]
    shared = 0
    while shared < min(len(here), len(there)) and here[shared] == there[shared]:
        shared += 1
    short = "../" * (len(here) - shared) + path.split("/", shared + 1)[-1]
    return short if shared < len(here) or _stands_alone(short) else "./" + short


def _stands_alone(reference: str) -> bool:
    """Whether a reference without dots means a path: none of its kind begins as a URL or a path does."""
    return reference[:1] not in ("", "/", "?", "#") and ":" not in reference.partition("/")[0]


def with_query(path: str, **parameters: str | int | None) -> str:
    """`path` with those parameters that have a value."""
    given = {name: value for name, value in parameters.items() if value not in (None, "")}
    return path + ("?" + urlencode(given) if given else "")


def public_base(connection: HTTPConnection, public_url: str) -> str:
    """The absolute URL of this service, without a closing slash; for the few formats that need one."""
    if public_url:
        return public_url.rstrip("/")
    return str(connection.base_url).rstrip("/")
