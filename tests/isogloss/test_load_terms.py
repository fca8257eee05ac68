"""`isogloss load terms`, as a user types it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from isogloss.commands.verbs import app
from isogloss.errors import SourceError

RUN = CliRunner()


def run(*words: object) -> tuple[int, str]:
    result = RUN.invoke(app, ["load", "terms", *map(str, words)])
    if isinstance(result.exception, SourceError):
        raise result.exception
    return result.exit_code, result.output


def test_a_table_is_loaded_and_faulty_rows_are_told_by_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("Wort,Sinn\nRisiko,Gefahr\n,verwaist\n")
    code, said = run(
        path, "--vocabulary", "My words", "--columns", "preferred=Wort,definition=Sinn", "--language", "de",
        "--license", "CC0", "--state", tmp_path / "state",
    )  # fmt: skip
    assert code == 0
    assert "mine.csv:3 [Wort]: the row has no term" in said
    assert "my-words: 1 terms taken, 1 refused" in said
    assert (tmp_path / "state" / "terms" / "my-words" / "mine.csv.nt.gz").is_file()


def test_what_was_loaded_is_taken_away_by_the_name_of_its_file(tmp_path: Path) -> None:
    path = tmp_path / "mine.csv"
    path.write_text("preferred\nbias\n")
    where = ("--vocabulary", "House", "--state", tmp_path / "state")
    assert run(path, *where)[0] == 0
    path.unlink()
    assert run("mine.csv", *where)[0] == 2
    code, said = run("mine.csv", *where, "--remove")
    assert code == 0
    assert "house: 1 terms taken away" in said


def test_a_file_without_a_usable_term_fails(tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_text("preferred\n")
    with pytest.raises(SourceError, match="no term could be taken"):
        run(path, "--vocabulary", "x", "--state", tmp_path / "state")


@pytest.mark.parametrize("wrong", [["--vocabulary", "!!"], ["--vocabulary", "x", "--columns", "nonsense"]])
def test_wrong_use_is_told_apart(tmp_path: Path, wrong: list[str]) -> None:
    path = tmp_path / "a.csv"
    path.write_text("preferred\na\n")
    code, _ = run(path, *wrong, "--state", tmp_path / "state")
    assert code == 2
