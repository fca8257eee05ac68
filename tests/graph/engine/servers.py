"""Real SPARQL servers of others, with the small data in them, for the length of a test run."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sysconfig
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pyoxigraph
import pytest

from .asked import EX, small_quads

VIRTUOSO = shutil.which("virtuoso-t")
OXIGRAPH = shutil.which("oxigraph", path=sysconfig.get_path("scripts"))


@contextmanager
def oxigraph_server(store: Path) -> Iterator[str]:
    """`oxigraph serve-read-only` over a store; its query address."""
    if OXIGRAPH is None:
        pytest.skip("the oxigraph server is not installed (pip install oxigraph)")
    port = free_port()
    command = [OXIGRAPH, "serve-read-only", "--location", str(store), "--bind", f"127.0.0.1:{port}"]
    with _running([*command, "--union-default-graph"], f"http://127.0.0.1:{port}/"):
        yield f"http://127.0.0.1:{port}/query"


@contextmanager
def empty_oxigraph(*options: str) -> Iterator[str]:
    """`oxigraph serve` with nothing in it, in memory; its query address."""
    if OXIGRAPH is None:
        pytest.skip("the oxigraph server is not installed (pip install oxigraph)")
    port = free_port()
    with _running([OXIGRAPH, "serve", "--bind", f"127.0.0.1:{port}", *options], f"http://127.0.0.1:{port}/"):
        yield f"http://127.0.0.1:{port}/query"


@contextmanager
def virtuoso_server(folder: Path) -> Iterator[str]:
    """A Virtuoso of its own in `folder`, with the small data loaded; its query address."""
    with empty_virtuoso(folder) as address:
        _load_virtuoso(address.removesuffix("/sparql"))
        yield address


@contextmanager
def empty_virtuoso(folder: Path) -> Iterator[str]:
    """A Virtuoso of its own in `folder`, with its factory password; its query address."""
    if VIRTUOSO is None:
        pytest.skip("Virtuoso is not installed (apt install virtuoso-opensource-7)")
    port, web = free_port(), free_port()
    config = folder / "virtuoso.ini"
    config.write_text(_virtuoso_config(folder, port, web), encoding="ascii")
    address = f"http://127.0.0.1:{web}"
    with _running([VIRTUOSO, "+foreground", "+configfile", str(config)], address + "/sparql"):
        yield address + "/sparql"


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


@contextmanager
def _running(command: list[str], address: str) -> Iterator[None]:
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _wait_for(address, process)
        yield
    finally:
        process.kill()
        process.wait()


def _wait_for(address: str, process: subprocess.Popen[bytes]) -> None:
    for _ in range(300):
        if process.poll() is not None:
            raise RuntimeError(f"the server ended with {process.returncode}")
        try:
            httpx.get(address, timeout=1)
        except httpx.TransportError:
            time.sleep(0.1)
        else:
            return
    raise TimeoutError(f"nothing answers at {address}")


def _load_virtuoso(address: str) -> None:
    """Through the Graph Store Protocol, which Virtuoso guards with its factory password."""
    graphs: dict[str, list[pyoxigraph.Triple]] = {}
    for quad in small_quads():
        graphs.setdefault(str(quad.graph_name.value), []).append(quad.triple)  # type: ignore[union-attr]
    for graph, triples in graphs.items():
        body = pyoxigraph.serialize(triples, format=pyoxigraph.RdfFormat.N_TRIPLES)
        httpx.put(
            address + "/sparql-graph-crud-auth",
            params={"graph-uri": graph},
            content=body,
            headers={"Content-Type": "text/turtle"},
            auth=httpx.DigestAuth("dba", "dba"),
            timeout=30,
        ).raise_for_status()
    assert EX in next(iter(graphs))


def _virtuoso_config(folder: Path, port: int, web: int) -> str:
    return f"""
[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
FileExtend = 200
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
FileExtend = 200
[Parameters]
ServerPort = 127.0.0.1:{port}
DisableUnixSocket = 1
DirsAllowed = {folder}
NumberOfBuffers = 2000
MaxDirtyBuffers = 1200
ThreadsPerQuery = 2
[HTTPServer]
ServerPort = 127.0.0.1:{web}
ServerRoot = {folder}
ServerThreads = 6
HTTPThreadSize = 280000
[SPARQL]
ResultSetMaxRows = 1000000
DefaultQuery = ASK {{}}
"""
