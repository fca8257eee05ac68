"""What must hold for the publications that ship, beyond the shapes: body, page, theme …, or why not."""

from __future__ import annotations

from dataclasses import dataclass

from pyoxigraph import Store

from isogloss.errors import CheckFailed
from isogloss.ontology import names

from .solutions import solutions

_GRAPHS = " ".join(f"<{names.graph(name)}>" for name in ("report-2025", "catalogue", "glossary"))
# A publication or work item of ours; an edition takes what it lacks from its work.
_SHIPPED = (
    f"VALUES ?graph {{ {_GRAPHS} }} GRAPH ?graph {{ ?thing dcterms:title ?said }}"
    " ?thing a ig:Publication FILTER NOT EXISTS { ?thing a ig:Edition }"
)
_BODY, _PAGE = "ig:publishedBy|ig:developedBy", "foaf:page"
_SOURCE = "dcterms:source|ig:citedIn"
_FAULTS = {
    "has no title": "FILTER NOT EXISTS { ?thing dcterms:title ?title FILTER(?title != '') }",
    "has no type": (
        "FILTER NOT EXISTS { ?thing a ?type . ?type rdfs:subClassOf ig:Publication"
        " FILTER NOT EXISTS { ?type owl:equivalentClass ?definition } }"
    ),
    "has no status": "FILTER NOT EXISTS { ?thing ig:status ?status }",
    "has no source": f"FILTER NOT EXISTS {{ ?thing {_SOURCE} ?source }}",
    "has no body, and no reason for that": (
        f"FILTER NOT EXISTS {{ ?thing {_BODY} ?body }} FILTER NOT EXISTS {{ ?thing ig:bodyUnstated ?why }}"
    ),
    "has no page, and no reason for that": (
        f"FILTER NOT EXISTS {{ ?thing {_PAGE} ?page }} FILTER NOT EXISTS {{ ?thing ig:pageUnstated ?why }}"
    ),
    "has no theme, and no reason for that": (
        "FILTER NOT EXISTS { ?thing ig:theme ?theme } FILTER NOT EXISTS { ?thing ig:themeUnstated ?why }"
    ),
    "has a theme, and a reason why it has none": "?thing ig:theme ?theme ; ig:themeUnstated ?why",
    "has a body, and a reason why it has none": f"?thing {_BODY} ?body ; ig:bodyUnstated ?why",
    "has a page, and a reason why it has none": f"?thing {_PAGE} ?page ; ig:pageUnstated ?why",
}


@dataclass(frozen=True, slots=True)
class Shipped:
    """How many publications and work items ship, and how many of these lack a body, a page or a theme."""

    works: int
    without_body: int
    without_page: int
    without_theme: int


def check_shipped(store: Store) -> Shipped:
    """Check that each has title, body, type, status, page, source and theme, or says why not.

    Errors: CheckFailed with a line for each that breaks the rule.
    """
    findings = tuple(
        f"{iri} {says}" for says, pattern in _FAULTS.items() for iri in sorted(_found(store, pattern))
    )
    if findings:
        raise CheckFailed(f"{len(findings)} publications that ship break the rule for these", findings)
    without = (len(_found(store, f"?thing ig:{part}Unstated ?why")) for part in ("body", "page", "theme"))
    return Shipped(len(_found(store, "")), *without)


def _found(store: Store, pattern: str) -> set[str]:
    rows = solutions(store, f"SELECT DISTINCT ?thing WHERE {{ {_SHIPPED} {pattern} }}")
    return {str(row["thing"]) for row in rows}
