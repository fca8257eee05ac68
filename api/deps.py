"""What the routes share: the services that `create_app` was given, and names for them in signatures."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any, Protocol

from fastapi import Depends, Request
from jinja2 import Environment

from isogloss.graph.engine.base import Engine
from isogloss.queries.library import ReadyQuery
from isogloss.settings import Settings

from .bodies import Bodies
from .caching import Validators, validators
from .past import Past


class Snapshot(Protocol):
    """What the faces read of a snapshot; `manifest` has at least `digest` and `built` (ISO 8601)."""

    @property
    def digest(self) -> str: ...
    @property
    def manifest(self) -> dict[str, Any]: ...
    @property
    def dump(self) -> Path: ...
    @property
    def index(self) -> Path: ...
    @property
    def documents(self) -> Path: ...


Library = Mapping[str, ReadyQuery]


@dataclass(frozen=True, slots=True)
class Services:
    """Everything that a route may need; `snapshot` is None where somebody else's data is served."""

    settings: Settings
    engine: Engine
    snapshot: Snapshot | None
    library: Library
    templates: Environment
    code: str
    code_changed: datetime
    started: datetime
    bodies: Bodies
    past: Past

    @property
    def modified(self) -> datetime:
        """When the data last changed: when the snapshot was built."""
        if self.snapshot is None:
            return self.started
        built = datetime.fromisoformat(str(self.snapshot.manifest["built"]))
        return built if built.tzinfo else built.replace(tzinfo=UTC)

    def validators(self, request: Request, *chosen: str) -> Validators:
        """The validators of the chosen representation of the requested URL."""
        digest = self.engine.digest
        changed = max(self.modified, self.code_changed)
        return validators(request, digest and f"{digest} {self.code}", changed, *chosen)


def _services(request: Request) -> Services:
    services = request.app.state.services
    assert isinstance(services, Services)  # noqa: S101 - set by create_app
    return services


ServicesDep = Annotated[Services, Depends(_services)]
