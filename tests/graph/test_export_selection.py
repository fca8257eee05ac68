"""Vocabularies of a built store, written out."""

import csv
from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, Quad, Store

from isogloss.errors import NotFound
from isogloss.graph.entries import Citation, Designation, Entry, Passage
from isogloss.graph.exporters import EXPORTERS
from isogloss.graph.exporters.selection import terminology
from isogloss.graph.glossary import read_glossary
from isogloss.graph.loaded import Loading, load, loaded_terms
from isogloss.graph.readers.skos import read_skos

from .test_glossary import GLOSSARY, elsewhere

LOADED = Entry(
    "3.1.4",
    (Designation("AI system", "en"), Designation("système d'IA", "fr")),
    (Passage("definition", "what a reader may see", "en", (Citation("a paid copy", "3.1.4"),)),),
    clause="3.1.4",
)


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """The shipped glossary, with one loaded definition beside it."""
    state = tmp_path_factory.mktemp("state")
    load(state, Loading("iso-iec-22989-2022", "", "paid.tbx", "for one reader"), [LOADED])
    load(state, Loading("ours", "Ours", "ours.csv", "https://example.org/licence"), [LOADED])
    store = Store()
    for triple in read_glossary(GLOSSARY, elsewhere()).triples:
        store.add(Quad(triple.subject, triple.predicate, triple.object, DefaultGraph()))
    for source in loaded_terms(state):
        store.bulk_extend(source.read())
    return store


def test_a_vocabulary_goes_out_with_its_glosses_and_clauses(built: Store) -> None:
    found = terminology(built, "iso-iec-22989-2022")
    assert found.title.startswith("ISO/IEC 22989")
    with (GLOSSARY / "terms" / "iso-iec-22989-2022.csv").open(encoding="utf-8", newline="") as table:
        assert len(found.entries) == sum(1 for _ in csv.DictReader(table))
    agent = next(entry for entry in found.entries if entry.slug == "ai-agent")
    assert (agent.label(), agent.clause) == ("AI agent", "3.1.1")
    assert agent.gloss


def test_a_definition_that_the_state_holds_goes_along(built: Store) -> None:
    (entry,) = terminology(built, "iso-iec-22989-2022", ["ai-system"]).entries
    (definition,) = entry.of_kind("definition")
    assert definition == LOADED.passages[0]
    assert entry.languages == ("en", "fr")


@pytest.mark.parametrize("form", EXPORTERS)
def test_every_format_takes_a_whole_vocabulary(built: Store, form: str) -> None:
    text = EXPORTERS[form].write(terminology(built, "eu-ai-act-2024")).decode("utf-8")
    assert "deep fake" in text
    assert "general-purpose AI model" in text


def test_what_is_exported_keeps_its_iri(built: Store, tmp_path: Path) -> None:
    path = tmp_path / "act.ttl"
    path.write_bytes(EXPORTERS["skos"].write(terminology(built, "iso-iec-22989-2022")))
    slugs = {entry.slug for entry in read_skos(path).entries}
    assert {"autonomy", "autonomy-5.13"} <= slugs


@pytest.mark.parametrize(("slug", "only"), [("no-such-vocabulary", []), ("eu-ai-act-2024", ["no-such-term"])])
def test_what_is_not_there_is_named(built: Store, slug: str, only: list[str]) -> None:
    with pytest.raises(NotFound, match="no-such"):
        terminology(built, slug, only)


def test_the_licence_of_what_was_loaded_goes_out_with_it(built: Store) -> None:
    standard = terminology(built, "iso-iec-22989-2022")
    assert standard.rights.startswith("Texts are copyright of ISO")
    assert standard.rights.endswith("Loaded from paid.tbx: for one reader.")
    ours = terminology(built, "ours")
    assert (ours.license, ours.rights) == ("https://example.org/licence", "")
