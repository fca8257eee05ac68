"""The documents are true: every command in them runs, and every setting is told."""

import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from pyoxigraph import Store

from isogloss.graph.solutions import solutions
from isogloss.ontology import names
from isogloss.settings import Settings

HOUSE = Path(__file__).parents[2]
DOCUMENTS = [HOUSE / "README.md", *sorted((HOUSE / "docs").glob("*.md"))]
# What sets up or tests the whole clone; CI runs these words themselves.
BY_CI = {"make serve", "make test"}
SERVED_AT = "http://127.0.0.1:8000"


@dataclass(frozen=True)
class Command:
    """One `$ ` command of a document, and the lines of its answer that the document shows."""

    document: str
    text: str
    shows: tuple[str, ...]


def commands() -> list[Command]:
    found = []
    for path in DOCUMENTS:
        for block in re.findall(r"^```console\n(.*?)^```", path.read_text(encoding="utf-8"), re.S | re.M):
            for part in re.split(r"^\$ ", block, flags=re.M)[1:]:
                text, shows = split(part)
                found.append(Command(path.name, text, shows))
    return found


def split(part: str) -> tuple[str, tuple[str, ...]]:
    """The command with its continuation (a quote or a here-document that is still open), and what follows."""
    lines = part.rstrip("\n").split("\n")
    end = 1
    here = re.search(r"<<'(\w+)'", lines[0])
    while end < len(lines) and (
        (here and here[1] not in lines[1:end]) or (not here and "\n".join(lines[:end]).count("'") % 2)
    ):
        end += 1
    return "\n".join(lines[:end]), tuple(line for line in lines[end:] if line.strip("… "))


ALL = commands()


def test_the_documents_hold_commands_and_the_readme_is_short() -> None:
    assert {command.document for command in ALL} >= {
        "README.md",
        "researcher.md",
        "linked-data.md",
        "operator.md",
    }
    assert len((HOUSE / "README.md").read_text(encoding="utf-8").splitlines()) < 150


def test_what_a_test_cannot_run_from_within_is_run_by_ci() -> None:
    script = (HOUSE / ".ci" / "run").read_text(encoding="utf-8")
    assert all(re.search(rf"^\s*{command}\b", script, re.M) for command in BY_CI)


@pytest.mark.parametrize(
    "command",
    [pytest.param(c, id=f"{c.document}: {c.text.splitlines()[0][:60]}") for c in ALL if c.text not in BY_CI],
)
def test_a_command_of_a_document_runs_and_shows_what_the_document_shows(
    command: Command, served_at: str, state: Path, tmp_path: Path
) -> None:
    environment = os.environ | {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        # A build of a document goes into a state of its own; the shared one serves.
        "ISOGLOSS_STATE": str(tmp_path / "state" if "isogloss build" in command.text else state),
    }
    text = command.text.replace(SERVED_AT, served_at)
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", text],
        check=False,
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    missing = [line for line in command.shows if line.strip() not in done.stdout]
    assert not missing, done.stdout


def test_every_setting_is_told_to_the_operator() -> None:
    text = (HOUSE / "docs" / "operator.md").read_text(encoding="utf-8")
    assert [n for n in Settings.model_fields if f"`ISOGLOSS_{n.upper()}`" not in text] == []


def test_what_the_readme_counts_is_there(store: Store) -> None:
    """Each `over N` and plain count of the README holds for the shipped graph."""
    counted = {
        "132 sections": "?x a ig:Section",
        "over 230 bodies": "?x a ig:Body . GRAPH graph:report-2025 { ?x a ?c }",
        "over 2,000 statements": "?x a ig:Statement",
        "over 1,800 standards": "?x a ig:Publication . GRAPH graph:catalogue { ?x ?p ?o }",
        "more than 50 publishing bodies": "?y ig:publishedBy ?x . GRAPH graph:catalogue { ?y a ?c }",
        "over 3,000 terms": "?x a ig:Term . GRAPH graph:glossary { ?x a ?c }",
        "more than 100 vocabularies": "?x a ig:Vocabulary . GRAPH graph:glossary { ?x a ?c }",
        "over 1,300 alignments": "?x a ig:Mapping",
    }
    readme = " ".join((HOUSE / "README.md").read_text(encoding="utf-8").split())
    graphs = f"PREFIX graph: <{names.graph('')}>"
    for claim, pattern in counted.items():
        assert claim in readme
        found = solutions(store, f"{graphs} SELECT DISTINCT ?x {{ {pattern} }}")
        number = int(re.sub(r"\D", "", claim))
        count = len(list(found))
        assert count == number if claim[0].isdigit() else count > number, (claim, count)
