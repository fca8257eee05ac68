"""Mapping sets as they stand after everything that was judged since, and the versions behind each record."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from curies import Converter
from sssom_pydantic import SemanticMapping

from isogloss.ontology import names

from .claims import NO_TERM, Claim, claim
from .sets import Alignment, about, joined
from .suggest import record_slug
from .terms import TERM, VOCABULARY, vocabulary_of


@dataclass(frozen=True, slots=True)
class Judged:
    """The sets as they stand; `earlier` has the former versions of each record that changed, oldest first."""

    sets: tuple[Alignment, ...]
    earlier: Mapping[str, tuple[SemanticMapping, ...]] = field(default_factory=dict)


def after(known: Judged, changes: Iterable[Alignment]) -> Judged:
    """`known` after `changes`, in the order given: a record that is known is replaced, another one is added.

    A new record goes to the set of its two vocabularies. Errors: MappingError where CURIE maps disagree.
    """
    sets = {str(alignment.about.id): alignment for alignment in known.sets}
    homes = {iri: name for name, alignment in sets.items() for iri in by_iri(alignment)}
    earlier = dict(known.earlier)
    for change in changes:
        changed: dict[str, dict[str, SemanticMapping]] = defaultdict(dict)
        for iri, mapping in by_iri(change).items():
            home = homes.setdefault(iri, _home(mapping, change, sets))
            changed[home][iri] = mapping
        for home, records in changed.items():
            old = sets.get(home) or _new(home)
            sets[home], replaced = _replaced(old, records, change.converter)
            earlier |= {iri: (*earlier.get(iri, ()), before) for iri, before in replaced.items()}
    return Judged(tuple(sets[name] for name in sorted(sets)), earlier)


def by_iri(alignment: Alignment) -> dict[str, SemanticMapping]:
    """The records by their IRIs; one that has none goes by what it claims."""
    return {record_iri(claim(mapping, alignment.converter)): mapping for mapping in alignment.mappings}


def record_iri(says: Claim) -> str:
    """The IRI of a record: its own, else one made from its claim."""
    return says.record or names.thing(
        "mapping", record_slug(says.subject, says.predicate, says.object, says.negated)
    )


def _replaced(
    old: Alignment, records: Mapping[str, SemanticMapping], converter: Converter
) -> tuple[Alignment, dict[str, SemanticMapping]]:
    """The set with these records, written with one CURIE map, and what they took the place of."""
    both, _ = joined([old.converter, converter])
    before = {iri: mapping.standardize(both) for iri, mapping in by_iri(old).items()}
    after = before | {iri: mapping.standardize(both) for iri, mapping in records.items()}
    replaced = {iri: before[iri] for iri in records if iri in before}
    return Alignment(tuple(after.values()), both, old.about), replaced


def _home(mapping: SemanticMapping, change: Alignment, sets: Mapping[str, Alignment]) -> str:
    """The IRI of the set for a new record: that of its vocabularies, else the one that it came in."""
    one, other = ends(mapping, change.converter)
    if not one or not other:
        return str(change.about.id)
    both = [_set_iri(f"{one}--{other}"), _set_iri(f"{other}--{one}")]
    return next((iri for iri in both if iri in sets), min(both))


def ends(mapping: SemanticMapping, converter: Converter) -> tuple[str, str]:
    """The slugs of the vocabularies of subject and object; empty for one that is not ours."""
    says = claim(mapping, converter)
    found = []
    for iri, source in ((says.subject, mapping.subject_source), (says.object, mapping.object_source)):
        told = converter.expand_reference(source, strict=True) if source and iri == NO_TERM else iri
        named = vocabulary_of(told) if told.startswith(TERM) else ""
        found.append(told.removeprefix(VOCABULARY) if told.startswith(VOCABULARY) else named)
    return found[0], found[1]


def _set_iri(slug: str) -> str:
    return names.thing("mapping", f"set/{slug}")


def _new(iri: str) -> Alignment:
    slug = iri.removeprefix(_set_iri(""))
    return Alignment((), Converter([]), about(slug, " | ".join(slug.split("--"))))
