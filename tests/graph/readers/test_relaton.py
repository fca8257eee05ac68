"""Relaton records: both generations of the schema give the same record, and odd files are named."""

from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from isogloss.graph.readers.archives import Member
from isogloss.graph.readers.relaton import (
    Committee,
    Record,
    Refusal,
    Relation,
    archive_name,
    inner_path,
    read_record,
    read_records,
)
from isogloss.graph.readers.safe_yaml import YamlRefused, load_yaml

CORPUS = Path(__file__).parents[4] / "shared" / "corpus"

OLD = """
schema-version: v1.2.9
title:
- {content: Quantities, language: [en], type: title-intro}
- {content: Quantities - Part 1, language: [en], type: main}
- {content: Grandeurs - Partie 1, language: [fr], type: main}
link:
- {content: 'https://www.iso.org/standard/1.html', type: src}
docid:
- {id: 'ISO 80000-1:2022', type: ISO, primary: true}
- {id: 'urn:iso:std:iso:80000:-1', type: URN}
date:
- {type: published, value: '2022-12'}
contributor:
- organization: {name: [{content: Organization for Standardization}], abbreviation: {content: ISO}}
  role: [{type: publisher}]
edition: {content: '2'}
language: [en, fr]
abstract:
- {content: "Tells of quantities &amp; units.", language: [en]}
docstatus:
  stage: {value: '60'}
  substage: {value: '60'}
relation:
- type: updates
  bibitem: {docid: [{id: 'ISO 80000-1:2030', type: ISO, primary: true}]}
ext:
  doctype: {type: international-standard}
  editorialgroup:
    technical_committee:
    - {name: Quantities and units, type: TC, identifier: ISO/TC 12}
  ics:
  - {code: '01.060', text: Quantities and units}
"""
NEW = """
schema_version: v1.5.6
title:
- {language: en, content: Overview, type: main}
source:
- {type: src, content: 'https://www.itu.int/rec/1'}
docidentifier:
- {content: ITU-T Y.3800 (10/2019), type: ITU, primary: true}
date:
- {type: published, at: '2019-10-25'}
contributor:
- role: [{type: publisher}]
  organization: {name: [{content: International Telecommunication Union}], abbreviation: {content: ITU}}
- role: [{type: author, description: [{content: committee}]}]
  organization:
    name: [{content: International Telecommunication Union}]
    subdivision:
    - {name: [{content: ITU-T Study Group 13}], type: technical-committee}
status: {stage: {content: Published}}
relation:
- type: complementOf
  bibitem: {docidentifier: [{content: Y Suppl. 1, type: ITU, primary: true}]}
- type: hasEdition
  bibitem: {docidentifier: [{content: Y.3800 (04/2018), type: ITU, primary: true}]}
ext:
  doctype: {content: recommendation}
"""


def read(text: str) -> Record | Refusal:
    return read_record(Member("root-abc1234/data/one.yaml", text.encode()), "set")


def test_the_older_schema_is_read_whole() -> None:
    assert read(OLD) == Record(
        identifier="ISO 80000-1:2022",
        docids=(("ISO", "ISO 80000-1:2022"), ("URN", "urn:iso:std:iso:80000:-1")),
        titles={"en": "Quantities - Part 1", "fr": "Grandeurs - Partie 1"},
        type="international-standard",
        bodies=("ISO",),
        committees=(Committee("ISO/TC 12", "Quantities and units"),),
        status={"stage": "60", "substage": "60"},
        stage="60.60",
        dates={"published": "2022-12"},
        edition="2",
        ics=(("01.060", "Quantities and units"),),
        relations=(Relation("updates", "ISO 80000-1:2030"),),
        languages=("en", "fr"),
        links=(("src", "https://www.iso.org/standard/1.html"),),
        abstract="Tells of quantities & units.",
        archive="set",
        path="data/one.yaml",
        schema="v1.2.9",
    )


@pytest.mark.parametrize("words", ["Title missing - Legacy paper document", "Title missing", "Withdrawn"])
def test_what_stands_in_place_of_a_title_is_none(words: str) -> None:
    french = "- {content: Termes généraux, language: fr, type: main}\n"
    front = f"docid: [{{id: 'IEC 1:1986'}}]\ntitle:\n- {{content: {words}, language: en, type: main}}\n"
    alone, beside = read(front), read(front + french)
    assert isinstance(alone, Record)
    assert isinstance(beside, Record)
    assert (alone.titles, alone.title) == ({}, "")
    assert beside.titles == {"fr": "Termes généraux"}


def test_the_newer_schema_is_read_whole_but_for_the_list_of_the_whole_series() -> None:
    assert read(NEW) == Record(
        identifier="ITU-T Y.3800 (10/2019)",
        docids=(("ITU", "ITU-T Y.3800 (10/2019)"),),
        titles={"en": "Overview"},
        type="recommendation",
        bodies=("ITU",),
        committees=(Committee("", "ITU-T Study Group 13"),),
        status={"stage": "Published"},
        dates={"published": "2019-10-25"},
        relations=(Relation("hasEdition", "Y.3800 (04/2018)"),),
        links=(("src", "https://www.itu.int/rec/1"),),
        archive="set",
        path="data/one.yaml",
        schema="v1.5.6",
    )


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "empty"),
        ("---\n", "empty"),
        ("- a\n- b\n", "no record"),
        ("title: x\n", "no identifier"),
        ("a: [1, 2\n", "not well-formed"),
        ("a: !!python/object/apply:os.system [ls]\n", "tag"),
        ("a: &x [1]\nb: *x\n", "alias"),
        ("a: 1\n---\nb: 2\n", "more than one document"),
        ("? [a, b]\n: c\n", "key"),
        ("a: 1\nb:\n- {c: 1}\n- c: 1\n  c: 2\n", "the key 'c' twice in one mapping (line 5)"),
        ("a: " + "[" * 100 + "]" * 100, "nested deeper"),
        ("a: b\x00c\n", ""),
    ],
)
def test_what_is_no_record_is_refused_with_its_reason(text: str, reason: str) -> None:
    found = read(text)
    assert isinstance(found, Refusal)
    assert reason in found.reason
    assert found.path == "data/one.yaml"


def test_an_aliased_bomb_is_refused_before_it_unfolds() -> None:
    bomb = "a0: &a0 [x, x]\n" + "".join(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]\n" for n in range(1, 60))
    with pytest.raises(YamlRefused, match="alias"):
        load_yaml(bomb.encode())


def test_bytes_that_are_no_utf_8_are_refused() -> None:
    with pytest.raises(YamlRefused):
        load_yaml(b"a: \xff\xfe\xfa\n")


plain = st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=20)
trees = st.recursive(plain, lambda inner: st.lists(inner) | st.dictionaries(plain, inner), max_leaves=20)


@given(trees)
def test_a_tree_of_text_comes_back_as_it_was_written(tree: object) -> None:
    written = yaml.safe_dump(tree, allow_unicode=True, default_style='"')
    assert load_yaml(written.encode()) == tree


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reader(data: bytes) -> None:
    found = read_record(Member("x.yaml", data), "set")
    assert isinstance(found, Refusal | Record)


def test_a_folder_is_read_with_what_is_odd_in_it_named(tmp_path: Path) -> None:
    (tmp_path / "a.yaml").write_text(OLD)
    (tmp_path / "b.yaml").write_text("")
    (tmp_path / "c.yaml").write_text(NEW)
    found = list(read_records(tmp_path))
    assert [type(one) for one in found] == [Record, Refusal, Record]


def test_neither_branch_nor_commit_nor_root_folder_is_part_of_a_name() -> None:
    assert archive_name(Path("x/relaton-data-itu-daa9deb2.tar.xz")) == "relaton-data-itu"
    assert archive_name(Path("relaton-data-iso-main.zip")) == "relaton-data-iso"
    assert inner_path("relaton-data-iso-main/data/a.yaml") == "data/a.yaml"
    assert inner_path("a.yaml") == "a.yaml"


@pytest.mark.skipif(not CORPUS.is_dir(), reason="the corpus of real records is not here")
@pytest.mark.parametrize("archive", ["itu", "iso", "iec", "ieee", "etsi"])
def test_real_records_are_read(archive: str) -> None:
    records = read_records(CORPUS / f"relaton-data-{archive}.tar.xz")
    found = [next(records) for _ in range(200)]
    good = [one for one in found if isinstance(one, Record)]
    assert len(good) >= 195
    assert sum(bool(one.title and one.type) for one in good) > len(good) * 0.9
