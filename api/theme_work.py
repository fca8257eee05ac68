"""A theme's work: bodies by publications, and gaps and opportunities beside what might answer them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from pyoxigraph import NamedNode

from isogloss.ontology.names import IG

from .addresses import path_of, slug_of, with_query
from .asking import Row, number, text
from .beside import Beside, in_full
from .values import Value, natural

_COLUMNS = (
    "point", "pointName", "sort", "place", "placeName",
    "answer", "answerName", "sure", "near", "nearName", "theme", "maker", "role", "named", "name", "much",
)  # fmt: skip
_SORTS = {IG + "Gap": "gap", IG + "Opportunity": "opportunity"}
MOST_POINTS, MOST_MAKERS = 60, 15


@dataclass(frozen=True, slots=True)
class Point:
    """A gap or opportunity: where it is stated, what might answer it, and how much there is on its themes.

    The note of an answer says who says so: the graph, or a proposal that nobody has accepted yet.
    """

    value: Value
    sort: str
    places: tuple[Value, ...]
    answers: tuple[Value, ...]
    near: tuple[Value, ...]


@dataclass(frozen=True, slots=True)
class Maker:
    """A body with links to what it publishes and develops on the theme; a count of nothing is empty."""

    body: Value
    publishes: Value
    develops: Value


@dataclass(frozen=True, slots=True)
class ThemeWork:
    """What the page of a theme shows; the totals count what is left out as well."""

    points: tuple[Point, ...]
    points_total: int
    makers: tuple[Maker, ...]
    makers_total: int


def beside(iri: str) -> Beside:
    """Points with answers that somebody named, points with publications on their very theme, bodies."""
    it = str(NamedNode(iri))
    points = f"VALUES ?sort {{ ig:Gap ig:Opportunity }} ?point rdf:type ?sort ; ig:themeOrBroader {it} ."
    answers = (
        "?answer ig:addresses ?point",
        "?point ig:about ?answer . ?answer rdf:type ig:Publication",
        "?proposal ig:proposedObject ?point ; ig:proposedSubject ?answer ; ig:confidence ?sure",
    )
    works = f"?work ig:themeOrBroader {it} ; rdf:type ig:Publication"
    much = "(COUNT(DISTINCT ?work) AS ?much)"
    parts = (
        f"{points} ?point rdfs:label ?pointName ; ig:statedIn ?place . ?place rdfs:label ?placeName",
        *(f"{points} {answer} . ?answer rdfs:label ?answerName" for answer in answers),
        f"{points} ?point ig:theme ?near . ?near skos:broader+ {it} ; rdfs:label ?nearName",
        # Of a theme below this one, all works are among this one's.
        f"SELECT ?theme {much} WHERE {{ {works} ; ig:themeOrBroader ?theme }} GROUP BY ?theme",
        *(
            f"SELECT ?maker ?role {much} WHERE {{ {works} ; {role} ?maker BIND({role} AS ?role) }}"
            " GROUP BY ?maker ?role"
            for role in ("ig:publishedBy", "ig:developedBy")
        ),
        f"SELECT DISTINCT ?named ?name WHERE {{ {works} ; ig:publishedBy|ig:developedBy ?named ."
        " ?named rdfs:label ?name }",
    )
    select = " UNION ".join(f"{{ {part} }}" for part in parts)
    return Beside(_COLUMNS, in_full(select, "ig", "rdf", "rdfs", "skos"))


def theme_work(rows: Iterable[Row], theme: str) -> ThemeWork | None:
    """What the rows of the pattern tell; nothing where they tell nothing."""
    found = list(rows)
    counts = {text(row, "theme"): text(row, "much") for row in found if "theme" in row}
    names = {text(row, "named"): text(row, "name") for row in found if "named" in row}
    points = _points([row for row in found if "point" in row], counts)
    makers = _makers([row for row in found if "maker" in row], names, theme)
    if not points and not makers:
        return None
    return ThemeWork(tuple(points[:MOST_POINTS]), len(points), tuple(makers[:MOST_MAKERS]), len(makers))


def _points(found: list[Row], counts: Mapping[str, str]) -> list[Point]:
    of_point: dict[str, list[Row]] = {}
    for row in found:
        of_point.setdefault(text(row, "point"), []).append(row)
    points = [_point(iri, told, counts) for iri, told in of_point.items()]
    return sorted(points, key=lambda each: (each.sort, not each.answers, natural(each.value.text)))


def _point(iri: str, told: list[Row], counts: Mapping[str, str]) -> Point:
    named = next((row for row in told if "pointName" in row), {})
    answers: dict[str, Value] = {}
    for row in told:
        if "answer" in row and (not text(row, "sure") or text(row, "answer") not in answers):
            sure = text(row, "sure")
            note = f"proposed, confidence {sure}" if sure else ""
            answer = text(row, "answer")
            answers[answer] = Value(text(row, "answerName"), path_of(answer) or "", note=note)
    near = {
        text(row, "near"): Value(
            text(row, "nearName"),
            with_query("/publications", theme=slug_of(text(row, "near"))),
            note=counts[text(row, "near")],
        )
        for row in told
        if text(row, "near") in counts
    }
    places = {
        text(row, "place"): Value(text(row, "placeName"), path_of(text(row, "place")) or "")
        for row in told
        if "placeName" in row
    }
    sort = next((_SORTS[text(row, "sort")] for row in told if text(row, "sort") in _SORTS), "")
    head = Value(text(named, "pointName"), path_of(iri) or "")
    by_name = sorted(answers.values(), key=lambda each: natural(each.text))
    return Point(head, sort, tuple(places.values()), tuple(by_name), tuple(near.values()))


def _makers(found: list[Row], names: Mapping[str, str], theme: str) -> list[Maker]:
    counts: dict[str, dict[str, int]] = {}
    for row in found:
        if text(row, "maker") in names:
            counts.setdefault(text(row, "maker"), {})[text(row, "role")] = number(row, "much")

    def link(maker: str, role: str, parameter: str) -> Value:
        count = counts[maker].get(IG + role, 0)
        asked = with_query("/publications", **{"theme": slug_of(theme), parameter: slug_of(maker)})
        return Value(str(count), asked) if count else Value("")

    ranked = sorted(counts, key=lambda maker: (-max(counts[maker].values()), natural(names[maker])))
    return [
        Maker(
            Value(names[maker], path_of(maker) or ""),
            link(maker, "publishedBy", "publisher"),
            link(maker, "developedBy", "developer"),
        )
        for maker in ranked
    ]
