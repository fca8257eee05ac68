"""Writes the index of a store: one row a thing, its identifiers in one spelling, its words, its facets."""

from __future__ import annotations

import re
import sqlite3
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from math import prod
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from pyoxigraph import Literal, NamedNode, Quad

from isogloss.ontology import names

from .. import identifiers
from ..rules import INFERRED
from ..terms import prefixed
from .columns import Numbers, write_columns
from .postings import write_postings
from .schema import AFTERWARDS, LISTED, SCHEMA, identifier_key, plain_words
from .statements import Sorted, Statements

_KINDS = ("publication", "body", "person", "theme", "concept", "scheme", "event", "initiative", "usecase",
          "statement", "section", "vocabulary", "term")  # fmt: skip
_LABEL = prefixed("rdfs:label")
_IDENTIFIERS = ("dcterms:identifier", "ig:formerIdentifier", "ig:acronym", "skos:notation")
_ALTERNATIVES = ("dcterms:title", "dcterms:alternative", "skos:prefLabel", "skos:altLabel")
_TEXTS = ("ig:gloss", "dcterms:description", "skos:definition")
# The property behind each facet; a thing belongs to a theme's and a body's broader ones too.
_FACETS = {
    "body": (
        "ig:publishedBy",
        "ig:developedBy",
        "ig:addressedTo",
        "ig:statedBy",
        "ig:madeBy",
        "ig:organizedBy",
    ),
    "status": ("ig:status",),
    "theme": ("ig:themeOrBroader",),
    "vertical": ("ig:industryVertical",),
    "activity": ("ig:humanAIActivity",),
    "application": ("ig:applicationArea",),
}
_OTHERS = ("skos:inScheme", "dcterms:issued", *LISTED.values())
_WORK = ("class", names.IG + "Publication")
_ABOVE = ("skos:broader", "org:subOrganizationOf", "rdfs:subClassOf")
# How much a kind of thing is favoured where the words match alike.
_WEIGHTS = {"publication": 1.0, "body": 1.0, "theme": 1.0, "vocabulary": 0.8, "term": 0.7, "initiative": 0.7,
            "concept": 0.6, "event": 0.5, "section": 0.5, "usecase": 0.4, "statement": 0.3}  # fmt: skip


# What makes a thing less likely to be meant than others of its kind: the work comes before its editions, what
# stands before what is gone or was never agreed on, and a rule of ours after everything.
_LESS = {
    ("type", names.IG + "Edition"): 0.8,
    ("type", names.IG + "WorkItem"): 0.7,
    ("type", names.IG + "SelectionRule"): 0.1,
    ("type", names.IG + "ClassificationRule"): 0.1,
    ("status", names.BASE + "id/concept/status/superseded"): 0.7,
    ("status", names.BASE + "id/concept/status/withdrawn"): 0.7,
}
_BY_OTHER_NAMES = ("body", "theme", "term", "vocabulary", "initiative")
_SHORT = 40  # characters
_OF_A_SCHEME = re.compile(r"(?:doi|isbn|urn):", re.I)
_BY_WHOM = re.compile(r"[A-Z]{2,6} (?=\S+ \S)")  # what people leave out of "EU AI Act" or "NIST AI RMF"
_IN_WORDS = re.compile(r"\bStudy Group \d+$")  # without whose group it is
_REVISED = re.compile(r"(?<=\d)e(?:19|20)\d\d$")  # NIST's way to date an edition: 100-2e2025
_TAIL = re.compile(r"[/ ](?=[A-Z][A-Za-z]* ?\d)")  # where "SC 42" begins in "ISO/IEC JTC 1/SC 42"


@dataclass(slots=True)
class _Thing:
    number: int
    kind: str
    label: str = ""
    date: str = ""
    identifiers: list[str] = field(default_factory=list)
    alternatives: list[str] = field(default_factory=list)
    texts: list[str] = field(default_factory=list)
    facets: set[tuple[str, str]] = field(default_factory=set)

    @property
    def year(self) -> str:
        return self.date[:4]


def index_files(quads: Iterable[Path], work: Path, path: Path) -> int:
    """Index what files of N-Quads state, by way of more files in the folder `work`."""
    of_facets = (name for properties in _FACETS.values() for name in properties)
    names_ = (*_IDENTIFIERS, *_ALTERNATIVES, *_TEXTS, *of_facets, *_ABOVE, *_OTHERS)
    with TemporaryDirectory(dir=work) as folder:
        return write_index(Sorted(quads, Path(folder), (_LABEL, *map(prefixed, names_))), path)


def write_index(store: Statements, path: Path) -> int:
    """Index every thing of ours in `store`; returns how many. The same store gives the same answers.

    The file is written whole and closed, with its columns and postings beside it: readers open it read-only.
    """
    above = _hierarchy(store)
    things = _things(store)
    for number, iri in enumerate(sorted(things), 1):
        things[iri].number = number
    _read_facts(store, things, above)
    facts = {thing.number: (_weight(thing), _name_length(thing)) for thing in things.values()}
    with closing(sqlite3.connect(path)) as db, db:
        db.executescript(f"PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; {SCHEMA}")
        _write(db, things)
        db.executemany("INSERT INTO value VALUES (?, ?, ?)", _values(store, things, above))
        facets = _facet_values(things)
        db.executemany("INSERT INTO facet_value VALUES (?, ?, ?)", ((n, *f) for n, f in enumerate(facets)))
        for number, ((name, _), having) in enumerate(facets.items()):
            if name not in LISTED:
                db.executemany(
                    "INSERT INTO having_value VALUES (?, ?)", ((number, thing) for thing in having)
                )
        write_columns(
            path, [np.array(having, dtype=np.uint32) for having in facets.values()], _orders(things)
        )
        del things, facets  # the postings need memory too
        db.executescript(AFTERWARDS)
        write_postings(db, path, facts)
    return len(facts)


def _kind(iri: str) -> str:
    path = iri.removeprefix(names.BASE + "id/")
    return path.split("/", 1)[0] if path != iri else ""


def _things(store: Statements) -> dict[str, _Thing]:
    """Everything of ours that has a label in English, in no language, or at least in some."""
    found: dict[str, _Thing] = {}
    for iri, quad in _subjects(store.quads_for_pattern(None, _LABEL, None, None)):
        kind = _kind(iri)
        if kind in _KINDS and isinstance(quad.object, Literal):
            thing = found.setdefault(iri, _Thing(0, kind))
            if not thing.label or quad.object.language in (None, "en"):
                thing.label, other = quad.object.value, thing.label
                thing.alternatives += [other] if other else []
            else:
                thing.alternatives.append(quad.object.value)
    return found


def _subjects(quads: Iterable[Quad]) -> Iterator[tuple[str, Quad]]:
    return ((quad.subject.value, quad) for quad in quads if isinstance(quad.subject, NamedNode))


def _hierarchy(store: Statements) -> dict[str, set[str]]:
    """What stands directly above each theme, body and class."""
    found: dict[str, set[str]] = defaultdict(set)
    for name in _ABOVE:
        for iri, quad in _subjects(store.quads_for_pattern(None, prefixed(name), None, None)):
            if isinstance(quad.object, NamedNode) and quad.object != quad.subject:
                found[iri].add(quad.object.value)
    return found


def _closure(iri: str, above: dict[str, set[str]]) -> set[str]:
    found, waiting = {iri}, [iri]
    while waiting:
        new = above.get(waiting.pop(), set()) - found
        found |= new
        waiting += new
    return found


def _read_facts(store: Statements, things: dict[str, _Thing], above: dict[str, set[str]]) -> None:
    for name in _IDENTIFIERS:
        for thing, value in _literals(store, things, name):
            thing.identifiers.append(value.value)
    for name in _ALTERNATIVES:
        for thing, value in _literals(store, things, name):
            thing.alternatives.append(value.value)
    for name in _TEXTS:
        for thing, value in _literals(store, things, name):
            thing.texts.append(value.value)
    for facet, properties in _FACETS.items():
        for name in properties:
            for thing, iri in _links(store, things, name):
                values = _closure(iri, above) if facet == "body" else {iri}
                thing.facets |= {(facet, each) for each in values}
    _read_types(store, things)
    _read_listed(store, things)


def _read_types(store: Statements, things: dict[str, _Thing]) -> None:
    for thing, iri in _links(store, things, "skos:inScheme"):
        if thing.kind == "term":
            thing.facets.add(("vocabulary", iri))
    for thing, title in _literals(store, things, "dcterms:title"):
        if title.language:
            thing.facets.add(("language", title.language))
    for thing, date in _literals(store, things, "dcterms:issued"):
        thing.date = max(thing.date, date.value)
    for thing in things.values():
        thing.facets |= {("kind", thing.kind), *((("year", thing.year),) if thing.year else ())}


def _read_listed(store: Statements, things: dict[str, _Thing]) -> None:
    """Classes as they are stated; of works also those that follow, and whom and what they are listed by."""
    for iri, quad in _subjects(store.quads_for_pattern(None, prefixed("rdf:type"), None, None)):
        if (thing := things.get(iri)) is not None and isinstance(quad.object, NamedNode):
            value = quad.object.value
            if value.startswith(names.IG):
                if quad.graph_name != INFERRED:  # what follows by rules would only repeat the kind
                    thing.facets.add(("type", value))
                if thing.kind == "publication":
                    thing.facets.add(("class", value))
    for thing in things.values():
        if thing.kind == "publication" and _WORK not in thing.facets:
            thing.facets -= {facet for facet in thing.facets if facet[0] in LISTED}
    for name, prop in LISTED.items():
        if name != "class":
            for thing, value in _links(store, things, prop):
                if _WORK in thing.facets:
                    thing.facets.add((name, value))


def _literals(store: Statements, things: dict[str, _Thing], name: str) -> Iterator[tuple[_Thing, Literal]]:
    for iri, quad in _subjects(store.quads_for_pattern(None, prefixed(name), None, None)):
        if (thing := things.get(iri)) is not None and isinstance(quad.object, Literal):
            yield thing, quad.object


def _links(store: Statements, things: dict[str, _Thing], name: str) -> Iterator[tuple[_Thing, str]]:
    for iri, quad in _subjects(store.quads_for_pattern(None, prefixed(name), None, None)):
        if (thing := things.get(iri)) is not None and isinstance(quad.object, NamedNode):
            yield thing, quad.object.value


def _write(db: sqlite3.Connection, things: dict[str, _Thing]) -> None:
    in_order = sorted(things.items())
    db.executemany("INSERT INTO thing VALUES (?, ?, ?, ?, ?, ?, ?, ?)", (_row(iri, t) for iri, t in in_order))
    db.executemany(
        "INSERT OR IGNORE INTO identifier VALUES (?, ?)",
        ((k, t.number) for _, t in in_order for k in _keys(t)),
    )
    db.executemany(
        "INSERT INTO words (rowid, identifier, label, alternative, text) VALUES (?, ?, ?, ?, ?)",
        ((t.number, *_words(t)) for _, t in in_order),
    )
    db.executemany(
        "INSERT INTO theme_name (rowid, label) VALUES (?, ?)",
        ((t.number, plain_words(t.label)) for _, t in in_order if t.kind == "theme"),
    )


def _facet_values(things: dict[str, _Thing]) -> dict[tuple[str, str], list[int]]:
    """The numbers of the things that have each value of a facet, in order, what only lists count last."""
    found: defaultdict[tuple[str, str], list[int]] = defaultdict(list)
    for thing in things.values():
        for facet in thing.facets:
            found[facet].append(thing.number)
    in_order = sorted(found, key=lambda facet: (facet[0] in LISTED, facet))
    return {facet: sorted(found[facet]) for facet in in_order}


def _orders(things: dict[str, _Thing]) -> dict[str, Numbers]:
    """The numbers of all things in each order; what has no date or identifier comes last.

    What has one date with others stands with these as in the order of relevance.
    """
    by_title = [
        thing for _, thing in sorted(things.items(), key=lambda pair: (pair[1].label.lower(), pair[0]))
    ]
    by_weight = sorted(by_title, key=_weight, reverse=True)
    orders = {
        "relevance": by_weight,
        "newest": sorted(by_weight, key=lambda thing: thing.date, reverse=True),
        "oldest": sorted(by_weight, key=lambda thing: (not thing.date, thing.date)),
        "title": by_title,
        "identifier": sorted(by_title, key=lambda thing: (not _shortest(thing), _shortest(thing))),
    }
    return {
        name: np.array([thing.number for thing in order], dtype=np.uint32) for name, order in orders.items()
    }


def _shortest(thing: _Thing) -> str:
    return min(thing.identifiers, key=len, default="")


def _row(iri: str, thing: _Thing) -> tuple[int, str, str, str, str, str, str, float]:
    identifier = _shortest(thing)
    gloss = min(thing.texts, key=len, default="")
    return (
        thing.number,
        iri,
        thing.kind,
        thing.label,
        identifier,
        thing.year,
        gloss,
        _weight(thing),
    )


def _weight(thing: _Thing) -> float:
    weight = _WEIGHTS.get(thing.kind, 0.2)
    return round(weight * prod(factor for facet, factor in _LESS.items() if facet in thing.facets), 3)


def _name_length(thing: _Thing) -> int:
    """In characters; 0 where a name like what is searched for tells little: many vocabularies have that of a
    term, and an edition has that of its work with a date behind it.
    """
    tells_little = thing.kind == "term" or ("type", names.IG + "Edition") in thing.facets
    return 0 if tells_little else len(thing.label)


def _keys(thing: _Thing) -> set[str]:
    """Every spelling of an identifier that leads straight to the thing, with and without its date.

    A committee goes by the end of its path as well, SC 42; what has a short title, by that. One letter alone
    names nothing.
    """
    also = thing.alternatives if thing.kind in _BY_OTHER_NAMES else filter(_short_title, thing.alternatives)
    texts = [*thing.identifiers, *also, thing.label]
    if thing.kind == "publication" and _short_title(thing.label):
        texts.append(_BY_WHOM.sub("", thing.label, 1))
    keys = {identifier_key(text) for text in texts}
    for text in thing.identifiers:
        if (parsed := identifiers.parse(text)) is not None:
            keys |= {identifier_key(parsed.slug), identifier_key(parsed.canonical)}
            if parsed.draft_of_work:  # people cite a European draft without its "pr" as well
                keys.add(identifier_key(parsed.work.canonical))
            if parsed.supplements:  # and an amendment without the year of what it amends
                keys.add(identifier_key(replace(parsed.work, date="").canonical))
        if thing.kind == "body":
            keys |= {identifier_key(text[found.end() :]) for found in _TAIL.finditer(text)}
        if thing.kind == "publication":
            keys.add(identifier_key(_REVISED.sub("", text)))
    if thing.kind == "body":
        keys |= {identifier_key(found[0]) for text in texts if (found := _IN_WORDS.search(text))}
    front, comma, _ = thing.label.partition(", ")  # of "CEN/CLC/JTC 21, Artificial intelligence"
    if thing.kind == "body" and comma and any(sign.isdecimal() for sign in front):
        keys.add(identifier_key(front))
    return {key for key in keys if len(key) > 1}


def _short_title(text: str) -> bool:
    """Whether people may call a thing so: "Model Context Protocol", but not "Vocabulary" or "Amendment 1"."""
    return len(text) <= _SHORT and " " in text and not any(sign.isdecimal() for sign in text)


def _words(thing: _Thing) -> tuple[str, ...]:
    """The four columns of words: identifiers, label, other names, text.

    A DOI, ISBN or URN leads to its thing as a whole; the numbers within it are no words.
    """
    written = dict.fromkeys(text for text in thing.identifiers if not _OF_A_SCHEME.match(text))
    other = [text for text in dict.fromkeys(thing.alternatives) if text != thing.label]
    parts = (" ".join(written), thing.label, " · ".join(other), " · ".join(thing.texts))
    return tuple(plain_words(part) for part in parts)


def _values(
    store: Statements, things: dict[str, _Thing], above: dict[str, set[str]]
) -> Iterator[tuple[str, str, str]]:
    """A label and a place in its tree for every value of a facet."""
    used = {value for thing in things.values() for _, value in thing.facets}
    labels = _labels(store, used - things.keys())
    for value in sorted(used):
        label = things[value].label if value in things else labels.get(value, value)
        yield value, label, min(above.get(value, ()), default="")


def _labels(store: Statements, wanted: set[str]) -> dict[str, str]:
    """Labels of what is indexed only as a value: the classes of the ontology."""
    found: dict[str, str] = {}
    for iri, quad in _subjects(store.quads_for_pattern(None, _LABEL, None, None)):
        if iri in wanted and isinstance(quad.object, Literal):
            found[iri] = min(found.get(iri, quad.object.value), quad.object.value)
    return found
