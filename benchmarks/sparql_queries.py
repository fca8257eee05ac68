"""What the benchmark of the SPARQL endpoint asks: seven classes of queries, with the catalogue's values."""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Store

from isogloss.ontology.names import IG, PREFIXES

JSON = "application/sparql-results+json"
NTRIPLES = "application/n-triples"
ACCEPT = f"{JSON}, {NTRIPLES}"
PROLOGUE = "".join(f"PREFIX {name}: <{PREFIXES[name]}>\n" for name in ("ig", "dcterms", "rdfs"))
STATUSES = ("in-force", "withdrawn", "superseded", "unknown")
COUNTED = ("ig:status", "dcterms:language", "ig:stage", "ig:publishedBy", "ig:editionNumber")
STEPS = ("ig:supersedes", "(ig:supersedes|ig:amends)", "(ig:supersedes|ig:editionOf|ig:adopts)")
TITLES = 40_000  # titles that words are taken from


@dataclass(frozen=True)
class Kind:
    """A class of queries. `make` gives the text of the nth, all different.

    A round asks `count` of them on `connections`. Of 1000 queries in the mixture, `share` are of this class.
    """

    name: str
    make: Callable[[int], str]
    count: int
    connections: int
    share: int


@dataclass(frozen=True)
class Values:
    """What the store holds that queries can ask for, in an order of no meaning."""

    things: Sequence[str]
    later: Sequence[str]
    subjects: Sequence[str]
    bodies: Sequence[str]
    words: Sequence[str]


def values(store: Path) -> Values:
    opened = Store.read_only(str(store))
    found = Values(
        list(dict.fromkeys(_subjects(opened, PREFIXES["dcterms"] + "issued"))),
        list(dict.fromkeys(_subjects(opened, IG + "supersedes"))),
        _by_use(opened, IG + "ics")[:800],
        _by_use(opened, IG + "developedBy")[:400],
        _words(opened),
    )
    for each in (found.things, found.later, found.subjects, found.bodies, found.words):
        random.Random(7).shuffle(each)  # type: ignore[arg-type]  # noqa: S311 - repeatable, not secret
    return found


def _subjects(store: Store, predicate: str) -> Iterator[str]:
    for quad in store.quads_for_pattern(None, NamedNode(predicate), None):
        if isinstance(quad.subject, NamedNode):
            yield quad.subject.value


def _by_use(store: Store, predicate: str) -> list[str]:
    """The objects of a property, those that most things have first."""
    uses = Counter(
        quad.object.value
        for quad in store.quads_for_pattern(None, NamedNode(predicate), None)
        if isinstance(quad.object, NamedNode)
    )
    return [iri for iri, _ in uses.most_common()]


def _words(store: Store) -> list[str]:
    """Words that some titles have and most have not."""
    uses: Counter[str] = Counter()
    titles = store.quads_for_pattern(None, NamedNode(PREFIXES["dcterms"] + "title"), None)
    for number, quad in enumerate(titles):
        if number >= TITLES:
            break
        if isinstance(quad.object, Literal):
            uses.update(set(re.findall(r"[A-Za-z]{5,}", quad.object.value)))
    return [word for word, many in uses.items() if 5 <= many <= TITLES // 20]


def kinds(given: Values) -> tuple[Kind, ...]:
    """The classes, from light to heavy ones."""

    def at(column: Sequence[str], number: int) -> str:
        return column[number % len(column)]

    def lookup(n: int) -> str:
        return f"SELECT ?p ?o {{ <{at(given.things, n)}> ?p ?o }} LIMIT {1000 + n // len(given.things)}"

    def search(n: int) -> str:
        ics, turn = at(given.subjects, n), n // len(given.subjects)
        status = f"<https://w3id.org/isogloss/id/concept/status/{STATUSES[turn % 4]}>"
        return f"""SELECT ?thing ?title ?issued {{
?thing ig:ics <{ics}> ; ig:status {status} ; dcterms:title ?title
OPTIONAL {{ ?thing dcterms:issued ?issued }} }} LIMIT {20 + turn // 4}"""

    def path(n: int) -> str:
        start, step = at(given.later, n), STEPS[n // len(given.later) % len(STEPS)]
        return f"SELECT ?earlier ?label {{ <{start}> {step}+ ?earlier . ?earlier rdfs:label ?label }}"

    def describe(n: int) -> str:
        body, more = at(given.bodies, n), n // len(given.bodies)
        return f"CONSTRUCT {{ ?s ?p ?o }} WHERE {{ ?s ig:developedBy <{body}> ; ?p ?o }} LIMIT {500 + more}"

    def aggregate(n: int) -> str:
        return f"SELECT ?value (COUNT(*) AS ?n{n}) {{ ?thing {at(COUNTED, n)} ?value }} GROUP BY ?value"

    def rows(n: int) -> str:
        return f"SELECT ?thing ?title {{ ?thing dcterms:title ?title }} LIMIT {50_000 + n % 10_000}"

    def text(n: int) -> str:
        word, more = at(given.words, n), n // len(given.words)
        return f"""SELECT ?thing ?title {{ ?thing dcterms:title ?title FILTER(CONTAINS(?title, "{word}")) }}
LIMIT {100 + more}"""

    made = (
        ("point lookup", lookup, 24_000, 16, 500),
        ("search by subject", search, 6000, 16, 250),
        ("path", path, 16_000, 16, 100),
        ("CONSTRUCT", describe, 400, 8, 100),
        ("aggregation over all", aggregate, 80, 4, 20),
        ("text filter", text, 60, 4, 15),
        ("50,000 rows", rows, 40, 4, 15),
    )
    return tuple(Kind(name, _prefixed(make), count, many, share) for name, make, count, many, share in made)


def _prefixed(make: Callable[[int], str]) -> Callable[[int], str]:
    """Only the prefixes that a query uses, as people write it."""

    def whole(number: int) -> str:
        body = make(number)
        lines = [line for line in PROLOGUE.splitlines() if re.search(rf"\b{line.split()[1]}\w", body)]
        return "\n".join([*lines, body])

    return whole


def mixture(classes: Sequence[Kind], population: int, asked: int, turn: int) -> list[str]:
    """`asked` queries out of `population` different ones, which are drawn by Zipf's law (exponent 1).

    Classes have their shares of the population, in no order of popularity; another `turn` has other queries.
    """
    chance = random.Random(turn)  # noqa: S311 - repeatable, not secret
    sizes = [population * kind.share // 1000 for kind in classes]
    texts = [
        kind.make(40_000 + turn * size + number)
        for kind, size in zip(classes, sizes, strict=True)
        for number in range(size)
    ]
    chance.shuffle(texts)
    weights = list(accumulate(1 / rank for rank in range(1, len(texts) + 1)))
    return chance.choices(texts, cum_weights=weights, k=asked)
