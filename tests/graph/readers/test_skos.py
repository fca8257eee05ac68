"""Terms in RDF: what counts as a concept, and what is made of it."""

from pathlib import Path

import pytest

from isogloss.errors import SourceError
from isogloss.graph.entries import Citation, Designation
from isogloss.graph.readers.skos import read_skos

from .others import others_file

PREFIXES = """
@prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix skosxl: <http://www.w3.org/2008/05/skos-xl#> .
@prefix dct: <http://purl.org/dc/terms/> .
@prefix rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#> .
@prefix schema: <https://schema.org/> .
@prefix : <http://example.org/> .
"""


def turtle(folder: Path, text: str) -> Path:
    path = folder / "terms.ttl"
    path.write_text(PREFIXES + text, encoding="utf-8")
    return path


def test_labels_keep_their_language_and_standing(tmp_path: Path) -> None:
    path = turtle(
        tmp_path,
        ':bias a skos:Concept ; skos:prefLabel "bias"@en, "biais"@fr ; skos:altLabel "slant"@en ;'
        ' skos:hiddenLabel "prejudice"@en .',
    )
    (entry,) = read_skos(path).entries
    assert entry.identifier == "http://example.org/bias"
    assert set(entry.designations) == {
        Designation("bias", "en"),
        Designation("biais", "fr"),
        Designation("slant", "en", "admitted"),
        Designation("prejudice", "en", "deprecated"),
    }


def test_labels_that_are_things_are_read_as_well(tmp_path: Path) -> None:
    path = turtle(tmp_path, ':a a skos:Concept ; skosxl:prefLabel [ skosxl:literalForm "agent"@en ] .')
    (entry,) = read_skos(path).entries
    assert entry.designations == (Designation("agent", "en"),)


def test_a_definition_may_be_a_node_with_a_value(tmp_path: Path) -> None:
    path = turtle(
        tmp_path,
        ':a a skos:Concept ; skos:prefLabel "a"@en ; skos:definition [ rdf:value "first letter"@en ] ;'
        ' dct:source [ schema:name "The alphabet" ; schema:url "https://example.org/abc" ] .',
    )
    (entry,) = read_skos(path).entries
    assert [p.text for p in entry.of_kind("definition")] == ["first letter"]
    assert entry.citations == (Citation("The alphabet", link="https://example.org/abc"),)


def test_broader_concepts_are_kept_if_they_are_in_the_file(tmp_path: Path) -> None:
    path = turtle(
        tmp_path,
        ':b a skos:Concept ; skos:prefLabel "b"@en . :elsewhere a :Thing .'
        ':a a skos:Concept ; skos:prefLabel "a"@en ; skos:broader :b, :elsewhere .',
    )
    entry = next(e for e in read_skos(path).entries if e.label() == "a")
    assert entry.broader == ("http://example.org/b",)


def test_a_concept_without_a_label_is_refused_by_name(tmp_path: Path) -> None:
    reading = read_skos(turtle(tmp_path, ":nameless a skos:Concept ."))
    assert not reading.entries
    assert "http://example.org/nameless has no label" in str(reading.problems[0])


def test_what_is_not_as_skos_has_it_or_leads_out_of_the_file_is_told(tmp_path: Path) -> None:
    path = turtle(
        tmp_path,
        ':bias a skos:Concept ; skos:prefLabel "bias"@en , "slant"@en ; skos:broader :missing .'
        ' :risk a skos:Concept ; skos:prefLabel "risk"@en ; skos:related :bias .',
    )
    reading = read_skos(path)
    assert len(reading.entries) == 2
    told = [(each.field, each.message.removeprefix("http://example.org/")) for each in reading.remarks]
    assert told == [
        ("skos:prefLabel", "bias has 2 preferred labels in en: the others are taken as alternative ones"),
        (
            "skos:broader",
            "bias leads to http://example.org/missing, which is no concept of this file: left out",
        ),
    ]


def test_a_file_that_does_not_parse_is_refused_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(SourceError) as caught:
        read_skos(turtle(tmp_path, ":a a skos:Concept ;;; oh .\n"))
    assert caught.value.line is not None


@pytest.mark.parametrize(
    ("file", "count", "label"),
    [
        ("dpv-2.3/ai.ttl", 241, "AI System"),
        ("vair/vair.ttl", 447, "Supervised learning"),
        ("airo/airo.ttl", 46, "AI System"),
    ],
)
def test_vocabularies_of_others_are_read(file: str, count: int, label: str) -> None:
    entries = read_skos(others_file(file)).entries
    assert len(entries) == count
    assert label.casefold() in {word.text.casefold() for entry in entries for word in entry.designations}
