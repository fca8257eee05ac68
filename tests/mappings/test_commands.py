"""The editor's commands, as a user runs them: what they print, what they write, how they end."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from isogloss.commands.mappings import mappings
from isogloss.errors import NotFound
from isogloss.mappings import sets

from .making import table

TERMS = "vocabulary,term,synonyms\nA,one,\nA,data set,\nB,one,\nB,dataset,\nB,other,\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "terms.csv").write_text(TERMS, encoding="utf-8")
    (tmp_path / "good.sssom.tsv").write_text(table({}), encoding="utf-8")
    (tmp_path / "bad.sssom.tsv").write_text(table({"object_id": "b:nothing"}), encoding="utf-8")
    return tmp_path


def run(folder: Path, *arguments: str) -> tuple[int, str]:
    result = CliRunner().invoke(
        mappings, [str(argument) for argument in arguments], env={"ISOGLOSS_STATE": str(folder)}
    )
    return result.exit_code, result.stdout


def test_suggestions_are_written_as_a_set_that_validates(folder: Path) -> None:
    out = folder / "s.sssom.tsv"
    terms = ("--terms", str(folder / "terms.csv"))
    assert (
        run(folder, "suggest", "--from", "A", "--to", "B", *terms, "--no-embeddings", "-o", str(out))[0] == 0
    )
    first = {
        (m.subject.curie, m.object.curie)
        for m in sets.read(out).mappings
        if m.predicate.identifier == "exactMatch"
    }
    assert first == {("a:one", "b:one"), ("a:data-set", "b:dataset")}
    assert run(folder, "validate", str(out), *terms)[0] == 0


def test_a_vocabulary_is_not_mapped_to_itself_and_a_name_for_several_is_told(folder: Path) -> None:
    terms = ("--terms", str(folder / "terms.csv"))
    assert run(folder, "suggest", "--from", "A", "--to", "a", *terms)[0] == 2
    (folder / "more.csv").write_text("vocabulary,term\nA 1,one\nA 2,one\nB,one\n", encoding="utf-8")
    with pytest.raises(NotFound, match="more than one vocabulary goes by the name 'A': a-1, a-2"):
        CliRunner().invoke(
            mappings,
            ["suggest", "--from", "A", "--to", "B", "--terms", str(folder / "more.csv")],
            catch_exceptions=False,
        )


def test_validation_ends_with_one_where_something_is_wrong(folder: Path) -> None:
    terms = ("--terms", str(folder / "terms.csv"))
    assert run(folder, "validate", str(folder / "good.sssom.tsv"), *terms)[0] == 0
    code, text = run(folder, "validate", str(folder / "bad.sssom.tsv"), *terms)
    assert code == 1
    assert ": error [no-such-term] there is no term b/nothing" in text
    assert "bad.sssom.tsv:18 [object_id]: " in text
    assert run(folder, "validate", str(folder / "bad.sssom.tsv"), "--no-ends")[0] == 0


def test_the_check_tells_and_ends_well_unless_it_is_to_be_strict(folder: Path) -> None:
    both = folder / "both.sssom.tsv"
    both.write_text(table({}, {"predicate_modifier": "Not"}), encoding="utf-8")
    arguments = ("check", str(both), "--terms", str(folder / "terms.csv"))
    code, text = run(folder, *arguments)
    assert code == 0
    assert "error [contradiction]" in text
    assert run(folder, *arguments, "--strict")[0] == 1


def test_merge_dedupe_convert_and_diff_work_on_files(folder: Path) -> None:
    good, bad = str(folder / "good.sssom.tsv"), str(folder / "bad.sssom.tsv")
    merged = str(folder / "m.sssom.tsv")
    assert run(folder, "merge", good, bad, "-o", merged)[0] == 0
    assert len(sets.read(Path(merged)).mappings) == 2
    assert run(folder, "dedupe", merged, "-o", merged)[0] == 0
    assert run(folder, "convert", merged, "--to", "json", "-o", str(folder / "m.json"))[0] == 0
    assert len(sets.read(folder / "m.json").mappings) == 2
    assert run(folder, "convert", merged, "--to", "turtle")[0] == 2
    assert run(folder, "diff", good, merged)[1] == (
        "added: one (a:one) means the same as nothing (b:nothing) (proposed)\n"
    )


def test_evaluation_prints_ours_beside_the_baselines(folder: Path) -> None:
    gold = folder / "gold.csv"
    gold.write_text(
        "subject_vocab,subject_term,predicate,object_vocab,object_term\n"
        "A,one,skos:exactMatch,B,one\nB,dataset,skos:exactMatch,A,data set\nC,x,skos:exactMatch,A,one\n"
        "C,y,skos:exactMatch,B,other\n",
        encoding="utf-8",
    )
    (folder / "terms.csv").write_text(TERMS + "C,one x,x\nC,other y,y\n", encoding="utf-8")
    code, text = run(folder, "evaluate", str(gold), "--terms", str(folder / "terms.csv"), "--no-embeddings")
    assert code == 0
    assert [line.split()[0] for line in text.splitlines() if line.startswith("  ")][1:5] == [
        "isogloss", "exact", "rapidfuzz", "TF-IDF",
    ]  # fmt: skip
    shipped = run(
        folder, "evaluate", str(gold), "--terms", str(folder / "terms.csv"), "--no-embeddings", "--shipped"
    )
    assert shipped[0] == 0
