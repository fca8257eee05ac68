"""What must hold for loaded records, asked of the store: the shapes of publications and bodies as queries.

pySHACL reads everything into Python, which takes too long for a hundred thousand records; a query for what
breaks a rule runs in the store. Each mirrors a property of shapes.ttl, and its text says what is wrong.
"""

from __future__ import annotations

import re

from pyoxigraph import NamedNode, Store

from isogloss.errors import CheckFailed
from isogloss.ontology.names import PREFIXES

from .solutions import solutions

_MOST_FINDINGS = 20
_PREFIXED = re.compile(r"[a-z]+:[A-Za-z]+")

_CHECKS = {
    "has no label": "?thing a ?class FILTER NOT EXISTS { ?thing rdfs:label ?label }",
    "is a publication or edition without a title": (
        "{ ?thing ig:status ?status } UNION { ?thing ig:editionOf ?work }"
        " FILTER NOT EXISTS { ?thing dcterms:title ?title }"
    ),
    "has more than one status": "?thing ig:status ?one, ?other FILTER(STR(?one) < STR(?other))",
    "is an edition of something that is no publication": (
        "?thing ig:editionOf ?work FILTER NOT EXISTS { ?work a ig:Publication }"
    ),
    "is an edition of two publications": "?thing ig:editionOf ?one, ?other FILTER(STR(?one) < STR(?other))",
    "is an edition without a date": "?thing a ig:Edition FILTER NOT EXISTS { ?thing dcterms:issued ?date }",
    "is an edition with two dates": (
        "?thing a ig:Edition ; dcterms:issued ?one, ?other FILTER(STR(?one) < STR(?other))"
    ),
    "has no source": (
        "?thing a ?class FILTER(?class != skos:Concept && ?class != skos:ConceptScheme)"
        " FILTER NOT EXISTS { ?thing dcterms:source|ig:citedIn ?source }"
    ),
    "is published or developed by something that is no body": (
        "?publication ig:publishedBy|ig:developedBy ?thing FILTER NOT EXISTS { ?thing a ig:Body }"
    ),
    "supersedes itself": "?thing ig:supersedes ?thing",
}


def properties_checked() -> frozenset[str]:
    """The properties that the checks look at; statements by others make no difference to them."""
    named = (name.split(":") for check in _CHECKS.values() for name in _PREFIXED.findall(check))
    return frozenset({PREFIXES["rdf"] + "type", *(PREFIXES[prefix] + local for prefix, local in named)})


def check_records(store: Store, graph: NamedNode) -> None:
    """Check the things that `graph` tells of. Errors: CheckFailed, with a line for each first finding."""
    findings: list[str] = []
    for says, pattern in _CHECKS.items():
        anchor, _, condition = pattern.partition(" FILTER")
        condition = f" FILTER{condition}" if condition else ""
        query = (
            f"SELECT DISTINCT ?thing WHERE {{ GRAPH {graph} {{ {anchor} }}{condition} }}"
            f" LIMIT {_MOST_FINDINGS}"
        )
        findings += [f"{row['thing']} {says}" for row in solutions(store, query, union=True)]
    if findings:
        raise CheckFailed(f"{len(findings)} loaded records break a rule", tuple(findings[:_MOST_FINDINGS]))
