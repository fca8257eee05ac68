"""The checks: what each finds, and what it must leave alone."""

from isogloss.mappings.check import check
from isogloss.mappings.claims import Claim
from isogloss.mappings.findings import Finding
from isogloss.mappings.terms import Terms

from .making import claim, iri, terms

NOTHING = Terms(())


def of(kind: str, claims: list[Claim], known: Terms = NOTHING, low: float = 0.5) -> list[Finding]:
    return [finding for finding in check(claims, known, low) if finding.kind == kind]


def test_a_denial_at_the_end_of_a_chain_of_exact_matches_is_a_contradiction() -> None:
    claims = [
        claim("a/x", "exactMatch", "b/x", 0.9),
        claim("b/x", "exactMatch", "c/x", 0.6),
        claim("a/x", "exactMatch", "c/x", negated=True),
    ]
    (finding,) = of("contradiction", claims)
    assert finding.weight == "error"
    assert "reject mapping/b-x-exactMatch-c-x (confidence 0.60)" in finding.next_step
    assert len(finding.about) == 3


def test_affirming_and_denying_one_pair_is_a_contradiction() -> None:
    claims = [claim("a/x", "relatedMatch", "b/x"), claim("a/x", "relatedMatch", "b/x", negated=True)]
    assert len(of("contradiction", claims)) == 1


def test_a_denied_exact_match_goes_well_with_a_related_one() -> None:
    claims = [claim("a/x", "relatedMatch", "b/x"), claim("a/x", "exactMatch", "b/x", negated=True)]
    assert of("contradiction", claims) == []


def test_rejected_and_superseded_records_contradict_nothing() -> None:
    for status in ("rejected", "superseded"):
        claims = [
            claim("a/x", "exactMatch", "b/x", status=status),
            claim("a/x", "exactMatch", "b/x", negated=True),
        ]
        assert of("contradiction", claims) == []


def test_exact_matches_that_merge_two_terms_of_a_vocabulary_are_found_with_the_weakest_link() -> None:
    claims = [
        claim("a/x", "exactMatch", "b/x", 0.9),
        claim("b/x", "exactMatch", "c/x", 0.4),
        claim("c/x", "exactMatch", "a/y", 0.8),
    ]
    (finding,) = of("merged-terms", claims)
    assert {iri("a/x"), iri("a/y")} <= set(finding.about)
    assert "weaken mapping/b-x-exactMatch-c-x" in finding.next_step


def test_a_pair_cannot_be_the_same_and_broader_at_once() -> None:
    claims = [claim("a/x", "exactMatch", "b/x"), claim("a/x", "broadMatch", "b/x")]
    assert len(of("exact-across-hierarchy", claims)) == 1


def test_matches_must_not_make_a_term_the_same_as_the_one_above_it() -> None:
    known = terms(
        "a/top", "a/mid", "a/low", "b/x", low={"broader": (iri("a/mid"),)}, mid={"broader": (iri("a/top"),)}
    )
    claims = [claim("a/low", "exactMatch", "b/x"), claim("b/x", "exactMatch", "a/top")]
    assert len(of("exact-across-hierarchy", claims, known)) == 1


def test_a_circle_of_broader_terms_ends() -> None:
    known = terms("a/x", "a/y", x={"broader": (iri("a/y"),)}, y={"broader": (iri("a/x"),)})
    assert of("exact-across-hierarchy", [], known) == []


def test_a_chain_of_doubtful_records_is_told() -> None:
    claims = [claim("a/x", "exactMatch", "b/x", 0.7), claim("b/x", "exactMatch", "c/x", 0.6)]
    (finding,) = of("weak-chain", claims)
    assert "0.42" in finding.says
    assert of("weak-chain", claims, low=0.4) == []


def test_mappings_to_an_ended_edition_are_told_once_a_vocabulary() -> None:
    known = terms("old/x", "old/y", "new/x", status="withdrawn")
    claims = [claim("old/x", "exactMatch", "new/x"), claim("old/y", "closeMatch", "new/x")]
    found = of("ended-edition", claims, known)
    assert sorted(finding.says for finding in found) == [
        "2 mapping(s) lead to NEW, which is withdrawn",
        "2 mapping(s) lead to OLD, which is withdrawn",
    ]


def test_one_label_with_unlike_meanings_is_a_homonym() -> None:
    known = terms("a/risk", "b/risk")
    assert len(of("homonym", [claim("a/risk", "exactMatch", "b/risk", negated=True)], known)) == 1
    assert of("homonym", [claim("a/risk", "exactMatch", "b/risk")], known) == []


def test_one_meaning_under_several_words_is_told() -> None:
    known = terms("a/hallucination", "b/confabulation")
    (finding,) = of("unlike-labels", [claim("a/hallucination", "exactMatch", "b/confabulation")], known)
    assert "hallucination (a); confabulation (b)" in finding.says


def test_terms_without_a_mapping_are_counted_by_vocabulary_and_theme() -> None:
    theme = "https://w3id.org/isogloss/id/theme/safety"
    known = terms("a/x", "a/y", "b/x", y={"themes": (theme,)})
    (finding,) = of("unmapped", [claim("a/x", "exactMatch", "b/x")], known)
    assert finding.about == (iri("a/y"),)
    assert "1 of 2 terms of a have no mapping (theme/safety 1)" in finding.says


def test_errors_come_first_and_each_finding_says_what_to_do_next() -> None:
    claims = [claim("a/x", "exactMatch", "b/x"), claim("a/x", "exactMatch", "b/x", negated=True)]
    found = check(claims, terms("a/x", "b/x", "c/x"))
    assert [finding.weight for finding in found] == sorted(
        (finding.weight for finding in found), key=("error", "warning", "note").index
    )
    assert all("Next: " in str(finding) for finding in found)


def test_twenty_thousand_mappings_are_checked_without_ado() -> None:
    claims = [
        claim(f"v{vocabulary}/t{number}", "exactMatch", f"v{vocabulary + 1}/t{number}", 0.99)
        for vocabulary in range(20)
        for number in range(1000)
    ]
    assert len(claims) == 20_000
    assert [f for f in check(claims, NOTHING) if f.weight == "error"] == []
