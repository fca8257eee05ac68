"""`isogloss load --engine`: the snapshot to an outside engine."""

from __future__ import annotations

import asyncio

from pyoxigraph import NamedNode

from isogloss.errors import EngineError
from isogloss.graph.engine.bringing import GraphStore, bring
from isogloss.graph.engine.remote import RemoteEngine
from isogloss.graph.engine.results import select
from isogloss.graph.snapshot import current
from isogloss.ontology import names

from ...settings import Settings
from ..options import progress

_OURS = f"""SELECT DISTINCT ?g {{
  GRAPH ?g {{ ?s ?p ?o }} FILTER(STRSTARTS(STR(?g), "{names.graph("")}")) }}"""


def bring_snapshot(settings: Settings, graph_store: str) -> None:
    """Replace our graphs at the engine of the settings by those of the current snapshot.

    `graph_store` is its Graph Store address, for engines that do not tell what they are. Raises EngineError.
    """
    snapshot = current(settings.state)
    target, there = asyncio.run(_target(settings, graph_store))
    with progress() as on_step, target:
        counts = bring(snapshot.store, target, there, lambda graph, done: on_step(f"{graph}: {done} triples"))
    print(f"brought snapshot {snapshot.name}: {sum(counts.values())} triples in {len(counts)} graphs")


async def _target(settings: Settings, graph_store: str) -> tuple[GraphStore, tuple[str, ...]]:
    """The graph store, and the names of our graphs that are there now."""
    async with RemoteEngine(settings.engine, settings=settings) as engine:
        address = graph_store or engine.graph_store
        if not address:
            raise EngineError(
                "The engine does not say where its graph store is; --graph-store gives the address."
            )
        rows = await select(engine, _OURS)
        there = tuple(row["g"].value for row in rows if isinstance(row["g"], NamedNode))
        return GraphStore(address, engine.login, engine.graph_parameter), there
