"""The 24 tests of FOOPS!, the scanner for FAIR ontologies (w3id.org/foops/catalogue), without its network.

What only a registry elsewhere can tell (a prefix in prefix.cc, a DOI, the licence's page) is left undecided.
"""

from __future__ import annotations

from collections.abc import Iterable

import httpx
import pyoxigraph as ox

from isogloss.ontology.names import BASE, PREFIXES

from .accept import HTML, JSON_LD, NT, TTL, XML
from .findings import Findings
from .ontologies import CLASSES, LINKS, OWL, PROPERTIES, RDFS, SKOS, VALUES, Ontology
from .site import Site

_D, _V, _P, _B, _S = (PREFIXES[name] for name in ("dcterms", "vann", "prov", "bibo", "schema"))
_DC, _PAV, _CC, _FOAF = (
    "http://purl.org/dc/elements/1.1/",
    "http://purl.org/pav/",
    "http://creativecommons.org/ns#",
    PREFIXES["foaf"],
)
_PERSISTENT = ("w3id.org", "doi.org", "purl.", "www.w3.org", "data.europa.eu", "linked.data.gov.au")

METADATA: dict[str, tuple[str, ...]] = {
    "title": (_D + "title", _DC + "title", _S + "name"),
    "description": (_D + "description", _D + "abstract", _DC + "description", RDFS + "comment"),
    "license": (_D + "license", _CC + "license", _S + "license"),
    "version iri": (OWL + "versionIRI",),
    "author": (_D + "creator", _DC + "creator", _S + "creator", _PAV + "createdBy", _P + "wasAttributedTo"),
    "namespace URI": (_V + "preferredNamespaceUri",),
    "namespace prefix": (_V + "preferredNamespacePrefix",),
    "version info": (OWL + "versionInfo",),
    "creation date": (_D + "created", _S + "dateCreated", _PAV + "createdOn", _P + "generatedAtTime"),
    "citation": (_D + "bibliographicCitation",),
    "publisher": (_D + "publisher", _DC + "publisher", _S + "publisher"),
    "logo": (_FOAF + "logo", _S + "logo"),
    "status": (_B + "status",),
    "source": (_D + "source", _DC + "source", _P + "hadOriginalSource"),
    "issued": (_D + "issued", _D + "submitted", _S + "dateIssued"),
}
_NEEDED: dict[str, tuple[str, ...]] = {
    "OM1": ("title", "description", "license", "version iri", "author", "namespace URI"),
    "OM2": ("namespace prefix", "version info", "creation date", "citation"),
    "OM3": ("publisher", "logo", "status", "source", "issued"),
    "OM5.1": ("creation date", "author"),
    "OM5.2": ("issued", "publisher"),
    "FIND1": ("namespace prefix",),
}


def check_fair(site: Site, findings: Findings) -> None:
    """Run all tests on the ontology that the site serves."""
    answer = site.ask("/ontology", {"accept": TTL})
    if not findings.expect("FOOPS URI1", answer.status_code == 200, f"/ontology is {answer.status_code}"):
        return
    ontology = Ontology(answer.content)
    _access(site, ontology, findings)
    _metadata(ontology, findings)
    _registries(ontology, findings)
    _reuse(ontology, findings)
    _terms(ontology, findings)


def _access(site: Site, ontology: Ontology, findings: Findings) -> None:
    """CN1, RDF1, DOC1, URI2, PURL1, HTTP1."""
    formats = {kind: site.ask("/ontology", {"accept": kind}) for kind in (XML, TTL, NT, JSON_LD, HTML)}
    readable = {kind: _is(kind, found) for kind, found in formats.items()}
    for kind, good in readable.items():
        findings.expect("FOOPS CN1", good, f"/ontology cannot be had as {kind}")
    findings.expect(
        "FOOPS RDF1", any(readable[kind] for kind in (XML, TTL, NT, JSON_LD)), "no RDF at /ontology"
    )
    findings.expect("FOOPS DOC1", readable[HTML], "/ontology has no page for people")
    findings.expect(
        "FOOPS URI2",
        ontology.iri == BASE + "ontology",
        f"the ontology at /ontology calls itself {ontology.iri}",
    )
    lasting = any(host in ontology.iri for host in _PERSISTENT)
    findings.expect("FOOPS PURL1", lasting, f"{ontology.iri} is under no persistent address")
    findings.expect("FOOPS HTTP1", ontology.iri.startswith("http"), f"{ontology.iri} is not reached by HTTP")
    _versions(site, ontology, findings)


def _versions(site: Site, ontology: Ontology, findings: Findings) -> None:
    """VER1, VER2; the versions before this one stay as well."""
    versions = ontology.header(OWL + "versionIRI")
    apart = bool(versions) and versions[0] != ontology.iri
    findings.expect("FOOPS VER1", apart, "no version IRI that differs from the ontology's own")
    ours = [iri for iri in (*versions, *ontology.header(OWL + "priorVersion")) if iri.startswith(BASE)]
    findings.expect("FOOPS VER2", ours, "there is no version IRI of ours to resolve")
    for iri in ours:
        path = "/" + iri.removeprefix(BASE)
        status = site.ask(path, {"accept": TTL}).status_code
        findings.expect("FOOPS VER2", status == 200, f"the version IRI is {status} at {path}")


def _metadata(ontology: Ontology, findings: Findings) -> None:
    """OM1, OM2, OM3, OM4.1, OM4.2, OM5.1, OM5.2, FIND1."""
    for test, names in _NEEDED.items():
        missing = [name for name in names if not ontology.header(*METADATA[name])]
        findings.expect(f"FOOPS {test}", not missing, f"the ontology's header lacks: {', '.join(missing)}")
    if not ontology.header(_B + "doi"):
        findings.leave(
            "FOOPS OM3", "the ontology has no DOI yet; an archive gives one when a release is deposited"
        )
    licence = ontology.header(*METADATA["license"], _D + "rights")
    findings.expect("FOOPS OM4.1", licence, "the ontology names no licence and no rights")
    lasting = any(each.startswith("https://creativecommons.org/") for each in licence)
    if lasting:
        findings.asked["FOOPS OM4.2"] += 1
    else:
        findings.leave(
            "FOOPS OM4.2", f"whether the licence {licence[:1]} can be read is seen only on the network"
        )


def _registries(ontology: Ontology, findings: Findings) -> None:
    """FIND2, FIND3, FIND3-BIS."""
    findings.leave("FOOPS FIND2", "whether prefix.cc or LOV list the prefix is seen only there")
    catalogues = ontology.header(_S + "includedInDataCatalog")
    for test in ("FIND3", "FIND_3_BIS"):
        if catalogues:
            findings.asked[f"FOOPS {test}"] += 1
        else:
            findings.leave(
                f"FOOPS {test}", "no data catalogue is named; whether LOV lists it is seen only there"
            )


def _reuse(ontology: Ontology, findings: Findings) -> None:
    """VOC1, VOC2."""
    used = {quad.predicate.value for quad in ontology.triples() if _iri(quad.subject) == ontology.iri}
    known = any(name.startswith((_D, _DC, _S, _V, _B, _P)) for name in used)
    findings.expect("FOOPS VOC1", known, "the header uses no known vocabulary")
    above = [
        iri
        for term in ontology.own(*CLASSES, *PROPERTIES)
        for iri in (*ontology.links(term, RDFS + "subClassOf"), *ontology.links(term, RDFS + "subPropertyOf"))
    ]
    others = [iri for iri in above if not iri.startswith((ontology.namespace, OWL, RDFS))]
    reuses = ontology.header(OWL + "imports") or others
    findings.expect("FOOPS VOC2", reuses, "it neither imports nor extends another vocabulary")


def _terms(ontology: Ontology, findings: Findings) -> None:
    """VOC3, VOC4."""
    terms = ontology.own(*CLASSES, LINKS, VALUES)
    findings.expect("FOOPS VOC3", terms, "the ontology has no terms of its own")
    unnamed = _without(ontology, terms, RDFS + "label", SKOS + "prefLabel")
    findings.expect("FOOPS VOC3", not unnamed, f"without a label: {', '.join(unnamed)}")
    undefined = _without(ontology, terms, SKOS + "definition", RDFS + "comment", _D + "description")
    findings.expect("FOOPS VOC4", not undefined, f"without a definition: {', '.join(undefined)}")


def _without(ontology: Ontology, terms: Iterable[str], *predicates: str) -> list[str]:
    return [term for term in terms if not any(ontology.values(term, each) for each in predicates)]


def _is(kind: str, answer: httpx.Response) -> bool:
    return answer.status_code == 200 and answer.headers.get("content-type", "").startswith(kind)


def _iri(term: object) -> str:
    return term.value if isinstance(term, ox.NamedNode) else ""
