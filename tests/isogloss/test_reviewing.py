"""`isogloss mappings review` and `export`, `isogloss load mappings`: as an editor types them."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from isogloss.commands.verbs import app
from isogloss.errors import IsoglossError
from isogloss.mappings import sets
from isogloss.mappings.claims import status_of
from isogloss.mappings.review import comment_of
from isogloss.mappings.sheet import REVIEW_SLOTS

RUN = CliRunner()
JANE = "0000-0002-1825-0097"
ROBUST = "iso-iec-22989-2022-robustness-close-nist-ai-100-1-robustness"
PAIR = "iso-iec-22989-2022--nist-ai-100-1"


def run(*words: object) -> tuple[int, str]:
    result = RUN.invoke(app, [str(word) for word in words])
    if isinstance(result.exception, IsoglossError):
        raise result.exception
    return result.exit_code, result.output


def exported(state: Path, *words: str) -> dict[str, str]:
    out = state.parent / "out.sssom.tsv"
    assert run("mappings", "export", *words, "-o", out, "--state", state)[0] == 0
    return {
        mapping.record.curie if mapping.record else "": status_of(mapping)
        for mapping in sets.read(out).mappings
    }


def test_a_review_is_kept_in_the_state_and_comes_out_again(tmp_path: Path) -> None:
    state = tmp_path / "state"
    code, said = run(
        "mappings", "review", ROBUST, "--accept", "--reviewer", JANE, "--comment", "Read", "--state", state
    )
    assert code == 0
    assert "accepted: robustness (iso-iec-22989-2022:robustness) means nearly the same as" in said
    assert exported(state, PAIR)[f"mapping:{ROBUST}"] == "accepted"
    kept = sets.read(state / "mappings" / "00001.sssom.tsv").mappings
    assert [(each.record and each.record.curie, comment_of(each)) for each in kept] == [
        (f"mapping:{ROBUST}", "Read")
    ]


def test_what_is_taken_away_can_be_judged_in_the_file_and_brought_back(tmp_path: Path) -> None:
    state, file = tmp_path / "state", tmp_path / "pair.sssom.tsv"
    run("mappings", "export", PAIR, "-o", file, "--state", state)
    run("mappings", "review", ROBUST, "--reject", "--reviewer", JANE, "--file", file, "--state", state)
    assert not (state / "mappings").exists()
    code, said = run("load", "mappings", file, "--state", state)
    assert code == 0
    assert "1 reviews and 0 new records taken" in said
    assert exported(state, PAIR)[f"mapping:{ROBUST}"] == "rejected"
    assert "0 reviews and 0 new records taken" in run("load", "mappings", file, "--state", state)[1]


def test_wrong_use_is_told_apart(tmp_path: Path) -> None:
    plain = ("mappings", "review", ROBUST, "--reviewer", JANE, "--state", tmp_path)
    assert run(*plain)[0] == 2
    assert run(*plain, "--accept", "--reject")[0] == 2
    with pytest.raises(IsoglossError, match="near it are"):
        run("mappings", "review", "robustness", "--accept", "--reviewer", JANE, "--state", tmp_path)


def test_a_file_of_which_nothing_can_be_taken_fails(tmp_path: Path) -> None:
    file = tmp_path / "x.sssom.tsv"
    run("mappings", "export", PAIR, "--status", "superseded", "-o", file, "--state", tmp_path)
    with pytest.raises(IsoglossError, match="no record could be taken"):
        run("load", "mappings", file, "--state", tmp_path)


def test_what_is_in_the_state_is_validated_with_what_ships(tmp_path: Path) -> None:
    state = tmp_path / "state"
    before = run("mappings", "validate", "--no-ends", "--state", state)[1]
    run("mappings", "review", ROBUST, "--accept", "--reviewer", JANE, "--state", state)
    after = run("mappings", "validate", "--no-ends", "--state", state)[1]
    assert "0 errors" in after
    assert int(after.split()[0]) == int(before.split()[0]) + 1


def test_a_sheet_to_judge_in_can_be_taken_from_the_command_line(tmp_path: Path) -> None:
    file = tmp_path / "sheet.sssom.tsv"
    assert run("mappings", "export", PAIR, "--sheet", "-o", file, "--state", tmp_path)[0] == 0
    header = next(x for x in file.read_text(encoding="utf-8").splitlines() if not x.startswith("#"))
    assert set(REVIEW_SLOTS) <= set(header.split("\t"))
    assert run("load", "mappings", file, "--state", tmp_path)[0] == 0
