"""The query of a request is read in one of several ways, which must not differ."""

from __future__ import annotations

import time
from urllib.parse import parse_qsl, quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.api.protocol import FORM, LONG, Call, MalformedRequest, parse

MARK = "\ufeff"
PIECES = st.sampled_from(["%", "=", "+", "%2", "%zz", "%3D", "%25", "%C3%A9", "%FF", "\n", "\r", "a"])
WRITTEN = st.text().map(quote) | st.text().map(quote_plus) | st.lists(PIECES, max_size=8).map("".join)


def read_by_the_library(encoded: str) -> str | None:
    try:
        ((_, text),) = parse_qsl(f"query={encoded}", keep_blank_values=True, errors="strict")
    except UnicodeDecodeError:
        return None
    return text.removeprefix(MARK)


@given(WRITTEN)
def test_a_query_is_what_the_library_reads(encoded: str) -> None:
    expected = read_by_the_library(encoded)
    for call in (
        Call("GET", f"query={encoded}".encode()),
        Call("GET", f"&query={encoded}&&other".encode()),
        Call("POST", b"", FORM, f"query={encoded}".encode()),
    ):
        if expected is None:
            with pytest.raises(MalformedRequest):
                parse(call)
        else:
            assert parse(call).text == expected


def test_millions_of_escapes_hold_nobody_up() -> None:
    """Beside what urllib takes of the processor for the same, which is what it took once."""
    encoded = b"query=" + b"%C3%A4" * 300_000
    started = time.process_time()
    assert parse(Call("POST", b"", FORM, encoded)).text == "ä" * 300_000
    ours = time.process_time()
    parse_qsl(encoded.decode())
    assert ours - started < (time.process_time() - ours) / 2


def test_the_escapes_of_a_long_value_have_to_be_right() -> None:
    assert parse(Call("POST", b"", FORM, b"query=" + b"%" * 100)).text == "%" * 100
    with pytest.raises(MalformedRequest, match="percent sign"):
        parse(Call("POST", b"", FORM, b"query=" + b"%" * (LONG + 1)))
