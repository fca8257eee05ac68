"""Which variable is at fault where a query keeps the grammar and breaks a rule about variables.

Oxigraph finds such a fault where the group or the SELECT ends, and does not say whose it is (SPARQL 1.1,
11.4 and 19.8, notes 12 and 13). So variables are taken out, one after the other, until it is content.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from .lexer import Token

MOST = 30  # variables that are tried
WORTH_IT = 10_000  # characters of a query in which they are
TAKEN = "“{}” has a value here already; AS takes a new name"
LOOSE = "“{}” is neither in GROUP BY nor what an aggregate gives"
TWICE = "“{}” is named twice in this SELECT"
ALL = "SELECT * cannot be said with GROUP BY"

Fault = tuple[float, str]  # the number of the token (infinite: the end), and the reason where there is one
Faulty = Callable[[dict[int, str]], Fault | None]


class Suspect(NamedTuple):
    """A token that may be at fault, and what could stand in its place without fault."""

    token: Token
    instead: str
    reason: str


def at_fault(tokens: list[Token], fault: Fault, faulty: Faulty) -> Suspect | None:
    """The first token without which the fault is gone, or comes later; None if no such token is found.

    `faulty` looks for the fault of the query with other texts in the places of some tokens.
    """
    instead: dict[int, str] = {}
    for suspect in list(_suspects(tokens))[: -MOST - 1 : -1]:
        found = faulty(instead | {suspect.token.start: suspect.instead})
        if found is None or found[0] > fault[0]:
            return suspect
        if found[0] == fault[0]:
            instead[suspect.token.start] = suspect.instead
    return None


def _suspects(tokens: list[Token]) -> Iterator[Suspect]:
    """Variables after AS, and whatever variables or `*` a SELECT names."""
    depth, selecting = 0, [-1]  # the depths of the brackets in which a SELECT clause is under way
    named: list[set[str]] = [set()]  # the variables of each
    before = tokens[0]
    for token in tokens:
        name = f"?isogloss{token.start}"
        depth += (token.value in {"(", "{"}) - (token.value in {")", "}"})
        if token.value == "SELECT" and token.kind == "word":
            selecting.append(depth)
            named.append(set())
        elif (token.value == "{" and selecting[-1] == depth - 1) or token.value in {"WHERE", "FROM"}:
            selecting[1:], named[1:] = selecting[1:-1], named[1:-1]
        elif token.kind == "var" and before.value == "AS":
            yield Suspect(token, name, TAKEN.format(token.value))
            named[-1].add(token.value[1:])
        elif selecting[-1] == depth and (token.kind == "var" or token.value == "*"):
            reason = (TWICE if token.value[1:] in named[-1] else LOOSE).format(token.value)
            yield Suspect(token, f"(1 AS {name})", reason if token.kind == "var" else ALL)
            named[-1].add(token.value[1:])
        elif token.kind == "var" and -1 < selecting[-1] < depth:
            yield Suspect(token, "1", LOOSE.format(token.value))
        before = token
