"""What the tests of the ready questions share: the report alone, and a way to write its answers anew."""

import pytest
from pyoxigraph import Store

from isogloss.graph.build import build
from isogloss.graph.snapshot import current
from isogloss.graph.sources import shipped_sources

REPORT_ONLY = ("ontology", "report-2025")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--regenerate-answers",
        action="store_true",
        help="write tests/queries/expected anew; every change has then to be checked against the report",
    )


@pytest.fixture(scope="session")
def regenerate(pytestconfig: pytest.Config) -> bool:
    return bool(pytestconfig.getoption("--regenerate-answers", default=False))


@pytest.fixture(scope="session")
def report_store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Ontology and report, without the sources that grow: what the expected answers are drawn from."""
    folder = tmp_path_factory.mktemp("report-state")
    build(folder, tuple(source for source in shipped_sources() if source.name in REPORT_ONLY))
    return Store.read_only(str(current(folder).store))
