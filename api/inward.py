"""What points at a thing from elsewhere, grouped for its page; who takes part in what, line by line."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass

from pyoxigraph import NamedNode

from isogloss.ontology.names import IG, PREFIXES

from . import wording
from .addresses import kind_of, path_of
from .description import Description, Fact, Group, Neighbour
from .values import INFERRED, Value, natural, place, property_label, sources, thing_value

_DCTERMS, _SKOS = PREFIXES["dcterms"], PREFIXES["skos"]


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
    sources: tuple[Value, ...] = ()

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


def inward(description: Description, elsewhere: Collection[str] = ()) -> tuple[Inward, ...]:
    """The groups of a page, but for those of properties that it shows `elsewhere`."""
    facts: dict[tuple[str, str], list[Fact]] = {}
    asserted: set[tuple[str, str]] = set()
    for fact in description.inward():
        if isinstance(fact.subject, NamedNode) and fact.predicate not in elsewhere:
            key = (fact.predicate, kind_of(fact.subject.value))
            facts.setdefault(key, []).append(fact)
            if fact.graphs != (INFERRED,) or fact.predicate in wording.SHOWN_THOUGH_DERIVED:
                asserted.add(key)
    groups = [
        group for group in description.groups if (group.predicate, group.kind) in asserted and group.inward
    ]
    groups = [group for group in groups if _worth_showing(description, group, asserted)]
    ranked = sorted(groups, key=lambda group: wording.inward_rank(group.predicate, group.kind))
    return tuple(
        _inward_group(description, group, facts[group.predicate, group.kind], _alone(group, ranked))
        for group in ranked
    )


def _worth_showing(description: Description, group: Group, asserted: set[tuple[str, str]]) -> bool:
    """Involvements have a table of their own; a theme's things are among those of its tree; terms that a
    publication defines are taken from it.
    """
    if group.kind == "involvement" and group.predicate in (IG + "involves", IG + "involvedIn"):
        return False
    if group.predicate == _SKOS + "inScheme" and (_SKOS + "topConceptOf", group.kind) in asserted:
        tops = next(g.total for g in description.groups if g.inward and g.predicate == _SKOS + "topConceptOf")
        return group.total > tops
    if group.predicate == _DCTERMS + "source" and (IG + "definedIn", group.kind) in asserted:
        return False
    return not (group.predicate == IG + "theme" and (IG + "themeOrBroader", group.kind) in asserted)


def _alone(group: Group, groups: list[Group]) -> bool:
    return sum(each.predicate == group.predicate for each in groups) == 1


def _inward_group(description: Description, group: Group, facts: list[Fact], alone: bool) -> Inward:
    subjects = [fact.subject.value for fact in facts if isinstance(fact.subject, NamedNode)]
    label = property_label(description, group.predicate)
    runs: dict[str, list[Value]] = {}
    for iri in sorted(subjects, key=lambda iri: place(description, iri)):
        value = thing_value(description, iri)
        runs.setdefault(value.tag if group.kind in _IN_RUNS else "", []).append(value)
    here = kind_of(description.iri)
    heading = wording.inward_heading(group.predicate, label, group.kind, of=here, alone=alone)
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
        sources(facts),
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


def involvements(description: Description) -> tuple[Involvement, ...]:
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
