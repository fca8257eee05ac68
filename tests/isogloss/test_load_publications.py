"""`isogloss load publications`, as a user types it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from isogloss.commands.verbs import app
from isogloss.errors import SourceError

RUN = CliRunner()


def run(*words: object) -> tuple[int, str]:
    result = RUN.invoke(app, ["load", "publications", *map(str, words)])
    if isinstance(result.exception, SourceError):
        raise result.exception
    return result.exit_code, result.output


def test_a_table_is_loaded_and_what_is_refused_is_told_and_written_down(tmp_path: Path) -> None:
    path = tmp_path / "Meine Liste.csv"
    path.write_text("Nr.,Titel,Jahr\nISO 1,Eins,2020\nISO 2,Zwei,bald\n")
    code, said = run(
        path, "--columns", "identifier=Nr.,title_de=Titel,date=Jahr", "--state", tmp_path / "state",
        "--refused", tmp_path / "refused.tsv",
    )  # fmt: skip
    assert code == 0
    assert "Meine Liste.csv, kept as meine-liste.csv:" in said
    assert "read 2: kept 1, refused 1" in said
    assert "meine-liste.csv:ISO 2: [date] 'bald' is not a year, month or day (ISO 8601) (line 3)" in said
    assert (tmp_path / "refused.tsv").read_text().splitlines()[1].startswith("meine-liste.csv\tISO 2\t")
    assert (tmp_path / "state" / "records" / "meine-liste.csv.jsonl.gz").is_file()


def test_a_list_is_kept_under_the_name_that_it_is_given(tmp_path: Path) -> None:
    for file in ("monday.csv", "tuesday.csv"):
        (tmp_path / file).write_text("identifier,title\nISO 1,One\n")
        _, said = run(tmp_path / file, "--name", "Shelf", "--state", tmp_path / "state")
    assert "kept as shelf" in said
    assert "new 0, changed 0" in said


@pytest.mark.parametrize(
    "wrong", [["--columns", "nonsense"], ["--columns", "colour=a"], ["--name", "!!"], ["--format", "word"]]
)
def test_wrong_use_is_told_apart(tmp_path: Path, wrong: list[str]) -> None:
    (tmp_path / "a.csv").write_text("identifier\nISO 1\n")
    code, _ = run(tmp_path / "a.csv", *wrong, "--state", tmp_path / "state")
    assert code == 2


def test_one_name_is_not_for_two_files(tmp_path: Path) -> None:
    for file in ("a.csv", "b.csv"):
        (tmp_path / file).write_text("identifier\nISO 1\n")
    code, _ = run(tmp_path / "a.csv", tmp_path / "b.csv", "--name", "x", "--state", tmp_path / "state")
    assert code == 2


def test_a_column_that_nobody_knows_stops_the_load(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("identifier,colour\nISO 1,red\n")
    with pytest.raises(SourceError, match="colour"):
        run(tmp_path / "a.csv", "--state", tmp_path / "state")
    assert not (tmp_path / "state" / "records").exists()
