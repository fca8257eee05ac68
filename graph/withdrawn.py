"""Things that were published and have been withdrawn: their IRIs stay known, with what replaced them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from isogloss.ontology.names import BASE, KINDS

from .readers.tables import Row, read_table
from .sources import package_folder


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """One thing that is gone: its IRI, the IRIs of what replaced it, and the day from which it is gone."""

    iri: str
    replaced_by: tuple[str, ...]
    since: date


def read_withdrawn(path: Path) -> Mapping[str, Withdrawal]:
    """The withdrawn things of a table by IRI; a `slug` there holds the kind too (body/itu). SourceError."""
    rows = read_table(path, required=("slug", "since"), optional=("replaced_by",))
    found = [_withdrawal(row) for row in rows]
    return {each.iri: each for each in found}


def shipped_withdrawn() -> Mapping[str, Withdrawal]:
    """What has been withdrawn from the data that ship."""
    return read_withdrawn(package_folder("isogloss.graph") / "data" / "withdrawn.csv")


def _withdrawal(row: Row) -> Withdrawal:
    try:
        since = date.fromisoformat(row["since"])
    except ValueError as error:
        raise row.error("not a date such as 2026-11-23", "since") from error
    return Withdrawal(
        _iri(row, "slug", row["slug"]),
        tuple(_iri(row, "replaced_by", each) for each in row.many("replaced_by")),
        since,
    )


def _iri(row: Row, field: str, path: str) -> str:
    kind, _, slug = path.partition("/")
    if kind not in KINDS or not slug:
        raise row.error(f"{path} is not a kind and a slug, such as body/itu", field)
    return f"{BASE}id/{path}"
