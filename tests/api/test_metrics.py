"""What the service tells its keepers in figures."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families

from isogloss.api.app import create_app
from isogloss.graph.engine.base import Engine, QueryRequest
from isogloss.graph.engine.embedded import EmbeddedEngine
from isogloss.settings import Settings

from .serving import serving

RUNAWAY = "SELECT (COUNT(*) AS ?n) { " + " ".join(f"?a{n} ?b{n} ?c{n} ." for n in range(9)) + " }"
DATA = "".join(f"<http://x/{n}> <http://x/next> <http://x/{n + 1}> .\n" for n in range(300))


@pytest.fixture
def served(engine_over: Callable[[str], Engine]) -> Iterator[httpx.Client]:
    """A server of its own over a few triples, so that nobody else's requests are counted."""
    settings = Settings.model_validate({"workers": 1, "answer_cache": 1 << 20})
    with ExitStack() as open_ones:
        address = open_ones.enter_context(serving(create_app(settings, engine_over(DATA), None)))
        yield open_ones.enter_context(httpx.Client(base_url=address, timeout=30))


def figures(client: httpx.Client) -> dict[str, float]:
    response = client.get("/metrics")
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("text/plain; version=")
    return {
        sample.name
        + "".join(f" {value}" for name, value in sample.labels.items() if name == "status"): sample.value
        for family in text_string_to_metric_families(response.text)
        for sample in family.samples
    }


def test_requests_are_counted_by_how_they_were_answered(served: httpx.Client) -> None:
    for text in ("ASK {}", "ASK {}", "ASK {", "CLEAR ALL", RUNAWAY):
        served.get("/sparql", params={"query": text, "timeout": "1"})
    served.put("/sparql")
    served.get("/sparql", headers={"Accept": "text/html"})
    told = figures(served)
    by_status = {name.split()[1]: count for name, count in told.items() if "_requests_total" in name}
    assert by_status == {"200": 3, "400": 1, "403": 1, "405": 1, "503": 1}
    assert told["isogloss_sparql_kept_answers_given_total"] == 1
    assert told["isogloss_sparql_kept_answers_bytes"] > 0


def test_a_client_that_leaves_is_counted_apart(served: httpx.Client) -> None:
    with pytest.raises(httpx.ReadTimeout):
        served.get("/sparql", params={"query": RUNAWAY}, timeout=0.5)
    for _ in range(100):
        if "isogloss_sparql_requests_total gone" in (told := figures(served)):
            break
    assert told["isogloss_sparql_requests_total gone"] == 1


def test_processes_and_data_are_told(served: httpx.Client) -> None:
    told = figures(served)
    assert told["isogloss_worker_processes"] >= 1
    assert told["isogloss_queries_running"] == told["isogloss_queries_waiting"] == 0
    assert told["isogloss_snapshot_built_timestamp_seconds"] > 0


def test_what_runs_and_what_waits_is_told(engine_over: Callable[[str], EmbeddedEngine]) -> None:
    async def scene() -> tuple[int, int]:
        async with engine_over(DATA) as engine:
            asked = [QueryRequest(f"# {n}\n{RUNAWAY}", client=str(n), timeout=60) for n in range(12)]
            tasks = [asyncio.create_task(engine.query(each)) for each in asked]
            for _ in range(200):
                await asyncio.sleep(0.05)
                if sum(engine.load[:2]) == len(tasks) and engine.load.running:
                    break
            load = engine.load
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
        return load.running, load.waiting

    running, waiting = asyncio.run(scene())
    assert running > 0
    assert running + waiting == 12


def test_every_figure_is_told_to_the_operator(served: httpx.Client) -> None:
    served.get("/sparql", params={"query": "ASK {}"})
    told = (Path(__file__).parents[2] / "docs" / "operator.md").read_text(encoding="utf-8")
    ours = {name.split()[0] for name in figures(served) if name.startswith("isogloss_")}
    assert set(re.findall(r"`(isogloss_\w+)`", told)) == ours


def test_openmetrics_is_given_to_who_asks_for_it(client: httpx.Client) -> None:
    response = client.get("/metrics", headers={"Accept": "application/openmetrics-text; version=1.0.0"})
    assert response.headers["content-type"].startswith("application/openmetrics-text")
    assert response.text.endswith("# EOF\n")
    assert "Accept" in response.headers["vary"]
