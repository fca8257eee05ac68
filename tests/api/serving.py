"""A real HTTP server on a loopback port for the length of a test."""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterator

import uvicorn
from starlette.types import ASGIApp

from isogloss.api.edge import Edge


@contextlib.contextmanager
def serving(app: ASGIApp, *, root_path: str = "") -> Iterator[str]:
    """Serve `app` and yield its address (`http://127.0.0.1:port`, without a closing slash)."""
    with started(app, root_path=root_path) as (address, _):
        yield address


@contextlib.contextmanager
def started(
    app: ASGIApp, *, root_path: str = "", keep_alive: float = 5.0
) -> Iterator[tuple[str, Callable[[], None]]]:
    """Serve `app` and yield its address with what stops it; `keep_alive` in seconds."""
    listener = socket.create_server(("127.0.0.1", 0))
    config = uvicorn.Config(
        app,
        http=Edge,
        log_level="critical",
        root_path=root_path,
        proxy_headers=False,
        timeout_graceful_shutdown=2,
        timeout_keep_alive=keep_alive,  # type: ignore[arg-type]  # uvicorn takes parts of a second as well
    )
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()

    def stop() -> None:
        server.should_exit = True
        thread.join(10)

    try:
        _wait_until_started(server)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}", stop
    finally:
        stop()
        listener.close()


def _wait_until_started(server: uvicorn.Server) -> None:
    for _ in range(3000):
        if server.started:
            return
        time.sleep(0.01)
    raise TimeoutError("the server did not start within thirty seconds")
