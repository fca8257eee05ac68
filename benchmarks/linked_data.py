"""Descriptions a second, cold and repeated, beside a static file of the same server, and beside Prez.

What is compared takes turns in short rounds, so that what else the machine does falls on both alike; ratios
are taken round by round. With `--prez FOLDER` (its source, with its Python in `.venv`), Prez serves a copy of
the same store. It gives two Turtles: `text/turtle` holds the facts with the thing as subject, as our bare
profile does; `text/anot+turtle` adds labels, as our usual description does (which has inward facts as well).
"""

from __future__ import annotations

import argparse
import itertools
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.parse
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
from sparql_servers import Server

from isogloss.graph import snapshot
from isogloss.ontology.names import BASE

FORMS = {"Turtle": ".ttl", "JSON-LD": ".jsonld", "HTML": ""}
TYPES = {"Turtle": "text/turtle", "JSON-LD": "application/ld+json", "HTML": "text/html"}
STATIC = "/web/isogloss.css"


@contextmanager
def serving(state: Path, memory: int) -> Iterator[Server]:
    """Our own server with `memory` bytes for what it rendered."""
    port = _free_port()
    environment = os.environ | {"ISOGLOSS_WORKERS": "1", "ISOGLOSS_ANSWER_CACHE": str(memory)}
    command = [sys.executable, "-m", "isogloss", "serve", "--port", str(port), "--state", str(state)]
    with _running(command, environment, f"http://127.0.0.1:{port}", "/health") as server:
        yield server


@contextmanager
def _running(command: list[str], environment: dict[str, str], address: str, path: str) -> Iterator[Server]:
    process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        for _ in range(600):
            try:
                httpx.get(address + path, timeout=5)
                break
            except httpx.HTTPError:
                time.sleep(0.2)
        yield Server(address, process.pid)
    finally:
        process.terminate()
        process.wait(30)


@contextmanager
def prez(folder: Path, state: Path) -> Iterator[Server]:
    """Prez over a copy of the store (it opens it for writing)."""
    port = _free_port()
    with tempfile.TemporaryDirectory() as copy:
        shutil.copytree(snapshot.current(state).store, copy, dirs_exist_ok=True)
        environment = os.environ | {"SPARQL_REPO_TYPE": "pyoxigraph_persistent", "PYOXIGRAPH_DATA_DIR": copy}
        python = folder / ".venv" / "bin" / "python"
        command = [str(python), "-m", "uvicorn", "prez.app:assemble_app", "--factory", "--port", str(port)]
        address = f"http://127.0.0.1:{port}"
        with _running(command, environment | {"PYTHONPATH": str(folder)}, address, "/health") as served:
            yield served


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def rate(client: httpx.Client, urls: Iterator[str], accept: str, seconds: float) -> float:
    """Answers a second on one connection."""
    count, start = 0, time.perf_counter()
    while (spent := time.perf_counter() - start) < seconds:
        client.get(next(urls), headers={"accept": accept}).raise_for_status()
        count += 1
    return count / spent


def compare(name: str, ours: list[float], other: list[float]) -> None:
    """Both medians, and the median, least and most of the ratios of the rounds."""
    ratios = [a / b for a, b in zip(ours, other, strict=True)]
    print(
        f"{name:34} {statistics.median(ours):8.1f}/s against {statistics.median(other):8.1f}/s"
        f"  ratio {statistics.median(ratios):.2f} ({min(ratios):.2f}-{max(ratios):.2f})",
        flush=True,
    )


def things(address: str) -> list[str]:
    """The paths of all documents."""
    sitemap = httpx.get(address + "/sitemap.xml", timeout=60).text
    return [urllib.parse.urlsplit(place).path for place in re.findall(r"<loc>([^<]+)</loc>", sitemap)]


def repeated(address: str, paths: list[str], seconds: float, rounds: int) -> None:
    """The same few descriptions again and again, beside a static file."""
    with httpx.Client(base_url=address, timeout=60) as client:
        for form, suffix in FORMS.items():
            urls = itertools.cycle([path + suffix for path in paths[:: len(paths) // 20]])
            for _ in range(21):
                client.get(next(urls), headers={"accept": TYPES[form]})
            ours, static = [], []
            for _ in range(rounds):
                ours.append(rate(client, urls, TYPES[form], seconds))
                static.append(rate(client, itertools.repeat(STATIC), "*/*", seconds))
            compare(f"{form}, repeated, to a static file", ours, static)


def cold(address: str, paths: list[str], seconds: float, rounds: int) -> None:
    """Descriptions that were never asked for, form by form in each round."""
    fresh = iter(paths[7::3])
    rates: dict[str, list[float]] = {form: [] for form in FORMS}
    with httpx.Client(base_url=address, timeout=60) as client:
        for _, (form, suffix) in itertools.product(range(rounds), FORMS.items()):
            urls = (next(fresh) + suffix for _ in itertools.count())
            rates[form].append(rate(client, urls, TYPES[form], seconds))
    for form, found in rates.items():
        print(f"{form + ', cold':34} {statistics.median(found):8.1f}/s ({min(found):.1f}-{max(found):.1f})")


def beside_prez(ours: Server, prez: Server, paths: list[str], seconds: float, rounds: int) -> None:
    """The same things, never asked for before, from both: bare and with labels."""
    every = iter(paths[11::3])

    def fresh() -> Iterator[str]:
        return (next(every) for _ in itertools.count())

    for name, ending, accept in (
        ("bare", ".ttl?_profile=bare", "text/turtle"),
        ("with labels", ".ttl", "text/anot+turtle"),
    ):
        own, peer = [], []
        for _ in range(rounds):
            own.append(turn(ours, (path + ending for path in fresh()), "*/*", seconds))
            theirs = ("/object?uri=" + urllib.parse.quote(_iri(path), safe="") for path in fresh())
            peer.append(turn(prez, theirs, accept, seconds))
        compare(f"Turtle, {name}, cold, to Prez", [each[0] for each in own], [each[0] for each in peer])
        costs = [statistics.median(each[1] for each in side) for side in (own, peer)]
        print(f"{'':34} {costs[0]:8.1f} ms of processor time against {costs[1]:8.1f} ms")


def turn(server: Server, urls: Iterator[str], accept: str, seconds: float) -> tuple[float, float]:
    """Answers a second, and milliseconds of the server's processor time an answer."""
    before, start = server.cpu_seconds(), time.perf_counter()
    with httpx.Client(base_url=server.address, timeout=120) as client:
        found = rate(client, urls, accept, seconds)
    answers = found * (time.perf_counter() - start)
    return found, (server.cpu_seconds() - before) / answers * 1000


def _iri(path: str) -> str:
    return BASE + "id/" + path.removeprefix("/doc/")


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    options.add_argument("--state", type=Path, required=True, help="a state folder with a snapshot")
    options.add_argument("--seconds", type=float, default=1.0)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--prez", type=Path, help="the source of Prez, with its Python in .venv")
    chosen = options.parse_args()
    with serving(chosen.state, 64 << 20) as kept, serving(chosen.state, 0) as bare:
        paths = things(kept.address)
        repeated(kept.address, paths, chosen.seconds, chosen.rounds)
        cold(bare.address, paths, chosen.seconds, chosen.rounds)
        if chosen.prez:
            with prez(chosen.prez, chosen.state) as other:
                beside_prez(bare, other, paths, chosen.seconds, chosen.rounds)


if __name__ == "__main__":
    main()
