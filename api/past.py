"""What was published and is no longer the newest: withdrawn things, and older versions of the ontology."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from importlib.resources import files

from isogloss.errors import Gone
from isogloss.graph.withdrawn import Withdrawal, shipped_withdrawn

from .vocabulary import Vocabulary


@dataclass(frozen=True, slots=True)
class Past:
    """Withdrawn things by IRI; the Turtle of older versions of the ontology by version."""

    withdrawn: Mapping[str, Withdrawal] = field(default_factory=dict)
    ontologies: Mapping[str, bytes] = field(default_factory=dict)

    def ontology(self, version: str) -> Vocabulary | None:
        """An older version of the ontology."""
        turtle = self.ontologies.get(version)
        return None if turtle is None else Vocabulary(turtle)

    def withdrawal(self, iri: str) -> Gone | None:
        """The error to raise for a withdrawn thing, None for any other."""
        if (found := self.withdrawn.get(iri)) is None:
            return None
        instead = "; see what replaced it" if found.replaced_by else ", and nothing replaced it"
        return Gone(f"{iri} was withdrawn on {found.since.isoformat()}{instead}.", found.replaced_by)


def shipped_past() -> Past:
    """What this release knows of earlier ones."""
    folder = files("isogloss.ontology") / "versions"
    versions = [each for each in folder.iterdir() if each.name.endswith(".ttl")] if folder.is_dir() else []
    return Past(shipped_withdrawn(), {each.name.removesuffix(".ttl"): each.read_bytes() for each in versions})
