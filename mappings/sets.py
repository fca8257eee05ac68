"""Mapping sets: read, write, merge and compare SSSOM TSV, with sssom-pydantic underneath."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import sssom_pydantic
import yaml
from curies import Converter, chain
from curies.api import PrefixStandardizationError
from pydantic import ValidationError
from sssom_pydantic import MappingSet, SemanticMapping
from sssom_pydantic.io import ParseError

from isogloss.errors import MappingError, SourceError
from isogloss.ontology import names

from .claims import COMMENT_DEFINITION, STATUS_DEFINITION, STATUSES, Claim, claims, inverse, status_of
from .heads import completed

ENDING = ".sssom.tsv"
CC0 = "https://creativecommons.org/publicdomain/zero/1.0/"
_PREFIXES = {
    "body": names.thing("body", ""),
    "ig": names.IG,
    "orcid": "https://orcid.org/",
    "mapping": names.thing("mapping", ""),
    "publication": names.thing("publication", ""),
    "vocabulary": names.thing("vocabulary", ""),
    **{p: names.PREFIXES[p] for p in ("owl", "rdfs", "semapv", "skos", "sssom", "xsd")},
}


@dataclass(frozen=True, slots=True)
class Alignment:
    """One mapping set: its records, the CURIE map they are written with, and what is said of the set."""

    mappings: tuple[SemanticMapping, ...]
    converter: Converter
    about: MappingSet

    @property
    def claims(self) -> tuple[Claim, ...]:
        return claims(self.mappings, self.converter)


def converter_for(vocabularies: Iterable[str]) -> Converter:
    """The CURIE map of a set of ours: one prefix a vocabulary, named by its slug, beside the common ones."""
    terms = {slug: names.thing("term", f"{slug}/") for slug in vocabularies}
    return Converter.from_prefix_map({**_PREFIXES, **terms})


def about(slug: str, title: str, description: str | None = None) -> MappingSet:
    """The head of a set of ours: its IRI, its licence, and the extension slot for the status."""
    head = {
        "id": names.thing("mapping", f"set/{slug}"), "title": title, "license": CC0, "sssom_version": "1.1",
        "extension_definitions": [STATUS_DEFINITION],
    }  # fmt: skip
    return MappingSet.model_validate(head if description is None else {**head, "description": description})


def read(path: Path) -> Alignment:
    """A set from SSSOM TSV, or from SSSOM JSON where the name ends in .json.

    Errors: SourceError with the line of the first row that does not fit SSSOM.
    """
    alignment, errors = read_leniently(path)
    if errors:
        raise errors[0]
    return alignment


def read_leniently(path: Path) -> tuple[Alignment, tuple[SourceError, ...]]:
    """The rows that fit SSSOM, and for each other row an error with its line.

    Errors: SourceError where the file cannot be read or its head does not parse.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
        text = _table_of_json(text) if path.suffix == ".json" else text
        table, grown = completed(path, text)
        found, converter, head, errors = sssom_pydantic.read(io.StringIO(table), return_errors=True)
    except (OSError, ValueError, KeyError, TypeError, AttributeError, yaml.YAMLError) as error:
        raise SourceError(_plain(error), file=path) from error
    lines = text.splitlines()
    # The reader counts the lines of the head, not the row of column names.
    return Alignment(tuple(found), converter, head), tuple(
        _broken(path, error, lines, error.line_number + 1 - grown) for error in errors
    )


def _broken(path: Path, error: ParseError, lines: list[str], line: int) -> SourceError:
    """The error of one row: its line, or in JSON which record it is, and the slots where that is known."""
    start = next(number for number, each in enumerate(lines, 1) if not each.startswith(("#", '"#')))
    told, where = _plain(error.exception), list[str]()
    if isinstance(error.exception, PrefixStandardizationError):
        cells = zip(lines[start - 1].split("\t"), lines[line - 1].split("\t"), strict=False)
        where = [name for name, cell in cells if cell.startswith(f"{told}:")]
        told = f"the prefix {told} is not in the curie_map"
    in_json = path.suffix == ".json"
    return SourceError(
        f"record {line - start}: {told}" if in_json else told,
        file=path, line=None if in_json else line, field=", ".join(where) or None,
    )  # fmt: skip


def read_folder(folder: Path) -> tuple[Alignment, ...]:
    """Every set in a folder, in the order of the file names."""
    return tuple(read(path) for path in sorted(folder.glob(f"*{ENDING}")))


def write(alignment: Alignment, path: Path) -> None:
    """Write SSSOM TSV: records sorted, shared values in the head, lines ended by a line feed."""
    path.write_text(to_text(alignment), encoding="utf-8", newline="\n")


def to_text(alignment: Alignment) -> str:
    """The set as SSSOM TSV."""
    head = alignment.about
    told = list(head.extension_definitions or ())
    used = {name for mapping in alignment.mappings for name in mapping.extensions or ()}
    missing = used - {definition.name for definition in told}
    told += [each for each in (STATUS_DEFINITION, COMMENT_DEFINITION) if each.name in missing]
    if told:
        head = head.model_copy(update={"extension_definitions": told})
    out = io.StringIO()
    sssom_pydantic.write(alignment.mappings, out, metadata=head, converter=alignment.converter, sort=True)
    return out.getvalue().replace("\r\n", "\n")


def to_json(alignment: Alignment) -> str:
    """The set as SSSOM JSON: the head's slots, then the records under `mappings`."""
    head, rows = _split(to_text(alignment))
    return json.dumps({**head, "mappings": rows}, ensure_ascii=False, indent=1, default=str) + "\n"


def to_csv(alignment: Alignment) -> str:
    """The records alone as CSV, for a spreadsheet; the head is left out."""
    rows = csv.reader(_table_lines(to_text(alignment)), delimiter="\t")
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    return out.getvalue()


def merge(alignments: Iterable[Alignment]) -> Alignment:
    """One set out of several; of records that claim the same, the one of better standing stays.

    Errors: MappingError where two sets use one prefix for different IRIs.
    """
    parts = list(alignments)
    converter, several = joined(part.converter for part in parts)
    records = [mapping for part in parts for mapping in part.mappings]
    if several:
        records = [mapping.standardize(converter) for mapping in records]
    title = " + ".join(filter(None, (part.about.title for part in parts)))
    return Alignment(tuple(dedupe(records)), converter, about("merged", title))


def joined(converters: Iterable[Converter]) -> tuple[Converter, bool]:
    """One CURIE map out of several, and whether one vocabulary goes by two prefixes in them.

    Errors: MappingError where they use one prefix for different IRIs.
    """
    parts = list(converters)
    maps: dict[str, str] = {}
    for part in parts:
        for prefix, iri in part.bimap.items():
            if maps.setdefault(prefix, iri) != iri:
                raise MappingError(f"the prefix {prefix} stands for {maps[prefix]} and for {iri}")
    return chain(parts), len(set(maps.values())) < len(maps)


def dedupe(mappings: Iterable[SemanticMapping]) -> list[SemanticMapping]:
    """Of records that claim the same, seen from either end, the one of better standing.

    Standing: a decided status before an open one, then confidence, then having a record id.
    """
    best: dict[tuple[str, ...], SemanticMapping] = {}
    for mapping in mappings:
        key = claim_key(mapping)
        if key not in best or _standing(mapping) > _standing(best[key]):
            best[key] = mapping
    return list(best.values())


def claim_key(mapping: SemanticMapping) -> tuple[str, ...]:
    """What a record claims, the same for a record and its inverse.

    The library's canonical tuple leaves out the modifier, and so would merge a match with its denial.
    """
    predicate, modifier = mapping.predicate.identifier, mapping.predicate_modifier or ""
    forth = mapping.subject.curie, predicate, mapping.object.curie, modifier
    back = mapping.object.curie, inverse(predicate), mapping.subject.curie, modifier
    absent = mapping.object_source.curie if mapping.object_source and mapping.object.prefix == "sssom" else ""
    return *min(forth, back), absent


def _standing(mapping: SemanticMapping) -> tuple[int, float, bool]:
    order = ("superseded", "proposed", "rejected", "accepted")
    status = status_of(mapping)
    rank = order.index(status) if status in STATUSES else -1
    return rank, mapping.confidence or 0.0, mapping.record is not None


def _split(text: str) -> tuple[dict[str, object], list[dict[str, str]]]:
    lines = text.splitlines(keepends=True)
    head = yaml.safe_load("".join(line[1:] for line in lines if line.startswith("#"))) or {}
    table = csv.DictReader(_table_lines(text), delimiter="\t")
    return head, [{name: value for name, value in row.items() if value} for row in table]


def _table_lines(text: str) -> list[str]:
    return [line for line in text.splitlines(keepends=True) if not line.startswith("#")]


def _table_of_json(text: str) -> str:
    head = json.loads(text)
    rows = head.pop("mappings", None) if isinstance(head, dict) else None
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("this is no SSSOM: an object with a list of mappings is expected")
    out = io.StringIO()
    columns = list(dict.fromkeys(name for row in rows for name in row))
    writer = csv.DictWriter(out, columns, delimiter="\t", lineterminator="\n")
    writer.writeheader()
    writer.writerows({k: "|".join(v) if isinstance(v, list) else v for k, v in row.items()} for row in rows)
    comment = "".join(f"#{line}\n" for line in yaml.safe_dump(head, allow_unicode=True).splitlines())
    return comment + out.getvalue()


def _plain(error: Exception) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
    return str(error).splitlines()[0] if str(error) else type(error).__name__


__all__ = [
    "ENDING", "Alignment", "about", "converter_for", "dedupe", "joined", "merge", "read", "read_folder",
    "read_leniently", "to_csv", "to_json", "to_text", "write",
]  # fmt: skip
