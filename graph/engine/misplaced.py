"""Where a query goes wrong: the first token that cannot stand where it stands.

Oxigraph tries a keyword by taking as many characters as it has, and complains about the farthest place that
any trial came to: up to fourteen characters behind the fault, often at the very end. With more room than that
between the tokens, the place lies before the next one.
"""

from __future__ import annotations

import math
import re
from bisect import bisect_right
from collections.abc import Iterable

from pyoxigraph import NamedNode, Store

from isogloss.errors import IsoglossError, QuerySyntaxError

from .complaints import syntax_error
from .escapes import resolve
from .guard import TOUCHING, Service
from .lexer import Lexer, Token, offset_of, position
from .suspects import WORTH_IT, Fault, at_fault

ROOM = " " * 20
LONGEST = 100_000  # characters of a query that is worth a second look
_APART = frozenset("{}()[].;,")
_PLACE = re.compile(r"error at (\d+):(\d+): expected (?:one of )?(.*)", re.DOTALL)
_NO_IRI = "IRI parsing failed"
_SENTENCE = re.compile(r"(?:^|, )([A-Z][^,\[\]'\"]* [^,\[\]'\"]+)")


def explained(told: str, text: str, names: Iterable[Service] = ()) -> QuerySyntaxError:
    """Oxigraph's complaint `told` about `text` with the true place; `names` were written out for it."""
    try:
        tokens = list(Lexer(text)) if len(text) <= LONGEST else []
    except IsoglossError:
        tokens = []
    written_out = {each.start: f"<{each.iri}>" for each in names}
    found = _fault(tokens, text, written_out) if tokens else None
    if found is None:
        return syntax_error(told, text)
    token, reason = _explanation(found, tokens, text, written_out)
    start = token.start if token else len(text.rstrip())
    line, column = position(text, start)
    written = text[start : token.end][:40] if token else ""
    message = f"{reason} (line {line}, column {column})."
    return QuerySyntaxError(message, line=line, column=column, token=written)


def _explanation(
    fault: Fault, tokens: list[Token], text: str, names: dict[int, str]
) -> tuple[Token | None, str]:
    """The token (None: the end) and what is wrong with it."""
    token = tokens[int(fault[0])] if fault[0] < len(tokens) else None
    if (token is None or fault[1] or token.value in {"}", ")"}) and len(text) <= WORTH_IT:
        suspect = at_fault(tokens, fault, lambda instead: _fault(tokens, text, names | instead))
        if suspect is not None:
            return suspect.token, suspect.reason
    written = text[token.start : token.end][:40] if token else ""
    if fault[1] == _NO_IRI or (token is not None and _is_loose(token, tokens)):
        return token, f"“{written}” is no IRI; a relative one takes BASE"
    if fault[1]:
        return token, fault[1]
    if token is None:
        return token, "The query ends too early"
    told = "names a blank node of another group" if token.kind == "bnode" else "cannot stand here"
    return token, f"“{written}” {told}"


def _is_loose(token: Token, tokens: list[Token]) -> bool:
    """Whether this is an IRI that is relative to nothing."""
    if token.kind != "iri" or any(each.kind == "word" and each.value == "BASE" for each in tokens):
        return False
    try:
        NamedNode(resolve(token.value[1:-1]))
    except ValueError:
        return True
    return False


def _fault(tokens: list[Token], text: str, instead: dict[int, str]) -> Fault | None:
    """Where Oxigraph stops at these tokens, some of which are written otherwise; and the reason in words."""
    spaced, starts = _with_room(tokens, text, instead)
    try:
        Store().query(spaced)
    except SyntaxError as error:
        place = _PLACE.search(str(error))
        if place is None:
            return None
        at = offset_of(spaced, int(place[1]), int(place[2]))
        sentence = _SENTENCE.search(place[3])
        number = math.inf if at >= len(spaced) else max(0, bisect_right(starts, at) - 1)
        return number, sentence[1] if sentence else ""
    return None


def _with_room(tokens: list[Token], text: str, names: dict[int, str]) -> tuple[str, list[int]]:
    """The same tokens far apart, as far as they were apart or can be; and where each begins."""
    parts: list[str] = []
    starts: list[int] = []
    size, before = 0, tokens[0]
    for token in tokens:
        if _may_part(before, token):
            parts.append(ROOM)
            size += len(ROOM)
        parts.append(names.get(token.start, text[token.start : token.end]))
        starts.append(size)
        size += len(parts[-1])
        before = token
    return "".join((*parts, ROOM)), starts


def _may_part(before: Token, token: Token) -> bool:
    """Whether there may be blanks between two tokens that follow each other."""
    if before.value in TOUCHING and token.value == "(":
        return False
    return before.end < token.start or before.value in _APART or token.value in _APART
