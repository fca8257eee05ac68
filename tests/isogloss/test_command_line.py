"""The command line, run as a user runs it."""

import gzip
import os
import re
import signal
import subprocess
import sys
import time
from importlib.metadata import version
from pathlib import Path

import httpx
import pytest

from isogloss.settings import Settings

HELLO = """SELECT ?label {
  <https://w3id.org/isogloss/id/body/itu> <http://www.w3.org/2000/01/rdf-schema#label> ?label }"""


def isogloss(*arguments: str, state: Path, given: str = "") -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "isogloss", *arguments],
        check=False,
        input=given,
        capture_output=True,
        text=True,
        timeout=120,
        env=os.environ | {"ISOGLOSS_STATE": str(state), "COLUMNS": "200", "NO_COLOR": "1"},
    )


def test_it_tells_its_version_without_a_verb_or_a_state(tmp_path: Path) -> None:
    done = isogloss("--version", state=tmp_path)
    assert (done.returncode, done.stdout) == (0, f"isogloss {version('isogloss')}\n")
    assert not any(tmp_path.iterdir())


def test_a_check_of_the_facts_tells_what_ships_without_a_body_or_page(state: Path) -> None:
    done = isogloss("check", "--facts", state=state)
    assert done.returncode == 0, done.stderr
    assert re.search(
        r"shipped: \d+ publications have .* \d+ without a body, \d+ without a page and \d+ without a theme",
        done.stdout,
    )


def test_a_question_from_standard_input_is_answered_as_a_table(state: Path) -> None:
    done = isogloss("query", "-", state=state, given=HELLO)
    assert done.returncode == 0, done.stderr
    assert "International Telecommunication Union" in done.stdout
    assert done.stdout.endswith("1 row\n")


@pytest.mark.parametrize(
    ("form", "says"),
    [
        ("csv", "label\nInternational Telecommunication Union"),
        ("json", '"xml:lang":"en"'),
        ("xml", "<sparql"),
        ("tsv", "?label\n"),
    ],
)
def test_a_table_can_be_taken_away_in_other_formats(state: Path, form: str, says: str) -> None:
    done = isogloss("query", "-", "--format", form, state=state, given=HELLO)
    assert says in done.stdout


def test_a_description_comes_as_turtle(state: Path) -> None:
    done = isogloss(
        "query", "-", "--format", "ttl", state=state, given=HELLO.replace("SELECT ?label", "CONSTRUCT WHERE")
    )
    assert "International Telecommunication Union" in done.stdout


def test_a_fault_in_a_query_is_told_with_its_place_and_fails(state: Path) -> None:
    done = isogloss("query", "-", state=state, given="SELECT * {\n ?s ?p }")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "line 2" in done.stderr


@pytest.mark.parametrize(
    "arguments",
    [
        ("query", "no-such-question"),
        ("query", "opportunities-for-body", "--param", "body"),
        ("query", "opportunities-for-body", "--param", "body=not an iri"),
        ("query", "-", "--format", "docx"),
        ("serve", "--port", "70000"),
        ("frobnicate",),
    ],
)
def test_wrong_use_is_told_and_ends_with_two(state: Path, arguments: tuple[str, ...]) -> None:
    done = isogloss(*arguments, state=state)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize("given", ["127.0.0.1", '["127.0.0.1"', "[1]", '["no address"]', "1"])
def test_a_setting_that_cannot_be_read_is_named(
    given: str, state: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ISOGLOSS_TRUSTED_PROXIES", given)
    done = isogloss("serve", state=state)
    assert done.returncode == 2
    assert "ISOGLOSS_TRUSTED_PROXIES" in done.stderr
    assert "Traceback" not in done.stderr


def test_where_there_is_no_snapshot_a_query_says_what_makes_one(tmp_path: Path) -> None:
    done = isogloss("query", "-", state=tmp_path, given=HELLO)
    assert done.returncode == 1
    assert "isogloss build" in done.stderr


def test_a_build_that_fails_names_the_line_and_ends_with_one(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.ttl"
    wrong.write_text("<x:a> <x:b> .\n")
    done = isogloss("build", "--add", str(wrong), state=tmp_path / "state")
    assert done.returncode == 1
    assert f"{wrong}:1" in done.stderr


def test_a_dump_is_the_sorted_quads(state: Path, tmp_path: Path) -> None:
    assert isogloss("dump", str(tmp_path / "all.nq"), state=state).returncode == 0
    assert isogloss("dump", str(tmp_path / "all.nq.gz"), state=state).returncode == 0
    plain = (tmp_path / "all.nq").read_bytes()
    assert plain == gzip.decompress((tmp_path / "all.nq.gz").read_bytes())
    assert plain.splitlines() == sorted(plain.splitlines())


def test_the_help_of_serve_tells_every_setting(state: Path) -> None:
    text = isogloss("serve", "--help", state=state).stdout
    assert [n for n in Settings.model_fields if f"ISOGLOSS_{n.upper()}" not in text] == []


def serve(*arguments: str, state: Path) -> tuple[subprocess.Popen[str], str, float]:
    """A server on a free port: the process, its address, and the seconds until it answered."""
    started = time.monotonic()
    process = subprocess.Popen(
        [sys.executable, "-m", "isogloss", "serve", "--port", "0", *arguments],
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"ISOGLOSS_STATE": str(state), "ISOGLOSS_WORKERS": "1"},
    )
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(r"http://127\.0\.0\.1:\d+", line):
            return process, found[0], time.monotonic() - started
    raise AssertionError(f"the server ended with {process.wait()}")


def stop(process: subprocess.Popen[str]) -> None:
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=20)


def test_serve_serves_an_existing_snapshot(state: Path) -> None:
    process, address, _ = serve(state=state)
    try:
        assert httpx.get(f"{address}/health").json()["status"] == "ok"
        assert "International Telecommunication Union" in httpx.get(f"{address}/doc/body/itu.ttl").text
    finally:
        stop(process)


def test_serve_data_serves_that_file_with_its_graphs_and_nothing_of_ours(tmp_path: Path) -> None:
    (tmp_path / "own.trig").write_text("<x:g> { <x:a> <x:b> 'in a graph' } <x:a> <x:b> 'outside' .")
    process, address, _ = serve("--data", str(tmp_path / "own.trig"), state=tmp_path / "state")
    try:
        asked = {"query": "SELECT ?o ?g { { ?s ?p ?o } OPTIONAL { GRAPH ?g { ?s ?p ?o } } } ORDER BY ?o"}
        found = httpx.get(f"{address}/sparql", params=asked, headers={"Accept": "text/csv"}).text
        assert found.split() == ["o,g", "in", "a", "graph,x:g", "outside,"]
        assert httpx.get(f"{address}/id/body/itu").status_code == 404
        assert not (tmp_path / "state").exists()
    finally:
        stop(process)


def test_the_entry_does_not_load_the_verbs_which_each_process_of_a_build_would_pay_for() -> None:
    code = (
        "import sys, isogloss.__main__; print([n for n in sys.modules if n.startswith('isogloss.commands')])"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert told.stdout.strip() == "[]"
