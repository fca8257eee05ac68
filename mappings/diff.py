"""What changed between two mapping sets, in words."""

from __future__ import annotations

from collections.abc import Iterator

from sssom_pydantic import SemanticMapping

from .claims import status_of
from .review import comment_of
from .sets import Alignment, claim_key

_WORDS = {
    "exactMatch": "means the same as",
    "closeMatch": "means nearly the same as",
    "broadMatch": "is narrower than",
    "narrowMatch": "is broader than",
    "relatedMatch": "is related to",
}
_ASIDE = {"subject", "predicate", "object", "predicate_modifier", "extensions"}


def diff(old: Alignment, new: Alignment) -> Iterator[str]:
    """A sentence for each record added, removed or changed; a new predicate is one removed, one added."""
    before = {claim_key(mapping): mapping for mapping in old.mappings}
    after = {claim_key(mapping): mapping for mapping in new.mappings}
    for key in sorted(before.keys() - after.keys()):
        yield f"removed: {in_words(before[key])}"
    for key in sorted(after.keys() - before.keys()):
        yield f"added: {in_words(after[key])} ({status_of(after[key])})"
    for key in sorted(before.keys() & after.keys()):
        changes = list(_changes(before[key], after[key]))
        if changes:
            yield f"changed: {in_words(after[key])}: {'; '.join(changes)}"


def in_words(mapping: SemanticMapping) -> str:
    """The claim as a sentence, with the CURIEs of both ends."""
    subject = f"{mapping.subject_name or mapping.subject.identifier} ({mapping.subject.curie})"
    said = _WORDS.get(mapping.predicate.identifier, mapping.predicate.curie)
    if mapping.object.curie == "sssom:NoTermFound":
        place = mapping.object_source.identifier if mapping.object_source else "the other vocabulary"
        return f"{subject} has no counterpart in {place}"
    other = f"{mapping.object_name or mapping.object.identifier} ({mapping.object.curie})"
    claim = f"{subject} {said} {other}"
    return f"it is denied that {claim}" if mapping.negated else claim


def _changes(old: SemanticMapping, new: SemanticMapping) -> Iterator[str]:
    if status_of(old) != status_of(new):
        yield f"from {status_of(old)} to {status_of(new)}"
    if comment_of(old) != comment_of(new):
        yield f"the reviewer says {comment_of(new) or 'nothing more'!r}"
    for slot in type(new).model_fields:
        one, other = getattr(old, slot), getattr(new, slot)
        if slot not in _ASIDE and one != other:
            yield f"{slot.replace('_', ' ')} from {_told(one)} to {_told(other)}"


def _told(value: object) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, list):
        return ", ".join(map(_told, value))
    return str(getattr(value, "curie", value))
