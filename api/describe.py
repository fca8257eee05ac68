"""All that the graph says of one IRI, in two queries, or in three where it is much: counts, facts, names."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from isogloss.errors import NotFound
from isogloss.graph.engine.base import Engine
from isogloss.ontology.names import BASE, IG, PREFIXES, graph

from .addresses import kind_of
from .asking import Row, Term, iris, number, rows, text
from .beside import Beside
from .description import LABELS, PAGE_SIZE, RDFS_LABEL, Description, Fact, Group, Neighbour, short_name

# What is fetched of each thing that a description names, so that it can be shown by more than its IRI.
_SHOWN_OF_NEIGHBOURS = (
    *LABELS,
    *(PREFIXES["dcterms"] + name for name in ("issued", "description")),
    *(PREFIXES["schema"] + name for name in ("startDate", "endDate")),
    *(IG + name for name in ("status", "order", "position", "number", "valueAsTold", "dateAsTold")),
    *(IG + name for name in ("proposedSubject", "proposedObject", "confidence")),
    *(IG + name for name in ("role", "involves", "involvedIn", "involvesPerson", "statedIn")),
)  # fmt: skip


MANY = 5000  # things in one relation beyond which they come as the store has them: sorting takes it seconds
FEW = 100  # facts (once a graph) that come with the counts, so that most things need no query for them


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of a description is wanted: which page (from 1), what points here, names of what it names."""

    page: int = 1
    inward: bool = True
    named: bool = True


async def describe(
    engine: Engine,
    wanted: Mapping[str, Extent],
    *,
    beside: Callable[[str], Beside | None] = lambda iri: None,
) -> Description:
    """The description of the first candidate that the graph knows; NotFound if none, or no such page.

    `wanted` says for each how much, should it be that one; `beside` what else, which comes with the names.
    """
    begun = await rows(engine, _first_query(list(wanted)))
    iri, groups = _first_known(list(wanted), [row for row in begun if "total" in row])
    extent, page = wanted[iri], wanted[iri].page
    if not extent.inward:
        groups = tuple(group for group in groups if not group.inward)
    last = max(-(-group.total // PAGE_SIZE) for group in groups)
    if not 1 <= page <= last:
        raise NotFound(f"The description of {iri} has {last} page(s); there is no page {page}.", (iri,))
    few = [row for row in begun if "s" in row]
    facts = _facts(row for row in few if text(row, "it") == iri)
    if len(few) == FEW or last > 1:
        facts = _facts(await rows(engine, _facts_query(iri, groups, page)))
    if not extent.inward:
        facts = tuple(fact for fact in facts if fact.subject == NamedNode(iri))
    found = await rows(engine, _names_query(_named(facts), beside(iri))) if extent.named else []
    names = _neighbours(row for row in found if "x" in row)
    told = tuple(row for row in found if "x" not in row)
    return Description(iri, facts, groups, names, page, beside=told)


def _first_query(candidates: Sequence[str]) -> str:
    """The counts, and what few facts there may be; more than these few are left to a query of their own."""
    few = " UNION ".join(
        f"{{ {it} ?p ?o BIND({it} AS ?s) BIND({it} AS ?it) OPTIONAL {{ GRAPH ?g {{ {it} ?p ?o }} }} }}"
        f" UNION {{ ?s ?p {it} BIND({it} AS ?o) BIND({it} AS ?it) OPTIONAL {{ GRAPH ?g {{ ?s ?p {it} }} }} }}"
        for it in map(str, map(NamedNode, candidates))
    ) + "".join(f" UNION {_reviews(each)}" for each in candidates if kind_of(each) == "mapping")
    return f"""
SELECT ?it ?inward ?p ?kind ?total ?s ?o ?g WHERE {{
  {{ {_counts_query(candidates)} }}
  UNION
  {{ SELECT ?it ?s ?p ?o ?g WHERE {{ {few} }} LIMIT {FEW} }}
}}"""


def _reviews(iri: str) -> str:
    """The reviews of a mapping: they have no document but its own, in which their IRIs are fragments."""
    it = NamedNode(iri)
    return f"{{ ?s <{IG}reviewOf> {it} ; ?p ?o BIND({it} AS ?it) OPTIONAL {{ GRAPH ?g {{ ?s ?p ?o }} }} }}"


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
    """One page of facts: all small groups in one pattern a direction, each large group by itself."""
    it = str(NamedNode(iri))
    window = f"LIMIT {PAGE_SIZE} OFFSET {(page - 1) * PAGE_SIZE}"
    large = [group for group in groups if group.total > PAGE_SIZE]
    parts = [_small_part(it, groups, inward=False)]
    if page == 1:
        parts.append(_small_part(it, groups, inward=True))
        parts.append(_reviews(iri) if kind_of(iri) == "mapping" else "")
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
    many = group.total > MANY
    if many and not group.inward:
        found = f"SELECT ?o WHERE {{ {it} {p} ?o }} {window}"
        return f"{{ {{ {found} }} BIND({p} AS ?p) BIND({it} AS ?s) }}"
    if not group.inward:
        return (
            f"{{ {{ SELECT ?o WHERE {{ {it} {p} ?o OPTIONAL {{ ?o <{RDFS_LABEL}> ?l }} }}"
            f" ORDER BY ?l ?o {window} }} BIND({p} AS ?p) BIND({it} AS ?s) }}"
        )
    begins = (
        f'STRSTARTS(STR(?s), "{BASE}id/{group.kind}/")' if group.kind else f'!STRSTARTS(STR(?s), "{BASE}id/")'
    )
    if many:
        return (
            f"{{ {{ SELECT ?s WHERE {{ ?s {p} {it} FILTER({begins}) }} {window} }}"
            f" BIND({p} AS ?p) BIND({it} AS ?o) }}"
        )
    return (
        f"{{ {{ SELECT ?s WHERE {{ ?s {p} {it} FILTER({begins}) OPTIONAL {{ ?s <{IG}order> ?n }}"
        f" OPTIONAL {{ ?s <{RDFS_LABEL}> ?l }} }} ORDER BY ?n ?l ?s {window} }}"
        f" BIND({p} AS ?p) BIND({it} AS ?o) }}"
    )


def _facts(found: Iterable[Row]) -> tuple[Fact, ...]:
    """In an order of their own: engines give theirs anew each time; a strong tag promises the same bytes."""
    graphs: dict[tuple[Term, str, Term], list[str]] = {}
    for row in found:
        if "s" in row and "o" in row:
            held = graphs.setdefault((row["s"], text(row, "p"), row["o"]), [])
            if "g" in row:
                held.append(text(row, "g"))
    ordered = sorted(graphs, key=lambda key: (key[0].value, key[1], str(key[2])))
    return tuple(Fact(*key, tuple(sorted(set(graphs[key])))) for key in ordered)


def _named(facts: Iterable[Fact]) -> list[str]:
    """Every IRI that the facts name, in the order of appearance."""
    named: dict[str, None] = {}
    for fact in facts:
        terms = (fact.subject, NamedNode(fact.predicate), fact.object)
        named |= {term.value: None for term in terms if isinstance(term, NamedNode)}
        named |= dict.fromkeys(fact.graphs)
    return list(named)


def _names_query(named: Iterable[str], beside: Beside | None) -> str:
    its = f"VALUES ?x {{ {iris(named)} }}"  # in each branch: a join from outside would scan every type
    more = f"UNION {{ {beside.select} }}" if beside else ""
    columns = " ".join(f"?{name}" for name in beside.columns) if beside else ""
    return f"""
PREFIX rdf: <{PREFIXES["rdf"]}> PREFIX rdfs: <{PREFIXES["rdfs"]}> PREFIX owl: <{PREFIXES["owl"]}>
SELECT ?x ?p ?o ?label ?defined {columns} WHERE {{
  {{ {{ {its} ?x ?p ?o FILTER(?p IN ({", ".join(f"<{each}>" for each in _SHOWN_OF_NEIGHBOURS)})) }}
  UNION
  {{ {its} ?x rdf:type ?o BIND(rdf:type AS ?p) BIND(EXISTS {{ ?o owl:equivalentClass ?means }} AS ?defined)
    FILTER(?defined || NOT EXISTS {{ GRAPH <{graph("inferred")}> {{ ?x rdf:type ?o }} }}) }}
    OPTIONAL {{ ?o rdfs:label ?label }} }}
  {more}
}}"""


def _neighbours(found: Iterable[Row]) -> dict[str, Neighbour]:
    facts: dict[str, dict[tuple[str, Term], str]] = {}
    defined: dict[str, set[str]] = {}
    for row in sorted(found, key=lambda row: (text(row, "x"), text(row, "p"), str(row["o"]))):
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
