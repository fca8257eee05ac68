"""The ready question about counterparts, asked of the shipped snapshot and worked out again from the sets."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

import pytest
from pyoxigraph import NamedNode, QuerySolutions, Store

import isogloss.mappings
from isogloss.mappings import sets
from isogloss.mappings.claims import NO_TERM, Claim
from isogloss.mappings.terms import vocabulary_of
from isogloss.ontology.names import IG, PREFIXES
from isogloss.queries.library import load_library

from .answers import Table, answer, columns, full, read_expected, write_expected

NAME = "mappings-exact-counterparts-or-none"
QUERY = load_library()[NAME]
SETS = Path(isogloss.mappings.__file__).parent / "sets"
EXACT = "exact and accepted"


def asked(store: Store, body: str, other: str) -> Table:
    return answer(store, QUERY, {"body": f"id:body/{body}", "other": f"id:body/{other}"})


def terms_of(store: Store, *bodies: str) -> set[str]:
    """The terms of the vocabularies that these bodies publish."""
    values = " ".join(str(NamedNode(full(f"id:body/{body}"))) for body in bodies)
    found = store.query(
        f"SELECT ?term WHERE {{ VALUES ?body {{ {values} }} ?term a <{IG}Term> ;"
        f" <{PREFIXES['skos']}inScheme>/<{IG}publishedBy> ?body }}"
    )
    assert isinstance(found, QuerySolutions)
    return {row["term"].value for row in found}


def counterparts(mine: set[str], theirs: set[str]) -> tuple[dict[str, set[str]], set[str]]:
    """The exact and accepted counterparts of my terms, and those of my terms that any live record ties."""
    exact: dict[str, set[str]] = defaultdict(set)
    tied: set[str] = set()
    claims = [claim for alignment in sets.read_folder(SETS) for claim in alignment.claims if claim.joins]
    for claim in claims:
        for one, other in ((claim.subject, claim.object), (claim.object, claim.subject)):
            if one in mine and other in theirs:
                tied.add(one)
                if claim.predicate == "exactMatch" and claim.status == "accepted":
                    exact[one].add(other)
    return exact, tied


def absences() -> list[Claim]:
    return [c for each in sets.read_folder(SETS) for c in each.claims if c.object == NO_TERM]


def test_the_whole_answer_for_itu_and_iso(store: Store, regenerate: bool) -> None:
    table = answer(store, QUERY)
    if regenerate:
        write_expected(NAME, table)
    assert table == read_expected(NAME)
    assert table == asked(store, "itu", "iso")


@pytest.mark.parametrize(
    ("body", "parts", "other"), [("itu", ("itu", "itu-t"), "iso"), ("nist", ("nist",), "iso")]
)
def test_the_answer_is_what_the_sets_say(store: Store, body: str, parts: tuple[str, ...], other: str) -> None:
    mine, theirs = terms_of(store, *parts), terms_of(store, other)
    exact, tied = counterparts(mine, theirs)
    rows = columns(asked(store, body, other), "term", "standing", "counterpart")
    told = {(full(term), full(there)) for term, standing, there in rows if standing == EXACT}
    assert told == {(term, there) for term, found in exact.items() for there in found}
    assert {full(term) for term, standing, _ in rows if standing != EXACT} == mine - tied


def test_terms_that_were_looked_for_in_vain_are_told_apart(store: Store) -> None:
    rows = columns(asked(store, "itu", "iso"), "term", "standing")
    looked = {full(term) for term, standing in rows if standing.startswith("none: looked for")}
    assert looked
    assert looked <= {claim.subject for claim in absences()}
    assert all(vocabulary_of(term).startswith("itu-t-") for term in looked)
