"""The query of a request is read in one of two ways, which must not differ."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote, quote_plus

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.api.protocol import Call, MalformedRequest, parse

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
    call = Call("GET", f"query={encoded}".encode())
    if expected is None:
        with pytest.raises(MalformedRequest):
            parse(call)
    else:
        assert parse(call).text == expected
