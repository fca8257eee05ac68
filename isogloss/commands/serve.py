"""`isogloss serve`: pages, linked data and SPARQL over the snapshot, or over somebody else's RDF."""

from __future__ import annotations

import gc
import hashlib
import resource
import sys
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Annotated

import typer
import uvicorn
from pyoxigraph import DefaultGraph, Quad, Store

from isogloss.api.app import create_app
from isogloss.api.edge import Edge
from isogloss.errors import SnapshotError
from isogloss.graph.engine.embedded import EmbeddedEngine
from isogloss.graph.snapshot import Snapshot, current
from isogloss.graph.sources import read_rdf
from isogloss.graph.union import merge_small

from ..settings import Settings
from .build import build_snapshot
from .logs import log_config
from .options import EngineOption, StateOption, open_engine, read_settings

_SETTINGS_HELP = "\n\n".join(
    f"ISOGLOSS_{name.upper()}: {field.description}" for name, field in Settings.model_fields.items()
)

HostOption = Annotated[str | None, typer.Option(help="Address to listen on.")]
PortOption = Annotated[int | None, typer.Option(help="Port to listen on; 0 takes a free one.")]
DataOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--data", exists=True, dir_okay=False, help="Serve this RDF file and nothing of ours; repeatable."
    ),
]


def serve(
    host: HostOption = None,
    port: PortOption = None,
    state: StateOption = None,
    engine: EngineOption = None,
    data: DataOption = None,
) -> None:
    """Serve; build first if there is no snapshot."""
    settings = read_settings(host=host, port=port, state=state, engine=engine)
    if data:
        with _store_of(data) as (store, digest):
            own = EmbeddedEngine(store, digest=digest, settings=settings)
            run(settings, create_app(settings, own, None))
        return
    snapshot = _snapshot(settings)
    run(settings, create_app(settings, open_engine(settings, snapshot), snapshot))


# typer takes the help of a command from its docstring.
serve.__doc__ = f"{serve.__doc__}\n\nSettings, as environment variables:\n\n{_SETTINGS_HELP}"


def _snapshot(settings: Settings) -> Snapshot:
    try:
        return current(settings.state)
    except SnapshotError:
        return build_snapshot(settings.state, [])


@contextmanager
def _store_of(files: list[Path]) -> Iterator[tuple[Path, str]]:
    """A store of these files in a temporary folder, and a digest over them; named graphs are kept."""
    digest = hashlib.sha256()
    with tempfile.TemporaryDirectory(prefix="isogloss-") as folder:
        store = Store(folder)
        for file in files:
            digest.update(file.read_bytes())
            store.bulk_extend(_in_default_graph(file))
        print(f"loaded {len(store)} quads from {len(files)} files", file=sys.stderr)
        merge_small(store)
        store.flush()
        del store  # the workers open it read-only, and the lock must be gone
        yield Path(folder), digest.hexdigest()


def _in_default_graph(file: Path) -> Iterator[Quad]:
    yield from read_rdf(file, DefaultGraph())


def _raise_handles() -> None:
    """Allow as many open files, and so connections, as the system lets us; often 1,024 is the default."""
    _, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    with suppress(OSError, ValueError):  # some systems have a lower bound that they do not tell
        resource.setrlimit(resource.RLIMIT_NOFILE, (most, most))


def run(settings: Settings, app: Callable[..., Awaitable[None]]) -> None:
    """Serve an ASGI application until the process is told to end."""
    _raise_handles()
    gc.freeze()  # what is there now stays: no collection has to look at it again
    uvicorn.run(
        app,
        host=settings.host,
        port=settings.port,
        http=Edge,
        ws="none",
        log_config=log_config(),
        server_header=False,
        proxy_headers=False,  # who is believed is decided by our own middleware
        log_level="info",
        access_log=False,  # queries are private: nothing records who asks what
        timeout_graceful_shutdown=5,  # a client that never finishes must not keep the server from stopping
    )
