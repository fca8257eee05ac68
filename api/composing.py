"""An answer as it goes out: the same header fields and content, whichever way it leaves."""

from __future__ import annotations

from collections.abc import Sized
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b

from isogloss.graph.engine.base import Answer, QueryRequest
from isogloss.graph.engine.formats import content_type

from .compression import CODINGS, Wish
from .kept import Headers, Kept, KeptAnswers

CORS: Headers = [
    (b"access-control-allow-origin", b"*"),
    (b"access-control-expose-headers", b"ETag, Link, Retry-After, Server-Timing"),
    (b"vary", b"Accept, Accept-Encoding"),
    (b"x-content-type-options", b"nosniff"),
]
LASTING: Headers = [(b"cache-control", b"public, max-age=0, must-revalidate")]
_NOT_KEPT: Headers = [(b"cache-control", b"no-store")]
_FIXED = 1 + len(CORS) + len(LASTING)  # fields that an answer begins with
_HIT = (b"server-timing", b"cache;desc=hit")


@dataclass(slots=True)
class Asked:
    """A query with what else decides on its answer; `key` are the bytes of the request that do."""

    request: QueryRequest
    wish: Wish
    key: tuple[Sized, ...]


def etag_of(digest: str, asked: Asked) -> bytes:
    request = asked.request
    named = _named(digest, asked.wish, request.accept, request.default_graphs, request.named_graphs).copy()
    named.update(request.text.encode(errors="surrogatepass"))
    return b'"%b"' % named.hexdigest().encode()


@lru_cache(maxsize=256)
def _named(
    digest: str, wish: Wish, accept: tuple[str, ...], default: tuple[str, ...], graphs: tuple[str, ...]
) -> blake2b:
    """What names all but the query itself, which differs from one request to the next."""
    parts = (digest, wish.coding, str(wish.least), *accept, "", *default, "", *graphs, "", "")
    return blake2b("\0".join(parts).encode(errors="surrogatepass"), digest_size=16)


def tag(answer: Answer, asked: Asked) -> bytes:
    """The entity tag of an answer; empty where it may be another the next time."""
    return b"" if answer.volatile or not answer.digest else etag_of(answer.digest, asked)


def heading(answer: Answer, etag: bytes) -> Headers:
    """The header fields of an answer but for those that tell of its content and of the time it took."""
    return [*_usual(answer.media_type), *([*LASTING, (b"etag", etag)] if etag else _NOT_KEPT)]


@lru_cache(maxsize=64)
def _usual(media_type: str) -> Headers:
    return [(b"content-type", content_type(media_type).encode()), *CORS]


def whole(answer: Answer, asked: Asked, kept: KeptAnswers) -> tuple[Headers, bytes]:
    """All header fields, and the content, of an answer that is there; `kept` keeps it if it may."""
    etag = tag(answer, asked)
    headers = heading(answer, etag)
    body = packed(answer.body or b"", asked.wish, headers)
    headers.append((b"content-length", b"%d" % len(body)))
    if etag and kept.limit:
        found = Kept(etag, [*headers, _HIT], body, sum(map(len, asked.key)))
        kept.keep(answer.digest, asked.key, found)
    headers.append(timing(answer))
    return headers, body


def written(headers: Headers) -> bytes:
    """Header fields as they go over the wire; the first ones are the same for nearly all answers."""
    return _written(tuple(headers[:_FIXED])) + b"".join([b"%b: %b\r\n" % field for field in headers[_FIXED:]])


@lru_cache(maxsize=64)
def _written(headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    return b"".join([b"%b: %b\r\n" % field for field in headers])


def timing(answer: Answer) -> tuple[bytes, bytes]:
    parts = [b"%b;dur=%.2f" % (name.encode(), seconds * 1000) for name, seconds in answer.timings.items()]
    if answer.cached:
        parts.append(b"cache;desc=hit")
    return b"server-timing", b", ".join(parts)


def packed(body: bytes, wish: Wish, headers: Headers) -> bytes:
    """The body in the coding that is wished for where it pays; `headers` then say so."""
    if not wish.packs(len(body)):
        return body
    headers.append((b"content-encoding", wish.coding.encode()))
    compressor = CODINGS[wish.coding]()
    return compressor.compress(body) + compressor.finish()
