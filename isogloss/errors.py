"""The error tree: what can fail, and nothing about how a face shows it.

IsoglossError
├── SourceError             a fact, table or outside file that cannot be taken in (file, line, field)
├── MappingError            a mapping, or a set of them, that cannot be worked with
├── OntologyError           the ontology, a scheme, a shape or a rule is wrong
├── BuildError              a step of the build failed; the old snapshot keeps serving
│   └── CheckFailed         the build's own checks found violations
├── SnapshotError           no snapshot, or one that cannot be opened
├── QueryError              a query the engine will not or cannot answer
│   ├── QuerySyntaxError    it does not parse (line, column, token)
│   ├── QueryRefused        the guard: update, LOAD or SERVICE (position)
│   ├── QueryTimeout        past its deadline
│   ├── QueryTooLarge       over the row or byte cap, or too long or too deep to read
│   │   └── QueryOverMemory over the memory that a query may use
│   └── NotAcceptable       no result format that the client accepts
├── EngineError             the engine failed, is full, or cannot be reached
│   └── EngineBusy          no worker free and the queue is full
└── NotFound                no such thing, document, graph or query
    └── Gone                it was there and was withdrawn (with what replaced it)

HTTP status is decided in `isogloss.api.problems`, exit codes in `isogloss.__main__`.
"""

from __future__ import annotations

from pathlib import Path


class IsoglossError(Exception):
    """Anything that this package raises on purpose; its text is fit for the user's eyes."""


class SourceError(IsoglossError):
    """An input that cannot be taken in; names the file, and the line and field where known."""

    def __init__(
        self, message: str, *, file: Path | str, line: int | None = None, field: str | None = None
    ) -> None:
        self.message, self.file, self.line, self.field = message, str(file), line, field
        place = self.file + (f":{line}" if line is not None else "") + (f" [{field}]" if field else "")
        super().__init__(f"{place}: {message}")


class MappingError(IsoglossError):
    """A mapping, a set of mappings or a way to find some that cannot be worked with."""


class OntologyError(IsoglossError):
    """The ontology, a scheme, a shape or a rule does not hold together."""


class BuildError(IsoglossError):
    """A step of the build failed; nothing that was being served has changed."""


class CheckFailed(BuildError):
    """The build's checks found violations; `findings` has one line for each."""

    def __init__(self, message: str, findings: tuple[str, ...] = ()) -> None:
        self.findings = findings
        super().__init__("\n".join((message, *findings)))


class SnapshotError(IsoglossError):
    """There is no snapshot here, or it cannot be opened."""


class QueryError(IsoglossError):
    """A query that the engine will not or cannot answer."""


class QuerySyntaxError(QueryError):
    """The query does not parse; line and column count from 1, `token` is what stands there."""

    def __init__(
        self, message: str, *, line: int | None = None, column: int | None = None, token: str | None = None
    ) -> None:
        self.line, self.column, self.token = line, column, token
        super().__init__(message)


class QueryRefused(QueryError):
    """The guard does not let this run: update, LOAD or SERVICE at (line, column), from 1."""

    def __init__(self, message: str, *, line: int, column: int, token: str) -> None:
        self.line, self.column, self.token = line, column, token
        super().__init__(message)


class QueryTimeout(QueryError):
    """The query ran past its deadline (`seconds`) and was stopped."""

    def __init__(self, message: str, *, seconds: float) -> None:
        self.seconds = seconds
        super().__init__(message)


class QueryTooLarge(QueryError):
    """The query needs more than it may: `cap` names the setting, `limit` its value."""

    def __init__(self, message: str, *, cap: str, limit: int) -> None:
        self.cap, self.limit = cap, limit
        super().__init__(message)


class QueryOverMemory(QueryTooLarge):
    """The query needs more memory (`limit`, bytes) than one may use, and was stopped."""


class NotAcceptable(QueryError):
    """No representation that the client accepts; `offered` lists the media types there are."""

    def __init__(self, message: str, *, offered: tuple[str, ...]) -> None:
        self.offered = offered
        super().__init__(message)


class EngineError(IsoglossError):
    """The engine failed or cannot be reached."""


class EngineBusy(EngineError):
    """Every worker is taken and the queue is full; try again after `retry_after` seconds."""

    def __init__(self, message: str, *, retry_after: int = 1) -> None:
        self.retry_after = retry_after
        super().__init__(message)


class NotFound(IsoglossError):
    """No such thing; `suggestions` are the nearest known ones, as IRIs."""

    def __init__(self, message: str, suggestions: tuple[str, ...] = ()) -> None:
        self.suggestions = suggestions
        super().__init__(message)


class Gone(NotFound):
    """It was published and has been withdrawn; `suggestions` replaced it."""
