"""`isogloss load relaton`: bibliographic records into the state."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from isogloss.graph.readers.relaton import Refusal
from isogloss.graph.works.loading import OnProgress, Report
from isogloss.graph.works.loading import load as run_load

from ..options import StateOption, progress, read_settings

_SHOWN = 20  # refusals that are named one by one; `--refused` writes all of them


class Selection(StrEnum):
    """Which records to keep."""

    AI = "ai"
    ALL = "all"


SELECTIONS = {Selection.AI: "isogloss.graph.selection:select", Selection.ALL: ""}

PathsArgument = Annotated[
    list[Path],
    typer.Argument(exists=True, help="Archives (.tar.gz, .tar.xz, .zip), YAML files, or folders of either."),
]
SelectOption = Annotated[
    Selection, typer.Option("--select", help="ai: what the rules find to be about AI; all: everything.")
]
WorkersOption = Annotated[int, typer.Option("--workers", min=0, help="Processes; 0: one a core.")]
RefusedOption = Annotated[
    Path | None, typer.Option("--refused", help="Write every refused record and why to this file (TSV).")
]


def relaton(
    paths: PathsArgument,
    select: SelectOption = Selection.AI,
    state: StateOption = None,
    workers: WorkersOption = 0,
    refused: RefusedOption = None,
) -> None:
    """Load records in Relaton YAML; `isogloss build` then takes them in."""
    folder = read_settings(state=state).state
    with _counting() as on_progress:
        report = run_load(folder, paths, select=SELECTIONS[select], workers=workers, on_progress=on_progress)
    if refused:
        write_refused(refused, report.refused)
    print(*told(report), sep="\n")


def write_refused(path: Path, refused: Iterable[Refusal]) -> None:
    """A table of what was refused and why (TSV)."""
    lines = (f"{one.archive}\t{one.path}\t{one.reason}\n" for one in refused)
    path.write_text("archive\tpath\treason\n" + "".join(lines), encoding="utf-8")


@contextmanager
def _counting() -> Iterator[OnProgress]:
    with progress() as on_step:
        yield lambda archive, count: on_step(f"{archive}: {count} files read")


def told(report: Report) -> Iterator[str]:
    """What a load did, line by line."""
    left = f", left {report.left} that no rule selects" if report.left else ""
    yield f"read {report.read}: kept {report.kept}, refused {len(report.refused)}{left}"
    yield f"  new {report.new}, changed {report.changed}, gone upstream and kept {report.gone}"
    if report.passed:
        yield f"  passed over {report.passed} that are no publications"
    yield f"  {report.merged} kept records tell of a document that another record tells of as well"
    for reason, count in report.reasons.most_common():
        yield f"  refused {count}: {reason}"
    for one in report.refused[:_SHOWN]:
        yield f"    {one.archive}:{one.path}: {one.reason}"
    if len(report.refused) > _SHOWN:
        yield f"    and {len(report.refused) - _SHOWN} more; --refused FILE names them all"
