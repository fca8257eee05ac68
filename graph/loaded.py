"""The terms that users load into their state, with the definitions that they may use.

State folder: terms/<vocabulary>/<file>.nt.gz, sorted N-Triples, one a loaded file. Loading a file of the same
name again replaces what it gave before; another file of the same vocabulary adds to it. The next build takes
all of them into the graph graph/loaded-terms.
"""

from __future__ import annotations

import csv
import gzip
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, RdfFormat, Triple, parse, serialize

from isogloss.errors import SourceError
from isogloss.ontology import names

from .entries import Entry, term_slugs
from .entry_rdf import literal, to_triples
from .gzipped import gzipped
from .sources import Source, package_folder
from .terms import english, is_web_address, prefixed

GRAPH = NamedNode(names.graph("loaded-terms"))
_PREF, _ALT, _LABEL = map(prefixed, ("skos:prefLabel", "skos:altLabel", "rdfs:label"))


@dataclass(frozen=True, slots=True)
class Loading:
    """What is loaded: the vocabulary's slug and title, the file's name, and the licence of what it holds.

    `license` is an address or words; where the vocabulary ships with the project, `title` is not used.
    """

    vocabulary: str
    title: str
    file: str
    license: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """How many terms a loading brought, beside what the same file gave before."""

    new: int
    changed: int
    same: int
    gone: int


@dataclass(frozen=True, slots=True)
class ShippedTerm:
    """A term that the project ships, as far as loading must know it."""

    slug: str
    label: str
    clause: str


def load(state: Path, loading: Loading, entries: Iterable[Entry]) -> Outcome:
    """Keep these entries in the state for the next build, in place of what the same file gave before.

    An entry whose label (and clause, where several share a label) is that of a shipped term of the vocabulary
    becomes part of that term. Errors: SourceError where the state cannot be written.
    """
    slug = loading.vocabulary
    shipped = shipped_terms(slug)
    placed = [replace(entry, slug=_place(entry, shipped) or entry.slug) for entry in entries]
    fresh = {*_vocabulary(loading, shipped=bool(shipped)), *_terms(placed, loading)}
    path = state / "terms" / slug / f"{names.slug(loading.file)}.nt.gz"
    outcome = _compared(_kept(path), fresh)
    _write(path, fresh)
    return outcome


def remove(state: Path, vocabulary: str, file: str) -> int:
    """Take away what a file of this name gave to a vocabulary; how many terms that were.

    Errors: SourceError where nothing of that name was loaded, or the state cannot be written.
    """
    path = state / "terms" / vocabulary / f"{names.slug(file)}.nt.gz"
    if not path.is_file():
        raise SourceError(f"nothing of this name was loaded for {vocabulary}", file=Path(file))
    gone = len(_by_term(_kept(path)))
    try:
        path.unlink()
    except OSError as error:
        raise SourceError(error.strerror or str(error), file=path) from error
    return gone


def shipped_terms(vocabulary: str) -> tuple[ShippedTerm, ...]:
    """The terms of a vocabulary that ship, from its table; none where it does not ship."""
    data = package_folder("isogloss.graph") / "data"
    path = data / "glossary" / "terms" / f"{vocabulary}.csv"
    if vocabulary == names.REPORT:
        path = data / "report" / "terms.csv"
    if not path.is_file():
        return ()
    with path.open(encoding="utf-8-sig", newline="") as handle:
        return tuple(
            ShippedTerm(row["slug"], row["label"], row.get("clause") or "") for row in csv.DictReader(handle)
        )


def _place(entry: Entry, shipped: tuple[ShippedTerm, ...]) -> str:
    """The slug of the shipped term that this is an entry for, or nothing."""
    words = {word.text.casefold() for word in entry.designations if word.status == "preferred"}
    found = [term for term in shipped if term.label.casefold() in words]
    exact = [term for term in found if term.clause and term.clause == entry.clause]
    return (exact or found)[0].slug if found else ""


def _vocabulary(loading: Loading, *, shipped: bool) -> Iterator[Triple]:
    node = NamedNode(names.thing("vocabulary", loading.vocabulary))
    record = _record(loading)
    yield Triple(record, prefixed("rdf:type"), prefixed("void:Dataset"))
    yield Triple(record, prefixed("dcterms:title"), Literal(loading.file))
    if is_web_address(loading.license):
        yield Triple(record, prefixed("dcterms:license"), NamedNode(loading.license))
    elif loading.license:
        yield Triple(record, prefixed("dcterms:rights"), Literal(loading.license))
    yield Triple(node, prefixed("rdf:type"), prefixed("ig:Vocabulary"))
    yield Triple(node, prefixed("dcterms:source"), record)
    if not shipped:
        yield Triple(node, _LABEL, english(loading.title))


def _record(loading: Loading) -> NamedNode:
    vocabulary = names.thing("vocabulary", loading.vocabulary)
    return NamedNode(f"{vocabulary}#{names.slug(loading.file)}")


def _terms(entries: list[Entry], loading: Loading) -> Iterator[Triple]:
    scheme = NamedNode(names.thing("vocabulary", loading.vocabulary))
    nodes = {
        key: NamedNode(names.thing("term", f"{loading.vocabulary}/{slug}"))
        for key, slug in term_slugs(entries).items()
    }
    for entry in entries:
        node = nodes[entry.identifier]
        state = partial(Triple, node)
        yield state(prefixed("rdf:type"), prefixed("ig:Term"))
        yield state(prefixed("skos:inScheme"), scheme)
        yield state(prefixed("dcterms:source"), _record(loading))
        yield from to_triples(entry, node, nodes.get)
        yield from _names(entry, node)


def _names(entry: Entry, node: NamedNode) -> Iterator[Triple]:
    """A name a language to show, and a preferred label even where the source prefers none."""
    preferred = {w.language: w.text for w in entry.designations if w.status == "preferred"}
    if not preferred:
        first = entry.designations[0]
        preferred = {first.language: first.text}
        yield Triple(node, _PREF, literal(first.text, first.language))
    for language, text in preferred.items():
        yield Triple(node, _LABEL, literal(text, language))


def _kept(path: Path) -> set[Triple]:
    if not path.is_file():
        return set()
    try:
        with gzip.open(path) as handle:
            return {quad.triple for quad in parse(handle.read(), format=RdfFormat.N_TRIPLES)}
    except (OSError, EOFError, SyntaxError) as error:
        raise SourceError(f"what was loaded before cannot be read: {error}", file=path) from error


def _compared(before: set[Triple], after: set[Triple]) -> Outcome:
    old, new = _by_term(before), _by_term(after)
    both = old.keys() & new.keys()
    changed = sum(old[key] != new[key] for key in both)
    return Outcome(len(new.keys() - both), changed, len(both) - changed, len(old.keys() - both))


def _by_term(triples: set[Triple]) -> dict[str, set[Triple]]:
    found: dict[str, set[Triple]] = defaultdict(set)
    for triple in triples:
        if isinstance(triple.subject, NamedNode) and "/id/term/" in triple.subject.value:
            found[triple.subject.value.partition("#")[0]].add(triple)
    return found


def _write(path: Path, triples: set[Triple]) -> None:
    """Whole or not at all."""
    text = serialize(triples, format=RdfFormat.N_TRIPLES) or b""
    fresh = path.with_name(f".{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with gzipped(fresh) as packed:
            packed.writelines(sorted(text.splitlines(keepends=True)))
        fresh.replace(path)
    except OSError as error:
        raise SourceError(error.strerror or str(error), file=path) from error


def loaded_terms(state: Path) -> tuple[Source, ...]:
    """The source of all loaded terms in this state; none where nothing was loaded."""
    files = tuple(sorted((state / "terms").glob("*/*.nt.gz")))
    if not files:
        return ()
    title = "Terms that were loaded into this state, with their definitions"
    return (Source("loaded-terms", title, files, partial(_read, files)),)


def _read(files: tuple[Path, ...]) -> Iterator[Quad]:
    """The quads of the files; where two sources name one term, the first keeps the preferred label."""
    named: dict[tuple[str, str], str] = {}
    for vocabulary in dict.fromkeys(path.parent.name for path in files):
        prefix = names.thing("term", vocabulary)
        named |= {(f"{prefix}/{term.slug}", "en"): term.label for term in shipped_terms(vocabulary)}
    for path in files:
        own: dict[tuple[str, str], str] = {}
        for triple in sorted(_kept(path), key=str):
            yield from _told(triple, named, own)
        named |= own


def _told(
    triple: Triple, named: dict[tuple[str, str], str], own: dict[tuple[str, str], str]
) -> Iterator[Quad]:
    text = triple.object
    if triple.predicate not in (_PREF, _LABEL) or not isinstance(text, Literal):
        yield Quad(triple.subject, triple.predicate, text, GRAPH)
        return
    key = (triple.subject.value if isinstance(triple.subject, NamedNode) else "", text.language or "")
    if key not in named:
        own[key] = text.value
        yield Quad(triple.subject, triple.predicate, text, GRAPH)
    elif triple.predicate == _PREF and named[key].casefold() != text.value.casefold():
        yield Quad(triple.subject, _ALT, text, GRAPH)
