"""What all tests share: one real snapshot of what ships, built once a run."""

from pathlib import Path

import pytest
from pyoxigraph import Store

from isogloss.graph.build import build
from isogloss.graph.snapshot import Snapshot, current
from isogloss.graph.sources import shipped_sources


@pytest.fixture(scope="session")
def state(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A state folder with the shipped snapshot in it; tests must not build into it."""
    folder = tmp_path_factory.mktemp("state")
    build(folder, shipped_sources())
    return folder


@pytest.fixture(scope="session")
def snapshot(state: Path) -> Snapshot:
    return current(state)


@pytest.fixture(scope="session")
def store(snapshot: Snapshot) -> Store:
    return Store.read_only(str(snapshot.store))


@pytest.fixture(scope="session")
def report_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Ontology and report, without the sources that grow."""
    folder = tmp_path_factory.mktemp("report-state")
    build(folder, tuple(source for source in shipped_sources() if source.name in ("ontology", "report-2025")))
    return Store.read_only(str(current(folder).store))
