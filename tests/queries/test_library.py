"""Headers are read, values are bound as terms, and what is wrong is said plainly."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, QuerySolutions, Store

from isogloss.errors import NotFound, SourceError
from isogloss.queries.library import ReadyQuery, load_library, read_library

HEADER = """#+ summary: Which things have this?
#+ description: All of them.
#+ tags: [test]
#+ params:
#+   - {name: text, type: string, label: A text}
#+   - {name: thing, type: iri, label: A thing}
#+   - {name: number, type: integer, label: A number}
#+   - {name: day, type: date, label: A day}
"""
BODY = """SELECT ?text ?thing ?number ?day WHERE {
  VALUES ?text { "one" }
  VALUES ?thing { <https://example.org/one> }
  VALUES ?number { 1 }
  VALUES ?day { "2025" }
}
"""


def library_of(folder: Path, text: str) -> dict[str, ReadyQuery]:
    (folder / "question.rq").write_text(text, encoding="utf-8")
    return read_library([folder / "question.rq"])


@pytest.fixture(scope="module")
def question(tmp_path_factory: pytest.TempPathFactory) -> ReadyQuery:
    return library_of(tmp_path_factory.mktemp("library"), HEADER + BODY)["question"]


def bound_row(question: ReadyQuery, **values: str) -> list[object]:
    found = Store().query(question.bind(values))
    assert isinstance(found, QuerySolutions)
    rows = [[row[name] for name in ("text", "thing", "number", "day")] for row in found]
    assert len(rows) == 1
    return list(rows[0])


def test_a_header_is_read(question: ReadyQuery) -> None:
    assert (question.summary, question.description) == ("Which things have this?", "All of them.")
    assert question.tags == ("test",)
    assert [(param.name, param.type, param.default) for param in question.params] == [
        ("text", "string", '"one"'),
        ("thing", "iri", "<https://example.org/one>"),
        ("number", "integer", "1"),
        ("day", "date", '"2025"'),
    ]


def test_the_file_runs_as_it_stands(question: ReadyQuery) -> None:
    assert question.bind({}) == question.text
    assert bound_row(question)[0] == Literal("one")


def test_values_are_bound_as_terms_of_their_type(question: ReadyQuery) -> None:
    row = bound_row(question, text="two", thing="https://example.org/two", number="-2", day="2025-07-11")
    assert row == [Literal("two"), NamedNode("https://example.org/two"), Literal(-2), Literal("2025-07-11")]


def is_iri(value: str) -> bool:
    try:
        NamedNode(value)
    except ValueError:
        return False
    return True


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0")))
def test_no_text_escapes_from_its_literal(question: ReadyQuery, text: str) -> None:
    assert bound_row(question, text=text)[0] == Literal(text)


@given(
    text=st.sampled_from(
        [
            "VALUES ?day { }",
            'VALUES ?text { "x" }',
            '" } VALUES ?thing { <a:b> } #',
            "}",
            "\\",
            '\\"',
            "?thing",
        ]
    ),
    day=st.sampled_from(["1999", "1999-12", "1999-12-31"]),
)
def test_a_value_that_looks_like_a_block_is_never_read_as_one(
    question: ReadyQuery, text: str, day: str
) -> None:
    row = bound_row(question, text=text, day=day)
    assert (row[0], row[3]) == (Literal(text), Literal(day))


@given(value=st.text(max_size=30) | st.text(max_size=20).map("https://example.org/".__add__))
def test_an_iri_is_bound_whole_or_refused(question: ReadyQuery, value: str) -> None:
    if is_iri(value):
        assert bound_row(question, thing=value)[1] == NamedNode(value)
    else:
        with pytest.raises(ValueError, match="thing takes an IRI, not "):
            question.bind({"thing": value})


@given(value=st.text("0123456789+-. eE٣", max_size=25))
def test_a_number_is_bound_whole_or_refused(question: ReadyQuery, value: str) -> None:
    if re.fullmatch("[+-]?[0-9]{1,18}", value):
        assert bound_row(question, number=value)[2] == Literal(int(value))
    else:
        with pytest.raises(ValueError, match="number takes a whole number, not "):
            question.bind({"number": value})


@pytest.mark.parametrize(
    ("name", "value", "message"),
    [
        ("thing", "body/itu-t-sg5", "thing takes an IRI, not 'body/itu-t-sg5'"),
        ("thing", "https://example.org/> } #", "thing takes an IRI"),
        ("thing", "", "thing takes an IRI, not ''"),
        ("number", "many", "number takes a whole number, not 'many'"),
        ("number", "9" * 40, "number takes a whole number"),
        ("day", "tomorrow", "day takes a date such as 2025, 2025-07 or 2025-07-11, not 'tomorrow'"),
        ("day", "2025-13", "day takes a date"),
        ("day", "2025-07-11\n", "day takes a date"),
    ],
)
def test_a_bad_value_is_named_with_what_it_should_be(
    question: ReadyQuery, name: str, value: str, message: str
) -> None:
    with pytest.raises(ValueError, match="takes") as caught:
        question.bind({name: value})
    assert message in str(caught.value)


def test_an_unknown_parameter_is_refused_with_those_that_there_are(question: ReadyQuery) -> None:
    with pytest.raises(NotFound, match=r"no parameter 'colour'; it has \['day', 'number', 'text', 'thing'\]"):
        question.bind({"colour": "red"})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (BODY, "no header"),
        ("#+ summary: a: b: c\n" + BODY, "not YAML"),
        ("#+ summary: One\n#+ tags: [a]\n" + BODY, "lacks"),
        (HEADER + "#+ summary: Another?\n" + BODY, "question.rq:9 [summary]: the header has this key twice"),
        (HEADER.replace("type: iri", "type: colour") + BODY, "a type one of"),
        (HEADER.replace(", label: A thing", "") + BODY, "needs name, type and label"),
        (HEADER + BODY.replace("VALUES ?thing", "VALUES ?other"), "one block VALUES ?thing"),
        (HEADER + BODY + 'VALUES ?day { "2026" }', "one block VALUES ?day"),
    ],
)
def test_a_faulty_file_is_named(tmp_path: Path, text: str, message: str) -> None:
    with pytest.raises(SourceError) as caught:
        library_of(tmp_path, text)
    assert "question.rq" in str(caught.value)
    assert message in str(caught.value)


def test_the_library_is_in_order_of_name() -> None:
    names = list(load_library())
    assert names == sorted(names)
