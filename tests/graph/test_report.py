"""The facts of the report: the explicit lists are whole, and every sentence is our own."""

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest

from isogloss.graph.sources import package_folder

TABLES = package_folder("isogloss.graph") / "data" / "report"
REPORT = Path(__file__).parents[3] / "shared" / "report" / "ai-standards-exchange-2025.txt"
OWN_WORDS = ("label", "description", "gloss", "summary", "measures", "note")
SHARED_RUN = 8  # words in a row that a sentence of ours may not share with the report


def rows(table: str) -> list[dict[str, str]]:
    with (TABLES / f"{table}.csv").open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


def test_the_places_in_every_list_count_from_one_without_a_hole() -> None:
    places: defaultdict[str, set[int]] = defaultdict(set)
    for row in rows("statements"):
        if row["list"] and row["position"]:
            places[row["list"]].add(int(row["position"]))
    assert {name: found for name, found in places.items() if found != set(range(1, max(found) + 1))} == {}


@pytest.mark.parametrize(
    ("section", "kind", "count"),
    [("12.1", "Takeaway", 8), ("12.2", "", 30)],
)
def test_a_list_that_the_report_numbers_is_complete(section: str, kind: str, count: int) -> None:
    lists = Counter(
        row["list"]
        for row in rows("statements")
        if section in row["sections"].split(" | ") and row["position"] and row["list"].startswith(section)
    )
    assert count in lists.values(), (section, kind, lists)


def test_every_label_fits_a_line() -> None:
    for row in rows("statements"):
        assert 3 <= len(row["label"]) <= 160, row["slug"]


def test_no_two_statements_of_a_section_have_one_label() -> None:
    counted = Counter((row["sections"], row["label"]) for row in rows("statements"))
    assert [key for key, count in counted.items() if count > 1] == []


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9']+", text.lower())


@pytest.mark.skipif(not REPORT.exists(), reason="the source report is not here to compare with")
@pytest.mark.parametrize("table", sorted(path.stem for path in TABLES.glob("*.csv")))
def test_no_sentence_is_taken_over_from_the_report(table: str) -> None:
    source = words(REPORT.read_text(encoding="utf-8"))
    runs = {tuple(source[i : i + SHARED_RUN]) for i in range(len(source) - SHARED_RUN + 1)}
    names = {
        tuple(words(title))
        for t in ("publications", "events", "sections", "initiatives")
        for title in titles(t)
    }
    for row in rows(table):
        for field in OWN_WORDS:
            own = words(row.get(field, ""))
            copied = [
                own[i : i + SHARED_RUN] for i in range(len(own)) if tuple(own[i : i + SHARED_RUN]) in runs
            ]
            assert all(any(part_of(run, name) for name in names) for run in copied), (
                table,
                row.get("slug"),
                copied,
            )


def titles(table: str) -> list[str]:
    """Titles and names are facts and may be quoted."""
    fields = ("title", "alt_titles", "name", "alt_names")
    return [title for row in rows(table) for field in fields for title in row.get(field, "").split(" | ")]


def part_of(run: list[str], name: tuple[str, ...]) -> bool:
    return any(list(name[i : i + len(run)]) == run for i in range(len(name)))
