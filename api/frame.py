"""What surrounds every answer: HEAD and OPTIONS on every route, CORS, and the security headers of pages."""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

from starlette.datastructures import MutableHeaders
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, Mount
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from .addresses import relative

EXPOSED = (
    "Accept-Post, Allow, Content-Disposition, Content-Language, Content-Length, Content-Location, ETag, "
    "Last-Modified, Link, Location, Retry-After, Server-Timing, Vary, X-Total-Count"
)
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)


class Frame:
    """ASGI middleware around the whole application.

    HEAD is run as GET and its body dropped, so each route answers it with the very same headers. Anybody may
    read every answer from a script (`*`), and nobody's credentials are ever asked for.
    """

    def __init__(self, app: ASGIApp, routes: Iterable[BaseRoute]) -> None:
        self.app = app
        self.routes = routes

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        is_head = scope["method"] == "HEAD"

        async def framed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                add_headers(headers)
                if message["status"] == 307:
                    headers["Location"] = _without_host(scope, headers["Location"])
            elif is_head and message["type"] == "http.response.body":
                message = {**message, "body": b""}
            await send(message)

        if scope["method"] == "OPTIONS" and (allowed := self._allowed(scope)):
            await _options(scope, allowed)(scope, receive, framed)
        else:
            await self.app({**scope, "method": "GET"} if is_head else scope, receive, framed)

    def _allowed(self, scope: Scope) -> list[str]:
        methods: set[str] = set()
        for route in self.routes:
            probed = ("GET",) if isinstance(route, Mount) else ("GET", "POST")  # files take any for a match
            methods |= {each for each in probed if route.matches({**scope, "method": each})[0] is Match.FULL}
        if "GET" in methods:
            methods |= {"HEAD", "OPTIONS"}
        return sorted(methods)


def add_headers(headers: MutableHeaders) -> None:
    """Those that every answer has: for whom it is, and what a browser may make of it."""
    headers["Access-Control-Allow-Origin"] = "*"
    headers["Access-Control-Expose-Headers"] = EXPOSED
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "strict-origin-when-cross-origin"
    if headers.get("content-type", "").startswith("text/html"):
        headers.setdefault("Content-Security-Policy", CONTENT_SECURITY_POLICY)


def _without_host(scope: Scope, location: str) -> str:
    """Where Starlette leads on from a path with a slash too many, without the host that it takes for ours."""
    parts = urlsplit(location)
    path = parts.path.removeprefix(scope.get("root_path", "").rstrip("/"))
    return relative(scope, path) + (f"?{parts.query}" if parts.query else "")


def _options(scope: Scope, allowed: list[str]) -> Response:
    asked = dict(scope["headers"]).get(b"access-control-request-headers", b"").decode("latin-1")
    headers = {
        "Allow": ", ".join(allowed),
        "Access-Control-Allow-Methods": ", ".join(allowed),
        "Access-Control-Max-Age": "86400",
    }
    if asked:
        headers |= {"Access-Control-Allow-Headers": asked, "Vary": "Access-Control-Request-Headers"}
    return Response(status_code=204, headers=headers)
