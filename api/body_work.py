"""A body's publications counted by theme and status."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from isogloss.ontology.names import IG, thing

from .addresses import path_of, slug_of, with_query
from .asking import Row, number, text
from .beside import Beside, in_full
from .values import Value

_COLUMNS = ("role", "topic", "topicName", "standing", "much")
_ORDER = ("in-force", "under-development", "superseded", "withdrawn", "unknown")
_ROLES = {IG + "publishedBy": ("publisher", "Publishes"), IG + "developedBy": ("developer", "Develops")}


@dataclass(frozen=True, slots=True)
class Line:
    """A theme (or all together) with a link and a count for each status of the table."""

    head: Value
    cells: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Work:
    """What a body publishes, or develops."""

    heading: str
    anchor: str
    statuses: tuple[str, ...]
    lines: tuple[Line, ...]


def beside(iri: str) -> Beside:
    """Counts by status, and by status and top theme."""
    work = (
        "VALUES ?role { ig:publishedBy ig:developedBy }"
        f" ?work ?role {NamedNode(iri)} ; rdf:type ig:Publication ; ig:status ?standing ."
    )
    topic = f"?work ig:themeOrBroader ?topic . ?topic skos:topConceptOf <{thing('scheme', 'themes')}>"
    much = "(COUNT(DISTINCT ?work) AS ?much)"
    parts = (
        f"SELECT ?role ?standing {much} WHERE {{ {work} }} GROUP BY ?role ?standing",
        f"SELECT ?role ?standing ?topic ?topicName {much} WHERE {{ {work} {topic} ; rdfs:label ?topicName }}"
        " GROUP BY ?role ?standing ?topic ?topicName",
    )
    select = " UNION ".join(f"{{ {part} }}" for part in parts)
    return Beside(_COLUMNS, in_full(select, "ig", "rdf", "rdfs", "skos"))


def works(rows: Iterable[Row], body: str) -> tuple[Work, ...]:
    """The tables, one a role that the body has; a publication on two themes is counted in both lines."""
    found = [row for row in rows if text(row, "role") in _ROLES]
    by_role = {role: [row for row in found if text(row, "role") == role] for role in _ROLES}
    return tuple(_work(of_role, body, role) for role, of_role in by_role.items() if of_role)


def _work(found: list[Row], body: str, role: str) -> Work:
    parameter, heading = _ROLES[role]
    here = {text(row, "standing").rpartition("/")[2] for row in found}
    statuses = [status for status in _ORDER if status in here]
    counts: dict[tuple[str, str], int] = {}
    names: dict[str, str] = {}
    for row in found:
        topic = text(row, "topic")
        counts[topic, text(row, "standing").rpartition("/")[2]] = number(row, "much")
        names[topic] = text(row, "topicName")

    def line(topic: str) -> Line:
        theme = slug_of(topic) if topic else None
        head = Value(names[topic], path_of(topic) or "") if topic else Value("all together")
        cells = []
        for status in statuses:
            count = counts.get((topic, status), 0)
            asked = with_query(
                "/publications", **{parameter: slug_of(body), "theme": theme, "status": status}
            )
            cells.append(Value(str(count), asked) if count else Value(""))
        return Line(head, tuple(cells))

    def total(topic: str) -> int:
        return sum(counts.get((topic, status), 0) for status in statuses)

    topics = sorted(names, key=lambda topic: (topic != "", -total(topic), names[topic]))
    told = tuple(status.replace("-", " ") for status in statuses)
    return Work(heading, f"by-theme-{parameter}", told, tuple(line(topic) for topic in topics))
