"""Every error, ours or not, is one problem document: what was wrong and where, nothing of the inside."""

from __future__ import annotations

import inspect
from collections.abc import Iterator

import httpx
import pytest
from fastapi import FastAPI
from starlette.responses import Response

from isogloss import errors
from isogloss.api import problems

from .serving import serving

FAILURES: dict[str, errors.IsoglossError] = {
    "syntax": errors.QuerySyntaxError("expected a variable", line=2, column=7, token="FRM"),  # noqa: S106
    "refused": errors.QueryRefused("no updates here", line=1, column=1, token="DROP"),  # noqa: S106
    "timeout": errors.QueryTimeout("stopped after 2.5 s", seconds=2.5),
    "large": errors.QueryTooLarge("more rows than the cap", cap="RESULT_ROWS", limit=10),
    "format": errors.NotAcceptable("no such format", offered=("text/turtle",)),
    "busy": errors.EngineBusy("the queue is full", retry_after=3),
    "engine": errors.EngineError("the engine went away"),
    "missing": errors.NotFound("no such body", ("https://w3id.org/isogloss/id/body/itu",)),
    "gone": errors.Gone("withdrawn", ("https://w3id.org/isogloss/id/body/itu",)),
    "snapshot": errors.SnapshotError("nothing built yet"),
}


@pytest.fixture(scope="module")
def client() -> Iterator[httpx.Client]:
    app = FastAPI()

    def page(request: object, problem: problems.Problem) -> Response:
        return Response(f"<p>{problem.detail}", problem.kind.status, media_type="text/html")

    problems.install(app, page)

    @app.get("/fail/{name}")
    def fail(name: str) -> None:
        raise FAILURES[name]

    @app.get("/number/{value}")
    def number(value: int) -> int:
        return value

    # After a 500 the server closes the connection, so none is kept for the next request.
    limits = httpx.Limits(max_keepalive_connections=0)
    with serving(app) as address, httpx.Client(base_url=address, limits=limits) as client:
        yield client


@pytest.mark.parametrize(
    ("name", "status", "details"),
    [
        ("syntax", 400, {"line": 2, "column": 7, "token": "FRM"}),
        ("refused", 403, {"line": 1, "column": 1, "token": "DROP"}),
        ("timeout", 503, {"seconds": 2.5}),
        ("large", 413, {"cap": "RESULT_ROWS", "limit": 10}),
        ("format", 406, {"offered": ["text/turtle"]}),
        ("busy", 503, {"retry_after": 3}),
        ("engine", 502, {}),
        ("missing", 404, {"suggestions": ["https://w3id.org/isogloss/id/body/itu"]}),
        ("gone", 410, {"suggestions": ["https://w3id.org/isogloss/id/body/itu"]}),
        ("snapshot", 503, {}),
    ],
)
def test_an_error_becomes_a_problem_with_its_status_and_details(
    client: httpx.Client, name: str, status: int, details: dict[str, object]
) -> None:
    answer = client.get(f"/fail/{name}")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    body = answer.json()
    assert set(body) == {"type", "title", "status", "detail", "instance"} | set(details)
    assert body["status"] == status
    assert body["detail"] == str(FAILURES[name])
    assert body["instance"] == f"/fail/{name}"
    assert {key: body[key] for key in details} == details


def test_a_client_that_can_come_back_later_is_told_when(client: httpx.Client) -> None:
    assert client.get("/fail/busy").headers["retry-after"] == "3"
    assert client.get("/fail/timeout").headers["retry-after"] == "3"


def test_a_bug_of_ours_is_a_plain_500_that_tells_nothing_of_the_code(client: httpx.Client) -> None:
    answer = client.get("/fail/no-such-failure")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "KeyError" not in answer.text
    assert "Traceback" not in answer.text


def test_wrong_input_says_which_parameter_is_wrong(client: httpx.Client) -> None:
    answer = client.get("/number/seven")
    assert answer.status_code == 400
    assert answer.json()["faults"][0]["where"] == "path.value"


def test_unknown_paths_and_methods_are_problems_too(client: httpx.Client) -> None:
    assert client.get("/nowhere").json()["type"].endswith("problems#not-found")
    wrong_method = client.post("/number/1")
    assert wrong_method.status_code == 405
    assert wrong_method.headers["allow"] == "GET"
    assert wrong_method.json()["status"] == 405


def test_a_browser_gets_a_page_and_a_program_gets_json(client: httpx.Client) -> None:
    assert client.get("/fail/gone", headers={"accept": "text/html,*/*;q=0.8"}).text == "<p>withdrawn"
    for accept in ("*/*", "application/json", "text/turtle", "image/png"):
        answer = client.get("/fail/gone", headers={"accept": accept})
        assert answer.headers["content-type"] == "application/problem+json"
        assert "Accept" in answer.headers["vary"]


def test_every_error_class_of_ours_has_a_kind() -> None:
    classes = [
        each for _, each in inspect.getmembers(errors, inspect.isclass) if each.__module__ == errors.__name__
    ]
    for each in classes:
        assert any(parent in problems.KINDS for parent in each.__mro__), each


def test_names_of_kinds_are_used_once() -> None:
    names = [kind.name for kind in problems.KINDS.values()]
    assert len(names) == len(set(names))
