"""Putting values into a query: variables become terms, token by token, so that no value can become syntax."""

from __future__ import annotations

import re
from collections.abc import Mapping

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from .lexer import Lexer, Token

Value = NamedNode | BlankNode | Literal | Triple

_LOOKS_ESCAPED = re.compile(r"((?<!\\)(?:\\\\)+)([uU])")


def bind(text: str, values: Mapping[str, Value]) -> str:
    """The query with every variable of `values` (names without the mark) replaced by its term.

    Where a clause lists variables (SELECT, GROUP BY, ORDER BY), the value takes the variable's name along, so
    that a bound variable can still be selected. Raises ValueError where the query itself gives the variable a
    value (after AS, before a VALUES block).
    """
    if not values:
        return text
    parts: list[str] = []
    done = 0
    edge = Token("mark", "", 0, 0)
    tokens = [edge, *Lexer(text), edge]
    selecting = False
    for before, token, after in zip(tokens, tokens[1:], tokens[2:], strict=False):
        if token.kind == "word" and token.value in {"SELECT", "BY", "HAVING"}:
            selecting = token.value == "SELECT"
        if token.kind != "var" or token.value[1:] not in values:
            continue
        if before.value == "AS" or (before.value == "VALUES" and after.value == "{"):
            raise ValueError(f"{token.value} gets its value in the query and cannot be bound")
        parts += (text[done : token.start], _in_place(token, values[token.value[1:]], selecting))
        done = token.end
    return "".join((*parts, text[done:]))


def serialized(value: Value) -> str:
    """A term in SPARQL's syntax.

    A backslash before a `u` must not look like an escape to an engine that resolves those before it parses,
    so that letter is written as an escape itself; both ways of reading then find the same value.
    """
    if not isinstance(value, NamedNode | Literal):
        raise ValueError("only IRIs and literals can be bound")
    return _LOOKS_ESCAPED.sub(lambda found: f"{found[1]}\\u{ord(found[2]):04X}", str(value))


def _in_place(token: Token, value: Value, selecting: bool) -> str:
    term = serialized(value)
    if token.where != "clause":
        return term
    return f"({term} AS {token.value})" if selecting else f"({term})"
