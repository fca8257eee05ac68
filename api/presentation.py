"""A description arranged for readers: facts under headings, links from elsewhere counted, evidence apart."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date

from pyoxigraph import Literal, NamedNode

from isogloss.ontology.names import IG, PREFIXES

from . import body_work, editions, theme_work, wording
from .addresses import kind_of
from .beside import Beside
from .body_work import Work
from .description import PAGE_SIZE, RDF_TYPE, RDFS_LABEL, Description, Fact, Neighbour
from .editions import Timeline
from .inward import Involvement, Inward, involvements, inward
from .theme_work import ThemeWork
from .values import (
    Value,
    derived,
    natural,
    place,
    property_label,
    shown_value,
    source,
    sources,
    thing_value,
)

_DCTERMS, _SKOS = PREFIXES["dcterms"], PREFIXES["skos"]
_LEAD = (IG + "gloss", _SKOS + "definition", _DCTERMS + "description")
_HEADED = (RDFS_LABEL, _SKOS + "prefLabel", PREFIXES["foaf"] + "name", _DCTERMS + "title")
_MOST_DERIVED = 3  # values a property: each follows from something that the page shows


@dataclass(frozen=True, slots=True)
class Row:
    """A property with its values; `more` counts those on later pages, `sources` are graphs that say so."""

    label: str
    predicate: str
    values: tuple[Value, ...]
    more: int = 0
    sources: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Block:
    """Rows under one heading."""

    heading: str
    rows: tuple[Row, ...]


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
    timeline: Timeline | None = None
    works: tuple[Work, ...] = ()
    theme_work: ThemeWork | None = None


def beside(iri: str) -> Beside | None:
    """What the page of a thing needs beside its own facts."""
    of_kind = {"publication": editions.beside, "body": body_work.beside, "theme": theme_work.beside}
    pattern = of_kind.get(kind_of(iri))
    return pattern(iri) if pattern else None


def arrange(description: Description, now: date) -> Page:
    """The page of a description; `now` is where lines of time end."""
    kind = kind_of(description.iri)
    rows = description.beside
    timeline = editions.timeline(rows, description.iri, now) if kind == "publication" else None
    outward = [fact for fact in description.outward() if fact.predicate != RDF_TYPE]
    lead = _lead(description)
    shown = [fact for fact in outward if not derived(fact) and not _told_already(description, fact, lead)]
    follow = [fact for fact in outward if derived(fact)]
    return Page(
        title=_title(description),
        kind=wording.KINDS.get(kind, ("", ""))[0],
        classes=_classes(description),
        lead=tuple(lead),
        blocks=_blocks(description, [fact for fact in shown if fact.predicate not in wording.EVIDENCE]),
        evidence=_evidence(description),
        inward=inward(description, editions.SHOWN if timeline else ()),
        involvements=involvements(description),
        involvements_total=sum(
            group.total for group in description.groups if group.inward and group.kind == "involvement"
        ),
        derived=tuple(map(_shortened, _rows(description, follow))) + _derived_inward(description),
        graphs=tuple((source(name), count) for name, count in description.graphs.items()),
        trail=_trail(description),
        timeline=timeline,
        works=body_work.works(rows, description.iri) if kind == "body" else (),
        theme_work=theme_work.theme_work(rows, description.iri) if kind == "theme" else None,
    )


def _title(description: Description) -> str:
    """The name; before a title in another language than the label's stands the label's identifier."""
    name, label = description.name(), next(iter(description.texts(RDFS_LABEL)), "")
    identifier, divided, _ = label.partition(": ")
    if name is None or name.value == label or kind_of(description.iri) != "publication" or not divided:
        return description.label()
    return f"{identifier}: {name.value}"


def _lead(description: Description) -> list[str]:
    """What it is, in a sentence or more; a figure's name already says all of that."""
    return [text for text in description.texts(*_LEAD)[:1] if text not in description.label()]


def _told_already(description: Description, fact: Fact, lead: Iterable[str]) -> bool:
    """Whether the head of the page, or another fact, already says this."""
    if fact.predicate == _SKOS + "inScheme":
        return any(top.object == fact.object for top in description.outward(_SKOS + "topConceptOf"))
    if not isinstance(fact.object, Literal):
        return False
    label, text = description.label(), fact.object.value
    if kind_of(description.iri) == "section" and fact.predicate in (_DCTERMS + "title", IG + "number"):
        return text in label
    if fact.predicate in _HEADED and text == label:
        return True
    return fact.predicate in _LEAD and (text in lead or text in label)


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
        label = property_label(description, predicate)
        rows.append(Row(label, predicate, tuple(values), more, sources(of_it)))
    return tuple(rows)


def _shortened(row: Row) -> Row:
    left_out = max(0, len(row.values) - _MOST_DERIVED)
    return replace(row, values=row.values[:_MOST_DERIVED], more=row.more + left_out)


def _evidence(description: Description) -> tuple[Value, ...]:
    sections = {
        fact.object.value: None for fact in description.outward(*wording.EVIDENCE) if not derived(fact)
    }
    return tuple(
        thing_value(description, iri) for iri in sorted(sections, key=lambda iri: place(description, iri))
    )


def _derived_inward(description: Description) -> tuple[Row, ...]:
    """Derived links from elsewhere, counted: each of them is derived from a link that the page shows."""
    shown = {
        (fact.predicate, kind_of(fact.subject.value)) for fact in description.inward() if not derived(fact)
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
    """The way down to this page: the thing that it is part of, belongs to, is narrower than or stands in."""
    parents = description.outward(
        _DCTERMS + "isPartOf", PREFIXES["org"] + "subOrganizationOf", _SKOS + "broader", IG + "editionOf"
    ) + description.outward(_SKOS + "inScheme")
    own = [fact for fact in parents if not derived(fact) and isinstance(fact.object, NamedNode)]
    return tuple(thing_value(description, fact.object.value) for fact in own[:1])
