"""What the glossary lists: terms with labels and vocabularies, grouped by word, and the matrix of them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal, NamedNode

from isogloss.graph.engine.base import Engine
from isogloss.mappings.text import normal
from isogloss.ontology.names import BASE, PROLOGUE

from .asking import number, rank, rows, text
from .languages import best

_SHORT = 42  # characters of a name in a table
_TERM, _VOCABULARY, _THEME = (f"{BASE}id/{kind}/" for kind in ("term", "vocabulary", "theme"))


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A source of terms: its slug, its whole name, the short one that tables show, how many terms it has.

    `place` is its rank among those that are set side by side first; 0 where it has none.
    """

    slug: str
    label: str
    short: str
    terms: int
    place: int = 0


@dataclass(frozen=True, slots=True)
class Entry:
    """One term of one vocabulary, with its label in the language that is wanted."""

    iri: str
    vocabulary: str
    label: str
    language: str


@dataclass(frozen=True, slots=True)
class Group:
    """The entries that share a word, however each writes it."""

    word: str
    entries: tuple[Entry, ...]

    @property
    def vocabularies(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(entry.vocabulary for entry in self.entries))

    @property
    def letter(self) -> str:
        """The letter under which the word stands; `#` for what begins with none."""
        first = normal(self.word)[:1]
        return first.upper() if first.isalpha() else "#"


@dataclass(frozen=True, slots=True)
class Narrowed:
    """What is asked of the list; all of it must hold. ValueError for what can name nothing.

    A term is on a theme, or on one below it, if it or the document that defines it is.
    """

    words: str = ""
    vocabulary: str = ""
    theme: str = ""

    @property
    def pattern(self) -> str:
        """The conditions on ?term, in SPARQL."""
        parts = []
        if self.vocabulary:
            parts.append(f"?term skos:inScheme {NamedNode(_VOCABULARY + self.vocabulary)} .")
        if self.theme:
            node = NamedNode(_THEME + self.theme)
            parts.append(f"?below skos:broader* {node} . ?term ig:theme|ig:definedIn/ig:theme ?below .")
        if self.words:
            words = Literal(self.words.lower())
            parts.append(
                "FILTER EXISTS { ?term skos:prefLabel|skos:altLabel ?any"
                f" FILTER(CONTAINS(LCASE(STR(?any)), {words})) }}"
            )
        return " ".join(parts)


async def vocabularies(engine: Engine) -> dict[str, Vocabulary]:
    """Every vocabulary that has terms, by its slug: first those with a place, then the largest."""
    found = await rows(
        engine,
        f"{PROLOGUE}SELECT ?vocabulary (SAMPLE(?name) AS ?label) (COUNT(DISTINCT ?term) AS ?terms)"
        " (MIN(?position) AS ?place) WHERE { ?term a ig:Term ; skos:inScheme ?vocabulary ."
        " ?vocabulary rdfs:label ?name OPTIONAL { ?vocabulary schema:position ?position } }"
        " GROUP BY ?vocabulary ORDER BY (!BOUND(?place)) ?place DESC(?terms) ?vocabulary",
    )
    labels = {text(row, "vocabulary").removeprefix(_VOCABULARY): text(row, "label") for row in found}
    short = short_names(labels)
    return {
        slug: Vocabulary(slug, label, short[slug], number(row, "terms"), rank(text(row, "place")))
        for (slug, label), row in zip(labels.items(), found, strict=True)
    }


def short_names(labels: Mapping[str, str]) -> dict[str, str]:
    """What stands before the colon, unless that is also how another name begins.

    >>> short_names({"a": "OECD: AI", "b": "OECD: Statistics", "c": "RFC 4949: Security"})
    {'a': 'OECD: AI', 'b': 'OECD: Statistics', 'c': 'RFC 4949'}
    """
    heads = {slug: label.partition(":")[0].strip() for slug, label in labels.items()}
    return {
        slug: _cut(labels[slug]) if len(head) > _SHORT or _shared(slug, head, heads) else head
        for slug, head in heads.items()
    }


def _shared(slug: str, head: str, heads: Mapping[str, str]) -> bool:
    return any(f"{each} ".startswith(f"{head} ") for other, each in heads.items() if other != slug)


def _cut(label: str) -> str:
    return label if len(label) <= _SHORT else label[:_SHORT].rpartition(" ")[0] + " …"


async def groups(engine: Engine, narrowed: Narrowed, wanted: tuple[str, ...]) -> list[Group]:
    """The words of the glossary in alphabetical order, each with its entries. One query."""
    found = await rows(
        engine,
        f"{PROLOGUE}SELECT DISTINCT ?term ?vocabulary ?label WHERE {{ ?term a ig:Term ;"
        f" skos:inScheme ?vocabulary ; skos:prefLabel ?label . {narrowed.pattern} }} ORDER BY ?term ?label",
    )
    labels: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for row in found:
        label = row["label"]
        language = (label.language or "") if isinstance(label, Literal) else ""
        labels[text(row, "term"), text(row, "vocabulary")].setdefault(language, label.value)
    entries = [
        Entry(term, vocabulary.removeprefix(_VOCABULARY), *best(texts, wanted))
        for (term, vocabulary), texts in labels.items()
    ]
    return grouped(entries)


def grouped(entries: Iterable[Entry]) -> list[Group]:
    """The entries by word; the way in which most of them write it stands for all."""
    by_word: dict[str, list[Entry]] = defaultdict(list)
    for entry in entries:
        by_word[normal(entry.label) or entry.label.casefold()].append(entry)
    return [_group(by_word[word]) for word in sorted(by_word)]


def _group(entries: list[Entry]) -> Group:
    often = Counter(entry.label for entry in sorted(entries, key=lambda entry: entry.label.isupper()))
    return Group(often.most_common(1)[0][0], tuple(sorted(entries, key=lambda e: (e.vocabulary, e.iri))))


@dataclass(frozen=True, slots=True)
class Cell:
    """A vocabulary's word for a concept; `how` says what ties it to the row: `same word` or a mapping."""

    entry: Entry
    how: str


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """A word, and who has a word for it."""

    word: str
    cells: Mapping[str, tuple[Cell, ...]]

    @property
    def filled(self) -> int:
        return len(self.cells)


async def matches(engine: Engine) -> dict[str, dict[str, str]]:
    """For each term the terms of the same meaning, with the status of the record (exact matches alone)."""
    found = await rows(
        engine,
        f"{PROLOGUE}SELECT ?one ?other ?status WHERE {{ ?m a ig:Mapping ; sssom:subject_id ?one ;"
        " sssom:object_id ?other ; sssom:predicate_id skos:exactMatch ; ig:mappingStatus ?status"
        " FILTER NOT EXISTS { ?m sssom:predicate_modifier ?not } } ORDER BY ?status",
    )
    tied: dict[str, dict[str, str]] = defaultdict(dict)
    for row in found:
        status = text(row, "status").rpartition("/")[2]
        if status in ("accepted", "proposed"):
            for one, other in (("one", "other"), ("other", "one")):
                tied[text(row, one)].setdefault(text(row, other), status)
    return tied


def matrix(
    words: Iterable[Group], columns: Iterable[str], tied: Mapping[str, Mapping[str, str]]
) -> list[MatrixRow]:
    """The words that at least two of the columns have something for, most shared first."""
    known = list(words)
    by_iri = {entry.iri: entry for group in known for entry in group.entries}
    wanted = set(columns)
    table = []
    for group in known:
        cells: dict[str, list[Cell]] = defaultdict(list)
        for entry in group.entries:
            cells[entry.vocabulary].append(Cell(entry, "same word"))
        own = {entry.iri for entry in group.entries}
        for entry in group.entries:
            for iri, status in tied.get(entry.iri, {}).items():
                if iri in by_iri and iri not in own:
                    own.add(iri)
                    cells[by_iri[iri].vocabulary].append(Cell(by_iri[iri], f"{status} match"))
        shown = {slug: tuple(found) for slug, found in cells.items() if slug in wanted}
        if len(shown) > 1:
            table.append(MatrixRow(group.word, shown))
    return sorted(table, key=lambda row: (-row.filled, normal(row.word)))
