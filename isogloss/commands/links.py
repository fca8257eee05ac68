"""The servers of `isogloss check --links`: somebody's, or three of its own on loopback ports."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn

from isogloss.api.app import create_app
from isogloss.api.checker.below import Below
from isogloss.api.checker.findings import Findings
from isogloss.api.checker.run import check_server
from isogloss.errors import CheckFailed, EngineError
from isogloss.graph.snapshot import Snapshot, current

from ..settings import Settings
from .options import open_engine, progress

_PATIENCE = 60.0  # seconds for a server to start
_LOOPBACK = "127.0.0.1"


def check_links(settings: Settings, base: str | None, each: int) -> None:
    """Check the server at `base`, else the snapshot served by itself; CheckFailed with every fault."""
    with progress() as on_step:
        if base:
            findings = check_server(base, each=each, on_step=on_step)
        else:
            snapshot = current(settings.state)
            open_to = settings.model_copy(update={"trusted_proxies": (), "public_url": "", "workers": 1})
            trusting = open_to.model_copy(update={"trusted_proxies": (_LOOPBACK,)})
            with (
                _serving(open_to, snapshot) as plain,
                _serving(open_to, snapshot, "/some/where") as below,
                _serving(trusting, snapshot) as proxied,
            ):
                findings = check_server(plain, each=each, on_step=on_step, below=below, proxied=proxied)
    _tell(findings)


def _tell(findings: Findings) -> None:
    for check, asked in sorted(findings.asked.items()):
        failed = sum(told.startswith(check + ":") for told in findings.failed)
        print(f"{check}: {asked} asked" + (f", {failed} FAILED" if failed else ""))
    for told in findings.undecided:
        print(f"left open: {told}")
    if findings.failed:
        raise CheckFailed(f"{len(findings.failed)} answers are not as they should be", tuple(findings.failed))
    print(f"links: {findings.asked.total()} answers are as they should be")


@contextmanager
def _serving(settings: Settings, snapshot: Snapshot, prefix: str = "") -> Iterator[str]:
    """A server on a free loopback port, for as long as the context lasts; yields its base URL."""
    app = Below(create_app(settings, open_engine(settings, snapshot), snapshot), prefix)
    listener = socket.create_server((_LOOPBACK, 0))
    config = uvicorn.Config(app, log_level="warning", proxy_headers=False, timeout_graceful_shutdown=2)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    try:
        _wait(server)
        yield f"http://{_LOOPBACK}:{listener.getsockname()[1]}{prefix}"
    finally:
        server.should_exit = True
        thread.join(_PATIENCE)
        listener.close()


def _wait(server: uvicorn.Server) -> None:
    for _ in range(int(_PATIENCE / 0.05)):
        if server.started:
            return
        time.sleep(0.05)
    raise EngineError("the server to check did not start")
