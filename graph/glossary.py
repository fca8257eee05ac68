"""The facts of the glossary: vocabularies, the documents they come from, and their terms."""

from __future__ import annotations

import csv
from collections.abc import Iterable
from functools import partial
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from isogloss.ontology import names

from . import terms
from .readers.tables import Row, read_table
from .records import Facts, Field, Table, constant, read_facts

_publication = constant("publication")
_publishers = Field("publishers", "ig:publishedBy", constant("body"), many=True)
_note = Field("note", "skos:editorialNote", terms.english)

# What a document's row adds to a thing that the report names without it.
_ADDED = frozenset(
    terms.prefixed(name) for name in ("dcterms:identifier", "ig:publishedBy", "foaf:page", "dcterms:source")
)


_DECLARING = (("body", "bodies.csv"), ("publication", "publications.csv"), ("publication", "documents.csv"))


def _literal(text: str) -> Literal:
    return Literal(text)


def _page(row: Row, subject: NamedNode) -> Iterable[Triple]:
    """The page is also where the record comes from: nothing else declares it."""
    if row["page"]:
        yield Triple(subject, terms.prefixed("dcterms:source"), terms.web_address(row["page"]))


def _name(row: Row, subject: NamedNode) -> Iterable[Triple]:
    yield Triple(subject, terms.prefixed("skos:prefLabel"), terms.english(row["name"]))
    yield Triple(subject, terms.prefixed("dcterms:source"), terms.web_address(row["url"]))


BODIES = Table(
    "bodies.csv", "body",
    ("StandardsBody", "Consortium", "NonGovernmentalOrganization", "Academia", "PublicAuthority"),
    (
        Field("acronym", "ig:acronym", _literal),
        Field("url", "foaf:homepage", terms.web_address, required=True),
    ),
    lambda row: row["name"], also=_name, more=("name",),
)  # fmt: skip

DOCUMENTS = Table(
    "documents.csv", "publication",
    (
        "InternationalStandard", "TechnicalReport", "TechnicalSpecification", "TechnicalPaper", "Guide",
        "OtherPublication", "WorkItem", "PolicyInstrument", "Framework", "Protocol",
    ),
    (
        Field("identifier", "dcterms:identifier", _literal),
        Field("title", "dcterms:title", terms.english, required=True),
        _publishers,
        Field("status", "ig:status", constant("concept", "status/"), required=True),
        Field("page", "foaf:page", terms.web_address, required=True),
        Field("body_unstated", "ig:bodyUnstated", terms.english),
        _note,
    ),
    lambda row: ": ".join(filter(None, (row["identifier"], row["title"]))), also=_page,
)  # fmt: skip

VOCABULARIES = Table(
    "vocabularies.csv", "vocabulary", ("Vocabulary",),
    (
        Field("publication", "dcterms:source", _publication, required=True),
        Field("publisher", "ig:publishedBy", constant("body"), many=True),
        Field("edition", "bibo:edition", terms.english),
        # The place among those that are set side by side first; most have none.
        Field("position", "schema:position", terms.integer),
        Field("languages", "dcterms:language", _literal, many=True, required=True),
        Field("page", "foaf:page", terms.web_address, required=True),
        Field("access", "ig:definitionAccess", terms.english, required=True),
        Field("license", "dcterms:license", terms.web_address),
        Field("rights", "dcterms:rights", terms.english, required=True),
        _note,
    ),
    lambda row: row["label"], more=("label",),
)  # fmt: skip


def term_table(vocabulary: Row) -> Table:
    """The table of one vocabulary's terms; what its row leaves open is taken from the vocabulary."""
    slug = vocabulary["slug"]
    return Table(
        f"terms/{slug}.csv", "term", ("Term",),
        (
            Field("alt_labels", "skos:altLabel", terms.english, many=True),
            Field("clause", "ig:clause", _literal),
            Field("broader", "skos:broader", constant("term", f"{slug}/"), many=True),
            Field("gloss", "ig:gloss", terms.english),
            Field("evidence", "ig:evidence", _literal, required=True),
            _note,
        ),
        lambda row: row["label"],
        path=lambda row: f"{slug}/{row['slug']}",
        also=partial(_in_vocabulary, vocabulary), more=("label", "page"),
    )  # fmt: skip


def _in_vocabulary(vocabulary: Row, row: Row, subject: NamedNode) -> Iterable[Triple]:
    state = partial(Triple, subject)
    document = _publication(vocabulary["publication"])
    yield state(terms.prefixed("skos:prefLabel"), terms.english(row["label"]))
    yield state(terms.prefixed("skos:inScheme"), NamedNode(names.thing("vocabulary", vocabulary["slug"])))
    yield state(terms.prefixed("dcterms:source"), document)
    yield state(terms.prefixed("ig:definedIn"), document)
    yield state(terms.prefixed("ig:definitionAccess"), terms.english(vocabulary["access"]))
    yield state(terms.prefixed("foaf:page"), terms.web_address(row["page"] or vocabulary["page"]))


def vocabulary_rows(folder: Path) -> tuple[Row, ...]:
    """The rows of vocabularies.csv in `folder`."""
    required = ("slug", *(field.name for field in VOCABULARIES.fields if field.required))
    optional = ("label", *(field.name for field in VOCABULARIES.fields if not field.required))
    return tuple(read_table(folder / VOCABULARIES.file, required=required, optional=optional))


def tables(folder: Path) -> tuple[Table, ...]:
    """Every table of the glossary in `folder`, one a vocabulary for the terms."""
    return BODIES, DOCUMENTS, VOCABULARIES, *map(term_table, vocabulary_rows(folder))


def read_glossary(
    folder: Path, elsewhere: Iterable[NamedNode] = (), named: Iterable[NamedNode] = ()
) -> Facts:
    """The facts of the glossary's tables. What `elsewhere` declares already is left to it; of these, what
    another source only `named` gets identifier, publisher and page.

    Errors: SourceError naming file, line and field.
    """
    declared, added = set(elsewhere), set(named)
    facts = read_facts(folder, tables(folder), declared)
    facts.triples = {
        triple
        for triple in facts.triples
        if triple.subject not in declared or (triple.subject in added and triple.predicate in _ADDED)
    }
    return facts


def declared_things(folders: Iterable[Path]) -> set[NamedNode]:
    """The bodies and publications that the tables in these folders declare, by their slugs alone."""
    found: set[NamedNode] = set()
    for folder in folders:
        for kind, file in _DECLARING:
            if (folder / file).is_file():
                with (folder / file).open(encoding="utf-8-sig", newline="") as handle:
                    found |= {NamedNode(names.thing(kind, row["slug"])) for row in csv.DictReader(handle)}
    return found
