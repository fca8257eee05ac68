"""Relaton YAML, the form in which the standards world publishes bibliographic records, to plain records.

Both generations of the schema are read: `docid`/`link`/`docstatus.stage.value` (v1.2) and
`docidentifier`/`source`/`status.stage.content` (v1.5), https://www.relaton.org/model/.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .archives import Member, Unread, read_members
from .safe_yaml import YamlRefused, load_yaml

# A list of the supplements of the whole series stands in each ITU record; it says nothing of the one text.
_SERIES_WIDE = "complementOf"
_ARCHIVE_ENDING = re.compile(r"\.(tar(\.(gz|xz|bz2))?|tgz|txz|zip|ya?ml)$", re.I)
_COMMIT = re.compile(r"-(main|master|[0-9a-f]{7,40})$")
_DATE = re.compile(r"\d{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12]\d|3[01]))?)?")
# What IEC and ISO print where the title of an old text is not at hand.
_NO_TITLE = re.compile(r"Title missing( - Legacy paper document)?|Withdrawn|Annulé", re.I)
_PARTIAL_TITLES = frozenset({"title-intro", "title-main", "title-part", "title-amd"})


@dataclass(frozen=True, slots=True)
class Committee:
    """A committee or study group as the record names it; `identifier` is a path (ISO/IEC JTC 1/SC 42)."""

    identifier: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """A related document as the record names it: Relaton's relation type, and what kind where it is told."""

    type: str
    target: str
    description: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One bibliographic record, as its source tells it; nothing is judged here.

    `titles` is by language ("" where none is told); `status` holds the body's own words by the field they
    stand in (stage, substage, standard_status ...), `stage` is ISO's harmonized code ("60.60") or empty;
    `dates` is by Relaton's date type, in ISO 8601; `docids` and `links` are (type, value) in file order.
    `abstract` is there for selecting and is never stored. `slug` is that of the publication in this graph,
    where the source knows it.
    """

    identifier: str
    docids: tuple[tuple[str, str], ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    type: str = ""
    bodies: tuple[str, ...] = ()
    committees: tuple[Committee, ...] = ()
    status: Mapping[str, str] = field(default_factory=dict)
    stage: str = ""
    dates: Mapping[str, str] = field(default_factory=dict)
    edition: str = ""
    version: str = ""
    ics: tuple[tuple[str, str], ...] = ()
    keywords: tuple[str, ...] = ()
    relations: tuple[Relation, ...] = ()
    languages: tuple[str, ...] = ()
    links: tuple[tuple[str, str], ...] = ()
    abstract: str = ""
    archive: str = ""
    path: str = ""
    fetched: str = ""
    schema: str = ""
    slug: str = ""

    @property
    def source(self) -> str:
        """The archive and the file in it."""
        return f"{self.archive}:{self.path}"

    @property
    def title(self) -> str:
        """The English title, else one without a language, else the first."""
        return self.titles.get("en") or self.titles.get("") or next(iter(self.titles.values()), "")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A record that could not be read, and why."""

    archive: str
    path: str
    reason: str


def read_records(path: Path) -> Iterator[Record | Refusal]:
    """All records of a file, a folder or an archive (.tar.gz, .tar.xz, .zip), in the order they stand there.

    What cannot be read is yielded as a Refusal and the rest goes on. Errors: SourceError where the archive
    itself cannot be read or is larger than an honest one could be.
    """
    archive = archive_name(path)
    for member in read_members(path):
        if isinstance(member, Unread):
            yield Refusal(archive, member.path, member.reason)
        else:
            yield read_record(member, archive)


def archive_name(path: Path) -> str:
    """The name under which the records of this file or folder are kept, without a branch or commit.

    >>> archive_name(Path("sets/relaton-data-itu-main.tar.xz"))
    'relaton-data-itu'
    """
    name = _ARCHIVE_ENDING.sub("", path.resolve().name)
    return _COMMIT.sub("", name) or name


def inner_path(path: str) -> str:
    """The path within the data set: what an archive's root folder is called changes with each download.

    >>> inner_path("relaton-data-itu-daa9deb2/data/itu-t-y-3800.yaml")
    'data/itu-t-y-3800.yaml'
    """
    before, folder, after = path.rpartition("data/")
    return f"data/{after}" if folder and (not before or before.endswith("/")) else path


def read_record(member: Member, archive: str) -> Record | Refusal:
    """The record in one file, or why there is none."""
    path = inner_path(member.path)
    try:
        tree = load_yaml(member.data)
    except YamlRefused as refused:
        return Refusal(archive, path, str(refused))
    if tree == "":
        return Refusal(archive, path, "empty")
    if not isinstance(tree, dict):
        return Refusal(archive, path, "no record: not a mapping of fields")
    return _record(tree, archive, path)


def _record(tree: dict[str, Any], archive: str, path: str) -> Record | Refusal:
    docids = _docids(tree)
    identifier = next((text for kind, text in docids if kind == "*"), "")
    if not identifier:
        return Refusal(archive, path, "no identifier")
    ext = _dict(tree.get("ext"))
    status = _status(tree, ext)
    return Record(
        identifier=identifier,
        docids=tuple((kind, text) for kind, text in docids if kind != "*"),
        titles=_titles(tree),
        type=_doctype(tree, ext),
        bodies=_publishers(tree),
        committees=_committees(tree, ext),
        status=status,
        stage=_iso_stage(status),
        dates=_dates(tree),
        edition=_text(tree.get("edition")),
        version=_text(_first(tree.get("version")), "draft"),
        ics=tuple(
            (code, _text(item, "text"))
            for item in _list(_either(ext, tree, "ics"))
            if (code := _text(item, "code"))
        ),
        keywords=tuple(filter(None, (_text(item) for item in _list(tree.get("keyword"))))),
        relations=tuple(dict.fromkeys(_relations(tree))),
        languages=tuple(filter(None, (_text(item) for item in _list(tree.get("language"))))),
        links=tuple(
            (_text(item, "type"), _text(item)) for item in _list(_either(tree, tree, "source", "link"))
        ),
        abstract=" ".join(filter(None, (_text(item) for item in _list(tree.get("abstract"))[:1]))),
        archive=archive,
        path=path,
        fetched=_text(tree.get("fetched")),
        schema=_text(_either(tree, tree, "schema_version", "schema-version")),
    )


def _either(first: dict[str, Any], second: dict[str, Any], *names: str) -> Any:
    """The value of the first of these fields that is there, in the one mapping or the other."""
    for name in names:
        for place in (first, second):
            if place.get(name):
                return place[name]
    return None


def _dict(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    if isinstance(value, list):
        return value
    return [value] if value else []


def _first(value: Any) -> Any:
    return next(iter(_list(value)), None)


def _text(value: Any, *names: str) -> str:
    """The text of a field: itself, or its `content`, `value`, `id`, `type` or what `names` says."""
    if isinstance(value, dict):
        found = next(
            (value[name] for name in names or ("content", "value", "id", "at") if value.get(name)), ""
        )
        return _text(_first(found)) if found else ""
    if not isinstance(value, str) or names:
        return ""
    return " ".join((html.unescape(value) if "&" in value else value).split())


def _docids(tree: dict[str, Any]) -> list[tuple[str, str]]:
    """All identifiers by type; the primary one (the first of them) stands in front under the type "*"."""
    found: list[tuple[str, str]] = []
    primary = ""
    for item in _list(_either(tree, tree, "docidentifier", "docid")):
        text, kind = _text(item, "content", "id"), _text(item, "type")
        if not text or _text(item, "scope") == "trademark":
            continue
        found.append((kind, text))
        if not primary and _text(item, "primary") == "true":
            primary = text
    if not primary and found:
        primary = found[0][1]
    return [("*", primary), *found] if primary else found


def _titles(tree: dict[str, Any]) -> dict[str, str]:
    """The whole title by language; the parts of a title are left out where the whole is there."""
    found: dict[str, str] = {}
    for item in _list(tree.get("title")):
        text, kind = _text(item), _text(item, "type") if isinstance(item, dict) else ""
        language = _text(item, "language") if isinstance(item, dict) else ""
        if text and kind not in _PARTIAL_TITLES and not _NO_TITLE.fullmatch(text):
            found.setdefault(language, text)
    if not found:
        parts: dict[str, list[str]] = {}
        for item in _list(tree.get("title")):
            if not _NO_TITLE.fullmatch(_text(item)):
                parts.setdefault(_text(item, "language"), []).append(_text(item))
        found = {language: " - ".join(filter(None, texts)) for language, texts in parts.items()}
    return {language: text for language, text in found.items() if text}


def _doctype(tree: dict[str, Any], ext: dict[str, Any]) -> str:
    value = _either(ext, tree, "doctype")
    return _text(value, "content", "type") if isinstance(value, dict) else _text(value)


def _organizations(tree: dict[str, Any], role: str) -> Iterator[dict[str, Any]]:
    for item in _list(tree.get("contributor")):
        roles = [
            _text(one, "type") if isinstance(one, dict) else _text(one)
            for one in _list(_dict(item).get("role"))
        ]
        if role in roles:
            yield _dict(_dict(item).get("organization"))


def _publishers(tree: dict[str, Any]) -> tuple[str, ...]:
    found = (
        _text(one.get("abbreviation")) or _text(_first(one.get("name")))
        for one in _organizations(tree, "publisher")
    )
    return tuple(dict.fromkeys(filter(None, found)))


def _committees(tree: dict[str, Any], ext: dict[str, Any]) -> tuple[Committee, ...]:
    """From the editorial group (v1.2, in four shapes) or from the subdivisions of the authors (v1.5)."""
    found: list[Committee] = []
    for group in _list(_either(ext, tree, "editorialgroup")):
        if not isinstance(group, dict):
            continue
        if name := _text(group.get("name")):
            found.append(Committee("", name))
        found += (Committee("", _text(one)) for one in _list(group.get("committee")) if _text(one))
        for one in _list(group.get("technical_committee")):
            found.append(Committee(_text(one, "identifier"), _text(one, "name")))
    for author in _organizations(tree, "author"):
        for division in _list(author.get("subdivision")):
            found += (
                Committee("", _text(name)) for name in _list(_dict(division).get("name")) if _text(name)
            )
    return tuple(dict.fromkeys(one for one in found if one.identifier or one.name))


def _status(tree: dict[str, Any], ext: dict[str, Any]) -> dict[str, str]:
    block = _dict(_either(tree, tree, "status", "docstatus"))
    found = {name: _text(block.get(name)) for name in ("stage", "substage")}
    found |= {name: _text(ext.get(name)) for name in ("standard_status", "standard_modified")}
    return {name: word for name, word in found.items() if word}


def _iso_stage(status: dict[str, str]) -> str:
    """ISO's harmonized code out of stage and substage, where these are its two-digit numbers."""
    stage, substage = status.get("stage", ""), status.get("substage", "")
    if stage.isdecimal() and len(stage) == 2:
        return f"{stage}.{substage}" if substage.isdecimal() else stage
    return ""


def _dates(tree: dict[str, Any]) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in _list(tree.get("date")):
        kind, value = _text(item, "type"), _text(item, "at", "value", "on", "from")
        if kind and _DATE.fullmatch(value):
            found.setdefault(kind, value)
    return found


def _relations(tree: dict[str, Any]) -> Iterator[Relation]:
    for item in _list(tree.get("relation")):
        kind, related = _text(item, "type"), _dict(_dict(item).get("bibitem"))
        if not kind or kind == _SERIES_WIDE:
            continue
        target = _first(_either(related, related, "docidentifier", "docid"))
        text = _text(target, "content", "id") or _text(related.get("formattedref"))
        if text:
            yield Relation(kind, text, _text(_dict(item).get("description")))
