"""A query that does not parse is told where it goes wrong: at the first token that cannot stand there."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from isogloss.errors import IsoglossError, QuerySyntaxError
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
ABOUT_VARIABLES = [
    ("SELECT ?o { ?s ?p ?o } GROUP BY ?s", 8, "?o", "neither in GROUP BY"),
    ("SELECT ?s ?p (COUNT(*) AS ?n) { ?s ?p ?o } GROUP BY ?s", 11, "?p", "neither in GROUP BY"),
    ("SELECT (?s + COUNT(*) AS ?n) { ?s ?p ?o }", 9, "?s", "neither in GROUP BY"),
    ("SELECT ?q ?y { ?q ?z ?w } GROUP BY (?z AS ?y)", 8, "?q", "neither in GROUP BY"),
    ("SELECT ?x { { SELECT ?s (MAX(?o) AS ?n) { ?s ?p ?o } } ?x ?y ?n }", 22, "?s", "neither in GROUP BY"),
    ("SELECT * { ?s ?p ?o } GROUP BY ?s", 8, "*", "GROUP BY"),
    ("SELECT ?s { ?s ?p ?o BIND(1 AS ?s) }", 32, "?s", "has a value here already"),
    ("SELECT * { BIND(1 AS ?a) BIND(2 AS ?a) }", 36, "?a", "has a value here already"),
    ("SELECT ?x (1 AS ?x) { ?x ?p ?o }", 17, "?x", "has a value here already"),
    ("SELECT (1 AS ?n) (2 AS ?n) {}", 24, "?n", "has a value here already"),
    ("ASK { FILTER EXISTS { ?s ?p ?o BIND(1 AS ?s) } }", 42, "?s", "has a value here already"),
    ("ASK { ?s ?p _:a . OPTIONAL { _:a ?q ?r } }", 30, "_:a", "blank node of another group"),
    ("ASK { ?s <p> ?o }", 10, "<p>", "BASE"),
    ("SELECT (STR(<b>) AS ?x) {}", 13, "<b>", "BASE"),
    ("BASE <http://x/> ASK { ?s ?p <b> <c> }", 34, "<c>", "cannot stand here"),
    ("SELECT ?x ?x { ?x ?p ?y }", 11, "?x", "named twice"),
    ("SELECT ?x { { SELECT ?x { ?x ?p ?y } } ?x ?p ?y BIND(1 AS ?y) }", 59, "?y", "has a value here already"),
    ("SELECT (COUNT(?s) AS ?x) ?x { ?s ?p ?y }", 26, "?x", "named twice"),
]
UNCLOSED = [
    ("SELECT * { ?s ?p <http://x/a b> }", 18, "An IRI begins here"),
    ("PREFIX x: <http://x/ SELECT * { ?s x:p ?o }", 11, "An IRI begins here"),
    ("SELECT * { ?s ?p ?o FILTER(?o > 3 }", 35, "the “(” of line 1, column 27"),
    ("SELECT * { ?s ?p [ ?q ?r }", 26, "the “[” of line 1, column 18"),
    ("SELECT * { ?s ?p ?o ) }", 21, "the “{” of line 1, column 10"),
    ("SELECT * { ?s ?p ?o } }", 23, "closes nothing"),
    ("PREFIX x <http://x/> SELECT * { ?s x:p ?o }", 8, "takes a colon"),
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


@pytest.mark.parametrize(("text", "column", "token", "reason"), ABOUT_VARIABLES)
def test_a_rule_about_variables_is_told_at_the_variable(
    text: str, column: int, token: str, reason: str
) -> None:
    error = explained(complaint(text) or "", text)
    assert (error.line, error.column, error.token) == (1, column, token)
    assert reason in str(error)


@pytest.mark.parametrize(("text", "column", "reason"), UNCLOSED)
def test_what_is_not_closed_is_named(text: str, column: int, reason: str) -> None:
    with pytest.raises(QuerySyntaxError, match=re.escape(reason)) as told:
        examine(text)
    assert told.value.column == column


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SELECT * { VALUES (?s ?t) { (1) } }", "The VALUES clause rows should have"),
        ("SELECT * { ?s ?p }", "“}” cannot stand here"),
        ("SELECT * { ?s ?p ?o", "The query ends too early"),
    ],
)
def test_a_reason_in_words_is_given_on(text: str, reason: str) -> None:
    assert str(explained(complaint(text) or "", text)).startswith(reason)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SELCT ?s { ?s ?p ?o }", "“SELCT” is no word of SPARQL; perhaps SELECT is meant"),
        ("SELECT ?s wehre { ?s ?p ?o }", "“wehre” is no word of SPARQL; perhaps WHERE is meant"),
        ("ASK { ?s ?p ?o FILTER NOT EXIST {} }", "“EXIST” is no word of SPARQL; perhaps EXISTS is meant"),
        ("ASK { FILTER CONTAIN('a', 'b') }", "“CONTAIN” is no word of SPARQL; perhaps CONTAINS is meant"),
        ("ASK { nonsense ?p ?o }", "“nonsense” is no word of SPARQL (line 1"),
    ],
)
def test_a_word_that_is_none_leads_to_the_one_that_is_meant(text: str, reason: str) -> None:
    with pytest.raises(QuerySyntaxError, match=re.escape(reason)):
        examine(text)


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
