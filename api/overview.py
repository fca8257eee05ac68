"""What the start page and the trees show: counts, themes, bodies and sections, read from the graph."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from isogloss.graph.engine.base import Engine
from isogloss.ontology.names import BASE, IG, PROLOGUE, thing

from .addresses import path_of, slug_of
from .asking import Row, number, rows, text
from .values import natural

FIVE_THEMES = (
    "multimedia-authenticity", "agentic-ai-security", "brain-computer-interfaces", "quantum-key-distribution",
    "edge-ai",
)  # fmt: skip

# What the graph is counted by on the start page: class, and the page that lists it.
COUNTED = (
    ("Publication", "publications", "/publications"),
    ("Body", "bodies", "/bodies"),
    ("Term", "terms", "/glossary"),
    ("Mapping", "mappings", "/mappings"),
    ("Statement", "statements", "/statements"),
    ("Theme", "themes", "/themes"),
    ("Section", "sections", "/sections"),
    ("UseCase", "use cases", "/usecases"),
    ("Event", "events", "/events"),
    ("Initiative", "initiatives", "/initiatives"),
)


@dataclass(frozen=True, slots=True)
class Node:
    """A thing in a tree, with what hangs below it and counts by kind or class of what belongs to it."""

    iri: str
    label: str
    text: str = ""
    kind: str = ""
    counts: dict[str, int] = field(default_factory=dict)
    children: tuple[Node, ...] = ()

    @property
    def path(self) -> str:
        """Where its page is."""
        return path_of(self.iri) or self.iri

    @property
    def slug(self) -> str:
        return slug_of(self.iri)


@dataclass(frozen=True, slots=True)
class BodyLine:
    """A body in the list of bodies."""

    iri: str
    label: str
    acronym: str
    kind: str
    parent: str
    publications: int
    statements: int

    @property
    def notes(self) -> list[str]:
        """What stands beside its name in a list."""
        found = [self.acronym] if self.acronym != self.label else []
        found.append(f"in {self.parent}" if self.parent else "")
        for count, one in ((self.publications, "publication"), (self.statements, "statement")):
            found.append(f"{count} {one}{'' if count == 1 else 's'}" if count else "")
        return [note for note in found if note]

    @property
    def path(self) -> str:
        """Where its page is."""
        return path_of(self.iri) or self.iri


async def class_counts(engine: Engine) -> dict[str, int]:
    """How many things there are of each class of ours, by the class's local name."""
    found = await rows(
        engine,
        f"{PROLOGUE}SELECT ?class (COUNT(DISTINCT ?thing) AS ?count) WHERE {{ ?thing a ?class"
        f' FILTER(STRSTARTS(STR(?class), "{IG}")) }} GROUP BY ?class',
    )
    return {text(row, "class").removeprefix(IG): number(row, "count") for row in found}


async def theme_tree(engine: Engine) -> tuple[Node, ...]:
    """All themes from the top down; counts are of things on the theme or below it, by class."""
    themes = await rows(
        engine,
        f"{PROLOGUE}SELECT ?theme ?label ?definition ?parent WHERE {{ ?theme a ig:Theme ; rdfs:label ?label"
        " OPTIONAL { ?theme skos:definition ?definition } OPTIONAL { ?theme skos:broader ?parent } }",
    )
    counted = await rows(
        engine,
        f"{PROLOGUE}SELECT ?theme ?class (COUNT(DISTINCT ?thing) AS ?count) WHERE {{"
        " VALUES ?class { ig:Publication ig:Body ig:Gap ig:Opportunity ig:Statement ig:Event ig:UseCase }"
        " ?thing a ?class ; ig:theme/skos:broader* ?theme } GROUP BY ?theme ?class",
    )
    counts: dict[str, dict[str, int]] = {}
    for row in counted:
        counts.setdefault(text(row, "theme"), {})[text(row, "class").removeprefix(IG)] = number(row, "count")
    return _tree(themes, "theme", counts)


async def five_themes(engine: Engine) -> tuple[Node, ...]:
    """The five themes that the graph follows most closely, in their order."""
    wanted = [thing("theme", slug) for slug in FIVE_THEMES]
    nodes = {node.iri: node for node in _all(await theme_tree(engine))}
    return tuple(nodes[iri] for iri in wanted if iri in nodes)


async def section_tree(engine: Engine) -> tuple[Node, ...]:
    """The sections of the report in reading order; counts are of what each one names or states, by kind."""
    sections = await rows(
        engine,
        f"{PROLOGUE}SELECT ?section ?label ?order ?kind ?parent WHERE {{"
        " ?section a ig:Section ; rdfs:label ?label"
        " OPTIONAL { ?section ig:order ?order }"
        " OPTIONAL { ?section dcterms:isPartOf ?parent . ?parent a ig:Section }"
        " OPTIONAL { VALUES ?class { ig:Part ig:Chapter ig:Box ig:Table ig:FrontMatter }"
        " ?section a ?class . ?class rdfs:label ?kind } }",
    )
    counted = await rows(
        engine,
        f"{PROLOGUE}SELECT ?section ?kind (COUNT(DISTINCT ?thing) AS ?count) WHERE {{"
        " ?thing ig:citedIn|ig:statedIn ?section"
        f' BIND(STRBEFORE(SUBSTR(STR(?thing), {len(BASE) + 4}), "/") AS ?kind) }} GROUP BY ?section ?kind',
    )
    counts: dict[str, dict[str, int]] = {}
    for row in counted:
        counts.setdefault(text(row, "section"), {})[text(row, "kind")] = number(row, "count")
    return _tree(sections, "section", counts)


async def bodies(engine: Engine) -> list[BodyLine]:
    """All bodies with their kind, and how many publications and statements are theirs."""
    found = await rows(
        engine,
        f"{PROLOGUE}SELECT ?body (SAMPLE(?name) AS ?label) (SAMPLE(?short) AS ?acronym)"
        " (SAMPLE(?class) AS ?kind) (SAMPLE(?above) AS ?parent) WHERE { ?body a ig:Body ; rdfs:label ?name"
        " OPTIONAL { ?body ig:acronym ?short }"
        " OPTIONAL { ?body org:subOrganizationOf/rdfs:label ?above }"
        " OPTIONAL { ?body a ?type . ?type rdfs:subClassOf ig:Body ; rdfs:label ?class"
        " FILTER NOT EXISTS { ?type owl:equivalentClass ?definition } } } GROUP BY ?body",
    )
    counted = await rows(
        engine,
        f"{PROLOGUE}SELECT ?body ?what (COUNT(DISTINCT ?thing) AS ?count) WHERE {{"
        ' { ?thing ig:publishedBy|ig:developedBy ?body BIND("publications" AS ?what) } UNION'
        ' { ?thing ig:addressedTo|ig:statedBy ?body BIND("statements" AS ?what) } } GROUP BY ?body ?what',
    )
    counts = {(text(row, "body"), text(row, "what")): number(row, "count") for row in counted}
    lines = [
        BodyLine(
            text(row, "body"), text(row, "label"), text(row, "acronym"), text(row, "kind") or "body",
            text(row, "parent"), counts.get((text(row, "body"), "publications"), 0),
            counts.get((text(row, "body"), "statements"), 0),
        )
        for row in found
    ]  # fmt: skip
    return sorted(lines, key=lambda line: natural(line.label))


def _tree(found: Iterable[Row], name: str, counts: dict[str, dict[str, int]]) -> tuple[Node, ...]:
    lines = {text(row, name): row for row in found}
    below: dict[str, list[str]] = {}
    for iri, row in lines.items():
        parent = text(row, "parent")
        below.setdefault(parent if parent in lines else "", []).append(iri)

    def node(iri: str, above: frozenset[str]) -> Node:
        row = lines[iri]
        children = [each for each in below.get(iri, []) if each not in above]
        return Node(
            iri,
            text(row, "label"),
            text(row, "definition"),
            text(row, "kind"),
            counts.get(iri, {}),
            tuple(node(each, above | {iri}) for each in sorted(children, key=place)),
        )

    def place(iri: str) -> tuple[int, list[tuple[int, int, str]]]:
        return number(lines[iri], "order"), natural(text(lines[iri], "label"))

    return tuple(node(iri, frozenset()) for iri in sorted(below.get("", []), key=place))


def _all(nodes: Iterable[Node]) -> Iterable[Node]:
    for node in nodes:
        yield node
        yield from _all(node.children)


async def graph_counts(engine: Engine) -> dict[str, int]:
    """Triples a named graph, by its IRI; the default graph proper, where there is one, is the empty name."""
    found = await rows(engine, "SELECT ?g (COUNT(*) AS ?count) WHERE { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g")
    return {text(row, "g"): number(row, "count") for row in sorted(found, key=lambda row: text(row, "g"))}
