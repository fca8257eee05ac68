"""Publications as people list them, field by field, to records, whatever the format of the list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from isogloss.ontology import names

from .relaton import Committee, Record, Relation

SCHEMA = "list"  # of every record that comes from such a list
SEVERAL = (
    "publishers", "developers", "ics", "keywords", "languages", "pages", "other_ids", "supersedes", "amends",
    "adopts",
)  # fmt: skip
FIELDS = (
    "identifier", "title", "type", "status", "stage", "date", "edition", *SEVERAL, "abstract", "iri", "kind",
    "label", "year", "vocabulary", "title_language",
)  # fmt: skip
STATUSES = ("in force", "under development", "superseded", "withdrawn", "unknown")
TYPES = (
    "international standard", "national standard", "technical report", "technical specification",
    "technical paper", "guide", "other publication", "work item", "policy instrument", "framework",
    "protocol",
)  # fmt: skip
_EDITION = "edition"  # what an export calls the type of one: that of its work is meant
_WORDS = {"published": "in force", "draft": "under development"}
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
_STAGE = re.compile(r"\d\d(\.\d\d)?")
_ICS = re.compile(r"\d\d(\.\d{3}(\.\d\d)?)?")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{1,8})*")
_TITLE = re.compile(r"title_(?P<language>[a-z]{2,3})")
_NUMBERS = {"doi": "DOI", "urn": "URN", "isbn": "ISBN"}
_PUBLICATION = f"{names.BASE}id/publication/"


class Unfit(ValueError):
    """A value that its field cannot hold; `field` names it."""

    def __init__(self, message: str, field: str) -> None:
        self.field = field
        super().__init__(message)


@dataclass(frozen=True, slots=True)
class Faulty:
    """An entry that its format does not let be read: where it stands, and why."""

    place: str
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """What one entry says, by our fields (see FIELDS, and `title_xx` for a title in another language).

    `place` is where it stands ("line 7"), for people; fields of SEVERAL are in `many`.
    """

    place: str
    one: Mapping[str, str]
    many: Mapping[str, tuple[str, ...]]

    @classmethod
    def of(cls, place: str, pairs: Iterable[tuple[str, str]]) -> Entry:
        """From fields and values; empty ones say nothing, and of a field with one value the first counts."""
        one: dict[str, str] = {}
        many: dict[str, tuple[str, ...]] = {}
        for field, value in pairs:
            text = " ".join(value.split())
            if text and field in SEVERAL:
                many[field] = (*many.get(field, ()), text)
            elif text:
                one.setdefault(field, text)
        return cls(place, one, many)

    def all(self, field: str) -> tuple[str, ...]:
        """The values of a field that may have several."""
        return self.many.get(field, ())

    def get(self, field: str) -> str:
        """The value of a field, or nothing."""
        return self.one.get(field, "")


def is_title(field: str) -> bool:
    """Whether a field is a title in a language that it names: `title_fr`."""
    return _TITLE.fullmatch(field) is not None


def record(entry: Entry, archive: str) -> Record | None:
    """The record that an entry tells of; None for an entry that is no publication.

    Errors: Unfit, naming the field.
    """
    if entry.get("kind") not in ("", "publication"):
        return None
    identifier, title = entry.get("identifier"), _title(entry)
    if not (identifier or title):
        raise Unfit("there is neither an identifier nor a title", "identifier")
    told = (entry.get("date") or entry.get("year")).partition(" |")[0]
    date = _checked(told, _DATE, "a year, month or day (ISO 8601)", "date")
    stage = entry.get("stage")
    return Record(
        identifier=identifier or title,
        docids=tuple(_numbers(entry.all("other_ids"))),
        titles=_titles(entry, title),
        type=_type(entry.get("type")),
        bodies=entry.all("publishers"),
        committees=tuple(Committee("", name) for name in entry.all("developers")),
        status=_status(entry),
        stage=stage if _STAGE.fullmatch(stage) else "",
        dates={"published": date} if date else {},
        edition=entry.get("edition"),
        ics=tuple((_checked(code, _ICS, "an ICS class", "ics"), "") for code in entry.all("ics")),
        keywords=entry.all("keywords"),
        relations=tuple(_relations(entry)),
        languages=tuple(
            _checked(one, _LANGUAGE, "a language tag", "languages") for one in entry.all("languages")
        ),
        links=tuple(("src", _address(page)) for page in entry.all("pages")),
        abstract=entry.get("abstract"),
        archive=archive,
        path=entry.get("iri") or identifier or title,
        schema=SCHEMA,
        slug=_slug(entry.get("iri")),
    )


def _title(entry: Entry) -> str:
    """The title; a label holds it after the identifier."""
    label, identifier = entry.get("label"), entry.get("identifier")
    if entry.get("title") or not label:
        return entry.get("title")
    return label.removeprefix(identifier).lstrip(": ") if identifier else label


def _titles(entry: Entry, title: str) -> dict[str, str]:
    language = entry.get("title_language")
    found = {language: title} if title else {}
    for field, text in entry.one.items():
        if text and (named := _TITLE.fullmatch(field)) is not None:
            found[named["language"]] = text
    return found


def _checked(text: str, pattern: re.Pattern[str], what: str, field: str) -> str:
    if text and not pattern.fullmatch(text):
        raise Unfit(f"{text!r} is not {what}", field)
    return text


def _type(text: str) -> str:
    """The type, the first one where a source tells several."""
    words = [word.strip() for word in text.lower().replace("-", " ").split("|")]
    for word in words:
        if word and word not in (*TYPES, _EDITION):
            raise Unfit(f"{text!r} is none of {', '.join(TYPES)}", "type")
    return next((word for word in words if word in TYPES), "")


def _status(entry: Entry) -> dict[str, str]:
    text = entry.get("status").lower().replace("-", " ")
    word = _WORDS.get(text, text)
    if word and word not in STATUSES:
        raise Unfit(f"{text!r} is none of {', '.join(STATUSES)}; a body's own word is its stage", "status")
    found = {"status": word, "stage": entry.get("stage")}
    return {name: told for name, told in found.items() if told}


def _numbers(texts: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    """DOI, URN and ISBN by the word in front, as this graph writes them; whatever else as it is."""
    for text in texts:
        scheme, _, rest = text.partition(":")
        kind = _NUMBERS.get(scheme.lower(), "")
        yield kind, text if kind in ("", "URN") else rest.strip()


def _relations(entry: Entry) -> Iterator[Relation]:
    kinds = {
        "supersedes": ("obsoletes", ""),
        "amends": ("updates", "amends"),
        "adopts": ("adoptedFrom", ""),
    }
    for field, (kind, description) in kinds.items():
        yield from (Relation(kind, target, description) for target in entry.all(field))


def _address(text: str) -> str:
    if not text.startswith(("http://", "https://")):
        raise Unfit(f"{text!r} is no web address", "pages")
    return text


def _slug(iri: str) -> str:
    """The slug of one of our publications."""
    if not iri:
        return ""
    slug = iri.removeprefix(_PUBLICATION)
    if slug == iri or not slug or names.slug(slug) != slug:
        raise Unfit(f"{iri!r} is not the IRI of a publication of this graph", "iri")
    return slug
