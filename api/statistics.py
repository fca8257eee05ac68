"""Counts over the whole data set, made once a snapshot: classes, properties, links to elsewhere.

Our own builds count while they fill the store; of other data the engine is asked.
"""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass
from urllib.parse import urlsplit

from isogloss.graph.engine.base import Engine
from isogloss.ontology.names import BASE, IG, PREFIXES, graph

from .asking import number, rows, text
from .bodies import Body
from .deps import Services
from .overview import class_counts, graph_counts


@dataclass(frozen=True, slots=True)
class Statistics:
    """Counts by IRI, largest first; `links` by property and the place (scheme and host) that it leads to."""

    graphs: dict[str, int]
    classes: dict[str, int]
    properties: dict[str, int]
    links: dict[tuple[str, str], int]

    def places(self) -> dict[str, int]:
        """Links by place alone, most first."""
        counts: Counter[str] = Counter()
        for (_, place), count in self.links.items():
            counts[place] += count
        return dict(counts.most_common())


async def statistics(services: Services) -> Statistics:
    """The statistics of what is served, from memory where they were made before."""

    if (sealed := _sealed(services)) is not None:
        return sealed

    async def make() -> Body:
        return Body(json.dumps(await _counted(services.engine)).encode(), "application/json")

    body = await services.bodies.once(f"statistics {services.engine.digest}", make)
    graphs, classes, properties, links = json.loads(body.content)
    return Statistics(graphs, classes, properties, {(p, place): count for p, place, count in links})


async def classes_of_ours(services: Services) -> dict[str, int]:
    """How many things there are of each class of ours, by the class's local name."""
    if (sealed := _sealed(services)) is not None:
        return {iri.removeprefix(IG): count for iri, count in sealed.classes.items() if iri.startswith(IG)}
    return await class_counts(services.engine)


async def triples_of_graphs(services: Services) -> dict[str, int]:
    """Triples a named graph, by its IRI."""
    sealed = _sealed(services)
    return sealed.graphs if sealed is not None else await graph_counts(services.engine)


def _sealed(services: Services) -> Statistics | None:
    """What the build counted, where the engine answers from that very build."""
    snapshot = services.snapshot
    if snapshot is None or snapshot.digest != services.engine.digest:
        return None
    if (counted := snapshot.manifest.get("statistics")) is None:
        return None
    graphs = {graph(name): count for name, count in sorted(snapshot.manifest["counts"].items())}
    links = {(prop, place): count for prop, place, count in counted["links"]}
    return Statistics(graphs, counted["classes"], counted["properties"], links)


async def _counted(engine: Engine) -> list[object]:
    classes = "SELECT ?it (COUNT(DISTINCT ?s) AS ?n) WHERE { ?s a ?it } GROUP BY ?it"
    properties = "SELECT ?it (COUNT(*) AS ?n) WHERE { ?s ?it ?o } GROUP BY ?it"
    return [
        await graph_counts(engine),
        await _partition(engine, classes),
        await _partition(engine, properties),
        await _links(engine),
    ]


async def _partition(engine: Engine, query: str) -> dict[str, int]:
    found = {text(row, "it"): number(row, "n") for row in await rows(engine, query)}
    return dict(sorted(found.items(), key=lambda item: (-item[1], item[0])))


async def _links(engine: Engine) -> list[tuple[str, str, int]]:
    """Classes are no things to link to, so rdf:type is left out."""
    query = f"""
SELECT ?p ?place (COUNT(*) AS ?n) WHERE {{
  ?s ?p ?o FILTER(isIRI(?o) && STRSTARTS(STR(?s), "{BASE}id/") && !STRSTARTS(STR(?o), "{BASE}"))
  FILTER(?p != <{PREFIXES["rdf"]}type>)
  BIND(REPLACE(STR(?o), "^([A-Za-z][A-Za-z0-9+.-]*://[^/?#]*).*$", "$1/") AS ?place)
}} GROUP BY ?p ?place"""
    counts: Counter[tuple[str, str]] = Counter()
    for row in await rows(engine, query):
        place = text(row, "place")
        if urlsplit(place).netloc:
            counts[text(row, "p"), place] += number(row, "n")
    return [(p, place, count) for (p, place), count in sorted(counts.items(), key=lambda e: (-e[1], e[0]))]
