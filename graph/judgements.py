"""What rules and proposals say of the catalogue's works, each as a thing that can be argued with."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from isogloss.ontology import names

from . import classification, selection, terms
from .readers.tables import Row, read_table
from .records import label_, type_

SELECTION, CLASSIFICATION, ICS = "selection-rule/", "classification-rule/", "ics/"
# How a work came into the catalogue other than by a rule of selection.csv.
_OTHER_WAYS = {
    "collected-list": "A list of AI standards that was collected by hand, with the evidence for each row",
    "report-citation": "The 2025 report cites it",
    "vocabulary-source": "A vocabulary of the glossary is defined in it",
}
_SCHEMES = {
    "selection-rules": "Rules that select AI publications",
    "classification-rules": "Rules that classify AI publications",
    "ics": "International Classification for Standards (the classes in use here)",
}
_SCHEME_OF = {
    "selection-rule": "selection-rules",
    "classification-rule": "classification-rules",
    "ics": "ics",
}


def concepts(folder: Path) -> tuple[set[Triple], set[NamedNode]]:
    """The rules and the classes of the ICS as concepts, each in its scheme."""
    found = {triple for scheme, title in _SCHEMES.items() for triple in _scheme(scheme, title)}
    for rule in selection.read_rules(folder / "selection.csv"):
        means = f"Takes a record into the catalogue by its {rule.where}. {rule.note}".strip()
        state = _concept(found, SELECTION + rule.slug, "ig:SelectionRule", rule.label, means)
        found.add(state(terms.prefixed("ig:pattern"), Literal(rule.pattern.pattern)))
    for slug, label in _OTHER_WAYS.items():
        _concept(found, SELECTION + slug, "ig:SelectionRule", label, "Takes a work in without a pattern.")
    for kind in classification.read_rules(folder / "classification.csv"):
        means = f"Assigns a concept to a work by its {kind.where}. {kind.note}".strip()
        state = _concept(found, CLASSIFICATION + kind.slug, "ig:ClassificationRule", kind.label, means)
        found.add(state(terms.prefixed("ig:pattern"), Literal(kind.pattern.pattern)))
        found.add(state(terms.prefixed("ig:assigns"), kind.concept))
        found.add(state(terms.prefixed("ig:confidence"), terms.decimal(kind.confidence)))
    for row in read_table(folder / "ics.csv", required=("code", "label")):
        label = f"{row['code']} {row['label']}"
        means = f"Standards of class {row['code']} in the International Classification for Standards."
        state = _concept(found, ICS + row["code"], "skos:Concept", label, means)
        found.add(state(terms.prefixed("skos:notation"), Literal(row["code"])))
    return found, {t.subject for t in found if isinstance(t.subject, NamedNode)}


def _scheme(slug: str, title: str) -> Iterator[Triple]:
    node = NamedNode(names.thing("scheme", slug))
    yield Triple(node, type_, terms.prefixed("skos:ConceptScheme"))
    yield Triple(node, label_, terms.english(title))


def _concept(
    found: set[Triple], path: str, kind: str, label: str, means: str
) -> Callable[[NamedNode, NamedNode | Literal], Triple]:
    """Adds a concept to `found`, its scheme told by the start of `path`; returns what states more of it."""
    state = partial(Triple, NamedNode(names.thing("concept", path)))
    scheme = _SCHEME_OF[path.partition("/")[0]]
    found.add(state(type_, terms.prefixed(kind)))
    found.add(state(label_, terms.english(label)))
    found.add(state(terms.prefixed("skos:prefLabel"), terms.english(label)))
    found.add(state(terms.prefixed("skos:definition"), terms.english(means)))
    found.add(state(terms.prefixed("skos:inScheme"), NamedNode(names.thing("scheme", scheme))))
    return state


def assigned(folder: Path, works: Iterable[NamedNode]) -> set[Triple]:
    """What the rules of classification.csv make of each work: a fact with its rule, or a question."""
    rules = {rule.slug: rule for rule in classification.read_rules(folder / "classification.csv")}
    found: set[Triple] = set()
    for row in read_table(folder / "assignments.csv", required=("publication", "rules")):
        work = _declared(row, "publication", works)
        held = [_rule(row, slug, rules) for slug in row.many("rules")]
        certain = {rule.concept for rule in held if rule.sure}
        for rule in held:
            if rule.sure:
                found.add(Triple(work, terms.prefixed(rule.facet.property), rule.concept))
                by = NamedNode(names.thing("concept", CLASSIFICATION + rule.slug))
                found.add(Triple(work, terms.prefixed("ig:classifiedBy"), by))
            elif rule.concept not in certain:
                reason = f"{rule.label}. {rule.note}".strip()
                ask = "ig:ProposedClassification", work, rule.facet.property, rule.concept
                found |= _Proposal(*ask, reason, rule.confidence).triples()
    return found


def _rule(row: Row, slug: str, rules: dict[str, classification.Rule]) -> classification.Rule:
    if slug not in rules:
        raise row.error(f"no rule of this name{terms.nearest(slug, rules)}", "rules")
    return rules[slug]


def proposed(folder: Path, works: Iterable[NamedNode], known: set[NamedNode]) -> set[Triple]:
    """The gaps of the report that a work may answer; nobody has accepted these, so they are no facts."""
    found: set[Triple] = set()
    columns = ("publication", "statement", "reason", "confidence")
    for row in read_table(folder / "proposals.csv", required=columns):
        work = _declared(row, "publication", works)
        gap = NamedNode(names.thing("statement", row["statement"]))
        if gap not in known:
            raise row.error(f"{gap.value} is nowhere declared", "statement")
        ask = "ig:ProposedAnswer", work, "ig:addresses", gap
        found |= _Proposal(*ask, row["reason"], row["confidence"]).triples()
    return found


def served(folder: Path, works: Iterable[tuple[NamedNode, Row]], known: set[NamedNode]) -> set[Triple]:
    """The use cases that a work may serve, by the rules of usecases.csv over its identifier and title."""
    texts = [(work, f"{row['identifier']} {row['title']}") for work, row in works]
    found: set[Triple] = set()
    columns = ("usecase", "pattern", "reason", "confidence")
    for row in read_table(folder / "usecases.csv", required=columns, optional=("except",)):
        case = NamedNode(names.thing("usecase", row["usecase"]))
        if case not in known:
            raise row.error(f"{case.value} is nowhere declared", "usecase")
        pattern = selection.compiled(row, "pattern")
        unless = selection.compiled(row, "except") if row["except"] else None
        for work, text in texts:
            if pattern.search(text) and not (unless and unless.search(text)):
                ask = "ig:ProposedUseCase", work, "ig:useCase", case
                found |= _Proposal(*ask, row["reason"], row["confidence"]).triples()
    return found


def _declared(row: Row, field: str, rows: Iterable[NamedNode]) -> NamedNode:
    node = NamedNode(names.thing("publication", row[field]))
    if node not in rows:
        raise row.error(f"no table of publications has a row of this name: {row[field]!r}", field)
    return node


@dataclass(frozen=True, slots=True)
class _Proposal:
    """A statement that waits for a curator; `confidence` is a decimal from 0 to 1 as text."""

    kind: str
    subject: NamedNode
    property: str
    object: NamedNode
    reason: str
    confidence: str

    def triples(self) -> set[Triple]:
        ends = [node.value.rsplit("/", 1)[1] for node in (self.subject, self.object)]
        state = partial(Triple, NamedNode(names.thing("proposal", "-".join(ends))))
        label = f"Proposed: {ends[0]} {self.property.removeprefix('ig:')} {ends[1]}"
        return {
            state(type_, terms.prefixed(self.kind)),
            state(label_, terms.english(label)),
            state(terms.prefixed("ig:proposedSubject"), self.subject),
            state(terms.prefixed("ig:proposedProperty"), terms.prefixed(self.property)),
            state(terms.prefixed("ig:proposedObject"), self.object),
            state(terms.prefixed("ig:reason"), terms.english(self.reason)),
            state(terms.prefixed("ig:confidence"), terms.decimal(self.confidence)),
        }
