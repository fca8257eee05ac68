"""The namespaces and IRIs that Python uses, and the one function that makes slugs."""

from __future__ import annotations

import re
import unicodedata

BASE = "https://w3id.org/isogloss/"
ONTOLOGY = BASE + "ontology"
IG = ONTOLOGY + "#"

PREFIXES: dict[str, str] = {
    "ig": IG,
    "bibo": "http://purl.org/ontology/bibo/",
    "dcat": "http://www.w3.org/ns/dcat#",
    "dcterms": "http://purl.org/dc/terms/",
    "foaf": "http://xmlns.com/foaf/0.1/",
    "org": "http://www.w3.org/ns/org#",
    "owl": "http://www.w3.org/2002/07/owl#",
    "prov": "http://www.w3.org/ns/prov#",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "rdfs": "http://www.w3.org/2000/01/rdf-schema#",
    "schema": "https://schema.org/",
    "semapv": "https://w3id.org/semapv/vocab/",
    "sh": "http://www.w3.org/ns/shacl#",
    "skos": "http://www.w3.org/2004/02/skos/core#",
    "skosxl": "http://www.w3.org/2008/05/skos-xl#",
    "sssom": "https://w3id.org/sssom/",
    "vann": "http://purl.org/vocab/vann/",
    "void": "http://rdfs.org/ns/void#",
    "xsd": "http://www.w3.org/2001/XMLSchema#",
}

# What a query of ours begins with.
PROLOGUE = "".join(f"PREFIX {prefix}: <{namespace}>\n" for prefix, namespace in PREFIXES.items())

KINDS: tuple[str, ...] = (
    "publication", "body", "person", "theme", "scheme", "concept", "event", "initiative", "usecase",
    "statement", "section", "figure", "involvement", "discrepancy", "vocabulary", "term", "mapping",
    "proposal",
)  # fmt: skip

GRAPHS: tuple[str, ...] = (
    "ontology", "report-2025", "catalogue", "loaded", "glossary", "mappings", "curation", "inferred", "meta",
)  # fmt: skip

REPORT = "ai-standards-exchange-2025"


def slug(text: str) -> str:
    """The slug of a name or identifier: lower-case ASCII, dots kept, everything else a hyphen.

    A released slug never changes, so neither may this function.

    >>> slug("ITU-T Y.3800 (10/2019)")
    'itu-t-y.3800-10-2019'
    >>> slug("Explicabilité")
    'explicabilite'
    """
    ascii_only = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode("ascii")
    return re.sub(r"[^a-z0-9.]+", "-", ascii_only.lower()).strip("-.")


def thing(kind: str, path: str) -> str:
    """The IRI of a thing; `path` is one slug, or several joined by slashes (a term under its vocabulary)."""
    if kind not in KINDS:
        raise ValueError(f"unknown kind of thing: {kind}")
    return f"{BASE}id/{kind}/{path}"


def graph(name: str) -> str:
    """The IRI of a named graph."""
    return f"{BASE}graph/{name}"
