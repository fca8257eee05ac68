"""A list of results to take away whole: CSV, BibTeX and Turtle, written batch by batch as it is read."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import AsyncIterator, Iterable, Sequence

import pyoxigraph as ox
from pybtex.database import BibliographyData, Entry

from isogloss.graph.engine.base import Engine
from isogloss.graph.engine.results import fetch
from isogloss.graph.search.finder import Item
from isogloss.ontology.names import PREFIXES, graph

from .asking import iris
from .found_details import Details, details

BATCH = 200  # things that one query tells of
Batches = AsyncIterator[Sequence[Item]]
COLUMNS = (
    "iri", "kind", "identifier", "title", "label", "type", "status", "year", "issued", "publishers",
    "developers", "themes", "vocabulary", "page",
)  # fmt: skip
_ADDRESS = re.compile(r'^ {4}(?:url|iri|doi) = ".*"', re.M)
_DOI = "https://doi.org/"
_ENTRY_TYPES = {"international standard", "technical specification", "national standard", "work item"}


async def as_csv(engine: Engine, batches: Batches) -> AsyncIterator[bytes]:
    """One row a thing (RFC 4180, UTF-8); several values of a cell stand with a bar between."""
    yield _line(COLUMNS)
    async for batch in batches:
        told = await details(engine, (item.iri for item in batch))
        yield b"".join(_line(_cells(item, told.get(item.iri, Details()))) for item in batch)


async def as_bibtex(engine: Engine, batches: Batches) -> AsyncIterator[bytes]:
    """The publications of the list; other kinds of things have no place in a bibliography."""
    left_out = 0
    async for batch in batches:
        publications = [item for item in batch if item.kind == "publication"]
        left_out += len(batch) - len(publications)
        told = await details(engine, (item.iri for item in publications))
        entries = {_key(item): _entry(item, told.get(item.iri, Details())) for item in publications}
        if entries:
            yield _verbatim(BibliographyData(entries).to_string("bibtex")).encode() + b"\n"
    if left_out:
        yield f"% {left_out} things of the list are no publications and are left out.\n".encode()


async def as_turtle(engine: Engine, batches: Batches) -> AsyncIterator[bytes]:
    """Everything that is stated of each thing; what follows by rules is left out."""
    async for batch in batches:
        among = iris(item.iri for item in batch)
        query = (
            f"CONSTRUCT {{ ?thing ?p ?o }} WHERE {{ VALUES ?thing {{ {among} }} GRAPH ?g {{ ?thing ?p ?o }}"
            f" FILTER(?g != <{graph('inferred')}>) }}"
        )
        found = ox.parse(await fetch(engine, query, None, ("application/n-triples",)), ox.RdfFormat.N_TRIPLES)
        triples = sorted((quad.triple for quad in found), key=str)
        yield ox.serialize(triples, format=ox.RdfFormat.TURTLE, prefixes=PREFIXES) or b""


def _line(cells: Iterable[str]) -> bytes:
    told = io.StringIO()
    csv.writer(told, lineterminator="\r\n").writerow(cells)
    return told.getvalue().encode()


def _cells(item: Item, told: Details) -> tuple[str, ...]:
    def all_of(name: str) -> str:
        return " | ".join(told.all(name))

    return (
        item.iri, item.kind, item.identifier, _title(item, told), item.label, all_of("type"),
        all_of("status"), item.year, all_of("issued"), all_of("publisher"), all_of("developer"),
        all_of("theme"), all_of("vocabulary"), all_of("page"),
    )  # fmt: skip


def _title(item: Item, told: Details) -> str:
    """The title in the language of the label, which has it after the identifier."""
    front, colon, rest = item.label.partition(": ")
    if colon and item.identifier and (front.endswith(item.identifier) or item.identifier.endswith(front)):
        return rest
    return item.label if item.label != item.identifier else told.first("title")


def _key(item: Item) -> str:
    """A key that BibTeX takes and that stays the same: the slug."""
    return re.sub(r"[^A-Za-z0-9.:_-]", "-", item.iri.partition("/publication/")[2])


def _entry(item: Item, told: Details) -> Entry:
    title = _plain(_title(item, told))
    fields = {
        "title": f"{{{title}}}",  # its capitals stay
        "number": _plain(item.identifier),
        "institution": _plain(" and ".join(told.all("publisher") or told.all("developer"))),
        "committee": _plain(" and ".join(told.all("developer"))),
        "type": _plain(told.first("type")),
        "year": item.year,
        "date": told.first("issued"),
        "note": _plain(told.first("status")),
        "keywords": _plain("; ".join((*told.all("theme"), "")).strip()),
        "url": told.first("page"),
        "doi": next((page.removeprefix(_DOI) for page in told.all("page") if page.startswith(_DOI)), ""),
        "iri": item.iri,
    }
    kind = "techreport" if told.first("type") in _ENTRY_TYPES or "report" in told.first("type") else "misc"
    return Entry(kind, [(name, value) for name, value in fields.items() if value])


def _verbatim(bibtex: str) -> str:
    """The same with addresses as they are: BibTeX and its readers take no LaTeX there."""
    return _ADDRESS.sub(lambda found: re.sub(r"\\([_&#%$])", r"\1", found[0]), bibtex)


def _plain(text: str) -> str:
    """Without the signs that group in BibTeX: an odd one would spoil the file."""
    return re.sub(r"[{}\\]", "", text)
