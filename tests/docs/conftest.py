"""A real server over the shipped snapshot for the commands of the documents."""

from collections.abc import Iterator

import pytest

from isogloss.api.app import create_app
from isogloss.graph.engine.embedded import EmbeddedEngine
from isogloss.graph.snapshot import Snapshot
from isogloss.settings import Settings

from ..api.serving import serving


@pytest.fixture(scope="package")
def served_at(snapshot: Snapshot) -> Iterator[str]:
    settings = Settings(workers=1)
    engine = EmbeddedEngine(snapshot.store, digest=snapshot.digest, settings=settings)
    with serving(create_app(settings, engine, snapshot)) as address:
        yield address
