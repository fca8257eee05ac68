"""What the tests of the ready questions share: a way to write their answers anew."""

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--regenerate-answers",
        action="store_true",
        help="write tests/queries/expected anew; every change has then to be checked against the report",
    )


@pytest.fixture(scope="session")
def regenerate(pytestconfig: pytest.Config) -> bool:
    return bool(pytestconfig.getoption("--regenerate-answers", default=False))
