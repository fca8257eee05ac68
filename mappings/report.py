"""The figures of an evaluation as a table for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .evaluate import Figures, Judged, Keep, equal_labels, everything, figures, unlike_labels

_GROUPS = (("all", everything), ("unlike labels", unlike_labels), ("equal labels", equal_labels))
_COLUMNS = ("r@1", "r@5", "r@10", "prec", "prec>.9", "(n)", "calib", "recall", "predicate")
_WIDTHS = (7, 7, 7, 7, 8, 7, 7, 7, 10)
_HEAD = " ".join([f"{'':26} {'n':>5}", *(f"{c:>{w}}" for c, w in zip(_COLUMNS, _WIDTHS, strict=True))])


@dataclass(frozen=True, slots=True)
class Report:
    """What each method reaches; the first is ours. `left_out` counts the rows that could not be judged."""

    judged: Mapping[str, Sequence[Judged]]
    left_out: int = 0

    def text(self, details: bool = False) -> str:
        """Methods over all alignments, by unlike and equal labels; with `details` by predicate and pair."""
        return "\n".join(self._lines(details))

    def _lines(self, details: bool) -> Iterator[str]:
        if self.left_out:
            yield f"{self.left_out} alignments left out: an end is not among the terms"
        yield _HEAD
        for name, keep in _GROUPS:
            yield f"{name}:"
            for method, judged in self.judged.items():
                yield _row(f"  {method}", figures(judged, keep))
        if details:
            ours = next(iter(self.judged.values()))
            yield "by predicate:"
            for predicate in sorted({told for case in ours for told in case.published.values()}):
                yield _row(f"  {predicate}", figures(ours, _of_predicate(predicate)))
            yield "by pair:"
            for pair in sorted({case.pair for case in ours}):
                yield f"  {pair[0]} > {pair[1]}"
                yield _row("", figures([case for case in ours if case.pair == pair]))


def _of_predicate(predicate: str) -> Keep:
    return lambda judged, iri: judged.published[iri] == predicate


def _row(name: str, found: Figures) -> str:
    recalls = " ".join(f"{value:7.3f}" for value in found.recall_at.values())
    sure = f"{found.precision:7.3f} {found.sure_precision:8.3f} {found.sure_count:7}"
    rest = f"{found.calibration_error:7.3f} {found.recall:7.3f} {found.predicate_right:10.3f}"
    return f"{name:26} {found.alignments:5} {recalls} {sure} {rest}"
