"""How workers come to be, and that nothing is left of them."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from isogloss.errors import EngineError, QueryTimeout
from isogloss.graph.engine import launch
from isogloss.graph.engine.embedded import EmbeddedEngine

from .asked import EX, Asked, answered, embedded, make_store

needs_forks = pytest.mark.skipif(not launch.can_fork(), reason="this system has no handles for processes")


def processes(asked: Asked) -> tuple[int, ...]:
    assert isinstance(asked.engine, EmbeddedEngine)
    return asked.engine.processes


def parent(pid: int) -> int:
    return int(Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[1])


def descriptors(pid: int) -> list[str]:
    return [os.readlink(link) for link in Path(f"/proc/{pid}/fd").iterdir()]


def gone(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0]
    except OSError:
        return True
    return state in {"Z", "X"}


def all_gone(pids: tuple[int, ...]) -> bool:
    for _ in range(200):
        if all(map(gone, pids)):
            return True
        time.sleep(0.02)
    return False


@needs_forks
def test_workers_are_forked_from_one_process_and_none_of_them_stays(small_store: Path) -> None:
    with embedded(small_store) as engine:
        workers = processes(engine)
        zygotes = {parent(pid) for pid in workers}
        assert len(zygotes) == 1
        assert zygotes != {os.getpid()}
        assert "thing 1" in engine.body(f"SELECT ?l {{ <{EX}thing/1> <{EX}label> ?l }}", "text/csv")
    assert all_gone((*workers, *zygotes))


@needs_forks
def test_a_zygote_that_is_killed_is_replaced_with_all_its_workers(small_store: Path) -> None:
    with embedded(small_store) as engine:
        workers = processes(engine)
        os.kill(parent(workers[0]), signal.SIGKILL)
        assert all_gone(workers)
        engine.run(asyncio.sleep(0.1))
        assert "true" in engine.body("ASK {}")
        assert not set(workers) & set(processes(engine))


@needs_forks
def test_a_worker_is_born_with_the_store_open(tmp_path: Path) -> None:
    """What the zygote opened is there for those that come later, whatever became of the files since."""
    store = make_store(tmp_path / "store")
    with embedded(store) as engine:
        workers = processes(engine)
        store.rename(tmp_path / "elsewhere")
        for pid in workers:
            os.kill(pid, signal.SIGKILL)
        assert all_gone(workers)
        engine.run(asyncio.sleep(0.1))
        assert "thing 1" in engine.body(f"SELECT ?l {{ <{EX}thing/1> <{EX}label> ?l }}", "text/csv")


@needs_forks
def test_every_store_has_a_zygote_which_ends_with_the_last_of_its_workers(
    small_store: Path, tmp_path: Path
) -> None:
    endless = "SELECT (COUNT(*) AS ?n) { ?a ?b ?c . ?d ?e ?f . ?g ?h ?i . ?j ?k ?l }"
    other = make_store(tmp_path / "store", 10)

    async def swapped(engine: EmbeddedEngine) -> tuple[set[int], set[int], bool, bool]:
        before = {parent(pid) for pid in engine.processes}
        asked = asyncio.create_task(answered(engine, endless, timeout=2.0))
        await asyncio.sleep(0.5)
        await engine.swap(other, "second")
        await asyncio.sleep(0.2)
        early = any(map(gone, before))
        with pytest.raises(QueryTimeout):
            await asked
        late = not await asyncio.to_thread(all_gone, tuple(before))
        return before, {parent(pid) for pid in engine.processes}, early, late

    with embedded(small_store) as engine:
        assert isinstance(engine.engine, EmbeddedEngine)
        before, after, early, late = engine.run(swapped(engine.engine))
        assert len(before) == len(after) == 1
        assert before != after
        assert not early, "the query that still ran has lost its process"
        assert not late, "the zygote of the store that is no longer served is left over"
    assert all_gone(tuple(after))


@needs_forks
def test_a_zygote_that_ends_at_once_is_told_of_at_once(
    small_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The server held the worker's end of the socket itself, and so waited a minute for word from it."""
    monkeypatch.setattr(sys, "executable", "/bin/false")
    with pytest.raises(EngineError, match="could not start: it ended"), embedded(small_store):
        pass


@needs_forks
def test_a_store_that_ends_its_zygote_takes_no_worker_of_another_along(
    small_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = make_store(tmp_path / "store", 10)
    with embedded(small_store) as engine:
        workers = processes(engine)
        assert isinstance(engine.engine, EmbeddedEngine)
        with monkeypatch.context() as patch:
            patch.setattr(sys, "executable", "/bin/false")
            with pytest.raises(EngineError, match="could not start"):
                engine.run(engine.engine.swap(other, "second"))
        assert set(workers) == set(processes(engine))
        assert "thing 20" in engine.body(f"SELECT ?l {{ <{EX}thing/20> <{EX}label> ?l }}", "text/csv")
        engine.run(engine.engine.swap(other, "second"))
        assert "thing" not in engine.body(f"SELECT ?l {{ <{EX}thing/20> <{EX}label> ?l }}", "text/csv")


def test_where_nothing_can_be_forked_workers_are_started_afresh(
    small_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(launch, "can_fork", lambda: False)
    with embedded(small_store, workers=1) as engine:
        workers = processes(engine)
        assert "true" in engine.body("ASK {}")
        if sys.platform == "linux":
            assert {parent(pid) for pid in workers} == {os.getpid()}
        assert isinstance(engine.engine, EmbeddedEngine)
        with pytest.raises(EngineError, match="could not start"):
            engine.run(engine.engine.swap(tmp_path / "nothing", "x"))
    if sys.platform == "linux":
        assert all_gone(workers)


@needs_forks
def test_a_worker_knows_nothing_of_the_servers_surroundings(
    small_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOGLOSS_ENGINE_PASSWORD", "secret")
    with embedded(small_store) as engine:
        for pid in processes(engine):
            assert b"ISOGLOSS" not in Path(f"/proc/{pid}/environ").read_bytes()


@needs_forks
def test_a_worker_holds_no_more_than_it_was_handed(small_store: Path) -> None:
    """Neither another worker's socket nor the zygote's: who held those could speak for others."""
    with embedded(small_store) as engine:
        held = {pid: descriptors(pid) for pid in processes(engine)}
    sockets = [[name for name in names if name.startswith("socket:")] for names in held.values()]
    assert [len(names) for names in sockets] == [1] * len(held)
    assert len({name for names in sockets for name in names}) == len(held)
