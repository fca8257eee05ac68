"""Side by side: this service, `oxigraph serve-read-only`, and rdflib-endpoint, on one store and one load.

    python benchmarks/sparql.py [--publications 250000] [--seconds 2] [--rounds 3] [--store FOLDER]

Needs wrk, the `oxigraph` package, and for the third server `rdflib-endpoint` and `oxrdflib`; where these
are missing it is left out. Servers take turns within each round: what else the machine does hits all alike.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Store

B = "http://example.org/"
THEMES, BODIES, STATUSES = 200, 500, 5
CONNECTIONS = 16
JSON = "application/sparql-results+json"
LUA = Path(__file__).with_name("requests.lua")

OURS = """
import asyncio, sys, uvicorn
from pathlib import Path
from isogloss.api.sparql import SparqlEndpoint
from isogloss.graph.engine.embedded import EmbeddedEngine
from isogloss.settings import Settings
async def main():
    settings = Settings(workers=2, answer_cache=int(sys.argv[3]), query_timeout=20)
    async with EmbeddedEngine(Path(sys.argv[1]), digest="benchmark", settings=settings) as engine:
        endpoint = SparqlEndpoint(engine, memory=int(sys.argv[3]) // 4)
        config = uvicorn.Config(endpoint, port=int(sys.argv[2]), log_level="error",
                                access_log=False, http="httptools", lifespan="off")
        await uvicorn.Server(config).serve()
import uvloop
uvloop.run(main())
"""
RDFLIB_ENDPOINT = """
import sys, uvicorn
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint
graph = Dataset(store="Oxigraph", default_union=True)
graph.open(sys.argv[1])
uvicorn.run(SparqlEndpoint(graph=graph, path="/query"), port=int(sys.argv[2]), log_level="error")
"""


@dataclass(frozen=True)
class Load:
    """A class of queries: `make` gives the text of the nth; few connections where each query is heavy."""

    name: str
    make: Callable[[int], str]
    connections: int = CONNECTIONS
    accept: str = JSON


@dataclass(frozen=True)
class Server:
    """A server under test: its query address, and its process group."""

    address: str
    group: int

    @contextmanager
    def on_turn(self) -> Iterator[str]:
        """Only the server on turn runs: queries that others have not finished must not cost it anything."""
        os.killpg(self.group, signal.SIGCONT)
        try:
            yield self.address
        finally:
            time.sleep(0.4)  # to end what wrk has left behind, with the clock running
            os.killpg(self.group, signal.SIGSTOP)

    def cpu_seconds(self) -> float:
        """Processor time that the server has taken so far, with all its processes, also those that ended."""
        return sum(_cpu_seconds(pid) for pid in _family(self.group))


def _family(pid: int) -> Iterator[int]:
    yield pid
    for task in Path(f"/proc/{pid}/task").iterdir():
        with suppress(OSError):  # the thread may be gone
            for child in (task / "children").read_text(encoding="ascii").split():
                yield from _family(int(child))


def _cpu_seconds(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _title(number: int) -> str:
    return f"Recommendation {number} on subject {number % 977} for systems of kind {number % 31}"


LOADS = (
    Load("point lookup", lambda n: f"SELECT ?p ?o {{ <{B}publication/{n * 7919 % 100_000}> ?p ?o }}"),
    Load(
        "search by subject",
        lambda n: (
            f"SELECT ?s ?title {{ ?s <{B}theme> <{B}theme/{n % THEMES}> ; <{B}body> <{B}body/{n % BODIES}> ; "
            f"<{B}title> ?title }} LIMIT {20 + n % 7}"
        ),
    ),
    Load(
        "aggregation over all",
        lambda n: f"SELECT ?status (COUNT(*) AS ?n{n}) {{ ?s <{B}status> ?status }} GROUP BY ?status",
        4,
    ),
    Load("50,000 rows", lambda n: f"SELECT ?s ?title {{ ?s <{B}title> ?title }} LIMIT {50_000 + n % 100}", 4),
    Load(
        "text filter",
        lambda n: f'SELECT ?s {{ ?s <{B}title> ?t FILTER(CONTAINS(?t, "subject {n % 977} for")) }} LIMIT 200',
        4,
    ),
    Load(
        "path", lambda n: f"SELECT (COUNT(?x) AS ?n) {{ <{B}publication/{n % 90_000}> <{B}supersedes>+ ?x }}"
    ),
    Load(
        "CONSTRUCT",
        lambda n: (
            f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s <{B}theme> <{B}theme/{n % THEMES}> ; ?p ?o }} "
            f"LIMIT {500 + n}"
        ),
        8,
        "application/n-triples",
    ),
)


def quads(publications: int) -> Iterator[Quad]:
    """About ten triples a publication, in three graphs."""
    for n in range(publications):
        graph, thing = NamedNode(f"{B}graph/{n % 3}"), NamedNode(f"{B}publication/{n}")
        yield Quad(thing, NamedNode(B + "title"), Literal(_title(n), language="en"), graph)
        yield Quad(thing, NamedNode(B + "identifier"), Literal(f"X.{n}"), graph)
        yield Quad(thing, NamedNode(B + "status"), NamedNode(f"{B}status/{n % STATUSES}"), graph)
        yield Quad(thing, NamedNode(B + "issued"), Literal(str(1950 + n % 76)), graph)
        yield Quad(thing, NamedNode(B + "body"), NamedNode(f"{B}body/{n * 31 % BODIES}"), graph)
        for k in range(3):
            yield Quad(thing, NamedNode(B + "theme"), NamedNode(f"{B}theme/{n * (k + 1) % THEMES}"), graph)
        yield Quad(thing, NamedNode(B + "page"), NamedNode(f"https://example.org/x.{n}"), graph)
        if n % 10:
            yield Quad(thing, NamedNode(B + "supersedes"), NamedNode(f"{B}publication/{n - 1}"), graph)


def build(folder: Path, publications: int) -> None:
    store = Store(str(folder))
    store.bulk_extend(quads(publications))
    store.optimize()
    print(f"{len(store):,} triples")


@contextmanager
def server(command: list[str], port: int) -> Iterator[Server]:
    """A server in a process group of its own, halted until its turn comes."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    started = Server(f"http://127.0.0.1:{port}/query", process.pid)
    try:
        _wait_for(started.address, process)
        os.killpg(process.pid, signal.SIGSTOP)
        yield started
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(f"a server ended with status {process.returncode}")
        try:
            urllib.request.urlopen(address + "?query=ASK%7B%7D", timeout=5).close()  # noqa: S310 - our loopback
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(address)


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def ours(store: Path, cache: int) -> tuple[list[str], int]:
    port = free_port()
    return [sys.executable, "-c", OURS, str(store), str(port), str(cache)], port


def oxigraph(store: Path) -> tuple[list[str], int]:
    port = free_port()
    program = shutil.which("oxigraph", path=sysconfig.get_path("scripts")) or "oxigraph"
    arguments = ["--location", str(store), "--bind", f"127.0.0.1:{port}", "--union-default-graph"]
    return [program, "serve-read-only", *arguments], port


def rdflib_endpoint(store: Path) -> tuple[list[str], int]:
    port = free_port()
    return [sys.executable, "-c", RDFLIB_ENDPOINT, str(store), str(port)], port


def drive(server: Server, load: Load, seconds: int, texts: list[str]) -> tuple[float, float]:
    """Answers a second, and microseconds of processor time an answer."""
    with server.on_turn() as address:
        before = server.cpu_seconds()
        rate, _ = drive_address(address, load, seconds, texts)
        return rate, (server.cpu_seconds() - before) / max(1.0, rate * seconds) * 1e6


def drive_address(address: str, load: Load, seconds: int, texts: list[str]) -> tuple[float, float]:
    """Answers a second, and the 99th percentile of the time to answer in milliseconds."""
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as urls:
        path = urllib.parse.urlsplit(address).path
        urls.writelines(f"{path}?query={urllib.parse.quote(text, safe='')}\n" for text in texts)
        urls.flush()
        command = ["wrk", "-t1", f"-c{load.connections}", f"-d{seconds}s", "--timeout", "30s", "--latency"]
        told = subprocess.run(
            [*command, "-s", str(LUA), address, urls.name, load.accept],
            capture_output=True,
            text=True,
            check=True,
        ).stdout
    if "Non-2xx" in told:
        raise RuntimeError(told)
    rate = re.search(r"Requests/sec:\s+([\d.]+)", told)
    late = re.search(r"99%\s+([\d.]+)(us|ms|s)", told)
    scale = {"us": 0.001, "ms": 1.0, "s": 1000.0}
    return float(rate[1]) if rate else 0.0, float(late[1]) * scale[late[2]] if late else float("nan")


class Fresh:
    """Texts that no server has seen before."""

    def __init__(self) -> None:
        self._next = 0

    def take(self, load: Load, count: int) -> list[str]:
        first, self._next = self._next, self._next + count
        return [load.make(number) for number in range(first, self._next)]


def compare(name: str, found: dict[str, list[tuple[float, float]]]) -> None:
    """One line: rate and cost (medians), and the ratios of ours round by round (median, least, most)."""
    line = [f"{name:22}"]
    for server, runs in found.items():
        rate, cpu = (statistics.median(column) for column in zip(*runs, strict=True))
        line.append(f"{server} {rate:9.1f}/s {cpu:9.0f} us")
    for other in [server for server in found if server != "isogloss"]:
        for what, place in (("rate", 0), ("cost", 1)):
            pairs = zip(found["isogloss"], found[other], strict=True)
            ratios = [a[place] / b[place] if b[place] else float("inf") for a, b in pairs]
            told = f"{statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
            line.append(f"| {what} to {other} {told}")
    print("  ".join(line), flush=True)


def all_distinct(servers: dict[str, Server], seconds: int, rounds: int) -> None:
    print("\nall distinct, no answer kept")
    for load in LOADS:
        fresh, rates = Fresh(), {name: list[tuple[float, float]]() for name in servers}
        count = 200 if load.connections == 4 else 60_000 if load.name == "point lookup" else 10_000
        for _ in range(rounds):
            texts = fresh.take(load, count)
            for name, each in servers.items():
                rates[name].append(drive(each, load, seconds, texts))
        compare(load.name, rates)


def zipf(servers: dict[str, Server], seconds: int, rounds: int) -> None:
    print("\nZipf-repeated, answers kept")
    chance = random.Random(7)  # noqa: S311 - repeatable, not secret
    pool = [load.make(number) for number in range(300) for load in LOADS if load.accept == JSON]
    pool = [text for text in pool if "50_0" not in text and "LIMIT 500" not in text]
    weights = [1 / rank for rank in range(1, len(pool) + 1)]
    rates: dict[str, list[tuple[float, float]]] = {name: [] for name in servers}
    for _ in range(rounds):
        texts = chance.choices(pool, weights, k=20_000)
        for name, each in servers.items():
            rates[name].append(drive(each, LOADS[0], seconds, texts))
    compare("mixture", rates)


RUNAWAY = """
import http.client, sys
connection = http.client.HTTPConnection(sys.argv[1], timeout=60, source_address=(sys.argv[2], 0))
connection.request("GET", sys.argv[3])
connection.getresponse().read()
"""


def among_runaways(address: str, seconds: int) -> None:
    load = Load("point lookup", LOADS[0].make, 4)
    text = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
    for crowd in ("20 clients", "one client"):
        _, quiet = drive_address(address, load, seconds * 2, Fresh().take(load, 60_000))
        host = urllib.parse.urlsplit(address).netloc
        runaways = []
        for n in range(20):
            path = f"/query?timeout=15&query={urllib.parse.quote(f'# {crowd} {n}{chr(10)}{text}')}"
            source = f"127.0.1.{n + 1}" if crowd == "20 clients" else "127.0.1.99"
            command = [sys.executable, "-c", RUNAWAY, host, source, path]
            runaways.append(subprocess.Popen(command, stderr=subprocess.DEVNULL))
        time.sleep(4)
        _, loud = drive_address(address, load, seconds * 2, Fresh().take(load, 60_000))
        for process in runaways:
            process.kill()
            process.wait()
        told = f"quiet {quiet:.1f} ms, loud {loud:.1f} ms, ratio {loud / quiet:.1f}"
        print(f"\npoint lookups, 4 connections, beside 20 runaways of {crowd}: p99 {told}", flush=True)
        time.sleep(2)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--publications", type=int, default=250_000)
    options.add_argument("--seconds", type=int, default=2)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--store", type=Path)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as running:
        store = chosen.store or Path(scratch) / "store"
        if not store.exists():
            build(store, chosen.publications)
        commands = {"isogloss": ours(store, 0), "oxigraph": oxigraph(store)}
        if find_spec("rdflib_endpoint") and find_spec("oxrdflib"):
            copy = Path(scratch) / "copy"
            shutil.copytree(store, copy)
            commands["rdflib-endpoint"] = rdflib_endpoint(copy)
        servers = {name: running.enter_context(server(*command)) for name, command in commands.items()}
        all_distinct(servers, chosen.seconds, chosen.rounds)
        kept = running.enter_context(server(*ours(store, 64 << 20)))
        zipf({"isogloss": kept, "oxigraph": servers["oxigraph"]}, chosen.seconds, chosen.rounds)
        with servers["isogloss"].on_turn() as address:
            among_runaways(address, chosen.seconds)


if __name__ == "__main__":
    main()
