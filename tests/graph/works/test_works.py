"""From records to works: editions, drafts, supersession, statuses."""

from collections.abc import Iterable

import pytest

from isogloss.graph.readers.relaton import Committee, Record, Relation
from isogloss.graph.works.bodies import Register
from isogloss.graph.works.editions import Edition, gather, identify
from isogloss.graph.works.families import Catalogue, Link, arrange
from isogloss.graph.works.kept import Kept


def record(identifier: str, *, published: str = "", stage: str = "", **more: object) -> Record:
    word = more.pop("word", "")
    fields: dict[str, object] = {"titles": {"en": more.pop("title", "A title of some length")}, **more}
    fields.setdefault("status", {"stage": word} if word else {})
    dates = {"published": published} if published else {}
    return Record(identifier, stage=stage, dates=dates, **fields)  # type: ignore[arg-type]


def catalogue(*records: Record) -> Catalogue:
    return arrange(gather(Kept(one) for one in records))


def one_edition(*records: Record) -> Edition:
    (edition,) = gather(Kept(one) for one in records).values()
    return edition


def statuses(found: Catalogue) -> dict[str, str]:
    return {slug: edition.status for slug, edition in found.editions.items()}


def links(found: Catalogue) -> set[tuple[str, str, str]]:
    return {(one.source, one.kind, one.target) for one in found.links}


def relations(*pairs: tuple[str, str] | tuple[str, str, str]) -> tuple[Relation, ...]:
    return tuple(Relation(*pair) for pair in pairs)


def test_dated_editions_stand_under_one_undated_work_from_old_to_new() -> None:
    found = catalogue(
        record("ISO 9:1995", published="1995-02", stage="90.93"),
        record("ISO 9:1986", published="1986-09", stage="95.99"),
    )
    (work,) = found.works.values()
    assert work.slug == "iso-9"
    assert [edition.slug for edition in work.editions] == ["iso-9-1986", "iso-9-1995"]
    assert (work.status, work.newest.date) == ("in-force", "1995-02")


def test_a_work_of_which_there_is_only_a_european_draft_is_called_as_the_draft_is() -> None:
    (draft,) = catalogue(record("prEN 18281")).works.values()
    assert (draft.slug, draft.name, draft.status) == ("en-18281", "prEN 18281", "unknown")
    told = {"status": "under development"}
    (text,) = catalogue(
        record("prEN 18281", status=told), record("EN 18281:2027", published="2027-02")
    ).works.values()
    assert (text.slug, text.name) == ("en-18281", "EN 18281")


def test_a_study_group_has_the_periods_that_a_record_tells_and_no_others_before_2022() -> None:
    committee = Committee("ITU-T Study Group 17")
    register = Register()
    told = record("ITU-T Z.141 (02/2003)", published="2003-02", committees=(committee,))
    register.committees(identify(told), told)
    assert register.bodies["itu-t-sg17"].periods == ("2001-2004", "2022-2024", "2025-2028")


@pytest.mark.parametrize(
    ("stage", "status"),
    [
        ("60.60", "in-force"), ("90.20", "in-force"), ("90.92", "in-force"), ("90.93", "in-force"),
        ("95.20", "in-force"), ("95.99", "withdrawn"), ("60.00", "under-development"),
        ("40.20", "under-development"), ("30.98", "withdrawn"),
    ],
)  # fmt: skip
def test_isos_harmonized_codes_are_read(stage: str, status: str) -> None:
    found = catalogue(record("ISO 9:1995", published="1995", stage=stage))
    assert statuses(found)["iso-9-1995"] == status


def test_a_withdrawn_text_is_superseded_where_a_newer_one_is_linked() -> None:
    found = catalogue(
        record("ISO 9:1986", published="1986", stage="95.99", relations=relations(("updates", "ISO 9:1995"))),
        record("ISO 9:1995", published="1995", stage="60.60"),
    )
    assert statuses(found) == {"iso-9-1986": "superseded", "iso-9-1995": "in-force"}


def test_isos_updates_points_to_the_newer_text_and_obsoletes_to_the_older() -> None:
    older = record("ISO 9:1986", published="1986", relations=relations(("updates", "ISO 10:1995")))
    newer = record("ISO 11:1999", published="1999", relations=relations(("obsoletes", "ISO 10:1995")))
    found = catalogue(older, newer, record("ISO 10:1995", published="1995"))
    assert links(found) == {
        ("iso-10-1995", "supersedes", "iso-9-1986"), ("iso-11-1999", "supersedes", "iso-10-1995"),
    }  # fmt: skip
    assert not any(link.derived for link in found.links)


def test_an_amendment_that_updates_a_text_does_not_take_its_place() -> None:
    text = record("ISO 9:2015", published="2015", relations=relations(("updates", "ISO 9:2015/Amd 1:2024")))
    found = catalogue(text, record("ISO 9:2015/Amd 1:2024", published="2024"))
    assert links(found) == {("iso-9-2015-amd-1-2024", "amends", "iso-9-2015")}


def test_ieees_updates_says_by_its_description_which_way_it_goes() -> None:
    revises, amends = (relations(("updates", "IEEE Std 7-2020", said)) for said in ("revises", "amends"))
    found = catalogue(
        record("IEEE Std 7-2020", published="2020"),
        record("IEEE Std 7-2024", published="2024", relations=revises),
        record("IEEE Std 7a-2022", published="2022", relations=amends),
    )
    assert links(found) == {
        ("ieee-7-2024", "supersedes", "ieee-7-2020"), ("ieee-7a-2022", "amends", "ieee-7-2020"),
    }  # fmt: skip


def test_where_no_record_says_what_took_a_texts_place_the_dates_do_and_it_is_marked() -> None:
    found = catalogue(
        record("ITU-T Y.1 (10/2019)", published="2019-10-25", word="Withdrawal"),
        record("ITU-T Y.1 (03/2023)", published="2023-03-01", word="Published"),
    )
    assert found.links == {Link("supersedes", "itu-t-y.1-2023-03", "itu-t-y.1-2019-10", derived=True)}
    assert statuses(found)["itu-t-y.1-2019-10"] == "superseded"


def test_a_relation_that_time_makes_impossible_is_not_believed() -> None:
    found = catalogue(
        record("IEEE Std 1-2021", published="2021", relations=relations(("adoptedFrom", "IEEE Std 2-2024"))),
        record("IEEE Std 2-2024", published="2024"),
    )
    assert not found.links
    assert len(found.doubted) == 1


def test_two_records_of_one_document_are_one_edition_with_both_behind_it_and_the_rule_told() -> None:
    iso = record("ISO/IEC 22989:2022", published="2022-07", stage="60.60", archive="iso", path="a")
    iec = record("ISO/IEC 22989:2022", published="2022-07-19", word="PUBLISHED", archive="iec", path="b")
    edition = one_edition(iso, iec)
    assert len(edition.records) == 2
    assert edition.date == "2022-07-19"
    assert [merge.rule for merge in edition.merges] == ["same-identifier"]


def test_of_two_stages_in_one_archive_the_later_schema_is_believed() -> None:
    old = record("ISO 28017:2018", stage="90.60", archive="iso", path="a", schema="v1.2.7")
    new = record("ISO 28017:2018", stage="90.92", archive="iso", path="b", schema="v1.2.9")
    assert one_edition(new, old).record.stage == "90.92"
    assert one_edition(old, new).record.stage == "90.92"


def test_of_two_archives_the_one_that_knows_of_a_later_life_is_believed() -> None:
    iso = record("ISO/IEC 9:2000", published="2000", stage="60.60", archive="iso")
    iec = record("ISO/IEC 9:2000", published="2000", word="WITHDRAWN", archive="iec")
    assert one_edition(iso, iec).verdict.status == "withdrawn"


def test_one_text_whose_publishers_differ_between_two_archives_is_one_edition() -> None:
    title = "Precision clock synchronization protocol for networked measurement"
    edition = one_edition(
        record("IEC 61588:2021", published="2021-06-08", title=title, archive="iec"),
        record("IEC/IEEE 61588-2021", published="2021-06-15", title=title, archive="ieee"),
    )
    assert edition.slug == "iec-ieee-61588-2021"
    assert [merge.rule for merge in edition.merges] == ["same-number-year-and-title"]


def test_a_work_whose_publishers_changed_goes_by_its_newest_identifier() -> None:
    found = catalogue(
        record("ISO 2022:1986", published="1986", title="Character sets",
               relations=relations(("updates", "ISO/IEC 2022:1994"))),
        record("ISO/IEC 2022:1994", published="1994", title="Code structure"),
    )  # fmt: skip
    (work,) = found.works.values()
    assert work.slug == "iso-iec-2022"
    assert [one.canonical for one in work.former] == ["ISO 2022"]
    assert [merge.rule for merge in work.merges] == ["same-number-and-superseded"]


def test_namesakes_stay_apart() -> None:
    found = catalogue(
        record("IEC 823:1990", published="1990", title="Microprocessor system bus"),
        record("ISO 823:1975", published="1975", title="Particle boards - Determination of moisture"),
    )
    assert set(found.works) == {"iec-823", "iso-823"}


def test_an_undated_draft_waits_beside_the_editions_and_says_what_it_revises() -> None:
    found = catalogue(
        record("ISO 8145:1994", published="1994", stage="90.92"),
        record("ISO/CD 8145", stage="30.99", relations=relations(("obsoletes", "ISO 8145:1994"))),
    )
    (work,) = found.works.values()
    assert [one.slug for one in work.undated] == ["iso-cd-8145"]
    assert work.status == "in-force"
    assert links(found) == {("iso-cd-8145", "revises", "iso-8145-1994")}


def test_a_draft_of_an_edition_that_was_published_is_no_longer_under_development() -> None:
    found = catalogue(
        record("ISO/IEC 5259-1", stage="60.00", edition="1"),
        record("ISO/IEC CD 5259-1", stage="30.60", edition="2"),
        record("ISO/IEC 5259-1:2024", published="2024-07-02", stage="60.60", edition="1"),
    )
    assert statuses(found) == {
        "iso-iec-5259-1": "superseded", "iso-iec-cd-5259-1": "under-development",
        "iso-iec-5259-1-2024": "in-force",
    }  # fmt: skip


def test_drafts_of_an_amendment_that_name_its_base_without_a_year_are_over_once_it_is_out() -> None:
    def amended(edition: str) -> Catalogue:
        return catalogue(
            record("ISO/IEC 14496-15:2024/Amd 1:2025", published="2025-01", stage="60.60", edition="7"),
            record("ISO/IEC 14496-15/FDAM 1", stage="50.00", edition=edition),
        )

    out = amended("7")
    assert set(out.works) == {"iso-iec-14496-15-2024-amd-1"}
    assert statuses(out)["iso-iec-14496-15-fdam-1"] == "superseded"
    assert statuses(amended("8"))["iso-iec-14496-15-fdam-1"] == "under-development"


def test_what_iso_says_will_replace_a_text_revises_it_and_is_not_replaced_by_it() -> None:
    found = catalogue(
        record("ISO/CD 9001.2", stage="30.99", edition="6"),
        record("ISO 9001:2015", published="2015", stage="90.92", edition="5",
               relations=relations(("obsoletes", "ISO/CD 9001.2"))),
    )  # fmt: skip
    assert statuses(found) == {"iso-cd-9001.2": "under-development", "iso-9001-2015": "in-force"}
    assert links(found) == {("iso-cd-9001.2", "revises", "iso-9001-2015")}


def test_itu_editions_with_versions_come_after_older_ones_without() -> None:
    found = catalogue(
        record("ITU-T H.264 (04/2013)", published="2013-04-13", word="Withdrawal"),
        record("ITU-T H.264 (V9) (02/2014)", published="2014-02-13", word="Withdrawal"),
        record("ITU-T H.264 (V16) (06/2026)", published="2026-06-13", word="Published"),
    )
    (work,) = found.works.values()
    assert (work.newest.slug, work.newest.date) == ("itu-t-h.264-v16-2026-06", "2026-06-13")
    assert statuses(found)["itu-t-h.264-2013-04"] == "superseded"


def test_an_ieee_draft_is_superseded_once_its_standard_is_there() -> None:
    draft = record("IEEE P7001/D-4-2021-08", published="2021-08-30",
                   status={"stage": "draft", "standard_status": "Active"})  # fmt: skip
    standard = record("IEEE Std 7001-2021", published="2022-03-04",
                      status={"stage": "approved", "standard_status": "Active"})  # fmt: skip
    assert statuses(catalogue(draft)) == {"ieee-p7001-d4-2021-08": "under-development"}
    both = statuses(catalogue(draft, standard))
    assert both == {"ieee-p7001-d4-2021-08": "superseded", "ieee-7001-2021": "in-force"}


ACTIVE = {"stage": "approved", "standard_status": "Active"}


def test_an_active_ieee_standard_is_superseded_where_a_record_says_what_revises_it() -> None:
    revises = relations(("updates", "IEEE Std 7-2020", "revises"))
    older = record("IEEE Std 7-2020", published="2020", status=ACTIVE)
    alone = record("IEEE Std 7-2024", published="2024", status=ACTIVE)
    revision = record("IEEE Std 7-2024", published="2024", status=ACTIVE, relations=revises)
    assert statuses(catalogue(older, alone)) == {"ieee-7-2020": "in-force", "ieee-7-2024": "in-force"}
    assert statuses(catalogue(older, revision)) == {"ieee-7-2020": "superseded", "ieee-7-2024": "in-force"}


def test_a_draft_that_is_over_says_nothing_of_the_text_that_has_its_number() -> None:
    over = {"stage": "draft", "standard_status": "Inactive", "standard_modified": "Draft"}
    found = catalogue(
        record("IEC/IEEE 80005-1:2019", published="2019", status=ACTIVE, archive="ieee", path="a"),
        record("IEC/IEEE 80005-1:2019", published="2019", status=over, archive="ieee", path="b"),
        record("IEC/IEEE 80005-1:2019", published="2019-03", word="PUBLISHED", archive="iec"),
    )
    assert statuses(found) == {"iec-ieee-80005-1-2019": "in-force"}


def test_an_amendment_under_the_number_of_what_it_amends_does_not_speak_for_it() -> None:
    amends = relations(("updates", "IEEE Std 802.3-2022", "amends"))
    found = catalogue(
        record("IEEE Std 802.3-2022", published="2022-07-28", status=ACTIVE, title="Ethernet"),
        record("IEEE Std 802.3", published="2023-04-26", status=ACTIVE, title="Ethernet Amendment 7",
               relations=amends),
    )  # fmt: skip
    (work,) = found.works.values()
    assert [one.slug for one in work.editions] == ["ieee-802.3-2022", "ieee-802.3-2023"]
    assert work.newest.record.title == "Ethernet"
    assert statuses(found)["ieee-802.3-2022"] == "in-force"
    assert links(found) == {("ieee-802.3-2023", "amends", "ieee-802.3-2022")}


def test_a_text_that_iso_was_to_revise_is_superseded_where_another_archive_has_the_revision() -> None:
    found = catalogue(
        record("ISO 17510:2015", published="2015-08", stage="90.92", archive="iso"),
        record("ISO 17510:2025", published="2025-11-26", word="PUBLISHED", archive="iec"),
    )
    assert statuses(found) == {"iso-17510-2015": "superseded", "iso-17510-2025": "in-force"}


def test_what_iso_still_calls_in_force_is_so_while_only_a_part_of_its_revision_is_out() -> None:
    part = relations(("updates", "ISO 19152-1:2024"))
    found = catalogue(
        record("ISO 19152:2012", published="2012", stage="90.92", relations=part),
        record("ISO 19152-1:2024", published="2024", stage="60.60"),
    )
    assert statuses(found) == {"iso-19152-2012": "in-force", "iso-19152-1-2024": "in-force"}


def test_the_first_text_of_itu_r_comes_before_its_revisions() -> None:
    found = catalogue(
        record("ITU-R R.53-1", published="2012-01"),
        record("ITU-R R.53", published="2007-10"),
        record("ITU-R R.53-2", published="2011-12"),
    )
    (work,) = found.works.values()
    assert [one.slug for one in work.editions] == ["itu-r-r.53-2007", "itu-r-r.53-1", "itu-r-r.53-2"]


def test_a_committee_of_iec_is_known_by_who_publishes_the_text() -> None:
    register = Register()
    told = record("IEC 62061:2005+AMD1:2012 CSV/COR1:2015", bodies=("IEC",), committees=(Committee("TC 44"),))
    assert register.committees(identify(told), told) == ["iec-tc-44"]


def etsi(versions: Iterable[str], title: str) -> Catalogue:
    return catalogue(
        *(record(f"ETSI TS 129 500 V{one} (2024-0{n})", published=f"2024-0{n}", title=title)
          for n, one in enumerate(versions, 1))
    )  # fmt: skip


def test_of_an_etsi_text_only_the_newest_version_is_in_force() -> None:
    found = etsi(["1.1.1", "1.9.1", "1.10.1"], "Protocols")
    assert statuses(found) == {
        "etsi-ts-129-500-v1.1.1": "superseded", "etsi-ts-129-500-v1.9.1": "superseded",
        "etsi-ts-129-500-v1.10.1": "in-force",
    }  # fmt: skip


def test_an_etsi_text_is_not_superseded_by_what_was_out_before_it() -> None:
    found = etsi(["1.5.1", "2.1.1", "1.6.1"], "Radio interface")
    assert links(found) == {("etsi-ts-129-500-v1.6.1", "supersedes", "etsi-ts-129-500-v1.5.1")}
    assert statuses(found)["etsi-ts-129-500-v1.6.1"] == "in-force"


def test_each_release_of_a_3gpp_text_is_a_line_of_its_own() -> None:
    found = etsi(["17.1.0", "17.2.0", "18.0.0"], "5G; Services (3GPP TS 29.500 version 17.1.0 Release 17)")
    assert statuses(found) == {
        "etsi-ts-129-500-v17.1.0": "superseded", "etsi-ts-129-500-v17.2.0": "in-force",
        "etsi-ts-129-500-v18.0.0": "in-force",
    }  # fmt: skip


def test_redlines_and_consolidated_versions_do_not_speak_for_the_work() -> None:
    found = catalogue(
        record("IEC 60335:2019", published="2019", word="PUBLISHED"),
        record("IEC 60335:2019 RLV", published="2019-06", word="PUBLISHED"),
        record("IEC 60335:2019+AMD1:2022 CSV", published="2022", word="PUBLISHED"),
    )
    (work,) = found.works.values()
    assert [one.slug for one in work.published] == ["iec-60335-2019"]
    assert not found.links


def test_an_amendment_is_no_edition_of_what_it_amends() -> None:
    found = catalogue(
        record("ISO 5:2001", published="2001"), record("ISO 5:2001/Amd 1:2004", published="2004")
    )
    assert set(found.works) == {"iso-5", "iso-5-2001-amd-1"}
