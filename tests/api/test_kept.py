"""Finished answers leave again without anybody's work, as long as the data is the same."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Mount

from isogloss.api.kept import Kept, KeptAnswers
from isogloss.api.sparql import SparqlEndpoint, SparqlFirst
from isogloss.graph.engine.embedded import EmbeddedEngine
from tests.graph.engine.asked import EX, make_store, settings_with

from .conftest import CountingEngine
from .serving import serving

TEXT = f"SELECT ?s ?o {{ ?s <{EX}label> ?o }} ORDER BY ?s"


def kept(size: int) -> Kept:
    return Kept(b'"tag"', [], b"x" * size, 0)


def test_what_was_not_asked_for_longest_goes_first_and_the_bound_holds() -> None:
    answers = KeptAnswers(40_000)
    for number in range(12):
        answers.keep("d", number, kept(2000))
        answers.find("d", 0)
    assert answers.size <= 40_000
    assert answers.find("d", 0) is not None
    assert answers.find("d", 1) is None
    answers.keep("d", "large", kept(20_000))
    assert answers.find("d", "large") is None


def test_other_data_makes_every_answer_void() -> None:
    answers = KeptAnswers(40_000)
    answers.keep("old", "q", kept(10))
    assert answers.find("new", "q") is None
    answers.keep("new", "other", kept(10))
    assert answers.find("old", "q") is None


def test_the_same_request_is_answered_without_the_engine(tmp_path: Path) -> None:
    settings = settings_with(workers=1)
    engine = CountingEngine(EmbeddedEngine(make_store(tmp_path / "store"), digest="d", settings=settings))

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await engine.start()
        yield
        await engine.close()

    rest = Starlette(routes=[Mount("/", PlainTextResponse("else"))], lifespan=lifespan)
    app = SparqlFirst(rest, SparqlEndpoint(engine, memory=16 << 20))
    with serving(app) as address, httpx.Client(base_url=address) as client:

        def get(query: str = TEXT, **headers: str) -> httpx.Response:
            return client.get("/sparql", params={"query": query}, headers=headers)

        for coding in ("identity", "gzip", "br"):
            first, again = (get(**{"Accept-Encoding": coding}) for _ in range(2))
            assert again.content == first.content
            assert again.headers["etag"] == first.headers["etag"]
            assert again.headers["server-timing"] == "cache;desc=hit"
            assert again.headers.get("content-encoding") == first.headers.get("content-encoding")
        assert len(engine.asked) == 3
        tag = get(**{"Accept-Encoding": "gzip"}).headers["etag"]
        assert get(**{"Accept-Encoding": "gzip", "If-None-Match": tag}).status_code == 304
        assert (
            client.head("/sparql", params={"query": TEXT}, headers={"Accept-Encoding": "gzip"}).content == b""
        )
        assert len(engine.asked) == 3
        assert get(**{"Accept-Encoding": "gzip", "Accept": "text/csv"}).text.startswith("s,o")
        posts = [client.post("/sparql", data={"query": TEXT}) for _ in range(2)]
        assert posts[0].content == posts[1].content
        volatile = [get("SELECT (UUID() AS ?x) {}").text for _ in range(2)]
        assert volatile[0] != volatile[1]
