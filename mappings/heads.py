"""The head of an SSSOM TSV file: refused where it or the columns are wrong, completed where it leaves out."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from isogloss.errors import SourceError
from isogloss.ontology import names
from isogloss.repeated import refuse_repeated_columns, repeated_key

from .claims import COMMENT_DEFINITION, STATUS_DEFINITION

_REQUIRED = ("subject_id", "predicate_id", "object_id", "mapping_justification")
_OURS = {"ig": names.IG, "xsd": names.PREFIXES["xsd"]}


def completed(path: Path, text: str) -> tuple[str, int]:
    """A set's text with a name for a set that has none, and our review columns declared where they stand
    without that, so that what is in them is not lost; and how many lines longer it is than it was.

    Errors: SourceError for a head that does not parse, for a key or a column that stands twice, which would
    lose one of its values without a word, and for a table without the columns of a mapping.
    """
    written = text.splitlines()
    lines = [_unpacked(line) for line in written]
    head = _head(path, lines)
    table = [(number, line) for number, line in enumerate(lines, 1) if line and not line.startswith("#")]
    number, header = table[0] if table else (1, "")
    columns = header.split("\t")
    refuse_repeated_columns(path, columns, number)
    missing = [name for name in _REQUIRED if name not in columns]
    if missing and (len(table) > 1 or not head):
        raise SourceError(f"no column {', '.join(missing)}: this is no SSSOM", file=path, line=number)
    added = _added(path, head, columns)
    if not added:
        return (text if lines == written else "\n".join(lines) + "\n"), 0
    before = sum(line.startswith("#") for line in lines)
    told = yaml.safe_dump({**head, **added}, allow_unicode=True, sort_keys=False).splitlines()
    body = [line for line in lines if not line.startswith("#")]
    return "\n".join([*(f"#{line}" for line in told), *body]) + "\n", len(told) - before


def _unpacked(line: str) -> str:
    """A line of the head without the tabs and quotation marks that spreadsheets put around it."""
    if not line.startswith(("#", '"#')):
        return line
    line = line.rstrip("\t ")
    return line[1:-1].replace('""', '"') if line.startswith('"') and line.endswith('"') else line


def _head(path: Path, lines: Sequence[str]) -> dict[str, Any]:
    # The table's lines are left empty, so that those of the head keep their numbers.
    text = "\n".join(line[1:] if line.startswith("#") else "" for line in lines)
    try:
        twice = repeated_key(text)
        head = yaml.safe_load(text) or {}
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        told = getattr(error, "problem", None) or str(error)
        line = mark.line + 1 if mark is not None else None
        raise SourceError(f"the head is no YAML: {told}", file=path, line=line) from error
    if twice is not None:
        raise SourceError("the head has this key twice", file=path, line=twice[1], field=twice[0])
    if not isinstance(head, dict):
        raise SourceError("the head is no list of slots with their values", file=path, line=1)
    return head


def _added(path: Path, head: dict[str, Any], columns: Sequence[str]) -> dict[str, Any]:
    added: dict[str, Any] = {}
    if "mapping_set_id" not in head:
        slug = names.slug(path.name.removesuffix(path.suffix).removesuffix(".sssom")) or "unnamed"
        added["mapping_set_id"] = names.thing("mapping", f"set/{slug}")
    told = list(head.get("extension_definitions") or ())
    known = {each.get("slot_name") for each in told if isinstance(each, dict)}
    ours = [d for d in (STATUS_DEFINITION, COMMENT_DEFINITION) if d.name in columns and d.name not in known]
    if ours:
        told += [
            {"slot_name": d.name, "property": d.predicate.curie, "type_hint": "xsd:string"} for d in ours
        ]
        added["extension_definitions"] = told
        added["curie_map"] = {**_OURS, **(head.get("curie_map") or {})}
    return added
