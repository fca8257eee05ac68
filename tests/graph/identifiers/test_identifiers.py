"""Identifiers: every way in which people cite a document leads to one canonical form, and back."""

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from isogloss.graph.identifiers import Identifier, Supplement, parse, verbatim
from isogloss.graph.terms import is_slug

CITATIONS = {
    "ISO/IEC 22989": ("ISO/IEC 22989", "iso-iec-22989"),
    "iso 22989:2022": ("ISO 22989:2022", "iso-22989-2022"),
    "ISO/IEC 22989 : 2022(E)": ("ISO/IEC 22989:2022", "iso-iec-22989-2022"),
    "ISO/IEC TR 24028:2020": ("ISO/IEC TR 24028:2020", "iso-iec-tr-24028-2020"),
    "ISO/CD 8145": ("ISO/CD 8145", "iso-cd-8145"),
    "ISO/DTR 123": ("ISO/DTR 123", "iso-dtr-123"),
    "ISO/AWI 9490.2": ("ISO/AWI 9490.2", "iso-awi-9490.2"),
    "IEC 60601-2-21:2009/AMD1:2016": ("IEC 60601-2-21:2009/Amd 1:2016", "iec-60601-2-21-2009-amd-1-2016"),
    "ISO/IEC 23894:2023/DAM 1": ("ISO/IEC 23894:2023/DAM 1", "iso-iec-23894-2023-dam-1"),
    "IEC 61000-4-5:2014+AMD1:2017 CSV": (
        "IEC 61000-4-5:2014+AMD1:2017 CSV", "iec-61000-4-5-2014-amd1-2017-csv",
    ),
    "ISO/IEC/IEEE 8802.11-2012": ("ISO/IEC/IEEE 8802-11:2012", "iso-iec-ieee-8802-11-2012"),
    "IEEE/ISO/IEC 29119-1-2021": ("ISO/IEC/IEEE 29119-1:2021", "iso-iec-ieee-29119-1-2021"),
    "IWA 45:2024": ("IWA 45:2024", "iwa-45-2024"),
    "ITU-T Rec. Y.3800 (10/2019)": ("ITU-T Y.3800 (10/2019)", "itu-t-y.3800-2019-10"),
    "Recommendation ITU-T L.1450": ("ITU-T L.1450", "itu-t-l.1450"),
    "Y.3800": ("ITU-T Y.3800", "itu-t-y.3800"),
    "itu-t y.3800": ("ITU-T Y.3800", "itu-t-y.3800"),
    "X.1303 bis": ("ITU-T X.1303bis", "itu-t-x.1303bis"),
    "ITU-T X.1303bis": ("ITU-T X.1303bis", "itu-t-x.1303bis"),
    "ITU-T G.992.3 (2002) Cor. 1 (12/2003)": (
        "ITU-T G.992.3 (2002) Cor. 1 (12/2003)", "itu-t-g.992.3-2002-cor-1-2003-12",
    ),
    "ITU-T X.701 (1992) Technical Cor. 3 (10/1996)": (
        "ITU-T X.701 (1992) Cor. 3 (10/1996)", "itu-t-x.701-1992-cor-3-1996-10",
    ),
    "G Suppl. 51 (06/2017)": ("ITU-T G Suppl. 51 (06/2017)", "itu-t-g-suppl-51-2017-06"),
    "ITU-T H.266 (V4) (01/2026)": ("ITU-T H.266 (V4) (01/2026)", "itu-t-h.266-v4-2026-01"),
    "ITU-R M.2117-0": ("ITU-R M.2117-0", "itu-r-m.2117-0"),
    "SM.329-12": ("ITU-R SM.329-12", "itu-r-sm.329-12"),
    "F.EAI-AC-BK": ("ITU-T F.EAI-AC-BK", "itu-t-f.eai-ac-bk"),
    "XSTR.AISec": ("ITU-T XSTR.AISec", "itu-t-xstr.aisec"),
    "IEEE Std 7000-2021": ("IEEE 7000-2021", "ieee-7000-2021"),
    "IEEE Std 7000™-2021": ("IEEE 7000-2021", "ieee-7000-2021"),
    "ANSI/IEEE Std 802.11-1999": ("IEEE 802.11-1999", "ieee-802.11-1999"),
    "P7001": ("IEEE P7001", "ieee-p7001"),
    "IEEE P7001/D-4-2021-08": ("IEEE P7001/D4-2021-08", "ieee-p7001-d4-2021-08"),
    "IEEE Std 1453-2015 Redline": ("IEEE 1453-2015 Redline", "ieee-1453-2015-redline"),
    "RFC 9334": ("RFC 9334", "rfc-9334"),
    "rfc9334": ("RFC 9334", "rfc-9334"),
    "draft-ietf-aipref-vocab-03": ("draft-ietf-aipref-vocab-03", "draft-ietf-aipref-vocab-03"),
    "EN ISO/IEC 23894": ("EN ISO/IEC 23894", "en-iso-iec-23894"),
    "DIN EN ISO 9001:2015": ("DIN EN ISO 9001:2015", "din-en-iso-9001-2015"),
    "prEN 18283": ("prEN 18283", "pren-18283"),
    "FprEN 18281:2026": ("FprEN 18281:2026", "fpren-18281-2026"),
    "prCEN/TS 17123": ("prCEN/TS 17123", "prcen-ts-17123"),
    "prCEN/CLC/TR 17894": ("prCEN/CLC/TR 17894", "prcen-clc-tr-17894"),
    "prEN ISO/IEC 23282": ("prEN ISO/IEC 23282", "pren-iso-iec-23282"),
    "prCEN/CLC ISO/IEC/TS 22440-1": ("prCEN/CLC ISO/IEC TS 22440-1", "prcen-clc-iso-iec-ts-22440-1"),
    "EN ISO/IEC 22989:2023/prA1": ("EN ISO/IEC 22989:2023/prA1", "en-iso-iec-22989-2023-pra-1"),
    "CEN/CLC/TR 17894:2024": ("CEN/CLC/TR 17894:2024", "cen-clc-tr-17894-2024"),
    "NIST AI 100-1": ("NIST AI 100-1", "nist-ai-100-1"),
    "SP 800-53r5": ("NIST SP 800-53 Rev. 5", "nist-sp-800-53-rev-5"),
    "NISTIR 8269": ("NIST IR 8269", "nist-ir-8269"),
    "FIPS 203": ("NIST FIPS 203", "nist-fips-203"),
    "ETSI TS 104223 V1.1.1": ("ETSI TS 104 223 V1.1.1", "etsi-ts-104-223-v1.1.1"),
    "ETSI GS QKD 014 V1.1.1 (2019-02)": ("ETSI GS QKD 014 V1.1.1 (2019-02)", "etsi-gs-qkd-014-v1.1.1"),
    "3GPP TS 24.281 version 18.12.0 Release 18": ("3GPP TS 24.281 V18.12.0", "3gpp-ts-24.281-v18.12.0"),
    "GB/T 45654-2025": ("GB/T 45654-2025", "gb-t-45654-2025"),
    "JIS B 8446-4:2025": ("JIS B 8446-4-2025", "jis-b-8446-4-2025"),
}  # fmt: skip


@pytest.mark.parametrize(("written", "expected"), CITATIONS.items())
def test_a_citation_leads_to_its_canonical_form_and_slug(written: str, expected: tuple[str, str]) -> None:
    found = parse(written)
    assert found is not None
    assert (found.canonical, found.slug) == expected


@pytest.mark.parametrize("written", CITATIONS)
def test_the_canonical_form_is_read_back_as_the_same_identifier(written: str) -> None:
    found = parse(written)
    assert found is not None
    assert parse(found.canonical) == found


@pytest.mark.parametrize(
    "text",
    [
        "",
        "AI",
        "ISO",
        "hello world",
        "ISO/IEC JTC 1/SC 42",
        "the standard on Y",
        "x" * 500,
        "IEEE 1076/D-4-6169",
    ],
)  # fmt: skip
def test_prose_and_committees_are_no_identifiers(text: str) -> None:
    assert parse(text) is None


def test_the_work_of_an_edition_is_undated_and_drafts_belong_to_it() -> None:
    for text, work in (
        ("ISO/DIS 22989", "iso-22989"),
        ("ISO/IEC 22989:2022", "iso-iec-22989"),
        ("IEEE P7001/D4-2021-08", "ieee-7001"),
        ("ETSI TS 104 223 V1.1.1 (2025-04)", "etsi-ts-104-223"),
        ("ITU-R M.2117-0", "itu-r-m.2117"),
        ("prEN 18283", "en-18283"),
        ("FprEN 18283:2026", "en-18283"),
        ("prCEN/TS 17123", "cen-ts-17123"),
        ("prEN ISO/IEC 23282", "en-iso-iec-23282"),
        ("FprCEN/CLC ISO/IEC TS 12791", "cen-clc-iso-iec-ts-12791"),
        ("EN ISO/IEC 22989:2023/prA1:2025", "en-iso-iec-22989-2023-a-1"),
    ):
        found = parse(text)
        assert found is not None
        assert found.work.slug == work


@pytest.mark.parametrize(
    ("text", "called"),
    [
        ("prEN 18281:2026", "prEN 18281"),
        ("FprEN ISO/IEC 12792:2025", "FprEN ISO/IEC 12792"),
        ("prCEN/CLC/TR 17894", "prCEN/CLC/TR 17894"),
        ("EN ISO/IEC 22989:2023/prA1:2025", "EN ISO/IEC 22989:2023/prA1"),
    ],
)
def test_a_european_draft_is_called_by_its_stage_until_it_is_published(text: str, called: str) -> None:
    found = parse(text)
    assert found is not None
    assert found.is_draft
    assert found.draft_of_work is not None
    assert found.draft_of_work.canonical == called
    assert found.draft_of_work.work == found.work


@pytest.mark.parametrize("text", ["EN 18286:2026", "EN ISO/IEC 22989:2023/A1:2026", "CEN/CLC/TR 18115:2024"])
def test_a_published_european_text_is_called_by_no_stage(text: str) -> None:
    found = parse(text)
    assert found is not None
    assert (found.is_draft, found.draft_of_work) == (False, None)


def test_an_amendment_is_a_work_of_its_own_and_knows_what_it_amends() -> None:
    found = parse("ISO 123:2015/Amd 1:2018")
    assert found is not None
    assert found.work.slug == "iso-123-2015-amd-1"
    assert found.supplemented == parse("ISO 123:2015")


def test_an_adoption_knows_what_it_adopts() -> None:
    found = parse("DIN EN ISO 9001:2015")
    assert found is not None
    assert found.adopted == parse("EN ISO 9001:2015")
    english = parse("EN ISO/IEC 23894:2024")
    assert english is not None
    assert english.adopted == parse("ISO/IEC 23894:2024")


def test_what_follows_no_grammar_is_kept_word_for_word() -> None:
    kept = verbatim("IEC White Paper Smart Cities:2014")
    assert kept.canonical == "IEC White Paper Smart Cities:2014"
    assert kept.work.slug == "iec-white-paper-smart-cities"


years = st.integers(1947, 2035).map(str)
numbers = st.integers(1, 99999).map(str)
parts = st.lists(st.integers(1, 99), max_size=2).map(lambda found: "".join(f"-{part}" for part in found))


def test_identifiers_in_other_letters_are_told_apart() -> None:
    texts = ("ГОСТ 5", "СТБ 5", "国家标准", "人工智能标准", "5", "5–6")
    slugs = [verbatim(text).slug for text in texts]
    assert len(set(slugs)) == len(texts)
    assert all(slugs)
    assert slugs[4:] == ["5", "56"]
    assert verbatim("ГОСТ 5:2020").slug == f"{slugs[0]}-2020"


@given(
    body=st.sampled_from(["EN", "CEN/TS", "CEN/CLC/TR", "EN ISO/IEC", "CEN ISO/TS", "CLC IEC/TR", "HD"]),
    stage=st.sampled_from(["pr", "Fpr"]), number=numbers, part=parts, year=years | st.just(""),
)  # fmt: skip
def test_any_european_draft_is_a_draft_of_the_work_that_it_becomes(
    body: str, stage: str, number: str, part: str, year: str
) -> None:
    draft, text = parse(f"{stage}{body} {number}{part}:{year}".rstrip(":")), parse(f"{body} {number}{part}")
    assert draft is not None
    assert text is not None
    assert parse(draft.canonical) == draft
    assert (draft.work, draft.is_draft, text.is_draft) == (text, True, False)


@given(
    publishers=st.sampled_from([("ISO",), ("IEC",), ("ISO", "IEC"), ("ISO", "IEC", "IEEE"), ("IEC", "IEEE")]),
    stage=st.sampled_from(["", "CD", "DIS", "FDIS", "AWI", "PRF"]),
    kind=st.sampled_from(["", "TR", "TS", "PAS", "Guide"]),
    number=numbers, part=parts, year=years | st.just(""),
    supplements=st.lists(
        st.builds(Supplement, st.sampled_from(["Amd", "Cor", "Add"]), numbers, years | st.just("")),
        max_size=2,
    ),
)  # fmt: skip
def test_any_iso_or_iec_identifier_goes_there_and_back(
    *, publishers: tuple[str, ...], stage: str, kind: str, number: str, part: str, year: str,
    supplements: list[Supplement],
) -> None:  # fmt: skip
    assume(year or not supplements)
    made = Identifier("iso", publishers, number + part, kind, year, stage, supplements=tuple(supplements))
    assert parse(made.canonical) == made


@given(
    sector=st.sampled_from("TR"), series=st.sampled_from("EFGHKLMPQVXYZ"), number=numbers,
    year=years, month=st.integers(1, 12),
)  # fmt: skip
def test_any_recommendation_goes_there_and_back(
    sector: str, series: str, number: str, year: str, month: int
) -> None:
    made = Identifier("itu", (f"ITU-{sector}",), f"{series}.{number}", date=f"{year}-{month:02}")
    assert parse(made.canonical) == made


@given(number=numbers, dots=st.lists(st.integers(1, 30), max_size=2), year=years)
def test_any_ieee_standard_goes_there_and_back(number: str, dots: list[int], year: str) -> None:
    made = Identifier("ieee", ("IEEE",), number + "".join(f".{dot}" for dot in dots), date=year)
    assert parse(made.canonical) == made


@given(st.text(max_size=60) | st.from_regex(r"(ISO|IEC|IEEE|ITU-T|ETSI|NIST|EN)[ /]{0,2}[\x20-\x7e]{0,40}"))
def test_no_text_breaks_the_parser_and_what_it_finds_can_be_written(text: str) -> None:
    found = parse(text)
    if found is not None:
        again = parse(found.canonical)
        assert again is None or again.slug == found.slug
        assert found.slug == "" or is_slug(found.slug)
