"""Derived matches: only what follows, with the chain that it follows from."""

from hypothesis import given
from hypothesis import strategies as st

from isogloss.mappings.claims import STRENGTH, Claim
from isogloss.mappings.derive import Derived, clusters, derive
from isogloss.mappings.terms import vocabulary_of

from .making import claim, iri


def only(claims: list[Claim]) -> Derived:
    (found,) = derive(claims)
    return found


def test_two_exact_matches_make_a_third_as_likely_as_both_together() -> None:
    first, second = claim("a/x", "exactMatch", "b/x", 0.9), claim("c/x", "exactMatch", "b/x", 0.8)
    found = only([first, second])
    assert (found.subject, found.predicate, found.object) == (iri("a/x"), "exactMatch", iri("c/x"))
    assert found.chain == (first, second)
    assert round(found.confidence, 2) == 0.72


def test_an_exact_match_carries_a_broader_one_across_the_right_way_round() -> None:
    found = only([claim("a/x", "exactMatch", "b/x"), claim("b/x", "broadMatch", "c/x")])
    assert (found.subject, found.predicate, found.object) == (iri("a/x"), "broadMatch", iri("c/x"))
    found = only([claim("c/x", "exactMatch", "b/x"), claim("b/x", "broadMatch", "a/x")])
    assert (found.subject, found.predicate, found.object) == (iri("a/x"), "narrowMatch", iri("c/x"))


def test_close_and_related_matches_compose_to_nothing() -> None:
    for predicate in ("closeMatch", "relatedMatch"):
        claims = [claim("a/x", predicate, "b/x"), claim("b/x", predicate, "c/x")]
        assert list(derive(claims)) == []


def test_nothing_follows_from_a_denial_or_about_a_denied_pair() -> None:
    first = claim("a/x", "exactMatch", "b/x")
    assert list(derive([first, claim("b/x", "exactMatch", "c/x", negated=True)])) == []
    second = claim("b/x", "exactMatch", "c/x")
    assert list(derive([first, second, claim("a/x", "exactMatch", "c/x", negated=True)])) == []


def test_no_chain_leads_back_into_a_vocabulary() -> None:
    assert list(derive([claim("a/x", "exactMatch", "b/x"), claim("b/x", "exactMatch", "a/y")])) == []


def test_absence_joins_nothing() -> None:
    no_term = "https://w3id.org/sssom/NoTermFound"
    claims = [
        Claim("", iri("a/x"), "exactMatch", no_term),
        Claim("", iri("b/x"), "exactMatch", no_term),
    ]
    assert list(derive(claims)) == []
    assert clusters(claims) == []


names = st.tuples(st.sampled_from("abcde"), st.sampled_from("xyz")).map("/".join)
some_claims = st.lists(
    st.builds(
        claim, names, st.sampled_from(sorted(STRENGTH)),
        names, st.floats(0.1, 1.0), negated=st.booleans(), status=st.sampled_from(["proposed", "rejected"]),
    ),
    max_size=15,
)  # fmt: skip


@given(some_claims)
def test_every_derived_match_is_new_traceable_and_no_likelier_than_its_links(claims: list[Claim]) -> None:
    stated = {claim.pair for claim in claims if claim.live}
    for found in derive(claims):
        assert frozenset({found.subject, found.object}) not in stated
        assert vocabulary_of(found.subject) != vocabulary_of(found.object)
        assert 2 <= len(found.chain) <= 3
        assert all(link in claims and link.joins for link in found.chain)
        assert found.confidence <= min(link.confidence for link in found.chain) + 1e-9
        ends = [end for link in found.chain for end in (link.subject, link.object)]
        assert found.subject in ends
        assert found.object in ends


@given(some_claims)
def test_clusters_do_not_overlap(claims: list[Claim]) -> None:
    members = [term for group in clusters(claims) for term in group]
    assert len(members) == len(set(members))
