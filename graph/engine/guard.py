"""The guard: what a query is before it runs. Updates, LOAD and SERVICE are refused wherever they stand."""

from __future__ import annotations

import contextlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from urllib.parse import unquote, urljoin, urlsplit

from isogloss.errors import QueryRefused, QuerySyntaxError

from .escapes import Resolved, readings, resolve
from .lexer import DEPTH, TOKEN, Lexer, Token, offset_of, position

FORMS = frozenset({"SELECT", "CONSTRUCT", "DESCRIBE", "ASK"})
UPDATES = frozenset({"INSERT", "DELETE", "LOAD", "CLEAR", "CREATE", "DROP", "ADD", "MOVE", "COPY", "WITH"})
VOLATILE = frozenset({"RAND", "NOW", "UUID", "STRUUID", "BNODE"})
TOUCHING = frozenset({"BNODE", "COALESCE", "CONCAT"})  # Oxigraph 0.5 takes no blank before their bracket
# Casts, and what has no effects. Engines have functions of their own that fetch and read (Virtuoso's bif:).
FUNCTIONS = (
    "http://www.w3.org/2001/XMLSchema#",
    "http://www.w3.org/2005/xpath-functions",
    "http://www.opengis.net/def/function/",
)
_TAKES_A_NAME = frozenset({"GRAPH", "FROM", "NAMED", "DESCRIBE"})
_DOTTED_TWICE = re.compile(r":[^.]*\.+[^.]+\.")
_WORTH_A_READING = re.compile(  # in a text of small letters: to ignore the case takes ten times as long
    r"service|from|rand|now|uuid|bnode|co(?:alesce|ncat)[\s#]|\\|:(?!//)[^\s<>{}()\"';,]*\.[^\s<>{}()\"';,]*\."
)
_NEVER_IN_IRIS = re.compile(r"[\x00-\x20\x7f\\]")  # which some readers of addresses leave out
_STEPS = re.compile(r"[/\\]")


@dataclass(frozen=True, slots=True)
class Service:
    """A SERVICE call: the IRI it names in full, and where that stands in the text."""

    iri: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the guard found in a query that may run.

    `names` are prefixed names to be written out in full, `gaps` (start, end) what stands in Oxigraph's way.
    """

    form: str
    has_dataset: bool = False
    volatile: bool = False
    services: tuple[Service, ...] = ()
    names: tuple[Service, ...] = ()
    gaps: tuple[tuple[int, int], ...] = ()


_NOTHING_SPECIAL = Verdict("")


@dataclass(slots=True)
class _Examination:
    """One pass over the tokens; `allowed` are the prefixes of IRIs that SERVICE may name.

    `functions` are those of functions that may be called by IRI (None: any).
    """

    text: str
    allowed: tuple[str, ...]
    functions: tuple[str, ...] | None = None
    base: str = ""
    prefixes: dict[str, str] = field(default_factory=dict)
    services: list[Service] = field(default_factory=list)
    names: list[Service] = field(default_factory=list)
    gaps: list[tuple[int, int]] = field(default_factory=list)
    words: set[str] = field(default_factory=set)

    def run(self) -> Verdict:
        tokens = iter(Lexer(self.text))
        form = self._prologue(tokens)
        self._body(tokens, form)
        return Verdict(
            form.value,
            "FROM" in self.words,
            not VOLATILE.isdisjoint(self.words),
            tuple(self.services),
            tuple(self.names),
            tuple(self.gaps),
        )

    def _prologue(self, tokens: Iterator[Token]) -> Token:
        for token in tokens:
            if token.kind == "word" and token.value in FORMS:
                return token
            if token.kind == "word" and token.value in UPDATES:
                raise self._refuse("This is an update, and the data here is read-only", token)
            if token.value == "BASE" and token.kind == "word":
                self.base = _joined(self.base, self._iri(next(tokens, None)))
            elif token.value == "PREFIX" and token.kind == "word":
                self._prefix(next(tokens, None), next(tokens, None))
            elif token.value == "VERSION" and token.kind == "word":
                next(tokens, None)
            else:
                raise self._unexpected("SELECT, CONSTRUCT, DESCRIBE or ASK is expected", token)
        raise self._unexpected("There is no query here", None)

    def _prefix(self, name: Token | None, iri: Token | None) -> None:
        if name is None or name.kind != "name" or not name.value.endswith(":"):
            raise self._unexpected("A prefix with its colon is expected", name)
        self.prefixes[name.value[:-1]] = _joined(self.base, self._iri(iri))

    def _iri(self, token: Token | None) -> str:
        if token is None or token.kind != "iri":
            raise self._unexpected("An IRI in angle brackets is expected", token)
        return resolve(token.value[1:-1])

    def _body(self, tokens: Iterator[Token], last: Token) -> None:
        before, describing, depth = last, last.value == "DESCRIBE", 0
        while (token := next(tokens, None)) is not None:
            if token.kind == "word":
                self.words.add(token.value)
                if token.value in UPDATES:
                    raise self._refuse("A query cannot hold an update", token)
                if token.value == "SERVICE":
                    token = self._service(token, tokens)
                describing = describing and token.value != "WHERE"
            elif token.kind == "name":
                self._name(token)
            elif token.value == "}":
                depth -= 1
            elif token.value == "{":
                depth += 1
                named = before.kind == "word" and before.value in _TAKES_A_NAME
                if _hides_service(last) and not named and not describing:
                    raise self._refuse("Before a brace this reads as SERVICE too; put a dot between", last)
                describing = False
            elif token.value == "(":
                if last.value in TOUCHING and last.end < token.start:
                    self.gaps.append((last.end, token.start))
                elif last.kind in {"iri", "name"} and (last.where or before.kind == "word" or not depth):
                    self._call(last)
            before, last = last, token

    def _name(self, token: Token) -> None:
        prefix = token.value.partition(":")[0]
        if prefix not in self.prefixes:
            raise self._unexpected(f"The prefix “{prefix}:” is not declared", token)
        if _DOTTED_TWICE.search(token.value):
            self.names.append(Service(self._full(token), token.start, token.end))

    def _call(self, function: Token) -> None:
        """A function by IRI; in patterns a bracket after a name opens a list instead."""
        iri = self._full(function)
        if self.functions is not None and not iri.startswith(self.functions):
            raise self._refuse(f"The function <{iri}> may not be called here", function)

    def _full(self, token: Token) -> str:
        """The IRI that a token names; a relative one stays so."""
        if token.kind == "iri":
            return resolve(token.value[1:-1])
        prefix, _, local = token.value.partition(":")
        return self.prefixes.get(prefix, "") + re.sub(r"\\(.)", r"\1", local)

    def _service(self, service: Token, tokens: Iterator[Token]) -> Token:
        if not self.allowed:
            raise self._refuse("SERVICE is not allowed here", service)
        target = next(tokens, None)
        if target is not None and target.value == "SILENT":
            target = next(tokens, None)
        if target is None or target.kind not in {"iri", "name"}:
            raise self._refuse("SERVICE may only name an IRI from the list of this service", service)
        iri = _joined(self.base, self._full(target)) if target.kind == "iri" else self._full(target)
        if not is_allowed(iri, self.allowed):
            raise self._refuse(f"SERVICE may not reach <{iri}>", target)
        self.services.append(Service(iri, target.start, target.end))
        return target

    def _refuse(self, reason: str, token: Token) -> QueryRefused:
        line, column = position(self.text, token.start)
        return QueryRefused(reason, line=line, column=column, token=self.text[token.start : token.end])

    def _unexpected(self, reason: str, token: Token | None) -> QuerySyntaxError:
        start, end = (token.start, token.end) if token else (len(self.text), len(self.text))
        line, column = position(self.text, start)
        return QuerySyntaxError(reason, line=line, column=column, token=self.text[start:end][:40])


def harmless(text: str) -> Verdict | None:
    """A verdict at a glance, for a text without the letters of anything that the guard decides on.

    None says nothing but that `examine` has to read it. The verdict names no form, and a text that is an
    update passes: an engine that parses queries alone then finds that it is none.
    """
    brackets = text.count("{") + text.count("(") + text.count("[") + text.count("<<")
    if brackets >= DEPTH or _WORTH_A_READING.search(text.casefold()):
        return None
    return _NOTHING_SPECIAL


def examine(text: str, allowed: Sequence[str] = (), functions: tuple[str, ...] | None = None) -> Verdict:
    """Decide what a query is, in time linear in its length.

    Raises QueryRefused for an update, for SERVICE, unless it names an IRI under one of `allowed`, and for a
    call of a function by an IRI that is not under one of `functions` (None: any may be called);
    QuerySyntaxError where the text holds no tokens of SPARQL. What passes may still be no valid query.
    """
    for reading in readings(text):
        with contextlib.suppress(QuerySyntaxError):
            _refuse_in(reading, text, tuple(allowed), functions)
    try:
        return _Examination(text, tuple(allowed), functions).run()
    except QueryRefused as error:
        raise _placed(error, error.line, error.column, error.token) from error
    except QuerySyntaxError as error:
        message = f"{error} (line {error.line}, column {error.column})."
        raise QuerySyntaxError(message, line=error.line, column=error.column, token=error.token) from error


def _refuse_in(
    reading: Resolved, written: str, allowed: tuple[str, ...], functions: tuple[str, ...] | None
) -> None:
    """Examine what an engine may read that resolves escapes first; refuse with the place as written."""
    try:
        _Examination(reading.text, allowed, functions).run()
    except QueryRefused as error:
        start = reading.origin(offset_of(reading.text, error.line, error.column))
        end = reading.origin(offset_of(reading.text, error.line, error.column) + len(error.token))
        raise _placed(error, *position(written, start), written[start:end]) from error


def _placed(error: QueryRefused, line: int, column: int, token: str) -> QueryRefused:
    return QueryRefused(f"{error} (line {line}, column {column}).", line=line, column=column, token=token)


def rewritten(text: str, verdict: Verdict, gateways: Mapping[str, str]) -> str:
    """The text with each SERVICE sent through its gateway (IRI -> URL), and as Oxigraph 0.5 can read it.

    That reads only the first dot of a prefixed name's local part; in full it reads every name.
    """
    if not verdict.services and not verdict.names and not verdict.gaps:
        return text
    changes = [(each.start, each.end, f"<{gateways.get(each.iri, each.iri)}>") for each in verdict.services]
    changes += ((each.start, each.end, f"<{each.iri}>") for each in verdict.names)
    changes += ((start, end, "") for start, end in verdict.gaps)
    for start, end, written in sorted(changes, reverse=True):
        text = f"{text[:start]}{written}{text[end:]}"
    return text


def is_allowed(iri: str, allowed: Sequence[str]) -> bool:
    """Whether an IRI stands under one of the prefixes: same scheme and authority, whole path as written."""
    try:
        parts = urlsplit(iri)
    except ValueError:
        return False
    if parts.scheme not in {"http", "https"} or "@" in parts.netloc or _NEVER_IN_IRIS.search(iri):
        return False
    # Some servers climb after decoding, and some (Java's) leave out what follows a semicolon before they do.
    steps = (step.partition(";")[0] for step in _STEPS.split(unquote(parts.path)))
    if not {".", ".."}.isdisjoint(steps):
        return False
    for prefix in allowed:
        wanted = urlsplit(prefix)
        same = (parts.scheme, parts.netloc.lower()) == (wanted.scheme, wanted.netloc.lower())
        if same and (iri[len(parts.scheme) + 3 + len(parts.netloc) :] or "/").startswith(
            prefix[len(wanted.scheme) + 3 + len(wanted.netloc) :] or "/"
        ):
            return True
    return False


def _joined(base: str, reference: str) -> str:
    """The IRI that a reference means; itself where it, or the base, is no IRI at all."""
    try:
        return urljoin(base, reference)
    except ValueError:
        return reference


def token_at(text: str, line: int, column: int) -> str:
    """What stands at a place that a parser complained about; empty at the end."""
    offset = offset_of(text, line, column)
    found = TOKEN.match(text, offset)
    return found[found.lastgroup or 0][:40] if found else text[offset : offset + 1]


def _hides_service(token: Token) -> bool:
    return token.kind == "name" and "service" in token.value.partition(":")[0].lower()
