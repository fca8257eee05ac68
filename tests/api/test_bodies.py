"""Rendered documents are kept within a bound, made once, and in the language that was asked for."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.api.app import create_app
from isogloss.api.bodies import OVERHEAD, Bodies, Body
from isogloss.graph.engine.embedded import EmbeddedEngine
from isogloss.graph.snapshot import Snapshot
from isogloss.ontology.names import BASE, PREFIXES
from isogloss.settings import Settings

from .conftest import CountingEngine
from .serving import serving

HTML = "text/html"


@given(st.lists(st.tuples(st.sampled_from("abcdef"), st.integers(0, 4000))), st.integers(0, 20_000))
def test_no_more_is_kept_than_the_bound(kept: list[tuple[str, int]], limit: int) -> None:
    bodies = Bodies(limit)
    for key, size in kept:
        bodies.keep(key, Body(b"x" * size, "text/plain"))
        assert bodies.size <= limit
    found = [body for key in "abcdef" if (body := bodies.get(key)) is not None]
    assert bodies.size == sum(body.size for body in found)


def test_what_was_asked_for_last_stays_the_longest() -> None:
    bodies = Bodies(8 * OVERHEAD)
    for key in "abcdefgh":
        bodies.keep(key, Body(b"", ""))
    assert bodies.get("a")
    bodies.keep("i", Body(b"", ""))
    assert bodies.get("a")
    assert bodies.get("b") is None


def test_what_many_ask_for_at_once_is_made_once() -> None:
    made: list[int] = []

    async def make() -> Body:
        made.append(1)
        await asyncio.sleep(0.01)
        return Body(b"made", "text/plain")

    async def ask() -> None:
        bodies = Bodies(0)
        first = asyncio.ensure_future(bodies.once("key", make))
        await asyncio.sleep(0)
        first.cancel()
        found = await asyncio.gather(*(bodies.once("key", make) for _ in range(20)))
        assert {body.content for body in found} == {b"made"}

    asyncio.run(ask())
    assert made == [1]


TWO_NAMES = f"""<{BASE}graph/test> {{
<{BASE}id/publication/two> <{PREFIXES["rdfs"]}label> "Two names"@en ;
  <{PREFIXES["dcterms"]}title> "Deux noms"@fr , "Two names"@en . }}"""


@pytest.fixture
def keeping(
    engine_over: Callable[[str], EmbeddedEngine], settings: Settings, snapshot: Snapshot
) -> Iterator[tuple[httpx.Client, CountingEngine]]:
    engine = CountingEngine(engine_over(TWO_NAMES))
    app = create_app(settings.model_copy(update={"answer_cache": 1 << 24}), engine, snapshot)
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client, engine


def test_a_document_that_was_rendered_costs_no_query(keeping: tuple[httpx.Client, CountingEngine]) -> None:
    client, engine = keeping
    for path in ("/doc/publication/two.ttl", "/doc/publication/two"):
        first = client.get(path, headers={"accept": HTML})
        asked = len(engine.asked)
        again = client.get(path, headers={"accept": HTML})
        assert len(engine.asked) == asked
        assert again.content == first.content
        same = {name: value for name, value in first.headers.items() if name != "date"}
        assert same == {name: value for name, value in again.headers.items() if name != "date"}


@pytest.mark.parametrize(
    ("wanted", "shown", "said"),
    [
        ("fr, en;q=0.5", '<h1 lang="fr">Deux noms</h1>', "en, fr"),
        ("fr-CA", '<h1 lang="fr">Deux noms</h1>', "en, fr"),
        ("ja, en;q=0.8, fr;q=0.1", "<h1>Two names</h1>", "en"),
        ("ja", "<h1>Two names</h1>", "en"),
        ("en-GB,fr;q=0.9", "<h1>Two names</h1>", "en"),
    ],
)
def test_a_page_is_in_the_first_language_that_there_is_and_says_so(
    keeping: tuple[httpx.Client, CountingEngine], wanted: str, shown: str, said: str
) -> None:
    client, _ = keeping
    for _ in range(2):  # rendered, then from memory
        answer = client.get("/doc/publication/two", headers={"accept": HTML, "accept-language": wanted})
        assert shown in answer.text
        assert answer.headers["content-language"] == said
        assert "Accept-Language" in answer.headers["vary"]
