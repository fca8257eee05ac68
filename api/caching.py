"""Validators: strong entity tags from the data's digest, and 304 before an engine is asked (RFC 9110, 13)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime, parsedate_to_datetime
from pathlib import Path

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response

_TAG = re.compile(r'(?:W/)?"[^"]*"')
_HERE = Path(__file__).parent
_CODE = (".py", ".html", ".css", ".js", ".svg")


@dataclass(frozen=True, slots=True)
class Validators:
    """The entity tag (quoted, empty if nothing may be kept) and the time of change of one representation."""

    etag: str
    modified: datetime

    def match(self, request: Request, *, there: bool = False) -> bool:
        """Whether the client already has this representation.

        Where nobody has looked yet whether there is such a thing (`there`), only its own tag can tell: a date
        or `*` may come with the address of what never was. `Conditional` weighs those against the answer.
        """
        if not self.etag or request.method not in ("GET", "HEAD"):
            return False
        return has(request.headers, self.etag, self.modified if there else None)

    def not_modified(self) -> Response:
        """The 304, with the validators that the 200 would have had."""
        return self.stamp(Response(status_code=304))

    def stamp(self, response: Response) -> Response:
        """Put the validators on a response."""
        if self.etag:
            response.headers["ETag"] = self.etag
            response.headers["Last-Modified"] = format_datetime(self.modified.astimezone(UTC), usegmt=True)
        response.headers.setdefault("Cache-Control", "public, max-age=0, must-revalidate")
        return response


def has(conditions: Headers, etag: str, modified: datetime | None) -> bool:
    """Whether a client with these conditions holds the representation with this tag and time of change.

    If-None-Match rules out If-Modified-Since; without a time neither a date nor `*` holds (RFC 9110, 13.1).
    """
    tags = ", ".join(conditions.getlist("if-none-match"))
    if tags.strip() == "*":
        return modified is not None
    if tags:
        return etag.removeprefix("W/") in {tag.removeprefix("W/") for tag in _TAG.findall(tags)}
    since = moment(conditions.get("if-modified-since"))
    return since is not None and modified is not None and modified.replace(microsecond=0) <= since


def validators(request: Request, digest: str, modified: datetime, *chosen: str) -> Validators:
    """Those of the representation of this URL that was `chosen` (media type, profile, language).

    `digest` covers data and code; where it is empty, no tag is given.
    """
    if not digest:
        return Validators("", modified)
    parts = (digest, request.url.path, request.url.query, *chosen)
    return Validators('"' + _hash("\0".join(parts).encode()) + '"', modified)


def code_digest(library: Iterable[object] = ()) -> str:
    """Names the faces' own code and the ready questions, so that a page changes its tag when they do."""
    told = hashlib.sha256("\0".join(map(repr, library)).encode())
    for path in _code():
        told.update(path.read_bytes())
    return told.hexdigest()[:16]


def code_changed() -> datetime:
    """When the faces' own code came here: no page is older, whatever it tells of."""
    return datetime.fromtimestamp(max(path.stat().st_mtime for path in _code()), UTC)


def _code() -> list[Path]:
    return sorted(path for path in _HERE.rglob("*") if path.suffix in _CODE)


def _hash(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:32]


def moment(field: str | None) -> datetime | None:
    """The time that a header field tells; None if it tells none."""
    if not field:
        return None
    try:
        told = parsedate_to_datetime(field)
    except ValueError:
        return None
    return told if told.tzinfo else told.replace(tzinfo=UTC)
