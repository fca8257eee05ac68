"""What the endpoint says of itself: a SPARQL 1.1 Service Description, with graphs and their sizes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import pyoxigraph
from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from isogloss.graph.engine.base import Engine
from isogloss.graph.engine.results import select

from .negotiation import BY_TYPE

SD = "http://www.w3.org/ns/sparql-service-description#"
VOID = "http://rdfs.org/ns/void#"
FORMATS = "http://www.w3.org/ns/formats/"
RDF_TYPE = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
INTEGER = NamedNode("http://www.w3.org/2001/XMLSchema#integer")
RESULT_FORMATS = (
    "SPARQL_Results_JSON", "SPARQL_Results_XML", "SPARQL_Results_CSV", "SPARQL_Results_TSV",
    "Turtle", "N-Triples", "RDF_XML", "JSON-LD", "N-Quads", "TriG", "N3",
)  # fmt: skip
OXIGRAPH = {
    "ttl": pyoxigraph.RdfFormat.TURTLE,
    "jsonld": pyoxigraph.RdfFormat.JSON_LD,
    "json": pyoxigraph.RdfFormat.JSON_LD,
    "nt": pyoxigraph.RdfFormat.N_TRIPLES,
    "rdf": pyoxigraph.RdfFormat.RDF_XML,
    "trig": pyoxigraph.RdfFormat.TRIG,
    "nq": pyoxigraph.RdfFormat.N_QUADS,
    "n3": pyoxigraph.RdfFormat.N3,
}
# What the union counts once, several graphs may state; so it is counted, not added up.
GRAPHS_AND_SIZES = """SELECT ?graph ?triples WHERE {
  { SELECT ?graph (COUNT(*) AS ?triples) WHERE { GRAPH ?graph { ?s ?p ?o } } GROUP BY ?graph }
  UNION { SELECT (COUNT(*) AS ?triples) WHERE { ?s ?p ?o } }
}"""


@dataclass(frozen=True, slots=True)
class Described:
    """The endpoint under description; `federated` where SERVICE may reach some others."""

    address: str
    federated: bool = False


async def description(engine: Engine, described: Described, media_type: str) -> bytes:
    """The description in one of our RDF formats (SPARQL 1.1 Service Description, 3)."""
    rows = await select(engine, GRAPHS_AND_SIZES)
    counted = [(row.get("graph"), int(str(row["triples"].value))) for row in rows]  # type: ignore[union-attr]
    sizes = {graph.value: size for graph, size in counted if isinstance(graph, NamedNode)}
    union = sum(size for graph, size in counted if graph is None)
    triples = [*_service(described), *_data_set(sizes, union)]
    prefixes = {"sd": SD, "void": VOID}
    written = pyoxigraph.serialize(triples, format=OXIGRAPH[BY_TYPE[media_type].suffix], prefixes=prefixes)
    return written or b""


def _service(described: Described) -> Iterator[Triple]:
    service, data_set = BlankNode("service"), BlankNode("dataset")
    yield Triple(service, RDF_TYPE, NamedNode(SD + "Service"))
    yield Triple(service, NamedNode(SD + "endpoint"), NamedNode(described.address))
    yield Triple(service, NamedNode(SD + "supportedLanguage"), NamedNode(SD + "SPARQL11Query"))
    yield Triple(service, NamedNode(SD + "feature"), NamedNode(SD + "UnionDefaultGraph"))
    if described.federated:
        yield Triple(service, NamedNode(SD + "feature"), NamedNode(SD + "BasicFederatedQuery"))
    for name in RESULT_FORMATS:
        yield Triple(service, NamedNode(SD + "resultFormat"), NamedNode(FORMATS + name))
    yield Triple(service, NamedNode(SD + "defaultDataset"), data_set)


def _data_set(sizes: dict[str, int], size_of_union: int) -> Iterator[Triple]:
    data_set, union = BlankNode("dataset"), BlankNode("union")
    yield Triple(data_set, RDF_TYPE, NamedNode(SD + "Dataset"))
    yield Triple(data_set, NamedNode(SD + "defaultGraph"), union)
    yield Triple(union, RDF_TYPE, NamedNode(SD + "Graph"))
    yield Triple(union, NamedNode(VOID + "triples"), Literal(str(size_of_union), datatype=INTEGER))
    for number, (iri, size) in enumerate(sorted(sizes.items())):
        named, content = BlankNode(f"named{number}"), BlankNode(f"graph{number}")
        yield Triple(data_set, NamedNode(SD + "namedGraph"), named)
        yield Triple(named, RDF_TYPE, NamedNode(SD + "NamedGraph"))
        yield Triple(named, NamedNode(SD + "name"), NamedNode(iri))
        yield Triple(named, NamedNode(SD + "graph"), content)
        yield Triple(content, RDF_TYPE, NamedNode(SD + "Graph"))
        yield Triple(content, NamedNode(VOID + "triples"), Literal(str(size), datatype=INTEGER))
