"""The ontology: every own term is documented, and reasoner and rules agree about the shipped facts."""

from importlib.resources import files

import pytest
import rdflib
from pyoxigraph import NamedNode, Store
from rdflib.namespace import DCTERMS, OWL, RDF, RDFS, SKOS

from isogloss.errors import OntologyError
from isogloss.graph.proof import classes_that_rules_miss, stated_facts
from isogloss.graph.rules import load_rules
from isogloss.graph.solutions import solutions
from isogloss.graph.terms import prefixed
from isogloss.ontology import check, names

KINDS = (OWL.Class, OWL.ObjectProperty, OWL.DatatypeProperty, OWL.AnnotationProperty)
needs_java = pytest.mark.skipif(not check.has_java(), reason="HermiT needs Java, and there is none here")


@pytest.fixture(scope="module")
def ontology() -> rdflib.Graph:
    return rdflib.Graph().parse(
        data=(files("isogloss.ontology") / "isogloss.ttl").read_bytes(), format="turtle"
    )


def own_terms(graph: rdflib.Graph) -> set[rdflib.URIRef]:
    found = {
        node for kind in KINDS for node in graph.subjects(RDF.type, kind) if isinstance(node, rdflib.URIRef)
    }
    return {node for node in found if node.startswith(names.IG)}


def test_every_own_term_has_a_label_a_definition_and_says_where_it_is_defined(ontology: rdflib.Graph) -> None:
    for term in own_terms(ontology):
        assert len(set(ontology.objects(term, RDFS.label))) == 1, term
        assert len(set(ontology.objects(term, SKOS.definition))) == 1, term
        assert ontology.value(term, RDFS.isDefinedBy) == rdflib.URIRef(names.ONTOLOGY), term


def test_no_two_own_terms_of_a_kind_share_a_label(ontology: rdflib.Graph) -> None:
    for kind in KINDS:
        labels = [
            str(ontology.value(t, RDFS.label)) for t in own_terms(ontology) if (t, RDF.type, kind) in ontology
        ]
        assert len(labels) == len(set(labels))


def test_an_own_class_stands_below_a_class_of_others_or_of_ours(ontology: rdflib.Graph) -> None:
    for term in ontology.subjects(RDF.type, OWL.Class):
        if isinstance(term, rdflib.URIRef) and term.startswith(names.IG):
            assert ontology.value(term, RDFS.subClassOf) or ontology.value(term, OWL.equivalentClass), term


def test_the_header_says_what_a_reuser_must_know(ontology: rdflib.Graph) -> None:
    header = rdflib.URIRef(names.ONTOLOGY)
    for wanted in (
        "title",
        "description",
        "creator",
        "license",
        "created",
        "modified",
        "bibliographicCitation",
    ):
        assert ontology.value(header, DCTERMS[wanted]), wanted
    version = ontology.value(header, OWL.versionInfo)
    assert ontology.value(header, OWL.versionIRI) == rdflib.URIRef(f"{names.ONTOLOGY}/{version}")


def test_every_property_and_class_that_the_facts_use_is_declared(store: Store) -> None:
    typed = list(store.quads_for_pattern(None, prefixed("rdf:type"), None, None))
    used = {q.predicate.value for q in store} | {
        q.object.value for q in typed if isinstance(q.object, NamedNode)
    }
    declared = {q.subject.value for q in typed if isinstance(q.subject, NamedNode)}
    assert {iri for iri in used if iri.startswith(names.IG)} <= declared


def test_there_are_at_least_ten_defined_classes_and_each_has_its_rule(store: Store) -> None:
    defined = check.defined_classes(stated_facts(store))
    assert len(defined) >= 10
    rules = "\n".join(load_rules().values())
    assert all(f"a ig:{iri.removeprefix(names.IG)} }}" in rules for iri in defined)


@needs_java
def test_hermit_finds_the_facts_consistent_and_the_same_members_as_the_rules(report_store: Store) -> None:
    """Over ontology and report, to be quick; `isogloss check`, which CI runs, reasons over everything."""
    members = check.classify(stated_facts(report_store))
    assert classes_that_rules_miss(report_store, members) == ()
    assert members[names.IG + "EmbodiedAIWorkItem"]


@needs_java
def test_hermit_refuses_facts_that_contradict_the_ontology() -> None:
    ontology = (files("isogloss.ontology") / "isogloss.ttl").read_bytes()
    graph = rdflib.Graph().parse(data=ontology, format="turtle")
    graph.parse(data=f"<x:both> a <{names.IG}Gap>, <{names.IG}Body> .", format="turtle")
    with pytest.raises(OntologyError, match="inconsistent"):
        check.classify(graph.serialize(format="nt").encode())


def test_every_concept_has_label_definition_and_scheme(store: Store) -> None:
    rows = solutions(
        store,
        """
        SELECT ?concept WHERE {
          ?concept skos:inScheme ?scheme . ?scheme a skos:ConceptScheme .
          FILTER(STRSTARTS(STR(?concept), "https://w3id.org/isogloss/id/concept/")
              || STRSTARTS(STR(?concept), "https://w3id.org/isogloss/id/theme/"))
          FILTER NOT EXISTS { ?concept skos:prefLabel ?l ; skos:definition ?d }
        }""",
    )
    assert list(rows) == []


@pytest.mark.parametrize(
    ("scheme", "count"),
    [
        ("publication-types", 7), ("statuses", 5), ("human-ai-activities", 16), ("industry-verticals", 21),
        ("authenticity-clusters", 5), ("readiness-factors", 6), ("information-disorder", 9),
    ],
)  # fmt: skip
def test_a_scheme_has_as_many_concepts_as_its_source(store: Store, scheme: str, count: int) -> None:
    found = solutions(store, f"SELECT ?c {{ ?c skos:inScheme <{names.thing('scheme', scheme)}> }}")
    assert len(list(found)) == count


@pytest.mark.parametrize(
    "theme",
    [
        "multimedia-authenticity",
        "agentic-ai-security",
        "brain-computer-interfaces",
        "quantum-key-distribution",
        "edge-ai",
    ],
)
def test_the_five_themes_of_the_design_go_two_levels_deeper(store: Store, theme: str) -> None:
    found = solutions(
        store, f"SELECT ?deep {{ ?deep skos:broader/skos:broader <{names.thing('theme', theme)}> }}"
    )
    assert list(found)
