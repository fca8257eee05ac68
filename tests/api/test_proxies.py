"""Clients are told apart by address; whoever has a whole network of them is one."""

from __future__ import annotations

import pytest

from isogloss.api.proxies import client_of


@pytest.mark.parametrize(
    ("address", "client"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2::7", "2001:db8:1:2::/64"),
        ("2001:db8:1:2:ffff:ffff:ffff:ffff", "2001:db8:1:2::/64"),
        ("2001:db8:1:3::7", "2001:db8:1:3::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("no:address", "no:address"),
    ],
)
def test_an_address_of_ipv6_stands_for_its_network(address: str, client: str) -> None:
    assert client_of({"client": (address, 4711)}) == client


def test_a_client_without_an_address_has_no_name() -> None:
    assert client_of({"client": None}) == ""
