"""Terms that are loaded into a state: kept, updated, and built beside what ships."""

from dataclasses import replace
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, Quad, RdfFormat, serialize

from isogloss.errors import SourceError
from isogloss.graph.entries import Citation, Designation, Entry, Passage
from isogloss.graph.loaded import GRAPH, Loading, Outcome, load, loaded_terms, remove
from isogloss.graph.readers.skos import entries_of
from isogloss.graph.sources import package_folder, read_rdf
from isogloss.graph.terms import prefixed
from isogloss.ontology import check

SYSTEM = Entry(
    "3.1.4",
    (Designation("AI System", "en"), Designation("système d'IA", "fr")),
    (Passage("definition", "what a user may read", "en", (Citation("a paid copy"),)),),
)
OTHER = Entry("x", (Designation("house word", "en"),))
STANDARD = Loading("iso-iec-22989-2022", "ignored", "paid.csv", "licensed to one reader")
HOUSE = Loading("house-terms", "House terms", "house.csv", "https://example.org/licence")
SHIPPED = NamedNode("https://w3id.org/isogloss/id/term/iso-iec-22989-2022/ai-system")


def quads(state: Path) -> list[Quad]:
    return [quad for source in loaded_terms(state) for quad in source.read()]


def test_nothing_loaded_is_no_source(tmp_path: Path) -> None:
    assert loaded_terms(tmp_path) == ()


def test_loading_again_updates(tmp_path: Path) -> None:
    assert load(tmp_path, HOUSE, [SYSTEM, OTHER]) == Outcome(new=2, changed=0, same=0, gone=0)
    assert load(tmp_path, HOUSE, [SYSTEM, OTHER]) == Outcome(new=0, changed=0, same=2, gone=0)
    mended = replace(SYSTEM, passages=(Passage("definition", "better said", "en"),))
    assert load(tmp_path, HOUSE, [mended]) == Outcome(new=0, changed=1, same=0, gone=1)
    (source,) = loaded_terms(tmp_path)
    text = " ".join(str(quad) for quad in source.read())
    assert "better said" in text
    assert "house word" not in text


def test_a_definition_joins_the_term_that_ships(tmp_path: Path) -> None:
    load(tmp_path, STANDARD, [SYSTEM])
    found = quads(tmp_path)
    assert {quad.graph_name for quad in found} == {GRAPH}
    texts = {
        str(q.object) for q in found if q.subject == SHIPPED and q.predicate == prefixed("skos:definition")
    }
    assert texts == {'"what a user may read"@en'}


def test_the_word_that_ships_stays_the_preferred_one_of_its_language(tmp_path: Path) -> None:
    load(tmp_path, STANDARD, [SYSTEM])
    preferred = {
        str(q.object)
        for q in quads(tmp_path)
        if q.subject == SHIPPED and q.predicate == prefixed("skos:prefLabel")
    }
    assert preferred == {'"système d\'IA"@fr'}


def test_the_licence_is_kept_with_the_file(tmp_path: Path) -> None:
    load(tmp_path, STANDARD, [SYSTEM])
    load(tmp_path, HOUSE, [OTHER])
    said = {
        (q.predicate, getattr(q.object, "value", ""))
        for q in quads(tmp_path)
        if q.predicate in (prefixed("dcterms:rights"), prefixed("dcterms:license"))
    }
    assert said == {
        (prefixed("dcterms:rights"), "licensed to one reader"),
        (prefixed("dcterms:license"), "https://example.org/licence"),
    }


def test_two_files_of_one_vocabulary_stand_side_by_side(tmp_path: Path) -> None:
    load(tmp_path, HOUSE, [OTHER])
    german = Entry("x", (Designation("House Word", "en"), Designation("Hauswort", "de")))
    load(tmp_path, replace(HOUSE, file="german.csv"), [german])
    reading = entries_of(quad.triple for quad in quads(tmp_path))
    (entry,) = reading.entries
    assert entry.languages == ("de", "en")


def test_what_is_loaded_comes_back_as_it_was(tmp_path: Path) -> None:
    load(tmp_path, HOUSE, [OTHER, SYSTEM])
    found = {e.identifier: e for e in entries_of(quad.triple for quad in quads(tmp_path)).entries}
    assert found == {"3.1.4": SYSTEM, "x": OTHER}


def test_loaded_records_keep_the_shapes(tmp_path: Path) -> None:
    untold = Entry("y", (Designation("no language told"),))
    old = Entry("z", (Designation("only deprecated", "en", "deprecated"),))
    load(tmp_path, HOUSE, [SYSTEM, OTHER, untold, old])
    schemes = package_folder("isogloss.ontology") / "schemes" / "statuses.ttl"
    triples = {q.triple for q in (*quads(tmp_path), *read_rdf(schemes, GRAPH))}
    assert check.shapes(serialize(triples, format=RdfFormat.N_TRIPLES) or b"") >= 5


def test_what_a_file_gave_can_be_taken_away(tmp_path: Path) -> None:
    load(tmp_path, HOUSE, [OTHER, SYSTEM])
    assert remove(tmp_path, HOUSE.vocabulary, HOUSE.file) == 2
    assert loaded_terms(tmp_path) == ()
    with pytest.raises(SourceError, match="nothing of this name"):
        remove(tmp_path, HOUSE.vocabulary, HOUSE.file)


def test_a_broken_file_in_the_state_is_named(tmp_path: Path) -> None:
    load(tmp_path, HOUSE, [OTHER])
    (path,) = (tmp_path / "terms").glob("*/*.gz")
    path.write_bytes(b"not gzip")
    with pytest.raises(SourceError, match="cannot be read") as caught:
        load(tmp_path, HOUSE, [OTHER])
    assert caught.value.file == str(path)
