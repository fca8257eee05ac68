"""A description arranged for readers: facts under headings, links from elsewhere counted, evidence apart."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import BlankNode, Literal, NamedNode

from isogloss.ontology.names import IG, PREFIXES, graph

from . import wording
from .addresses import kind_of, path_of
from .asking import Term
from .describe import PAGE_SIZE, RDF_TYPE, RDFS_LABEL, Description, Fact, Group, Neighbour

INFERRED = graph("inferred")

_DCTERMS, _SKOS = PREFIXES["dcterms"], PREFIXES["skos"]
_LEAD = (IG + "gloss", _SKOS + "definition", _DCTERMS + "description")
_HEADED = (RDFS_LABEL, _SKOS + "prefLabel", PREFIXES["foaf"] + "name", _DCTERMS + "title")
_ACRONYM_KINDS = ("body", "initiative")


@dataclass(frozen=True, slots=True)
class Value:
    """One value as shown: `href` is a path of this server or an outside URL, empty for plain text."""

    text: str
    href: str = ""
    outside: bool = False
    language: str = ""
    tag: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """A property with its values; `more` counts those on later pages."""

    label: str
    predicate: str
    values: tuple[Value, ...]
    more: int = 0


@dataclass(frozen=True, slots=True)
class Block:
    """Rows under one heading."""

    heading: str
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Inward:
    """Things of one kind that point here by one property, in runs of one class each where classes differ."""

    heading: str
    anchor: str
    predicate: str
    label: str
    kind: str
    total: int
    runs: tuple[tuple[str, tuple[Value, ...]], ...]

    @property
    def shown(self) -> int:
        """How many of them stand on this page."""
        return sum(len(values) for _, values in self.runs)


@dataclass(frozen=True, slots=True)
class Involvement:
    """One line of who takes part in what: the other side, the role, what was done, and where it is told."""

    other: Value
    role: str
    record: str
    text: str
    sections: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """Everything that the template of a description shows."""

    title: str
    kind: str
    classes: tuple[Value, ...]
    lead: tuple[str, ...]
    blocks: tuple[Block, ...]
    evidence: tuple[Value, ...]
    inward: tuple[Inward, ...]
    involvements: tuple[Involvement, ...]
    involvements_total: int
    derived: tuple[Row, ...]
    graphs: tuple[tuple[Value, int], ...]
    trail: tuple[Value, ...] = field(default=())


def arrange(description: Description) -> Page:
    """The page of a description."""
    kind = kind_of(description.iri)
    outward = [fact for fact in description.outward() if fact.predicate != RDF_TYPE]
    lead = _lead(description)
    shown = [fact for fact in outward if not _derived(fact) and not _in_head(description, fact, lead)]
    derived = [fact for fact in outward if _derived(fact)]
    return Page(
        title=description.label(),
        kind=wording.KINDS.get(kind, ("", ""))[0],
        classes=_classes(description),
        lead=tuple(lead),
        blocks=_blocks(description, [fact for fact in shown if fact.predicate not in wording.EVIDENCE]),
        evidence=_evidence(description),
        inward=_inward(description),
        involvements=_involvements(description),
        involvements_total=sum(
            group.total for group in description.groups if group.inward and group.kind == "involvement"
        ),
        derived=_rows(description, derived) + _derived_inward(description),
        graphs=tuple(
            (Value(graph_name(name), path_of(name) or ""), count)
            for name, count in description.graphs.items()
        ),
        trail=_trail(description),
    )


def graph_name(iri: str) -> str:
    """The short name of a named graph."""
    return iri.rpartition("/")[2] or iri


def natural(text: str) -> list[tuple[int, int, str]]:
    """A sort key that reads numbers as numbers (2 before 10) and ignores case.

    >>> sorted(["10.3", "9.1", "Box 2"], key=natural)
    ['9.1', '10.3', 'Box 2']
    """
    parts = re.split(r"(\d+)", text.casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part]


def shown_value(description: Description, term: Term) -> Value:
    """A term as a value: a literal's text, a link to our page of a thing, or a link away."""
    if isinstance(term, Literal):
        if re.fullmatch(r"https?://\S+", term.value):
            return Value(term.value, term.value, outside=True)
        language = term.language or ""
        return Value(_literal_text(term), language="" if language == "en" else language)
    if isinstance(term, BlankNode):
        return Value("(unnamed)")
    return thing_value(description, term.value)


def thing_value(description: Description, iri: str) -> Value:
    """A link to a thing, with its class and what tells it apart."""
    path = description.link(iri)
    neighbour = description.names.get(iri, Neighbour())
    if path is None or (path_of(iri) is None and not neighbour.facts):
        return Value(description.label(iri) if neighbour.facts else iri, iri, outside=True)
    return Value(description.label(iri), path, tag=class_label(neighbour), note=_note(neighbour))


def class_label(neighbour: Neighbour) -> str:
    """The label of the class of ours that a thing was said to have."""
    classes = [
        label
        for value, label in neighbour.values(RDF_TYPE)
        if value.value.startswith(IG) and value.value not in neighbour.defined
    ]
    return min(classes, default="")


def _literal_text(literal: Literal) -> str:
    if literal.datatype.value == PREFIXES["xsd"] + "boolean":
        return {"true": "yes", "1": "yes"}.get(literal.value, "no")
    return literal.value


def _note(neighbour: Neighbour) -> str:
    notes = [
        neighbour.first(IG + "status"),
        neighbour.first(_DCTERMS + "issued"),
        neighbour.first(IG + "valueAsTold"),
    ]
    if not notes[1]:
        notes.append(neighbour.first(IG + "dateAsTold") or neighbour.first(PREFIXES["schema"] + "startDate"))
    return ", ".join(note for note in notes if note and note != "unknown")


def _derived(fact: Fact) -> bool:
    return fact.graphs == (INFERRED,) and fact.predicate not in wording.SHOWN_THOUGH_DERIVED[:1]


def _lead(description: Description) -> list[str]:
    return description.texts(*_LEAD)[:1]


def _in_head(description: Description, fact: Fact, lead: Iterable[str]) -> bool:
    """Whether the head of the page already says this."""
    if not isinstance(fact.object, Literal):
        return False
    if fact.predicate in _HEADED and fact.object.value == description.label():
        return True
    return fact.predicate in _LEAD and fact.object.value in lead


def _classes(description: Description) -> tuple[Value, ...]:
    """Its classes of ours, first those that were said, then those that follow by definition."""
    own = description.names.get(description.iri, Neighbour())
    classes = [(value.value in own.defined, label, value.value) for value, label in own.values(RDF_TYPE)]
    return tuple(
        Value(label, description.link(iri) or "", tag="inferred" if defined else "")
        for defined, label, iri in sorted(classes)
        if iri.startswith(IG) or not kind_of(description.iri)
    )


def _blocks(description: Description, facts: list[Fact]) -> tuple[Block, ...]:
    left, blocks = list(facts), []
    for heading, predicates in wording.HEADINGS:
        here = [fact for predicate in predicates for fact in left if fact.predicate == predicate]
        if here:
            blocks.append(Block(heading, _rows(description, here)))
            left = [fact for fact in left if fact.predicate not in predicates]
    if left:
        blocks.append(Block(wording.OTHER_HEADING, _rows(description, left)))
    return tuple(blocks)


def _rows(description: Description, facts: Iterable[Fact]) -> tuple[Row, ...]:
    by_predicate: dict[str, list[Fact]] = {}
    for fact in facts:
        by_predicate.setdefault(fact.predicate, []).append(fact)
    totals = {group.predicate: group.total for group in description.groups if not group.inward}
    rows = []
    for predicate, of_it in by_predicate.items():
        values = sorted(
            (shown_value(description, fact.object) for fact in of_it), key=lambda v: natural(v.text)
        )
        more = totals[predicate] - len(values) if totals.get(predicate, 0) > PAGE_SIZE else 0
        rows.append(Row(property_label(description, predicate), predicate, tuple(values), more))
    return tuple(rows)


def property_label(description: Description, predicate: str) -> str:
    """The label of a property: our word for it, else the ontology's, else its short name."""
    return wording.LABELS.get(predicate) or description.label(predicate)


def _evidence(description: Description) -> tuple[Value, ...]:
    sections = {
        fact.object.value: None for fact in description.outward(*wording.EVIDENCE) if not _derived(fact)
    }
    return tuple(
        thing_value(description, iri) for iri in sorted(sections, key=lambda iri: _place(description, iri))
    )


def _place(description: Description, iri: str) -> tuple[int, list[tuple[int, int, str]]]:
    neighbour = description.names.get(iri, Neighbour())
    order = neighbour.first(IG + "order") or neighbour.first(IG + "position")
    return int(order) if order.isdecimal() else 0, natural(description.label(iri))


def _inward(description: Description) -> tuple[Inward, ...]:
    facts: dict[tuple[str, str], list[str]] = {}
    asserted: set[tuple[str, str]] = set()
    for fact in description.inward():
        if isinstance(fact.subject, NamedNode):
            key = (fact.predicate, kind_of(fact.subject.value))
            facts.setdefault(key, []).append(fact.subject.value)
            if fact.graphs != (INFERRED,) or fact.predicate in wording.SHOWN_THOUGH_DERIVED:
                asserted.add(key)
    groups = [
        group for group in description.groups if (group.predicate, group.kind) in asserted and group.inward
    ]
    groups = [group for group in groups if _worth_showing(description, group, asserted)]
    ranked = sorted(groups, key=lambda group: wording.inward_rank(group.predicate, group.kind))
    return tuple(_inward_group(description, group, facts[group.predicate, group.kind]) for group in ranked)


def _worth_showing(description: Description, group: Group, asserted: set[tuple[str, str]]) -> bool:
    """Involvements have a table of their own; a theme's own things are among those of it or its narrower ones."""
    if group.kind == "involvement" and group.predicate in (IG + "involves", IG + "involvedIn"):
        return False
    if group.predicate == _SKOS + "inScheme" and (_SKOS + "topConceptOf", group.kind) in asserted:
        tops = next(g.total for g in description.groups if g.inward and g.predicate == _SKOS + "topConceptOf")
        return group.total > tops
    return not (group.predicate == IG + "theme" and (IG + "themeOrBroader", group.kind) in asserted)


def _inward_group(description: Description, group: Group, subjects: list[str]) -> Inward:
    label = property_label(description, group.predicate)
    runs: dict[str, list[Value]] = {}
    for iri in sorted(subjects, key=lambda iri: _place(description, iri)):
        value = thing_value(description, iri)
        runs.setdefault(value.tag if group.kind in _IN_RUNS else "", []).append(value)
    heading = wording.inward_heading(group.predicate, label, group.kind)
    anchor = re.sub(r"[^a-z0-9]+", "-", f"{group.predicate.rpartition('/')[2]}-{group.kind}".lower()).strip(
        "-"
    )
    ordered = sorted(runs.items(), key=lambda run: _RUN_ORDER.get(run[0], len(_RUN_ORDER)))
    return Inward(
        heading,
        anchor,
        group.predicate,
        label,
        group.kind,
        group.total,
        tuple((tag, tuple(values)) for tag, values in ordered),
    )


_IN_RUNS = ("statement", "body", "publication")
_RUN_ORDER = {
    label: place
    for place, label in enumerate(
        (
            "gap",
            "standards opportunity",
            "recommendation",
            "takeaway",
            "next step",
            "challenge",
            "risk",
            "requirement",
        )
    )
}


def _involvements(description: Description) -> tuple[Involvement, ...]:
    lines = []
    for fact in description.inward():
        other_end = {IG + "involves": IG + "involvedIn", IG + "involvedIn": IG + "involves"}.get(
            fact.predicate
        )
        if other_end is None or not isinstance(fact.subject, NamedNode):
            continue
        record = description.names.get(fact.subject.value, Neighbour())
        others = record.values(other_end)
        sections = [
            Value(label, path_of(value.value) or "") for value, label in record.values(IG + "statedIn")
        ]
        other = Value(others[0][1], path_of(others[0][0].value) or "") if others else Value("—")
        text = record.first(_DCTERMS + "description")
        lines.append(
            Involvement(
                other, record.first(IG + "role"), path_of(fact.subject.value) or "", text, tuple(sections)
            )
        )
    return tuple(sorted(lines, key=lambda line: (natural(line.role), natural(line.other.text))))


def _derived_inward(description: Description) -> tuple[Row, ...]:
    """Derived links from elsewhere, counted: each of them is derived from a link that the page shows."""
    shown = {
        (fact.predicate, kind_of(fact.subject.value)) for fact in description.inward() if not _derived(fact)
    }
    rows = []
    for group in description.groups:
        if group.inward and (group.predicate, group.kind) not in shown:
            if group.predicate in wording.SHOWN_THOUGH_DERIVED:
                continue
            things = wording.KINDS.get(group.kind, ("thing", "things"))[group.total != 1]
            label = f"{property_label(description, group.predicate)} (from elsewhere)"
            rows.append(Row(label, group.predicate, (Value(f"{group.total} {things}"),)))
    return tuple(rows)


def _trail(description: Description) -> tuple[Value, ...]:
    """The way down to this page: the thing that it is part of, belongs to or is narrower than."""
    parents = description.outward(
        _DCTERMS + "isPartOf", PREFIXES["org"] + "subOrganizationOf", _SKOS + "broader", IG + "editionOf"
    )
    own = [fact for fact in parents if not _derived(fact) and isinstance(fact.object, NamedNode)]
    return tuple(thing_value(description, fact.object.value) for fact in own[:1])
