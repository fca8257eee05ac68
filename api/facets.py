"""Facets as pages and data show them: in reading order, values in short, broader above narrower."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from isogloss.graph.search.finder import NONE, Value
from isogloss.ontology.names import BASE, IG

from .wording import KINDS

LABELS = {
    "kind": "Kind", "type": "Type", "body": "Body", "status": "Status", "theme": "Theme",
    "vertical": "Industry", "activity": "Human-AI activity", "application": "Application", "year": "Year",
    "language": "Language of the title", "vocabulary": "Vocabulary",
}  # fmt: skip
# What a value in a URL is short for.
BASES = {
    "body": BASE + "id/body/", "status": BASE + "id/concept/status/", "theme": BASE + "id/theme/", "type": IG,
    "vertical": BASE + "id/concept/vertical/", "activity": BASE + "id/concept/activity/",
    "application": BASE + "id/concept/application/", "vocabulary": BASE + "id/vocabulary/",
}  # fmt: skip
SHOWN_AT_FIRST = 8
_LANGUAGES = {"en": "English", "fr": "French", "es": "Spanish", "zh": "Chinese", "de": "German",
              "ja": "Japanese", "ru": "Russian", "ar": "Arabic", "ko": "Korean"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choice:
    """A value to narrow by, with how many of the things found have it, and the narrower values below it."""

    value: str
    label: str
    count: int
    below: tuple[Choice, ...] = ()


@dataclass(frozen=True, slots=True)
class Facet:
    """One facet of a list; `first` is shown at once, `rest` when it is asked for; `more` values, which fewer
    things have, are not here.
    """

    name: str
    label: str
    first: tuple[Choice, ...]
    rest: tuple[Choice, ...]
    more: int = 0


def arrange(
    found: Mapping[str, tuple[Value, ...]], left_out: Mapping[str, int], hidden: Iterable[str] = ()
) -> tuple[Facet, ...]:
    """The facets that have values to choose among, but for the hidden ones."""
    skipped = set(hidden)
    facets = []
    for name, label in LABELS.items():
        if name in found and name not in skipped:
            choices = tree(name, found[name])
            first, rest = choices[:SHOWN_AT_FIRST], choices[SHOWN_AT_FIRST:]
            facets.append(Facet(name, label, first, rest, left_out.get(name, 0)))
    return tuple(facets)


def tree(name: str, values: Iterable[Value]) -> tuple[Choice, ...]:
    """The values from the broadest down; one whose broader value is not among them stands at the top."""
    known = {value.value: value for value in values}
    below: dict[str, list[Value]] = {}
    for value in known.values():
        below.setdefault(value.above if value.above in known else "", []).append(value)

    def choice(value: Value, above: frozenset[str]) -> Choice:
        narrower = [each for each in below.get(value.value, ()) if each.value not in above]
        under = above | {value.value}
        return Choice(
            short(name, value.value),
            label(name, value),
            value.count,
            tuple(choice(n, under) for n in narrower),
        )

    found = [choice(value, frozenset()) for value in below.get("", ())]
    return tuple(sorted(found, key=_latest, reverse=True) if name == "year" else found)


def _latest(year: Choice) -> tuple[bool, str]:
    return year.value != NONE, year.value


def short(name: str, value: str) -> str:
    """A value as URLs write it."""
    return value.removeprefix(BASES.get(name, "")) if name in BASES else value


def label(name: str, value: Value) -> str:
    """A value as people read it."""
    if value.value == NONE:
        return "no date" if name == "year" else value.label
    if name == "kind":
        return KINDS.get(value.value, ("", value.value))[1]
    return _LANGUAGES.get(value.value, value.label) if name == "language" else value.label
