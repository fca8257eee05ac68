"""Terms and the mappings between them, read in one query, for pages that set them side by side."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

from pyoxigraph import Literal

from isogloss.graph.engine.base import Engine
from isogloss.mappings.claims import NO_TERM
from isogloss.ontology.names import BASE, IG, PREFIXES, PROLOGUE

from .asking import Row, Term, iris, rank, rows, text
from .mapping_words import DERIVED, Record

_SKOS, _DC, _SSSOM = PREFIXES["skos"], PREFIXES["dcterms"], PREFIXES["sssom"]
_LAST = 10**6  # comes after every place
_NEXT = _LAST - 1  # after every place that is given
# A vocabulary stands where the first of its publisher's does, so that a body's words stand together; those of
# standards bodies that no position names come next. The rows that tell it have no property.
_STANDING = ""
_STANDINGS = (
    " UNION { ?term skos:inScheme/ig:publishedBy ?v . ?v a ?kind"
    f" FILTER(?kind IN (ig:StandardsBody, ig:Consortium)) BIND({_NEXT} AS ?o) }}"
)
# Not joined to the publisher of a term: the engine would go through all that a body has published.
_PLACES = " UNION { ?w a ig:Vocabulary ; schema:position ?o ; ig:publishedBy ?v }"
_LANGUAGES = ("", "en", "fr", "de", "es", "zh", "ja", "ru", "ar")

Facts = dict[str, dict[str, list[tuple[Term, str]]]]


@dataclass(frozen=True, slots=True)
class TermView:
    """One entry of one vocabulary. `core` says whether it goes by the word that was asked for."""

    iri: str
    core: bool
    labels: dict[str, str]
    others: tuple[str, ...]
    vocabulary: str
    vocabulary_label: str
    edition: str
    document: str
    document_label: str
    clause: str
    gloss: str
    definitions: tuple[tuple[str, str], ...]
    access: str
    page: str
    standing: tuple[int, int] = (0, 0)  # of its vocabulary's publisher, then its own; the lower comes first

    @property
    def slug(self) -> str:
        """Its short name: vocabulary and term."""
        return self.iri.removeprefix(BASE + "id/term/")

    @property
    def clause_told(self) -> str:
        """The place in the document: what is no number (Art. 3(1), Principle 1.3) says itself what it is."""
        return f"clause {self.clause}" if re.match(r"[A-Z]?\.?\d", self.clause) else self.clause

    @property
    def edition_told(self) -> str:
        """The edition as a reader can place it: a bare number says nothing without its document."""
        if any(letter.isalpha() for letter in self.edition):
            return self.edition
        return f"{self.document_label}, edition {self.edition}" if self.edition else self.document_label


@dataclass(frozen=True, slots=True)
class Views:
    """Terms in the order of their vocabularies, those with the word first, and the records among them.

    `absent` are the records that say a vocabulary has no counterpart, each with that vocabulary's name.
    """

    terms: tuple[TermView, ...] = ()
    records: tuple[Record, ...] = ()
    between: dict[frozenset[str], tuple[Record, ...]] = field(default_factory=dict)
    absent: tuple[tuple[Record, str], ...] = ()


async def views(engine: Engine, known: Iterable[str], words: Iterable[str] = ()) -> Views:
    """The terms `known` and those that have one of `words` as a label, all that is mapped to them, and how.

    One query. ValueError for an IRI that is none.
    """
    found = await rows(engine, _query(sorted(set(known)), sorted(set(words))))
    facts: Facts = defaultdict(lambda: defaultdict(list))
    core: set[str] = set()
    for row in found:
        subject = text(row, "m") or text(row, "v") or text(row, "term")
        facts[subject][text(row, "p")].append((row["o"], text(row, "label")))
        if "core" in row:
            core.add(text(row, "term"))
    terms = {text(row, "term") for row in found if _is_term(facts, row)}
    return _views(facts, terms, core)


async def seen(engine: Engine, terms: Iterable[str], records: Iterable[str]) -> Views:
    """These terms and these records among them, without all that is mapped to them. One query."""
    found = await rows(
        engine,
        f"{PROLOGUE}SELECT ?term ?m ?p ?o ?label WHERE {{ {{ VALUES ?term {{ {iris(terms)} }} ?term ?p ?o }}"
        f" UNION {{ VALUES ?m {{ {iris(records)} }} ?m ?p ?o }}"
        " OPTIONAL { ?o rdfs:label ?label } } ORDER BY ?term ?m ?p ?o",
    )
    facts: Facts = defaultdict(lambda: defaultdict(list))
    for row in found:
        facts[text(row, "m") or text(row, "term")][text(row, "p")].append((row["o"], text(row, "label")))
    return _views(facts, {text(row, "term") for row in found if _is_term(facts, row)}, set())


def _is_term(facts: Facts, row: Row) -> bool:
    return IG + "Term" in {value.value for value, _ in facts[text(row, "term")][PREFIXES["rdf"] + "type"]}


def _query(known: list[str], words: list[str]) -> str:
    literals = " ".join(
        str(Literal(word, language=language) if language else Literal(word))
        for word in words
        for language in _LANGUAGES
    )
    named = f"{{ VALUES ?near {{ {iris(known)} }} }}"
    if literals:
        named += (
            f" UNION {{ VALUES ?word {{ {literals} }}"
            " ?near skos:prefLabel|skos:altLabel|ig:abbreviation ?word ; a ig:Term }"
        )
    asked = f"{{ SELECT DISTINCT ?near WHERE {{ {named} }} }}"
    return (
        f"{PROLOGUE}SELECT DISTINCT ?core ?term ?m ?v ?p ?o ?label WHERE {{"
        " { { SELECT DISTINCT ?term ?core WHERE {"
        f" {{ {asked.replace('?near', '?term')} BIND(true AS ?core) }}"
        f" UNION {{ {asked} ?m sssom:subject_id ?near ; sssom:object_id ?term ; a sssom:Mapping }}"
        f" UNION {{ {asked} ?m sssom:object_id ?near ; sssom:subject_id ?term ; a sssom:Mapping }} }} }}"
        " { ?term ?p ?o } UNION { ?m sssom:subject_id ?term ; a sssom:Mapping ; ?p ?o }"
        " UNION { ?term skos:inScheme ?v . ?v ?p ?o }"
        f"{_STANDINGS} }}{_PLACES}"
        " OPTIONAL { ?o rdfs:label ?label } } ORDER BY ?term ?m ?v ?p ?o"
    )


def _views(facts: Facts, terms: set[str], core: set[str]) -> Views:
    shown = sorted(
        (_term(facts, iri, iri in core) for iri in terms),
        key=lambda term: (not term.core, term.standing, term.vocabulary_label.casefold(), term.iri),
    )
    about = [record for iri in sorted(facts) if (record := _record(facts, iri)) and record.subject in terms]
    records = tuple(record for record in about if record.object in terms)
    absent = tuple((each, _where(facts, each)) for each in about if each.object == NO_TERM and each.live)
    between: dict[frozenset[str], tuple[Record, ...]] = {}
    for record in records:
        pair = frozenset({record.subject, record.object})
        between[pair] = (*between.get(pair, ()), record)
    return Views(tuple(shown), records, between, absent)


def _where(facts: Facts, record: Record) -> str:
    """The name of the vocabulary in which no counterpart was found."""
    found = facts[record.iri].get(_SSSOM + "object_source", ())
    return next((label or value.value.rpartition("/")[2] for value, label in found), "")


def _term(facts: Facts, iri: str, core: bool) -> TermView:
    def first(predicate: str) -> tuple[str, str]:
        value, label = next(iter(facts[iri].get(predicate, ())), (Literal(""), ""))
        return value.value, label

    vocabulary, vocabulary_label = first(_SKOS + "inScheme")
    document, document_label = first(IG + "definedIn")
    edition = next(iter(facts[vocabulary].get(PREFIXES["bibo"] + "edition", ())), (Literal(""), ""))[0].value
    labels = {language: label for label, language in reversed(_texts(facts, iri, _SKOS + "prefLabel"))}
    return TermView(
        iri, core, labels, tuple(label for label, _ in _texts(facts, iri, _SKOS + "altLabel")),
        vocabulary, vocabulary_label, edition, document, document_label, first(IG + "clause")[0],
        first(IG + "gloss")[0], tuple(_texts(facts, iri, _SKOS + "definition")),
        first(IG + "definitionAccess")[0], first(PREFIXES["foaf"] + "page")[0],
        _standing(facts, vocabulary),
    )  # fmt: skip


def _standing(facts: Facts, vocabulary: str) -> tuple[int, int]:
    """The place of its publisher, which is that of the publisher's first vocabulary, and its own."""

    def lowest(iri: str, name: str) -> int:
        return min((rank(value.value) or _LAST for value, _ in facts[iri].get(name, ())), default=_LAST)

    own = lowest(vocabulary, PREFIXES["schema"] + "position")
    publishers = facts[vocabulary].get(IG + "publishedBy", ())
    return min((own, *(lowest(body.value, _STANDING) for body, _ in publishers))), own


def _texts(facts: Facts, iri: str, predicate: str) -> list[tuple[str, str]]:
    found = [value for value, _ in facts[iri].get(predicate, ()) if isinstance(value, Literal)]
    return list(dict.fromkeys((value.value, value.language or "") for value in found))


def _record(facts: Facts, iri: str) -> Record | None:
    """A mapping record, if that is what the facts of this IRI are."""
    told = facts[iri]

    def first(predicate: str) -> str:
        return next((value.value for value, _ in told.get(predicate, ())), "")

    if not told.get(_SSSOM + "subject_id"):
        return None
    derived = IG + "DerivedMapping" in {value.value for value, _ in told.get(PREFIXES["rdf"] + "type", ())}
    reviewers = [
        label or value.value.rpartition("/")[2] for value, label in told.get(_SSSOM + "reviewer_id", ())
    ]
    return Record(
        iri, first(_SSSOM + "subject_id"), first(_SSSOM + "predicate_id").removeprefix(_SKOS),
        first(_SSSOM + "object_id"), first(_SSSOM + "predicate_modifier") == "Not",
        first(IG + "mappingStatus").rpartition("/")[2] or (DERIVED if derived else "proposed"),
        float(first(_SSSOM + "confidence") or -1),
        first(_SSSOM + "mapping_justification").removeprefix(PREFIXES["semapv"]),
        first(PREFIXES["rdfs"] + "comment"), tuple(dict.fromkeys(reviewers)),
        first(_SSSOM + "review_date"), first(_SSSOM + "reviewer_agreement"), first(IG + "reviewComment"),
    )  # fmt: skip
