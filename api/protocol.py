"""A SPARQL 1.1 Protocol request taken apart: three ways to send a query, and what is wrong with others."""

from __future__ import annotations

import re
from binascii import a2b_qp
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote_to_bytes

from pyoxigraph import NamedNode

from isogloss.errors import NotAcceptable, QueryRefused
from isogloss.graph.engine.base import QueryRequest
from isogloss.graph.engine.formats import ALL_TYPES, GRAPHS, RESULTS

from .negotiation import all_of, not_acceptable, preferred

FORM = "application/x-www-form-urlencoded"
DIRECT = "application/sparql-query"
UPDATE = "application/sparql-update"
FIELDS = 1000
LONG = 64 * 1024  # bytes of a value from which its escapes have to be right
_OFFERED = tuple(each.media_type for each in (*RESULTS, *GRAPHS))
_MARK = "\ufeff"  # some editors put it before the first character
_LOOSE = re.compile(rb"%(?![0-9A-Fa-f]{2})")
_SECONDS = re.compile(r"[0-9]+(?:\.[0-9]*)?|\.[0-9]+")


class MalformedRequest(ValueError):
    """The request is not one that the protocol knows (SPARQL 1.1 Protocol, 2.1); says what is wrong."""


@dataclass(slots=True)
class Call:
    """An HTTP request as far as the protocol looks at it."""

    method: str
    query_string: bytes
    content_type: str = ""
    body: bytes = b""
    accept: str = ""
    client: str = ""


def parse(call: Call) -> QueryRequest:
    """The query and its data set. MalformedRequest, NotAcceptable, or QueryRefused for an update."""
    if call.method != "POST" and (text := _only_query(call.query_string)) is not None:
        return QueryRequest(text.removeprefix(_MARK), _wanted(call.accept), client=call.client)
    parameters = _pairs(call.query_string)
    texts = [value for name, value in parameters if name == "query"]
    if call.method == "POST":
        media_type = call.content_type.partition(";")[0].strip().lower()
        if media_type == FORM:
            posted = _pairs(call.body)
            parameters += posted
            texts += [value for name, value in posted if name == "query"]
        elif media_type == DIRECT:
            texts.append(_decoded(call.body, call.content_type))
        elif media_type == UPDATE:
            raise _no_updates(UPDATE)
        else:
            told = f"“{media_type}”" if media_type else "nothing"
            raise MalformedRequest(f"A POST sends {DIRECT} or {FORM}; its Content-Type says {told}.")
    if any(name == "update" for name, _ in parameters):
        raise _no_updates("update")
    if len(texts) != 1:
        raise MalformedRequest("There is no query." if not texts else "There is more than one query.")
    return QueryRequest(
        texts[0].removeprefix(_MARK),
        _named(_mediatype(parameters)) or _wanted(call.accept),
        _graphs(parameters, "default-graph-uri"),
        _graphs(parameters, "named-graph-uri"),
        _timeout(parameters),
        call.client,
    )


def _only_query(encoded: bytes) -> str | None:
    """The query, where it is the one parameter and is written without a fault; None: look closer.

    Escapes are read as those of quoted-printable, which but for ends of lines differ in the mark alone: in C.
    """
    if not encoded.startswith(b"query=") or b"&" in encoded or b"\n" in encoded or b"\r" in encoded:
        return None
    text = encoded[6:].replace(b"+", b" ").replace(b"=", b"%3D")
    plain = a2b_qp(text.replace(b"%", b"="))
    if len(text) - len(plain) != 2 * text.count(b"%"):
        return None  # an escape that is none was left as it is
    try:
        return plain.decode()
    except UnicodeDecodeError:
        return None


@lru_cache(maxsize=256)
def _wanted(accept: str) -> tuple[str, ...]:
    if not accept or accept == "*/*":
        return ()
    wanted = preferred(accept, ALL_TYPES)
    if not wanted:
        raise not_acceptable(accept, _OFFERED)
    return wanted


def _named(media_type: str) -> tuple[str, ...]:
    """What a parameter names, in which a plus that nobody has escaped means a space."""
    if not media_type:
        return ()
    try:
        return all_of(media_type.replace(" ", "+"), ALL_TYPES)
    except NotAcceptable as error:
        raise not_acceptable(media_type, _OFFERED) from error


def _pairs(encoded: bytes) -> list[tuple[str, str]]:
    if encoded.count(b"&") >= FIELDS:
        raise MalformedRequest(f"There are more than {FIELDS} parameters.")
    parts = (part.partition(b"=") for part in encoded.split(b"&") if part)
    try:
        return [(_unescaped(name), _unescaped(value)) for name, _, value in parts]
    except UnicodeDecodeError as error:
        raise MalformedRequest("The parameters are not UTF-8.") from error


def _unescaped(encoded: bytes) -> str:
    """A name or value, read in C too: urllib takes seconds for millions of escapes, and all wait for it."""
    text = encoded.replace(b"+", b" ")
    if b"%" not in text:
        return text.decode()
    if loose := _LOOSE.search(text):
        if len(text) > LONG:
            raise MalformedRequest(f"A percent sign escapes nothing (byte {loose.start()} of a long value).")
        return unquote_to_bytes(text).decode()
    return a2b_qp(text.replace(b"=", b"%3D").replace(b"%", b"=")).decode()


def _decoded(body: bytes, content_type: str) -> str:
    _, _, parameters = content_type.lower().partition("charset=")
    charset = parameters.partition(";")[0].strip(" \"'")
    if charset not in {"", "utf-8", "utf8", "us-ascii"}:
        raise MalformedRequest(f"A query is sent in UTF-8, not in {charset}.")
    try:
        return body.decode()
    except UnicodeDecodeError as error:
        raise MalformedRequest(f"The query is not UTF-8 (byte {error.start}).") from error


def _graphs(parameters: Iterable[tuple[str, str]], wanted: str) -> tuple[str, ...]:
    found = tuple(dict.fromkeys(value for name, value in parameters if name == wanted))
    for iri in found:
        try:
            NamedNode(iri)
        except ValueError as error:
            raise MalformedRequest(f"{wanted} is no absolute IRI: {iri[:200]}") from error
    return found


def _mediatype(parameters: Iterable[tuple[str, str]]) -> str:
    """What a plain form asks for, which cannot set Accept: the last `_mediatype`, empty if there is none."""
    return next((value for name, value in reversed(list(parameters)) if name == "_mediatype"), "")


def _timeout(parameters: Iterable[tuple[str, str]]) -> float | None:
    asked = [value for name, value in parameters if name == "timeout"]
    if not asked:
        return None
    seconds = float(asked[-1]) if _SECONDS.fullmatch(asked[-1]) else 0.0
    if not seconds:
        raise MalformedRequest(f"timeout is a number of seconds above 0, not “{asked[-1][:40]}”.")
    return seconds


def _no_updates(token: str) -> QueryRefused:
    return QueryRefused("This endpoint takes no updates.", line=1, column=1, token=token)
