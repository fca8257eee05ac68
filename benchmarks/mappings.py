"""Mapping sets here and under sssom-py: parse, validate, merge; checks and suggestions of ours alone.

    python benchmarks/mappings.py [--records 20000] [--terms 500] [--rounds 3] [--sssom PYTHON]

`--sssom` is a Python that has sssom-py installed; without it, that side is left out. Each side runs in a
process of its own and the two take turns. The figure is the median over the rounds, in seconds of the
processor (so that what else the machine does counts for little), reading included as a user meets it.
"""

from __future__ import annotations

import argparse
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from isogloss.mappings import sets
from isogloss.mappings.check import check
from isogloss.mappings.claims import with_status
from isogloss.mappings.encoders import shipped_encoder
from isogloss.mappings.suggest import suggest
from isogloss.mappings.terms import TERM, Term, Terms

THEIRS = """
import sys, time
from sssom.parsers import parse_sssom_table
from sssom.util import merge_msdf
from sssom.validators import validate
step, one, other = sys.argv[1:]
start = time.process_time()
first = parse_sssom_table(one)
if step == "validate":
    validate(first, fail_on_error=False)
if step == "merge":
    merge_msdf(first, parse_sssom_table(other), reconcile=False)
print(time.process_time() - start)
"""
OURS = """
import sys, time
from pathlib import Path
from isogloss.mappings import sets
from isogloss.mappings.validate import validate
step, one, other = sys.argv[1:]
start = time.process_time()
first = sets.read(Path(one))
if step == "validate":
    validate(first)
if step == "merge":
    sets.merge([first, sets.read(Path(other))])
print(time.process_time() - start)
"""
WORDS = [
    "model", "data", "risk", "system", "agent", "bias", "trust", "test", "label", "robust", "key", "node",
    "quantum", "network", "policy", "user", "safety", "harm", "source", "neural", "token", "prompt", "audit",
]  # fmt: skip


def main() -> None:
    """Run all and print a table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--records", type=int, default=20_000)
    parser.add_argument("--terms", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--sssom")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        one, other = (
            _made(Path(folder) / name, given.records, shift) for name, shift in (("1", 0), ("2", 7))
        )
        for step in ("parse", "validate", "merge"):
            _side_by_side(step, one, other, given.rounds, given.sssom)
        claims = sets.read(one).claims
    terms = _terms(given.terms)
    _ours("check", given.rounds, lambda: check(claims, terms))
    _ours("suggest, no embeddings", given.rounds, lambda: suggest(terms, ("v0", "v1")))
    encoder = shipped_encoder()
    if encoder is not None:
        _ours("suggest, embeddings", 1, lambda: suggest(terms, ("v0", "v1"), encoder=encoder))


def _made(path: Path, records: int, shift: int) -> Path:
    """A chain of vocabularies of a thousand terms each, mapped one to the next."""
    count = records // 1000 + 1
    converter = sets.converter_for(f"v{number}" for number in range(count + 1))
    head = "subject_id\tpredicate_id\tobject_id\tmapping_justification\tconfidence\n"
    rows = "".join(
        f"v{n // 1000}:t{n % 1000}\tskos:exactMatch\tv{n // 1000 + 1}:t{(n + shift) % 1000}"
        "\tsemapv:LexicalMatching\t0.95\n"
        for n in range(records)
    )
    prefixes = "".join(f"#  {prefix}: {iri}\n" for prefix, iri in converter.bimap.items())
    about = f"#mapping_set_id: https://example.org/{path.name}\n#license: {sets.CC0}\n"
    path = path.with_suffix(".sssom.tsv")
    path.write_text(f"#curie_map:\n{prefixes}{about}{head}{rows}", encoding="utf-8")
    read = sets.read(path)
    marked = tuple(with_status(mapping, "proposed") for mapping in read.mappings)
    sets.write(sets.Alignment(marked, read.converter, sets.about(path.stem, path.stem)), path)
    return path


def _terms(count: int) -> Terms:
    size = len(WORDS)
    return Terms(
        tuple(
            Term(f"{TERM}v{v}/t{n}", f"v{v}", (f"{WORDS[n % size]} {WORDS[(n // size + v) % size]} {n % 7}",))
            for v in range(2)
            for n in range(count)
        )
    )


def _side_by_side(step: str, one: Path, other: Path, rounds: int, theirs: str | None) -> None:
    sides = {"isogloss": (sys.executable, OURS)} | ({"sssom-py": (theirs, THEIRS)} if theirs else {})
    found: dict[str, list[float]] = {name: [] for name in sides}
    for _ in range(rounds):
        for name, (python, script) in sides.items():
            command = [python, "-W", "ignore", "-c", script, step, str(one), str(other)]
            done = subprocess.run(command, capture_output=True, text=True, check=True)
            found[name].append(float(done.stdout.split()[-1]))
    print(
        f"{step:24}",
        *(f"{name} {statistics.median(times):6.2f} s" for name, times in found.items()),
        sep="  ",
    )


def _ours(step: str, rounds: int, work: Callable[[], object]) -> None:
    times = []
    for _ in range(rounds):
        start = time.process_time()
        work()
        times.append(time.process_time() - start)
    print(f"{step:24}  isogloss {statistics.median(times):6.2f} s")


if __name__ == "__main__":
    main()
