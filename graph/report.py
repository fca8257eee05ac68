"""The facts of the 2025 report: which tables there are, and what their columns state."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Any

from pyoxigraph import Literal, NamedNode, Triple

from isogloss.ontology import names

from . import terms
from .readers.tables import Row
from .records import Facts, Field, Table, any_thing, constant, label_, read_facts
from .relations import read_relations

_REPORT = NamedNode(names.thing("publication", names.REPORT))
_section = constant("section", "2025/")
_theme = Field("themes", "ig:theme", constant("theme"), many=True)
_cited = Field("sections", "ig:citedIn", _section, many=True, required=True)
_stated = Field("sections", "ig:statedIn", _section, many=True, required=True)
_note = Field("note", "skos:editorialNote", terms.english)
_description = Field("description", "dcterms:description", terms.english)
_bodies = partial(Field, read=constant("body"), many=True)

_EDITED = {"InternationalStandard", "NationalStandard", "TechnicalReport", "TechnicalSpecification"}


def _literal(text: str) -> Literal:
    return Literal(text)


def _vertical(letter: str) -> NamedNode | Literal:
    return constant("concept", "vertical/")(letter.lower())


def _named(row: Row) -> str:
    return row["name"]


def _section_label(row: Row) -> str:
    number, title = row["number"], row["title"]
    return f"{number} {title}" if number and not title.startswith(number) else title


def _publication_label(row: Row) -> str:
    identifier, title = row["identifier"], row["title"]
    return ": ".join(filter(None, (identifier, title if title != identifier else "")))


def _section_place(row: Row, subject: NamedNode) -> Iterable[Triple]:
    parent = NamedNode(names.thing("section", f"2025/{row['parent']}")) if row["parent"] else _REPORT
    yield Triple(subject, terms.prefixed("dcterms:isPartOf"), parent)


def _edition(row: Row, subject: NamedNode) -> Iterable[Triple]:
    """A dated edition beside the work, where the report tells the date of what comes in editions."""
    if not row["date"] or row["kind"] not in _EDITED:
        return
    edition = NamedNode(f"{subject.value}-{row['date']}")
    state = partial(Triple, edition)
    yield state(terms.prefixed("rdf:type"), terms.prefixed("ig:Edition"))
    yield state(
        terms.prefixed("rdfs:label"), terms.english(f"{row['identifier'] or row['title']} ({row['date']})")
    )
    yield state(terms.prefixed("ig:editionOf"), subject)
    yield state(terms.prefixed("dcterms:issued"), terms.date(row["date"]))
    yield state(terms.prefixed("ig:status"), NamedNode(names.thing("concept", f"status/{row['status']}")))
    for section in row.many("sections"):
        yield state(terms.prefixed("ig:citedIn"), _section(section))


def _involvement_path(row: Row) -> str:
    parts = (row["body"], row["role"], row["object"], row["person"], row["section"])
    return "-".join(names.slug(part) for part in parts if part)


def _in_vocabulary(row: Row, subject: NamedNode) -> Iterable[Triple]:
    vocabulary = NamedNode(names.thing("vocabulary", names.REPORT))
    yield Triple(subject, terms.prefixed("skos:inScheme"), vocabulary)
    yield Triple(subject, terms.prefixed("skos:prefLabel"), terms.english(row["label"]))


def _pref_label(row: Row, subject: NamedNode) -> Iterable[Triple]:
    yield Triple(subject, terms.prefixed("skos:prefLabel"), terms.english(row["name"]))


def _table(
    label: Callable[[Row], str] | None, file: str, kind: str, classes: str, *fields: Field, **more: Any
) -> Table:
    return Table(file, kind, tuple(classes.split()), fields, label, **more)


TABLES: tuple[Table, ...] = (
    _table(
        _section_label, "sections.csv", "section", "Section Part Chapter Box Table FrontMatter",
        Field("number", "ig:number", _literal),
        Field("title", "dcterms:title", terms.english, required=True),
        Field("order", "ig:order", terms.integer, required=True),
        Field("summary", "dcterms:description", terms.english),
        _theme,
        path=lambda row: f"2025/{row['slug']}", also=_section_place, more=("parent",),
    ),
    _table(
        _named, "bodies.csv", "body",
        "Body StandardsBody Committee StudyGroup FocusGroup WorkingGroup Collaboration Consortium Company "
        "Academia PublicAuthority InternationalOrganization NonGovernmentalOrganization",
        Field("acronym", "ig:acronym", _literal),
        Field("alt_names", "skos:altLabel", terms.english, many=True),
        Field("parent", "org:subOrganizationOf", constant("body"), many=True),
        Field("country", "schema:addressCountry", _literal),
        Field("url", "foaf:homepage", terms.web_address, many=True),
        _theme, _cited, _note,
        also=_pref_label, more=("name",),
    ),
    _table(
        _named, "people.csv", "person", "Person",
        Field("name", "foaf:name", _literal, required=True),
        Field("role", "ig:roleTitle", _literal, many=True, required=True),
        _bodies("body", "org:memberOf"),
        _cited, _note,
    ),
    _table(
        _publication_label, "publications.csv", "publication",
        "InternationalStandard NationalStandard TechnicalReport TechnicalSpecification TechnicalPaper Guide "
        "OtherPublication WorkItem PolicyInstrument Framework Protocol",
        Field("identifier", "dcterms:identifier", _literal),
        Field("title", "dcterms:title", terms.english),
        Field("alt_titles", "dcterms:alternative", terms.english, many=True),
        Field("former_ids", "ig:formerIdentifier", _literal, many=True),
        _bodies("publishers", "ig:publishedBy"),
        _bodies("developers", "ig:developedBy"),
        Field("status", "ig:statusTold", constant("concept", "status/"), required=True),
        Field("stage", "ig:stage", _literal),
        Field("date", "dcterms:issued", terms.date),
        Field("date_text", "ig:dateAsTold", _literal),
        Field("urls", "foaf:page", terms.web_address, many=True),
        Field("clusters", "ig:authenticityCluster", constant("concept", "authenticity-cluster/"), many=True),
        _theme, _description, _cited, _note,
        also=_edition,
    ),
    _table(
        _named, "initiatives.csv", "initiative", "Initiative Programme Campaign Database Competition Network",
        Field("acronym", "ig:acronym", _literal),
        Field("alt_names", "skos:altLabel", terms.english, many=True),
        Field("part_of", "dcterms:isPartOf", any_thing, many=True),
        Field("url", "foaf:page", terms.web_address, many=True),
        _theme, _description, _cited, _note,
        also=_pref_label, more=("name",),
    ),
    _table(
        _named, "events.csv", "event", "Event Summit Workshop Session Meeting Course Observance",
        Field("alt_names", "skos:altLabel", terms.english, many=True),
        Field("start", "schema:startDate", terms.date),
        Field("end", "schema:endDate", terms.date),
        Field("date_text", "ig:dateAsTold", _literal),
        Field("place", "schema:location", terms.english),
        Field("part_of", "dcterms:isPartOf", constant("event"), many=True),
        _bodies("organizers", "ig:organizedBy"),
        Field("url", "foaf:page", terms.web_address, many=True),
        _theme, _description, _cited, _note,
        also=_pref_label, more=("name",),
    ),
    _table(
        _named, "usecases.csv", "usecase", "UseCase Project Product Demonstration Tool Dataset",
        _bodies("by", "ig:madeBy"),
        Field("place", "schema:location", terms.english),
        Field("verticals", "ig:industryVertical", _vertical, many=True),
        Field("url", "foaf:page", terms.web_address, many=True),
        _theme, _description, _cited, _note,
        also=_pref_label, more=("name",),
    ),
    _table(
        lambda row: row["label"], "statements.csv", "statement",
        "Gap Opportunity Recommendation Takeaway Challenge Risk Requirement NextStep Announcement Objective "
        "Benefit Finding",
        Field("description", "dcterms:description", terms.english, required=True),
        _bodies("addressed_to", "ig:addressedTo"),
        _bodies("stated_by", "ig:statedBy"),
        Field("about", "ig:about", any_thing, many=True),
        Field("list", "ig:inList", _literal),
        Field("position", "ig:position", terms.integer),
        _theme, _stated, _note,
        more=("label",),
    ),
    _table(
        lambda row: row["label"], "terms.csv", "term", "Term",
        Field("alt_labels", "skos:altLabel", terms.english, many=True),
        Field("how", "ig:characterisation", _literal, required=True),
        Field("gloss", "ig:gloss", terms.english, required=True),
        Field("source", "ig:definedIn", constant("publication"), many=True),
        _theme, _cited, _note,
        path=lambda row: f"{names.REPORT}/{row['slug']}", also=_in_vocabulary, more=("label",),
    ),
    _table(
        lambda row: f"{row['value_text']}: {row['measures']}", "figures.csv", "figure", "ReportedFigure",
        Field("value", "schema:value", terms.decimal, required=True),
        Field("unit", "schema:unitText", _literal, required=True),
        Field("value_text", "ig:valueAsTold", _literal, required=True),
        Field("measures", "dcterms:description", terms.english, required=True),
        Field("about", "ig:about", any_thing, many=True),
        Field("date", "ig:dateAsTold", _literal),
        Field("source", "dcterms:source", any_thing, many=True),
        _theme, _stated, _note,
    ),
    _table(
        None, "involvements.csv", "involvement", "Involvement",
        Field("body", "ig:involves", constant("body"), required=True),
        Field("role", "ig:role", constant("concept", "role/"), required=True),
        Field("object", "ig:involvedIn", any_thing, required=True),
        Field("person", "ig:involvesPerson", constant("person")),
        Field("section", "ig:statedIn", _section, many=True, required=True),
        _description,
        slugged=False, path=_involvement_path,
    ),
    _table(
        lambda row: f"{row['reading_1']} / {row['reading_2']}",
        "discrepancies.csv", "discrepancy", "Discrepancy",
        Field("about", "ig:about", any_thing, many=True),
        Field("reading_1", "ig:readingOne", _literal, required=True),
        Field("section_1", "ig:statedIn", _section, many=True, required=True),
        Field("reading_2", "ig:readingTwo", _literal),
        Field("section_2", "ig:statedIn", _section, many=True),
        Field("note", "dcterms:description", terms.english, required=True),
    ),
)  # fmt: skip


def read_report(folder: Path, known: Iterable[NamedNode]) -> Facts:
    """The facts of the report's tables in `folder`; `known` are the things of the schemes that they point to.

    Errors: SourceError naming file, line and field.
    """
    known = {*known, NamedNode(names.thing("vocabulary", names.REPORT))}
    facts = read_facts(folder, TABLES, known)
    facts.triples |= read_relations(folder / "relations.csv", facts.rows.keys() | known)
    facts.triples |= _vocabulary() | _involvement_labels(facts)
    return facts


def _vocabulary() -> set[Triple]:
    state = partial(Triple, NamedNode(names.thing("vocabulary", names.REPORT)))
    return {
        state(terms.prefixed("rdf:type"), terms.prefixed("ig:Vocabulary")),
        state(terms.prefixed("rdfs:label"), terms.english("Terms of the AI Standards Exchange report 2025")),
        state(terms.prefixed("dcterms:source"), _REPORT),
    }


def _involvement_labels(facts: Facts) -> set[Triple]:
    """Labels in whole words, such as "CAICT presents: BCI workshop", from the labels of both ends."""
    labels = {
        t.subject: t.object.value
        for t in facts.triples
        if t.predicate == label_ and isinstance(t.object, Literal)
    }
    found: set[Triple] = set()
    for node, row in facts.rows.items():
        if row.file.name == "involvements.csv":
            body = labels[NamedNode(names.thing("body", row["body"]))]
            target = any_thing(row["object"])
            text = f"{body} {row['role'].replace('-', ' ')}: {labels.get(target, row['object'])}"
            found.add(Triple(node, label_, terms.english(text)))
    return found
