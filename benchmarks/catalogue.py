"""The catalogue at size: reader beside plain YAML loading, store beside `oxigraph load`, the whole pipeline.

    python benchmarks/catalogue.py ARCHIVE... [--records 10000 --records 40000] [--rounds 3] [--only PART]

ARCHIVE are Relaton archives or folders. PART is reader, store or pipeline. The sides take turns within each
round, and a ratio is taken round by round, by CPU time and by the clock: on a machine that others use too,
the clock shows the neighbours. `--records` limits how many records the pipeline takes; without it, all.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import yaml
from memory import watched
from pyoxigraph import Store

from isogloss.graph.readers.archives import Member, read_members
from isogloss.graph.readers.relaton import archive_name, read_record
from isogloss.graph.works.kept import record_files
from isogloss.graph.works.loading import load
from isogloss.graph.works.source import write_loaded

READER_SAMPLE = 1000  # files of each archive, evenly spread, held in memory so that nobody waits for a disk


@dataclass(frozen=True, slots=True)
class Cost:
    """What work took: seconds by the clock, CPU seconds, and MiB that all its processes held together at most
    (0: not told).
    """

    wall: float
    cpu: float
    memory: float = 0

    def __str__(self) -> str:
        memory = f", {self.memory:.0f} MiB" if self.memory else ""
        return f"{self.wall:.1f} s ({self.cpu:.1f} s CPU{memory})"


def here(work: Callable[[], object]) -> Cost:
    """The cost of a call in this process."""
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    return Cost(time.perf_counter() - wall, time.process_time() - cpu)


def child(*command: str | Path) -> Cost:
    """The cost of a command, with that of its children."""
    start = time.perf_counter()
    process = subprocess.Popen([str(part) for part in command], stdout=subprocess.DEVNULL)
    with watched(process.pid) as shares:
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        raise SystemExit(f"{command[0]} failed")
    return Cost(time.perf_counter() - start, used.ru_utime + used.ru_stime, max(shares))


def told(name: str, ours: list[Cost], theirs: list[Cost], other: str) -> None:
    """One line: how much faster or slower than the other side, in the middle of the rounds."""
    cpu = statistics.median(b.cpu / a.cpu for a, b in zip(ours, theirs, strict=True))
    wall = statistics.median(b.wall / a.wall for a, b in zip(ours, theirs, strict=True))
    print(f"{name}: {cpu:.2f} of {other} by CPU time, {wall:.2f} by the clock", flush=True)


def members(archive: Path) -> Iterator[Member]:
    return (one for one in read_members(archive) if isinstance(one, Member))


def spread(archive: Path, count: int) -> list[Member]:
    """About so many files of an archive, from its beginning to its end: neighbours are alike."""
    step = max(1, sum(1 for _ in members(archive)) // count)
    return list(islice(members(archive), 0, None, step))


def reader(archives: list[Path], rounds: int) -> None:
    """One process each: our reader makes records, the plain loader makes trees."""
    for archive in archives:
        files = spread(archive, READER_SAMPLE)
        ours, theirs = [], []
        for _ in range(rounds):
            ours.append(here(lambda: [read_record(one, "benchmark") for one in files]))  # noqa: B023 - called at once
            theirs.append(here(lambda: [yaml.load(one.data, yaml.CSafeLoader) for one in files]))  # noqa: B023 - called at once
        rate = len(files) / statistics.median(cost.cpu for cost in ours)
        told(f"reader, {archive_name(archive)}, {rate:.0f} records a CPU second", ours, theirs, "CSafeLoader")


def store(archives: list[Path], rounds: int, records: int | None) -> None:
    """The same N-Quads into an empty store, by us and by Oxigraph's own command."""
    command = shutil.which("oxigraph", path=sysconfig.get_path("scripts")) or shutil.which("oxigraph")
    if command is None:
        print("store: left out, there is no `oxigraph` command")
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        load(folder, sampled(folder, archives, records))
        quads = folder / "loaded.nq"
        write_loaded(record_files(folder), Store(), quads)
        ours, theirs = [], []
        code = "import sys; from pyoxigraph import *; s = Store(sys.argv[1]); s.bulk_load(path=sys.argv[2])"
        for _ in range(rounds):
            ours.append(child(sys.executable, "-c", code, folder / "ours", quads))
            theirs.append(child(command, "load", "-l", folder / "theirs", "-f", quads))
            for filled in ("ours", "theirs"):
                shutil.rmtree(folder / filled)
        size = quads.stat().st_size / 2**20
        told(f"store, {size:.0f} MiB of N-Quads, {ours[-1]}", ours, theirs, f"`oxigraph load` ({theirs[-1]})")


def sampled(folder: Path, archives: list[Path], records: int | None) -> list[Path]:
    """The archives themselves, or folders with about `records` of their files in all, evenly spread."""
    if records is None:
        return archives
    counts = {archive: sum(1 for _ in read_members(archive)) for archive in archives}
    step = max(1, sum(counts.values()) // records)
    found = []
    for archive in archives:
        target = folder / "sample" / archive_name(archive) / "data"
        target.mkdir(parents=True)
        found.append(target.parent)
        for number, one in enumerate(members(archive)):
            if number % step == 0:
                (target / f"{number}.yaml").write_bytes(one.data)
    return found


def pipeline(archives: list[Path], records: int | None) -> None:
    """`isogloss load relaton --select all`, then `isogloss build`, from archives to a snapshot."""
    command = Path(sysconfig.get_path("scripts")) / "isogloss"
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        paths = sampled(folder, archives, records)
        state = folder / "state"
        loaded = child(command, "load", "relaton", *paths, "--select", "all", "--state", state)
        built = child(command, "build", "--state", state)
        size = sum(path.stat().st_size for path in (state / "snapshots").rglob("*") if path.is_file())
        count = "all" if records is None else f"about {records}"
        print(
            f"pipeline, {count} records: load {loaded}, build {built}, snapshot {size / 2**20:.0f} MiB",
            flush=True,
        )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("archives", nargs="+", type=Path)
    parser.add_argument("--records", action="append", type=int)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", choices=["reader", "store", "pipeline"])
    given = parser.parse_args()
    sizes: list[int | None] = list(given.records or [None])
    print(
        f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, Python {sys.version.split()[0]}", flush=True
    )
    if given.only in (None, "reader"):
        reader(given.archives, given.rounds)
    if given.only in (None, "store"):
        store(given.archives, given.rounds, sizes[0])
    if given.only in (None, "pipeline"):
        for size in sizes:
            pipeline(given.archives, size)


if __name__ == "__main__":
    main()
