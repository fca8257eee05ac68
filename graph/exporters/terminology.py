"""A terminology to be written: its entries, and what it says of itself."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from isogloss.ontology import names

from ..entries import Entry, term_slugs
from ..terms import is_web_address


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


def with_loaded(license_: str, rights: str, loaded: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Licence and rights of a vocabulary together with those of the files that users loaded into it.

    `loaded` has the name and the licence, an address or words, of each file: what was lent on a condition
    must not go out without it.
    """
    files = sorted(set(loaded))
    if len(files) == 1 and not license_ and not rights and is_web_address(files[0][1]):
        return files[0][1], ""
    return license_, " ".join(
        filter(None, (rights, *(f"Loaded from {name}: {told}." for name, told in files)))
    )
