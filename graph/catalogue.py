"""The shipped catalogue: works, editions and bodies of AI standards, from tables with a source a row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from . import terms
from .judgements import ICS, SELECTION, assigned, concepts, proposed, served
from .readers.tables import Row
from .records import Field, Table, constant, read_facts

FILES = (
    "publications.csv", "editions.csv", "bodies.csv", "ics.csv", "selection.csv", "classification.csv",
    "assignments.csv", "proposals.csv", "usecases.csv", "joined.csv", "unstated.csv", "studygroups.csv",
)  # fmt: skip

_LANGUAGES = ("fr", "es", "zh")
# One label, one type, one status and one date: what a source told before stands, and nothing is added to it.
_ONCE = frozenset(
    terms.prefixed(name)
    for name in ("rdf:type", "rdfs:label", "skos:prefLabel", "ig:status", "ig:acronym", "dcterms:issued")
)
# The report's word on a status is weighed against the record's by a rule.
_SAYS = {terms.prefixed("ig:statusTold"): terms.prefixed("ig:status")}

_status = constant("concept", "status/")
_publication = constant("publication")
_source = Field("source", "dcterms:source", Literal, many=True, required=True)
_urls = Field("urls", "foaf:page", terms.web_address, many=True)


def _work_label(row: Row) -> str:
    identifier, title = row["identifier"], row["title"]
    said_already = title.casefold().startswith(identifier.casefold())
    return title if said_already else f"{identifier}: {title}"


def _edition_label(row: Row) -> str:
    return row["identifier"] or f"{row['title'] or row['work']} ({row['date']})"


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
            Field("ics", "ig:ics", constant("concept", ICS), many=True),
            Field("urls", "foaf:page", terms.web_address, many=True, required=True),
            Field("amends", "ig:amends", _publication),
            Field("adopts", "ig:adopts", _publication),
            Field("version_of", "dcterms:isVersionOf", _publication),
            Field("rules", "ig:selectedBy", constant("concept", SELECTION), many=True, required=True),
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


# What is known of things that another table declares: the report, the glossary or one of those above.
SUPPLEMENTS: tuple[Table, ...] = (
    Table(
        "joined.csv", "publication", (),
        (
            Field("publishers", "ig:publishedBy", constant("body"), many=True),
            Field("note", "skos:editorialNote", terms.english),
            _urls, _source,
        ),
        None,
    ),
    Table(
        "unstated.csv", "publication", (),
        (
            Field("body", "ig:bodyUnstated", terms.english),
            Field("page", "ig:pageUnstated", terms.english),
            Field("theme", "ig:themeUnstated", terms.english),
        ),
        None,
    ),
    Table(
        "studygroups.csv", "body", (),
        (
            Field("periods", "ig:studyPeriod", Literal, many=True),
            Field("replaces", "dcterms:replaces", constant("body"), many=True),
            _source,
        ),
        None,
    ),
)  # fmt: skip


def read_catalogue(
    folder: Path, known: Iterable[NamedNode], told: Iterable[Triple], documents: Iterable[NamedNode] = ()
) -> set[Triple]:
    """The facts of the catalogue's tables in `folder`.

    `known` are the things elsewhere that a row may point to; `told` is what another source says: the
    catalogue adds to its things, and a label, type, status or date that it tells stands alone. `documents` of
    the glossary are classified as the works are. Errors: SourceError naming file, line and field.
    """
    said = {(t.subject, _SAYS.get(t.predicate, t.predicate)) for t in told}
    things = {subject for subject, _ in said if isinstance(subject, NamedNode)}
    schemes, declared = concepts(folder)
    facts = read_facts(folder, TABLES, {*known, *things, *declared})
    triples = {t for t in facts.triples if not (t.predicate in _ONCE and (t.subject, t.predicate) in said)}
    works = {*facts.rows, *documents}
    triples |= read_facts(folder, SUPPLEMENTS, {*works, *things}).triples
    titled = [(work, row) for work, row in facts.rows.items() if row.file.name == "publications.csv"]
    ours = {*known, *things}
    return (
        triples
        | schemes
        | assigned(folder, works)
        | proposed(folder, works, ours)
        | served(folder, titled, ours)
    )
