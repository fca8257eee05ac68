"""What a publication is for: themes, verticals, activities and the rest, by rules that stand in a table."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode

from isogloss.ontology import names

from . import terms
from .readers.tables import Row, read_table
from .selection import compiled

# At and above this a rule states a fact; below it, it only asks a curator.
SURE = 0.8

_FIELDS = ("slug", "label", "property", "concept", "where", "pattern", "confidence")


@dataclass(frozen=True, slots=True)
class Facet:
    """A property that rules assign, and where its concepts stand."""

    property: str
    kind: str
    prefix: str = ""


FACETS = {
    "theme": Facet("ig:theme", "theme"),
    "vertical": Facet("ig:industryVertical", "concept", "vertical/"),
    "activity": Facet("ig:humanAIActivity", "concept", "activity/"),
    "application": Facet("ig:applicationArea", "concept", "application/"),
    "cluster": Facet("ig:authenticityCluster", "concept", "authenticity-cluster/"),
    "media": Facet("ig:mediaType", "concept", "media-type/"),
}

_TEXTS: dict[str, Callable[[Row], str]] = {
    "title": lambda row: row["title"],
    "identifier": lambda row: row["identifier"],
    "developer": lambda row: "\n".join(row.many("developers")),
    "publisher": lambda row: "\n".join(row.many("publishers")),
    "keyword": lambda row: "\n".join(row.many("keywords")),
    "title+developer": lambda row: f"{row['title']} @ {' '.join(row.many('developers'))}",
}


@dataclass(frozen=True, slots=True)
class Rule:
    """One reason to assign a concept; `confidence` (0 to 1) is how often such a rule is right."""

    slug: str
    label: str
    facet: Facet
    concept: NamedNode
    where: str
    pattern: re.Pattern[str]
    unless: re.Pattern[str] | None
    confidence: str
    note: str

    @property
    def sure(self) -> bool:
        """Whether this rule is right often enough to state a fact."""
        return float(self.confidence) >= SURE

    def holds(self, row: Row) -> bool:
        """Whether the publication of this row fits the rule; what forbids it is looked for in its title."""
        if not self.pattern.search(_TEXTS[self.where](row)):
            return False
        return self.unless is None or not self.unless.search(row["title"])


def read_rules(path: Path) -> tuple[Rule, ...]:
    """The rules of a table, in its order. Errors: SourceError naming the row and the field at fault."""
    return tuple(_rule(row) for row in read_table(path, required=_FIELDS, optional=("except", "note")))


def _rule(row: Row) -> Rule:
    for field, known in (("property", FACETS), ("where", _TEXTS)):
        if row[field] not in known:
            raise row.error(f"{row[field]!r} is none of {', '.join(known)}", field)
    try:
        terms.decimal(row["confidence"])
    except ValueError as error:
        raise row.error(str(error), "confidence") from error
    facet = FACETS[row["property"]]
    concept = NamedNode(names.thing(facet.kind, facet.prefix + row["concept"]))
    unless = compiled(row, "except") if row["except"] else None
    pattern = compiled(row, "pattern")
    return Rule(
        row["slug"],
        row["label"],
        facet,
        concept,
        row["where"],
        pattern,
        unless,
        row["confidence"],
        row["note"],
    )


def classify(row: Row, rules: Iterable[Rule]) -> Iterator[Rule]:
    """The rules that fit the publication of this row of publications.csv, in order."""
    return (rule for rule in rules if rule.holds(row))
