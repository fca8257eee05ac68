"""What endpoints call the time limit of a query, and how they admit that an answer is not whole."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

Headers = Mapping[str, str]


def _is_whole(_: Headers) -> bool:
    return True


def _virtuoso_is_whole(headers: Headers) -> bool:
    """Virtuoso answers with what it has when the time is over, and says so here."""
    return not any(name in headers for name in ("x-sql-state", "x-sql-message"))


@dataclass(frozen=True, slots=True)
class Dialect:
    """`timeout` is the parameter that takes a time limit (empty: none), written by `written` from seconds.

    `most_rows` is the field by which an answer says that it met the engine's own bound on rows. `store` is
    where the graph store stands, as a change (pattern, replacement) to the query address, and `graph` the
    parameter that names a graph there. `misspelt` are formats of tables (Oxigraph's names) that it does not
    write as they are defined.
    """

    name: str
    timeout: str = ""
    written: Callable[[float], str] = str
    is_whole: Callable[[Headers], bool] = _is_whole
    most_rows: str = ""
    store: tuple[str, str] = ("", "")
    graph: str = "graph"
    misspelt: tuple[str, ...] = ()

    def graph_store(self, query_address: str) -> str:
        """The address of the graph store beside this query address; empty where it cannot be told."""
        pattern, replacement = self.store
        if not pattern or not re.search(pattern, query_address):
            return ""
        return re.sub(pattern, replacement, query_address, count=1)


def _milliseconds(seconds: float) -> str:
    return str(max(1, round(seconds * 1000)))


def _seconds(seconds: float) -> str:
    return str(max(1, round(seconds)))


PLAIN = Dialect("unknown")
DIALECTS: tuple[Dialect, ...] = (
    Dialect(
        "virtuoso",
        "timeout",
        lambda seconds: str(max(1000, round(seconds * 1000))),
        _virtuoso_is_whole,
        "x-sparql-maxrows",
        (r"/sparql(-auth)?/?$", "/sparql-graph-crud-auth"),
        "graph-uri",
        ("TSV",),  # the header lacks its marks, terms their types and languages (SPARQL 1.1 CSV/TSV, 5)
    ),
    Dialect("fuseki", "timeout", _seconds, store=(r"/(sparql|query)?$", "/data")),
    Dialect("graphdb", "timeout", _seconds, store=(r"/?$", "/rdf-graphs/service")),
    Dialect("rdf4j", "timeout", _seconds, store=(r"/?$", "/rdf-graphs/service")),
    Dialect("stardog", "timeout", _milliseconds, store=(r"/query$", "")),
    Dialect("qlever", "timeout", lambda seconds: f"{_seconds(seconds)}s", store=(r"$", "")),
    Dialect("neptune", store=(r"/sparql/?$", "/sparql/gsp/")),
    Dialect("oxigraph", store=(r"/query$", "/store")),
)


def recognized(server: str) -> Dialect:
    """The dialect that a Server field names; one without a time limit of its own where it names none."""
    told = server.lower()
    return next((dialect for dialect in DIALECTS if dialect.name in told), PLAIN)
