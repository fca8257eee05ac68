"""The catalogue as it is served: memory of the server, and searches and facets beside the same in SPARQL.

    python benchmarks/catalogue_served.py --large STATE --small STATE [--rounds 5] [--requests 500]

STATE are state folders with a snapshot: one of the whole corpus, one of what ships. Each search is asked of
both in turn, and costs are processor time of this process, so that neighbours on the machine count little.
The facets are asked once more as SPARQL of the same snapshot's store, in this process too. Memory is the
proportional share (PSS) of the server and all its workers, at rest and after mixed requests (pages, searches,
SPARQL).
"""

from __future__ import annotations

import argparse
import itertools
import os
import socket
import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import httpx
from memory import share
from pyoxigraph import QuerySolutions, Store

from isogloss.graph.search.finder import Finder, Wanted
from isogloss.graph.snapshot import current
from isogloss.ontology.names import BASE, IG

WORDS = (
    "system", "data", "security", "artificial intelligence", "machine learning", "quantum key distribution",
    "iso 9001", "y.3800", "edge ai draft itu", "risk management", "5g", "sistem",
)  # fmt: skip
NARROWED: tuple[dict[str, tuple[str, ...]], ...] = (
    {},
    {"kind": ("publication",)},
    {"kind": ("publication",), "status": ("in-force",)},
    {"kind": ("publication",), "body": ("iso",)},
    {"kind": ("publication",), "body": ("itu",), "status": ("superseded",)},
    {"kind": ("publication",), "year": ("2019",)},
)
_COUNTED = (f"<{IG}status>", f"<{IG}publishedBy>", f"<{IG}developedBy>", f"<{IG}themeOrBroader>", "a")
_NARROW = {
    "kind": f"a <{IG}Publication>", "status": f"<{IG}status> <{BASE}id/concept/status/{{}}>",
    "body": f"<{IG}publishedBy> <{BASE}id/body/{{}}>", "year": "<http://purl.org/dc/terms/issued> ?date",
}  # fmt: skip


def cost(work: Callable[[], object]) -> float:
    """Milliseconds of processor time in this process."""
    start = time.process_time()
    work()
    return (time.process_time() - start) * 1000


def in_sparql(store: Store, facets: dict[str, tuple[str, ...]]) -> Callable[[], None]:
    """The same facets as counting queries, one a facet."""
    patterns = [f"?it {_NARROW[name].format(value)}" for name, values in facets.items() for value in values]
    years = facets.get("year", ())
    where = " . ".join(patterns or [f"?it a <{IG}Publication>"])
    where += f' FILTER(STRSTARTS(STR(?date), "{years[0]}"))' if years else ""

    def ask() -> None:
        for name in _COUNTED:
            query = f"SELECT ?v (COUNT(DISTINCT ?it) AS ?n) {{ {where} . ?it {name} ?v }} GROUP BY ?v"
            rows = store.query(query.replace(") . ?it", ") ?it"))
            assert isinstance(rows, QuerySolutions)  # noqa: S101 - a SELECT
            list(rows)

    return ask


def told(name: str, large: list[float], small: list[float]) -> None:
    def p95(costs: list[float]) -> float:
        return statistics.quantiles(costs, n=20, method="inclusive")[18]

    print(
        f"{name}: large {statistics.median(large):.1f} ms (p95 {p95(large):.1f}), small "
        f"{statistics.median(small):.1f} ms (p95 {p95(small):.1f}); ratio "
        f"{statistics.median(large) / statistics.median(small):.1f}, of p95 {p95(large) / p95(small):.1f}",
        flush=True,
    )


def searches(large: Path, small: Path, rounds: int) -> None:
    """Searches with words, then facets alone, of both states in turn; then the facets as SPARQL."""
    finders = Finder(current(large).index), Finder(current(small).index)
    for name, wanted in (
        ("search by words", [Wanted(words) for words in WORDS]),
        ("facets alone", [Wanted("", facets, sort="newest") for facets in NARROWED]),
    ):
        costs: tuple[list[float], list[float]] = ([], [])
        for _, one in itertools.product(range(rounds), wanted):
            for finder, found in zip(finders, costs, strict=True):
                found.append(cost(lambda: finder.search(one)))  # noqa: B023 - called at once
        told(name, *costs)
    store = Store.read_only(str(current(large).store))
    for facets in NARROWED[1:]:
        ours = statistics.median(
            cost(lambda: finders[0].search(Wanted("", facets, sort="newest")))  # noqa: B023 - called at once
            for _ in range(rounds)
        )
        theirs = cost(in_sparql(store, facets))
        print(
            f"facets {facets}: {ours:.1f} ms, in SPARQL {theirs:.0f} ms: {theirs / ours:.0f} times",
            flush=True,
        )


@contextmanager
def served(state: Path) -> Iterator[tuple[str, int]]:
    """A server of the state: its URL and process."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    command = [sys.executable, "-m", "isogloss", "serve", "--state", str(state), "--port", str(port)]
    process = subprocess.Popen(command, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    try:
        for _ in range(300):
            time.sleep(0.2)
            with socket.socket() as tried:
                if tried.connect_ex(("127.0.0.1", port)) == 0:
                    break
        yield f"http://127.0.0.1:{port}", process.pid
    finally:
        process.terminate()
        process.wait()


def paths(index: Finder) -> Iterator[str]:
    """Mixed requests that differ: descriptions, searches with words and facets, SPARQL."""
    items = index.search(Wanted("", {"kind": ("publication",)}, sort="title", per_page=200)).items
    for number, item in enumerate(itertools.cycle(items)):
        yield "/doc/" + item.iri.removeprefix(BASE + "id/") + f"?n={number}"
        yield f"/search?q={quote(WORDS[number % len(WORDS)])}&from={1900 + number // len(WORDS)}"
        yield f"/catalogue?from={1950 + number % 70}&body={('iso', 'iec', 'itu', 'ieee')[number % 4]}"
        yield "/sparql?query=" + quote(
            f"SELECT ?s ?l {{ ?s <{IG}publishedBy> ?b ; <http://www.w3.org/2000/01/rdf-schema#label> ?l }}"
            f" LIMIT 100 OFFSET {number * 100}"
        )


def memory(state: Path, requests: int) -> None:
    with served(state) as (url, pid), httpx.Client(base_url=url, timeout=120) as client:
        client.get("/health")
        time.sleep(3)
        print(f"server at rest: {share(pid):.0f} MiB", flush=True)
        wrong = 0
        for path in itertools.islice(paths(Finder(current(state).index)), requests):
            accept = "text/html" if not path.startswith("/sparql") else "application/sparql-results+json"
            wrong += client.get(path, headers={"accept": accept}).status_code != 200
        most = share(pid)
        time.sleep(5)
        print(
            f"after {requests} requests ({wrong} failed): {most:.0f} MiB, then {share(pid):.0f} MiB",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--large", type=Path, required=True)
    parser.add_argument("--small", type=Path, required=True)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=500)
    given = parser.parse_args()
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}", flush=True
    )
    searches(given.large, given.small, given.rounds)
    memory(given.large, given.requests)


if __name__ == "__main__":
    main()
