"""The description of the data set in DCAT 3 and VoID, as quads."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote

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

KEYWORDS = ("artificial intelligence", "standards", "terminology", "knowledge graph")
DESCRIPTION = BASE + ".well-known/void"

_PUBLISHER = DATA_SET + "#publisher"
_DEFAULT = ox.DefaultGraph()
_MEDIA_TYPES = "https://www.iana.org/assignments/media-types/"
_DCAT, _DCTERMS, _VOID, _XSD = (PREFIXES[name] for name in ("dcat", "dcterms", "void", "xsd"))
_RDF_TYPE = PREFIXES["rdf"] + "type"
_XSD_MOMENT = NamedNode(_XSD + "dateTime")

Told = tuple[str, str, NamedNode | Literal]


@dataclass(frozen=True, slots=True)
class NamedGraph:
    """A part of the data set: its IRI, its triples, and what the build says of it, as in `dcterms:title`."""

    iri: str
    triples: int
    told: tuple[tuple[str, NamedNode | Literal], ...] = ()

    @property
    def name(self) -> str:
        return self.iri.removeprefix(BASE + "graph/")

    @property
    def title(self) -> str:
        """What the build calls it; empty where it gave no title."""
        return next((value.value for name, value in self.told if name == _DCTERMS + "title"), "")


def catalogue(base: str, modified: datetime, graphs: Sequence[NamedGraph], size: int) -> list[Quad]:
    """The data set in DCAT 3 and VoID: its parts, and how it is had at the server whose URL is `base`.

    `size` is that of the whole dump in bytes.
    """
    told = [*_data_set(base, modified, graphs), *_whole(base, size), *_service(base)]
    for each in graphs:
        told += _part(base, each)
    return [
        Quad(NamedNode(subject), NamedNode(predicate), value, _DEFAULT) for subject, predicate, value in told
    ]


def _data_set(base: str, modified: datetime, graphs: Sequence[NamedGraph]) -> Iterator[Told]:
    moment = Literal(modified.astimezone(UTC).isoformat(timespec="seconds"), datatype=_XSD_MOMENT)
    yield DATA_SET, _RDF_TYPE, NamedNode(_DCAT + "Dataset")
    yield DATA_SET, _RDF_TYPE, NamedNode(_VOID + "Dataset")
    yield DATA_SET, _DCTERMS + "identifier", Literal(DATA_SET)
    yield DATA_SET, _DCTERMS + "title", Literal(TITLE, language="en")
    yield DATA_SET, _DCTERMS + "description", Literal(ABSTRACT, language="en")
    yield DATA_SET, _DCTERMS + "language", NamedNode("http://id.loc.gov/vocabulary/iso639-1/en")
    yield DATA_SET, _DCTERMS + "license", NamedNode(LICENSE)
    yield DATA_SET, _DCTERMS + "publisher", NamedNode(_PUBLISHER)
    yield DATA_SET, _DCTERMS + "modified", moment
    yield DATA_SET, _DCTERMS + "conformsTo", NamedNode(ONTOLOGY)
    for word in KEYWORDS:
        yield DATA_SET, _DCAT + "keyword", Literal(word, language="en")
    yield DATA_SET, _DCAT + "landingPage", NamedNode(base + "/")
    yield DATA_SET, _VOID + "sparqlEndpoint", NamedNode(base + "/sparql")
    yield DATA_SET, _VOID + "uriSpace", Literal(BASE)
    yield DATA_SET, _VOID + "triples", _integer(sum(each.triples for each in graphs))
    yield DATA_SET, _VOID + "vocabulary", NamedNode(ONTOLOGY)
    yield DATA_SET, _VOID + "exampleResource", NamedNode(BASE + "id/theme/quantum-key-distribution")
    yield _PUBLISHER, _RDF_TYPE, NamedNode(PREFIXES["foaf"] + "Agent")
    yield _PUBLISHER, PREFIXES["foaf"] + "name", Literal("The Isogloss project")
    yield DESCRIPTION, _RDF_TYPE, NamedNode(_VOID + "DatasetDescription")
    yield DESCRIPTION, PREFIXES["foaf"] + "primaryTopic", NamedNode(DATA_SET)
    yield DESCRIPTION, _DCTERMS + "license", NamedNode(LICENSE)
    yield DESCRIPTION, _DCTERMS + "modified", moment


def _whole(base: str, size: int) -> Iterator[Told]:
    """The whole as a file, packed."""
    whole = DATA_SET + "#dump"
    yield DATA_SET, _VOID + "dataDump", NamedNode(f"{base}/dumps/{DUMP}")
    yield DATA_SET, _DCAT + "distribution", NamedNode(whole)
    yield from _distribution(whole, f"{base}/dumps/{DUMP}", "application/n-quads")
    yield whole, _DCTERMS + "title", Literal("Everything, each fact with its named graph", language="en")
    yield whole, _DCTERMS + "license", NamedNode(LICENSE)
    yield whole, _DCAT + "compressFormat", NamedNode(_MEDIA_TYPES + "application/gzip")
    yield whole, _DCAT + "byteSize", Literal(str(size), datatype=NamedNode(_XSD + "nonNegativeInteger"))


def _service(base: str) -> Iterator[Told]:
    """The SPARQL endpoint, as a service and as a way to have the data."""
    service, way = DATA_SET + "#sparql", DATA_SET + "#by-query"
    yield service, _RDF_TYPE, NamedNode(_DCAT + "DataService")
    yield service, _DCTERMS + "title", Literal("SPARQL endpoint", language="en")
    yield service, _DCTERMS + "conformsTo", NamedNode("http://www.w3.org/TR/sparql11-protocol/")
    yield service, _DCAT + "endpointURL", NamedNode(base + "/sparql")
    yield service, _DCAT + "endpointDescription", NamedNode(base + "/sparql")
    yield service, _DCAT + "servesDataset", NamedNode(DATA_SET)
    yield DATA_SET, _DCAT + "distribution", NamedNode(way)
    yield way, _RDF_TYPE, NamedNode(_DCAT + "Distribution")
    yield way, _DCTERMS + "license", NamedNode(LICENSE)
    yield way, _DCAT + "accessURL", NamedNode(base + "/sparql")
    yield way, _DCAT + "accessService", NamedNode(service)


def _part(base: str, part: NamedGraph) -> Iterator[Told]:
    """A named graph: a data set in the data set, with a file of its own."""
    file, url = f"{DATA_SET}#turtle-{quote(part.name, safe='')}", f"{base}/dumps/{quote(part.name)}.ttl"
    told = part.told or ((_DCTERMS + "license", NamedNode(LICENSE)),)
    yield DATA_SET, _VOID + "subset", NamedNode(part.iri)
    yield DATA_SET, _DCTERMS + "hasPart", NamedNode(part.iri)
    yield part.iri, _RDF_TYPE, NamedNode(_DCAT + "Dataset")
    yield part.iri, _RDF_TYPE, NamedNode(_VOID + "Dataset")
    for name, value in told:
        yield part.iri, name, value
    yield part.iri, _VOID + "triples", _integer(part.triples)
    yield part.iri, _VOID + "dataDump", NamedNode(url)
    yield part.iri, _DCAT + "distribution", NamedNode(file)
    yield from _distribution(file, url, "text/turtle")
    for name, value in told:
        if name == _DCTERMS + "license":
            yield file, name, value


def _distribution(it: str, url: str, media_type: str) -> Iterator[Told]:
    yield it, _RDF_TYPE, NamedNode(_DCAT + "Distribution")
    yield it, _DCAT + "accessURL", NamedNode(url)
    yield it, _DCAT + "downloadURL", NamedNode(url)
    yield it, _DCAT + "mediaType", NamedNode(_MEDIA_TYPES + media_type)


def structured(base: str, modified: datetime, graphs: Iterable[str]) -> dict[str, Any]:
    """The data set in the words of schema.org, for what searches data sets; `graphs` are names."""
    files = [(DUMP, "application/gzip"), *((f"{name}.ttl", "text/turtle") for name in graphs)]
    return {
        "@context": {"@vocab": "https://schema.org/", "url": {"@type": "@id"}, "license": {"@type": "@id"}},
        "@id": DATA_SET,
        "@type": "Dataset",
        "name": TITLE,
        "description": ABSTRACT,
        "url": base + "/dataset",
        "identifier": DATA_SET,
        "keywords": list(KEYWORDS),
        "license": LICENSE,
        "isAccessibleForFree": True,
        "dateModified": modified.date().isoformat(),
        "creator": {"@type": "Organization", "name": "The Isogloss project"},
        "distribution": [
            {"@type": "DataDownload", "contentUrl": f"{base}/dumps/{file}", "encodingFormat": media_type}
            for file, media_type in files
        ],
    }


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
