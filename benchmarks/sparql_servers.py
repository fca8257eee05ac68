"""The servers that the benchmark of the SPARQL endpoint compares, and what drives them all: wrk."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

LUA = Path(__file__).with_name("requests.lua")
PATIENCE = 30.0  # seconds for the first answer of each class
UNITS = {"us": 0.001, "ms": 1.0, "s": 1000.0, "m": 60_000.0}

OURS = """
import sys
from pathlib import Path
from isogloss.api.app import create_app
from isogloss.commands.serve import run
from isogloss.graph.engine.embedded import EmbeddedEngine
from isogloss.settings import Settings
kept = {"answer_cache": int(sys.argv[3])} if sys.argv[3:] else {}
settings = Settings(port=int(sys.argv[2]), **kept)
engine = EmbeddedEngine(Path(sys.argv[1]), digest="benchmark", settings=settings)
run(settings, create_app(settings, engine, None))
"""
RDFLIB_ENDPOINT = """
import sys, uvicorn
from oxrdflib import OxigraphStore
from pyoxigraph import Store
from rdflib import Dataset
from rdflib_endpoint import SparqlEndpoint
graph = Dataset(store=OxigraphStore(store=Store.read_only(sys.argv[1])))
uvicorn.run(SparqlEndpoint(graph=graph, path="/sparql"), port=int(sys.argv[2]), log_level="error")
"""


@dataclass(frozen=True)
class Load:
    """`count` answers on `connections`, or as many as there are after `most` seconds."""

    connections: int
    count: int
    most: float
    accept: str


@dataclass(frozen=True)
class Turn:
    """What a server did: answers a second, processor time (us) an answer, 99th percentile (ms).

    `refused` requests got a status of an error, or an answer that was cut off; they are no answers.
    """

    rate: float
    cost: float
    late: float
    answers: int
    refused: int = 0


@dataclass(frozen=True)
class Server:
    """A server under test: its query address, and its first process."""

    address: str
    pid: int

    @contextmanager
    def on_turn(self) -> Iterator[str]:
        """Only the server on turn runs: queries that others have not finished must not cost it anything."""
        self._signal(signal.SIGCONT)
        try:
            yield self.address
        finally:
            self._signal(signal.SIGSTOP)

    def _signal(self, number: int) -> None:
        """Parents first, so that none starts a process meanwhile."""
        for pid in _family(self.pid):
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def cpu_seconds(self) -> float:
        """Processor time that the server has taken so far, with all its processes, also those that ended."""
        return sum(_cpu_seconds(pid) for pid in list(_family(self.pid)))

    def rest(self, seconds: float = 10.0) -> None:
        """Wait until the server has ended what a client left behind, or for `seconds`."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            before = self.cpu_seconds()
            time.sleep(0.2)
            if self.cpu_seconds() - before < 0.02:
                return

    def drive(self, load: Load, texts: list[str]) -> Turn:
        with self.on_turn() as address:
            before = self.cpu_seconds()
            told = _wrk(address, load, texts)
            self.rest()
            return _turn(told, load, self.cpu_seconds() - before)

    def answer(self, text: str, accept: str) -> bytes:
        with self.on_turn() as address:
            asked = urllib.request.Request(  # noqa: S310 - our loopback
                f"{address}?query={urllib.parse.quote(text, safe='')}", headers={"Accept": accept}
            )
            with urllib.request.urlopen(asked, timeout=PATIENCE) as response:  # noqa: S310 - our loopback
                return bytes(response.read())


def _family(pid: int) -> Iterator[int]:
    yield pid
    with suppress(OSError):  # a process or a thread may be gone
        for task in Path(f"/proc/{pid}/task").iterdir():
            for child in (task / "children").read_text(encoding="ascii").split():
                yield from _family(int(child))


def _cpu_seconds(pid: int) -> float:
    """Of a process, with that of those that it started and that have ended."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, fields[11:15])) / os.sysconf("SC_CLK_TCK")


def _wrk(address: str, load: Load, texts: list[str]) -> str:
    with tempfile.NamedTemporaryFile("w", suffix=".txt") as urls:
        path = urllib.parse.urlsplit(address).path
        urls.writelines(f"{path}?query={urllib.parse.quote(text, safe='')}\n" for text in texts)
        urls.flush()
        command = ["wrk", "-t1", f"-c{load.connections}", f"-d{load.most:.0f}s", "--timeout", "60s"]
        script = ["--latency", "-s", str(LUA), address, urls.name, load.accept]
        return subprocess.run(
            [*command, *script, str(load.count), str(load.connections)],
            capture_output=True,
            text=True,
            check=True,
        ).stdout


def _turn(told: str, load: Load, cpu_seconds: float) -> Turn:
    requests = int(_found(r"(\d+) requests in", told)[1])
    refused = sum(int(number) for number in re.findall(r"(?:responses: |read )(\d+)\b(?!\.)", told))
    answers = requests - refused
    exactly = re.search(r"Answered in: ([\d.]+)", told)
    rate = load.count / float(exactly[1]) if exactly else requests / load.most
    late = _found(r"99%\s+([\d.]+)(us|ms|s|m)", told)
    milliseconds = float(late[1]) * UNITS[late[2]]
    return Turn(
        rate * answers / max(1, requests), cpu_seconds / max(1, answers) * 1e6, milliseconds, answers, refused
    )


def _found(pattern: str, told: str) -> re.Match[str]:
    found = re.search(pattern, told)
    if found is None:
        raise RuntimeError(told)
    return found


@contextmanager
def server(command: list[str], port: int, path: str = "/sparql") -> Iterator[Server]:
    """A server in a session of its own, halted until its turn comes."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True
    )
    started = Server(f"http://127.0.0.1:{port}{path}", process.pid)
    try:
        _wait_for(started.address, process)
        started.rest()
        started._signal(signal.SIGSTOP)
        yield started
    finally:
        started._signal(signal.SIGKILL)
        process.wait()


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if process.poll() is not None:
            raise RuntimeError(f"a server ended with status {process.returncode}")
        try:
            urllib.request.urlopen(address + "?query=ASK%7B%7D", timeout=5).close()  # noqa: S310 - our loopback
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(address)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def ours(store: Path, *cache: int) -> tuple[list[str], int]:
    """This service, as `isogloss serve` runs it, on somebody else's data; `cache` in bytes, else as usual."""
    port = _free_port()
    return [sys.executable, "-c", OURS, str(store), str(port), *map(str, cache)], port


def oxigraph(store: Path) -> tuple[list[str], int, str]:
    """Oxigraph's own server; the store keeps its default graph, so it needs no option for a union."""
    port = _free_port()
    program = shutil.which("oxigraph", path=sysconfig.get_path("scripts")) or "oxigraph"
    return (
        [program, "serve-read-only", "--location", str(store), "--bind", f"127.0.0.1:{port}"],
        port,
        "/query",
    )


def rdflib_endpoint(store: Path) -> tuple[list[str], int]:
    port = _free_port()
    return [sys.executable, "-c", RDFLIB_ENDPOINT, str(store), str(port)], port
