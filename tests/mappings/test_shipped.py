"""What ships: every set is valid here and under sssom-py, and every end, author and source exists."""

import os
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Store

from isogloss.graph.mapping_terms import terms_of
from isogloss.graph.sources import package_folder
from isogloss.mappings import sets
from isogloss.mappings.check import check
from isogloss.mappings.claims import NO_TERM, status_of
from isogloss.mappings.terms import Terms
from isogloss.mappings.validate import validate

FOLDER = package_folder("isogloss.mappings") / "sets"
ALIGNMENTS = sets.read_folder(FOLDER)
GLOSSARY = Path(__file__).parents[2].parent / "shared" / "glossary"
PREFIXES = """PREFIX ig: <https://w3id.org/isogloss/ontology#>
PREFIX sssom: <https://w3id.org/sssom/> PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
"""


@pytest.fixture(scope="module")
def known(store: Store) -> Terms:
    return terms_of(store)


def test_every_set_is_valid(known: Terms) -> None:
    assert [finding for alignment in ALIGNMENTS for finding in validate(alignment, known)] == []


def test_no_term_is_merged_and_no_accepted_record_is_contradicted(known: Terms) -> None:
    claims = [claim for alignment in ALIGNMENTS for claim in alignment.claims]
    accepted = [claim for claim in claims if claim.status == "accepted"]
    assert [f for f in check(accepted, known) if f.weight == "error"] == []
    kinds = Counter(f.kind for f in check(claims, known) if f.weight == "error")
    # One publisher's table both relates and denies one pair; the records say so and wait for a review.
    assert kinds == {"contradiction": 1}


def test_every_record_has_an_identifier_a_status_a_confidence_and_a_reason() -> None:
    records = [mapping for alignment in ALIGNMENTS for mapping in alignment.mappings]
    assert len({mapping.record for mapping in records}) == len(records)
    for mapping in records:
        assert mapping.extensions, mapping.record
        assert mapping.confidence is not None
        assert mapping.comment, mapping.record


def test_only_what_a_publication_states_is_accepted() -> None:
    for alignment in ALIGNMENTS:
        for mapping in alignment.mappings:
            if status_of(mapping) == "accepted":
                assert mapping.source is not None, mapping.record
                assert mapping.authors, mapping.record


def test_the_graph_states_a_match_for_each_accepted_claim_and_no_other(store: Store) -> None:
    stated = {
        tuple(str(value) for value in row)
        for row in store.query(
            PREFIXES + "SELECT ?s ?p ?o { GRAPH <https://w3id.org/isogloss/graph/mappings> { ?s ?p ?o } "
            "FILTER(STRSTARTS(STR(?p), STR(skos:)) && STRENDS(STR(?p), 'Match')) }"
        )  # type: ignore[union-attr]
    }
    claims = [claim for alignment in ALIGNMENTS for claim in alignment.claims]
    accepted = {c for c in claims if c.status == "accepted" and not c.negated and NO_TERM not in c.pair}
    skos = "http://www.w3.org/2004/02/skos/core#"
    assert stated == {(f"<{c.subject}>", f"<{skos}{c.predicate}>", f"<{c.object}>") for c in accepted}


def test_authors_and_sources_are_things_of_the_graph(store: Store) -> None:
    for slot in ("author_id", "mapping_source", "subject_source", "object_source"):
        query = (
            PREFIXES
            + f"SELECT DISTINCT ?x {{ ?m a ig:Mapping ; sssom:{slot} ?x FILTER NOT EXISTS {{ ?x a ?c }} }}"
        )
        found = store.query(query)
        assert list(found) == [], slot  # type: ignore[arg-type]


def test_a_researcher_can_ask_which_terms_have_an_accepted_exact_counterpart(store: Store) -> None:
    query = (
        PREFIXES
        + """ASK { ?term skos:exactMatch ?other ; skos:inScheme
        <https://w3id.org/isogloss/id/vocabulary/nist-airc-glossary> .
        ?other skos:inScheme <https://w3id.org/isogloss/id/vocabulary/iso-iec-ts-5723-2022> }"""
    )
    assert store.query(query)
    assert store.contains_named_graph(NamedNode("https://w3id.org/isogloss/graph/mappings"))


def test_sssom_py_accepts_every_set(tmp_path: Path) -> None:
    tool = os.environ.get("ISOGLOSS_SSSOM") or shutil.which("sssom")
    if tool is None:
        pytest.skip("sssom-py is not installed (pipx install sssom, or name it in ISOGLOSS_SSSOM)")
    merged = tmp_path / "all.sssom.tsv"
    sets.write(sets.merge(ALIGNMENTS), merged)
    done = subprocess.run(
        [tool, "validate", str(merged)], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    assert "ERROR" not in done.stderr


def test_the_examples_of_the_standard_are_read() -> None:
    folder = GLOSSARY / "raw" / "sssom-examples"
    if not folder.is_dir():
        pytest.skip("the SSSOM examples are not at hand")
    for name in ("reviewer_agreement", "extension-slots", "no_term_found", "record-ids", "cardinality"):
        alignment, errors = sets.read_leniently(folder / f"{name}.sssom.tsv")
        assert alignment.mappings
        assert errors == ()
        assert sets.to_text(alignment)
