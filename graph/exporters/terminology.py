"""A terminology to be written: its entries, and what it says of itself."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import NamedNode

from isogloss.ontology import names

from ..entries import Entry, term_slugs


@dataclass(frozen=True, slots=True)
class Terminology:
    """The entries of one vocabulary, or a selection of them. `slug` is the vocabulary's."""

    slug: str
    title: str
    entries: tuple[Entry, ...]
    license: str = ""
    rights: str = ""

    @property
    def scheme(self) -> NamedNode:
        """The vocabulary's IRI."""
        return NamedNode(names.thing("vocabulary", self.slug))

    def nodes(self) -> dict[str, NamedNode]:
        """The IRI of every entry, by its identifier."""
        slugs = term_slugs(self.entries)
        return {key: NamedNode(names.thing("term", f"{self.slug}/{slug}")) for key, slug in slugs.items()}
