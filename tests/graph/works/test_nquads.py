"""N-Quads as text: spelt as the store itself spells them, because they go into the dump as they are."""

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import RdfFormat, Store

from isogloss.graph.works import nquads

ADDRESSES = st.text(max_size=12).map(lambda text: nquads.web(f"https://example.org{text}")).filter(bool)


def as_the_store_spells(line: str) -> str:
    store = Store()
    store.load(line.encode(), RdfFormat.N_QUADS)
    return (store.dump(format=RdfFormat.N_QUADS) or b"").decode()


@given(value=st.text(max_size=20), language=st.sampled_from(["", "en", "zh-Hans", "no tag"]))
def test_texts_are_spelt_as_the_store_spells_them(value: str, language: str) -> None:
    line = f"<x:a> <x:b> {nquads.text(value, language)} <x:g> .\n"
    assert as_the_store_spells(line) == line


@given(address=ADDRESSES)
def test_addresses_are_spelt_as_the_store_spells_them(address: str) -> None:
    line = f"<x:a> <x:b> {address} <x:g> .\n"
    assert as_the_store_spells(line) == line


def test_what_is_no_address_is_left_out_so_that_no_record_stops_a_build() -> None:
    assert nquads.web("https://example.org/\x7f") == ""
    assert nquads.web("ftp://example.org/") == ""
    assert nquads.web("https://example.org/{a b}") == "<https://example.org/%7Ba%20b%7D>"


def test_dates_are_spelt_as_the_store_spells_them() -> None:
    for date in ("2019", "2019-05", "2019-05-31"):
        line = f"<x:a> <x:b> {nquads.date(date)} <x:g> .\n"
        assert as_the_store_spells(line) == line
