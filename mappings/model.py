"""Which of the candidates is meant, and how sure that is: a ranking and a calibration, both few numbers."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path

import numpy as np

from isogloss.errors import MappingError

from .similarity import Matrix

_RANK_PENALTY = 0.2  # on the squares of the weights (L2), so that figures that say the same share the weight
_LEARNT_FROM = 12  # candidates of a case that are learnt from: the others are told apart by any weights
_ABSENT_WEIGHT = 0.03  # how much a case without a counterpart counts beside one that has one
_CONFIDENCE_PENALTY = 0.001  # the same for the confidence, which has few weights
_STEPS = 40
_LEAST_SCALE = 0.01  # a figure that hardly varies must not be blown up


@dataclass(frozen=True, slots=True)
class Case:
    """One term and its candidates: `features` candidates × features, `right` marks those that hold."""

    features: Matrix
    right: Matrix


@dataclass(frozen=True, slots=True)
class Model:
    """`rank` orders candidates (a conditional logit), `sure` turns the order's figures into a confidence."""

    features: tuple[str, ...]
    mean: tuple[float, ...]
    scale: tuple[float, ...]
    rank: tuple[float, ...]
    sure: tuple[float, ...]

    def scores(self, features: Matrix) -> Matrix:
        """One figure a candidate, comparable within the candidates of one term."""
        return np.asarray(_standard(_relative(features), self.mean, self.scale) @ np.asarray(self.rank))

    def confidences(self, features: Matrix, scores: Matrix) -> Matrix:
        """The likelihood that each candidate is a published counterpart."""
        return _logistic(_evidence(features, scores) @ np.asarray(self.sure))


def fit(names: Sequence[str], cases: Sequence[Case]) -> Model:
    """Learn from cases; each counts the same, however many candidates it has.

    Errors: MappingError where no case has more than one candidate and one that holds.
    """
    usable = [case for case in cases if len(case.right) > 1 and case.right.any()]
    if not usable:
        raise MappingError("nothing to learn from: no term with a known counterpart among several candidates")
    close = [_close(case) for case in usable]
    rows = np.vstack([case.features for case in close])
    mean, scale = rows.mean(axis=0), np.maximum(rows.std(axis=0), _LEAST_SCALE)
    rank = _conditional_logit((rows - mean) / scale, close)
    draft = Model(tuple(names), tuple(mean), tuple(scale), tuple(rank), ())
    return replace(draft, sure=tuple(_calibrate(draft, usable)))


def _close(case: Case) -> Case:
    """The relative figures of those that hold and of the candidates that any figure speaks for."""
    rows = _relative(case.features)
    likely = np.argsort(-rows[:, case.features.shape[1] :].sum(axis=1), kind="stable")[:_LEARNT_FROM]
    kept = np.union1d(likely, np.flatnonzero(case.right))
    return Case(rows[kept], case.right[kept])


def _calibrate(draft: Model, cases: Sequence[Case]) -> Matrix:
    """From the ten likeliest candidates of each case, and of the same case with the right ones taken away.

    Published alignments tell nothing of terms that have no counterpart; those cases stand for them.
    """
    evidence, right, weights = [], [], []
    for case in cases:
        wrong = case.right == 0
        for kept, weight in ((np.ones_like(wrong), 1.0), (wrong, _ABSENT_WEIGHT)):
            if kept.any():
                features, holds = case.features[kept], case.right[kept]
                scores = draft.scores(features)
                likely = np.argsort(-scores)[:10]
                evidence.append(_evidence(features, scores)[likely])
                right.append(holds[likely])
                weights.append(np.full(len(likely), weight))
    return _logit(np.vstack(evidence), np.concatenate(right), np.concatenate(weights))


def save(models: Mapping[str, Model], path: Path) -> None:
    """Write the models as JSON, figures cut to six decimals."""
    told = {
        name: {
            key: [round(v, 6) if isinstance(v, float) else v for v in values]
            for key, values in asdict(m).items()
        }
        for name, m in models.items()
    }
    path.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


def load(path: Path, features: Sequence[str]) -> Model:
    """The model for these features. Errors: MappingError where the file has none."""
    for told in json.loads(path.read_text(encoding="utf-8")).values():
        model = Model(**{key: tuple(values) for key, values in told.items()})
        if model.features == tuple(features):
            return model
    raise MappingError(f"{path.name} has no model for {', '.join(features)}")


def _relative(features: Matrix) -> Matrix:
    """The figures themselves, and how far each stays behind the best candidate's."""
    return np.hstack([features, features - features.max(axis=0)])


def _evidence(features: Matrix, scores: Matrix) -> Matrix:
    """What the confidence rests on: the score, its share among the candidates, and the figures alone."""
    share = np.exp(scores - scores.max())
    share = np.log(share / share.sum())
    return np.column_stack([np.ones(len(scores)), scores, share, features])


def _standard(rows: Matrix, mean: Sequence[float], scale: Sequence[float]) -> Matrix:
    return np.asarray((rows - np.asarray(mean)) / np.asarray(scale))


def _logistic(values: Matrix) -> Matrix:
    return np.asarray(1 / (1 + np.exp(-np.clip(values, -30, 30))))


def _conditional_logit(rows: Matrix, cases: Sequence[Case]) -> Matrix:
    """Weights under which the candidates that hold are the likeliest of their term (L2)."""
    sizes = np.array([len(case.right) for case in cases])
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    target = np.concatenate([case.right / case.right.sum() for case in cases])

    def derivatives(weights: Matrix) -> tuple[Matrix, Matrix]:
        scores = rows @ weights
        share = np.exp(scores - np.repeat(np.maximum.reduceat(scores, starts), sizes))
        share /= np.repeat(np.add.reduceat(share, starts), sizes)
        shared = rows * share[:, None]
        means = np.add.reduceat(shared, starts)
        hessian = (rows.T @ shared - means.T @ means) / len(cases)
        return rows.T @ (share - target) / len(cases), hessian

    return _newton(derivatives, rows.shape[1], _RANK_PENALTY)


def _logit(rows: Matrix, right: Matrix, counts: Matrix) -> Matrix:
    """Weights of a logistic regression in which each row counts so much (L2)."""

    def derivatives(weights: Matrix) -> tuple[Matrix, Matrix]:
        likely = _logistic(rows @ weights)
        hessian = (rows * (counts * likely * (1 - likely))[:, None]).T @ rows / counts.sum()
        return rows.T @ (counts * (likely - right)) / counts.sum(), hessian

    return _newton(derivatives, rows.shape[1], _CONFIDENCE_PENALTY)


def _newton(derivatives: Callable[[Matrix], tuple[Matrix, Matrix]], size: int, penalty: float) -> Matrix:
    """Newton's method with steps of bounded length; `derivatives` gives gradient and Hessian."""
    weights = np.zeros(size)
    for _ in range(_STEPS):
        gradient, hessian = derivatives(weights)
        step = np.linalg.solve(hessian + penalty * np.eye(size), gradient + penalty * weights)
        longest = float(np.abs(step).max())
        weights = weights - step * min(1.0, 2.0 / max(longest, 1e-9))
        if longest < 1e-4:
            break
    return weights
