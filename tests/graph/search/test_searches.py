"""Searches as researchers type them, each with what they would expect to see first."""

from __future__ import annotations

import pytest

from isogloss.graph.search.finder import Finder, Found, Wanted
from isogloss.graph.snapshot import Snapshot
from isogloss.ontology import names


@pytest.fixture(scope="module")
def finder(snapshot: Snapshot) -> Finder:
    return Finder(snapshot.index)


def foremost(found: Found) -> list[str]:
    return [item.iri.removeprefix(f"{names.BASE}id/") for item in found.items[:5]]


FIRST = [
    # citations, however they are written
    ("ISO 42001", "publication/iso-iec-42001"),
    ("42001", "publication/iso-iec-42001"),
    ("y.3800", "publication/itu-t-y.3800"),
    ("itu-t y3172", "publication/itu-t-y.3172"),
    ("ITU-T Recommendation Y.3172", "publication/itu-t-y.3172"),
    ("Rec. ITU-T X.1303", "publication/itu-t-x.1303"),
    ("X.1303 bis", "publication/itu-t-x.1303bis"),
    ("F.748.11", "publication/itu-t-f.748.11"),
    ("P7001", "publication/ieee-7001"),
    ("ieee std 7000-2021", "publication/ieee-7000-2021"),
    ("ieee p3119", "publication/ieee-3119"),
    ("IEEE 2841", "publication/ieee-2841"),
    ("ISO/IEC 22989:2022", "publication/iso-iec-22989-2022"),
    ("iso iec 22989", "publication/iso-iec-22989"),
    ("22989", "publication/iso-iec-22989"),
    ("urn:iso:std:iso-iec:22989", "publication/iso-iec-22989"),
    ("10.1109/IEEESTD.2021.9536679", "publication/ieee-7000-2021"),
    ("https://doi.org/10.1109/IEEESTD.2021.9536679", "publication/ieee-7000-2021"),
    ("iso 23894:2023", "publication/iso-iec-23894-2023"),
    ("ISO/IEC TR 24028:2020", "publication/iso-iec-tr-24028-2020"),
    ("EN 304 223", "publication/etsi-en-304-223"),
    ("prEN 18286", "publication/en-18286"),
    ("nist ai 100-1", "publication/nist-ai-100-1"),
    ("AI 600-1", "publication/nist-ai-600-1"),
    ("rfc9421", "publication/rfc-9421"),
    ("iso 8373", "publication/iso-8373"),
    ("C2PA 2.4", "publication/c2pa-specification-2.4"),
    ("y3800", "publication/itu-t-y.3800"),
    ("T-REC-Y.3800-201910-I", "publication/itu-t-y.3800-2019-10"),
    ("https://www.itu.int/rec/T-REC-Y.3800/en", "publication/itu-t-y.3800"),
    ("ITU-T Y.3172:2019", "publication/itu-t-y.3172"),
    ("Y.Sup72", "publication/itu-t-y-suppl-72"),
    ("ISO/IEC 42001 (2023)", "publication/iso-iec-42001-2023"),
    ("24028", "publication/iso-iec-tr-24028"),
    ("ISO/IEC 22989/AMD1", "publication/iso-iec-22989-2022-amd-1"),
    ("Y.3802 Amd. 1", "publication/itu-t-y.3802-2020-amd-1"),
    ("urn:iso:std:iso-iec:42001:ed-1:v1:en", "publication/iso-iec-42001"),
    ("urn:iso:std:iso-iec:tr:24029:-1:ed-1:v1:en", "publication/iso-iec-tr-24029-1"),
    ("urn:ietf:rfc:9421", "publication/rfc-9421"),
    ("https://datatracker.ietf.org/doc/rfc9421/", "publication/rfc-9421"),
    ("https://doi.org/10.6028/NIST.AI.100-1", "publication/nist-ai-100-1"),
    ("NIST AI 100-1 (2023)", "publication/nist-ai-100-1"),
    ("GR SAI 004", "publication/etsi-gr-sai-004"),
    ("TS 23.288", "publication/3gpp-ts-23.288"),
    ("802.11", "publication/ieee-802.11"),
    ("CEN/CLC/JTC 21", "body/cen-clc-jtc-21"),
    ("CEN-CENELEC JTC 21", "body/cen-clc-jtc-21"),
    ("ITU-T SG13", "body/itu-t-sg13"),
    ("Study Group 21", "body/itu-t-sg21"),
    ("AI RMF", "publication/nist-ai-rmf"),
    ("C2PA 2.1", "publication/c2pa-specification"),
    # names and acronyms
    ("qkd", "theme/quantum-key-distribution"),
    ("BCI", "theme/brain-computer-interfaces"),
    ("brain-computer interfaces", "theme/brain-computer-interfaces"),
    ("pqc", "theme/quantum-safe-cryptography"),
    ("post-quantum cryptography", "theme/quantum-safe-cryptography"),
    ("GAN", "term/eu-us-ttc-2024/generative-adversarial-network"),
    ("SC 42", "body/iso-iec-jtc-1-sc-42"),
    ("jtc1/sc42", "body/iso-iec-jtc-1-sc-42"),
    ("JTC 21", "body/cen-clc-jtc-21"),
    ("sg 13", "body/itu-t-sg13"),
    ("study group 17", "body/itu-t-sg17"),
    ("ISO TC 299", "body/iso-tc-299"),
    ("AMAS", "body/amas"),
    ("jpeg", "body/jpeg"),
    ("mcp", "publication/mcp"),
    ("Model Context Protocol", "publication/mcp"),
    ("A2A", "publication/a2a"),
    ("ai act", "publication/eu-ai-act"),
    ("EU AI Act", "publication/eu-ai-act"),
    ("Artificial Intelligence Act", "publication/eu-ai-act"),
    ("OECD AI principles", "publication/oecd-ai-principles"),
    ("council of europe convention", "publication/council-of-europe-convention"),
    ("deepfake detection", "theme/deepfake-detection"),
    ("watermark", "theme/watermarking"),
    # words, in English and French
    ("explicabilité", "publication/iso-iec-ts-6254"),
    ("jeux de données", "publication/iso-37114"),
    ("jpeg trust", "publication/iso-iec-21617-1"),
    ("neural network exchange format", "publication/nnef-2.0-draft"),
    ("Study Group 13", "body/itu-t-sg13"),
    ("NIST AI 100-2", "publication/nist-ai-100-2e2025"),
]

AMONG = [
    ("ISO 42001", {"publication/iso-iec-42001-2023", "publication/bs-iso-iec-42001"}),
    ("y.3800", {"publication/itu-t-y.3800-2019-10", "publication/itu-t-y.3800-2019-cor-1"}),
    ("edge ai draft itu", {"publication/itu-t-f.748.79", "publication/itu-t-y.4509"}),
    ("qkd", {"publication/etsi-gr-qkd-007", "term/ai-standards-exchange-2025/quantum-key-distribution"}),
    ("watermark", {"publication/etsi-ts-104-002"}),
    ("bias", {"publication/ieee-7003", "term/nist-airc-glossary/bias"}),
    ("ai risk management", {"publication/en-18228", "publication/nist-ai-100-1"}),
    ("nist rmf", {"publication/nist-ai-100-1", "publication/nist-ai-rmf"}),
    ("nist ai rmf", {"publication/nist-ai-100-1"}),
    ("ISO/IEC JTC 1/SC 42 under development", {"publication/iso-iec-ts-42119-3"}),
    ("ITU-T SG 21 drafts", {"publication/itu-t-f.dche-reqs"}),
    ("iso 22989 amendment", {"publication/iso-iec-22989-2022-amd-1"}),
    ("prEN ISO/IEC 23894", {"publication/en-iso-iec-23894"}),
    ("standards on watermarking in force", {"publication/ieee-3361"}),
    ("machine learning in future networks", {"publication/itu-t-y.3172"}),
    ("data quality machine learning", {"publication/iso-iec-5259-1"}),
    ("digital twin", {"publication/iso-iec-30173"}),
    ("content credentials", {"publication/iso-22144", "publication/c2pa-specification"}),
    ("generative ai", {"term/iso-iec-22989-2022-damd-1/generative-ai"}),
    ("human oversight", {"publication/en-18229-3", "theme/human-oversight-of-agents"}),
    ("explainable ai", {"publication/nist-ir-8312", "publication/ieee-2894"}),
    ("trustworthiness", {"publication/iso-iec-ts-5723"}),
    ("intelligence artificielle", {"publication/iso-iec-22989"}),
    ("apprentissage automatique", {"publication/iso-iec-tr-17903"}),
    ("gestion des risques", {"publication/iso-14971"}),
    ("système d'IA", {"publication/iso-iec-42005"}),
    ("robotics iso draft", {"publication/iso-21423"}),
    ("embodied ai itu-t", {"publication/itu-t-f.748.66", "publication/itu-t-f.rf-eai"}),
    ("smart cities itu", {"publication/itu-t-y.4470"}),
    ("ISO/IEC 5259", {"publication/iso-iec-5259-1", "publication/iso-iec-5259-2"}),
    ("ieee ethics", {"publication/ieee-7000"}),
    ("digital twin city", {"publication/itu-t-y.4224"}),
    ("postquantum", {"publication/rfc-9958"}),
    ("agentic ai", {"theme/agentic-ai-security"}),
]


@pytest.mark.parametrize(("words", "first"), FIRST)
def test_what_is_meant_comes_first(finder: Finder, words: str, first: str) -> None:
    assert foremost(finder.search(Wanted(words)))[0] == first


@pytest.mark.parametrize(("words", "expected"), AMONG)
def test_what_one_looks_for_is_among_the_first_five(finder: Finder, words: str, expected: set[str]) -> None:
    assert expected <= set(foremost(finder.search(Wanted(words))))


@pytest.mark.parametrize("words", ["rfc 9334", "iec 62443", "h.266", "ISO 99999"])
def test_a_number_that_nothing_has_finds_nothing_and_is_not_respelt(finder: Finder, words: str) -> None:
    found = finder.search(Wanted(words))
    assert (found.total, found.instead) == (0, "")


@pytest.mark.parametrize(
    ("words", "instead"),
    [
        ("artifical inteligence", "artificial intelligence"),
        ("machne learning", "machine learning"),
        ("quantom key distribution", "quantum key distribution"),
        ("explanability", "explainability"),
        ("aprendizaje automático", ""),
    ],
)
def test_the_nearest_spelling_is_offered_where_there_is_a_near_one(
    finder: Finder, words: str, instead: str
) -> None:
    assert finder.search(Wanted(words)).instead == instead


@pytest.mark.parametrize(
    ("citation", "nearest"),
    [
        ("ISO/IEC 23894:2023/Amd 1", "ISO/IEC 23894:2023"),
        ("ISO/IEC 42001:2023/Cor 3:2031", "ISO/IEC 42001:2023"),
    ],
)
def test_a_citation_of_what_is_not_here_leads_to_what_it_amends(
    finder: Finder, citation: str, nearest: str
) -> None:
    found = finder.search(Wanted(citation))
    assert (found.total, found.instead) == (0, nearest)


def test_since_a_year_means_that_year_and_later_ones(finder: Finder) -> None:
    found = finder.search(Wanted("standards about qkd since 2024", per_page=500))
    narrowed = finder.search(Wanted("qkd", first_year="2024", per_page=500))
    assert (found.asked, found.matched) == (2, 2)
    assert {item.iri for item in narrowed.items} <= {item.iri for item in found.items}
    assert any("year 2025" in item.why for item in found.items)


def test_a_study_group_may_be_named_in_words(finder: Finder) -> None:
    in_words, short = finder.search(Wanted("study group 17 draft")), finder.search(Wanted("sg17 draft"))
    assert (in_words.total, in_words.matched) == (short.total, 2)


def test_one_letter_is_no_beginning_of_a_word(finder: Finder) -> None:
    assert finder.search(Wanted("C++")).total < finder.search(Wanted("ci")).total


def test_words_that_together_name_a_body_or_a_status_are_one_part(finder: Finder) -> None:
    found = finder.search(Wanted("ISO/IEC JTC 1/SC 42 under development"))
    assert (found.asked, found.matched) == (2, 2)
    for item in found.items:
        assert item.why == "body ISO/IEC JTC 1/SC 42, Artificial intelligence, status under development"


def test_what_lacks_a_part_of_the_search_says_so(finder: Finder) -> None:
    found = finder.search(Wanted("edge ai draft itu"))
    assert (found.asked, found.matched) == (4, 3)
    assert all(len(item.lacks) == 1 for item in found.items)
    assert found.items[0].lacks == ("draft",)


def test_what_is_named_in_another_spelling_shows_its_own(finder: Finder) -> None:
    item = finder.search(Wanted("P7001")).items[0]
    assert (item.why, item.extract) == ("identifier", "«IEEE 7001»")


def test_a_reason_names_no_more_places_than_it_takes_to_have_all_words(finder: Finder) -> None:
    item = finder.search(Wanted("jpeg trust")).items[0]
    assert item.why == "title"
    assert "«JPEG» «Trust»" in item.extract


def test_rules_of_ours_come_after_all_that_people_look_for(finder: Finder) -> None:
    found = finder.search(Wanted("SC 42", per_page=500))
    ours = ["-rule/" in item.iri for item in found.items]
    assert any(ours)
    assert ours == sorted(ours)


def test_a_year_and_a_status_narrow_what_a_body_has(finder: Finder) -> None:
    found = finder.search(Wanted("itu in force 2025", per_page=500))
    assert found.matched == found.asked == 3
    assert {item.year for item in found.items if item.kind == "publication"} == {"2025"}
