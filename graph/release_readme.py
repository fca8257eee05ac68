"""What a release says of itself to whoever finds it on a shelf: files, formats, sizes and licences."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Store

from isogloss.ontology.names import BASE, PREFIXES, graph

from .snapshot import Snapshot

_FILES = """\
- `isogloss.nq.gz`: all of it, as sorted N-Quads (gzip); the fourth column is the named graph
- `graphs/`: each named graph as Turtle (gzip)
- `ontology/`: the OWL ontology, the SKOS schemes, SHACL shapes and rules, as they are kept (Turtle, SPARQL)
- `mappings/`: the mapping sets as they are kept (SSSOM, TSV)
- `CHANGES.md`: what is new, changed or withdrawn, in words
- `CITATION.cff`: how to cite this release
- `SHA256SUMS`: `sha256sum --check SHA256SUMS` tells whether every file is whole
"""
_PATCH = "- `changes.rdfp.gz`: the same as RDF Patch (gzip), which makes the N-Quads of {} into these\n"


def readme(snapshot: Snapshot, version: str, last: Path | None) -> str:
    """The text of README.md of the release `version`; `last` is the folder of the release before."""
    patch = _PATCH.format(last.name) if last else ""
    built = str(snapshot.manifest["built"])[:10]
    return f"""# Isogloss {version}

A knowledge graph of AI standards: publications, bodies, themes, statements, events and terms, every fact
traced to its source. Built on {built}; the SHA-256 of the unpacked N-Quads is
`{snapshot.digest}`.
The data set describes itself at <{BASE}dataset>.

## Files

{_FILES}{patch}
## Named graphs

| graph | triples | what it holds | licence |
|---|---|---|---|
{"".join(_lines(snapshot))}"""


def _lines(snapshot: Snapshot) -> Iterator[str]:
    store = Store.read_only(str(snapshot.store))
    for name, count in snapshot.manifest["counts"].items():
        iri = graph(name)
        title, license_of = (_told(store, iri, each) for each in ("title", "license"))
        told = f"<{license_of}>" if license_of else ""
        yield f"| `{iri}` | {count} | {title.replace('|', '/')} | {told} |\n"


def _told(store: Store, iri: str, name: str) -> str:
    """What graph/meta tells of a named graph, empty if nothing."""
    meta, predicate = NamedNode(graph("meta")), NamedNode(PREFIXES["dcterms"] + name)
    found = store.quads_for_pattern(NamedNode(iri), predicate, None, meta)
    values = (quad.object for quad in found)
    return next((value.value for value in values if isinstance(value, (Literal, NamedNode))), "")
