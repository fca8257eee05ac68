"""The editions and amendments of a work on a line of time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from pyoxigraph import NamedNode

from isogloss.ontology.names import IG

from .addresses import kind_of, path_of
from .asking import Row, text
from .beside import Beside, in_full
from .values import Value, natural

_COLUMNS = ("edition", "called", "day", "standing", "earlier", "amended", "whole")
_DATE = re.compile(r"(\d{4})(?:-(\d\d))?(?:-(\d\d))?")
_MARGIN = 2.0  # percent of the width that is kept free on the left, so that the first mark is whole
_MOST_TICKS = 8
IN_FORCE, SUPERSEDED = "in force", "superseded"
SHOWN = (IG + "editionOf", IG + "amends")  # links that the line of time shows


@dataclass(frozen=True, slots=True)
class Strip:
    """One edition or amendment; `start` and `end` are percents of the width, None where no date is known.

    An edition lasts until the one that supersedes it, or until now if it is in force.
    """

    value: Value
    day: str
    standing: str
    amends: str
    amendment: bool
    here: bool
    start: float | None
    end: float | None


@dataclass(frozen=True, slots=True)
class Timeline:
    """Strips from the oldest to the newest, and years with their places (percent)."""

    strips: tuple[Strip, ...]
    ticks: tuple[tuple[float, int], ...]


@dataclass(slots=True)
class _Edition:
    iri: str
    label: str
    day: str
    standing: str
    earlier: set[str] = field(default_factory=set)
    amended: set[str] = field(default_factory=set)
    wholes: set[str] = field(default_factory=set)


def beside(iri: str) -> Beside:
    """The editions of a work, or of the work that an edition is of, and what amends the work or them."""
    it = str(NamedNode(iri))
    ways = (
        f"?edition ig:editionOf {it}",
        f"{it} ig:editionOf ?work . ?edition ig:editionOf ?work",
        f"?edition ig:amends {it}",
        f"?its ig:editionOf {it} . ?edition ig:amends ?its",
        f"{it} ig:editionOf ?work . ?edition ig:amends ?work",
    )
    # In each branch: a join from outside would scan every label.
    told = (
        " . ?edition rdfs:label ?called OPTIONAL { ?edition dcterms:issued ?day }"
        " OPTIONAL { ?edition ig:status ?state . ?state rdfs:label ?standing }"
        " OPTIONAL { ?edition ig:supersedes ?earlier } OPTIONAL { ?edition ig:amends ?amended }"
        " OPTIONAL { ?edition ig:editionOf ?whole }"
    )
    found = " UNION ".join(f"{{ {way}{told} }}" for way in ways)
    return Beside(_COLUMNS, in_full(found, "ig", "rdfs", "dcterms"))


def timeline(rows: Iterable[Row], here: str, now: date) -> Timeline | None:
    """The line of time of the `rows` of the pattern; none where there is only one thing to show."""
    editions = _in_order(_editions(rows))
    if len(editions) < 2:
        return None
    first, last = _span(editions, now)

    def place(year: float | None) -> float | None:
        share = None if year is None else (year - first) / (last - first)
        return None if share is None else round(_MARGIN + (100 - 2 * _MARGIN) * share, 2)

    labels = {each.iri: _identifier(each) for each in editions}
    strips = tuple(
        Strip(
            Value(_identifier(each), path_of(each.iri) or ""),
            each.day,
            each.standing,
            ", ".join(sorted(labels[iri] for iri in each.amended if iri in labels)),
            bool(each.amended),
            each.iri == here,
            place(_year(each.day)),
            place(_end(each, editions, last)),
        )
        for each in editions
    )
    ticks = tuple((place(year) or _MARGIN, year) for year in _ticks(int(first), int(last)))
    return Timeline(strips, ticks)


def _editions(rows: Iterable[Row]) -> list[_Edition]:
    found: dict[str, _Edition] = {}
    for row in rows:
        iri = text(row, "edition")
        if kind_of(iri):
            told = _Edition(iri, text(row, "called"), text(row, "day"), text(row, "standing"))
            edition = found.setdefault(iri, told)
            edition.day = min(filter(None, (edition.day, text(row, "day"))), default="")
            edition.earlier |= {text(row, "earlier")} - {""}
            edition.amended |= {text(row, "amended")} - {""}
            edition.wholes |= {text(row, "whole")} - {""}
    return _once(found)


def _once(editions: Mapping[str, _Edition]) -> list[_Edition]:
    """Without what another one stands for: the work of an amendment that is here as an edition, and a draft
    of which the text is out.
    """
    shown = set().union(*(each.wholes for each in editions.values()))
    drafts = {f"{work}-draft" for work in shown}
    return [
        each
        for iri, each in editions.items()
        if iri not in shown and not (iri in drafts and each.standing == SUPERSEDED)
    ]


def _in_order(editions: Sequence[_Edition]) -> list[_Edition]:
    """By date, but an amendment, whose date may be no more than a year, after what it amends."""
    days = {each.iri: each.day for each in editions}

    def key(each: _Edition) -> tuple[str, bool, list[tuple[int, int, str]]]:
        day = max((each.day, *(days.get(iri, "") for iri in each.amended))) if each.day else "9999"
        return day, bool(each.amended), natural(each.label)

    return sorted(editions, key=key)


def _identifier(edition: _Edition) -> str:
    """The label without the title of the work, which stands above."""
    return edition.label.partition(": ")[0]


def _span(editions: Iterable[_Edition], now: date) -> tuple[float, float]:
    """From the start of the first year to now, or to the last thing to come."""
    years = [year for each in editions if (year := _year(each.day)) is not None]
    return float(int(min(years, default=now.year))), max(*years, float(now.year + 1), 0.0)


def _end(edition: _Edition, editions: Iterable[_Edition], last: float) -> float | None:
    """When the edition ends to hold: None for an amendment, and where nothing tells."""
    if edition.amended or _year(edition.day) is None:
        return None
    later = [year for each in editions if edition.iri in each.earlier and (year := _year(each.day))]
    if later:
        return max(min(later), _year(edition.day) or 0)
    return last if edition.standing == IN_FORCE else None


def _year(day: str) -> float | None:
    """A date as years: 2019-07 is 2019.5; None for what is no date."""
    found = _DATE.fullmatch(day)
    if found is None:
        return None
    month, of_month = int(found[2] or 1), int(found[3] or 1)
    return int(found[1]) + (month - 1) / 12 + (of_month - 1) / 372


def _ticks(first: int, last: int) -> Sequence[int]:
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000) if (last - first) / step <= _MOST_TICKS)
    return range(-(-first // step) * step, last + 1, step)
