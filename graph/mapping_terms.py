"""The terms that a store holds, as the mapping tools want them."""

from __future__ import annotations

from collections import defaultdict

from pyoxigraph import Store

from isogloss.mappings.terms import VOCABULARY, Term, Terms, Vocabulary

from .solutions import solutions

_TEXTS = """SELECT ?term ?as ?text WHERE {
  ?term a ig:Term .
  { ?term skos:prefLabel ?text BIND("label" AS ?as) }
  UNION { ?term skos:altLabel ?text BIND("other" AS ?as) }
  UNION { ?term ig:gloss ?text BIND("gloss" AS ?as) }
  UNION { ?term skos:definition ?text BIND("definition" AS ?as) }
  UNION { ?term skos:broader ?text BIND("broader" AS ?as) }
  UNION { ?term ig:theme|ig:definedIn/ig:theme ?text BIND("theme" AS ?as) }
  UNION { ?term skos:inScheme ?text BIND("vocabulary" AS ?as) }
  FILTER(!isLiteral(?text) || lang(?text) = "" || langMatches(lang(?text), "en"))
} ORDER BY ?term ?as ?text"""
_VOCABULARIES = """SELECT ?vocabulary ?label ?status WHERE {
  ?vocabulary a ig:Vocabulary ; rdfs:label ?label .
  OPTIONAL { ?vocabulary dcterms:source/ig:status ?status }
} ORDER BY ?vocabulary ?status"""


def terms_of(store: Store) -> Terms:
    """Every ig:Term with its English labels and texts, and every ig:Vocabulary with its edition's status."""
    told: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for term, kind, text in _rows(store, _TEXTS):
        told[term][kind].append(text)
    found = (_term(iri, said) for iri, said in told.items() if said["label"] and said["vocabulary"])
    return Terms(tuple(found), vocabularies_of(store))


def vocabularies_of(store: Store) -> dict[str, Vocabulary]:
    """Every vocabulary by its slug."""
    return {
        iri.removeprefix(VOCABULARY): Vocabulary(
            iri.removeprefix(VOCABULARY), label, status.rpartition("/")[2]
        )
        for iri, label, status in _rows(store, _VOCABULARIES)
    }


def _term(iri: str, said: dict[str, list[str]]) -> Term:
    return Term(
        iri,
        said["vocabulary"][0].removeprefix(VOCABULARY),
        tuple(dict.fromkeys((*said["label"], *said["other"]))),
        " ".join(said["gloss"]),
        tuple(said["definition"]),
        tuple(said["broader"]),
        tuple(said["theme"]),
    )


def _rows(store: Store, question: str) -> list[tuple[str, ...]]:
    return [
        tuple("" if value is None else value.value for value in row) for row in solutions(store, question)
    ]
