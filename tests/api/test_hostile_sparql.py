"""A hostile half-minute: afterwards nothing is left of it, and nobody who behaved has noticed."""

from __future__ import annotations

import asyncio
import os
import random
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from tests.graph.engine.asked import EX, make_store

SECONDS = 15.0
CUSTOMERS = (2, 3)  # the last parts of their addresses
LABEL = f"<{EX}label>"
RUNAWAYS = (
    "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }",
    "SELECT * { ?a ?b ?c . ?d ?e ?f } ORDER BY DESC(?c) ?f",
    f"SELECT (COUNT(*) AS ?n) {{ ?a (<{EX}next>|^<{EX}next>)* ?b . ?b <{EX}next>+ ?c }}",
    f'SELECT * {{ ?a {LABEL} ?x . ?b {LABEL} ?y FILTER REGEX(CONCAT(?x, ?y), "(a*)*(b*)*{"x?" * 500}z") }}',
    "SELECT * { VALUES ?x { " + " ".join(f'"{n}"' for n in range(100_000)) + " } ?a ?b ?x }",
    "ASK " + "{" * 400 + "}" * 400,
    "ASK { FILTER(" + "(" * 5000 + "1" + ")" * 5000 + ") }",
    "SELECT (" + "!" * 20_000 + "true AS ?x) {}",
    "SELECT * { ?s " + "/".join([f"<{EX}next>"] * 5000) + " ?o }",
    "#" * 10_000_000 + "\nASK {}",
    'ASK { ?s ?p "' + "x" * 10_000_000 + '" }',
)
SERVER = """
import asyncio, sys
from pathlib import Path
import uvicorn
from isogloss.api.edge import Edge
from isogloss.api.sparql import SparqlEndpoint
from isogloss.graph.engine.embedded import EmbeddedEngine
from isogloss.settings import Settings

async def main():
    settings = Settings(query_timeout=1, query_timeout_max=1, query_memory=256 << 20, answer_cache=8 << 20)
    async with EmbeddedEngine(Path(sys.argv[1]), digest="d", settings=settings) as engine:
        config = uvicorn.Config(SparqlEndpoint(engine), port=int(sys.argv[2]), http=Edge,
                                log_level="critical", timeout_graceful_shutdown=2)
        await uvicorn.Server(config).serve()

asyncio.run(main())
"""


@dataclass
class Town:
    """A server under attack, and what its honest customers met with."""

    address: str
    port: int
    ends: float
    right: Counter[int] = field(default_factory=Counter)  # answers by customer
    wrong: list[str] = field(default_factory=list)


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[subprocess.Popen[bytes], int]]:
    store = make_store(tmp_path_factory.mktemp("hostile") / "store", 20_000)
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    process = subprocess.Popen([sys.executable, "-c", SERVER, str(store), str(port)])
    try:
        _wait_for(f"http://127.0.0.1:{port}/")
        yield process, port
    finally:
        process.terminate()
        process.wait(20)


@pytest.mark.skipif(sys.platform != "linux", reason="processes and memory are counted through /proc")
def test_a_hostile_time_costs_nothing(server: tuple[subprocess.Popen[bytes], int]) -> None:
    process, port = server
    asyncio.run(_attack(port, 3.0))  # buffers and caches have their size now
    memory_before, crew = _settled(process.pid)
    town = asyncio.run(_attack(port, SECONDS))
    memory_after, crew_after = _settled(process.pid)
    assert town.wrong == []
    assert all(town.right[customer] for customer in CUSTOMERS)
    assert crew_after == crew
    assert memory_after < memory_before * 1.2
    assert process.poll() is None


async def _attack(port: int, seconds: float) -> Town:
    town = Town(f"http://127.0.0.1:{port}/", port, time.monotonic() + seconds)
    villains: list[Callable[[Town, random.Random], Awaitable[None]]] = [
        _runaway, _runaway, _runaway, _half_open, _endless_head, _slow_reader, _deserter, _babbler,
    ]  # fmt: skip
    work = [_keep_on(villain, town, seed) for seed, villain in enumerate(villains)]
    await asyncio.gather(*work, *(_honest(town, customer) for customer in CUSTOMERS))
    return town


async def _keep_on(villain: Callable[[Town, random.Random], Awaitable[None]], town: Town, seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a repeatable villain
    while time.monotonic() < town.ends:
        try:
            async with asyncio.timeout(5):
                await villain(town, chance)
        except (OSError, TimeoutError, httpx.HTTPError, asyncio.IncompleteReadError):
            await asyncio.sleep(0.01)


async def _honest(town: Town, customer: int) -> None:
    """Comes from an address of its own: who shares one with villains rightly waits behind what they ask."""
    wire = httpx.AsyncHTTPTransport(local_address=f"127.0.0.{customer}")
    async with httpx.AsyncClient(timeout=20, transport=wire) as client:
        number = customer
        while time.monotonic() < town.ends:
            number += len(CUSTOMERS)
            thing = number % 20_000
            text = f"SELECT ?l {{ <{EX}thing/{thing}> {LABEL} ?l }}"
            response = await client.get(town.address, params={"query": text}, headers={"Accept": "text/csv"})
            if response.text == f"l\r\nthing {thing}\r\n":
                town.right[customer] += 1
            else:
                town.wrong.append(f"{response.status_code} {response.text[:200]}")
            await asyncio.sleep(0.02)


async def _runaway(town: Town, chance: random.Random) -> None:
    async with httpx.AsyncClient(timeout=4) as client:
        text = f"# {chance.random()}\n{chance.choice(RUNAWAYS)}"
        response = await client.post(
            town.address, content=text, headers={"Content-Type": "application/sparql-query"}
        )
        assert response.status_code in {200, 400, 413, 502, 503}


async def _half_open(town: Town, chance: random.Random) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", town.port)
    writer.write(
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/sparql-query\r\nContent-Length: 500\r\n\r\n"
    )
    await writer.drain()
    await asyncio.sleep(chance.random())
    writer.transport.abort()
    await asyncio.sleep(0)


async def _endless_head(town: Town, chance: random.Random) -> None:
    _, writer = await asyncio.open_connection("127.0.0.1", town.port)
    writer.write(b"GET / HTTP/1.1\r\n")
    try:
        for _ in range(1000):
            writer.write(b"X: " + b"y" * chance.randrange(100_000) + b"\r\n")
            await writer.drain()
    finally:
        writer.transport.abort()
        await asyncio.sleep(0)


async def _slow_reader(town: Town, chance: random.Random) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", town.port, limit=1024)
    writer.write(
        b"GET /?query=SELECT%20*%20%7B%3Fs%20%3Fp%20%3Fo.%3Fa%20%3Fb%20%3Fc%7D HTTP/1.1\r\nHost: x\r\n\r\n"
    )
    try:
        for _ in range(10):
            await reader.read(100)
            await asyncio.sleep(0.1 * chance.random())
    finally:
        writer.transport.abort()
        await asyncio.sleep(0)


async def _deserter(town: Town, chance: random.Random) -> None:
    async with httpx.AsyncClient(timeout=0.05 + chance.random() / 5) as client:
        await client.get(town.address, params={"query": f"# {chance.random()}\n{RUNAWAYS[0]}"})


async def _babbler(town: Town, chance: random.Random) -> None:
    async with httpx.AsyncClient(timeout=4) as client:
        junk = chance.randbytes(chance.randrange(2000))
        if chance.random() < 0.5:
            _, writer = await asyncio.open_connection("127.0.0.1", town.port)
            writer.write(junk)
            await writer.drain()
            writer.transport.abort()
            await asyncio.sleep(0)
        else:
            text = b"SELECT * { " + junk
            response = await client.post(
                town.address, content=text, headers={"Content-Type": "application/sparql-query"}
            )
            assert response.status_code in {400, 403}


def _wait_for(address: str) -> None:
    for _ in range(100):
        try:
            httpx.get(address)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError("the server did not start")


def _settled(server: int) -> tuple[int, int]:
    """Memory (bytes, of server and all that came of it) and number of processes once things are quiet."""
    seen: list[tuple[int, int]] = []
    for _ in range(100):
        time.sleep(0.1)
        family = [*_family(server)]
        seen.append((sum(_resident(pid) for pid in family), len(family)))
        if len(seen) > 30 and len({crew for _, crew in seen[-30:]}) == 1:
            break
    return seen[-1]


def _family(pid: int) -> Iterator[int]:
    yield pid
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return
    for child in children.split():
        yield from _family(int(child))


def _resident(pid: int) -> int:
    try:
        pages = Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")
