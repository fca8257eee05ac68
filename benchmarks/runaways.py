"""How late point lookups are answered while twenty runaway queries arrive, beside quiet and Oxigraph's server.

    python benchmarks/runaways.py [--store FOLDER] [--publications 250000] [--rounds 3] [--rate 100]

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
import statistics
import tempfile
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from sparql import B, build, ours, oxigraph, server

QUIET_SECONDS, LOUD_SECONDS, WARM_SECONDS = 5.0, 10.0, 1.0
VISITORS, RUNAWAYS = 8, 20
LIMIT = 20  # seconds after which a server gives a runaway up
LOOKUP = "SELECT ?p ?o {{ <{}publication/{}> ?p ?o }}"
RUNAWAY = "# {}\nSELECT (COUNT(*) AS ?n) {{ ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }}"


@dataclass
class Seen:
    """Milliseconds from when each lookup was due to its answer, in quiet and from the runaways' arrival on."""

    quiet: list[float] = field(default_factory=list)
    loud: list[float] = field(default_factory=list)

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


class Visitor:
    """A client with an address and a connection of its own."""

    def __init__(self, port: int, address: str) -> None:
        self._port, self._address = port, address

    async def open(self) -> None:
        self._reader, self._writer = await asyncio.open_connection(
            "127.0.0.1", self._port, local_addr=(self._address, 0)
        )

    def ask(self, text: str) -> None:
        query = urllib.parse.quote(text, safe="")
        head = f"GET /query?query={query} HTTP/1.1\r\nHost: localhost\r\nAccept: text/csv\r\n\r\n"
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


async def look_up(port: int, rate: float, seconds: float, things: Iterator[int]) -> list[float]:
    loop = asyncio.get_running_loop()
    timetable = Timetable(loop.time() + 0.1, rate, loop.time() + 0.1 + seconds)
    waits: list[float] = []

    async def visit(number: int) -> None:
        visitor = Visitor(port, f"127.0.2.{number + 1}")
        await visitor.open()
        while (due := timetable.next_due()) is not None:
            await asyncio.sleep(due - loop.time())
            visitor.ask(LOOKUP.format(B, next(things) * 7919 % 90_000))
            await visitor.answer()
            waits.append((loop.time() - due) * 1000)
        visitor.close()

    await asyncio.gather(*(visit(number) for number in range(VISITORS)))
    return waits


async def round_of(port: int, rate: float) -> Seen:
    things = itertools.count(time.time_ns() % 90_000)
    await look_up(port, rate, WARM_SECONDS, things)
    seen = Seen(await look_up(port, rate, QUIET_SECONDS, things))
    runaways = [Visitor(port, f"127.0.1.{number + 1}") for number in range(RUNAWAYS)]
    for runaway in runaways:
        await runaway.open()
    looking = asyncio.create_task(look_up(port, rate, LOUD_SECONDS, things))
    await asyncio.sleep(0.1)
    for number, runaway in enumerate(runaways):
        runaway.ask(RUNAWAY.format(number))
    seen.loud = await looking
    for runaway in runaways:
        runaway.close()
    return seen


def percentile(values: list[float], which: int) -> float:
    return statistics.quantiles(values, n=100, method="inclusive")[which - 1]


def tell(name: str, rounds: list[Seen]) -> None:
    """Medians over the rounds; ratios of the 99th percentiles with the least and the most."""
    for what, runs in (("quiet", [seen.quiet for seen in rounds]), ("loud", [seen.loud for seen in rounds])):
        figures = {
            "median": statistics.median(statistics.median(run) for run in runs),
            "99 %": statistics.median(percentile(run, 99) for run in runs),
            "worst": statistics.median(max(run) for run in runs),
        }
        told = "  ".join(f"{key} {value:8.1f} ms" for key, value in figures.items())
        print(f"{name:10} {what:6} {told}", flush=True)
    ratios = [seen.ratio() for seen in rounds]
    spread = f"{statistics.median(ratios):.1f} ({min(ratios):.1f}-{max(ratios):.1f})"
    print(f"{name:10} 99th percentile, loud to quiet: {spread}", flush=True)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--publications", type=int, default=250_000)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--rate", type=float, default=100.0, help="lookups a second")
    options.add_argument("--store", type=Path)
    options.add_argument("--only", choices=["isogloss", "oxigraph"], help="leave the other server out")
    chosen = options.parse_args()
    gc.disable()  # a pause of this side is no delay of theirs
    with tempfile.TemporaryDirectory() as scratch:
        store = chosen.store or Path(scratch) / "store"
        if not store.exists():
            build(store, chosen.publications)
        commands = {"isogloss": ours(store, 0), "oxigraph": oxigraph(store)}
        commands["oxigraph"][0].append(f"--timeout-s={LIMIT}")
        seen: dict[str, list[Seen]] = {name: [] for name in commands if chosen.only in {None, name}}
        for _, name in itertools.product(range(chosen.rounds), seen):
            with server(*commands[name]) as started, started.on_turn(), suppress(TimeoutError):
                seen[name].append(asyncio.run(round_of(commands[name][1], chosen.rate)))
        for name, rounds in seen.items():
            tell(name, rounds)


if __name__ == "__main__":
    main()
