"""Some records of several sets as one set: those that a person names, or those of certain sets."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from difflib import get_close_matches

from isogloss.errors import NotFound
from isogloss.ontology import names

from .claims import status_of
from .judged import Judged, by_iri
from .sets import Alignment, about, converter_for, joined

_MAPPING, _SET = names.thing("mapping", ""), names.thing("mapping", "set/")


def named(known: Judged, records: Iterable[str]) -> Alignment:
    """The records with these names: slugs, CURIEs as `mapping:slug`, or IRIs.

    Errors: NotFound with the nearest records for a name that none has.
    """
    wanted = {_MAPPING + name.removeprefix(_MAPPING).removeprefix("mapping:"): name for name in records}
    there = {iri for alignment in known.sets for iri in by_iri(alignment)}
    for iri, name in wanted.items():
        if iri not in there:
            near = tuple(get_close_matches(iri, there, n=3))
            slugs = ", ".join(each.removeprefix(_MAPPING) for each in near)
            raise NotFound(f"There is no mapping {name}" + (f"; near it are {slugs}" if near else ""), near)
    return _selection(known, wanted)


def of_sets(known: Judged, slugs: Collection[str], status: str = "") -> Alignment:
    """The records of sets by their slugs (`a--b`), or of all sets with a vocabulary; all where none is named.

    `status` keeps those that have it. Errors: NotFound for a name that no set has.
    """
    by_slug = {str(alignment.about.id).removeprefix(_SET): alignment for alignment in known.sets}
    for name in slugs:
        if not any(name in (slug, *slug.split("--")) for slug in by_slug):
            near = ", ".join(get_close_matches(name, by_slug, n=3))
            raise NotFound(f"There is no mapping set {name}" + (f"; near it are {near}" if near else ""))
    wanted = [
        iri
        for slug, alignment in by_slug.items()
        if not slugs or {slug, *slug.split("--")} & set(slugs)
        for iri, mapping in by_iri(alignment).items()
        if status in ("", status_of(mapping))
    ]
    return _selection(known, wanted)


def _selection(known: Judged, wanted: Iterable[str]) -> Alignment:
    iris = set(wanted)
    parts = [(each, [m for iri, m in by_iri(each).items() if iri in iris]) for each in known.sets]
    parts = [(alignment, records) for alignment, records in parts if records]
    converter, _ = joined([*(alignment.converter for alignment, _ in parts), converter_for(())])
    records = tuple(mapping.standardize(converter) for _, of_set in parts for mapping in of_set)
    return Alignment(records, converter, about("selection", "A selection of mappings"))
