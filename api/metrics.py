"""Figures about the service for those who keep it, in the form that Prometheus collects."""

from __future__ import annotations

from collections.abc import Iterator

from fastapi import APIRouter, Request
from prometheus_client import CollectorRegistry, Metric, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, InfoMetricFamily
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector
from starlette.responses import Response

from isogloss.graph.engine.base import Load, Measured

from .deps import Services, ServicesDep
from .sparql import SparqlEndpoint

router = APIRouter(include_in_schema=False)


@router.get("/metrics")
async def metrics(request: Request, services: ServicesDep) -> Response:
    """Counts since the start, and how things stand now; tells nothing of what is asked."""
    registry = CollectorRegistry()
    ProcessCollector(registry=registry)
    registry.register(_Figures(services, request.app.state.sparql))
    encode, media_type = choose_encoder(request.headers.get("accept", ""))
    response = Response(encode(registry), media_type=media_type, headers={"Cache-Control": "no-store"})
    response.headers.add_vary_header("Accept")
    return response


class _Figures(Collector):
    def __init__(self, services: Services, endpoint: SparqlEndpoint) -> None:
        self._services, self._endpoint = services, endpoint

    def collect(self) -> Iterator[Metric]:
        engine = self._services.engine
        yield from _of_data(self._services)
        yield from _of_requests(self._endpoint)
        yield from _of_queries(engine.load if isinstance(engine, Measured) else Load())


def _of_data(services: Services) -> Iterator[Metric]:
    told = {"digest": services.engine.digest}
    yield InfoMetricFamily(
        "isogloss_snapshot", "The data that is served; without a digest an outside engine's.", told
    )
    yield GaugeMetricFamily(
        "isogloss_snapshot_built_timestamp_seconds", "When it was built.", services.modified.timestamp()
    )


def _of_requests(endpoint: SparqlEndpoint) -> Iterator[Metric]:
    asked = CounterMetricFamily(
        "isogloss_sparql_requests",
        "Requests to /sparql by the status of the answer; gone: the client left, or the answer was cut off.",
        labels=["status"],
    )
    for status, count in sorted(endpoint.answered.items()):
        asked.add_metric([str(status or "gone")], count)
    yield asked
    yield CounterMetricFamily(
        "isogloss_sparql_kept_answers_given", "Answers that were given from memory.", endpoint.kept.hits
    )
    yield GaugeMetricFamily("isogloss_sparql_kept_answers_bytes", "Memory of answers.", endpoint.kept.size)


def _of_queries(load: Load) -> Iterator[Metric]:
    yield GaugeMetricFamily("isogloss_queries_running", "Queries that run now.", load.running)
    yield GaugeMetricFamily("isogloss_queries_waiting", "Queries that wait for their turn.", load.waiting)
    yield GaugeMetricFamily(
        "isogloss_worker_processes", "Processes that run queries, or could.", load.processes
    )
    yield GaugeMetricFamily("isogloss_worker_memory_bytes", "What they hold, as last looked at.", load.memory)
