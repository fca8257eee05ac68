"""One word in all vocabularies: what each says, what is recorded between them, what is only near."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from playwright.sync_api import Browser
from pyoxigraph import RdfFormat, Store

from isogloss.api.app import create_app
from isogloss.api.compared import Compared
from isogloss.api.languages import best
from isogloss.api.mapping_words import Record, in_short, may_stand_in
from isogloss.api.term_views import TermView, Views
from isogloss.api.word_difference import difference
from isogloss.graph.engine.embedded import EmbeddedEngine
from isogloss.graph.search.index import write_index
from isogloss.graph.snapshot import Snapshot
from isogloss.mappings import sets
from isogloss.mappings.judged import by_iri
from isogloss.settings import Settings

from .barriers import assert_no_barrier
from .browsing import browsing
from .conftest import CountingEngine
from .serving import serving
from .test_pages import HTML

DEFINED = """@base <https://w3id.org/isogloss/id/vocabulary/one> .
@prefix sssom: <https://w3id.org/sssom/> . @prefix semapv: <https://w3id.org/semapv/vocab/> .
@prefix dc: <http://purl.org/dc/terms/> . @prefix void: <http://rdfs.org/ns/void#> .
@prefix ig: <https://w3id.org/isogloss/ontology#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix t: <https://w3id.org/isogloss/id/term/one/> .
@prefix v: <https://w3id.org/isogloss/id/vocabulary/> .
GRAPH <https://w3id.org/isogloss/graph/loaded-terms> {
v:one a ig:Vocabulary ; rdfs:label "One: a vocabulary"@en ; dc:source <#mine> .
<https://w3id.org/isogloss/id/mapping/one-model-exact-two-model> a ig:Mapping , sssom:Mapping ;
  rdfs:label "the models"@en ; sssom:subject_id t:model ; sssom:predicate_id skos:exactMatch ;
  sssom:mapping_justification semapv:ManualMappingCuration ;
  sssom:object_id <https://w3id.org/isogloss/id/term/two/model> .
<#mine> a void:Dataset ; dc:title "mine.csv" ; dc:rights "for us alone" .
v:two a ig:Vocabulary ; rdfs:label "Two: another"@en .
<https://w3id.org/isogloss/id/term/one/model> a ig:Term ; rdfs:label "model"@en ; skos:inScheme v:one ;
  skos:prefLabel "model"@en , "modèle"@fr ; skos:definition "a physical representation of a system"@en .
<https://w3id.org/isogloss/id/term/two/model> a ig:Term ; rdfs:label "model"@en ; skos:inScheme v:two ;
  skos:prefLabel "model"@en ; skos:definition "a mathematical representation of a system"@en ,
  "représentation mathématique d'un système"@fr .
<https://w3id.org/isogloss/id/term/two/model-2> a ig:Term ; rdfs:label "model"@en ; skos:inScheme v:two ;
  skos:prefLabel "model"@en ; skos:definition "somebody who poses for a painter"@en .
<https://w3id.org/isogloss/id/term/two/many> a ig:Term ; rdfs:label "many"@en ; skos:inScheme v:two ;
  skos:prefLabel "many"@en ; skos:definition "first"@en , "second"@en , "third"@en ,
  "fourth"@en , "fifth"@en . }
"""


@pytest.fixture(scope="module")
def defined(tmp_path_factory: pytest.TempPathFactory, settings: Settings) -> Iterator[httpx.Client]:
    """A server over a state that holds definitions."""
    folder: Path = tmp_path_factory.mktemp("defined")
    store = Store(str(folder / "store"))
    store.load(DEFINED.encode(), RdfFormat.TRIG)
    write_index(store, folder / "index.db")
    store.flush()
    del store
    snapshot = Snapshot(folder, {"digest": "defined", "built": "2026-01-01T00:00:00+00:00", "counts": {}})
    alone = settings.model_copy(update={"state": folder})  # else the server turns to the shared snapshot
    engine = EmbeddedEngine(folder / "store", digest="defined", settings=alone)
    with (
        serving(create_app(alone, engine, snapshot)) as address,
        httpx.Client(base_url=address, timeout=30) as client,
    ):
        yield client


def compared(client: httpx.Client, term: str) -> Any:
    answer = client.get("/api/compare", params={"term": term})
    assert answer.status_code == 200
    return answer.json()


def test_every_vocabulary_with_the_word_is_there_with_clause_edition_and_source(client: httpx.Client) -> None:
    found = compared(client, "explainability")
    core = {term["vocabulary"].rpartition("/")[2]: term for term in found["terms"] if term["core"]}
    assert {"iso-iec-22989-2022", "nist-airc-glossary"} <= set(core)
    assert core["iso-iec-22989-2022"]["clause"] == "3.5.7"
    assert core["iso-iec-22989-2022"]["edition"] == "ISO/IEC 22989:2022"
    page = client.get("/compare", params={"term": "explainability"}, headers=HTML).text
    assert "clause 3.5.7" in page
    act = client.get("/compare", params={"term": "AI system"}, headers=HTML).text
    assert "clause 3.1.4" in act
    assert ">Art. 3(1), " in act
    assert "Open the source" in page


@pytest.mark.parametrize("term", ["AI system", "ai  SYSTEM", "ai-system"])
def test_how_a_word_is_written_does_not_matter(client: httpx.Client, term: str) -> None:
    assert len([each for each in compared(client, term)["terms"] if each["core"]]) >= 8


def test_between_two_entries_stands_what_is_recorded_in_plain_words(client: httpx.Client) -> None:
    pairs = compared(client, "ai system")["pairs"]
    assert pairs
    record = pairs[0]["mappings"][0]
    assert record["says"] in {
        "means the same as", "means nearly the same as", "is narrower than", "is broader than",
        "is related to",
    }  # fmt: skip
    assert record["status"] in {"proposed", "accepted"}
    assert 0 <= record["confidence"] <= 1
    page = client.get("/compare", params={"term": "ai system"}, headers=HTML).text
    assert "May one word stand in for the other?" in page
    assert "no review" in page


def test_bias_stands_beside_what_nist_and_iso_say_and_who_has_no_word(client: httpx.Client) -> None:
    found = compared(client, "bias")
    core = {term["vocabulary"].rpartition("/")[2] for term in found["terms"] if term["core"]}
    assert {"iso-iec-22989-2022", "iso-iec-tr-24027-2021", "nist-airc-glossary"} <= core
    proposed = [m for pair in found["pairs"] for m in pair["mappings"] if m["status"] == "proposed"]
    assert len([m for m in proposed if not m["negated"]]) >= 3
    assert [each["none_in"].partition(":")[0] for each in found["without"]] == ["EU AI Act"]
    page = client.get("/compare", params={"term": "bias"}, headers=HTML).text
    assert "Who has no word for it" in page


def test_each_entry_says_at_once_whether_its_word_may_stand_in_for_the_one_asked_for(
    client: httpx.Client,
) -> None:
    page = client.get("/compare", params={"term": "bias"}, headers=HTML).text
    assert "<b>In place of ISO/IEC 22989 (2022)?</b> " in page.partition("</ul>\n<h2>")[0]
    against = "iso-iec-tr-24027-2021/bias"
    assert "against=iso-iec-tr-24027-2021%2Fbias" in page
    page = client.get("/compare", params={"term": "bias", "against": against}, headers=HTML).text
    assert "<b>In place of ISO/IEC TR 24027 (2021)?</b> " in page
    assert "In place of ISO/IEC 22989 (2022)?" not in page


def test_who_has_no_word_is_told_of_the_word_that_was_asked_for_alone(client: httpx.Client) -> None:
    found = compared(client, "provenance")
    core = {term["iri"] for term in found["terms"] if term["core"]}
    assert core < {term["iri"] for term in found["terms"]}
    assert {each["term"] for each in found["without"]} <= core
    page = client.get("/compare", params={"term": "provenance"}, headers=HTML).text
    assert "nothing found for “deep fake”" not in page


def test_the_vocabularies_that_matter_most_come_first(client: httpx.Client) -> None:
    core = [
        term["vocabulary"].rpartition("/")[2] for term in compared(client, "bias")["terms"] if term["core"]
    ]
    assert core[0] == "iso-iec-22989-2022"
    assert core.index("nist-airc-glossary") < core.index("ibm-ai-fairness-360")


def test_the_vocabularies_of_a_standards_body_stand_together_and_before_those_of_others(
    client: httpx.Client,
) -> None:
    core = [
        term["vocabulary"].rpartition("/")[2] for term in compared(client, "bias")["terms"] if term["core"]
    ]
    assert core[:2] == ["iso-iec-22989-2022", "iso-iec-tr-24027-2021"]
    nist = [core.index(slug) for slug in core if slug.startswith("nist-")]
    assert nist == list(range(nist[0], nist[0] + len(nist)))
    assert nist[-1] < core.index("ibm-ai-fairness-360")


def test_documents_on_the_subject_stand_beside_the_entries(client: httpx.Client) -> None:
    documents = compared(client, "bias")["documents"]
    assert any("IEEE 7003" in each["label"] for each in documents)
    assert all("bias" in each["label"].lower() for each in documents)
    page = client.get("/compare", params={"term": "bias"}, headers=HTML).text
    assert "Documents on the subject" in page
    assert "doc/publication/ieee-7003" in page


def entry(name: str) -> TermView:
    return TermView(
        iri=f"t:{name}", core=True, labels={"en": "word"}, others=(), vocabulary=f"v:{name}",
        vocabulary_label=name, edition="", document="", document_label="", clause="", gloss="",
        definitions=(), access="", page="",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("status", "told"),
    [
        ("accepted", ["One and Two do not mean the same by this word."]),
        ("proposed", ["One and Two do not mean the same by this word (proposed and not yet decided)."]),
        ("rejected", []),
    ],
)
def test_a_homonym_that_is_only_proposed_is_not_stated_as_a_fact(status: str, told: list[str]) -> None:
    one, two = entry("One"), entry("Two")
    denial = Record("m:1", one.iri, "exactMatch", two.iri, True, status)
    between: dict[frozenset[str], tuple[Record, ...]] = {frozenset({one.iri, two.iri}): (denial,)}
    assert Compared("word", Views((one, two), (denial,), between), ()).homonyms == told


def test_what_is_derived_is_marked_and_never_called_accepted(client: httpx.Client) -> None:
    pairs = compared(client, "safety")["pairs"]
    derived = [m for pair in pairs for m in pair["mappings"] if m["status"] == "derived"]
    assert {m["justification"] for m in derived} == {"MappingChaining"}
    assert "same (derived)" in client.get("/compare", params={"term": "safety"}, headers=HTML).text


def test_what_is_proposed_can_be_judged_from_the_comparison(client: httpx.Client, tmp_path: Path) -> None:
    compared_page = client.get("/compare", params={"term": "bias"}, headers=HTML).text
    assert 'href="compare/sheet?term=bias"' in compared_page
    page = client.get("/compare/sheet", params={"term": "bias"}, headers=HTML).text
    assert "isogloss mappings review" in page
    assert "\n  iso-iec-22989-2022-bias-exact-iso-iec-tr-24027-2021-bias \\\n" in page
    path = tmp_path / "bias.sssom.tsv"
    path.write_text(
        client.get("/api/compare", params={"term": "bias", "format": "review"}).text, encoding="utf-8"
    )
    shown = {m["iri"] for pair in compared(client, "bias")["pairs"] for m in pair["mappings"]}
    stated = set(by_iri(sets.read(path)))
    assert shown <= stated
    assert len(stated - shown) == len(compared(client, "bias")["without"])


def test_a_comparison_in_a_format_that_is_none_is_refused(client: httpx.Client) -> None:
    assert client.get("/api/compare", params={"term": "bias", "format": "xml"}).status_code == 400
    none = client.get("/api/compare", params={"term": "zzyzx", "format": "sssom"})
    assert none.headers["content-type"].startswith("application/sssom+tsv")


def test_a_word_that_nobody_has_is_no_error(client: httpx.Client) -> None:
    assert compared(client, "zzyzx")["terms"] == []
    assert "No vocabulary has this word." in client.get("/compare", params={"term": "zzyzx"}).text
    assert client.get("/compare").status_code == 200
    assert "waits for a judgement" in client.get("/compare/sheet", params={"term": "zzyzx"}).text
    assert client.get("/compare/sheet").status_code == 400


def test_what_one_word_has_to_judge_comes_on_sheets_that_cover_it_once(client: httpx.Client) -> None:
    proposed = {
        mapping["iri"].rpartition("/")[2]
        for pair in compared(client, "bias")["pairs"]
        for mapping in pair["mappings"]
        if mapping["status"] == "proposed"
    }
    shown: list[str] = []
    address = "/compare/sheet?term=bias"
    while address:
        page = client.get(address, headers=HTML).text
        shown += re.findall(r'name="verdict:([^"]+)" value="agree"', page)
        following = re.search(r'<a rel="next" href="([^"]+)"', page)
        address = urljoin("/compare/sheet", unescape(following[1])) if following else ""
    assert len(shown) == len(set(shown))
    assert proposed <= set(shown)
    assert client.get("/compare/sheet?term=bias&page=999", headers=HTML).status_code == 404


def test_a_comparison_costs_one_query(client: httpx.Client, engine: CountingEngine) -> None:
    before = len(engine.asked)
    client.get("/compare", params={"term": "robustness"}, headers=HTML)
    assert len(engine.asked) == before + 1


def test_definitions_that_the_state_holds_are_compared_word_by_word(defined: httpx.Client) -> None:
    page = defined.get("/compare", params={"term": "model", "against": "one/model"}, headers=HTML).text
    assert "<ins>mathematical</ins>" in page
    assert "<del>physical</del>" in page


def test_every_definition_of_an_entry_is_shown_or_counted(defined: httpx.Client) -> None:
    page = defined.get("/compare", params={"term": "many"}, headers=HTML).text
    assert page.count("<blockquote") == 3
    assert "2 more definitions" in page


def test_definitions_in_two_languages_are_not_compared_word_by_word(defined: httpx.Client) -> None:
    page = defined.get("/compare", params={"term": "model", "against": "one/model", "lang": "fr"}).text
    assert '<blockquote lang="fr">représentation mathématique d&#39;un système' in page
    assert "<ins>représentation" not in page


def test_definitions_with_hardly_a_word_in_common_stand_plain(defined: httpx.Client) -> None:
    page = defined.get("/compare", params={"term": "model", "against": "one/model"}).text
    assert "somebody who poses for a painter</blockquote>" in page


def test_the_two_definitions_of_a_mapping_are_compared_on_its_page(defined: httpx.Client) -> None:
    page = defined.get("/mappings/one-model-exact-two-model", headers=HTML).text
    assert "<ins>mathematical</ins>" in page
    assert "Compared word by word with the definition in One: a vocabulary." in page


def test_what_was_loaded_goes_out_with_its_licence(defined: httpx.Client) -> None:
    assert "Loaded from mine.csv: for us alone." in defined.get("/vocabularies/one.ttl").text


def test_two_entries_of_one_vocabulary_are_told_apart(defined: httpx.Client) -> None:
    assert compared(defined, "model")["homonyms"] == ["Two: another has more than one entry with this word."]


def test_labels_come_in_the_language_that_is_wanted(defined: httpx.Client) -> None:
    answer = defined.get("/api/compare", params={"term": "model", "lang": "fr,en"})
    assert [term["label"] for term in answer.json()["terms"]] == ["modèle", "model", "model"]
    page = defined.get("/compare", params={"term": "modèle"}, headers=HTML | {"accept-language": "fr"})
    assert "modèle" in page.text
    assert ">fr</abbr>" in page.text
    assert "Accept-Language" in page.headers["vary"]


@given(st.lists(st.sampled_from(["a", "system", "that", "infers", "outputs"])), st.text(max_size=40))
def test_a_difference_holds_both_texts(words: list[str], other: str) -> None:
    here = " ".join(words)
    pieces = difference(other, here)
    assert " ".join(p.text for p in pieces if p.kind != "only_there").split() == here.split()
    there = sum(len(p.text.split()) for p in pieces if p.kind != "only_here")
    assert there == len(other.split())


def test_languages_fall_back_in_order() -> None:
    texts = {"en": "bias", "fr": "biais", "zh-Hans": "偏差"}
    assert best(texts, ("de", "fr")) == ("biais", "fr")
    assert best(texts, ("zh",)) == ("偏差", "zh-Hans")
    assert best(texts, ("de",)) == ("bias", "en")
    assert best({"ja": "偏り"}, ("de",)) == ("偏り", "ja")
    assert best({}, ("en",)) == ("", "")


def test_a_denial_outweighs_a_match_and_a_rejected_record_says_nothing() -> None:
    same = Record("m:1", "a", "exactMatch", "b", confidence=0.9)
    denied = Record("m:2", "a", "exactMatch", "b", negated=True, confidence=0.5)
    assert may_stand_in([same], "a").startswith("Likely")
    assert may_stand_in([same, denied], "a").startswith("No")
    assert may_stand_in([Record("m:3", "a", "exactMatch", "b", status="rejected")], "a").startswith(
        "Not known"
    )


def test_narrower_and_broader_depend_on_the_side() -> None:
    record = Record("m:1", "a", "broadMatch", "b", status="accepted")
    assert in_short([record], "a") == "narrower"
    assert in_short([record], "b") == "broader"
    assert may_stand_in([record], "a").startswith("Only in part")
    assert may_stand_in([record], "b").startswith("Not without more")


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with browsing() as browser:
        yield browser


@pytest.mark.parametrize("width", [1280, 390])
def test_the_comparison_has_no_barrier_and_fits(browser: Browser, address: str, width: int) -> None:
    assert_no_barrier(browser, address + "/compare?term=ai+system", width)
