"""What a client asks for in Accept decides what it gets, and nothing in the field can break the server."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.api.negotiation import (
    HTML,
    LANGUAGES,
    MOST_TOLD,
    RDF_THEN_HTML,
    RDF_TYPES,
    negotiate,
    negotiate_one,
    parse_accept,
    preferred,
    wanted_languages,
)
from isogloss.errors import NotAcceptable

CHROMIUM = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,*/*;q=0.8,"
    "application/signed-exchange;v=b3;q=0.7"
)
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,image/png,image/svg+xml,*/*;q=0.8"
RDFLIB = (
    "application/rdf+xml,text/rdf+n3;q=0.9,application/xhtml+xml;q=0.5, */*;q=0.1,"
    "application/trig;q=0.6,text/turtle;q=0.95"
)
PROTEGE = "application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09"


@pytest.mark.parametrize(
    ("field", "chosen"),
    [
        (None, "text/turtle"),
        ("", "text/turtle"),
        ("*/*", "text/turtle"),
        (CHROMIUM, HTML),
        (FIREFOX, HTML),
        (RDFLIB, "application/rdf+xml"),
        (PROTEGE, "application/rdf+xml"),
        ("text/html, */*;q=0.1", HTML),
        ("text/html;q=0.5, */*;q=0.8", "text/turtle"),
        ("text/html, text/turtle", HTML),
        ("text/turtle, text/html", "text/turtle"),
        ("text/html, */*", HTML),
        ("*/*, text/html", "text/turtle"),
        ("text/*", "text/turtle"),
        ("application/*", "application/ld+json"),
        ("text/*;q=0.3, application/*;q=0.4", "application/ld+json"),
        ("text/turtle;q=0, */*", "application/ld+json"),
        ("TEXT/Turtle ; Q=0.7", "text/turtle"),
        ("text/turtle;charset=UTF-8", "text/turtle"),
        ("text/turtle;version=1.2", "text/turtle"),
        ('application/ld+json;profile="http://a.example/b, c;q=0"', "application/ld+json"),
        ("application/json", "application/json"),
        ("text/html;level=1;q=0.3, text/html;q=0.7, text/turtle;q=0.5", HTML),
        ("application/n-quads;q=.9, text/turtle;q=0.80", "application/n-quads"),
        (",, ,text/n3", "text/n3"),
        ("nonsense", "text/turtle"),
        ("nonsense, text/html", HTML),
        ("text/turtle;q=hello, application/trig", "application/trig"),
    ],
)  # fmt: skip
def test_an_accept_field_chooses_one_format(field: str | None, chosen: str) -> None:
    assert negotiate(field, RDF_THEN_HTML) == chosen


@pytest.mark.parametrize("field", ["image/png", "text/turtle;charset=iso-8859-1", "*/*;q=0", "text/html;q=0"])
def test_what_cannot_be_satisfied_is_refused_with_the_list_of_offers(field: str) -> None:
    with pytest.raises(NotAcceptable) as refusal:
        negotiate(field, ("text/turtle",))
    assert refusal.value.offered == ("text/turtle",)
    assert "text/turtle" in str(refusal.value)


def test_the_closest_range_decides_even_when_a_wider_one_weighs_more() -> None:
    assert preferred("text/*;q=0.9, text/turtle;q=0.1, */*;q=0.5", ("text/turtle", HTML)) == (
        HTML,
        "text/turtle",
    )


def test_languages_fall_back_in_the_clients_order_and_never_to_nothing() -> None:
    assert wanted_languages("de;q=0.8, fr-CH") == ("fr", "de", "en")
    assert wanted_languages("ja") == ("ja", "en")
    assert wanted_languages("*, en;q=0, de;q=0.1") == ("de",)
    assert wanted_languages("en-GB, fr") == ("en", "fr")
    assert wanted_languages(None) == ("en",)


@given(st.text())
def test_any_text_in_the_field_is_read_without_failing(field: str) -> None:
    assert parse_accept(field)
    assert set(preferred(field, RDF_THEN_HTML)) <= set(RDF_THEN_HTML)
    assert len(wanted_languages(field)) <= LANGUAGES


weights = st.integers(0, 1000).map(lambda thousandths: thousandths / 1000)


@given(st.dictionaries(st.sampled_from(RDF_THEN_HTML), weights, min_size=1))
def test_offers_come_in_the_order_of_their_weights_and_refused_ones_not_at_all(
    wanted: dict[str, float],
) -> None:
    field = ", ".join(f"{name};q={weight:.3f}" for name, weight in wanted.items())
    got = preferred(field, RDF_THEN_HTML)
    assert set(got) == {name for name, weight in wanted.items() if weight > 0}
    assert [wanted[name] for name in got] == sorted((wanted[name] for name in got), reverse=True)


@given(st.permutations(RDF_THEN_HTML))
def test_of_equal_weights_the_first_named_wins(order: list[str]) -> None:
    assert list(preferred(", ".join(order), RDF_THEN_HTML)) == order


@given(st.sampled_from(RDF_TYPES), weights.filter(lambda weight: weight > 0))
def test_a_format_named_alone_is_what_comes(name: str, weight: float) -> None:
    assert negotiate(f"{name};q={weight:.3f}", RDF_THEN_HTML) == name


def test_an_endless_field_costs_no_more_than_a_long_one() -> None:
    assert len(parse_accept(",".join(f"a/b{number}" for number in range(30_000)))) == 100
    assert preferred("text/csv," * 30_000, ("text/turtle", "text/csv")) == ("text/csv",)


@pytest.mark.parametrize("name", ["xyz", "text", "", ";q=1", "text/turtle;q=0", "image/png"])
def test_an_address_that_names_no_format_of_ours_gets_none(name: str) -> None:
    with pytest.raises(NotAcceptable):
        negotiate_one(name, RDF_THEN_HTML)


def test_an_error_repeats_no_more_of_a_field_than_can_be_read() -> None:
    with pytest.raises(NotAcceptable) as caught:
        negotiate("image/png, " * 1000, ("text/turtle",))
    assert len(str(caught.value)) < MOST_TOLD + 200
