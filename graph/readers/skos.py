"""Terms in RDF: SKOS and SKOS-XL, and OWL or RDFS classes that have labels but no SKOS."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

from pyoxigraph import BlankNode, DefaultGraph, Literal, NamedNode, Triple

from isogloss.errors import SourceError
from isogloss.ontology import names as known

from ..entries import KINDS, Citation, Designation, Entry, Passage, Reading, canonical
from ..entry_rdf import Facts, citations, language_of, passages, words
from ..sources import read_rdf
from ..terms import is_web_address, prefixed

_TEXTS = {
    "definition": ("skos:definition",),
    "note": (
        "skos:note",
        "skos:scopeNote",
        "skos:editorialNote",
        "skos:historyNote",
        "skos:changeNote",
    ),
    "example": ("skos:example",),
}
_XL = {
    "skosxl:prefLabel": "preferred",
    "skosxl:altLabel": "admitted",
    "skosxl:hiddenLabel": "deprecated",
}
_CLASSES = ("skos:Concept", "owl:Class", "rdfs:Class")


def read_skos(path: Path) -> Reading:
    """The concepts of an RDF file of any format; what is only a class counts if it has a label.

    The document is read whole. Errors: SourceError, with the line, where it does not parse.
    """
    quads = read_rdf(path, DefaultGraph())
    return entries_of((quad.triple for quad in quads), path)


def entries_of(triples: Iterable[Triple], file: Path | str = "") -> Reading:
    """The concepts among these triples."""
    facts = Facts(triples)
    concepts = sorted(filter(_named, _concepts(facts)), key=lambda node: node.value)
    names = _identifiers(facts, concepts)
    reading = Reading()
    for node in concepts:
        designations = _designations(facts, node)
        if designations:
            reading.entries.append(canonical(_entry(facts, node, designations, names)))
            reading.remarks += [
                SourceError(f"{node.value} {told}", file=file, field=name)
                for name, told in _remarks(facts, node, names)
            ]
        else:
            reading.problems.append(
                SourceError(f"{node.value} has no label", file=file, field="skos:prefLabel")
            )
    return reading


def _remarks(facts: Facts, node: NamedNode, names: dict[NamedNode, str]) -> Iterator[tuple[str, str]]:
    """What of a concept is not as SKOS has it (S14), or leads out of the file, and what became of that."""
    preferred = Counter(language_of(text) for text in facts.literals(node, "skos:prefLabel"))
    for language in sorted(language for language, count in preferred.items() if count > 1):
        told = f"has {preferred[language]} preferred labels in {language or 'no language'}"
        yield "skos:prefLabel", f"{told}: the others are taken as alternative ones"
    for name in ("skos:broader", "skos:related"):
        for other in facts.objects(node, name):
            if isinstance(other, NamedNode) and other not in names:
                yield name, f"leads to {other.value}, which is no concept of this file: left out"


def _identifiers(facts: Facts, concepts: Iterable[NamedNode]) -> dict[NamedNode, str]:
    """The identifier that each concept states, else the end of an IRI of ours, else its IRI."""
    found: dict[NamedNode, str] = {}
    taken: set[str] = set()
    for node in concepts:
        name = facts.text(node, "dcterms:identifier") or _slug(node) or node.value
        found[node] = node.value if name in taken else name
        taken.add(found[node])
    return found


def _slug(node: NamedNode) -> str:
    """The end of an IRI of ours; nothing for others."""
    ours = node.value.startswith(f"{known.BASE}id/term/")
    return node.value.rpartition("/")[2] if ours else ""


def _named(node: object) -> bool:
    return isinstance(node, NamedNode)


def _concepts(facts: Facts) -> set[NamedNode]:
    """Concepts if there are any, else classes with labels."""
    of_class: dict[str, set[NamedNode]] = {name: set() for name in _CLASSES}
    for subject in facts.found:
        types = facts.objects(subject, "rdf:type")
        for name in _CLASSES:
            if isinstance(subject, NamedNode) and prefixed(name) in types:
                of_class[name].add(subject)
        labelled = facts.objects(subject, "skos:prefLabel", "skosxl:prefLabel")
        if isinstance(subject, NamedNode) and labelled and prefixed("skos:ConceptScheme") not in types:
            of_class["skos:Concept"].add(subject)
    if of_class["skos:Concept"]:
        return of_class["skos:Concept"]
    classes = of_class["owl:Class"] | of_class["rdfs:Class"]
    return {node for node in classes if facts.objects(node, "rdfs:label")}


def _designations(facts: Facts, node: NamedNode) -> list[Designation]:
    found = words(facts, node)
    for name, status in _XL.items():
        for label in facts.objects(node, name):
            for text in facts.literals(label, "skosxl:literalForm"):
                found.append(Designation(text.value, language_of(text), status))
    deprecated = {(word.text, word.language) for word in found}
    for text in facts.literals(node, "skos:hiddenLabel"):
        if (text.value, language_of(text)) not in deprecated:
            found.append(Designation(text.value, language_of(text), "deprecated"))
    if not found:
        found = [Designation(o.value, language_of(o)) for o in facts.literals(node, "rdfs:label")]
    return [word for word in found if word.text.strip()]


def _entry(
    facts: Facts, node: NamedNode, designations: list[Designation], names: dict[NamedNode, str]
) -> Entry:
    def others(*properties: str) -> tuple[str, ...]:
        found = facts.objects(node, *properties)
        return tuple(names[other] for other in found if isinstance(other, NamedNode) and other in names)

    return Entry(
        identifier=names[node],
        designations=tuple(designations),
        passages=tuple(_passages(facts, node)),
        citations=(*citations(facts, node), *_sources(facts, node)),
        broader=tuple(set(others("skos:broader", "rdfs:subClassOf")) - {names[node]}),
        related=others("skos:related"),
        clause=facts.text(node, "ig:clause") or facts.text(node, "skos:notation"),
        page=facts.address(node, "foaf:page"),
        gloss=facts.text(node, "ig:gloss"),
        slug=_slug(node),
    )


def _passages(facts: Facts, node: NamedNode) -> list[Passage]:
    kept = passages(facts, node)
    seen = {(p.kind, p.text, p.language) for p in kept}
    for kind in KINDS:
        for text, language in _texts(facts, node, _TEXTS[kind]):
            if (kind, text, language) not in seen:
                seen.add((kind, text, language))
                kept.append(Passage(kind, text, language))
    if not any(p.kind == "definition" for p in kept):
        kept += [
            Passage("definition", o.value, language_of(o))
            for o in facts.literals(node, "rdfs:comment", "dcterms:description")[:1]
        ]
    return kept


def _texts(facts: Facts, node: NamedNode, names: tuple[str, ...]) -> Iterable[tuple[str, str]]:
    """Texts given plainly, or as a node with rdf:value (SKOS Primer, 4.2)."""
    for name in names:
        for text in facts.literals(node, name):
            yield text.value, language_of(text)
        for thing in facts.objects(node, name):
            for text in facts.literals(thing, "rdf:value"):
                yield text.value, language_of(text)


def _sources(facts: Facts, node: NamedNode) -> list[Citation]:
    found: list[Citation] = []
    for source in facts.objects(node, "dcterms:source"):
        if isinstance(source, Literal):
            found.append(Citation(source.value.strip()))
        elif isinstance(source, BlankNode):
            found.append(Citation(facts.text(source, "schema:name"), link=_url(facts, source)))
        elif isinstance(source, NamedNode) and is_web_address(source.value) and not _loading(source):
            found.append(Citation("", link=source.value))
    return sorted(citation for citation in found if citation != Citation(""))


def _loading(source: NamedNode) -> bool:
    """Whether this is our own record of a loaded file, which is where a term came in and no citation."""
    return source.value.startswith(f"{known.BASE}id/vocabulary/")


def _url(facts: Facts, node: object) -> str:
    return facts.address(node, "schema:url") or facts.text(node, "schema:url")
