"""Which records belong in the catalogue of AI standards, by rules that stand in a table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import Protocol

from .readers.tables import Row, read_table

# One mention is often a remark in passing; what says it so often is about it.
_MENTIONS_IN_ABSTRACT = 4


class NamedCommittee(Protocol):
    """What a rule may ask of a committee."""

    @property
    def identifier(self) -> str: ...
    @property
    def name(self) -> str: ...


class Selectable(Protocol):
    """What a rule may ask of a record; every record of a reader has it."""

    @property
    def identifier(self) -> str: ...
    @property
    def titles(self) -> Mapping[str, str]: ...
    @property
    def committees(self) -> Iterable[NamedCommittee]: ...
    @property
    def ics(self) -> Iterable[tuple[str, str]]: ...
    @property
    def keywords(self) -> Iterable[str]: ...
    @property
    def abstract(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason to keep a record: a pattern, where it is looked for, and what in the title forbids it."""

    slug: str
    label: str
    where: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    note: str

    def catches(self, record: Selectable) -> bool:
        """Whether this rule keeps the record."""
        text = _TEXTS[self.where](record)
        if not self.pattern.search(text):
            return False
        if self.where == "abstract" and len(self.pattern.findall(text)) < _MENTIONS_IN_ABSTRACT:
            return False
        return self.unless is None or not self.unless.search(_titles(record))


def _titles(record: Selectable) -> str:
    return "\n".join(record.titles.values())


# Several values stand on lines of their own, so that ^ and $ in a pattern mean the ends of one value.
_TEXTS: dict[str, Callable[[Selectable], str]] = {
    "title": _titles,
    "identifier": lambda record: record.identifier,
    "committee": lambda record: "\n".join(f"{c.identifier} {c.name}" for c in record.committees),
    "ics": lambda record: "\n".join(code for code, _ in record.ics),
    "keyword": lambda record: "\n".join(record.keywords),
    "abstract": lambda record: record.abstract,
}


def read_rules(path: Path) -> tuple[Rule, ...]:
    """The rules of a table, in its order. Errors: SourceError naming the row and the field at fault."""
    rows = read_table(path, required=("slug", "label", "where", "pattern"), optional=("except", "note"))
    return tuple(map(_rule, rows))


def _rule(row: Row) -> Rule:
    if row["where"] not in _TEXTS:
        raise row.error(f"{row['where']!r} is none of {', '.join(_TEXTS)}", "where")
    unless = compiled(row, "except") if row["except"] else None
    return Rule(row["slug"], row["label"], row["where"], compiled(row, "pattern"), unless, row["note"])


def compiled(row: Row, field: str) -> re.Pattern[str]:
    """The pattern in a cell, which does not mind case unless it says so. Errors: SourceError."""
    try:
        return re.compile(row[field], re.IGNORECASE | re.MULTILINE)
    except re.error as error:
        raise row.error(f"not a pattern: {error}", field) from error


@cache
def shipped_rules() -> tuple[Rule, ...]:
    """The rules that ship, read once."""
    with as_file(files(__package__) / "data" / "catalogue" / "selection.csv") as path:
        return read_rules(Path(path))


def select(record: Selectable, rules: Iterable[Rule] | None = None) -> tuple[str, ...]:
    """The slugs of the rules that keep this record in the catalogue; none where it is left out.

    A record's abstract is read for this and for nothing else.
    """
    return tuple(rule.slug for rule in (shipped_rules() if rules is None else rules) if rule.catches(record))
