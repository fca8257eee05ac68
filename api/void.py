"""The description of the data set in DCAT 3, VoID and PROV, as quads."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Quad

from isogloss.ontology.names import BASE, ONTOLOGY, PREFIXES

from .documents import DATA_SET, LICENSE

TITLE = "Isogloss: a knowledge graph of AI standards"
ABSTRACT = (
    "Publications, bodies, themes, statements, events and terms of AI standardization, every fact traced to "
    "its source."
)
DUMP = "isogloss.nq.gz"

_DEFAULT = ox.DefaultGraph()
_NQUADS = "https://www.iana.org/assignments/media-types/application/n-quads"


def catalogue(base: str, modified: datetime, graphs: dict[str, int]) -> list[Quad]:
    """The data set in DCAT 3, VoID and PROV, with its distributions at the server whose URL is `base`."""
    it, rdf = NamedNode(DATA_SET), PREFIXES
    moment = Literal(
        modified.astimezone(UTC).isoformat(timespec="seconds"),
        datatype=NamedNode(rdf["xsd"] + "dateTime"),
    )
    told: list[tuple[NamedNode, str, NamedNode | Literal]] = [
        (it, rdf["rdf"] + "type", NamedNode(rdf["dcat"] + "Dataset")),
        (it, rdf["rdf"] + "type", NamedNode(rdf["void"] + "Dataset")),
        (it, rdf["dcterms"] + "title", Literal(TITLE, language="en")),
        (it, rdf["dcterms"] + "description", Literal(ABSTRACT, language="en")),
        (it, rdf["dcterms"] + "license", NamedNode(LICENSE)),
        (it, rdf["dcterms"] + "publisher", Literal("The Isogloss project")),
        (it, rdf["dcterms"] + "modified", moment),
        (it, rdf["dcterms"] + "conformsTo", NamedNode(ONTOLOGY)),
        (it, rdf["dcat"] + "landingPage", NamedNode(base + "/")),
        (it, rdf["void"] + "sparqlEndpoint", NamedNode(base + "/sparql")),
        (it, rdf["void"] + "uriSpace", Literal(BASE)),
        (it, rdf["void"] + "dataDump", NamedNode(f"{base}/dumps/{DUMP}")),
        (it, rdf["void"] + "triples", _integer(sum(graphs.values()))),
        (it, rdf["void"] + "vocabulary", NamedNode(ONTOLOGY)),
        (it, rdf["void"] + "exampleResource", NamedNode(BASE + "id/theme/quantum-key-distribution")),
    ]
    dump = NamedNode(DATA_SET + "#dump")
    told += [
        (it, rdf["dcat"] + "distribution", dump),
        (dump, rdf["rdf"] + "type", NamedNode(rdf["dcat"] + "Distribution")),
        (dump, rdf["dcat"] + "downloadURL", NamedNode(f"{base}/dumps/{DUMP}")),
        (
            dump,
            rdf["dcat"] + "mediaType",
            NamedNode(_NQUADS),
        ),
        (dump, rdf["dcterms"] + "license", NamedNode(LICENSE)),
    ]
    for name, count in graphs.items():
        told += [
            (it, rdf["void"] + "subset", NamedNode(name)),
            (NamedNode(name), rdf["rdf"] + "type", NamedNode(rdf["void"] + "Dataset")),
            (NamedNode(name), rdf["void"] + "triples", _integer(count)),
        ]
    return [Quad(subject, NamedNode(predicate), value, _DEFAULT) for subject, predicate, value in told]


def partitions(classes: dict[str, int], properties: dict[str, int]) -> list[Quad]:
    """How many things a class has, and how many triples a property."""
    void, quads = PREFIXES["void"], []
    for kind, of, counted, counts in (
        ("classPartition", "class", "entities", classes),
        ("propertyPartition", "property", "triples", properties),
    ):
        for place, (iri, count) in enumerate(counts.items()):
            part = NamedNode(f"{DATA_SET}#{of}-{place + 1}")
            quads += [
                Quad(NamedNode(DATA_SET), NamedNode(void + kind), part, _DEFAULT),
                Quad(part, NamedNode(void + of), NamedNode(iri), _DEFAULT),
                Quad(part, NamedNode(void + counted), _integer(count), _DEFAULT),
            ]
    return quads


def linksets(counts: Mapping[tuple[str, str], int]) -> list[Quad]:
    """VoID linksets: how many triples lead from things of ours by a property to a place elsewhere."""
    void, rdf, quads = PREFIXES["void"], PREFIXES["rdf"], []
    for place, ((predicate, elsewhere), count) in enumerate(counts.items()):
        links, target = NamedNode(f"{DATA_SET}#links-{place + 1}"), NamedNode(elsewhere)
        told = (
            (links, rdf + "type", NamedNode(void + "Linkset")),
            (links, void + "linkPredicate", NamedNode(predicate)),
            (links, void + "subjectsTarget", NamedNode(DATA_SET)),
            (links, void + "objectsTarget", target),
            (links, void + "triples", _integer(count)),
            (NamedNode(DATA_SET), void + "subset", links),
            (target, rdf + "type", NamedNode(void + "Dataset")),
            (target, void + "uriSpace", Literal(elsewhere)),
        )
        quads += [Quad(subject, NamedNode(name), value, _DEFAULT) for subject, name, value in told]
    return quads


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=NamedNode(PREFIXES["xsd"] + "integer"))
