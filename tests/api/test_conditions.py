"""Who has the newest is told so; who asks for what is not there is told that, whatever the conditions."""

from __future__ import annotations

from collections.abc import Callable
from email.utils import parsedate_to_datetime

import httpx
import pytest

from isogloss.api.app import create_app
from isogloss.api.caching import code_changed
from isogloss.graph.engine.base import Engine
from isogloss.graph.snapshot import Snapshot
from isogloss.queries.library import load_library
from isogloss.settings import Settings

from .conftest import CountingEngine
from .serving import serving

PAGE = {"accept": "text/html, */*;q=0.5", "accept-encoding": "identity"}
LATER = {"if-modified-since": "Tue, 01 Jan 2199 00:00:00 GMT"}
ANY = {"if-none-match": "*"}
THERE = [
    "/doc/body/itu", "/doc/body/itu.ttl?page=2", "/linkset/body/itu", "/changes", "/changes.atom", "/dumps/",
    "/dumps/isogloss.nq.gz", "/dumps/meta.ttl", "/profiles", "/problems", "/sitemap.xml", "/robots.txt",
    "/context.jsonld", "/dataset.ttl", "/search?q=bias", "/queries", "/api/queries",
]  # fmt: skip
NOT_THERE = [
    "/doc/body/nobody", "/doc/body/nobody.ttl", "/doc/body/itu?page=999", "/linkset/body/nobody",
    "/changes?page=999", "/publications?page=9999", "/mappings/nothing", "/vocabularies/nothing.ttl",
    "/catalogue?page=9999", "/sitemap-99.xml", "/graph/nothing",
]  # fmt: skip


@pytest.mark.parametrize("path", THERE)
def test_whoever_has_it_is_told_that_it_is_unchanged(client: httpx.Client, path: str) -> None:
    first = client.get(path, headers=PAGE)
    assert first.status_code == 200
    dated = {"if-modified-since": first.headers["last-modified"]}
    for conditions in ({"if-none-match": first.headers["etag"]}, dated, LATER, ANY):
        again = client.get(path, headers={**PAGE, **conditions})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        assert again.headers.get("vary") == first.headers.get("vary")
        assert "content-type" not in again.headers
    for conditions in ({"if-none-match": '"other"', **LATER}, {"if-modified-since": "yesterday"}):
        assert client.head(path, headers={**PAGE, **conditions}).status_code == 200


@pytest.mark.parametrize("coding", ["gzip", "br", "zstd", "identity"])
@pytest.mark.parametrize(
    "path", ["/doc/body/itu", "/doc/person/seizo-onoe.nt?_profile=bare", "/dumps/meta.ttl", "/robots.txt"]
)
def test_a_date_brings_the_tag_of_what_would_have_come_in_that_coding(
    client: httpx.Client, path: str, coding: str
) -> None:
    """Also where the answer is too small to be packed, or comes piece by piece."""
    asked = {"accept": "*/*", "accept-encoding": coding}
    whole = client.get(path, headers=asked)
    for conditions in (LATER, ANY, {"if-none-match": whole.headers["etag"]}):
        held = client.get(path, headers={**asked, **conditions})
        assert held.status_code == 304
        for name in ("etag", "vary", "content-location", "last-modified", "cache-control"):
            assert held.headers.get(name) == whole.headers.get(name)


def test_no_page_is_older_than_the_code_that_makes_it(
    snapshot: Snapshot, settings: Settings, another_engine: Callable[[], Engine]
) -> None:
    app = create_app(settings, another_engine(), snapshot)
    with serving(app) as address:
        told = parsedate_to_datetime(httpx.head(f"{address}/themes").headers["last-modified"])
    services = app.state.services
    assert told == max(services.modified, services.code_changed).replace(microsecond=0)
    assert services.code_changed <= code_changed()


@pytest.mark.parametrize("path", NOT_THERE)
@pytest.mark.parametrize("conditions", [LATER, ANY], ids=["date", "star"])
def test_what_is_not_there_is_never_unchanged(
    client: httpx.Client, path: str, conditions: dict[str, str]
) -> None:
    assert client.get(path, headers=conditions).status_code == 404


def test_what_was_withdrawn_is_gone_whatever_date_the_client_tells(client: httpx.Client) -> None:
    assert client.get("/doc/publication/pren-iso-iec-23282", headers=LATER).status_code == 410


def test_a_thing_that_is_there_is_found_unchanged_without_the_engine(
    client: httpx.Client, engine: CountingEngine
) -> None:
    client.get("/doc/body/itu", headers=LATER)  # looks up once which things there are
    asked = len(engine.asked)
    for thing in ("body/itu", "term/iso-iec-22989-2022/ai-system", "section/2025/22.4"):
        assert client.get(f"/doc/{thing}", headers=LATER).status_code == 304
    assert len(engine.asked) == asked


def test_without_a_list_of_things_the_engine_tells(
    engine_over: Callable[[str], Engine], settings: Settings, snapshot: Snapshot
) -> None:
    """As behind an outside engine, whose data is not that of the snapshot."""
    thing = '<https://w3id.org/isogloss/id/body/one> <http://www.w3.org/2000/01/rdf-schema#label> "One" .'
    with serving(create_app(settings, engine_over(thing), snapshot)) as address:
        assert httpx.get(f"{address}/doc/body/one", headers=LATER).status_code == 304
        assert httpx.get(f"{address}/doc/body/itu", headers=LATER).status_code == 404


def test_an_answer_changes_its_tag_when_a_ready_question_does(
    snapshot: Snapshot, settings: Settings, another_engine: Callable[[], Engine]
) -> None:
    whole = load_library()
    tags = set()
    for library in (whole, whole, dict(list(whole.items())[:3])):
        with serving(create_app(settings, another_engine(), snapshot, library)) as address:
            tags.add(httpx.head(f"{address}/queries").headers["etag"])
    assert len(tags) == 2
