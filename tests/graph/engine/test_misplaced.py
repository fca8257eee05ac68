"""A query that does not parse is told where it goes wrong: at the first token that cannot stand there."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from isogloss.errors import IsoglossError
from isogloss.graph.engine.guard import examine
from isogloss.graph.engine.lexer import Lexer
from isogloss.graph.engine.misplaced import _with_room, explained

WRONG = [
    ("SELECT * { ?s ?p }", 1, 18, "}"),
    ("SELECT * {\n ?s ?p ?o .\n ?s ?p .\n ?x ?y ?z }", 3, 8, "."),
    ("SELECT * {\r\n\t?s ?p ?o\r\n\t?s ?p ?o }", 3, 2, "?s"),
    ("SELECT * { ?s ?p 'é😀' ?x }", 1, 23, "?x"),
    ("SELECT * { ?s ?p '''two\nlines''' ?x }", 2, 10, "?x"),
    ("SELECT * { ?s ?p ?o FILTER ?o > 3 }", 1, 28, "?o"),
    ("SELECT COUNT(*) { ?s ?p ?o }", 1, 8, "COUNT"),
    ("SELECT (COUNT(*) ?n) { ?s ?p ?o }", 1, 18, "?n"),
    ("SELECT (CONCAT ('a') AS ?x) (COUNT(*) ?n) { ?s ?p ?o }", 1, 39, "?n"),
    ("SELECT ?x, ?y { ?x ?p ?y }", 1, 10, ","),
    ("SELECT * { ?s ?p ?o } LIMIT -1", 1, 29, "-"),
    ("SELECT * { VALUES ?x { ?y } }", 1, 24, "?y"),
    ("SELECT * { ?s ?p ?o FILTER(?o = ) }", 1, 33, ")"),
    ("PREFIX x: <http://x/> SELECT * { ?s x:a.b.c ?o . ?s x:d }", 1, 57, "}"),
    ("SELECT * { ?s <relative> ?o }", 1, 15, "<relative>"),
    ("SELECT * { ?s ?p ?o } ORDER BY", 1, 31, ""),
    ("SELECT * { ?s ?p ?o  \n", 1, 20, ""),
]
PIECES = [
    "?s", "?p", "a", "<http://x/>", "1", "-1.5", "'x'@en", "'x'^^x:int", "x:a", ".", ";", "(", ")",
    "{", "}", "[", "]", "=", "<", "*", "/", "|", "FILTER", "OPTIONAL", "BIND", "AS", "VALUES", "UNION",
    "REGEX(", "CONCAT(", "COUNT(", "GROUP BY", "LIMIT 1", "# a comment\n", "EXISTS {", "SELECT", "DISTINCT",
]  # fmt: skip


def complaint(text: str) -> str | None:
    try:
        Store().query(text)
    except SyntaxError as error:
        return str(error)
    return None


@pytest.mark.parametrize(("text", "line", "column", "token"), WRONG)
def test_the_place_is_that_of_the_fault(text: str, line: int, column: int, token: str) -> None:
    error = explained(complaint(text) or "", text, examine(text).names)
    assert (error.line, error.column, error.token) == (line, column, token)
    assert f"line {line}, column {column}" in str(error)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SELECT ?o { ?s ?p ?o } GROUP BY ?s", "The SELECT contains a variable that is unbound"),
        ("SELECT * { ?s ?p ?o } GROUP BY ?s", "SELECT * is not authorized with GROUP BY"),
        ("SELECT * { ?s <x> ?o }", "IRI parsing failed"),
        ("SELECT * { ?s ?p }", "“}” cannot stand here"),
        ("SELECT * { ?s ?p ?o", "The query ends too early"),
    ],
)
def test_a_reason_in_words_is_given_on(text: str, reason: str) -> None:
    assert str(explained(complaint(text) or "", text)).startswith(reason)


def test_a_very_long_query_keeps_the_place_that_the_engine_told() -> None:
    text = "SELECT * { ?s ?p }" + " " * 200_000
    error = explained(complaint(text) or "", text)
    assert error.line == 1


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=12))
def test_room_between_tokens_changes_nothing_but_the_place(pieces: list[str]) -> None:
    text = f"PREFIX x: <http://x/> SELECT * {{ {' '.join(pieces)} }}"
    try:
        tokens = list(Lexer(text))
    except IsoglossError:
        return
    spaced, starts = _with_room(tokens, text, {})
    told = complaint(spaced)
    assert (told is None) == (complaint(text) is None)
    assert [
        spaced[start : start + token.end - token.start] for start, token in zip(starts, tokens, strict=True)
    ] == [text[token.start : token.end] for token in tokens]
    assert told is None or (explained(told, text).token or "") in text
