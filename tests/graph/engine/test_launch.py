"""How workers come to be, and that nothing is left of them."""

from __future__ import annotations

import asyncio
import os
import signal
import sys
import time
from pathlib import Path

import pytest

from isogloss.errors import EngineError
from isogloss.graph.engine import launch
from isogloss.graph.engine.embedded import EmbeddedEngine

from .asked import EX, Asked, embedded

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
