"""Counting the rows of a result as its bytes go by, so that a cap holds in every format."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

from isogloss.errors import QueryTooLarge

T = TypeVar("T")
Refuse = Callable[[str, int, str], QueryTooLarge]

_WAYS = {"XML": "_xml", "TSV": "_lines", "CSV": "_csv", "JSON": "_json", "N_TRIPLES": "_lines"}
_JSON_STRING = re.compile(rb'"(?:[^"\\]|\\.)*+"', re.DOTALL)


class RowCounter:
    """Counts rows in the bytes that Oxigraph writes; `refuse` makes the error when there are too many.

    XML escapes `<` and TSV escapes line ends inside values, so there a row is one mark. In CSV, a line end
    counts outside quotes only. In JSON, rows follow each other as `},{` once strings are taken out.
    """

    def __init__(self, oxigraph_name: str, limit: int, refuse: Refuse) -> None:
        self._count: Callable[[bytes], int] = getattr(self, _WAYS[oxigraph_name])
        self._limit, self._refuse = limit, refuse
        self._rest, self._escape, self._quoted = b"", b"", False
        self.rows = 1 if oxigraph_name == "JSON" else -1 if oxigraph_name in {"CSV", "TSV"} else 0

    @classmethod
    def knows(cls, oxigraph_name: str) -> bool:
        """Whether rows can be told apart in this format."""
        return oxigraph_name in _WAYS

    def feed(self, data: bytes) -> None:
        self.rows += self._count(data)
        if self.rows > self._limit:
            raise self._refuse("result_rows", self._limit, "rows")

    def _lines(self, data: bytes) -> int:
        return data.count(b"\n")

    def _xml(self, data: bytes) -> int:
        text, mark = self._rest + data, b"<result>"
        self._rest = text[-(len(mark) - 1) :]
        return text.count(mark)

    def _csv(self, data: bytes) -> int:
        parts = data.split(b'"')
        outside = parts[1::2] if self._quoted else parts[0::2]
        self._quoted ^= len(parts) % 2 == 0
        return sum(part.count(b"\n") for part in outside)

    def _json(self, data: bytes) -> int:
        opening = b'"' + self._escape if self._quoted else b""
        bare = _JSON_STRING.sub(b"", opening + data)
        start = bare.find(b'"')
        self._quoted = start >= 0
        if self._quoted:
            inside = bare[start:]
            self._escape = b"\\" * ((len(inside) - len(inside.rstrip(b"\\"))) % 2)
            bare = bare[:start]
        known = self._rest + bare.translate(None, b" \t\r\n")
        self._rest = known[-2:]
        return known.count(b"},{")


def counted(items: Iterable[T], limit: int, refuse: Refuse) -> Iterator[T]:
    """The same items; raises instead of giving one more than `limit`."""
    for number, item in enumerate(items, 1):
        if number > limit:
            raise refuse("result_rows", limit, "triples")
        yield item
