"""The ready questions: reads `*.rq` files, types their parameters, and binds values as RDF terms.

A file is a header and a SPARQL query that runs as it stands. The header is YAML behind `#+`, as grlc has it:

    #+ summary: Which opportunities are addressed to a study group?
    #+ description: One line each, with the section that states it.
    #+ tags: [report, opportunities]
    #+ params:
    #+   - {name: body, type: iri, label: Study group}

A parameter `body` stands in the query as one block `VALUES ?body { <default> }`; binding it replaces what is
between the braces, so a question copied out of the file works anywhere, and no text is ever pasted into one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from importlib.resources.abc import Traversable

import yaml
from pyoxigraph import Literal, NamedNode

from isogloss.errors import NotFound, SourceError
from isogloss.repeated import repeated_key

_HEADER = re.compile(r"^#\+ ?(.*)$", re.MULTILINE)
_NAME = re.compile(r"[a-z][a-z0-9_]*")
_ANY_BLOCK = re.compile(rf"VALUES \?({_NAME.pattern}) \{{[^{{}}]*\}}")
_DATE = re.compile(r"[0-9]{4}(-(0[1-9]|1[0-2])(-(0[1-9]|[12][0-9]|3[01]))?)?")
TYPES = ("iri", "string", "integer", "date")


@dataclass(frozen=True, slots=True)
class Parameter:
    """A value that the asker may change; `default` is the term (as SPARQL text) in the file."""

    name: str
    type: str
    label: str
    default: str


@dataclass(frozen=True, slots=True)
class ReadyQuery:
    """One ready question. `text` runs as it stands, with the defaults."""

    name: str
    summary: str
    description: str
    tags: tuple[str, ...]
    params: tuple[Parameter, ...]
    text: str

    def bind(self, values: Mapping[str, str]) -> str:
        """The query with these values in the place of the defaults.

        Errors: NotFound for a parameter that there is none of; ValueError where a value is not of its type.
        """
        known = {param.name: param for param in self.params}
        for name in values:
            if name not in known:
                raise NotFound(f"the query {self.name} has no parameter {name!r}; it has {sorted(known)}")
        terms = {name: _as_term(known[name], value) for name, value in values.items()}
        # One pass over the file's own text: a value that itself looks like a block is never read as one.
        return _ANY_BLOCK.sub(lambda found: _rebound(found, terms), self.text)


def load_library() -> dict[str, ReadyQuery]:
    """Every shipped ready question by name, in order of name. Errors: SourceError for a faulty file."""
    return read_library(file for file in files(__package__).iterdir() if file.name.endswith(".rq"))


def read_library(paths: Iterable[Traversable]) -> dict[str, ReadyQuery]:
    """The ready questions in these files by name. Errors: SourceError naming file and field."""
    return {found.name: found for found in map(_read, sorted(paths, key=lambda path: path.name))}


def _read(path: Traversable) -> ReadyQuery:
    text = path.read_text(encoding="utf-8")
    header = _header(path.name, text)
    body = _HEADER.sub("", text).strip() + "\n"
    params = tuple(_parameter(path.name, item, body) for item in header.get("params") or ())
    for field in ("summary", "description", "tags"):
        if not header.get(field):
            raise SourceError("the header lacks this", file=path.name, field=field)
    return ReadyQuery(
        name=path.name.removesuffix(".rq"),
        summary=str(header["summary"]).strip(),
        description=str(header["description"]).strip(),
        tags=tuple(map(str, header["tags"])),
        params=params,
        text=body,
    )


def _header(file: str, text: str) -> dict[str, list[dict[str, str]] | list[str] | str]:
    written = "\n".join(_HEADER.findall(text))
    try:
        header, twice = yaml.safe_load(written), repeated_key(written)
    except yaml.YAMLError as error:
        raise SourceError(f"the header is not YAML: {error}", file=file) from error
    if twice is not None:
        raise SourceError("the header has this key twice", file=file, line=twice[1], field=twice[0])
    if not isinstance(header, dict):
        raise SourceError("there is no header of lines that start with #+", file=file, line=1)
    return header


def _parameter(file: str, item: object, text: str) -> Parameter:
    if not isinstance(item, dict) or not {"name", "type", "label"} <= item.keys():
        raise SourceError("a parameter needs name, type and label", file=file, field="params")
    name, kind = str(item["name"]), str(item["type"])
    if not _NAME.fullmatch(name) or kind not in TYPES:
        raise SourceError(
            f"{name!r} of type {kind!r}: a name is lower case, a type one of {TYPES}", file=file
        )
    blocks = _block(name).findall(text)
    if len(blocks) != 1:
        raise SourceError(f"the query needs one block VALUES ?{name} {{ … }}, not {len(blocks)}", file=file)
    return Parameter(name, kind, str(item["label"]), blocks[0].strip())


def _block(name: str) -> re.Pattern[str]:
    return re.compile(rf"VALUES \?{name} \{{([^{{}}]*)\}}")


def _rebound(block: re.Match[str], terms: Mapping[str, str]) -> str:
    name = block[1]
    return f"VALUES ?{name} {{ {terms[name]} }}" if name in terms else block[0]


def _as_term(param: Parameter, value: str) -> str:
    if param.type == "iri":
        return _as_iri(param, value)
    if param.type == "integer":
        return _as_integer(param, value)
    if param.type == "date" and not _DATE.fullmatch(value):
        raise ValueError(f"{param.name} takes a date such as 2025, 2025-07 or 2025-07-11, not {value!r}")
    return str(Literal(value))


def _as_iri(param: Parameter, value: str) -> str:
    try:
        return str(NamedNode(value))  # refuses what could not stand between angle brackets
    except ValueError as error:
        raise ValueError(f"{param.name} takes an IRI, not {value!r}") from error


def _as_integer(param: Parameter, value: str) -> str:
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", value):
        raise ValueError(f"{param.name} takes a whole number, not {value!r}")
    return str(Literal(int(value)))
