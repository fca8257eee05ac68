"""Single values as pages show them: texts, links, and the little notes that tell one thing from another."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import BlankNode, Literal

from isogloss.ontology.names import IG, PREFIXES, graph

from . import wording
from .addresses import path_of
from .asking import Term
from .description import RDF_TYPE, Description, Fact, Neighbour
from .mapping_words import JUSTIFIED, SAYS

INFERRED = graph("inferred")
_DCTERMS = PREFIXES["dcterms"]
_ENDS = ("proposedSubject", "proposedObject")
# What a mapping says and why, which SKOS and SEMAPV have IRIs for.
_SAID = {PREFIXES["skos"] + name: said for name, said in SAYS.items()} | {
    PREFIXES["semapv"] + name: said for name, said in JUSTIFIED.items()
}


@dataclass(frozen=True, slots=True)
class Value:
    """One value as shown: `href` is a path of this server or an outside URL, empty for plain text."""

    text: str
    href: str = ""
    outside: bool = False
    language: str = ""
    tag: str = ""
    note: str = ""


def graph_name(iri: str) -> str:
    """The short name of a named graph."""
    return iri.rpartition("/")[2] or iri


def source(iri: str) -> Value:
    """A named graph as a value."""
    return Value(graph_name(iri), path_of(iri) or "")


def sources(facts: Iterable[Fact]) -> tuple[Value, ...]:
    """The graphs that hold any of the facts; what rules derived only where nobody stated it."""
    held = {name for fact in facts for name in fact.graphs}
    return tuple(source(name) for name in sorted(held - {INFERRED} or held))


def natural(text: str) -> list[tuple[int, int, str]]:
    """A sort key that reads numbers as numbers (2 before 10) and ignores case.

    >>> sorted(["10.3", "9.1", "Box 2"], key=natural)
    ['9.1', '10.3', 'Box 2']
    """
    parts = re.split(r"(\d+)", text.casefold())
    return [(0, int(part), "") if part.isdecimal() else (1, 0, part) for part in parts if part]


def shown_value(description: Description, term: Term) -> Value:
    """A term as a value: a literal's text, a link to our page of a thing, or a link away."""
    if isinstance(term, Literal):
        if re.fullmatch(r"https?://\S+", term.value):
            return Value(term.value, term.value, outside=True)
        language = term.language or ""
        return Value(_literal_text(term), language="" if language == "en" else language)
    if isinstance(term, BlankNode):
        return Value("(unnamed)")
    return thing_value(description, term.value)


def thing_value(description: Description, iri: str) -> Value:
    """A link to a thing, with its class and what tells it apart."""
    path = description.link(iri)
    neighbour = description.names.get(iri, Neighbour())
    if path is None or (path_of(iri) is None and not neighbour.facts):
        text = description.label(iri) if neighbour.facts else iri
        return Value(_SAID.get(iri, text), iri, outside=True)
    note = _note(neighbour, description.iri) or description.comment(iri)
    label = _proposed(neighbour, description.iri) or description.label(iri)
    return Value(label, path, tag=class_label(neighbour), note=note)


def _proposed(neighbour: Neighbour, here: str) -> str:
    """Of a proposal, the name of its other end: what is proposed for what stands here."""
    ends = [end for name in _ENDS for end in neighbour.values(IG + name)]
    return next((label for value, label in ends if value.value != here), "")


def class_label(neighbour: Neighbour) -> str:
    """The label of the class of ours that a thing was said to have."""
    classes = [
        label
        for value, label in neighbour.values(RDF_TYPE)
        if value.value.startswith(IG) and value.value not in neighbour.defined
    ]
    return min(classes, default="")


def _literal_text(literal: Literal) -> str:
    if literal.datatype.value == PREFIXES["xsd"] + "boolean":
        return {"true": "yes", "1": "yes"}.get(literal.value, "no")
    return literal.value


def _note(neighbour: Neighbour, here: str) -> str:
    """What tells a thing apart: where a statement stands, status (unless that is `here`), date, figure."""
    if sections := neighbour.values(IG + "statedIn"):
        elsewhere = [label.partition(":")[0] for section, label in sections if section.value != here]
        return "in " + ", ".join(dict.fromkeys(elsewhere)) if elsewhere else ""
    notes = [
        next((label for status, label in neighbour.values(IG + "status") if status.value != here), ""),
        neighbour.first(_DCTERMS + "issued"),
        neighbour.first(IG + "valueAsTold"),
    ]
    if not notes[1]:
        notes.append(neighbour.first(IG + "dateAsTold") or neighbour.first(PREFIXES["schema"] + "startDate"))
    if sure := neighbour.first(IG + "confidence"):
        notes.append(f"proposed, confidence {sure}")
    return ", ".join(note for note in notes if note and note != "unknown")


def derived(fact: Fact) -> bool:
    return fact.graphs == (INFERRED,) and fact.predicate not in wording.SHOWN_THOUGH_DERIVED[:1]


def property_label(description: Description, predicate: str) -> str:
    """The label of a property: our word for it, else the ontology's, else its short name."""
    return wording.LABELS.get(predicate) or description.label(predicate)


def place(description: Description, iri: str) -> tuple[int, list[tuple[int, int, str]]]:
    neighbour = description.names.get(iri, Neighbour())
    order = neighbour.first(IG + "order") or neighbour.first(IG + "position")
    return int(order) if order.isdecimal() else 0, natural(description.label(iri))
