"""Terms in TBX (ISO 30042:2019), with data categories as attributes (DCA) or as elements (DCT)."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from lxml import etree

from isogloss.errors import SourceError

from ..entries import (
    ABBREVIATION,
    FULL,
    GLOSS,
    Citation,
    Designation,
    Entry,
    Passage,
    Reading,
    canonical,
    cited,
    language_tag,
)

CORE = "urn:iso:std:iso:30042:ed-2"
BROADER = "broader concept"  # the content of a cross-reference that leads to the concept above
# What an entry's source begins with that is none: our exports keep there what TBX-Basic has no place for.
IDENTIFIER, CLAUSE, PAGE = "identifier: ", "clause: ", "page: "

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_STATUSES = {
    "preferredTerm-admn-sts": "preferred",
    "standardizedTerm-admn-sts": "preferred",
    "legalTerm-admn-sts": "preferred",
    "regulatedTerm-admn-sts": "preferred",
    "admittedTerm-admn-sts": "admitted",
    "deprecatedTerm-admn-sts": "deprecated",
    "supersededTerm-admn-sts": "deprecated",
    "preferred": "preferred",
    "admitted": "admitted",
    "notRecommended": "deprecated",
    "deprecated": "deprecated",
    "obsolete": "deprecated",
}
_PASSAGES = {"definition": "definition", "context": "example"}
_SHORT = frozenset(("abbreviation", "acronym", "initialism", "shortForm", "symbol"))
Remark = tuple[etree._Element, str]  # where, and what is not as the standard has it
_CATEGORIES = frozenset(
    ("descrip", "admin", "termNote", "xref", "ref", "transac", "transacNote", "adminNote")
)


def read_tbx(path: Path) -> Reading:
    """The concept entries of a TBX file. No entity is expanded and nothing outside the file is read.

    Errors: SourceError where the XML is not well-formed, declares entities, or is no TBX; what is wrong with
    one entry is a problem of the reading.
    """
    root = _parse(path)
    reading = Reading()
    found: dict[str, Entry] = {}
    for element in root.iter(f"{{{CORE}}}conceptEntry"):
        name = element.get("id") or "conceptEntry"
        try:
            entry, remarks = _entry(element)
            if element.get("id", "") in found:
                raise ValueError("another entry has this id")
            found[element.get("id", "")] = entry
            reading.remarks += [
                SourceError(told, file=path, line=_line(place), field=name) for place, told in remarks
            ]
        except ValueError as error:
            reading.problems.append(SourceError(str(error), file=path, line=_line(element), field=name))
    names = {key: entry.identifier for key, entry in found.items()}
    reading.entries = [canonical(_with_names(entry, names)) for entry in found.values()]
    return reading


def _line(element: etree._Element) -> int | None:
    return element.sourceline if isinstance(element.sourceline, int) else None


def _with_names(entry: Entry, names: dict[str, str]) -> Entry:
    """Cross-references by the identifiers of the entries, which need not be their ids in the file."""
    return replace(
        entry,
        broader=tuple(names.get(other, other) for other in entry.broader),
        related=tuple(names.get(other, other) for other in entry.related),
    )


def _parse(path: Path) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        tree = etree.parse(path, parser)
    except etree.XMLSyntaxError as error:
        raise SourceError(error.msg or "not well-formed XML", file=path, line=error.lineno) from error
    except OSError as error:
        raise SourceError(str(error), file=path) from error
    if tree.docinfo.internalDTD is not None and tree.docinfo.internalDTD.entities():
        raise SourceError("declares entities, which a terminology has no need of", file=path, line=1)
    root = tree.getroot()
    if root.tag != f"{{{CORE}}}tbx":
        raise SourceError(f"the root is {root.tag!r}, not tbx of ISO 30042:2019", file=path, line=1)
    return root


def _entry(element: etree._Element) -> tuple[Entry, list[Remark]]:
    identifier = element.get("id", "")
    if not identifier:
        raise ValueError("a concept entry needs an id")
    parts = _Parts()
    parts.take_notes(element, "")
    for section in element.iter(f"{{{CORE}}}langSec"):
        language = language_tag(section.get(_LANG, ""))
        parts.take_notes(section, language)
        for term in section.iter(f"{{{CORE}}}termSec"):
            parts.take_term(term, language)
    if not parts.designations:
        raise ValueError("the entry has no term")
    return parts.entry(identifier), parts.remarks


class _Parts:
    """What has been gathered of one entry."""

    def __init__(self) -> None:
        self.designations: list[Designation] = []
        self.passages: list[Passage] = []
        self.citations: list[Citation] = []
        self.broader: list[str] = []
        self.related: list[str] = []
        self.own: dict[str, str] = {}
        self.remarks: list[Remark] = []

    def entry(self, identifier: str) -> Entry:
        return Entry(
            self.own.get(IDENTIFIER, identifier),
            tuple(self.designations),
            tuple(self.passages),
            tuple(self.citations),
            tuple(self.broader),
            tuple(self.related),
            clause=self.own.get(CLAUSE, ""),
            page=self.own.get(PAGE, ""),
            gloss=self.own.get(GLOSS, ""),
        )

    def take_notes(self, element: etree._Element, language: str) -> None:
        """Definitions, notes, sources and cross-references that stand at this level."""
        for child, group in _children(element):
            name = _category(child)
            if name in _PASSAGES:
                self.passages.append(Passage(_PASSAGES[name], _paragraphs(child), language, _sources(group)))
            elif name == "note":
                self._note(_paragraphs(child), language)
            elif name == "source" and group is None:
                self._source(_text(child))
            elif name == "crossReference" and child.get("target"):
                (self.broader if _text(child) == BROADER else self.related).append(child.get("target", ""))

    def take_term(self, element: etree._Element, language: str) -> None:
        """One termSec: the word, its status and form, and its contexts as examples."""
        texts = {_category(child): _text(child) for child, _ in _children(element)}
        words = [
            text for child, _ in _children(element) if _category(child) == "term" and (text := _text(child))
        ]
        if not words:
            raise ValueError("a termSec has no term")
        if len(words) > 1:
            self.remarks.append((element, f"{len(words)} terms in one termSec: all are taken, as one each"))
        status = texts.get("administrativeStatus") or texts.get("usageStatus") or ""
        if status and status not in _STATUSES:
            self.remarks.append((element, f"{status!r} is no status of a term: read as preferred"))
        form = ABBREVIATION if texts.get("termType") in _SHORT else FULL
        self.designations += [
            Designation(word, language, _STATUSES.get(status, "preferred"), form) for word in words
        ]
        self._take_texts(element, language)

    def _take_texts(self, element: etree._Element, language: str) -> None:
        """What a termSec says beside its word."""
        for child, group in _children(element):
            name = _category(child)
            if name in _PASSAGES:
                self.passages.append(Passage(_PASSAGES[name], _paragraphs(child), language, _sources(group)))
                if name == "definition":
                    self.remarks.append((child, "a definition under a term: taken as the concept's"))
            elif name == "note":
                self._note(_paragraphs(child), language)

    def _note(self, text: str, language: str) -> None:
        if text.startswith(GLOSS):
            self.own[GLOSS] = text.removeprefix(GLOSS)
        elif text:
            self.passages.append(Passage("note", text, language))

    def _source(self, text: str) -> None:
        for mark in (IDENTIFIER, CLAUSE, PAGE):
            if text.startswith(mark):
                self.own[mark] = text.removeprefix(mark)
                return
        self.citations.append(cited(text))


def _children(element: etree._Element) -> Iterator[tuple[etree._Element, etree._Element | None]]:
    """The data of one level; those inside a group with that group."""
    for child in element:
        if not isinstance(child.tag, str):
            continue
        local = etree.QName(child).localname
        if local in ("descripGrp", "adminGrp", "termNoteGrp"):
            for inner in child:
                if isinstance(inner.tag, str):
                    yield inner, child
        elif local not in ("langSec", "termSec", "transacGrp"):
            yield child, None


def _category(element: etree._Element) -> str:
    """The data category, wherever the style puts it."""
    name = etree.QName(element)
    if name.namespace == CORE and name.localname in _CATEGORIES:
        return element.get("type", "")
    return str(name.localname)


def _text(element: etree._Element) -> str:
    return " ".join("".join(element.itertext()).split())


def _paragraphs(element: etree._Element) -> str:
    """A text whose paragraphs, parted by empty lines, stay apart."""
    parts = re.split(r"\n\s*\n", "".join(element.itertext()))
    return "\n\n".join(filter(None, (" ".join(part.split()) for part in parts)))


def _sources(group: etree._Element | None) -> tuple[Citation, ...]:
    if group is None:
        return ()
    found = (_text(c) for c in group if isinstance(c.tag, str) and _category(c) == "source")
    return tuple(cited(text) for text in found if text)
