"""Proofs about the ontology and the facts: SHACL shapes (pySHACL), OWL consistency and classes (HermiT)."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from importlib.resources import files
from pathlib import Path

import rdflib
from pyshacl import validate
from rdflib.namespace import OWL, RDF, RDFS, SH

from isogloss.errors import CheckFailed, OntologyError

from .names import IG

_MOST_FINDINGS = 50  # more lines than this help nobody; the count is always told


def shapes(ntriples: bytes) -> int:
    """Check records (N-Triples) against shapes.ttl; returns how many nodes were checked.

    Errors: CheckFailed with a line for each violation: the record, the property, what is wrong.
    """
    data = rdflib.Graph().parse(data=ntriples, format="nt")
    shape_graph = _shape_graph()
    conforms, report, _ = validate(data, shacl_graph=shape_graph, inference="none", advanced=False)
    if not conforms:
        found = sorted(_findings(report))
        rest = len(found) - _MOST_FINDINGS
        shown = (*found[:_MOST_FINDINGS], *((f"and {rest} more",) if rest > 0 else ()))
        raise CheckFailed(f"{len(found)} facts break a shape", shown)
    return _targets(data, shape_graph)


def shaped_properties() -> set[str]:
    """The IRIs of the properties that the shapes look at: other triples cannot change what they find."""
    graph = _shape_graph()
    named = {str(node) for node in graph.objects() if isinstance(node, rdflib.URIRef)}
    return named | {str(RDF.type), str(RDFS.subClassOf)}


def _shape_graph() -> rdflib.Graph:
    text = (files("isogloss.ontology") / "shapes.ttl").read_bytes()
    return rdflib.Graph().parse(data=text, format="turtle")


def _findings(report: rdflib.Graph) -> Iterator[str]:
    for result in report.subjects(RDF.type, SH.ValidationResult):
        parts = (
            report.value(result, SH.focusNode),
            report.value(result, SH.resultPath),
            report.value(result, SH.value),
        )
        message = report.value(result, SH.resultMessage)
        yield f"{' '.join(str(part) for part in parts if part is not None)}: {message}"


def _targets(data: rdflib.Graph, shape_graph: rdflib.Graph) -> int:
    classes = set(shape_graph.objects(None, SH.targetClass))
    return len({node for target in classes for node in data.subjects(RDF.type, target)})


def has_java() -> bool:
    """Whether a Java is there to run HermiT with."""
    return shutil.which("java") is not None


def classify(ntriples: bytes) -> dict[str, set[str]]:
    """Run HermiT over ontology and facts; returns the members that it finds for each class of ours, as IRIs.

    Errors: OntologyError where they contradict each other, or name a class that nothing can belong to.
    """
    import owlready2  # noqa: PLC0415 - starts a SQLite quad store at import, which only this check needs

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "facts.nt"
        path.write_bytes(ntriples)
        world = owlready2.World()
        loaded = world.get_ontology(path.as_uri()).load(format="ntriples")
        try:
            with loaded:
                owlready2.sync_reasoner_hermit(world, infer_property_values=False, debug=0)
        except owlready2.OwlReadyInconsistentOntologyError as error:
            raise OntologyError("HermiT finds the ontology and the facts inconsistent") from error
        impossible = sorted(
            entity.iri for entity in world.inconsistent_classes() if entity is not owlready2.Nothing
        )
        if impossible:
            raise OntologyError(f"HermiT finds that nothing can belong to {', '.join(impossible)}")
        return {c.iri: {i.iri for i in c.instances()} for c in world.classes() if c.iri.startswith(IG)}


def defined_classes(ntriples: bytes) -> set[str]:
    """The IRIs of the classes that are defined by an owl:equivalentClass."""
    graph = rdflib.Graph().parse(data=ntriples, format="nt")
    return {
        str(found) for found in graph.subjects(OWL.equivalentClass, None) if isinstance(found, rdflib.URIRef)
    }
