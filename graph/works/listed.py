"""What lists of publications tell beyond records in archives: keywords, and links to what is known."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from pyoxigraph import Literal, NamedNode, Store

from isogloss.ontology import names

from ..identifiers import parse, verbatim
from ..readers.publications import SCHEMA
from ..readers.relaton import Record
from .editions import Edition
from .facts import Facts
from .families import Catalogue, Work
from .nquads import text, thing

_NAMES = ("ig:acronym", "rdfs:label", "skos:prefLabel")
_END = re.compile(r"[/ ](?=[A-Z][A-Za-z]* ?\d+(?:/|$))")  # where the end of a committee's path begins
_LINKS = {"obsoletes": "ig:supersedes", "updates": "ig:amends", "adoptedFrom": "ig:adopts"}


@dataclass(frozen=True, slots=True)
class Known:
    """Slugs of bodies and themes that other graphs describe, by each name that only one of them has."""

    bodies: Mapping[str, str] = field(default_factory=dict)
    themes: Mapping[str, str] = field(default_factory=dict)


def known_in(store: Store) -> Known:
    """The bodies and themes of a store by name."""
    return Known(_by_name(store, "body"), _by_name(store, "theme"))


def _by_name(store: Store, kind: str) -> dict[str, str]:
    start = f"{names.BASE}id/{kind}/"
    found: defaultdict[str, set[str]] = defaultdict(set)
    for name in _NAMES:
        prefix, local = name.split(":")
        for quad in store.quads_for_pattern(None, NamedNode(names.PREFIXES[prefix] + local), None, None):
            subject, label = quad.subject, quad.object
            if not (isinstance(subject, NamedNode) and isinstance(label, Literal)):
                continue
            if subject.value.startswith(start):
                for called in (label.value, *_ends(label.value)):
                    found[called].add(subject.value.removeprefix(start))
    return {name: next(iter(slugs)) for name, slugs in found.items() if len(slugs) == 1}


def _ends(name: str) -> Iterator[str]:
    """How people call a committee for short: "JTC 1/SC 42" and "SC 42" of ISO/IEC JTC 1/SC 42."""
    return (name[found.end() :] for found in _END.finditer(name))


def is_listed(record: Record) -> bool:
    """Whether the record comes from a list of publications."""
    return record.schema == SCHEMA


def keywords(record: Record, known: Known) -> Facts:
    """The keywords of a listed publication: themes of ours by their names, and other words as they are."""
    if not is_listed(record):
        return []
    return [
        ("ig:theme", thing("theme", known.themes[word]))
        if word in known.themes
        else ("dcat:keyword", text(word))
        for word in record.keywords
    ]


def undated_texts(work: Work) -> Iterator[Edition]:
    """The listed texts of a work that carry no date of their own: what a list says of the work itself."""
    return (one for one in work.undated if not one.draft and is_listed(one.record))


def word_on(work: Work) -> Edition | None:
    """The listed text that tells the status and date of the work itself, where a list does."""
    return next(undated_texts(work), None)


def links(edition: Edition, catalogue: Catalogue, told: set[str]) -> Facts:
    """The relations of a listed publication to works, and to what other graphs describe (`told`); those to
    loaded editions are the catalogue's. A note for what nobody describes.
    """
    facts: Facts = []
    for kept in edition.records:
        for relation in kept.record.relations if is_listed(kept.record) else ():
            parsed = parse(relation.target)
            if parsed is not None and parsed.slug in catalogue.editions:
                continue
            slug = (parsed or verbatim(relation.target)).slug
            node, link = thing("publication", slug), _LINKS[relation.type]
            note = f"{link.removeprefix('ig:')} {relation.target}, of which there is no record here"
            here = node in told or slug in catalogue.works or slug in catalogue.editions
            facts.append((link, node) if here else ("skos:editorialNote", text(note, "en")))
    return facts
