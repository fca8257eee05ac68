"""Relations between two things, as a table states them: subject, relation, object, section."""

from __future__ import annotations

from pathlib import Path

from pyoxigraph import NamedNode, Triple

from isogloss.ontology import names

from . import terms
from .readers.tables import Row, read_table
from .records import any_thing

# The words that a table may use, and the property that each one states.
RELATIONS = {
    "references": "dcterms:references",
    "buildsOn": "ig:buildsOn",
    "isBasedOn": "ig:buildsOn",
    "replaces": "ig:supersedes",
    "partOf": "dcterms:isPartOf",
    "contains": "dcterms:hasPart",
    "complements": "ig:complements",
    "implements": "ig:implements",
    "contributesTo": "ig:contributesTo",
    "collaboratesWith": "ig:collaboratesWith",
    "namedAgainIn": "ig:namedAgainIn",
    "citedIn": "ig:citedIn",
}


def read_relations(path: Path, known: set[NamedNode]) -> set[Triple]:
    """The relations of a table as triples; both ends must be among the `known` things.

    The section that states a relation names both ends, so each end is also cited in it.
    """
    found: set[Triple] = set()
    for row in read_table(path, required=("subject", "relation", "object", "section"), optional=("note",)):
        if row["relation"] not in RELATIONS:
            raise row.error(f"unknown relation{terms.nearest(row['relation'], RELATIONS)}", "relation")
        subject, target = _end(row, "subject", known), _end(row, "object", known)
        found.add(Triple(subject, terms.prefixed(RELATIONS[row["relation"]]), target))
        found |= _evidence(row, (subject, target), known)
    return found


def _end(row: Row, field: str, known: set[NamedNode]) -> NamedNode:
    return _known(row, field, row[field], known)


def _known(row: Row, field: str, text: str, known: set[NamedNode]) -> NamedNode:
    try:
        node = any_thing(text)
    except ValueError as error:
        raise row.error(str(error), field) from error
    if node not in known:
        hint = terms.nearest(node.value, (one.value for one in known))
        raise row.error(f"{node.value} is nowhere declared{hint}", field)
    return node


def _evidence(row: Row, ends: tuple[NamedNode, ...], known: set[NamedNode]) -> set[Triple]:
    cited_in = terms.prefixed("ig:citedIn")
    sections = [_known(row, "section", f"section/{slug}", known) for slug in row.many("section")]
    skip = names.BASE + "id/section/", names.BASE + "id/theme/"
    return {Triple(end, cited_in, s) for end in ends for s in sections if not end.value.startswith(skip)}
