"""Steps of a build in processes of their own: they answer, they fail as if they were here, and they end."""

import time
from pathlib import Path

import pytest

from isogloss.errors import BuildError, CheckFailed, SourceError
from isogloss.graph.beside import beside


def doubled(number: int) -> int:
    return 2 * number


def reads_badly(path: Path) -> None:
    raise SourceError("no such column", file=path, line=7, field="title")


def finds(*findings: str) -> None:
    raise CheckFailed("wrong", findings)


def breaks_down() -> None:
    raise SystemExit(3)


@pytest.mark.parametrize("here", [True, False])
def test_a_step_answers_from_its_process_as_from_here(here: bool) -> None:
    with beside(doubled, 21, here=here) as step:
        assert step.result() == 42


def test_an_error_comes_over_whole() -> None:
    with beside(reads_badly, Path("a.csv")) as step, pytest.raises(SourceError) as caught:
        step.result()
    assert (caught.value.file, caught.value.line, caught.value.field) == ("a.csv", 7, "title")
    assert str(caught.value) == "a.csv:7 [title]: no such column"


def test_findings_come_over(tmp_path: Path) -> None:
    with beside(finds, "one", "two") as step, pytest.raises(CheckFailed) as caught:
        step.result()
    assert caught.value.findings == ("one", "two")


def test_a_step_that_breaks_down_is_an_error_that_names_it() -> None:
    with beside(breaks_down) as step, pytest.raises(BuildError, match="breaks_down broke down"):
        step.result()


def test_a_step_that_nobody_waits_for_is_ended() -> None:
    start = time.monotonic()
    with pytest.raises(BuildError, match="elsewhere"), beside(time.sleep, 600):
        raise BuildError("elsewhere")
    assert time.monotonic() - start < 300
