"""A vocabulary of the graph as the exporters want it: its entries with all that the graph holds of them."""

from __future__ import annotations

import pyoxigraph as ox
from pyoxigraph import NamedNode

from isogloss.errors import NotFound
from isogloss.graph.engine.base import Engine
from isogloss.graph.engine.results import fetch
from isogloss.graph.exporters import Terminology, with_loaded
from isogloss.graph.readers.skos import entries_of
from isogloss.ontology.names import PROLOGUE, thing

from .asking import rows, text


async def terminology(engine: Engine, slug: str) -> Terminology:
    """The vocabulary with this slug. NotFound where there is none, or nothing is in it."""
    try:
        scheme = NamedNode(thing("vocabulary", slug))
    except ValueError as error:
        raise NotFound(f"There is no vocabulary {slug}; /glossary lists them.") from error
    about = await rows(
        engine,
        f"{PROLOGUE}SELECT ?label ?license ?rights WHERE {{ {scheme} a ig:Vocabulary ; rdfs:label ?label"
        f" OPTIONAL {{ {scheme} dcterms:license ?license }} OPTIONAL {{ {scheme} dcterms:rights ?rights }} }}"
        " ORDER BY ?label LIMIT 1",
    )
    if not about:
        raise NotFound(f"There is no vocabulary {slug}; /glossary lists them.")
    body = await fetch(engine, _query(scheme), None, ("application/n-triples",))
    triples = [quad.triple for quad in ox.parse(body, ox.RdfFormat.N_TRIPLES)]
    own = text(about[0], "license"), text(about[0], "rights")
    license_, rights = with_loaded(*own, await _loaded(engine, scheme))
    return Terminology(slug, text(about[0], "label"), tuple(entries_of(triples).entries), license_, rights)


async def _loaded(engine: Engine, scheme: NamedNode) -> list[tuple[str, str]]:
    """The files that were loaded into a vocabulary, with the licence of each."""
    found = await rows(
        engine,
        f"{PROLOGUE}SELECT DISTINCT ?file ?told WHERE {{ {scheme} dcterms:source ?record ."
        " ?record a void:Dataset ; dcterms:title ?file ; dcterms:license|dcterms:rights ?told }"
        " ORDER BY ?file ?told",
    )
    return [(text(row, "file"), text(row, "told")) for row in found]


def _query(scheme: NamedNode) -> str:
    """The terms with their passages, and the sources of both."""
    return (
        f"{PROLOGUE}CONSTRUCT {{ ?s ?p ?o }} WHERE {{ {{ ?s skos:inScheme {scheme} ; ?p ?o }}"
        f" UNION {{ ?term skos:inScheme {scheme} ; ig:passage|ig:citation|(ig:passage/ig:citation) ?s ."
        " ?s ?p ?o } }"
    )
