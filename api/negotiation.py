"""Content negotiation for every route: which offered media type a client wants most (RFC 9110, 12.5.1)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import islice

from isogloss.errors import NotAcceptable

HTML = "text/html"
LANGUAGES = 10  # of one Accept-Language field that are heeded
RANGES = 100  # of one Accept field
MOST_TOLD = 200  # characters of it that an error repeats

_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]+"
_RANGE = re.compile(rf"\s*({_NAME})/({_NAME})\s*")
_PARAMETER = re.compile(rf'\s*;\s*(?:({_NAME})\s*(?:=\s*({_NAME}|"(?:[^"\\]|\\.)*"))?)?\s*')
_LANGUAGE = re.compile(r"\s*([A-Za-z]{1,8}(?:-[A-Za-z0-9]{1,8})*|\*)\s*")
_WEIGHT = re.compile(r"\d+(?:\.\d*)?|\.\d+")
_ELEMENT = re.compile(r'(?:[^,"]|"(?:[^"\\]|\\.)*"|")+')

_EXACT, _PLAIN, _MORE_THAN_OFFERED, _SUBTYPES, _ANYTHING = 4, 3, 2, 1, 0


@dataclass(frozen=True, slots=True)
class RdfFormat:
    """A serialisation of RDF: the suffix of its documents (no dot), and whether it can tell named graphs."""

    label: str
    media_type: str
    suffix: str
    quads: bool = False


TURTLE = RdfFormat("Turtle", "text/turtle", "ttl")

# The order is the server's own preference among formats that a client likes equally.
RDF_FORMATS: tuple[RdfFormat, ...] = (
    TURTLE,
    RdfFormat("JSON-LD", "application/ld+json", "jsonld"),
    RdfFormat("N-Triples", "application/n-triples", "nt"),
    RdfFormat("RDF/XML", "application/rdf+xml", "rdf"),
    RdfFormat("TriG", "application/trig", "trig", quads=True),
    RdfFormat("N-Quads", "application/n-quads", "nq", quads=True),
    RdfFormat("Notation3", "text/n3", "n3"),
    RdfFormat("JSON", "application/json", "json"),
)
# N-Triples under the name that it had before one of its own; rdflib asks for it by this one.
PLAIN = RdfFormat("N-Triples", "text/plain", "nt")

RDF_TYPES: tuple[str, ...] = tuple(each.media_type for each in RDF_FORMATS)
BY_SUFFIX: dict[str, RdfFormat] = {each.suffix: each for each in RDF_FORMATS}
BY_TYPE: dict[str, RdfFormat] = {each.media_type: each for each in (*RDF_FORMATS, PLAIN)}
RDF_THEN_HTML: tuple[str, ...] = (*RDF_TYPES, HTML, PLAIN.media_type)


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One element of an Accept field; names are lower case, `weight` is 0 to 1, `place` counts from 0."""

    type: str
    subtype: str
    parameters: tuple[tuple[str, str], ...]
    weight: float
    place: int

    def specificity(self, offer: MediaRange) -> int | None:
        """How closely this range names the offer (higher is closer), None if it does not cover it."""
        if self.type == "*":
            return _ANYTHING
        if self.type != offer.type:
            return None
        if self.subtype == "*":
            return _SUBTYPES
        if self.subtype != offer.subtype or self._contradicts(offer):
            return None
        if not self.parameters:
            return _PLAIN
        return _EXACT if set(self.parameters) <= set(offer.parameters) else _MORE_THAN_OFFERED

    def _contradicts(self, offer: MediaRange) -> bool:
        offered = {"charset": "utf-8", **dict(offer.parameters)}
        return any(name in offered and offered[name] != value for name, value in self.parameters)


def parse_accept(field: str | None) -> tuple[MediaRange, ...]:
    """The media ranges of an Accept field, in its order; elements that are no media range are left out.

    None, an empty field and one without a single readable element all mean that anything will do.
    """
    elements = islice(_ELEMENT.finditer(field or ""), RANGES)
    ranges = [found for each in elements if (found := _media_range(each[0])) is not None]
    placed = tuple(
        MediaRange(each.type, each.subtype, each.parameters, each.weight, place)
        for place, each in enumerate(ranges)
    )
    return placed or (MediaRange("*", "*", (), 1.0, 0),)


def preferred(field: str | None, offers: Sequence[str]) -> tuple[str, ...]:
    """The offers that the client accepts, most wanted first.

    The closest range decides an offer's weight. Of equal weights, the one that the client named first wins,
    and of those that one range covers together (`*/*`), the one that stands first in `offers`: so offers list
    RDF before HTML, and a client that wants HTML as much as RDF says so by naming it first.
    """
    ranges = parse_accept(field)
    ranked = []
    for rank, offer in enumerate(offers):
        best = _closest(ranges, offer)
        if best is not None and best.weight > 0:
            ranked.append((-best.weight, best.place, rank, offer))
    return tuple(offer for *_, offer in sorted(ranked))


def negotiate(field: str | None, offers: Sequence[str]) -> str:
    """The one offer that the client wants most; NotAcceptable, with the list of offers, if it wants none."""
    wanted = preferred(field, offers)
    if not wanted:
        raise not_acceptable(field or "", offers)
    return wanted[0]


def negotiate_one(name: str, offers: Sequence[str]) -> str:
    """The offer that an address names; what is no media type is NotAcceptable there, and not anything."""
    return all_of(name, offers)[0]


def all_of(name: str, offers: Sequence[str]) -> tuple[str, ...]:
    """The offers that an address names, most wanted first; NotAcceptable if there is none."""
    named = any(map(_media_range, _elements(name)))
    wanted = preferred(name, offers) if named else ()
    if not wanted:
        raise not_acceptable(name, offers)
    return wanted


def not_acceptable(wanted: str, offers: Sequence[str]) -> NotAcceptable:
    """What to raise for a client that wants none of the offers."""
    told = wanted if len(wanted) <= MOST_TOLD else wanted[:MOST_TOLD] + "…"
    return NotAcceptable(
        f"Nothing here fits “{told}”. Offered: {', '.join(offers)}; for example “Accept: {offers[0]}”.",
        offered=tuple(offers),
    )


def wanted_languages(field: str | None) -> tuple[str, ...]:
    """Language tags (lower case, without region) in the client's order, then English if it is not refused.

    What stands in none of these languages is still shown: a name in another language is better than none.
    """
    wanted = sorted(_language_ranges(field or ""), key=lambda one: (-one[1], one[2]))
    named = dict.fromkeys(tag.partition("-")[0] for tag, weight, _ in wanted if weight > 0 and tag != "*")
    refused = {tag.partition("-")[0] for tag, weight, _ in wanted if weight == 0} - set(named)
    return tuple(islice((tag for tag in dict.fromkeys((*named, "en")) if tag not in refused), LANGUAGES))


def _elements(field: str) -> list[str]:
    return _ELEMENT.findall(field)


def _media_range(text: str) -> MediaRange | None:
    head = _RANGE.match(text)
    if not head:
        return None
    kind, subtype = head[1].lower(), head[2].lower()
    if kind == "*" and subtype != "*":
        return None
    parameters = _parameters(text[head.end() :])
    if parameters is None:
        return None
    named = dict(parameters)
    weight = _weight(named.pop("q", "1"))
    return None if weight is None else MediaRange(kind, subtype, tuple(named.items()), weight, 0)


def _parameters(text: str) -> list[tuple[str, str]] | None:
    found, at = [], 0
    while at < len(text):
        match = _PARAMETER.match(text, at)
        if not match:
            return None
        if match[1]:
            found.append((match[1].lower(), _unquoted(match[2] or "").lower()))
        at = match.end()
    return found


def _unquoted(value: str) -> str:
    return re.sub(r"\\(.)", r"\1", value[1:-1]) if value.startswith('"') else value


def _weight(text: str) -> float | None:
    return min(1.0, float(text)) if _WEIGHT.fullmatch(text) else None


def _closest(ranges: Iterable[MediaRange], offer: str) -> MediaRange | None:
    offered = _media_range(offer)
    if offered is None:
        raise ValueError(f"not a media type: {offer}")
    fitting = [(how, -each.place, each) for each in ranges if (how := each.specificity(offered)) is not None]
    return max(fitting, key=lambda fit: fit[:2])[2] if fitting else None


def _language_ranges(field: str) -> list[tuple[str, float, int]]:
    ranges = []
    for place, element in enumerate(_elements(field)):
        head = _LANGUAGE.match(element)
        parameters = _parameters(element[head.end() :]) if head else None
        if head and parameters is not None:
            weight = _weight(dict(parameters).get("q", "1"))
            if weight is not None:
                ranges.append((head[1].lower(), weight, place))
    return ranges
