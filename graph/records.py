"""How the rows of a table become triples: a table is declared as data, and one function reads them all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Triple

from isogloss.errors import SourceError
from isogloss.ontology import names

from . import terms
from .readers.tables import Row, read_table

type_ = terms.prefixed("rdf:type")
label_ = terms.prefixed("rdfs:label")

# Kinds whose things stand below the document they come from; a table of the report leaves that part out.
_IN_REPORT = {"section": "2025/", "term": f"{names.REPORT}/"}

Reader = Callable[[str], NamedNode | Literal]


@dataclass(frozen=True, slots=True)
class Field:
    """One column: the property that it states, how a value is read; `many` allows several in a cell."""

    name: str
    property: str
    read: Reader
    many: bool = False
    required: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """One file of facts. `classes` are the local names allowed in the column `kind`; one needs no column, and
    none means that the rows add to things that are declared elsewhere.

    `label` makes the rdfs:label of a row; `path` the end of its IRI, from the row's slug unless told
    otherwise; `also` states what no single column says.
    """

    file: str
    kind: str
    classes: tuple[str, ...]
    fields: tuple[Field, ...]
    label: Callable[[Row], str] | None
    path: Callable[[Row], str] = lambda row: row["slug"]
    slugged: bool = True
    also: Callable[[Row, NamedNode], Iterable[Triple]] | None = None
    more: tuple[str, ...] = ()  # further columns, read by label, path or also


@dataclass(slots=True)
class Facts:
    """The triples of a set of tables, with the row behind every thing and every reference to one."""

    triples: set[Triple] = field(default_factory=set)
    rows: dict[NamedNode, Row] = field(default_factory=dict)
    references: list[tuple[Row, str, NamedNode]] = field(default_factory=list)


def constant(kind: str, prefix: str = "") -> Reader:
    """Reads a slug as the IRI of a thing of that kind."""

    def read(text: str) -> NamedNode:
        if not terms.is_slug(text):
            raise ValueError(f"not a slug: {text!r}")
        return NamedNode(names.thing(kind, prefix + text))

    return read


def any_thing(text: str) -> NamedNode:
    """Reads `kind/slug` as the IRI of that thing; sections and terms are those of the 2025 report."""
    kind, _, path = text.partition("/")
    if kind not in names.KINDS or not terms.is_slug(path):
        raise ValueError(f"not of the form kind/slug: {text!r}")
    return NamedNode(names.thing(kind, _IN_REPORT.get(kind, "") + path))


def read_facts(folder: Path, tables: Iterable[Table], known: Iterable[NamedNode] = ()) -> Facts:
    """All rows of these tables as triples. `known` are things from elsewhere that a row may point to.

    Errors: SourceError for a value that cannot be read, a thing declared twice, or a pointer to nothing.
    """
    facts = Facts()
    declared = set(known)
    for table in tables:
        seen = set(facts.rows)
        for row in _table_rows(folder / table.file, table):
            _read_row(table, row, facts)
        if table.classes:
            declared |= facts.rows.keys() - seen
    _check_references(facts, declared)
    return facts


def _table_rows(path: Path, table: Table) -> Iterator[Row]:
    required = [f.name for f in table.fields if f.required]
    optional = [f.name for f in table.fields if not f.required] + list(table.more)
    if table.slugged:
        required.insert(0, "slug")
    if len(table.classes) > 1:
        required.append("kind")
    return read_table(path, required=tuple(required), optional=tuple(optional))


def _read_row(table: Table, row: Row, facts: Facts) -> None:
    subject = _subject(table, row)
    if subject in facts.rows:
        raise row.error(f"{subject.value} is declared already in line {facts.rows[subject].line}", "slug")
    facts.rows[subject] = row
    add = facts.triples.add
    if table.classes:
        add(Triple(subject, type_, terms.prefixed(f"ig:{_class(table, row)}")))
    else:
        facts.references.append((row, "slug", subject))
    if table.label:
        add(Triple(subject, label_, terms.english(table.label(row))))
    for column in table.fields:
        for value in row.many(column.name) if column.many else filter(None, (row[column.name],)):
            term = _term(row, column, value)
            add(Triple(subject, terms.prefixed(column.property), term))
            if isinstance(term, NamedNode):
                facts.references.append((row, column.name, term))
    if table.also:
        facts.triples.update(table.also(row, subject))


def _subject(table: Table, row: Row) -> NamedNode:
    path = table.path(row)
    if not terms.is_slug(path):
        raise row.error(f"not a slug: {path!r}", "slug" if table.slugged else None)
    return NamedNode(names.thing(table.kind, path))


def _class(table: Table, row: Row) -> str:
    if len(table.classes) == 1:
        return table.classes[0]
    if row["kind"] not in table.classes:
        raise row.error(f"unknown kind {row['kind']!r}{terms.nearest(row['kind'], table.classes)}", "kind")
    return row["kind"]


def _term(row: Row, column: Field, value: str) -> NamedNode | Literal:
    try:
        return column.read(value)
    except ValueError as error:
        raise row.error(str(error), column.name) from error


def _check_references(facts: Facts, known: set[NamedNode]) -> None:
    ours = names.BASE + "id/"
    for row, name, target in facts.references:
        if target.value.startswith(ours) and target not in known:
            hint = terms.nearest(target.value, (node.value for node in known))
            raise SourceError(
                f"{target.value} is nowhere declared{hint}", file=row.file, line=row.line, field=name
            )
