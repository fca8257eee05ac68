"""Terminologies in TBX-Basic (ISO 30042:2019), data categories as attributes (DCA)."""

from __future__ import annotations

import re

from lxml import etree

from ..entries import ABBREVIATION, GLOSS, Citation, Entry, Passage
from ..readers.tbx import BROADER, CLAUSE, CORE, IDENTIFIER, PAGE
from .terminology import Terminology

_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_NAME = re.compile(r"[A-Za-z_][\w.-]*", re.ASCII)  # the part of NCName that every tool takes
_CONTROL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # outside Char, XML 1.0, 2.2
_STATUSES = {
    "preferred": "preferredTerm-admn-sts",
    "admitted": "admittedTerm-admn-sts",
    "deprecated": "deprecatedTerm-admn-sts",
}


def write_tbx(terminology: Terminology) -> bytes:
    """One document. TBX-Basic has no place for the sources of a note: they are left out."""
    root = etree.Element(f"{{{CORE}}}tbx", nsmap={None: CORE})
    root.set("type", "TBX-Basic")
    root.set("style", "dca")
    root.set(_LANG, "en")
    _header(root, terminology)
    body = _add(_add(root, "text"), "body")
    keys = {e.identifier: _key(e.identifier, n) for n, e in enumerate(terminology.entries, 1)}
    for entry in terminology.entries:
        _concept(body, entry, keys)
    return etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)


def _add(parent: etree._Element, name: str, text: str = "", **attributes: str) -> etree._Element:
    child = etree.SubElement(parent, f"{{{CORE}}}{name}", attributes)
    child.text = _CONTROL.sub("", text) or None
    return child


def _header(root: etree._Element, terminology: Terminology) -> None:
    file = _add(_add(root, "tbxHeader"), "fileDesc")
    _add(_add(file, "titleStmt"), "title", terminology.title)
    rights = " ".join(filter(None, (terminology.rights, terminology.license)))
    if rights:
        _add(_add(file, "publicationStmt"), "p", rights)
    _add(_add(file, "sourceDesc"), "p", terminology.scheme.value)


def _key(identifier: str, number: int) -> str:
    """The identifier if XML lets it be one, else a number."""
    return identifier if _NAME.fullmatch(identifier) else f"entry-{number}"


def _concept(body: etree._Element, entry: Entry, keys: dict[str, str]) -> None:
    element = _add(body, "conceptEntry", id=keys[entry.identifier])
    for content, others in ((BROADER, entry.broader), ("related concept", entry.related)):
        for other in others:
            if other in keys:
                _add(element, "ref", content, type="crossReference", target=keys[other])
    given = "" if keys[entry.identifier] == entry.identifier else entry.identifier
    for mark, text in ((IDENTIFIER, given), (CLAUSE, entry.clause), (PAGE, entry.page)):
        if text:
            _add(element, "admin", mark + text, type="source")
    for citation in entry.citations:
        _add(element, "admin", str(citation), type="source")
    if entry.gloss:
        _add(element, "note", GLOSS + entry.gloss)
    for language in entry.languages:
        _language(element, entry, language)


def _language(element: etree._Element, entry: Entry, language: str) -> None:
    section = _add(element, "langSec")
    section.set(_LANG, language or "und")
    for definition in entry.of_kind("definition", language):
        _group(section, definition, "definition")
    for note in entry.of_kind("note", language):
        _add(section, "note", note.text)
    examples = entry.of_kind("example", language)
    words = [word for word in entry.designations if word.language == language]
    if not words:
        for example in examples:
            _group(section, example, "context")
    for position, word in enumerate(words):
        term = _add(section, "termSec")
        _add(term, "term", word.text)
        _add(term, "termNote", _STATUSES[word.status], type="administrativeStatus")
        if word.form == ABBREVIATION:
            _add(term, "termNote", "abbreviation", type="termType")
        if position == 0:
            for example in examples:
                _group(term, example, "context")


def _group(parent: etree._Element, passage: Passage, name: str) -> None:
    group = _add(parent, "descripGrp")
    _add(group, "descrip", passage.text, type=name)
    for citation in passage.citations:
        _source(group, citation)


def _source(parent: etree._Element, citation: Citation) -> None:
    _add(parent, "admin", str(citation), type="source")
