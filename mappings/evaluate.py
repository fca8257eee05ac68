"""How good the suggestions are, judged by published alignments, beside three plain baselines.

Nothing is judged by what it learnt from: pairs of vocabularies are dealt into folds, and the model that
ranks a fold has seen only the others. Mappings between two vocabularies are never looked at when those
two are being judged, in either direction.
"""

from __future__ import annotations

import csv
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from isogloss.errors import MappingError, NotFound, SourceError
from isogloss.repeated import refuse_repeated_columns

from . import sets
from .claims import Claim
from .encoders import Encoder
from .features import Features, Neighbours
from .model import Case, Model, fit
from .similarity import Matrix
from .suggest import predicate_between
from .terms import Term, Terms, vocabulary_of
from .text import normal

FOLDS = 10
BASELINES = {"exact label": "same_form", "rapidfuzz": "token_set", "TF-IDF": "words"}


@dataclass(frozen=True, slots=True)
class Gold:
    """The published alignments that can be judged; `left_out` says which rows could not, and why."""

    claims: tuple[Claim, ...]
    left_out: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Judged:
    """One term, the vocabulary it is mapped to, what is published for it, and how it was ranked."""

    subject: Term
    objects: tuple[Term, ...]
    published: dict[str, str]  # the object's IRI to the predicate
    scores: Matrix
    sure: Matrix
    features: Matrix

    @property
    def pair(self) -> tuple[str, str]:
        return self.subject.vocabulary, self.objects[0].vocabulary

    def place(self, iri: str) -> float:
        """From 0: how many candidates stand before this one, ties shared."""
        own = self.scores[[term.iri for term in self.objects].index(iri)]
        return float((self.scores > own).sum() + ((self.scores == own).sum() - 1) / 2)


def read_gold(path: Path, terms: Terms) -> Gold:
    """Published alignments from SSSOM, or from a table with the columns subject_vocab, subject_term,
    predicate, object_vocab and object_term.

    Errors: SourceError where the file is neither.
    """
    if path.name.endswith((".sssom.tsv", ".json")):
        live = [c for c in sets.read(path).claims if c.joins]
        known = [c for c in live if c.subject in terms.by_iri and c.object in terms.by_iri]
        return Gold(tuple(known), tuple(f"{c.subject} to {c.object}" for c in live if c not in known))
    found: dict[tuple[str, str], Claim] = {}
    left_out: list[str] = []
    for line, row in _rows(path):
        try:
            claim = _claim(row, terms)
        except NotFound as error:
            left_out.append(f"line {line}: {error}")
        else:
            found.setdefault((claim.subject, claim.object), claim)
    return Gold(tuple(found.values()), tuple(left_out))


def _rows(path: Path) -> Iterable[tuple[int, dict[str, str]]]:
    wanted = ("subject_vocab", "subject_term", "predicate", "object_vocab", "object_term")
    with path.open(encoding="utf-8-sig", newline="") as handle:
        reader = csv.DictReader(handle)
        refuse_repeated_columns(path, reader.fieldnames or ())
        missing = [name for name in wanted if name not in (reader.fieldnames or ())]
        if missing:
            raise SourceError(f"no column {', '.join(missing)}", file=path, line=1)
        yield from enumerate(reader, start=2)


def _claim(row: dict[str, str], terms: Terms) -> Claim:
    ends = [_end(row[f"{end}_vocab"], row[f"{end}_term"], terms) for end in ("subject", "object")]
    return Claim("", ends[0], row["predicate"].rpartition(":")[2], ends[1])


def _end(vocabulary: str, label: str, terms: Terms) -> str:
    """The term's IRI; of several vocabularies that go by the name, the first that has the term."""
    known = terms.called(vocabulary)
    for slug in sorted(known, key=lambda slug: (len(slug), slug)):
        if (term := terms.named(slug, label)) is not None:
            return term.iri
    what = f"{' or '.join(known)} has no term {label!r}" if known else f"no vocabulary is {vocabulary!r}"
    raise NotFound(what)


def evaluate(
    gold: Gold,
    terms: Terms,
    context: Iterable[Claim] = (),
    encoder: Encoder | None = None,
    model: Model | None = None,
) -> dict[str, list[Judged]]:
    """Every judged term under each method: ours (by `model`, else by cross-validation) and the baselines.

    `context` are mappings known besides. Errors: MappingError where there is nothing to judge.
    """
    cases = _cases(gold, terms, context, encoder)
    if not cases:
        raise MappingError("nothing to judge: no alignment has both ends among the terms")
    names = Features(Terms(()), Neighbours(), encoder).names
    found = {"isogloss": _cross_validated(cases, names) if model is None else [_by(model, c) for c in cases]}
    for method, feature in BASELINES.items():
        column = names.index(feature)
        found[method] = [_scored(case, case.features[:, column], case.features[:, column]) for case in cases]
    return found


def learn(gold: Gold, terms: Terms, context: Iterable[Claim] = (), encoder: Encoder | None = None) -> Model:
    """The model from all of the gold, for shipping; it must not be judged by the same gold.

    It learns from the terms as they are and once more without their texts, for states that hold none.
    """
    known = list(context)
    bare = Terms(tuple(replace(term, gloss="", definitions=()) for term in terms.all), terms.vocabularies)
    cases = [_case(judged) for each in (terms, bare) for judged in _cases(gold, each, known, encoder)]
    return fit(Features(Terms(()), Neighbours(), encoder).names, cases)


def _cases(gold: Gold, terms: Terms, context: Iterable[Claim], encoder: Encoder | None) -> list[Judged]:
    published: dict[tuple[str, str], dict[str, dict[str, str]]] = defaultdict(lambda: defaultdict(dict))
    for claim in gold.claims:
        pair = vocabulary_of(claim.subject), vocabulary_of(claim.object)
        published[pair][claim.subject][claim.object] = claim.predicate
    features = Features(terms, Neighbours.from_claims((*gold.claims, *context)), encoder)
    found: list[Judged] = []
    for (_, towards), of in sorted(published.items()):
        subjects, objects = [terms.by_iri[iri] for iri in of], terms.by_vocabulary[towards]
        for subject, figures in zip(subjects, features.of(subjects, objects), strict=True):
            nothing = np.zeros(len(objects))
            found.append(Judged(subject, objects, of[subject.iri], nothing, nothing, figures))
    return found


def _case(judged: Judged) -> Case:
    return Case(judged.features, np.array([float(term.iri in judged.published) for term in judged.objects]))


def _cross_validated(cases: Sequence[Judged], names: Sequence[str]) -> list[Judged]:
    folds = [_fold(case.pair) for case in cases]
    found: list[Judged] = []
    for fold in sorted(set(folds)):
        others = [_case(case) for case, its in zip(cases, folds, strict=True) if its != fold]
        model = fit(names, others)
        found += [_by(model, case) for case, its in zip(cases, folds, strict=True) if its == fold]
    return found


def _fold(pair: tuple[str, str]) -> int:
    """A pair and its reverse fall into one fold."""
    return zlib.crc32("|".join(sorted(pair)).encode()) % FOLDS


def _by(model: Model, case: Judged) -> Judged:
    scores = model.scores(case.features)
    return _scored(case, scores, model.confidences(case.features, scores))


def _scored(case: Judged, scores: Matrix, sure: Matrix) -> Judged:
    return Judged(case.subject, case.objects, case.published, scores, sure, case.features)


Keep = Callable[[Judged, str], bool]


def everything(_judged: Judged, _iri: str) -> bool:
    return True


def unlike_labels(judged: Judged, iri: str) -> bool:
    """Whether the published counterpart goes by another label."""
    return all(normal(t.label) != normal(judged.subject.label) for t in judged.objects if t.iri == iri)


def equal_labels(judged: Judged, iri: str) -> bool:
    return not unlike_labels(judged, iri)


@dataclass(frozen=True, slots=True)
class Figures:
    """What a method reaches over some of the alignments; precision and calibration are of top suggestions."""

    alignments: int
    recall_at: dict[int, float]
    precision: float
    sure_precision: float
    sure_count: int
    calibration_error: float
    recall: float
    predicate_right: float


def figures(judged: Sequence[Judged], keep: Keep = everything, sure: float = 0.9) -> Figures:
    """Recall among the first 1, 5 and 10; of the first: precision, precision where confidence is over
    `sure`, and the expected calibration error (ten bins); recall of the first where it is at least
    even odds; and how often a right first suggestion has the published predicate.
    """
    places = [case.place(iri) for case in judged for iri in case.published if keep(case, iri)]
    tops = [_top(case) for case in judged if any(keep(case, iri) for iri in case.published)]
    right = np.array([hit for hit, _, _ in tops], dtype=float)
    claimed = np.array([confidence for _, confidence, _ in tops], dtype=float)
    certain = claimed > sure
    predicates = [same for hit, _, same in tops if hit]
    return Figures(
        len(places),
        {k: _share([place < k for place in places]) for k in (1, 5, 10)},
        _share(right),
        _share(right[certain]),
        int(certain.sum()),
        calibration_error(claimed, right),
        float((right * (claimed >= 0.5)).sum() / max(len(places), 1)),
        _share(predicates),
    )


def _top(case: Judged) -> tuple[bool, float, bool]:
    best = int(np.argmax(case.scores))
    term = case.objects[best]
    evidence = dict(zip(Features(Terms(()), Neighbours(), None).names, case.features[best], strict=False))
    predicate = predicate_between(case.subject, term, evidence)
    return term.iri in case.published, float(case.sure[best]), case.published.get(term.iri) == predicate


def calibration_error(claimed: Matrix, right: Matrix, bins: int = 10) -> float:
    """How far, on average, the claimed likelihood is from the share that turned out right."""
    which = np.minimum((claimed * bins).astype(int), bins - 1)
    gaps = [
        (which == b).sum() * abs(claimed[which == b].mean() - right[which == b].mean())
        for b in range(bins)
        if (which == b).any()
    ]
    return float(sum(gaps) / max(len(right), 1))


def _share(hits: Sequence[object] | Matrix) -> float:
    return float(np.mean(np.asarray(hits, dtype=float))) if len(hits) else float("nan")
