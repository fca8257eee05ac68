"""The glossary that ships: how much there is, that it is evidenced, and that no definition was copied."""

import csv
import json
import re
from collections import Counter, defaultdict
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Store

from isogloss.errors import SourceError
from isogloss.graph.glossary import declared_things, read_glossary
from isogloss.graph.sources import package_folder
from isogloss.ontology import names

GLOSSARY = package_folder("isogloss.graph") / "data" / "glossary"
DEFINITIONS = Path(__file__).parents[3] / "shared" / "glossary" / "definitions.jsonl"
LONGEST_RUN = 6  # words that a gloss may share with a definition in a row

Rows = dict[str, list[dict[str, str]]]


def read(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(scope="module")
def terms() -> Rows:
    return {path.stem: read(path) for path in sorted((GLOSSARY / "terms").glob("*.csv"))}


def test_there_are_terms_enough_of_vocabularies_enough(terms: Rows) -> None:
    assert len(terms) >= 25
    assert sum(len(rows) for rows in terms.values()) >= 1800
    assert sum(bool(row["gloss"]) for rows in terms.values() for row in rows) >= 1700


@pytest.mark.parametrize(
    "vocabulary",
    [
        "iso-iec-22989-2022", "iso-iec-ts-5723-2022", "iso-iec-tr-24027-2021", "iso-iec-42001-2023",
        "iso-iec-27005-2018", "nist-ai-100-1", "nist-ai-100-2e2025", "nist-ai-600-1", "nist-airc-glossary",
        "nist-csrc-glossary", "ieee-1872-2015", "ieee-2755-2017", "ieee-7000-2021", "itu-t-y.3172",
        "itu-t-y.3800-series", "oecd-ai", "eu-ai-act-2024", "eu-us-ttc-2024", "ietf-rfc-4949",
        "etsi-gr-eni-004", "c2pa-2.2", "w3c-vc-data-model-2.0", "iec-electropedia",
    ],
)  # fmt: skip
def test_the_vocabularies_that_matter_are_there(terms: Rows, vocabulary: str) -> None:
    assert terms[vocabulary]


def test_every_term_has_evidence_and_no_trace_of_how_it_was_gathered(terms: Rows) -> None:
    for rows in terms.values():
        for row in rows:
            assert row["evidence"]
            assert not re.search(r"read_file|find_string|studylib", row["evidence"])


def test_no_two_terms_of_the_concept_standard_share_a_clause(terms: Rows) -> None:
    clauses = Counter(row["clause"] for row in terms["iso-iec-22989-2022"] if row["clause"].startswith("3."))
    assert len(clauses) >= 70
    assert max(clauses.values()) == 1


def test_a_clause_on_which_texts_disagree_is_a_note_and_no_fact(terms: Rows) -> None:
    row = next(r for r in terms["iso-iec-22989-2022"] if r["slug"] == "trained-model")
    assert row["clause"] == ""
    assert "disagree" in row["note"]


def test_a_gloss_is_one_short_line(terms: Rows) -> None:
    for rows in terms.values():
        for row in rows:
            assert len(row["gloss"]) <= 160
            assert "\n" not in row["gloss"]
            assert not row["gloss"] or row["gloss"].endswith(".")


def test_no_gloss_repeats_a_run_of_words_of_a_definition(terms: Rows) -> None:
    if not DEFINITIONS.exists():
        pytest.skip("the definitions to compare with are not here")
    known: set[str] = set()
    with DEFINITIONS.open(encoding="utf-8") as handle:
        for line in handle:
            known |= runs(json.loads(line)["definition"])
    copied = {
        f"{vocabulary}/{row['slug']}"
        for vocabulary, rows in terms.items()
        for row in rows
        if runs(row["gloss"]) & known
    }
    assert not copied


def runs(text: str) -> set[str]:
    words = re.findall(r"[a-z0-9]+", text.lower())
    size = LONGEST_RUN + 1
    return {" ".join(words[i : i + size]) for i in range(len(words) - size + 1)}


def test_each_vocabulary_says_how_its_definitions_may_be_used() -> None:
    for row in read(GLOSSARY / "vocabularies.csv"):
        assert row["rights"], row["slug"]
        assert row["access"].startswith(("open", "behind a paywall")), row["slug"]
        assert row["page"].startswith("https://"), row["slug"]


def test_a_term_opens_its_source_and_stands_in_its_vocabulary(store: Store) -> None:
    asked = """
        PREFIX ig: <https://w3id.org/isogloss/ontology#>
        PREFIX foaf: <http://xmlns.com/foaf/0.1/>
        PREFIX skos: <http://www.w3.org/2004/02/skos/core#>
        SELECT ?vocabulary ?document ?page ?access WHERE {
          GRAPH <https://w3id.org/isogloss/graph/glossary> {
            <https://w3id.org/isogloss/id/term/iso-iec-22989-2022/ai-system> skos:inScheme ?vocabulary ;
              ig:definedIn ?document ; foaf:page ?page ; ig:definitionAccess ?access } }"""
    (row,) = store.query(asked)  # type: ignore[misc]
    assert row["vocabulary"].value.endswith("/vocabulary/iso-iec-22989-2022")
    assert row["document"].value.endswith("/publication/iso-iec-22989")
    assert row["page"].value.endswith(":term:3.1.4")
    assert row["access"].value.startswith("behind a paywall")


def test_every_vocabulary_is_joined_to_one_publication_with_one_status(store: Store) -> None:
    asked = """
        PREFIX ig: <https://w3id.org/isogloss/ontology#>
        PREFIX dcterms: <http://purl.org/dc/terms/>
        SELECT ?vocabulary (COUNT(DISTINCT ?status) AS ?statuses) WHERE {
          GRAPH <https://w3id.org/isogloss/graph/glossary> { ?vocabulary a ig:Vocabulary ; dcterms:source ?d }
          ?d ig:status ?status } GROUP BY ?vocabulary"""
    rows = store.query(asked)
    found = {row["vocabulary"].value: row["statuses"].value for row in rows}  # type: ignore[union-attr]
    assert len(found) == len(read(GLOSSARY / "vocabularies.csv"))
    assert set(found.values()) == {"1"}


def test_what_the_catalogue_declares_is_left_to_it() -> None:
    document = NamedNode(names.thing("publication", "rfc-4949"))
    alone = read_glossary(GLOSSARY, elsewhere())
    assert document in {triple.subject for triple in alone.triples}
    beside = read_glossary(GLOSSARY, {*elsewhere(), document})
    assert document not in {triple.subject for triple in beside.triples}


def test_a_vocabulary_of_an_unknown_publication_is_refused(tmp_path: Path) -> None:
    copied: dict[str, list[dict[str, str]]] = defaultdict(list)
    for name in ("bodies.csv", "documents.csv", "vocabularies.csv"):
        copied[name] = read(GLOSSARY / name)[:1]
    vocabulary = copied["vocabularies.csv"][0]
    vocabulary["publication"] = "no-such-thing"
    for name, rows in copied.items():
        write(tmp_path / name, rows)
    terms = read(GLOSSARY / "terms" / f"{vocabulary['slug']}.csv")[:1]
    (tmp_path / "terms").mkdir()
    write(tmp_path / "terms" / f"{vocabulary['slug']}.csv", terms)
    with pytest.raises(SourceError, match="no-such-thing is nowhere declared") as caught:
        read_glossary(tmp_path, elsewhere())
    assert caught.value.field == "publication"


def write(path: Path, rows: list[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


def elsewhere() -> set[NamedNode]:
    data = GLOSSARY.parent
    statuses = ("in-force", "under-development", "superseded", "withdrawn", "unknown")
    found = declared_things((data / "report", data / "catalogue"))
    return found | {NamedNode(names.thing("concept", f"status/{status}")) for status in statuses}
