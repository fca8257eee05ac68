"""The shipped catalogue: works, editions and bodies of AI standards, from tables with a source a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from isogloss.ontology import names

from . import classification, selection, terms
from .readers.tables import Row, read_table
from .records import Facts, Field, Table, constant, label_, read_facts, type_

FILES = (
    "publications.csv", "editions.csv", "bodies.csv", "ics.csv", "selection.csv", "classification.csv",
    "assignments.csv", "proposals.csv",
)  # fmt: skip

# How a work came into the catalogue other than by a rule of selection.csv.
_OTHER_WAYS = {
    "collected-list": "A list of AI standards that was collected by hand, with the evidence for each row",
    "report-citation": "The 2025 report cites it",
}
_LANGUAGES = ("fr", "es", "zh")
_SELECTION, _CLASSIFICATION, _ICS = "selection-rule/", "classification-rule/", "ics/"
_SCHEMES = {
    "selection-rules": "Rules that select AI publications",
    "classification-rules": "Rules that classify AI publications",
    "ics": "International Classification for Standards (the classes in use here)",
}
# One label, one type, one status and one date: what a source told before stands, and nothing is added to it.
_ONCE = frozenset(
    terms.prefixed(name)
    for name in ("rdf:type", "rdfs:label", "skos:prefLabel", "ig:status", "ig:acronym", "dcterms:issued")
)

_status = constant("concept", "status/")
_publication = constant("publication")
_source = Field("source", "dcterms:source", Literal, many=True, required=True)
_urls = Field("urls", "foaf:page", terms.web_address, many=True)


def _work_label(row: Row) -> str:
    identifier, title = row["identifier"], row["title"]
    said_already = title.casefold().startswith(identifier.casefold())
    return title if said_already else f"{identifier}: {title}"


def _edition_label(row: Row) -> str:
    return row["identifier"] or f"{row['work']} ({row['date']})"


def _translated(row: Row, subject: NamedNode) -> Iterator[Triple]:
    for language in _LANGUAGES:
        if title := row[f"title_{language}"]:
            yield Triple(subject, terms.prefixed("dcterms:title"), Literal(title, language=language))


def _recorded(row: Row, subject: NamedNode) -> Iterator[Triple]:
    """The status of the record, kept beside the one in use, which another source may have told before."""
    yield Triple(subject, terms.prefixed("ig:recordedStatus"), _status(row["status"]))


def _work(row: Row, subject: NamedNode) -> Iterator[Triple]:
    yield from _recorded(row, subject)
    yield from _translated(row, subject)


def _pref_label(row: Row, subject: NamedNode) -> Iterator[Triple]:
    yield Triple(subject, terms.prefixed("skos:prefLabel"), terms.english(row["name"]))


TABLES: tuple[Table, ...] = (
    Table(
        "bodies.csv", "body",
        (
            "StandardsBody", "Committee", "StudyGroup", "FocusGroup", "WorkingGroup", "Collaboration",
            "Consortium", "Company", "Academia", "PublicAuthority", "InternationalOrganization",
            "NonGovernmentalOrganization",
        ),
        (
            Field("acronym", "ig:acronym", Literal),
            Field("alt_names", "skos:altLabel", terms.english, many=True),
            Field("parent", "org:subOrganizationOf", constant("body"), many=True),
            Field("country", "schema:addressCountry", Literal),
            Field("url", "foaf:homepage", terms.web_address, many=True),
            _source,
        ),
        lambda row: row["name"], also=_pref_label, more=("name",),
    ),
    Table(
        "publications.csv", "publication",
        (
            "InternationalStandard", "NationalStandard", "TechnicalReport", "TechnicalSpecification",
            "TechnicalPaper", "Guide", "OtherPublication", "WorkItem", "PolicyInstrument", "Framework",
            "Protocol",
        ),
        (
            Field("identifier", "dcterms:identifier", Literal),
            Field("title", "dcterms:title", terms.english, required=True),
            Field("publishers", "ig:publishedBy", constant("body"), many=True, required=True),
            Field("developers", "ig:developedBy", constant("body"), many=True),
            Field("status", "ig:status", _status, required=True),
            Field("stage", "ig:stage", Literal),
            Field("date", "dcterms:issued", terms.date),
            Field("ics", "ig:ics", constant("concept", _ICS), many=True),
            Field("urls", "foaf:page", terms.web_address, many=True, required=True),
            Field("amends", "ig:amends", _publication),
            Field("adopts", "ig:adopts", _publication),
            Field("version_of", "dcterms:isVersionOf", _publication),
            Field("rules", "ig:selectedBy", constant("concept", _SELECTION), many=True, required=True),
            Field("note", "skos:editorialNote", terms.english),
            _source,
        ),
        _work_label, also=_work, more=("keywords", *(f"title_{language}" for language in _LANGUAGES)),
    ),
    Table(
        "editions.csv", "publication", ("Edition",),
        (
            Field("work", "ig:editionOf", _publication, required=True),
            Field("identifier", "dcterms:identifier", Literal),
            Field("other_ids", "dcterms:identifier", Literal, many=True),
            Field("title", "dcterms:title", terms.english),
            Field("status", "ig:status", _status, required=True),
            Field("stage", "ig:stage", Literal),
            Field("date", "dcterms:issued", terms.date, required=True),
            Field("edition", "ig:editionNumber", Literal),
            Field("supersedes", "ig:supersedes", _publication),
            _urls, _source,
        ),
        _edition_label, also=_recorded,
    ),
)  # fmt: skip


def read_catalogue(folder: Path, known: Iterable[NamedNode], told: Iterable[NamedNode]) -> set[Triple]:
    """The facts of the catalogue's tables in `folder`.

    `known` are the things elsewhere that a row may point to; of these, `told` are those that another source
    describes already: the catalogue adds to them and leaves their label, type, status and date alone. Errors:
    SourceError naming file, line and field.
    """
    told = set(told)
    schemes, concepts = _concepts(folder)
    facts = read_facts(folder, TABLES, {*known, *told, *concepts})
    triples = {t for t in facts.triples if not (t.subject in told and t.predicate in _ONCE)}
    return triples | schemes | _assigned(folder, facts) | _proposed(folder, facts, {*known, *told})


def _concepts(folder: Path) -> tuple[set[Triple], set[NamedNode]]:
    """The rules and the classes of the ICS as concepts, each in its scheme."""
    found: set[Triple] = set()
    for scheme, title in _SCHEMES.items():
        node = NamedNode(names.thing("scheme", scheme))
        found.add(Triple(node, type_, terms.prefixed("skos:ConceptScheme")))
        found.add(Triple(node, label_, terms.english(title)))
    for rule in selection.read_rules(folder / "selection.csv"):
        node = _concept(found, _SELECTION + rule.slug, "selection-rules", rule.label, "ig:SelectionRule")
        found.add(Triple(node, terms.prefixed("ig:pattern"), Literal(rule.pattern.pattern)))
    for slug, label in _OTHER_WAYS.items():
        _concept(found, _SELECTION + slug, "selection-rules", label, "ig:SelectionRule")
    for kind in classification.read_rules(folder / "classification.csv"):
        node = _concept(
            found, _CLASSIFICATION + kind.slug, "classification-rules", kind.label, "ig:ClassificationRule"
        )
        found.add(Triple(node, terms.prefixed("ig:pattern"), Literal(kind.pattern.pattern)))
        found.add(Triple(node, terms.prefixed("ig:assigns"), kind.concept))
        found.add(Triple(node, terms.prefixed("ig:confidence"), terms.decimal(kind.confidence)))
    for row in read_table(folder / "ics.csv", required=("code", "label")):
        node = _concept(found, _ICS + row["code"], "ics", f"{row['code']} {row['label']}", "skos:Concept")
        found.add(Triple(node, terms.prefixed("skos:notation"), Literal(row["code"])))
    return found, {t.subject for t in found if isinstance(t.subject, NamedNode)}


def _concept(found: set[Triple], path: str, scheme: str, label: str, kind: str) -> NamedNode:
    node = NamedNode(names.thing("concept", path))
    found.add(Triple(node, type_, terms.prefixed(kind)))
    found.add(Triple(node, label_, terms.english(label)))
    found.add(Triple(node, terms.prefixed("skos:prefLabel"), terms.english(label)))
    found.add(Triple(node, terms.prefixed("skos:inScheme"), NamedNode(names.thing("scheme", scheme))))
    return node


def _assigned(folder: Path, facts: Facts) -> set[Triple]:
    """What the rules of classification.csv make of each work: a fact with its rule, or a question."""
    rules = {rule.slug: rule for rule in classification.read_rules(folder / "classification.csv")}
    found: set[Triple] = set()
    for row in read_table(folder / "assignments.csv", required=("publication", "rules")):
        work = _declared(row, "publication", facts.rows)
        held = [_rule(row, slug, rules) for slug in row.many("rules")]
        certain = {rule.concept for rule in held if rule.sure}
        for rule in held:
            if rule.sure:
                found.add(Triple(work, terms.prefixed(rule.facet.property), rule.concept))
                by = NamedNode(names.thing("concept", _CLASSIFICATION + rule.slug))
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


def _proposed(folder: Path, facts: Facts, known: set[NamedNode]) -> set[Triple]:
    """The gaps of the report that a work may answer; nobody has accepted these, so they are no facts."""
    found: set[Triple] = set()
    columns = ("publication", "statement", "reason", "confidence")
    for row in read_table(folder / "proposals.csv", required=columns):
        work = _declared(row, "publication", facts.rows)
        gap = NamedNode(names.thing("statement", row["statement"]))
        if gap not in known:
            raise row.error(f"{gap.value} is nowhere declared", "statement")
        ask = "ig:ProposedAnswer", work, "ig:addresses", gap
        found |= _Proposal(*ask, row["reason"], row["confidence"]).triples()
    return found


def _declared(row: Row, field: str, rows: Iterable[NamedNode]) -> NamedNode:
    node = NamedNode(names.thing("publication", row[field]))
    if node not in rows:
        raise row.error(f"publications.csv has no row of this name: {row[field]!r}", field)
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
