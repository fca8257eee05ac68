"""Whether the records of a set fit: ends that exist, fitting predicates, sound statuses, cardinality."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import zip_longest
from pathlib import Path

from curies.vocabulary import matching_processes
from sssom_pydantic import SemanticMapping

from . import sets
from .claims import NO_TERM, STATUS_SLOT, STATUSES, STRENGTH, Claim, claim
from .findings import Finding, listed, short
from .terms import TERM, Term, Terms, vocabulary_of

_JUSTIFICATIONS = {process.curie for process in matching_processes}
_CARDINALITY = "keep the one that holds, or make the others closeMatch, broadMatch or narrowMatch"


def validate_file(path: Path, terms: Terms | None = None) -> tuple[Finding, ...]:
    """Everything wrong in one file: rows that are not SSSOM, then what `validate` finds in the others."""
    alignment, errors = sets.read_leniently(path)
    step = "correct the row: it is not an SSSOM record"
    broken = tuple(
        Finding("schema", "error", error.message, step, line=error.line, field=error.field or "")
        for error in errors
    )
    return broken + validate(alignment, terms, _lines(path, alignment, {error.line for error in errors}))


def _lines(path: Path, alignment: sets.Alignment, broken: set[int | None]) -> Sequence[int]:
    """The line of each record; none where lines are no records (in JSON, with a cell of several lines)."""
    text = path.read_text(encoding="utf-8-sig").splitlines()
    table = [number for number, line in enumerate(text, 1) if line and not line.startswith(("#", '"#'))]
    found = [number for number in table[1:] if number not in broken]
    return found if len(found) == len(alignment.mappings) else ()


def validate(
    alignment: sets.Alignment, terms: Terms | None = None, lines: Sequence[int] = ()
) -> tuple[Finding, ...]:
    """What is wrong in a set; without `terms`, whether the ends exist is not looked at.

    `lines` are those of the records in their file.
    """
    pairs = [(mapping, claim(mapping, alignment.converter)) for mapping in alignment.mappings]
    found: list[Finding] = []
    for (mapping, says), line in zip_longest(pairs, lines):
        of_record = [*_record(mapping, says), *(_ends(mapping, says, terms) if terms is not None else ())]
        found += [replace(each, line=line) for each in of_record]
    claims = [says for _, says in pairs]
    return (*found, *_identifiers(claims), *_repeated(alignment.mappings, claims), *_cardinality(pairs))


def _finding(kind: str, says: Claim, text: str, step: str, field: str) -> Finding:
    name = says.record or f"{short(says.subject)} to {short(says.object)}"
    return Finding(kind, "error", text, step, (says.record or says.subject,), short(name), field=field)


def _record(mapping: SemanticMapping, says: Claim) -> Iterator[Finding]:
    if says.predicate not in STRENGTH:
        text = f"{mapping.predicate.curie} does not relate two concepts"
        step = f"use one of skos:{', skos:'.join(STRENGTH)}"
        yield _finding("predicate", says, text, step, "predicate_id")
    if mapping.justification.curie not in _JUSTIFICATIONS:
        text = f"{mapping.justification.curie} is not a matching process of SEMAPV"
        step = "name the process, for example semapv:ManualMappingCuration"
        yield _finding("justification", says, text, step, "mapping_justification")
    if says.status not in STATUSES:
        text, step = f"unknown status {says.status!r}", f"use one of {', '.join(STATUSES)}"
        yield _finding("status", says, text, step, STATUS_SLOT)
    if says.subject == says.object:
        yield _finding("self", says, "a term is mapped to itself", "remove the record", "object_id")
    elif vocabulary_of(says.subject) == vocabulary_of(says.object) != "" and says.predicate == "exactMatch":
        text = "two terms of one vocabulary are called the same"
        yield _finding(
            "one-vocabulary", says, text, "say it in the vocabulary, not in a mapping", "object_id"
        )
    if NO_TERM in {says.subject, says.object}:
        yield from _absence(mapping, says)
    if says.status == "accepted" and not _evidence(mapping):
        text = "accepted, yet neither a reviewer nor a publication stands behind it"
        step = "add reviewer_id with reviewer_agreement, or mapping_source"
        yield _finding("evidence", says, text, step, "reviewer_id")


def _evidence(mapping: SemanticMapping) -> bool:
    reviewed = mapping.reviewers and (mapping.reviewer_agreement is None or mapping.reviewer_agreement > 0)
    return bool(reviewed or mapping.source)


def _absence(mapping: SemanticMapping, says: Claim) -> Iterator[Finding]:
    if says.negated:
        text = "a negated record of no term found says nothing that can be understood"
        step = "remove the modifier, or name the term that is not meant"
        yield _finding("no-term", says, text, step, "predicate_modifier")
    slot = "object_source" if says.object == NO_TERM else "subject_source"
    if getattr(mapping, slot) is None:
        text = "no term found, but it is not said where one was looked for"
        yield _finding("no-term", says, text, f"fill {slot} with the vocabulary", slot)


def _ends(mapping: SemanticMapping, says: Claim, terms: Terms) -> Iterator[Finding]:
    ends = (("subject", says.subject, mapping.subject_name), ("object", says.object, mapping.object_name))
    for end, iri, label in ends:
        if not iri.startswith(TERM):
            continue
        term = terms.by_iri.get(iri)
        if term is None:
            near = [t.iri for t in terms.by_vocabulary.get(vocabulary_of(iri), ()) if t.label == label]
            step = f"use {listed(near)}" if near else "correct the slug, or add the term to its vocabulary"
            yield _finding("no-such-term", says, f"there is no term {short(iri)}", step, f"{end}_id")
        elif label and not _goes_by(term, label):
            text = f"{short(iri)} does not go by {label!r} but by {term.label!r}"
            yield _finding(
                "label", says, text, "correct the label, or the term that is meant", f"{end}_label"
            )


def _goes_by(term: Term, label: str) -> bool:
    return label.casefold() in {known.casefold() for known in term.labels}


def _identifiers(claims: Iterable[Claim]) -> Iterator[Finding]:
    for record, count in Counter(says.record for says in claims if says.record).items():
        if count > 1:
            text = f"{count} records share one identifier"
            yield Finding("identifier", "error", text, "give each its own", (record,), short(record))


def _repeated(mappings: Iterable[SemanticMapping], claims: Iterable[Claim]) -> Iterator[Finding]:
    said: dict[tuple[str, ...], list[Claim]] = defaultdict(list)
    for mapping, says in zip(mappings, claims, strict=True):
        said[sets.claim_key(mapping)].append(says)
    for same in said.values():
        if len(same) > 1:
            records = tuple(says.record or says.subject for says in same)
            text = f"{len(same)} records claim the same"
            yield Finding(
                "repeated", "warning", text, "run isogloss mappings dedupe", records, listed(records)
            )


def _cardinality(pairs: Iterable[tuple[SemanticMapping, Claim]]) -> Iterator[Finding]:
    """One term, two exact counterparts in one vocabulary; or a cardinality stated that does not hold."""
    exact: dict[tuple[str, str], set[str]] = defaultdict(set)
    live = [(mapping, says) for mapping, says in pairs if says.joins and says.predicate == "exactMatch"]
    for _, says in live:
        exact[says.subject, vocabulary_of(says.object)].add(says.object)
        exact[says.object, vocabulary_of(says.subject)].add(says.subject)
    for (term, vocabulary), others in sorted(exact.items()):
        if len(others) > 1:
            text = f"{short(term)} is called the same as {len(others)} terms of {vocabulary}"
            about = (term, *sorted(others))
            yield Finding("cardinality", "error", text, _CARDINALITY, about, listed(about))
    for mapping, says in live:
        forth = len(exact[says.subject, vocabulary_of(says.object)])
        back = len(exact[says.object, vocabulary_of(says.subject)])
        holds = f"{'1' if back == 1 else 'n'}:{'1' if forth == 1 else 'n'}"
        if mapping.cardinality not in {None, holds}:
            text = f"the record says {mapping.cardinality}, the set {holds}"
            yield _finding(
                "cardinality", says, text, f"write {holds}, or leave it out", "mapping_cardinality"
            )
