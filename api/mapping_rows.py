"""The mappings of the graph as rows: read in one query, narrowed, counted and ordered."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches

from pyoxigraph import NamedNode

from isogloss.errors import NotFound
from isogloss.graph.engine.base import Engine
from isogloss.mappings.check import check
from isogloss.mappings.claims import Claim
from isogloss.mappings.terms import Terms
from isogloss.ontology.names import BASE, PREFIXES, PROLOGUE

from .asking import Row, rows, text
from .mapping_words import DERIVED, JUSTIFIED, Record, relation

_TERM, _VOCABULARY, _THEME = (f"{BASE}id/{kind}/" for kind in ("term", "vocabulary", "theme"))
SET = f"{BASE}id/mapping/set/"
MAPPING = f"{BASE}id/mapping/"
CONFIDENCES = ("0.9", "0.75", "0.5")
_LABELS = {  # a record that is derived has none of its own
    False: "OPTIONAL { ?m sssom:subject_label ?one } OPTIONAL { ?m sssom:object_label ?other }",
    True: 'OPTIONAL { ?subject skos:prefLabel ?one FILTER(langMatches(lang(?one), "en")) }'
    ' OPTIONAL { ?object skos:prefLabel ?other FILTER(langMatches(lang(?other), "en")) }',
}
_NO_TERM = PREFIXES["sssom"] + "NoTermFound"


@dataclass(frozen=True, slots=True)
class MappingRow:
    """A record with the names of its ends and where they come from (slugs of vocabularies and set)."""

    record: Record
    label: str
    subject_label: str
    object_label: str
    subject_source: str
    object_source: str
    set: str
    finding: str = ""

    @property
    def slug(self) -> str:
        return self.record.iri.removeprefix(MAPPING)

    @property
    def says(self) -> str:
        """The relation in plain words."""
        if self.record.object == _NO_TERM:
            return "has no counterpart in"
        return self.record.says

    @property
    def other(self) -> str:
        """The word at the other end; for one without counterpart nothing."""
        return "" if self.record.object == _NO_TERM else self.object_label

    def value(self, facet: str) -> tuple[str, ...]:
        """What this record has under a filter."""
        record = self.record
        return {
            "predicate": (("not-" if record.negated else "") + record.predicate,),
            "status": (record.status,),
            "justification": (record.justification,),
            "set": (self.set,),
            "vocabulary": tuple(dict.fromkeys((self.subject_source, self.object_source))),
            "contradiction": ("yes",) if self.finding else (),
            "confidence": tuple(bound for bound in CONFIDENCES if record.confidence >= float(bound)),
        }[facet]


FILTERS = {
    "status": "Status",
    "predicate": "Relation",
    "vocabulary": "Vocabulary",
    "set": "Mapping set",
    "justification": "How found",
    "confidence": "Confidence at least",
    "contradiction": "Has a contradiction",
}


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to filter by, as it reads, and how many rows of the present selection have it."""

    value: str
    label: str
    count: int


async def mapping_rows(engine: Engine, theme: str = "", *, derived: bool = False) -> list[MappingRow]:
    """Every stated record in the order of its label, or instead every `derived` one, which nobody states.

    `theme` keeps those with an end on it or below, by itself or by the document that defines it. One query.
    ValueError for a theme that can name nothing.
    """
    kind = "ig:DerivedMapping" if derived else "ig:Mapping"
    on_theme = ""
    if theme:
        node = NamedNode(_THEME + theme)
        on_theme = (
            f"{{ SELECT DISTINCT ?m WHERE {{ ?below skos:broader* {node} ."
            " ?end ig:theme|ig:definedIn/ig:theme ?below ."
            " ?m sssom:subject_id|sssom:object_id ?end } } "
        )
    found = await rows(
        engine,
        f"{PROLOGUE}SELECT * WHERE {{ {on_theme}?m a {kind} ; rdfs:label ?label ;"
        " sssom:subject_id ?subject ; sssom:predicate_id ?predicate ; sssom:object_id ?object ;"
        " sssom:mapping_justification ?how . OPTIONAL { ?m dcterms:isPartOf ?set }"
        " OPTIONAL { ?m ig:mappingStatus ?status } OPTIONAL { ?m sssom:confidence ?confidence }"
        f" OPTIONAL {{ ?m sssom:predicate_modifier ?not }} {_LABELS[derived]}"
        " OPTIONAL { ?m sssom:subject_source ?from } OPTIONAL { ?m sssom:object_source ?to } }"
        " ORDER BY LCASE(STR(?label)) ?m",
    )
    listed = {text(row, "m"): _row(row, DERIVED if derived else "proposed") for row in found}
    grave = contradictions(listed.values())
    return [replace(row, finding=grave.get(iri, "")) for iri, row in listed.items()]


def _row(row: Row, status: str) -> MappingRow:
    def of(name: str) -> str:
        return text(row, name)

    record = Record(
        of("m"), of("subject"), of("predicate").removeprefix(PREFIXES["skos"]), of("object"),
        of("not") == "Not", of("status").rpartition("/")[2] or status, float(of("confidence") or -1),
        of("how").removeprefix(PREFIXES["semapv"]),
    )  # fmt: skip
    return MappingRow(
        record, of("label"), of("one") or record.subject.rpartition("/")[2],
        of("other") or record.object.rpartition("/")[2], _source(of("from"), record.subject),
        _source(of("to"), record.object), of("set").removeprefix(SET),
    )  # fmt: skip


def _source(told: str, term: str) -> str:
    """The slug of the vocabulary of an end: the one that is told, else the one that the term stands below."""
    return told.removeprefix(_VOCABULARY) or term.removeprefix(_TERM).partition("/")[0]


def contradictions(listed: Iterable[MappingRow]) -> dict[str, str]:
    """For each record that a grave finding is about, what the finding says and what to do next."""
    claims = [
        Claim(r.iri, r.subject, r.predicate, r.object, r.negated, max(r.confidence, 0.0), r.status)
        for r in (row.record for row in listed)
    ]
    known = {claim.record for claim in claims}
    told: dict[str, str] = {}
    for finding in check(claims, Terms((), {})):
        if finding.weight == "error":
            for iri in known.intersection(finding.about):
                told.setdefault(iri, f"{finding.says}. Next: {finding.next_step}.")
    return told


def narrowed(listed: Iterable[MappingRow], chosen: Mapping[str, str], words: str = "") -> list[MappingRow]:
    """The rows that have every chosen value, and all of the words in their sentence."""
    wanted = words.casefold().split()
    return [
        row
        for row in listed
        if all(value in row.value(name) for name, value in chosen.items())
        and all(word in row.label.casefold() for word in wanted)
    ]


def choices(listed: list[MappingRow], titles: Mapping[str, str]) -> dict[str, list[Choice]]:
    """All that each filter offers within these rows, the most frequent first; `titles` name vocabularies."""
    found: dict[str, list[Choice]] = {}
    for name in FILTERS:
        counts = Counter(value for row in listed for value in row.value(name) if value)
        ranked = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
        found[name] = [Choice(value, _LABELLED[name](value, titles), count) for value, count in ranked]
    return found


def _of_predicate(value: str, _: Mapping[str, str]) -> str:
    return relation(value.removeprefix("not-"), negated=value.startswith("not-"))


def _of_set(value: str, titles: Mapping[str, str]) -> str:
    return " and ".join(titles.get(slug, slug) for slug in value.split("--"))


_LABELLED: dict[str, Callable[[str, Mapping[str, str]], str]] = {
    "status": lambda value, _: value,
    "predicate": _of_predicate,
    "vocabulary": lambda value, titles: titles.get(value, value),
    "set": _of_set,
    "justification": lambda value, _: JUSTIFIED.get(value, value),
    "confidence": lambda value, _: value,
    "contradiction": lambda value, _: value,
}


def one(listed: Iterable[MappingRow], slug: str) -> MappingRow:
    """The row of a record. NotFound with the records that begin alike."""
    known = list(listed)
    for row in known:
        if row.slug == slug:
            return row
    near = tuple(MAPPING + each for each in get_close_matches(slug, [row.slug for row in known], n=5))
    raise NotFound(f"There is no mapping {slug}; /mappings lists them.", near)
