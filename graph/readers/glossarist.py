"""Terms in Glossarist YAML: version 2 and 3 concepts with localized concepts apart, and version 1 in one."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import yaml

from isogloss.errors import SourceError
from isogloss.repeated import repeated_key

from ..entries import (
    ABBREVIATION,
    FULL,
    GLOSS,
    STATUSES,
    Citation,
    Designation,
    Entry,
    Passage,
    Reading,
    canonical,
    language_tag,
)

MOST_BYTES = 64 * 1024 * 1024  # of one file; the largest known concept is some kilobytes
DEEPEST = 50

Record = dict[str, Any]

_Loader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Plain(_Loader):  # type: ignore[misc,valid-type]
    """Plain data only, and dates stay text: what goes in must come out."""


_Plain.yaml_implicit_resolvers = {
    key: [(tag, regexp) for tag, regexp in found if tag != "tag:yaml.org,2002:timestamp"]
    for key, found in _Plain.yaml_implicit_resolvers.items()
}


class _Trap(yaml.YAMLError):
    """YAML that would cost more than it tells, with the place where it does."""

    def __init__(self, problem: str, event: yaml.events.Event) -> None:
        self.problem, self.problem_mark = problem, event.start_mark
        super().__init__(problem)


def read_glossarist(path: Path) -> Reading:
    """The concepts of a YAML file of one or more documents, or of every .yaml and .yml file in a folder.

    What is wrong with a file or a concept is a problem of the reading, with its line where YAML tells one.
    Errors: SourceError where there is no such file.
    """
    reading = Reading()
    concepts: list[tuple[Path, Record]] = []
    localized: dict[str, list[Record]] = defaultdict(list)
    for file in _files(path):
        for record in _documents(file, reading):
            if "data" in record and "terms" in (record["data"] or {}):
                localized[str(record.get("id") or "")].append(record["data"])
                localized[f"{file}#{record.get('termid')}"].append(record["data"])
            else:
                concepts.append((file, record))
    for file, record in concepts:
        _take(reading, file, record, localized)
    return reading


def _take(reading: Reading, file: Path, record: Record, localized: dict[str, list[Record]]) -> None:
    try:
        reading.entries.append(canonical(_entry(file, record, localized)))
    except (ValueError, TypeError, AttributeError, KeyError) as error:
        # Every field of somebody else's YAML may be of another type than it should; this one concept is out.
        reading.problems.append(SourceError(f"not a Glossarist concept: {error}", file=file))


def _files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(p for p in path.rglob("*") if p.suffix in (".yaml", ".yml") and p.is_file())
    return [path]


def _documents(file: Path, reading: Reading) -> Iterator[Record]:
    try:
        if file.stat().st_size > MOST_BYTES:
            raise SourceError(f"larger than {MOST_BYTES} bytes", file=file)
        text = file.read_text(encoding="utf-8")
        _refuse_traps(text)
        if (twice := repeated_key(text)) is not None:
            told = "a key twice in one mapping"
            reading.problems.append(SourceError(told, file=file, line=twice[1], field=twice[0]))
            return
        for record in yaml.load_all(text, Loader=_Plain):
            if isinstance(record, dict):
                yield record
            elif record is not None:
                reading.problems.append(SourceError("a document is not a mapping", file=file))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = getattr(error, "problem", None) or str(error)
        line = mark.line + 1 if mark is not None else None
        reading.problems.append(SourceError(f"not safe YAML: {message}", file=file, line=line))
    except UnicodeDecodeError as error:
        reading.problems.append(SourceError(f"not readable: {error}", file=file))
    except OSError as error:
        raise SourceError(error.strerror or str(error), file=file) from error


def _refuse_traps(text: str) -> None:
    """Refuse aliases, a few of which unfold to more than memory holds, and nesting without end."""
    depth = 0
    for event in yaml.parse(text, Loader=_Loader):
        if isinstance(event, yaml.events.AliasEvent):
            raise _Trap("aliases are refused", event)
        if isinstance(event, yaml.events.CollectionStartEvent):
            depth += 1
        elif isinstance(event, yaml.events.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST:
            raise _Trap(f"nested deeper than {DEEPEST}", event)


def _entry(file: Path, record: Record, localized: dict[str, list[Record]]) -> Entry:
    data = record.get("data") or {}
    identifier = str(data.get("identifier") or record.get("termid") or record.get("id") or "")
    if not identifier:
        raise ValueError("there is no identifier")
    parts = list(_localized(f"{file}#{identifier}", record, data, localized))
    if not any(part.get("terms") for part in parts):
        raise ValueError(f"concept {identifier} has no term in any language")
    designations: list[Designation] = []
    passages: list[Passage] = []
    gloss = ""
    for part in parts:
        language = language_tag(str(part.get("language_code") or ""))
        designations += [_designation(term, language) for term in part.get("terms") or ()]
        passages += _passages(part, language)
        gloss = gloss or _gloss(part)
    relations = _relations(record, data)
    sources = record.get("sources") or data.get("sources") or ()
    return Entry(
        identifier,
        tuple(designations),
        tuple(passages),
        tuple(_citation(source) for source in sources),
        broader=tuple(relations["broader"]),
        related=tuple(relations["see"]),
        clause=str(data.get("clause") or ""),
        page=str(data.get("uri") or ""),
        gloss=gloss,
    )


def _localized(
    name: str, record: Record, data: Record, localized: dict[str, list[Record]]
) -> Iterator[Record]:
    """The parts in each language: by reference (v2, v3), by name within the file, or inside (v1)."""
    seen: set[int] = set()
    references = data.get("localized_concepts") or record.get("localized_concepts") or {}
    keys = [*(references.values() if isinstance(references, dict) else references), name]
    for key in map(str, keys):
        for part in localized.get(key, ()):
            if id(part) not in seen:
                seen.add(id(part))
                yield part
    for code, part in record.items():
        if isinstance(part, dict) and "terms" in part:
            yield {"language_code": code, **part}


def _designation(term: Record, language: str) -> Designation:
    text = str(term["designation"])
    status = str(term.get("normative_status") or "preferred")
    short = term.get("type") in ("abbreviation", "symbol") or bool(term.get("acronym"))
    return Designation(
        text,
        language,
        status if status in STATUSES else "deprecated" if status == "superseded" else "admitted",
        ABBREVIATION if short else FULL,
    )


def _passages(part: Record, language: str) -> Iterator[Passage]:
    for kind, key in (("definition", "definition"), ("note", "notes"), ("example", "examples")):
        found = part.get(key) or ()
        for item in [found] if isinstance(found, str | dict) else found:
            text = item if isinstance(item, str) else str(item.get("content") or "")
            sources = () if isinstance(item, str) else item.get("sources") or ()
            if text.strip():
                yield Passage(kind, text.strip(), language, tuple(map(_citation, sources)))


def _gloss(part: Record) -> str:
    for note in part.get("annotations") or ():
        text = str(note.get("content") or "") if isinstance(note, dict) else str(note)
        if text.startswith(GLOSS):
            return text.removeprefix(GLOSS)
    return ""


def _citation(source: Record) -> Citation:
    origin = source.get("origin") or source
    ref = origin.get("ref") or ""
    if isinstance(ref, dict):
        ref = " ".join(str(ref[key]) for key in ("source", "id", "version") if ref.get(key))
    clause = origin.get("clause") or (origin.get("locality") or {}).get("reference_from") or ""
    relation = source.get("status") or (source.get("relationship") or {}).get("type") or ""
    return Citation(str(ref), str(clause), str(origin.get("link") or ""), str(relation))


def _relations(record: Record, data: Record) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for relation in record.get("related") or data.get("related") or ():
        ref = relation.get("ref") or {}
        if ref.get("id") and not ref.get("source"):
            found[str(relation.get("type"))].append(str(ref["id"]))
    return found
