"""One worker process, and what is lined up on it."""

import asyncio
from pathlib import Path

from isogloss.graph.engine.exchange import Exchange
from isogloss.graph.engine.launch import Launcher
from isogloss.graph.engine.process import Spec, Worker

from .asked import make_store


def test_what_is_taken_back_from_a_worker_belongs_to_it_no_longer(tmp_path: Path) -> None:
    """Giving up an orphan once killed the worker it had waited on, and with it somebody else's query."""
    path = make_store(tmp_path / "store")

    async def withdrawn() -> tuple[bool, list[bool]]:
        launcher = Launcher()
        worker = await Worker.start(Spec(str(path), "test", 1024**3), launcher)
        lined_up = [Exchange("", b"", "", 30.0) for _ in range(3)]
        for exchange in lined_up:
            worker.serve(exchange)
        orphans = worker.withdraw()
        found = lined_up[0].source is worker, [orphan.source is None for orphan in orphans]
        worker.kill()
        await worker.gone()
        await launcher.close()
        return found

    assert asyncio.run(withdrawn()) == (True, [True, True])
