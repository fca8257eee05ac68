"""The judge: it must not let anything be tuned on what it is judged by, and count aright."""

from pathlib import Path

import numpy as np
import pytest

from isogloss.errors import MappingError, SourceError
from isogloss.mappings import evaluate
from isogloss.mappings.evaluate import Gold, calibration_error, everything, figures, unlike_labels
from isogloss.mappings.features import WORDS
from isogloss.mappings.model import Case, fit, load, save
from isogloss.mappings.report import Report
from isogloss.mappings.terms import Terms, read_terms

from .making import claim, terms

WORDS_OF = ("model", "risk", "trust", "robust system", "data set", "agent", "harm", "test case")


def vocabularies(count: int = 6) -> Terms:
    return terms(*(f"v{number}/{word.replace(' ', '-')}" for number in range(count) for word in WORDS_OF))


def gold(count: int = 6) -> Gold:
    slugs = [word.replace(" ", "-") for word in WORDS_OF]
    return Gold(
        tuple(claim(f"v{n}/{s}", "exactMatch", f"v{n + 1}/{s}") for n in range(count - 1) for s in slugs)
    )


def test_equal_labels_are_found_by_every_method() -> None:
    judged = evaluate.evaluate(gold(), vocabularies())
    assert set(judged) == {"isogloss", "exact label", "rapidfuzz", "TF-IDF"}
    for cases in judged.values():
        assert figures(cases).recall_at[1] == 1.0
        assert figures(cases).alignments == 40


def test_a_pair_is_ranked_by_a_model_that_has_not_seen_it(monkeypatch: pytest.MonkeyPatch) -> None:
    learnt: list[int] = []

    def watched(names: tuple[str, ...], cases: list[Case]) -> object:
        learnt.append(len(cases))
        return fit(names, cases)

    monkeypatch.setattr("isogloss.mappings.evaluate.fit", watched)
    evaluate.evaluate(gold(), vocabularies())
    assert len(learnt) > 1
    assert all(count < 40 for count in learnt)
    # Each fold is left out once, so what is left out adds up to everything.
    assert sum(40 - count for count in learnt) == 40


def test_a_pair_and_its_reverse_are_in_one_fold() -> None:
    assert evaluate._fold(("a", "b")) == evaluate._fold(("b", "a"))


def test_what_is_known_of_the_judged_pair_changes_nothing() -> None:
    known, alignments = vocabularies(), gold()
    context = [claim("v0/model", "exactMatch", "v1/harm"), claim("v1/risk", "exactMatch", "v0/harm")]
    plain = evaluate._cases(alignments, known, (), None)
    told = evaluate._cases(alignments, known, context, None)
    pair = ("v0", "v1")
    for one, other in zip(plain, told, strict=True):
        if one.pair == pair:
            assert np.array_equal(one.features, other.features)


def test_gold_is_read_from_a_table_and_rows_that_cannot_be_judged_are_told(tmp_path: Path) -> None:
    path = tmp_path / "gold.csv"
    path.write_text(
        "subject_vocab,subject_term,predicate,object_vocab,object_term,evidence\n"
        "V0,Model,skos:exactMatch,V1,model,x\nV0,Nothing,skos:exactMatch,V1,model,x\n"
        "ZZ,Model,skos:exactMatch,V1,model,x\n",
        encoding="utf-8",
    )
    read = evaluate.read_gold(path, vocabularies())
    assert [(c.subject[-8:], c.predicate) for c in read.claims] == [("v0/model", "exactMatch")]
    assert [line[:6] for line in read.left_out] == ["line 3", "line 4"]


def test_of_several_vocabularies_by_a_name_the_one_that_has_the_term_is_meant(tmp_path: Path) -> None:
    path = tmp_path / "gold.csv"
    path.write_text(
        "subject_vocab,subject_term,predicate,object_vocab,object_term\n"
        "AB 1,model,skos:exactMatch,Dept AI,agent\nAB 1,prompt,skos:exactMatch,Dept AI,agent\n",
        encoding="utf-8",
    )
    known = terms("ab-1-2022/model", "ab-1-2022-amd-1/prompt", "w-dept-ai-2/agent")
    read = evaluate.read_gold(path, known)
    assert [c.subject.rpartition("term/")[2] for c in read.claims] == [
        "ab-1-2022/model",
        "ab-1-2022-amd-1/prompt",
    ]
    assert {c.object for c in read.claims} == {known.all[2].iri}
    assert read.left_out == ()


def test_a_table_without_the_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "gold.csv"
    path.write_text("a,b\n1,2\n", encoding="utf-8")
    with pytest.raises(SourceError, match="no column subject_vocab"):
        evaluate.read_gold(path, vocabularies())


def test_a_table_with_a_column_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "table.csv"
    path.write_text("vocabulary,term,term\nV 1,a,b\n", encoding="utf-8")
    for reader in (read_terms, lambda path: evaluate.read_gold(path, vocabularies())):
        with pytest.raises(SourceError, match=r"\[term\]: a column stands twice"):
            reader(path)


def test_nothing_to_judge_is_an_error() -> None:
    with pytest.raises(MappingError, match="nothing to judge"):
        evaluate.evaluate(Gold(()), vocabularies())


def test_ties_share_their_place() -> None:
    case = evaluate.evaluate(gold(), vocabularies())["exact label"][0]
    equal = evaluate._scored(case, np.zeros(len(case.objects)), np.zeros(len(case.objects)))
    assert equal.place(case.objects[3].iri) == (len(case.objects) - 1) / 2


def test_calibration_compares_what_is_claimed_with_what_came_true() -> None:
    right = np.array([1.0, 1.0, 0.0, 0.0])
    assert calibration_error(np.array([0.5, 0.5, 0.5, 0.5]), right) == 0.0
    assert calibration_error(np.array([0.95, 0.95, 0.95, 0.95]), right) == pytest.approx(0.45)
    assert calibration_error(np.ones(2), np.ones(2)) == 0.0


def test_unlike_labels_are_judged_apart() -> None:
    case = evaluate.evaluate(gold(), vocabularies())["isogloss"][0]
    assert not any(unlike_labels(case, iri) for iri in case.published)
    assert np.isnan(figures([case], unlike_labels).recall_at[5])
    assert figures([case], everything).alignments == 1


def test_a_model_learns_which_figure_tells(tmp_path: Path) -> None:
    numbers = np.random.default_rng(1)
    cases = []
    for _ in range(60):
        right = np.zeros(8)
        right[numbers.integers(8)] = 1.0
        tells = np.clip(right * 0.7 + numbers.uniform(0, 0.3, 8), 0, 1)
        cases.append(Case(np.column_stack([tells, numbers.uniform(0, 1, 8)]), right))
    model = fit(("tells", "noise"), cases)
    case = cases[0]
    scores = model.scores(case.features)
    assert int(np.argmax(scores)) == int(np.argmax(case.right))
    assert model.confidences(case.features, scores)[int(np.argmax(scores))] > 0.8
    save({"x": model}, tmp_path / "model.json")
    again = load(tmp_path / "model.json", ("tells", "noise"))
    assert np.allclose(again.scores(case.features), scores, atol=1e-4)
    with pytest.raises(MappingError, match="has no model for"):
        load(tmp_path / "model.json", WORDS)


def test_learning_from_nothing_is_an_error() -> None:
    with pytest.raises(MappingError, match="nothing to learn"):
        fit(("x",), [Case(np.ones((1, 1)), np.ones(1))])


def test_the_report_has_a_line_a_method() -> None:
    text = Report(evaluate.evaluate(gold(), vocabularies()), left_out=2).text(details=True)
    assert "2 alignments left out" in text
    assert text.count("  isogloss ") == 3
    assert [line for line in text.splitlines() if line.endswith(" labels:")] == [
        "unlike labels:",
        "equal labels:",
    ]
    assert "  v0 > v1" in text


def test_terms_are_read_from_a_table_with_definitions_beside_it(tmp_path: Path) -> None:
    table, texts = tmp_path / "terms.csv", tmp_path / "definitions.jsonl"
    table.write_text(
        "vocabulary,term,synonyms\nV 1,AI system,AIS; intelligent system\nV 1,AI system,machine\n,lead,\n",
        encoding="utf-8",
    )
    texts.write_text(
        '{"vocabulary": "V 1", "term": "AI system", "definition": "Own words."}\n', encoding="utf-8"
    )
    (term,) = read_terms(table, texts).all
    assert term.labels == ("AI system", "AIS", "intelligent system", "machine")
    assert term.text == "Own words."
    texts.write_text("{}\n", encoding="utf-8")
    with pytest.raises(SourceError) as caught:
        read_terms(table, texts)
    assert caught.value.line == 1
