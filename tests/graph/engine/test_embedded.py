"""The embedded engine: bounds that hold, workers that come and go, clients that do not notice each other."""

from __future__ import annotations

import asyncio
import os
import signal
import statistics
import subprocess
import sys
import time
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode

from isogloss.errors import (
    EngineBusy,
    EngineError,
    NotAcceptable,
    QueryError,
    QueryOverMemory,
    QueryRefused,
    QuerySyntaxError,
    QueryTimeout,
    QueryTooLarge,
)
from isogloss.graph.engine.base import QueryRequest
from isogloss.graph.engine.embedded import EmbeddedEngine
from isogloss.graph.engine.results import ask, construct, select

from .asked import EX, Asked, answered, embedded, make_store

RUNAWAY = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i }"
HOARDER = "SELECT (COUNT(*) AS ?n) { SELECT DISTINCT * { ?a ?b ?c . ?d ?e ?f } }"
COUNT = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }"
COUNT_IN_FIRST = f"SELECT (COUNT(*) AS ?n) FROM <{EX}graph/0> {{ ?s ?p ?o }}"  # noqa: S608
COUNT_NAMED = f"SELECT (COUNT(*) AS ?n) FROM NAMED <{EX}graph/0> {{ GRAPH ?g {{ ?s ?p ?o }} }}"  # noqa: S608
EVERYTHING = "SELECT * { ?s ?p ?o }"


def test_the_default_graph_is_the_union_and_from_narrows_it(small_store: Path) -> None:
    with embedded(small_store) as engine:
        assert "600" in engine.body(COUNT, "text/csv")
        assert "200" in engine.body(COUNT_IN_FIRST, "text/csv")
        assert "200" in engine.body(COUNT_NAMED, "text/csv")
        both = (EX + "graph/1", EX + "graph/2")
        assert "400" in engine.body(COUNT_IN_FIRST, "text/csv", default_graphs=both)
        assert "0" in engine.body(COUNT_NAMED, "text/csv", default_graphs=both)


def test_errors_are_told_apart(small_store: Path) -> None:
    with embedded(small_store) as engine:
        with pytest.raises(QuerySyntaxError) as syntax:
            engine.ask("SELECT * {\n ?s ?p ?o garbage }")
        assert (syntax.value.line, syntax.value.column, syntax.value.token) == (2, 11, "garbage")
        with pytest.raises(QueryRefused):
            engine.ask("SELECT * { SERVICE <http://127.0.0.1/> {} }")
        with pytest.raises(NotAcceptable, match="text/turtle"):
            engine.ask("CONSTRUCT { <x:s> <x:p> <<( <x:a> <x:b> 1 )>> } {}", "application/ld+json")
        with pytest.raises(NotAcceptable) as refused:
            engine.ask("ASK {}", "text/turtle")
        assert "text/csv" in refused.value.offered
        with pytest.raises(QueryError, match="not supported"):
            engine.ask("SELECT (<http://example.org/f>(1) AS ?x) {}")


def test_a_runaway_is_stopped_at_its_deadline_and_the_next_query_runs(large_store: Path) -> None:
    with embedded(large_store, workers=1) as engine:
        with pytest.raises(QueryTimeout) as caught:
            engine.ask(RUNAWAY, timeout=0.5)
        assert caught.value.seconds == 0.5
        assert "true" in engine.body("ASK {}")


def test_no_query_may_ask_for_more_time_than_the_service_gives(large_store: Path) -> None:
    with embedded(large_store, query_timeout_max=0.3) as engine, pytest.raises(QueryTimeout):
        engine.ask(RUNAWAY, timeout=1000)


def test_a_query_over_its_memory_is_stopped(large_store: Path) -> None:
    with embedded(large_store, query_memory=100 * 1024 * 1024) as engine:
        with pytest.raises(QueryOverMemory) as caught:
            engine.ask(HOARDER)
        assert caught.value.limit == 100 * 1024 * 1024
        assert "true" in engine.body("ASK {}")


def test_others_do_not_notice_runaways(large_store: Path) -> None:
    async def crowd(asked: Asked) -> tuple[float, int]:
        runaways = [
            asyncio.create_task(answered(asked.engine, f"# {n}\n{RUNAWAY}", timeout=1, client=f"r{n}"))
            for n in range(8)
        ]
        await asyncio.sleep(0.1)
        waits: list[float] = []
        for number in range(30):
            started = time.perf_counter()
            _, body = await answered(asked.engine, f"ASK {{ <{EX}thing/{number}> ?p ?o }}", client="me")
            waits.append(time.perf_counter() - started)
            assert b"true" in body
        ended = await asyncio.gather(*runaways, return_exceptions=True)
        return statistics.median(waits), sum(isinstance(each, QueryTimeout | EngineBusy) for each in ended)

    with embedded(large_store) as engine:
        wait, stopped = engine.run(crowd(engine))
    assert stopped == 8
    assert wait < 1  # though the runaways take four seconds between them


def test_a_query_whose_client_is_gone_is_killed(large_store: Path) -> None:
    async def leave(asked: Asked) -> None:
        task = asyncio.create_task(answered(asked.engine, RUNAWAY))
        await asyncio.sleep(0.2)
        before = set(_busy(asked))
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        for _ in range(100):
            if not before & set(_alive(asked)):
                return
            await asyncio.sleep(0.05)
        raise AssertionError("the query's process still runs")

    with embedded(large_store, workers=1) as engine:
        engine.run(leave(engine))


def test_a_full_queue_says_so_at_once(large_store: Path) -> None:
    async def flood(asked: Asked) -> list[BaseException | object]:
        tasks = [
            asyncio.create_task(answered(asked.engine, f"# {n}\n{RUNAWAY}", timeout=0.05, client="one"))
            for n in range(200)
        ]
        return list(await asyncio.gather(*tasks, return_exceptions=True))

    with embedded(large_store, workers=1) as engine:
        ended = engine.run(flood(engine))
    assert sum(isinstance(each, EngineBusy) for each in ended) >= 100
    assert all(isinstance(each, EngineBusy | QueryTimeout) for each in ended)


def test_a_large_answer_is_streamed_with_back_pressure(large_store: Path) -> None:
    async def drink_slowly(asked: Asked) -> int:
        answer = await asked.engine.query(QueryRequest(EVERYTHING, ("text/csv",)))
        assert answer.body is None
        size = len(await anext(answer.chunks))
        await asyncio.sleep(0.3)  # the worker would have sent it all by now
        assert "true" in (await answered(asked.engine, "ASK {}"))[1].decode()
        held = answer.chunks
        async for chunk in held:
            size += len(chunk)
        return size

    with embedded(large_store) as engine:
        size = engine.run(drink_slowly(engine))
        assert size == len(engine.ask(EVERYTHING, "text/csv")[1])


@pytest.mark.parametrize(
    "accept",
    [
        "application/sparql-results+json",
        "application/sparql-results+xml",
        "text/csv",
        "text/tab-separated-values",
    ],
)
def test_a_row_cap_is_told_and_exact(small_store: Path, accept: str) -> None:
    values = '"},{" "\\"}},{\\"" "a\\nb\\\\" "<result>" "é\\"\\"\\n"'
    tricky = f'SELECT ?x ?y {{ VALUES ?x {{ {values} }} BIND("\\\\" AS ?y) }}'
    with embedded(small_store, result_rows=5) as engine:
        engine.ask(tricky, accept)
        engine.ask("SELECT * { ?s ?p ?o } LIMIT 5", accept)
        with pytest.raises(QueryTooLarge) as caught:
            engine.ask("SELECT * { ?s ?p ?o } LIMIT 6", accept)
        assert (caught.value.cap, caught.value.limit) == ("result_rows", 5)
        engine.ask("SELECT * { ?s ?p ?o } LIMIT 6", accept, trusted=True)


def test_caps_hold_for_triples_and_bytes(small_store: Path) -> None:
    with embedded(small_store, result_rows=5, result_bytes=5000) as engine:
        engine.ask("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 5")
        with pytest.raises(QueryTooLarge, match="5 triples"):
            engine.ask("CONSTRUCT WHERE { ?s ?p ?o } LIMIT 6")
        with pytest.raises(QueryTooLarge) as caught:
            engine.ask(f'SELECT ("{"x" * 6000}" AS ?x) {{}}')
        assert caught.value.cap == "result_bytes"


def test_a_cap_after_streaming_began_cuts_the_answer_with_an_error(large_store: Path) -> None:
    async def fetch(asked: Asked) -> None:
        answer = await asked.engine.query(QueryRequest(EVERYTHING, ("text/csv",)))
        async for _ in answer.chunks:
            pass

    with embedded(large_store, result_rows=150_000) as engine, pytest.raises(QueryTooLarge):
        engine.run(fetch(engine))


def test_a_new_snapshot_is_taken_up_while_queries_run(small_store: Path, tmp_path: Path) -> None:
    other = make_store(tmp_path / "other", 30)

    async def swap(asked: Asked) -> tuple[set[bytes], bytes]:
        assert isinstance(asked.engine, EmbeddedEngine)
        engine = asked.engine
        seen: set[bytes] = set()

        async def keep_asking() -> None:
            for number in range(60):
                text = f"SELECT (COUNT(*) AS ?n) {{ ?s ?p ?o FILTER({number} = {number}) }}"
                seen.add((await answered(engine, text, "text/csv"))[1])

        askers = [asyncio.create_task(keep_asking()) for _ in range(3)]
        await asyncio.sleep(0.02)
        await engine.swap(other, "second")
        await asyncio.gather(*askers)
        return seen, (await answered(engine, "SELECT (COUNT(*) AS ?n) { ?s ?p ?o }", "text/csv"))[1]

    with embedded(small_store) as engine:
        seen, last = engine.run(swap(engine))
        assert engine.engine.digest == "second"
    assert seen <= {b"n\r\n600\r\n", b"n\r\n60\r\n"}
    assert last == b"n\r\n60\r\n"


def test_a_snapshot_that_cannot_be_opened_changes_nothing(small_store: Path, tmp_path: Path) -> None:
    with embedded(small_store) as engine:
        assert isinstance(engine.engine, EmbeddedEngine)
        with pytest.raises(EngineError):
            engine.run(engine.engine.swap(tmp_path / "nothing", "x"))
        assert engine.engine.digest == "first"
        assert "true" in engine.body("ASK {}")


def test_a_worker_that_dies_is_replaced(small_store: Path) -> None:
    with embedded(small_store) as engine:
        killed = _alive(engine)
        for pid in killed:
            os.kill(pid, signal.SIGKILL)
        for _ in range(200):
            engine.run(asyncio.sleep(0.05))
            if not any(_runs(pid) for pid in killed):
                break
        engine.run(asyncio.sleep(0.05))  # the engine hears of it
        assert "true" in engine.body("ASK {}")


def test_workers_have_no_network(small_store: Path) -> None:
    with embedded(small_store) as engine:
        assert isinstance(engine.engine, EmbeddedEngine)
        told = engine.engine.sandbox["workers"]
    if sys.platform == "linux":
        assert told["memory"] == "RLIMIT_DATA"
        assert told["network"].startswith(("closed by seccomp", "open: libseccomp", "open: the kernel"))


@pytest.mark.skipif(sys.platform != "linux", reason="the parent's death is told by Linux")
def test_workers_die_with_a_server_that_is_killed(large_store: Path) -> None:
    program = f"""
import asyncio, sys
from pathlib import Path
from isogloss.graph.engine.base import QueryRequest
from isogloss.graph.engine.embedded import EmbeddedEngine
from isogloss.settings import Settings
async def main():
    engine = EmbeddedEngine(Path({str(large_store)!r}), digest="", settings=Settings())
    await engine.start()
    task = asyncio.create_task(engine.query(QueryRequest({RUNAWAY!r})))
    await asyncio.sleep(0.2)
    print(*engine.processes, flush=True)
    await task
asyncio.run(main())
"""
    with subprocess.Popen([sys.executable, "-c", program], stdout=subprocess.PIPE, text=True) as server:
        assert server.stdout is not None
        workers = [int(pid) for pid in server.stdout.readline().split()]
        server.kill()
    assert workers
    for _ in range(100):
        if not any(_runs(pid) for pid in workers):
            return
        time.sleep(0.05)
    raise AssertionError("a worker outlived its server")


def test_identical_queries_at_once_run_once_and_are_kept(large_store: Path) -> None:
    text = "SELECT (COUNT(*) AS ?n) { ?s ?p ?o FILTER(STRLEN(STR(?s)) > 3) }"

    async def together(asked: Asked) -> list[bytes]:
        return [body for _, body in await asyncio.gather(*(answered(asked.engine, text) for _ in range(5)))]

    with embedded(large_store) as engine:
        assert len(set(engine.run(together(engine)))) == 1
        assert isinstance(engine.engine, EmbeddedEngine)
        assert engine.engine.memory.size > 0
        assert engine.ask(text)[0].cached
        assert not engine.ask("SELECT (UUID() AS ?x) {}")[0].cached
        assert engine.ask("SELECT (UUID() AS ?x) {}")[1] != engine.ask("SELECT (UUID() AS ?x) {}")[1]


def test_python_asks_with_terms_that_cannot_become_syntax(small_store: Path) -> None:
    with embedded(small_store) as engine:
        thing = NamedNode(EX + "thing/7")
        label = NamedNode(EX + "label")
        rows = engine.run(select(engine.engine, "SELECT ?s ?o { ?s ?p ?o }", {"s": thing, "p": label}))
        assert rows == [{"s": thing, "o": Literal("thing 7", language="en")}]
        assert engine.run(ask(engine.engine, "ASK { ?s ?p ?o }", {"s": thing}))
        assert len(engine.run(construct(engine.engine, "CONSTRUCT WHERE { ?s ?p ?o }", {"s": thing}))) == 2
        for value in ['" } #', "\\u0022 } #", "a\nb\\", "\\\\U00000022", "\x01"]:
            found = engine.run(select(engine.engine, "SELECT ?x {}", {"x": Literal(value)}))
            assert found == [{"x": Literal(value)}]


def _alive(asked: Asked) -> tuple[int, ...]:
    assert isinstance(asked.engine, EmbeddedEngine)
    return asked.engine.processes


def _busy(asked: Asked) -> list[int]:
    return [pid for pid in _alive(asked) if _state(pid) == "R"]


def _state(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return ""


def _runs(pid: int) -> bool:
    return _state(pid) not in {"", "Z", "X"}
