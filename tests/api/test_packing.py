"""What leaves compressed is the same, says so, and has a tag of its own."""

from __future__ import annotations

import gzip
import zlib

import brotli
import httpx
import pytest
import zstandard

from isogloss.api.packing import LARGEST

PAGE = "/doc/body/itu"
PATHS = [PAGE, "/doc/body/itu.ttl", "/themes", "/ontology.ttl", "/web/isogloss.css"]
UNPACK = {
    "gzip": gzip.decompress,
    "br": brotli.decompress,
    "zstd": lambda data: zstandard.ZstdDecompressor().decompressobj().decompress(data),
}


def raw(client: httpx.Client, path: str, **headers: str) -> tuple[httpx.Response, bytes]:
    """The answer, with its bytes as they came."""
    asked = {"accept": "text/html", **{name.replace("_", "-"): value for name, value in headers.items()}}
    with client.stream("GET", path, headers=asked) as answer:
        return answer, b"".join(answer.iter_raw())


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("coding", UNPACK)
def test_a_packed_answer_is_the_plain_one_in_less(client: httpx.Client, path: str, coding: str) -> None:
    plain, body = raw(client, path, accept_encoding="identity")
    packed, less = raw(client, path, accept_encoding=coding)
    assert packed.headers["content-encoding"] == coding
    assert UNPACK[coding](less) == body
    assert len(less) == int(packed.headers["content-length"]) < len(body) * 0.6
    assert packed.headers["etag"] == plain.headers["etag"][:-1] + f'-{coding}"'
    for answer in (plain, packed):
        assert "accept-encoding" in answer.headers["vary"].lower()
    again, same = raw(client, path, accept_encoding=coding)
    assert (again.headers["etag"], same) == (packed.headers["etag"], less)


@pytest.mark.parametrize("path", PATHS)
def test_who_holds_a_coding_is_told_that_it_is_still_good(client: httpx.Client, path: str) -> None:
    packed, _ = raw(client, path, accept_encoding="br")
    tag = packed.headers["etag"]
    for tags in (tag, f'"other", {tag}', "W/" + tag):
        answer, body = raw(client, path, accept_encoding="br", if_none_match=tags)
        assert (answer.status_code, body, answer.headers["etag"]) == (304, b"", tag)
    other, _ = raw(client, path, accept_encoding="gzip", if_none_match=tag)
    assert other.status_code == 200
    plain, _ = raw(client, path, accept_encoding="identity", if_none_match=tag)
    assert plain.status_code == 200


def test_head_says_what_get_would(client: httpx.Client) -> None:
    headers = {"accept": "text/html", "accept-encoding": "gzip"}
    got, body = raw(client, PAGE, accept_encoding="gzip")
    head = client.head(PAGE, headers=headers)
    for name in ("content-encoding", "content-length", "etag", "vary", "content-type"):
        assert head.headers[name] == got.headers[name]
    assert zlib.decompress(body, 31)


def test_what_gains_nothing_passes_as_it_is(client: httpx.Client) -> None:
    small, _ = raw(client, "/web/mark.svg", accept_encoding="gzip")
    dump, _ = raw(client, "/dumps/isogloss.nq.gz", accept_encoding="gzip")
    part, body = raw(client, "/web/isogloss.css", accept_encoding="gzip", range="bytes=0-99")
    assert "content-encoding" not in {**small.headers, **dump.headers, **part.headers}
    assert (part.status_code, len(body)) == (206, 100)
    assert LARGEST > 1_000_000


def test_errors_and_refusals_stay_readable(client: httpx.Client) -> None:
    lost = client.get("/doc/body/no-such-body", headers={"accept": "text/html", "accept-encoding": "gzip"})
    assert lost.status_code == 404
    assert "Nothing is known" in lost.text
    refused, _ = raw(client, PAGE, accept_encoding="gzip;q=0, br;q=0, *;q=0")
    assert "content-encoding" not in refused.headers
