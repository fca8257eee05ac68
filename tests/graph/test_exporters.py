"""What goes out comes back in unchanged, whoever made the file that it came from."""

import json
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isogloss.graph.entries import (
    ABBREVIATION,
    FULL,
    KINDS,
    STATUSES,
    Citation,
    Designation,
    Entry,
    Passage,
    Reading,
    canonical,
    cited,
    language_tag,
)
from isogloss.graph.exporters import EXPORTERS, Terminology
from isogloss.graph.readers.csrc import read_csrc
from isogloss.graph.readers.glossarist import read_glossarist
from isogloss.graph.readers.skos import read_skos
from isogloss.graph.readers.tbx import read_tbx
from isogloss.graph.readers.term_tables import read_term_table

from .readers.others import others_file

READERS: dict[str, Callable[[Path], Reading]] = {
    "skos": read_skos,
    "skos-jsonld": read_skos,
    "skosxl": read_skos,
    "tbx": read_tbx,
    "glossarist": read_glossarist,
    "csv": read_term_table,
}
SOURCES: dict[str, tuple[Callable[[Path], Reading], str]] = {
    "tbx, attributes": (read_tbx, "tbx/Example_Astronomy_DCA_VALID.tbx"),
    "tbx, elements": (read_tbx, "tbx/Example_Astronomy_DCT_VALID.tbx"),
    "glossarist": (read_glossarist, "glossarist-iala"),
    "csrc": (read_csrc, "nist-csrc/glossary-export.zip"),
    "skos": (read_skos, "dpv-2.3/ai.ttl"),
    "owl": (read_skos, "airo/airo.ttl"),
}


def there_and_back(entries: Sequence[Entry], form: str, folder: Path) -> dict[str, Entry]:
    exporter = EXPORTERS[form]
    path = folder / f"terms{exporter.suffix}"
    path.write_bytes(exporter.write(Terminology("tried", "Tried", tuple(entries))))
    reading = READERS[form](path)
    assert not reading.problems
    return {entry.identifier: entry for entry in reading.entries}


def closed(entries: list[Entry]) -> list[Entry]:
    """The entries with references to each other alone: a selection leaves the others' behind."""
    known = {entry.identifier for entry in entries}
    return [
        replace(
            entry,
            broader=tuple(other for other in entry.broader if other in known),
            related=tuple(other for other in entry.related if other in known),
        )
        for entry in entries
    ]


def as_tbx_can(entry: Entry) -> Entry:
    """White space folded within a paragraph, notes without sources: what the format's own rules leave."""
    passages = (
        replace(p, text=folded(p.text), citations=() if p.kind == "note" else p.citations)
        for p in entry.passages
    )
    return canonical(replace(entry, passages=tuple(passages)))


def folded(text: str) -> str:
    return "\n\n".join(" ".join(paragraph.split()) for paragraph in text.split("\n\n"))


@cache
def others(source: str) -> tuple[Entry, ...]:
    read, file = SOURCES[source]
    return tuple(closed(read(others_file(file)).entries[:200]))


@pytest.mark.parametrize("form", READERS)
@pytest.mark.parametrize("source", SOURCES)
def test_the_terms_of_others_survive_the_journey(source: str, form: str, tmp_path: Path) -> None:
    entries = others(source)
    found = there_and_back(entries, form, tmp_path)
    for entry in entries:
        assert found[entry.identifier] == (as_tbx_can(entry) if form == "tbx" else entry)


texts = st.text(
    st.characters(
        exclude_categories=["Cs", "Cc", "Co", "Cn", "Zl", "Zp", "Zs"], include_characters=" |<>§[],\\"
    ),
    min_size=1,
    max_size=30,
).filter(lambda text: text.strip() != "" and "￾" not in text)
languages = st.sampled_from(["", "en", "fr", "zh-Hant", "ar", "sr-Latn"])
citations = st.lists(texts.map(cited), max_size=2).map(tuple)
words = st.builds(
    Designation, texts, languages, st.sampled_from(STATUSES), st.sampled_from([FULL, ABBREVIATION])
)
passages = st.builds(Passage, st.sampled_from(KINDS), texts, st.sampled_from(["en", "fr"]), citations)
entries = st.builds(
    lambda w, p, c, clause, gloss: canonical(
        Entry("c1", tuple(w), tuple(p), c, clause=clause, gloss=gloss, page="https://example.org/c1")
    ),
    st.lists(words, min_size=1, max_size=5),
    st.lists(passages, max_size=5),
    citations,
    st.sampled_from(["", "3.1.4", "Article 3(1)"]),
    st.sampled_from(["", "One line in our words."]),
)


@pytest.mark.parametrize("form", READERS)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(entry=entries)
def test_any_entry_survives_the_journey(form: str, tmp_path: Path, entry: Entry) -> None:
    found = there_and_back([entry], form, tmp_path)
    expected = as_tbx_can(entry) if form == "tbx" else entry
    assert found == {"c1": expected}


@given(texts)
def test_a_citation_reads_back_as_itself(text: str) -> None:
    assert cited(str(cited(text))) == cited(text)


def test_a_citation_falls_into_document_place_relation_and_link() -> None:
    text = "ISO/IEC 22989:2022 § 3.1.4 [modified] <https://example.org/x>"
    assert cited(text) == Citation("ISO/IEC 22989:2022", "3.1.4", "https://example.org/x", "modified")


@pytest.mark.parametrize(("code", "tag"), [("eng", "en"), ("zh_hant", "zh-Hant"), ("und", ""), ("", "")])
def test_language_codes_become_tags(code: str, tag: str) -> None:
    assert language_tag(code) == tag


def test_jskos_says_what_mapping_tools_ask_for() -> None:
    upper = Entry(
        "a", (Designation("system", "en"), Designation("set-up", "en", "admitted")), gloss="A whole."
    )
    lower = Entry("b", (Designation("AI system", "en"),), broader=("a",), clause="3.1.4")
    found = json.loads(EXPORTERS["jskos"].write(Terminology("tried", "Tried", (upper, lower))))
    system, ai_system = found
    assert system["prefLabel"] == {"en": "system"}
    assert system["altLabel"] == {"en": ["set-up"]}
    assert system["inScheme"] == [{"uri": "https://w3id.org/isogloss/id/vocabulary/tried"}]
    assert ai_system["broader"] == [{"uri": system["uri"]}]
    assert ai_system["notation"] == ["3.1.4"]
