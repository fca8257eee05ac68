"""A finding: what is wrong or worth a look, where to look, and what to do next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from isogloss.ontology import names

Weight = Literal["error", "warning", "note"]
WEIGHTS: tuple[Weight, ...] = ("error", "warning", "note")


@dataclass(frozen=True, slots=True)
class Finding:
    """`about` are the IRIs concerned (terms or records), `look_at` names them for a person.

    Of what was found in a file, `line` and `field` say where, if it is in one place.
    """

    kind: str
    weight: Weight
    says: str
    next_step: str
    about: tuple[str, ...] = ()
    look_at: str = ""
    line: int | None = None
    field: str = ""

    @property
    def place(self) -> str:
        """Line and field as they follow the name of the file."""
        line = f":{self.line}" if self.line is not None else ""
        return line + (f" [{self.field}]" if self.field else "")

    def __str__(self) -> str:
        look = f" Look at {self.look_at}." if self.look_at else ""
        return f"{self.weight} [{self.kind}] {self.says}.{look} Next: {self.next_step}."


def short(iri: str) -> str:
    """An IRI of ours without its base, any other as it is."""
    return iri.removeprefix(f"{names.BASE}id/term/").removeprefix(f"{names.BASE}id/")


def listed(iris: tuple[str, ...] | list[str], most: int = 4) -> str:
    """The first few in short, and how many more."""
    more = f" and {len(iris) - most} more" if len(iris) > most else ""
    return ", ".join(short(iri) for iri in iris[:most]) + more
