"""Who is the same as whom, judged on pairs of real records that were labelled by hand.

The label of a pair is `edition` (one text, told of by both), `work` (two texts of one publication: editions,
drafts, redlines) or `different` (another part, an amendment, an adoption, a common text, a mere namesake).
Identifiers, titles, dates and statuses are those of the records.
"""

import csv
from collections import Counter
from pathlib import Path

import pytest

from isogloss.graph.readers.relaton import Record, Relation
from isogloss.graph.works.editions import gather
from isogloss.graph.works.families import arrange
from isogloss.graph.works.kept import Kept

PAIRS = Path(__file__).parents[1] / "data" / "document_pairs.csv"
Pair = dict[str, str]


def read_pairs() -> list[Pair]:
    with PAIRS.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def record(pair: Pair, side: str, other: str) -> Kept:
    status = pair[f"{side}_status"]
    harmonized = status[:2].isdecimal()
    relations = [part.partition(":") for part in pair[f"{side}_relation"].split("|") if part]
    published = pair[f"{side}_published"]
    return Kept(
        Record(
            pair[f"{side}_identifier"],
            titles={"en": pair[f"{side}_title"]},
            stage=status if harmonized else "",
            status={} if harmonized or not status else {"stage": status},
            dates={"published": published} if published else {},
            relations=tuple(Relation(kind, pair[f"{other}_identifier"], said) for kind, _, said in relations),
            archive=pair[f"{side}_archive"],
            path=side,
        )
    )


def judged(pair: Pair) -> str:
    editions = gather([record(pair, "left", "right"), record(pair, "right", "left")])
    if len(editions) == 1:
        return "edition"
    return "work" if len(arrange(editions).works) == 1 else "different"


@pytest.fixture(scope="module")
def answers() -> Counter[tuple[str, str]]:
    """How often which label met which answer."""
    return Counter((pair["label"], judged(pair)) for pair in read_pairs())


def precision_and_recall(answers: Counter[tuple[str, str]], merged: set[str]) -> tuple[float, float]:
    both = sum(count for (label, answer), count in answers.items() if label in merged and answer in merged)
    found = sum(count for (_, answer), count in answers.items() if answer in merged)
    wanted = sum(count for (label, _), count in answers.items() if label in merged)
    return both / found, both / wanted


def test_the_sample_is_large_and_holds_hard_pairs() -> None:
    kinds = Counter(pair["kind"] for pair in read_pairs())
    assert kinds.total() >= 300
    assert len(kinds) >= 10
    assert kinds["same number, other publishers"] >= 60


def test_records_are_merged_into_one_edition_where_they_tell_of_one_text(
    answers: Counter[tuple[str, str]],
) -> None:
    precision, recall = precision_and_recall(answers, {"edition"})
    assert precision >= 0.99
    assert recall >= 0.97


def test_editions_are_gathered_into_one_work_where_they_are_of_one_publication(
    answers: Counter[tuple[str, str]],
) -> None:
    precision, recall = precision_and_recall(answers, {"edition", "work"})
    assert precision >= 0.99
    assert recall >= 0.97
