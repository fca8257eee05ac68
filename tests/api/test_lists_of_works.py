"""The lists of works: what the index says of them is what the engine would."""

from __future__ import annotations

import asyncio
import csv
import io
from pathlib import Path

import httpx
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from isogloss.api.list_specs import LISTS, PUBLICATIONS
from isogloss.api.listing import Listing, Window, listing
from isogloss.graph.search.finder import Finder
from isogloss.graph.search.index import write_index
from isogloss.graph.search.lists import WantedList
from isogloss.graph.snapshot import Snapshot
from isogloss.ontology.names import IG

from .conftest import CountingEngine

LIKELY = {
    "type": ["PublicationInForce", "WorkItem", "Guide", "InternationalStandard", "Edition", "Document"],
    "theme": ["edge-ai", "quantum-key-distribution", "multimedia-authenticity", "no-such-theme"],
    "status": ["in-force", "under-development", "superseded"],
    "publisher": ["itu", "iso", "iec", "ieee", "etsi", "itu-t"],
    "developer": ["itu-t-sg13", "iso-iec-jtc-1-sc-42", "itu-t-sg17"],
    "section": ["2025/10.3", "2025/2", "2025/box-5"],
    "q": ["AI", "quantum", "İ", "É", "y.38", "%", "'", "machine Learning", "\U0001f916"],
}
asked = st.dictionaries(st.sampled_from(sorted(LIKELY)), st.integers(0, 8), max_size=3).map(
    lambda chosen: {name: LIKELY[name][place % len(LIKELY[name])] for name, place in chosen.items()}
)


async def both(
    engine: CountingEngine, index: Finder, wanted: dict[str, str], window: Window
) -> tuple[Listing, Listing]:
    return (
        await listing(engine, PUBLICATIONS, wanted, window),
        await listing(engine, PUBLICATIONS, wanted, window, index),
    )


@given(wanted=asked, page=st.integers(1, 3))
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_index_lists_and_counts_what_the_engine_would(
    engine: CountingEngine, address: str, snapshot: Snapshot, wanted: dict[str, str], page: int
) -> None:
    by_engine, by_index = asyncio.run(both(engine, Finder(snapshot.index), wanted, Window(page)))
    assert by_index == by_engine


def test_the_whole_list_has_the_order_of_the_engine(
    engine: CountingEngine, address: str, snapshot: Snapshot
) -> None:
    wanted = {"publisher": "itu"}
    by_engine, by_index = asyncio.run(both(engine, Finder(snapshot.index), wanted, Window(1, 0)))
    assert by_index == by_engine
    assert by_index.total == len(by_index.items) > 100


def test_a_list_is_taken_away_whole_with_few_things_in_each_query(
    client: httpx.Client, engine: CountingEngine
) -> None:
    total = client.get("/publications.json").json()["total"]
    before = len(engine.asked)
    rows = list(csv.DictReader(io.StringIO(client.get("/publications.csv").text)))
    assert len(rows) == total > 1500
    assert all(row["type"] and row["status"] for row in rows)
    assert len({row["iri"] for row in rows}) == total
    assert (
        max(query.count("/id/publication/") // len(PUBLICATIONS.columns) for query in engine.asked[before:])
        <= 500
    )


def test_only_lists_of_works_are_read_off_the_index() -> None:
    assert [name for name, spec in LISTS.items() if spec.indexed] == ["publications"]


def test_an_index_without_lists_leaves_them_to_the_engine(tmp_path: Path) -> None:
    write_index(Store(), tmp_path / "index.db")
    assert Finder(tmp_path / "index.db").listed(WantedList(IG + "Publication"), ("class",)) is None


def test_editions_are_no_works_of_their_own(snapshot: Snapshot) -> None:
    found = Finder(snapshot.index).listed(WantedList(IG + "Edition"), ("class",))
    assert found is not None
    assert found.total == 0
