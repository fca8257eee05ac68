"""Keys and columns that stand twice: the libraries that read YAML and CSV silently keep the last."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .errors import SourceError

_DEEPEST = 100  # the parser takes ever longer the deeper it is
_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def repeated_key(text: str | bytes) -> tuple[str, int] | None:
    """The first key that stands in its mapping for the second time, and its line (from 1).

    Errors: yaml.YAMLError for what is no YAML, or nested without end.

    >>> repeated_key("a: 1\\nb: {c: 1}\\na: 2\\n")
    ('a', 3)
    """
    stack: list[_Open] = []
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.CollectionEndEvent):
            stack.pop()
        elif isinstance(event, yaml.NodeEvent):
            if stack and (found := stack[-1].repeats(event)) is not None:
                return found
            if len(stack) > _DEEPEST:
                raise yaml.YAMLError(f"nested deeper than {_DEEPEST} levels")
            if isinstance(event, yaml.CollectionStartEvent):
                stack.append(_Open(isinstance(event, yaml.MappingStartEvent)))
    return None


@dataclass(slots=True)
class _Open:
    """A mapping or list that has not ended; in a mapping, keys and values come in turn."""

    mapping: bool
    parts: int = 0
    keys: set[str] = field(default_factory=set)

    def repeats(self, event: Any) -> tuple[str, int] | None:
        """The key that this next part of it is and that it has already, with the line."""
        self.parts += 1
        if not self.mapping or self.parts % 2 == 0 or not isinstance(event, yaml.ScalarEvent):
            return None
        line = event.start_mark.line + 1  # type: ignore[union-attr]  # events of a parser have a mark
        key = str(event.value)
        known = key in self.keys
        self.keys.add(key)
        return (key, line) if known else None


def refuse_repeated_columns(path: Path, header: Sequence[str], line: int = 1) -> None:
    """SourceError that names a column which the header of a table has twice."""
    known = set[str]()
    for column in header:
        if column in known:
            raise SourceError("a column stands twice in the header", file=path, line=line, field=column)
        known.add(column)
