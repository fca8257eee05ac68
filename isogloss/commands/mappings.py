"""`isogloss mappings`: suggest, judge and keep the alignments between vocabularies."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import Annotated

import typer
from pyoxigraph import Store

from isogloss.errors import MappingError, SnapshotError
from isogloss.graph.judging import change_files, standing
from isogloss.graph.mapping_quads import serialised
from isogloss.graph.mapping_terms import terms_of
from isogloss.graph.snapshot import current
from isogloss.graph.sources import shipped_sets
from isogloss.mappings import evaluate as judging
from isogloss.mappings import sets
from isogloss.mappings.check import check as check_claims
from isogloss.mappings.claims import Claim
from isogloss.mappings.diff import diff as differences
from isogloss.mappings.encoders import shipped_encoder
from isogloss.mappings.features import MEANING, WORDS
from isogloss.mappings.findings import Finding
from isogloss.mappings.model import save
from isogloss.mappings.report import Report
from isogloss.mappings.suggest import Wanted, shipped_model, to_mapping
from isogloss.mappings.suggest import suggest as candidates
from isogloss.mappings.terms import Terms, read_terms
from isogloss.mappings.validate import validate_file

from .options import StateOption, progress, read_settings
from .reviewing import export, review

mappings = typer.Typer(help="Suggest, judge and keep mappings between terms (SSSOM).", no_args_is_help=True)
mappings.command()(review)
mappings.command()(export)

Files = Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, help="SSSOM TSV or JSON.")]
SomeFiles = Annotated[
    list[Path] | None,
    typer.Argument(
        exists=True, help="SSSOM files or folders of them; else the shipped sets and the state's."
    ),
]
OneFile = Annotated[Path, typer.Argument(exists=True, dir_okay=False, help="SSSOM TSV or JSON.")]
Output = Annotated[Path | None, typer.Option("--output", "-o", help="Where to write; else standard output.")]
TermsOption = Annotated[
    Path | None,
    typer.Option(
        "--terms", exists=True, help="A table of terms (vocabulary, term, ...) instead of the state's."
    ),
]
DefinitionsOption = Annotated[
    Path | None, typer.Option("--definitions", exists=True, help="Definitions of those terms (JSON Lines).")
]
Embeddings = Annotated[
    bool | None,
    typer.Option("--embeddings/--no-embeddings", help="Sentence embeddings; used if installed and not told."),
]


@mappings.command()
def suggest(  # noqa: PLR0913, PLR0917 - options of a command
    one: Annotated[str, typer.Option("--from", help="The vocabulary whose terms are to be mapped.")],
    other: Annotated[str, typer.Option("--to", help="The vocabulary to find counterparts in.")],
    most: Annotated[int, typer.Option(min=1, help="At most so many candidates a term.")] = 3,
    least: Annotated[float, typer.Option(min=0.0, max=1.0, help="None less sure than this.")] = 0.2,
    terms: TermsOption = None,
    definitions: DefinitionsOption = None,
    embeddings: Embeddings = None,
    state: StateOption = None,
    output: Output = None,
) -> None:
    """Propose mappings between two vocabularies, each with confidence, justification and evidence."""
    known = _terms(state, terms, definitions)
    pair = known.vocabulary(one), known.vocabulary(other)
    if pair[0] == pair[1]:
        raise typer.BadParameter(f"both are {pair[0]}: mappings join two vocabularies", param_hint="--to")
    with progress() as on_step:
        on_step("ranking candidates")
        encoder = shipped_encoder(embeddings)
        found = candidates(known, pair, _claims(_shipped()), encoder, Wanted(most, least))
    converter = sets.converter_for(pair)
    about = sets.about("--".join(pair), f"Suggested: {' to '.join(pair)}")
    _write(
        sets.to_text(sets.Alignment(tuple(to_mapping(s, converter) for s in found), converter, about)), output
    )


@mappings.command()
def validate(
    files: SomeFiles = None,
    ends: Annotated[bool, typer.Option(help="Look whether subjects and objects exist.")] = True,
    terms: TermsOption = None,
    state: StateOption = None,
) -> None:
    """Say everything that is wrong in mapping sets: schema, CURIEs, ends, predicates, cardinality."""
    known = _terms(state, terms) if ends else None
    paths = _paths(files) + ([] if files else list(change_files(read_settings(state=state).state)))
    found = [(path, finding) for path in paths for finding in validate_file(path, known)]
    for path, finding in found:
        print(f"{path.name}{finding.place}: {finding}")
    errors = sum(finding.weight == "error" for _, finding in found)
    print(f"{len(paths)} files, {errors} errors, {len(found) - errors} warnings", file=sys.stderr)
    if errors:
        raise typer.Exit(1)


@mappings.command()
def check(  # noqa: PLR0913, PLR0917 - options of a command
    files: SomeFiles = None,
    notes: Annotated[
        bool, typer.Option(help="Homonyms, unlike labels and terms without a mapping as well.")
    ] = False,
    strict: Annotated[bool, typer.Option(help="End with 1 where there is an error.")] = False,
    low: Annotated[
        float, typer.Option(min=0.0, max=1.0, help="A chain less likely than this is told.")
    ] = 0.5,
    terms: TermsOption = None,
    state: StateOption = None,
) -> None:
    """Read mapping sets as a whole: contradictions, merged terms, weak chains, ended editions."""
    found = check_claims(_claims(_given(files, state)), _terms(state, terms), low)
    _tell(finding for finding in found if notes or finding.weight != "note")
    counts = Counter(f"{finding.weight} {finding.kind}" for finding in found)
    print(
        ", ".join(f"{count} {kind}" for kind, count in sorted(counts.items())) or "nothing", file=sys.stderr
    )
    if strict and any(finding.weight == "error" for finding in found):
        raise typer.Exit(1)


@mappings.command()
def merge(files: Files, output: Output = None) -> None:
    """Make one set out of several; of records that claim the same, the one of better standing stays."""
    _write(sets.to_text(sets.merge(map(sets.read, files))), output)


@mappings.command()
def dedupe(file: OneFile, output: Output = None) -> None:
    """Keep one of the records that claim the same."""
    read = sets.read(file)
    kept = sets.dedupe(read.mappings)
    _write(sets.to_text(sets.Alignment(tuple(kept), read.converter, read.about)), output)
    print(f"{len(read.mappings) - len(kept)} of {len(read.mappings)} records left out", file=sys.stderr)


@mappings.command()
def diff(old: OneFile, new: OneFile) -> None:
    """Say in words what changed from one set to the other."""
    for line in differences(sets.read(old), sets.read(new)):
        print(line)


@mappings.command()
def convert(
    file: OneFile,
    to: Annotated[str, typer.Option(help="tsv, json, csv, ttl or nq.")] = "json",
    output: Output = None,
) -> None:
    """Write a set in another format; ttl and nq hold the records as the graph has them."""
    read = sets.read(file)
    writers: dict[str, Callable[[sets.Alignment], str]] = {
        "tsv": sets.to_text,
        "json": sets.to_json,
        "csv": sets.to_csv,
        "ttl": partial(serialised, ending="ttl"),
        "nq": partial(serialised, ending="nq"),
    }
    if to not in writers:
        raise typer.BadParameter(f"{to!r} is none of {', '.join(writers)}", param_hint="--to")
    _write(writers[to](read), output)


@mappings.command()
def evaluate(  # noqa: PLR0913, PLR0917 - options of a command
    gold: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, help="Published alignments: SSSOM or CSV.")
    ],
    terms: TermsOption = None,
    definitions: DefinitionsOption = None,
    embeddings: Embeddings = None,
    shipped: Annotated[
        bool,
        typer.Option("--shipped", help="Judge the shipped model, by alignments that it did not learn from."),
    ] = False,
    details: Annotated[bool, typer.Option(help="Figures by pair of vocabularies and by predicate.")] = False,
    learn: Annotated[
        Path | None, typer.Option(help="Learn from all of these and write the model here.")
    ] = None,
    state: StateOption = None,
) -> None:
    """Judge the suggestions by published alignments, cross-validated, beside plain baselines."""
    known = _terms(state, terms, definitions)
    read = judging.read_gold(gold, known)
    context = _claims(_shipped())
    if learn is not None:
        models = {"words": judging.learn(read, known, context)}
        models["meaning"] = judging.learn(read, known, context, shipped_encoder(True))
        save(models, learn)
        return
    with progress() as on_step:
        on_step("ranking and judging")
        encoder = shipped_encoder(embeddings)
        model = shipped_model(WORDS if encoder is None else MEANING) if shipped else None
        judged = judging.evaluate(read, known, context, encoder, model)
    print(Report(judged, len(read.left_out)).text(details))


def _terms(state: Path | None, table: Path | None, definitions: Path | None = None) -> Terms:
    if table is not None:
        return read_terms(table, definitions)
    try:
        snapshot = current(read_settings(state=state).state)
    except SnapshotError as error:
        raise MappingError(f"{error}; or give a table of terms with --terms") from error
    return terms_of(Store.read_only(str(snapshot.store)))


def _paths(files: list[Path] | None) -> list[Path]:
    given = files or [shipped_sets()]
    return [p for path in given for p in (sorted(path.glob(f"*{sets.ENDING}")) if path.is_dir() else [path])]


def _given(files: list[Path] | None, state: Path | None) -> Iterable[sets.Alignment]:
    """The sets of the files; without any, those that ship as they stand after the reviews in the state."""
    if files:
        return map(sets.read, _paths(files))
    return standing(shipped_sets(), change_files(read_settings(state=state).state)).sets


def _shipped() -> Iterable[sets.Alignment]:
    return map(sets.read, _paths(None))


def _claims(alignments: Iterable[sets.Alignment]) -> list[Claim]:
    return [claim for alignment in alignments for claim in alignment.claims]


def _tell(findings: Iterable[Finding]) -> None:
    for finding in findings:
        print(finding)


def _write(text: str, output: Path | None) -> None:
    if output is None:
        sys.stdout.write(text)
    else:
        output.write_text(text, encoding="utf-8", newline="\n")
