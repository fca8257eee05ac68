"""Every ready question is well made, quick, told in the docs, and gives the whole answer on file.

The tables in `expected/` are answers over ontology and report alone, so that a growing catalogue does
not move them. How they were checked against the text of the report: identifiers, names, terms, dates
and figures are looked up in it by a test below; the opportunities for Study Group 5 (14.1 to 14.4),
Table 2, boxes 3 to 6, pillars and leadership of AMAS (5.5, 10.1), dated events, gaps and what CAICT
appears in were read row by row beside the text; all other labels and descriptions come unchanged from
tables that two readers compared with it. `pytest tests/queries --regenerate-answers` writes them anew,
for a person to compare.
"""

import re
import time
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Store

from isogloss.ontology.names import BASE, GRAPHS, IG, PREFIXES
from isogloss.queries.library import ReadyQuery, load_library

from .answers import EXPECTED, answer, columns, read_expected, short, write_expected

LIBRARY = load_library()
DOCS = Path(__file__).parents[2] / "docs" / "queries.md"
REPORT = Path(__file__).parents[3] / "shared" / "report" / "ai-standards-exchange-2025.txt"
OTHERS = ("catalogue-", "glossary-", "mappings-")  # each family is tested beside what it is about
OURS = [name for name in LIBRARY if not name.startswith(OTHERS)]
COUNTED = {"classes-with-counts", "properties-with-counts", "graphs-with-counts", "themes-by-counts"}
CPU_SECONDS = 2.0  # of this process, so that a busy machine does not make the test fail

every_query = pytest.mark.parametrize("query", LIBRARY.values(), ids=lambda query: query.name)


@every_query
def test_a_question_ends_with_a_question_mark_and_is_described(query: ReadyQuery) -> None:
    assert query.summary.endswith("?")
    assert query.description.endswith(".")
    assert query.tags


@every_query
def test_the_order_of_rows_is_fixed_by_the_query(query: ReadyQuery) -> None:
    assert "ORDER BY" in query.text or query.text.lstrip().startswith(("CONSTRUCT", "ASK"))


@pytest.mark.parametrize("name", OURS)
def test_no_answer_comes_from_searching_prose(name: str) -> None:
    # The name of a graph is no prose.
    text = LIBRARY[name].text.replace("STRSTARTS(STR(?graph)", "")
    assert not re.search(r"\b(CONTAINS|REGEX|STRSTARTS|STRENDS)\s*\(", text, re.IGNORECASE)


@pytest.mark.parametrize("name", OURS)
def test_a_question_is_quick_over_everything_that_ships(store: Store, name: str) -> None:
    started = time.process_time()
    answer(store, LIBRARY[name])
    assert time.process_time() - started < CPU_SECONDS


@pytest.mark.parametrize("name", OURS)
def test_every_thing_that_a_question_names_exists(report_store: Store, name: str) -> None:
    for iri in set(re.findall(rf"<({re.escape(BASE)}id/[^>]*)>", LIBRARY[name].text)):
        assert list(report_store.quads_for_pattern(NamedNode(iri), None, None, None)), iri


@pytest.mark.parametrize("name", OURS)
def test_things_come_with_a_label_beside_the_iri(report_store: Store, name: str) -> None:
    header, rows = answer(report_store, LIBRARY[name])
    assert rows
    assert any("abel" in column or column in {"title", "name", "identifier"} for column in header)


@pytest.mark.parametrize("name", [name for name in OURS if name not in COUNTED])
def test_the_whole_answer(report_store: Store, name: str, regenerate: bool) -> None:
    found = answer(report_store, LIBRARY[name])
    if regenerate:
        write_expected(name, found)
        pytest.skip("written anew; compare it with the report before it is kept")
    assert found == read_expected(name)


def test_no_expected_answer_is_left_over() -> None:
    on_file = {path.stem for path in EXPECTED.glob("*.csv") if not path.stem.startswith(OTHERS)}
    assert on_file == set(OURS) - COUNTED


def test_classes_are_counted_as_python_counts_them(store: Store) -> None:
    type_ = NamedNode(PREFIXES["rdf"] + "type")
    members = Counter(
        short(str(cls))
        for _, cls in {
            (quad.subject, quad.object.value)
            for quad in store.quads_for_pattern(None, type_, None, None)
            if isinstance(quad.object, NamedNode)
        }
    )
    found = columns(answer(store, LIBRARY["classes-with-counts"]), "class", "members")
    assert {name for name, _ in found} >= {"ig:Publication", "ig:Body", "ig:StudyGroupOpportunity"}
    assert found == [(name, str(members[name])) for name, _ in found]


def test_properties_and_graphs_are_counted_as_python_counts_them(store: Store) -> None:
    quads = [(quad.predicate.value, quad.graph_name) for quad in store]
    uses = Counter(short(predicate) for predicate, graph in quads if isinstance(graph, NamedNode))
    sizes = Counter(short(graph.value) for _, graph in quads if isinstance(graph, NamedNode))
    properties = columns(answer(store, LIBRARY["properties-with-counts"]), "property", "uses")
    assert sorted(properties) == sorted((name, str(count)) for name, count in uses.items())
    graphs = columns(answer(store, LIBRARY["graphs-with-counts"]), "graph", "triples")
    assert sorted(graphs) == sorted((name, str(count)) for name, count in sizes.items())
    assert {row[0].removeprefix("graph:") for row in graphs} <= set(GRAPHS)


def test_themes_are_counted_as_python_counts_them(store: Store) -> None:
    counts: dict[tuple[str, str], set[str]] = {}
    kinds = {"sections": "Section", "statements": "Statement", "bodies": "Body",
             "publications": "Publication", "useCases": "UseCase"}  # fmt: skip
    member_of = {
        column: {quad.subject for quad in store.quads_for_pattern(None, None, NamedNode(IG + cls), None)}
        for column, cls in kinds.items()
    }
    for quad in store.quads_for_pattern(None, NamedNode(IG + "themeOrBroader"), None, None):
        for column, members in member_of.items():
            if quad.subject in members and isinstance(quad.object, NamedNode):
                counts.setdefault((short(quad.object.value), column), set()).add(str(quad.subject))
    header, rows = answer(store, LIBRARY["themes-by-counts"])
    for row in rows:
        given = dict(zip(header, row, strict=True))
        for column in kinds:
            assert given[column] == str(len(counts.get((given["theme"], column), ()))), (
                given["theme"],
                column,
            )


@pytest.mark.skipif(not REPORT.exists(), reason="the source report is not here to compare with")
@pytest.mark.parametrize(
    ("query", "column"),
    [
        ("quantum-recommendations", "identifier"),
        ("work-items-of-study-group", "identifier"),
        ("sg17-ai-security-reports", "formerIdentifier"),
        ("agent-protocols", "identifier"),
        ("figures-by-theme", "valueAsTold"),
        ("body-names", "name"),
        ("events-after-the-summit", "dateAsTold"),
        ("report-terms-by-theme", "label"),
    ],
)
def test_what_is_given_as_told_stands_in_the_report(report_store: Store, query: str, column: str) -> None:
    text = plain(REPORT.read_text(encoding="utf-8"))
    told = {cell for (cell,) in columns(answer(report_store, LIBRARY[query]), column)}
    parts = {part for cell in told for part in cell.split(" to ")}  # a span may be told as "i) … v)"
    assert {part for part in parts if plain(part) not in text} == set()


def plain(text: str) -> str:
    return re.sub(r"[\W_]+", "", text).lower()


def test_the_docs_list_every_question() -> None:
    listed = re.findall(r"^- `([a-z0-9-]+)`", DOCS.read_text(encoding="utf-8"), re.MULTILINE)
    assert sorted(listed) == sorted(LIBRARY)
    assert len(listed) == len(set(listed))


@every_query
def test_the_docs_tell_what_a_question_asks_and_takes(query: ReadyQuery) -> None:
    line = next(line for line in DOCS.read_text(encoding="utf-8").splitlines() if f"`{query.name}`" in line)
    assert query.summary in line
    assert re.findall(r"\(takes (.*)\)", line) == (
        [", ".join(f"`{p.name}`" for p in query.params)] if query.params else []
    )
