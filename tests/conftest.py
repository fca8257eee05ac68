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
