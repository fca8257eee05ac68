"""Entries as triples and back: SKOS, with our own properties for what SKOS has no place for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import partial

from pyoxigraph import BlankNode, Literal, NamedNode, Triple

from .entries import ABBREVIATION, FULL, KINDS, Citation, Designation, Entry, Passage, language_tag
from .terms import is_web_address, prefixed

Node = NamedNode | BlankNode
Resolve = Callable[[str], NamedNode | None]

_WORDS = {
    ("preferred", FULL): "skos:prefLabel",
    ("preferred", ABBREVIATION): "skos:prefLabel",
    ("admitted", FULL): "skos:altLabel",
    ("admitted", ABBREVIATION): "ig:abbreviation",
    ("deprecated", FULL): "ig:deprecatedLabel",
    ("deprecated", ABBREVIATION): "ig:deprecatedLabel",
}
_TEXTS = {"definition": "skos:definition", "note": "skos:note", "example": "skos:example"}


def literal(text: str, language: str) -> Literal:
    """A text in a language; one of unknown language is a plain string."""
    return Literal(text, language=language) if language else Literal(text)


def to_triples(entry: Entry, subject: NamedNode, resolve: Resolve) -> Iterator[Triple]:
    """An entry as a concept. `resolve` finds the concept of another entry by its identifier, if there is one.

    A passage that has sources of its own, or is one of several, is a node as well, which keeps order and
    sources; the plain SKOS property is there in every case.
    """
    state = partial(Triple, subject)
    yield state(prefixed("dcterms:identifier"), Literal(entry.identifier))
    for word in entry.designations:
        yield state(prefixed(_WORDS[word.status, word.form]), literal(word.text, word.language))
        if word.form == ABBREVIATION:
            yield state(prefixed("ig:abbreviation"), literal(word.text, word.language))
    yield from _passages(entry, subject)
    yield from _citations(entry.citations, subject, "source")
    for citation in entry.citations:
        if not citation.document and is_web_address(citation.link):
            yield state(prefixed("dcterms:source"), NamedNode(citation.link))
    for name, others in (("skos:broader", entry.broader), ("skos:related", entry.related)):
        for node in filter(None, map(resolve, others)):
            yield state(prefixed(name), node)
    if entry.gloss:
        yield state(prefixed("ig:gloss"), literal(entry.gloss, "en"))
    if entry.clause:
        yield state(prefixed("ig:clause"), Literal(entry.clause))
    if is_web_address(entry.page):
        yield state(prefixed("foaf:page"), NamedNode(entry.page))


def _passages(entry: Entry, subject: NamedNode) -> Iterator[Triple]:
    for kind in KINDS:
        passages = entry.of_kind(kind)
        several = len(passages) > len({p.language for p in passages})
        for position, passage in enumerate(passages, 1):
            text = literal(passage.text, passage.language)
            yield Triple(subject, prefixed(_TEXTS[kind]), text)
            if several or passage.citations:
                node = NamedNode(f"{subject.value}#{kind}-{position}")
                state = partial(Triple, node)
                yield Triple(subject, prefixed("ig:passage"), node)
                yield state(prefixed("rdf:type"), prefixed("ig:Passage"))
                yield state(prefixed("dcterms:type"), Literal(kind))
                yield state(prefixed("rdf:value"), text)
                yield state(prefixed("schema:position"), _integer(position))
                yield from _citations(passage.citations, node, "-source")


def _citations(citations: tuple[Citation, ...], subject: NamedNode, name: str) -> Iterator[Triple]:
    hash_mark = "" if "#" in subject.value else "#"
    for position, citation in enumerate(citations, 1):
        node = NamedNode(f"{subject.value}{hash_mark}{name}-{position}")
        yield Triple(subject, prefixed("ig:citation"), node)
        yield Triple(node, prefixed("rdf:type"), prefixed("ig:Citation"))
        yield Triple(node, prefixed("schema:position"), _integer(position))
        parts = (
            ("dcterms:bibliographicCitation", citation.document),
            ("bibo:locator", citation.locator),
            ("ig:adaptation", citation.relation),
            ("schema:url", citation.link),
        )
        for property_, part in parts:
            if part:
                yield Triple(node, prefixed(property_), Literal(part))


def _integer(number: int) -> Literal:
    return Literal(str(number), datatype=prefixed("xsd:integer"))


def language_of(text: Literal) -> str:
    """The language of a text, in the usual case: RDF stores fold tags, which BCP 47 lets them."""
    try:
        return language_tag(text.language or "")
    except ValueError:  # a private tag, such as x-house
        return text.language or ""


class Facts:
    """Triples by subject and property, for reading entries out of a graph."""

    def __init__(self, triples: Iterable[Triple]) -> None:
        self.found: dict[object, dict[str, list[object]]] = defaultdict(lambda: defaultdict(list))
        for triple in triples:
            self.found[triple.subject][triple.predicate.value].append(triple.object)

    def objects(self, subject: object, *names: str) -> list[object]:
        """Every object of these properties (prefixed names), in the order of the names."""
        known = self.found.get(subject)
        return [] if known is None else [o for name in names for o in known.get(prefixed(name).value, ())]

    def literals(self, subject: object, *names: str) -> list[Literal]:
        """Texts alone, sorted, so that the same graph always reads the same."""
        texts = [o for o in self.objects(subject, *names) if isinstance(o, Literal)]
        return sorted(texts, key=lambda o: (o.language or "", o.value))

    def text(self, subject: object, name: str) -> str:
        """The first text of a property, or nothing."""
        return next((o.value for o in self.literals(subject, name)), "")

    def address(self, subject: object, name: str) -> str:
        """The first web address of a property, whether an IRI or a text."""
        for node in self.objects(subject, name):
            if isinstance(node, NamedNode | Literal) and is_web_address(node.value):
                return node.value
        return ""


def words(facts: Facts, subject: object) -> list[Designation]:
    """The designations of a concept."""
    short = {(o.value, o.language) for o in facts.literals(subject, "ig:abbreviation")}
    found: list[Designation] = []
    for name, status in (
        ("skos:prefLabel", "preferred"),
        ("skos:altLabel", "admitted"),
        ("ig:deprecatedLabel", "deprecated"),
        ("ig:abbreviation", "admitted"),
    ):
        for text in facts.literals(subject, name):
            form = ABBREVIATION if (text.value, text.language) in short else FULL
            found.append(Designation(text.value, language_of(text), status, form))
    return found


def passages(facts: Facts, subject: object) -> list[Passage]:
    """The definitions, notes and examples of a concept that our own nodes keep in order."""
    found: list[tuple[int, Passage]] = []
    for node in facts.objects(subject, "ig:passage"):
        kind = facts.text(node, "dcterms:type")
        for text in facts.literals(node, "rdf:value"):
            if kind in KINDS:
                passage = Passage(kind, text.value, language_of(text), citations(facts, node))
                found.append((_position(facts, node), passage))
    return [passage for _, passage in sorted(found, key=lambda pair: pair[0])]


def citations(facts: Facts, subject: object) -> tuple[Citation, ...]:
    """The sources that our own nodes keep in order."""
    found = [
        (
            _position(facts, node),
            Citation(
                facts.text(node, "dcterms:bibliographicCitation"),
                facts.text(node, "bibo:locator"),
                facts.text(node, "schema:url"),
                facts.text(node, "ig:adaptation"),
            ),
        )
        for node in facts.objects(subject, "ig:citation")
    ]
    return tuple(citation for _, citation in sorted(found))


def _position(facts: Facts, node: object) -> int:
    text = facts.text(node, "schema:position")
    return int(text) if text.isdecimal() else 0
