"""All that the graph says of one IRI, in three queries whatever its size: counts, one page of facts, names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from isogloss.errors import NotFound
from isogloss.graph.engine.base import Engine
from isogloss.ontology.names import BASE, IG, PREFIXES, graph

from .addresses import path_of
from .asking import Row, Term, iris, number, rows, text

PAGE_SIZE = 100  # values a property and page, subjects a group and page

RDF_TYPE = PREFIXES["rdf"] + "type"
RDFS_LABEL = PREFIXES["rdfs"] + "label"
_LABELS = (
    RDFS_LABEL,
    PREFIXES["skos"] + "prefLabel",
    PREFIXES["foaf"] + "name",
    PREFIXES["dcterms"] + "title",
)

# What is fetched of each thing that a description names, so that it can be shown by more than its IRI.
_SHOWN_OF_NEIGHBOURS = (
    *_LABELS,
    *(PREFIXES["dcterms"] + name for name in ("issued", "description")),
    *(PREFIXES["schema"] + name for name in ("startDate", "endDate")),
    *(IG + name for name in ("status", "order", "position", "role", "involves", "involvedIn", "involvesPerson")),
    *(IG + name for name in ("statedIn", "valueAsTold", "dateAsTold", "gloss", "roleTitle")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Fact:
    """One statement that has the described thing as its subject or object; `graphs` are those that hold it."""

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
    """One page of what is known of `iri`; `groups` tell how much there is in all."""

    iri: str
    facts: tuple[Fact, ...]
    groups: tuple[Group, ...]
    names: dict[str, Neighbour]
    page: int = 1
    languages: tuple[str, ...] = ("en",)
    link: Callable[[str], str | None] = path_of  # where this server describes an IRI

    @property
    def pages(self) -> int:
        """How many pages the largest group fills."""
        return max((-(-group.total // PAGE_SIZE) for group in self.groups), default=1)

    @property
    def graphs(self) -> dict[str, int]:
        """The named graphs that hold facts of this page, each with how many."""
        counts: dict[str, int] = {}
        for fact in self.facts:
            for graph in fact.graphs:
                counts[graph] = counts.get(graph, 0) + 1
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
        if iri is None:
            return next(iter(self.texts(*_LABELS)), short_name(self.iri))
        neighbour = self.names.get(iri, Neighbour())
        for predicate in _LABELS:
            literals = [value for value, _ in neighbour.values(predicate) if isinstance(value, Literal)]
            if literals:
                return min(literals, key=self._language_rank).value
        return short_name(iri)

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


async def describe(
    engine: Engine, candidates: Sequence[str], *, page: int = 1, languages: Sequence[str] = ("en",)
) -> Description:
    """The description of the first candidate that the graph knows; NotFound if it knows none, or no such page."""
    iri, groups = _first_known(candidates, await rows(engine, _counts_query(candidates)))
    last = max(-(-group.total // PAGE_SIZE) for group in groups)
    if not 1 <= page <= last:
        raise NotFound(f"The description of {iri} has {last} page(s); there is no page {page}.", (iri,))
    facts = _facts(await rows(engine, _facts_query(iri, groups, page)))
    named = _named(facts)
    found = await rows(engine, _names_query(named))
    return Description(iri, facts, groups, _neighbours(found), page, tuple(languages))


def _counts_query(candidates: Iterable[str]) -> str:
    """Counts by property and, inward, by the kind that the IRI of the subject shows."""
    its = f"VALUES ?it {{ {iris(candidates)} }}"  # in each branch: a join from outside would scan everything
    kind = f'STRBEFORE(SUBSTR(STR(?other), {len(BASE) + 4}), "/")'
    return f"""
SELECT ?it ?inward ?p ?kind (COUNT(DISTINCT ?other) AS ?total) WHERE {{
  {{ {its} ?it ?p ?other BIND(false AS ?inward) BIND("" AS ?kind) }}
  UNION
  {{ {its} ?other ?p ?it BIND(true AS ?inward)
     BIND(IF(STRSTARTS(STR(?other), "{BASE}id/"), {kind}, "") AS ?kind) }}
}} GROUP BY ?it ?inward ?p ?kind"""


def _first_known(candidates: Sequence[str], counts: Iterable[Row]) -> tuple[str, tuple[Group, ...]]:
    found: dict[str, list[Group]] = {}
    for row in counts:
        group = Group(text(row, "p"), text(row, "kind"), text(row, "inward") == "true", number(row, "total"))
        found.setdefault(text(row, "it"), []).append(group)
    for candidate in candidates:
        groups = found.get(candidate, [])
        if any(not group.inward for group in groups):
            return candidate, tuple(
                sorted(groups, key=lambda group: (group.inward, group.predicate, group.kind))
            )
    raise NotFound(f"Nothing is known of {candidates[-1]}.")


def _facts_query(iri: str, groups: Sequence[Group], page: int) -> str:
    """One page of facts: small properties in one pattern, each large one and each large inward group alone."""
    it = str(NamedNode(iri))
    window = f"LIMIT {PAGE_SIZE} OFFSET {(page - 1) * PAGE_SIZE}"
    large = [group for group in groups if group.total > PAGE_SIZE]
    parts = [_small_part(it, groups, inward=False)]
    if page == 1:
        parts.append(_small_part(it, groups, inward=True))
    parts += [_large_part(it, group, window) for group in large]
    patterns = " UNION ".join(part for part in parts if part)
    return f"SELECT ?s ?p ?o ?g WHERE {{ {patterns} OPTIONAL {{ GRAPH ?g {{ ?s ?p ?o }} }} }}"


def _small_part(it: str, groups: Iterable[Group], *, inward: bool) -> str:
    """All values of the properties that have few; of inward ones, only the kinds that have few."""
    small = [group for group in groups if group.inward == inward and group.total <= PAGE_SIZE]
    if not small:
        return ""
    pairs = {(group.predicate, group.kind) for group in small}
    if not inward:
        return f"{{ VALUES ?p {{ {iris(p for p, _ in pairs)} }} {it} ?p ?o BIND({it} AS ?s) }}"
    rows = " ".join(
        f'({NamedNode(p)} "{BASE}id/{kind}/")' if kind else f'({NamedNode(p)} "")' for p, kind in pairs
    )
    return (
        f"{{ VALUES (?p ?start) {{ {rows} }} ?s ?p {it} BIND({it} AS ?o)"
        f' FILTER(IF(?start = "", !STRSTARTS(STR(?s), "{BASE}id/"), STRSTARTS(STR(?s), ?start))) }}'
    )


def _large_part(it: str, group: Group, window: str) -> str:
    p = str(NamedNode(group.predicate))
    if not group.inward:
        return (
            f"{{ {{ SELECT ?o WHERE {{ {it} {p} ?o OPTIONAL {{ ?o <{RDFS_LABEL}> ?l }} }}"
            f" ORDER BY ?l ?o {window} }} BIND({p} AS ?p) BIND({it} AS ?s) }}"
        )
    begins = (
        f'STRSTARTS(STR(?s), "{BASE}id/{group.kind}/")' if group.kind else f'!STRSTARTS(STR(?s), "{BASE}id/")'
    )
    return (
        f"{{ {{ SELECT ?s WHERE {{ ?s {p} {it} FILTER({begins}) OPTIONAL {{ ?s <{IG}order> ?n }}"
        f" OPTIONAL {{ ?s <{RDFS_LABEL}> ?l }} }} ORDER BY ?n ?l ?s {window} }}"
        f" BIND({p} AS ?p) BIND({it} AS ?o) }}"
    )


def _facts(found: Iterable[Row]) -> tuple[Fact, ...]:
    graphs: dict[tuple[Term, str, Term], list[str]] = {}
    for row in found:
        if "s" in row and "o" in row:
            held = graphs.setdefault((row["s"], text(row, "p"), row["o"]), [])
            if "g" in row:
                held.append(text(row, "g"))
    return tuple(Fact(*key, tuple(sorted(set(held)))) for key, held in graphs.items())


def _named(facts: Iterable[Fact]) -> list[str]:
    """Every IRI that the facts name, in the order of appearance."""
    named: dict[str, None] = {}
    for fact in facts:
        terms = (fact.subject, NamedNode(fact.predicate), fact.object)
        named |= {term.value: None for term in terms if isinstance(term, NamedNode)}
        named |= dict.fromkeys(fact.graphs)
    return list(named)


def _names_query(named: Iterable[str]) -> str:
    its = f"VALUES ?x {{ {iris(named)} }}"  # in each branch: a join from outside would scan every type
    return f"""
PREFIX rdf: <{PREFIXES["rdf"]}> PREFIX rdfs: <{PREFIXES["rdfs"]}> PREFIX owl: <{PREFIXES["owl"]}>
SELECT ?x ?p ?o ?label ?defined WHERE {{
  {{ {its} ?x ?p ?o FILTER(?p IN ({", ".join(f"<{each}>" for each in _SHOWN_OF_NEIGHBOURS)})) }}
  UNION
  {{ {its} ?x rdf:type ?o BIND(rdf:type AS ?p) BIND(EXISTS {{ ?o owl:equivalentClass ?means }} AS ?defined)
    FILTER(?defined || NOT EXISTS {{ GRAPH <{graph("inferred")}> {{ ?x rdf:type ?o }} }}) }}
  OPTIONAL {{ ?o rdfs:label ?label }}
}}"""


def _neighbours(found: Iterable[Row]) -> dict[str, Neighbour]:
    facts: dict[str, dict[tuple[str, Term], str]] = {}
    defined: dict[str, set[str]] = {}
    for row in found:
        value, iri = row["o"], text(row, "x")
        own = value.value if isinstance(value, Literal) else short_name(value.value)
        facts.setdefault(iri, {})[text(row, "p"), value] = text(row, "label") or own
        if text(row, "defined") == "true":
            defined.setdefault(iri, set()).add(value.value)
    return {
        iri: Neighbour(
            tuple((predicate, value, label) for (predicate, value), label in of.items()),
            frozenset(defined.get(iri, ())),
        )
        for iri, of in facts.items()
    }
