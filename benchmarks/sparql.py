"""Side by side: this service, `oxigraph serve-read-only`, and rdflib-endpoint, on one store and one load.

    python benchmarks/sparql.py ARCHIVE... [--store FOLDER] [--rounds 3] [--only NAME...] [--without NAME...]

ARCHIVE are Relaton archives or a folder of them; FOLDER keeps the store that is made of them for the next
time. With --only, NAME is a class of queries or `mixture`; with --without, a server. Needs wrk and the
`oxigraph` package, and for the third server `rdflib-endpoint` and `oxrdflib`; without these it is left out.

Servers take turns within each round, and ratios are taken round by round, so that whatever else the machine
does hits all alike; who is not on turn is halted. All are asked the same queries in the same order, until
`--most` seconds are over, and before a class is measured all must give as many rows.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import statistics
import sys
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path

from pyoxigraph import Store
from sparql_queries import ACCEPT, Kind, kinds, mixture, values
from sparql_servers import Load, Server, Turn, ours, oxigraph, rdflib_endpoint, server

from isogloss.graph.union import merge_small
from isogloss.graph.works.kept import record_files
from isogloss.graph.works.loading import load as load_records
from isogloss.graph.works.source import write_loaded

POPULATION, ASKED = 1000, 8000  # different queries of the mixture, and how many are asked a round


def build(folder: Path, archives: Sequence[Path]) -> None:
    """A store like that of a snapshot: all records in their graph, and in the default graph."""
    with tempfile.TemporaryDirectory() as scratch:
        load_records(Path(scratch), list(archives))
        quads = Path(scratch) / "loaded.nq"
        write_loaded(record_files(Path(scratch)), Store(), quads)
        store = Store(str(folder))
        store.bulk_load(path=str(quads))
    merge_small(store)
    store.optimize()
    print(f"{len(store) // 2:,} triples, each in its graph and in the default graph")


def compare(name: str, found: Mapping[str, Sequence[Turn]]) -> None:
    """Rate and cost of a class (medians), and ratios of ours round by round (median, least, most)."""
    print(f"\n{name}, {min(min(turn.answers for turn in turns) for turns in found.values())} answers or more")
    for other, turns in found.items():
        rate, cost, late = (
            statistics.median(getattr(turn, what) for turn in turns) for what in ("rate", "cost", "late")
        )
        line = f"  {other:16} {rate:9.1f}/s {cost:9.0f} us of processor time, p99 {late:8.1f} ms"
        if any(turn.refused for turn in turns):
            line += f", {sum(turn.refused for turn in turns)} refused or cut off"
        for what in ("rate", "cost") if other != "isogloss" else ():
            pairs = zip(found["isogloss"], turns, strict=True)
            ratios = [getattr(a, what) / (getattr(b, what) or math.nan) for a, b in pairs]
            line += f" | {what} {statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})"
        print(line, flush=True)


def all_distinct(servers: Mapping[str, Server], kind: Kind, rounds: int, most: float) -> None:
    """No server has seen the queries of a round before, and none keeps answers."""
    asked = kind.count + kind.connections * 4
    able = check(servers, kind.make(39_999))
    servers = {name: each for name, each in servers.items() if name in able}
    found: dict[str, list[Turn]] = {name: [] for name in servers}
    load = Load(kind.connections, kind.count, most, ACCEPT)
    for turn in range(rounds):
        texts = [kind.make(turn * asked + number) for number in range(asked)]
        for name, each in servers.items():
            found[name].append(each.drive(load, texts))
    compare(kind.name, found)


def check(servers: Mapping[str, Server], text: str) -> set[str]:
    """Those servers that answer at all; they must give as many rows or triples."""
    counts: dict[str, int] = {}
    for name, each in servers.items():
        try:
            counts[name] = _rows(each.answer(text, ACCEPT))
        except TimeoutError:
            print(f"\n{name} gave no answer in time to: {text}")
    if len(set(counts.values())) != 1:
        raise SystemExit(f"different answers to {text}: {counts}")
    return set(counts)


def _rows(body: bytes) -> int:
    if body.startswith(b"{"):
        return len(json.loads(body)["results"]["bindings"])
    return body.strip().count(b"\n")


def zipf(servers: Mapping[str, Server], classes: Sequence[Kind], rounds: int) -> None:
    """Some queries are asked again and again, as people do; every round has others."""
    found: dict[str, list[Turn]] = {name: [] for name in servers}
    for turn in range(rounds):
        texts = mixture(classes, POPULATION, ASKED, turn)
        print(f"\nround {turn + 1} of the mixture: {len(set(texts))} different queries of {len(texts)}")
        for name, each in servers.items():
            found[name].append(each.drive(Load(16, ASKED - 64, 600.0, ACCEPT), texts))
    compare("mixture, answers kept as usual", found)


def main() -> None:
    options = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    options.add_argument("archives", nargs="*", type=Path)
    options.add_argument("--store", type=Path)
    options.add_argument("--rounds", type=int, default=3)
    options.add_argument("--most", type=float, default=20.0, help="seconds of a turn at most")
    options.add_argument("--only", nargs="+", default=[])
    options.add_argument("--without", nargs="+", default=[])
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch, ExitStack() as running:
        store = chosen.store or Path(scratch) / "store"
        if not store.exists():
            build(store, chosen.archives)
        classes = kinds(values(store))
        print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}")
        commands = {"isogloss": ours(store, 0), "oxigraph": oxigraph(store)}
        servers = {
            name: running.enter_context(server(*command))
            for name, command in commands.items()
            if name not in chosen.without
        }
        third = find_spec("rdflib_endpoint") and find_spec("oxrdflib")
        for kind in classes:
            if chosen.only and kind.name not in chosen.only:
                continue
            with ExitStack() as apart:  # it cannot be stopped while it works on a query, so it starts anew
                if third and "rdflib-endpoint" not in chosen.without:
                    beside = apart.enter_context(server(*rdflib_endpoint(store)))
                    all_distinct({**servers, "rdflib-endpoint": beside}, kind, chosen.rounds, chosen.most)
                else:
                    all_distinct(servers, kind, chosen.rounds, chosen.most)
        if not chosen.only or "mixture" in chosen.only:
            kept = running.enter_context(server(*ours(store)))
            zipf({"isogloss": kept, "oxigraph": servers["oxigraph"]}, classes, chosen.rounds)


if __name__ == "__main__":
    main()
