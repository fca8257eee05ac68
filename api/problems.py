"""Errors as problem documents (RFC 9457): the one table from error class to status; no stack traces."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.responses import Response

from isogloss import errors
from isogloss.ontology.names import BASE

from .negotiation import HTML, preferred

PROBLEM_JSON = "application/problem+json"
PROBLEM_TYPES = BASE + "problems#"


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of problem: the name in its type IRI, the HTTP status, and what it means."""

    name: str
    status: int
    title: str
    meaning: str


BAD_REQUEST = Kind(
    "bad-request", 400, "The request is not right", "A parameter is missing, or its value cannot be read."
)
METHOD = Kind("method", 405, "Method not allowed", "`Allow` names the methods that can be used here.")
LONG_ADDRESS = Kind(
    "address-too-long", 414, "The address is too long", "Send a long query as the content of a POST."
)
LONG_FIELDS = Kind("fields-too-long", 431, "The header fields are too long", "Send fewer or shorter ones.")
CODING = Kind(
    "content-coding", 415, "The content is in a coding", "Send it as it is; a query is short enough."
)
PRECONDITION = Kind(
    "precondition", 412, "The precondition does not hold", "What `If-Match` names is not what there is now."
)
OLD_HTTP = Kind("http-version", 426, "HTTP/1.0 is too old for this answer", "Ask over HTTP/1.1.")
KINDS: dict[type[errors.IsoglossError], Kind] = {
    errors.IsoglossError: Kind(
        "failure",
        500,
        "The service failed",
        "Something went wrong inside; nothing that you sent is to blame.",
    ),
    errors.SnapshotError: Kind(
        "no-snapshot", 503, "There is no data to serve", "No snapshot has been built, or it cannot be opened."
    ),
    errors.QueryError: Kind("query", 400, "The query cannot be answered", "Ask it in another way."),
    errors.QuerySyntaxError: Kind(
        "query-syntax", 400, "The query does not parse", "Line and column, from 1, say where it goes wrong."
    ),
    errors.QueryRefused: Kind(
        "query-refused",
        403,
        "The query asks for what is not allowed",
        "Updates, LOAD, and SERVICE to places that are not on the list are refused wherever they stand; "
        "so are functions of an outside engine's own.",
    ),
    errors.QueryTimeout: Kind(
        "query-timeout", 503, "The query took too long", "It was stopped; narrow it, or ask for more time."
    ),
    errors.QueryTooLarge: Kind(
        "query-too-large",
        413,
        "The query or its answer is too large",
        "It is never cut silently: `cap` and `limit` name the bound; page with LIMIT and OFFSET.",
    ),
    errors.QueryOverMemory: Kind(
        "query-memory",
        503,
        "The query takes too much memory",
        "It was stopped; narrow it before you ask again.",
    ),
    errors.NotAcceptable: Kind(
        "not-acceptable",
        406,
        "No format that you accept",
        "`offered` lists the media types, or codings, there are.",
    ),
    errors.EngineError: Kind(
        "engine", 502, "The query engine failed", "The engine behind this service failed or is out of reach."
    ),
    errors.EngineBusy: Kind(
        "busy", 503, "The service is busy", "Every worker is taken; try again after the time in Retry-After."
    ),
    errors.NotFound: Kind(
        "not-found", 404, "There is no such thing", "`suggestions` are the nearest known ones."
    ),
    errors.Gone: Kind("gone", 410, "It has been withdrawn", "`suggestions` name what has replaced it."),
}
ALL_KINDS: tuple[Kind, ...] = (
    BAD_REQUEST, METHOD, LONG_ADDRESS, LONG_FIELDS, CODING, PRECONDITION, OLD_HTTP, *KINDS.values()
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """What went wrong, where, and what else is worth knowing (`details`, JSON members of their own)."""

    kind: Kind
    detail: str
    instance: str
    details: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def body(self) -> dict[str, Any]:
        """The members of the problem document (RFC 9457, 3.1 and 3.2)."""
        return {
            "type": PROBLEM_TYPES + self.kind.name,
            "title": self.kind.title,
            "status": self.kind.status,
            "detail": self.detail,
            "instance": self.instance,
            **self.details,
        }


class Refusal(Exception):
    """A request that HTTP itself refuses, for no error that this package knows beyond it."""

    def __init__(self, problem: Problem) -> None:
        self.problem = problem
        super().__init__(problem.detail)


ProblemPage = Callable[[Request, Problem], Response]


def kind_of(error: errors.IsoglossError) -> Kind:
    """The kind of an error: that of the nearest class in its method resolution order."""
    return next(KINDS[each] for each in type(error).__mro__ if each in KINDS)


def describe(error: errors.IsoglossError, instance: str) -> Problem:
    """The problem that an error of ours is, with every public field of it that has a value."""
    details = {name: value for name, value in vars(error).items() if value not in (None, ())}
    details.pop("message", None)
    return Problem(kind_of(error), str(error), instance, details, _headers(error))


def bad_request(parameter: str, what: str) -> RequestValidationError:
    """What to raise for a parameter whose value is well formed but makes no sense here."""
    return RequestValidationError([{"loc": ("query", parameter), "msg": what}])


def install(app: FastAPI, page: ProblemPage | None = None) -> None:
    """Answer every error of `app` with a problem document, or with `page` if the client reads HTML."""

    async def ours(request: Request, error: Exception) -> Response:
        assert isinstance(error, errors.IsoglossError)  # noqa: S101 - registered for this class alone
        return respond(request, describe(error, request.url.path), page)

    async def of_http(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
        return respond(request, _from_http(error, request.url.path), page)

    async def of_input(request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class alone
        return respond(request, _from_input(error, request.url.path), page)

    async def of_bugs(request: Request, _: Exception) -> Response:
        detail = "The service failed on this request; its log tells its keepers more."
        return respond(request, Problem(KINDS[errors.IsoglossError], detail, request.url.path), page)

    app.add_exception_handler(errors.IsoglossError, ours)
    app.add_exception_handler(HTTPException, of_http)
    app.add_exception_handler(RequestValidationError, of_input)
    app.add_exception_handler(HTTPStatus.INTERNAL_SERVER_ERROR, of_bugs)


def respond(request: Request, problem: Problem, page: ProblemPage | None = None) -> Response:
    """The problem in the form that the client can read: JSON, or a page for a browser."""
    wanted = preferred(request.headers.get("accept"), (PROBLEM_JSON, "application/json", HTML))
    if page is not None and wanted[:1] == (HTML,):
        response = page(request, problem)
    else:
        body = json.dumps(problem.body(), ensure_ascii=False, indent=1) + "\n"
        response = Response(body, problem.kind.status, media_type=PROBLEM_JSON)
    response.headers.update(problem.headers)
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.add_vary_header("Accept")
    return response


def _headers(error: errors.IsoglossError) -> dict[str, str]:
    if isinstance(error, errors.EngineBusy):
        return {"Retry-After": str(error.retry_after)}
    if isinstance(error, errors.QueryTimeout):
        return {"Retry-After": str(math.ceil(error.seconds))}
    if isinstance(error, errors.QueryOverMemory):
        return {"Retry-After": "60"}
    if isinstance(error, errors.Gone) and error.suggestions:
        return {"Link": ", ".join(f'<{iri}>; rel="successor-version"' for iri in error.suggestions)}
    return {}


def _from_http(error: HTTPException, instance: str) -> Problem:
    status = HTTPStatus(error.status_code)
    if status is HTTPStatus.NOT_FOUND:
        return Problem(KINDS[errors.NotFound], f"Nothing is served at {instance}.", instance)
    if status is HTTPStatus.BAD_REQUEST:
        return Problem(BAD_REQUEST, error.detail, instance)
    if status is HTTPStatus.METHOD_NOT_ALLOWED:
        return Problem(METHOD, error.detail, instance, headers=dict(error.headers or {}))
    kind = Kind(status.phrase.lower().replace(" ", "-"), status, status.phrase, status.description)
    return Problem(kind, error.detail, instance, headers=dict(error.headers or {}))


def _from_input(error: RequestValidationError, instance: str) -> Problem:
    faults = [
        {"where": ".".join(map(str, fault["loc"])), "what": str(fault["msg"])} for fault in error.errors()
    ]
    told = "; ".join(f"{fault['where']}: {fault['what']}" for fault in faults)
    return Problem(BAD_REQUEST, told, instance, {"faults": faults})
