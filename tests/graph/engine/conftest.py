"""Stores that the tests of engines share."""

from __future__ import annotations

from pathlib import Path

import pytest

from .asked import make_store


@pytest.fixture(scope="session")
def small_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_store(tmp_path_factory.mktemp("small") / "store")


@pytest.fixture(scope="session")
def large_store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough for answers of tens of megabytes, and for joins that never end."""
    return make_store(tmp_path_factory.mktemp("large") / "store", 100_000)
