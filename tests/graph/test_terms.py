"""From cells to RDF terms."""

import pytest

from isogloss.graph import terms
from isogloss.ontology import names

XSD = "http://www.w3.org/2001/XMLSchema#"


@pytest.mark.parametrize(
    ("text", "datatype"), [("2025", "gYear"), ("2025-07", "gYearMonth"), ("2025-07-11", "date")]
)
def test_a_date_has_the_type_of_what_is_known(text: str, datatype: str) -> None:
    assert terms.date(text).datatype.value == XSD + datatype


@pytest.mark.parametrize("text", ["25", "2025-13", "2025-07-32", "July 2025", "2025-7"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a date"):
        terms.date(text)


@pytest.mark.parametrize("text", ["www.itu.int", "https://x/ y", "javascript:alert(1)", "https://x/<>"])
def test_what_could_not_stand_in_an_iri_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not an http"):
        terms.web_address(text)


def test_slugs_keep_dots_and_nothing_else() -> None:
    assert names.slug("ITU-T Y.3800 (10/2019)") == "itu-t-y.3800-10-2019"
    assert names.slug("  Straße & Söhne  ") == "strae-sohne"
    assert terms.is_slug(names.slug("ITU-T Y.3800"))


@pytest.mark.parametrize("text", ["", "a b", "../x", "A", "-a", "a/", "a//b"])
def test_what_is_no_slug_is_known_as_none(text: str) -> None:
    assert not terms.is_slug(text)


def test_a_hint_names_the_nearest() -> None:
    assert terms.nearest("Gapp", ["Gap", "Risk"]) == "; nearest: Gap"
    assert terms.nearest("xyz", ["Gap", "Risk"]) == ""
