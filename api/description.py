"""What is known of one thing: its facts, how much there is of each sort, and what the things near it are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from isogloss.ontology.names import BASE, PREFIXES

from .addresses import path_of
from .asking import Row, Term

PAGE_SIZE = 50  # values a property and page, subjects a group and page

RDF_TYPE = PREFIXES["rdf"] + "type"
RDFS_LABEL = PREFIXES["rdfs"] + "label"
RDFS_COMMENT = PREFIXES["rdfs"] + "comment"
LABELS = (
    RDFS_LABEL,
    PREFIXES["skos"] + "prefLabel",
    PREFIXES["foaf"] + "name",
    PREFIXES["dcterms"] + "title",
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One triple with the described thing as its subject or object; `graphs` are those that hold it."""

    subject: Term
    predicate: str
    object: Term
    graphs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Group:
    """Values of one property (`inward` is False) or things of one kind that point here by one property."""

    predicate: str
    kind: str
    inward: bool
    total: int


@dataclass(frozen=True, slots=True)
class Neighbour:
    """What is shown of a thing that a description names: its own facts, with the labels of their objects.

    Of its classes, those are left out that are there only because a narrower one is; `defined` tells which of
    the others hold by definition (a publication in force), not because somebody said so.
    """

    facts: tuple[tuple[str, Term, str], ...] = ()
    defined: frozenset[str] = frozenset()

    def values(self, predicate: str) -> list[tuple[Term, str]]:
        """Values of a property, each with its label (a literal's own text)."""
        return [(value, label) for name, value, label in self.facts if name == predicate]

    def first(self, predicate: str) -> str:
        """The label of the first value of a property, or an empty text."""
        return next((label for _, label in self.values(predicate)), "")


@dataclass(frozen=True, slots=True)
class Description:
    """One page of what is known of `iri`; `groups` tell how much there is in all.

    `beside` are the rows of what else was asked for.
    """

    iri: str
    facts: tuple[Fact, ...]
    groups: tuple[Group, ...]
    names: dict[str, Neighbour]
    page: int = 1
    languages: tuple[str, ...] = ("en",)
    link: Callable[[str], str | None] = path_of  # where this server describes an IRI
    beside: tuple[Row, ...] = ()

    @property
    def pages(self) -> int:
        """How many pages the largest group fills."""
        return max((-(-group.total // PAGE_SIZE) for group in self.groups), default=1)

    @property
    def graphs(self) -> dict[str, int]:
        """The named graphs that hold facts of this page, each with how many."""
        counts: dict[str, int] = {}
        for fact in self.facts:
            for name in fact.graphs:
                counts[name] = counts.get(name, 0) + 1
        return dict(sorted(counts.items(), key=lambda item: -item[1]))

    def outward(self, *predicates: str) -> list[Fact]:
        """Facts with the thing as subject; all of them, or those of the properties named."""
        subject = NamedNode(self.iri)
        return [
            fact
            for fact in self.facts
            if fact.subject == subject and (not predicates or fact.predicate in predicates)
        ]

    def inward(self) -> list[Fact]:
        """Facts with the thing as object."""
        target = NamedNode(self.iri)
        return [fact for fact in self.facts if fact.object == target and fact.subject != target]

    def comment(self, iri: str) -> str:
        """What a part of the thing (`iri#…`, described with it) says in words; empty for all else."""
        return next(
            (
                fact.object.value
                for fact in self.facts
                if fact.subject == NamedNode(iri) and fact.predicate == RDFS_COMMENT
                if iri.startswith(self.iri + "#")
            ),
            "",
        )

    def texts(self, *predicates: str) -> list[str]:
        """The literals of the first of these properties that has any, best language first."""
        for predicate in predicates:
            values = [fact.object for fact in self.outward(predicate)]
            literals = [value for value in values if isinstance(value, Literal)]
            if literals:
                return [value.value for value in sorted(literals, key=self._language_rank)]
        return []

    def label(self, iri: str | None = None) -> str:
        """The name of the described thing, or of a thing that the description names."""
        name = self.name(iri)
        return short_name(iri or self.iri) if name is None else name.value

    def name(self, iri: str | None = None) -> Literal | None:
        """The name with its language: in the first of the languages that it has one in, else any."""
        neighbour = self.names.get(iri, Neighbour()) if iri else None
        found = [
            (self._language_rank(value), place, value)
            for place, predicate in enumerate(LABELS)
            for value in self._values(predicate, neighbour)
            if isinstance(value, Literal)
        ]
        return min(found, key=lambda one: one[:2])[2] if found else None

    def _values(self, predicate: str, neighbour: Neighbour | None) -> list[Term]:
        if neighbour is not None:
            return [value for value, _ in neighbour.values(predicate)]
        return [fact.object for fact in self.outward(predicate)]

    def types(self, iri: str | None = None) -> list[str]:
        """The classes of the described thing, or of one that the description names."""
        if iri is None:
            return [fact.object.value for fact in self.outward(RDF_TYPE)]
        return [value.value for value, _ in self.names.get(iri, Neighbour()).values(RDF_TYPE)]

    def _language_rank(self, literal: Literal) -> int:
        tag = (literal.language or "").partition("-")[0]
        return self.languages.index(tag) if tag in self.languages else len(self.languages)


def short_name(iri: str) -> str:
    """A readable name for an IRI without a label: with a known prefix, else its last part."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and len(iri) > len(namespace):
            return f"{prefix}:{iri.removeprefix(namespace)}"
    return iri.removeprefix(BASE) or iri
