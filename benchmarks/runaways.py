"""How late lookups are answered while twenty runaways arrive, beside quiet and beside Oxigraph's own server.

    python benchmarks/runaways.py --state FOLDER [--rounds 3] [--rate 100]

Lookups leave at a fixed rate whatever becomes of those before, and each is timed from the moment at which it
was due: so a standstill counts in full, for every lookup that it holds up. A round starts each server anew,
looks at it for some seconds in quiet, then lets runaways of twenty clients arrive within a few milliseconds
and looks on from that very moment. It ends by itself after about half a minute a round and server.
"""

from __future__ import annotations

import argparse
import asyncio
import gc
import itertools
import os
import random
import shutil
import signal
import socket
import statistics
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import NamedNode, Store

from isogloss.graph.snapshot import current

QUIET_SECONDS, LOUD_SECONDS, WARM_SECONDS = 5.0, 10.0, 1.0
VISITORS, RUNAWAYS, NEWCOMERS = 8, 20, 20
LIMIT = 20  # seconds after which a server gives a runaway up
LOOKUP = "SELECT ?p ?o {{ <{}> ?p ?o }}"
RUNAWAY = "# {}\nSELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }}"


@dataclass
class Seen:
    """Milliseconds from when each lookup was due to its answer: in quiet, and from the runaways' arrival on.

    `newcomers` are those of clients that the server has not seen before, one by one after the arrival.
    """

    quiet: list[float]
    loud: list[float] = field(default_factory=list)
    newcomers: list[float] = field(default_factory=list)

    def ratio(self) -> float:
        return percentile(self.loud, 99) / percentile(self.quiet, 99)


@dataclass(frozen=True)
class Timetable:
    """When lookups are due, on the loop's clock; visitors take the next one each."""

    start: float
    rate: float
    end: float
    numbers: Iterator[int] = field(default_factory=itertools.count)

    def next_due(self) -> float | None:
        due = self.start + next(self.numbers) / self.rate
        return due if due < self.end else None


@dataclass(frozen=True)
class Server:
    """A server under test."""

    port: int
    path: str


class Visitor:
    """A client with an address and a connection of its own."""

    def __init__(self, server: Server, address: str) -> None:
        self._server, self._address = server, address

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection(
            "127.0.0.1", self._server.port, local_addr=(self._address, 0)
        )

    def ask(self, text: str) -> None:
        target = f"{self._server.path}?query={urllib.parse.quote(text, safe='')}"
        head = f"GET {target} HTTP/1.1\r\nHost: localhost\r\nAccept: text/csv\r\n\r\n"
        self._writer.write(head.encode())

    async def answer(self) -> None:
        head = await self._reader.readuntil(b"\r\n\r\n")
        if not head.startswith(b"HTTP/1.1 200"):
            raise RuntimeError(head.decode("latin-1"))
        if b"chunked" in head.lower():
            while (size := int(await self._reader.readline(), 16)) > 0:
                await self._reader.readexactly(size + 2)
            await self._reader.readline()
        else:
            length = head.lower().partition(b"content-length:")[2].partition(b"\r\n")[0]
            await self._reader.readexactly(int(length))

    def close(self) -> None:
        self._writer.close()


async def look_up(server: Server, rate: float, seconds: float, things: Iterator[str]) -> list[float]:
    loop = asyncio.get_running_loop()
    timetable = Timetable(loop.time() + 0.1, rate, loop.time() + 0.1 + seconds)
    waits: list[float] = []

    async def visit(number: int) -> None:
        visitor = Visitor(server, f"127.0.2.{number + 1}")
        await visitor.open()
        while (due := timetable.next_due()) is not None:
            await asyncio.sleep(due - loop.time())
            visitor.ask(LOOKUP.format(next(things)))
            await visitor.answer()
            waits.append((loop.time() - due) * 1000)
        visitor.close()

    await asyncio.gather(*(visit(number) for number in range(VISITORS)))
    return waits


async def visit_once(server: Server, number: int, thing: str) -> float:
    loop = asyncio.get_running_loop()
    started = loop.time()
    newcomer = Visitor(server, f"127.0.3.{number + 1}")
    await newcomer.open()
    newcomer.ask(LOOKUP.format(thing))
    await newcomer.answer()
    newcomer.close()
    return (loop.time() - started) * 1000


async def round_of(server: Server, rate: float, things: Iterator[str]) -> Seen:
    await look_up(server, rate, WARM_SECONDS, things)
    seen = Seen(await look_up(server, rate, QUIET_SECONDS, things))
    runaways = [Visitor(server, f"127.0.1.{number + 1}") for number in range(RUNAWAYS)]
    for runaway in runaways:
        await runaway.open()
    looking = asyncio.create_task(look_up(server, rate, LOUD_SECONDS, things))
    await asyncio.sleep(0.1)
    for number, runaway in enumerate(runaways):
        runaway.ask(RUNAWAY.format(number))
    seen.newcomers = [await visit_once(server, n, next(things)) for n in range(NEWCOMERS)]
    seen.loud = await looking
    for runaway in runaways:
        runaway.close()
    return seen


def percentile(values: list[float], which: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[which - 1]


def tell(name: str, rounds: list[Seen]) -> None:
    """Medians over the rounds; ratios of the 99th percentiles with the least and the most."""
    for what in ("quiet", "loud", "newcomers"):
        runs: list[list[float]] = [getattr(seen, what) for seen in rounds]
        figures = {
            "median": statistics.median(statistics.median(run) for run in runs),
            "99 %": statistics.median(percentile(run, 99) for run in runs),
            "worst": statistics.median(max(run) for run in runs),
        }
        told = "  ".join(f"{key} {value:8.1f} ms" for key, value in figures.items())
        print(f"{name:10} {what:9} {told}", flush=True)
    ratios = [seen.ratio() for seen in rounds]
    spread = f"{statistics.median(ratios):.1f} ({min(ratios):.1f}-{max(ratios):.1f})"
    print(f"{name:10} 99th percentile, loud to quiet: {spread}", flush=True)


def things_of(store: Path) -> Iterator[str]:
    """What lookups ask for, each once in random order, again and again."""
    found = {
        quad.subject.value for quad in Store.read_only(str(store)) if isinstance(quad.subject, NamedNode)
    }
    things = sorted(found)
    random.Random(7).shuffle(things)  # noqa: S311 - repeatable, not secret
    return itertools.cycle(things)


def commands(state: Path, store: Path) -> dict[str, tuple[list[str], Server]]:
    """How to start each server: ours with the snapshot of `state`, the other one on the same store."""
    ours, theirs = Server(free_port(), "/sparql"), Server(free_port(), "/query")
    oxigraph = shutil.which("oxigraph", path=sysconfig.get_path("scripts")) or "oxigraph"
    bind = ["--bind", f"127.0.0.1:{theirs.port}", "--timeout-s", str(LIMIT)]
    serve = [sys.executable, "-m", "isogloss", "serve", "--state", str(state), "--port", str(ours.port)]
    return {
        "isogloss": (serve, ours),
        "oxigraph": ([oxigraph, "serve-read-only", "--location", str(store), *bind], theirs),
    }


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], server: Server) -> Iterator[None]:
    """The server, in a session of its own; it keeps no answers."""
    settings = {"ISOGLOSS_ANSWER_CACHE": "0", "ISOGLOSS_QUERY_TIMEOUT": str(LIMIT)}
    process = subprocess.Popen(
        command,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        env=os.environ | settings,
    )
    try:
        wait_for(f"http://127.0.0.1:{server.port}{server.path}?query=ASK%7B%7D")
        yield
    finally:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()


def wait_for(address: str) -> None:
    for _ in range(300):
        try:
            urllib.request.urlopen(address, timeout=5).close()  # noqa: S310 - our loopback
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(address)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--state", type=Path, required=True)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--rate", type=float, default=100.0, help="lookups a second")
    options.add_argument("--only", choices=["isogloss", "oxigraph"], help="leave the other server out")
    chosen = options.parse_args()
    gc.disable()  # a pause of this side is no delay of theirs
    store = current(chosen.state).store
    things = things_of(store)
    servers = commands(chosen.state, store)
    seen: dict[str, list[Seen]] = {name: [] for name in servers if chosen.only in {None, name}}
    for _, name in itertools.product(range(chosen.rounds), seen):
        command, server = servers[name]
        with running(command, server):
            seen[name].append(asyncio.run(round_of(server, chosen.rate, things)))
    for name, rounds in seen.items():
        tell(name, rounds)


if __name__ == "__main__":
    main()
