"""Candidate mappings between two vocabularies, each with predicate, confidence, justification, evidence."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import as_file, files
from pathlib import Path

import numpy as np
from curies import Converter, NamableReference, Reference
from sssom_pydantic import MappingTool, SemanticMapping

from isogloss.ontology import names

from .claims import Claim, with_status
from .encoders import Encoder
from .features import Features, Neighbours
from .model import Model, load
from .terms import Term, Terms
from .text import stems

# Words that name the field and not a kind within it: "AI deployer" is no narrower than "deployer".
_NEUTRAL = frozenset(stems("AI artificial intelligence system stage"))
TOOL = MappingTool(reference=None, name="isogloss mappings suggest", version=None)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A candidate. `evidence` are the features' figures; `justification` is a SEMAPV process's local name."""

    subject: Term
    predicate: str
    object: Term
    confidence: float
    justification: str
    evidence: Mapping[str, float]

    def told(self) -> str:
        """The evidence in words, strongest first, six figures at most."""
        seen = sorted(self.evidence.items(), key=lambda item: -item[1])[:6]
        return ", ".join(f"{name.replace('_', ' ')} {value:.2f}" for name, value in seen if value >= 0.3)


def shipped_model(features: Sequence[str]) -> Model:
    """The model learnt from the published alignments, for these features."""
    with as_file(files("isogloss.mappings") / "model.json") as path:
        return load(Path(path), features)


@dataclass(frozen=True, slots=True)
class Wanted:
    """At most `most` candidates a term, none less sure than `least`."""

    most: int = 5
    least: float = 0.1


def suggest(
    terms: Terms,
    pair: tuple[str, str],
    claims: Iterable[Claim] = (),
    encoder: Encoder | None = None,
    wanted: Wanted = Wanted(),
) -> list[Suggestion]:
    """Candidates in the second vocabulary of the pair for each term of the first.

    `claims` are the mappings there are; those between the two vocabularies are not looked at.
    Errors: NotFound where a vocabulary is not known.
    """
    subjects, objects = terms.of(pair[0]), terms.of(pair[1])
    features = Features(terms, Neighbours.from_claims(claims), encoder)
    model = shipped_model(features.names)
    found: list[Suggestion] = []
    for subject, figures in zip(subjects, features.of(subjects, objects), strict=True):
        scores = model.scores(figures)
        sure = model.confidences(figures, scores)
        for place in np.argsort(-scores, kind="stable")[: wanted.most]:
            if sure[place] >= wanted.least and objects[place].iri != subject.iri:
                evidence = dict(zip(features.names, map(float, figures[place]), strict=True))
                found.append(_suggestion(subject, objects[place], float(sure[place]), evidence))
    return found


def _suggestion(
    subject: Term, candidate: Term, confidence: float, evidence: Mapping[str, float]
) -> Suggestion:
    predicate = predicate_between(subject, candidate, evidence)
    return Suggestion(subject, predicate, candidate, confidence, _justification(evidence), evidence)


def predicate_between(subject: Term, candidate: Term, evidence: Mapping[str, float]) -> str:
    """The relation that the labels speak for: the same form, one more specific than the other, or near."""
    if evidence["same_form"] == 1:
        return "exactMatch"
    one, other = set(stems(subject.label)), set(stems(candidate.label))
    if evidence["same_form"] > 0 or one - _NEUTRAL == other - _NEUTRAL:
        return "closeMatch"
    heads = (stems(subject.label) or ("",))[-1] == (stems(candidate.label) or ("",))[-1]
    if heads and one > other:
        return "broadMatch"
    if heads and one < other:
        return "narrowMatch"
    return "closeMatch" if max(evidence["words"], evidence["best_form"]) >= 0.75 else "relatedMatch"


def _justification(evidence: Mapping[str, float]) -> str:
    if evidence["same_form"] > 0:
        return "LexicalMatching"
    if max(evidence["words"], evidence["best_form"]) >= 0.75:
        return "LexicalSimilarityThresholdMatching"
    if evidence["neighbours"] > evidence["words"]:
        return "StructuralMatching"
    if evidence.get("meaning", 0.0) > evidence["words"]:
        return "SemanticSimilarityThresholdMatching"
    return "CompositeMatching"


def to_mapping(suggestion: Suggestion, converter: Converter) -> SemanticMapping:
    """The suggestion as a proposed SSSOM record."""
    subject, candidate = suggestion.subject, suggestion.object
    slug = record_slug(subject.iri, suggestion.predicate, candidate.iri)
    record = SemanticMapping(
        subject=converter.parse_uri(subject.iri, strict=True).to_pydantic(name=subject.label),
        predicate=NamableReference.from_curie(f"skos:{suggestion.predicate}"),
        object=converter.parse_uri(candidate.iri, strict=True).to_pydantic(name=candidate.label),
        justification=Reference.from_curie(f"semapv:{suggestion.justification}"),
        confidence=round(suggestion.confidence, 3),
        mapping_tool=TOOL,
        subject_source=Reference.from_curie(f"vocabulary:{subject.vocabulary}"),
        object_source=Reference.from_curie(f"vocabulary:{candidate.vocabulary}"),
        record=Reference.from_curie(f"mapping:{slug}"),
        comment=f"Evidence: {suggestion.told()}.",
    )
    return with_status(record, "proposed")


def record_slug(subject: str, predicate: str, other: str, negated: bool = False) -> str:
    """The slug of a record, made once from what it first claims; ends are IRIs."""
    relation = predicate.removesuffix("Match") + ("-not" if negated else "")
    ends = [iri.removeprefix(names.BASE).removeprefix("id/term/") for iri in (subject, other)]
    return names.slug(f"{ends[0]} {relation} {ends[1]}")
