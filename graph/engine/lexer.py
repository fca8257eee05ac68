"""The tokens of a SPARQL 1.1 query, where a string ends and a comment begins, in linear time.

Terminals follow the grammar (SPARQL 1.1 Query, 19.8), with two readings that a longest match gets wrong: `<`
after an operand inside an expression is an operator, as the grammar has it, and never begins an IRI; and
every bare word must be one that SPARQL knows, so that no keyword hides behind another (`trueSERVICE`).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import NamedTuple

from isogloss.errors import QuerySyntaxError, QueryTooLarge

DEPTH = 500  # brackets within brackets; people write ten

_BASE = (
    "A-Za-z\u00c0-\u00d6\u00d8-\u00f6\u00f8-\u02ff\u0370-\u037d\u037f-\u1fff\u200c-\u200d\u2070-\u218f"
    "\u2c00-\u2fef\u3001-\ud7ff\uf900-\ufdcf\ufdf0-\ufffd\U00010000-\U000effff"
)
_MORE = "0-9\u00b7\u0300-\u036f\u203f-\u2040"
_PN = rf"_{_BASE}{_MORE}\-"
_PLX = r"%[0-9A-Fa-f]{2}|\\[_~.\-!$&'()*+,;=/?#@%]"
_LOCAL = rf"(?:[{_PN}:]++|{_PLX})"
_UCHAR = r"\\(?:u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8})"
_ESCAPE = rf"""(?:\\[tbnrf"'\\]|{_UCHAR})"""
_DIGITS = r"[0-9]*+\.[0-9]++(?:[eE][+-]?[0-9]++)?|[0-9]++(?:\.?[eE][+-]?[0-9]++)?"

TOKEN = re.compile(
    rf"""(?:[ \t\r\n]++|\#[^\r\n]*+)*+(?:
      (?P<name>(?:(?P<run>[{_BASE}][{_PN}]*+(?:\.++[{_PN}]++)*+))?
        (?P<local>:(?:(?!-|[{_MORE.replace("0-9", "")}]){_LOCAL}++(?:\.++{_LOCAL}++)*+)?))
    | (?P<words>[{_BASE}][{_PN}]*+(?:\.++[{_PN}]++)*+)
    | (?P<var>[?$][_{_BASE}0-9][_{_BASE}{_MORE}]*+)
    | (?P<iri><(?:[^<>"{{}}|^`\\\x00-\x20]++|{_UCHAR})*+>)
    | (?P<string>'''(?:[^'\\]++|{_ESCAPE}|'(?!''))*+'''|\"\"\"(?:[^"\\]++|{_ESCAPE}|"(?!""))*+\"\"\"
        |'(?!'')(?:[^'\\\n\r]++|{_ESCAPE})*+'|"(?!"")(?:[^"\\\n\r]++|{_ESCAPE})*+")
    | (?P<number>{_DIGITS})
    | (?P<bnode>_:[_{_BASE}0-9][{_PN}]*+(?:\.++[{_PN}]++)*+)
    | (?P<lang>@[A-Za-z]++(?:-[A-Za-z0-9]++)*+(?:--[A-Za-z]++)?)
    | (?P<mark><<\(|\)>>|[\]\[{{}}().,;=<>!+\-*/|^?~&])
    | (?P<end>\Z)
    )""",
    re.VERBOSE,
)

WORDS = frozenset(
    """
    A ABS ADD ADJUST ALL AS ASC ASK AVG BASE BIND BNODE BOUND BY CEIL CLEAR COALESCE CONCAT
    CONSTRUCT CONTAINS COPY COUNT CREATE DATA DATATYPE DAY DEFAULT DELETE DESC DESCRIBE DISTINCT
    DROP ENCODE_FOR_URI EXISTS FALSE FILTER FLOOR FROM GRAPH GROUP GROUP_CONCAT HASLANG HASLANGDIR
    HAVING HOURS IF IN INSERT INTO IRI ISBLANK ISIRI ISLITERAL ISNUMERIC ISTRIPLE ISURI LANG LANGDIR
    LANGMATCHES LATERAL LCASE LIMIT LOAD MAX MD5 MIN MINUS MINUTES MONTH MOVE NAMED NOT NOW OBJECT
    OFFSET OPTIONAL ORDER PREDICATE PREFIX RAND REDUCED REGEX REPLACE ROUND SAMETERM SAMPLE SECONDS
    SELECT SEPARATOR SERVICE SHA1 SHA256 SHA384 SHA512 SILENT STR STRAFTER STRBEFORE STRDT STRENDS
    STRLANG STRLANGDIR STRLEN STRSTARTS STRUUID SUBJECT SUBSTR SUM TIMEZONE TO TRIPLE TRUE TZ UCASE
    UNDEF UNION URI USING UUID VALUES VERSION WHERE WITH YEAR
    """.split()  # noqa: SIM905 - a list would take a line a word
)
_OPERANDS = frozenset({"var", "iri", "name", "string", "number", "bnode", "lang"})
_CLAUSES_OF_EXPRESSIONS = frozenset({"SELECT", "BY", "HAVING"})
_OTHER_CLAUSES = frozenset({"WHERE", "FROM", "LIMIT", "OFFSET", "VALUES", "CONSTRUCT", "DESCRIBE", "ASK"})
_NOT_BEFORE_EXPRESSIONS = frozenset({"A", "VALUES", "TRUE", "FALSE", "UNDEF"})
_CLOSED_BY = {")": "(", "}": "{", "]": "[", ")>>": "<<("}


class Token(NamedTuple):
    """`kind` is word, name, var, iri, string, number, bnode, lang or mark; `value` is upper case for a word.

    `where` says what the token stands in: `clause` (SELECT, GROUP BY, ...), `expression`, or `` (patterns).
    """

    kind: str
    value: str
    start: int
    end: int
    where: str = ""


@dataclass(slots=True)
class _Bracket:
    opened: str
    start: int
    holds: str  # "pattern", "expression", or "unsure"
    clause: bool = False


class Lexer:
    """The tokens of `text` in turn, ending with the first that is none (QuerySyntaxError)."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._stack = [_Bracket("", 0, "pattern")]
        self._last = self._before = Token("mark", "", 0, 0)

    def __iter__(self) -> Iterator[Token]:
        text, match, at = self._text, TOKEN.match, 0
        while True:
            found = match(text, at)
            if found is None:
                raise self._unreadable(at)
            kind = found.lastgroup or ""
            start, at = found.span(kind)
            if kind == "end":
                return
            if kind == "words":
                yield from self._words(found["words"], start)
                continue
            value = found[kind]
            if kind == "iri" and self._is_operator(start):
                kind, value, at = "mark", "<", start + 1
            elif value == "<" and self._begins_an_iri(start):
                raise self._error("An IRI begins here that does not end", start, "<")
            if kind == "mark":
                self._nest(value, start)
            yield self._keep(Token(kind, value, start, at, self._where()))

    def _words(self, run: str, start: int) -> Iterator[Token]:
        for part in re.finditer(r"[^.]+|\.", run):
            place, value = start + part.start(), part[0]
            if value == ".":
                yield self._keep(Token("mark", value, place, place + 1))
                continue
            word = value.upper()
            if word not in WORDS or not value.isascii():
                raise self._error(self._unknown(value[:40]), place, value[:40])
            if word in _CLAUSES_OF_EXPRESSIONS:
                self._stack[-1].clause = True
            elif word in _OTHER_CLAUSES:
                self._stack[-1].clause = False
            yield self._keep(Token("word", word, place, place + len(value), self._where()))

    def _unknown(self, word: str) -> str:
        if self._last.value == "PREFIX":
            return f"“{word}” takes a colon as a prefix"
        meant = get_close_matches(word.upper(), sorted(WORDS), 1, 0.75)
        return f"“{word}” is no word of SPARQL" + (f"; perhaps {meant[0]} is meant" if meant else "")

    def _keep(self, token: Token) -> Token:
        self._before, self._last = self._last, token
        return token

    def _where(self) -> str:
        bracket = self._stack[-1]
        return "expression" if bracket.holds == "expression" else "clause" if bracket.clause else ""

    def _is_operator(self, start: int) -> bool:
        last, holds = self._last, self._stack[-1].holds
        if holds == "pattern":
            return False
        operand = last.kind in _OPERANDS or last.value in {")", ")>>", "TRUE", "FALSE"}
        if operand and holds == "unsure":
            raise self._error("“<” can be read in two ways here; put a space after it", start, "<")
        return operand

    def _begins_an_iri(self, start: int) -> bool:
        """Whether a lone `<` can be nothing else: in patterns there are no comparisons."""
        return self._stack[-1].holds == "pattern" and "<<" not in self._text[max(0, start - 1) : start + 2]

    def _nest(self, mark: str, start: int) -> None:
        if mark in "([{" or mark == "<<(":
            holds = self._inside(mark)
            if mark == "{":
                self._stack[-1].clause = False
            self._stack.append(_Bracket(mark, start, holds))
            if len(self._stack) > DEPTH:
                message = f"The query nests brackets more than {DEPTH} deep."
                raise QueryTooLarge(message, cap="nesting", limit=DEPTH)
        elif opener := _CLOSED_BY.get(mark):
            if self._stack[-1].opened != opener:
                raise self._error(self._unmatched(mark), start, mark)
            self._stack.pop()

    def _unmatched(self, mark: str) -> str:
        bracket = self._stack[-1]
        if not bracket.opened:
            return f"“{mark}” closes nothing that is open"
        line, column = position(self._text, bracket.start)
        return f"Before “{mark}” the “{bracket.opened}” of line {line}, column {column} has to be closed"

    def _inside(self, mark: str) -> str:
        around, last = self._stack[-1], self._last
        if mark != "(":
            return "pattern"
        if around.holds != "pattern":
            return around.holds
        if around.opened in {"(", "[", "<<("}:
            return "pattern"
        word_before = last.kind == "word" and last.value not in _NOT_BEFORE_EXPRESSIONS
        call = last.kind in {"iri", "name"} and self._before.value == "FILTER"
        if around.clause or word_before or call:
            return "expression"
        return "unsure" if last.kind == "name" and last.value.upper().startswith("FILTER") else "pattern"

    def _unreadable(self, at: int) -> QuerySyntaxError:
        skipped = re.compile(r"(?:[ \t\r\n]++|#[^\r\n]*+)*+").match(self._text, at)
        start = skipped.end() if skipped else at
        mark = self._text[start : start + 1]
        reason = "A string begins here that does not end" if mark in "'\"" else f"“{mark}” cannot stand here"
        return self._error(reason, start, mark)

    def _error(self, reason: str, start: int, token: str) -> QuerySyntaxError:
        line, column = position(self._text, start)
        return QuerySyntaxError(reason, line=line, column=column, token=token)


def position(text: str, offset: int) -> tuple[int, int]:
    """Line and column, from 1, of an offset."""
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


def offset_of(text: str, line: int, column: int) -> int:
    """The offset of a line and column, both from 1; the end where there is no such place."""
    at = 0
    for _ in range(line - 1):
        at = text.find("\n", at) + 1
        if at == 0:
            return len(text)
    return min(at + column - 1, len(text))
