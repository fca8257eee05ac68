"""An entry of a terminology, whatever format it stands in: what readers make and exporters write."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache

from langcodes import Language, standardize_tag
from langcodes.tag_parser import LanguageTagError

from isogloss.errors import SourceError
from isogloss.ontology import names

STATUSES = ("preferred", "admitted", "deprecated")
KINDS = ("definition", "note", "example")
FULL, ABBREVIATION = "full", "abbreviation"
GLOSS = "Gloss (Isogloss): "  # marks our gloss where a format has notes only

_CITATION = re.compile(
    r"(?P<document>.*?)(?: § (?P<locator>[^\[<]*?))?(?: \[(?P<relation>[^\]<]+)\])?(?: ?<(?P<link>[^<> ]+)>)?"
)


@dataclass(frozen=True, slots=True, order=True)
class Citation:
    """Where something was taken from; `relation` says how, in the source's word (identical, modified)."""

    document: str
    locator: str = ""
    link: str = ""
    relation: str = ""

    def __str__(self) -> str:
        """One line that `cited` reads back."""
        text = self.document + (f" § {self.locator}" if self.locator else "")
        text += f" [{self.relation}]" if self.relation else ""
        return (text + (f" <{self.link}>" if self.link else "")).strip()


def cited(text: str) -> Citation:
    """A citation from one line of text.

    >>> cited("ISO/IEC 22989:2022 § 3.1.4 [modified]").locator
    '3.1.4'
    """
    found = _CITATION.fullmatch(" ".join(text.split()))
    parts = found.groupdict(default="") if found else {"document": text}
    return Citation(**{name: part.strip() for name, part in parts.items()})


@dataclass(frozen=True, slots=True)
class Designation:
    """A word for the concept; an empty `language` means that the source does not tell."""

    text: str
    language: str = ""
    status: str = "preferred"
    form: str = FULL


@dataclass(frozen=True, slots=True)
class Passage:
    """A definition, note or example, with its own sources."""

    kind: str
    text: str
    language: str = ""
    citations: tuple[Citation, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One concept of one terminology. `broader` and `related` hold identifiers of the same terminology."""

    identifier: str
    designations: tuple[Designation, ...]
    passages: tuple[Passage, ...] = ()
    citations: tuple[Citation, ...] = ()
    broader: tuple[str, ...] = ()
    related: tuple[str, ...] = ()
    clause: str = ""
    page: str = ""
    gloss: str = (
        ""  # one line in this project's words, in English; formats without a place for it mark a note
    )
    slug: str = field(default="", compare=False)  # the end of its IRI, where it comes from a graph of ours

    def label(self, language: str = "en") -> str:
        """The preferred word in that language, else the best there is."""
        ranked = sorted(self.designations, key=lambda d: (d.language != language, STATUSES.index(d.status)))
        return ranked[0].text

    def of_kind(self, kind: str, language: str | None = None) -> tuple[Passage, ...]:
        """The definitions, notes or examples, in one language or in all."""
        return tuple(
            p for p in self.passages if p.kind == kind and (language is None or p.language == language)
        )

    @property
    def languages(self) -> tuple[str, ...]:
        """Every language that something is said in, in order."""
        words = {word.language for word in self.designations}
        return tuple(sorted(words | {passage.language for passage in self.passages}))


@dataclass(slots=True)
class Reading:
    """What a reader made of a file: the entries that hold, and why the others do not.

    `remarks` tell what in an entry that was taken is not as its format has it, and how it was read.
    """

    entries: list[Entry] = field(default_factory=list)
    problems: list[SourceError] = field(default_factory=list)
    remarks: list[SourceError] = field(default_factory=list)


@lru_cache(maxsize=1024)
def language_tag(code: str) -> str:
    """The BCP 47 tag of a language code (`eng`, `en_GB`); nothing for `und`. ValueError if it is no code.

    >>> language_tag("fra")
    'fr'
    """
    try:
        tag = standardize_tag(code.strip().replace("_", "-")) if code.strip() else ""
    except LanguageTagError as error:
        raise ValueError(f"not a language code: {code!r}") from error
    if tag and not re.fullmatch(r"[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*", tag):
        raise ValueError(f"not a language code: {code!r}")
    return "" if tag == "und" else tag


@lru_cache(maxsize=1024)
def three_letters(tag: str) -> str:
    """The ISO 639 three-letter code of a BCP 47 tag; `und` where no language is told."""
    return Language.get(tag).to_alpha3() if tag else "und"


def canonical(entry: Entry) -> Entry:
    """The same entry in a fixed order, with at most one preferred word a language and nothing twice.

    Of several preferred words in a language the first stays, the others are admitted; where none is
    preferred, the first admitted full word becomes it. Notes and the like keep their order.
    """
    words = _one_preferred(_once(entry.designations))
    passages = (
        replace(p, text=p.text.strip(), citations=tidy(p.citations)) for p in entry.passages if p.text.strip()
    )
    return replace(
        entry,
        designations=tuple(
            sorted(words, key=lambda d: (d.language, STATUSES.index(d.status), d.form != FULL, d.text))
        ),
        passages=tuple(sorted(dict.fromkeys(passages), key=lambda p: (KINDS.index(p.kind), p.language))),
        citations=tidy(entry.citations),
        broader=tuple(sorted(set(entry.broader))),
        related=tuple(sorted(set(entry.related))),
    )


def tidy(citations: Iterable[Citation]) -> tuple[Citation, ...]:
    """Each citation once, its parts where `cited` would put them, so that every format says the same."""
    found = (Citation(*(" ".join(part.split()) for part in _parts(one))) for one in citations)
    return tuple(dict.fromkeys(one for one in (cited(str(one)) for one in found) if one != Citation("")))


def _parts(citation: Citation) -> tuple[str, str, str, str]:
    return citation.document, citation.locator, citation.link, citation.relation


def _once(designations: Iterable[Designation]) -> list[Designation]:
    seen: dict[tuple[str, str], Designation] = {}
    for word in designations:
        text = " ".join(word.text.split())
        seen.setdefault((text, word.language), replace(word, text=text))
    return list(seen.values())


def _one_preferred(words: list[Designation]) -> list[Designation]:
    found: dict[str, Designation] = {}
    for status in ("preferred", "admitted"):
        for word in sorted(words, key=lambda d: d.form != FULL):
            if word.status == status:
                found.setdefault(word.language, word)
    return [
        replace(w, status="preferred")
        if found.get(w.language) is w
        else replace(w, status="admitted" if w.status == "preferred" else w.status)
        for w in words
    ]


def term_slugs(entries: Iterable[Entry]) -> dict[str, str]:
    """A slug for every identifier: that of its label; with the identifier added where two would meet."""
    taken: set[str] = set()
    found: dict[str, str] = {}
    for entry in entries:
        slug = entry.slug or names.slug(entry.label()) or names.slug(entry.identifier) or "entry"
        if slug in taken:
            slug = names.slug(f"{slug}-{entry.identifier}")
        while slug in taken:
            slug += "-again"
        taken.add(slug)
        found[entry.identifier] = slug
    return found
