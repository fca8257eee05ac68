"""Terms in Glossarist YAML, in its three versions, and YAML that means harm."""

from pathlib import Path

import pytest

from isogloss.graph.entries import Citation, Designation
from isogloss.graph.readers.glossarist import read_glossarist

from .others import others_file

APART = """\
---
data:
  identifier: "3.1.4"
  localized_concepts: {eng: e1, fra: f1}
related:
- {type: broader, ref: {id: "3.1.3"}}
id: c1
---
data:
  terms: [{type: expression, normative_status: preferred, designation: AI system}]
  definition:
  - content: engineered thing
    sources: [{origin: {ref: {source: ISO}, clause: "3"}, status: modified}]
  notes: [{content: one}, {content: two}]
  language_code: eng
id: e1
---
data:
  terms: [{type: expression, normative_status: preferred, designation: "système d'IA"}]
  language_code: fra
id: f1
"""

INSIDE = """\
termid: 103-01-01
term: system
eng:
  terms:
  - {designation: system, normative_status: preferred}
  - {designation: set-up, normative_status: deprecated}
  definition: whole of parts
  examples: [a clock]
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "concept.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_localized_concepts_are_joined_to_their_concept(tmp_path: Path) -> None:
    (entry,) = read_glossarist(written(tmp_path, APART)).entries
    assert entry.identifier == "3.1.4"
    assert entry.languages == ("en", "fr")
    assert entry.broader == ("3.1.3",)
    (definition,) = entry.of_kind("definition")
    assert definition.citations == (Citation("ISO", "3", relation="modified"),)
    assert [note.text for note in entry.of_kind("note", "en")] == ["one", "two"]


def test_the_older_form_holds_languages_inside(tmp_path: Path) -> None:
    (entry,) = read_glossarist(written(tmp_path, INSIDE)).entries
    assert entry.designations == (Designation("system", "en"), Designation("set-up", "en", "deprecated"))
    assert [p.text for p in entry.of_kind("definition")] == ["whole of parts"]
    assert [p.text for p in entry.of_kind("example")] == ["a clock"]


def test_a_folder_of_concepts_of_others_is_read() -> None:
    reading = read_glossarist(others_file("glossarist-iala"))
    assert len(reading.entries) == 28
    assert not reading.problems
    contacts = next(e for e in reading.entries if e.identifier == "6-6-200")
    assert contacts.label() == "Contacts (of a switch)"
    assert contacts.citations[0].document == "IALA Dictionary"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("a: &a [x, x]\nb: [*a, *a]\n", "aliases are refused"),
        ("data: !!python/object/apply:os.system [echo]\n", "not safe YAML"),
        ("data: {identifier: a\n", "not safe YAML"),
        ("- a list\n", "not a mapping"),
        ("data: {identifier: a}\neng: {terms: []}\neng: {terms: []}\n", ":3 [eng]: a key twice"),
        ("data: {identifier: a}\n", "no term in any language"),
        ("data: {x: 1}\n", "no identifier"),
        ("data: {identifier: a}\neng: {terms: [5]}\n", "not a Glossarist concept"),
        ("data: {identifier: a}\n'?': {terms: [{designation: x}]}\n", "not a language code"),
    ],
)
def test_what_cannot_be_taken_is_told_and_nothing_is_run(tmp_path: Path, text: str, says: str) -> None:
    reading = read_glossarist(written(tmp_path, text))
    assert not reading.entries
    assert says in str(reading.problems[0])


def test_yaml_nested_without_end_is_refused(tmp_path: Path) -> None:
    reading = read_glossarist(written(tmp_path, "[" * 50_000))
    assert not reading.entries
    assert reading.problems
