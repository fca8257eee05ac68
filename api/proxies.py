"""Who asks, and where: forwarded headers are believed only from the proxies that the settings name.

Forwarded is RFC 7239; X-Forwarded-* is read as well.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from functools import lru_cache

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

_PAIR = re.compile(r'(\w+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^;,\s]*))')
_SITE = 64  # bits: the smallest network that a site is given (RFC 4291, 2.5.4)
_HOST = re.compile(r"[A-Za-z0-9.\-_\[\]:]+")
_PREFIX = re.compile(r"(?:/[A-Za-z0-9._~\-]+)+")


class TrustedProxies:
    """ASGI middleware: takes scheme, host, prefix and client from the nearest hop if that is `trusted`.

    `trusted` are addresses or networks; ValueError at the start for one that is neither.
    """

    def __init__(self, app: ASGIApp, trusted: Iterable[str]) -> None:
        self.app = app
        self.networks = tuple(ipaddress.ip_network(each, strict=False) for each in trusted)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await self.app(self.seen(scope), receive, send)

    def seen(self, scope: Scope) -> Scope:
        """A request as it came to the nearest proxy, if there is one."""
        if self.networks and scope["type"] == "http" and self._trusts(scope.get("client")):
            return _as_forwarded(scope)
        return scope

    def _trusts(self, client: tuple[str, int] | None) -> bool:
        try:
            address = ipaddress.ip_address(client[0]) if client else None
        except ValueError:
            return False
        return address is not None and any(address in network for network in self.networks)


def client_of(scope: Scope) -> str:
    """Who asks, where clients take turns: an address; of IPv6 its network, all of which one host may use."""
    client = scope.get("client")
    address = str(client[0]) if client else ""
    return _network_of(address) if ":" in address else address


@lru_cache(maxsize=4096)
def _network_of(address: str) -> str:
    try:
        found = ipaddress.IPv6Address(address)
    except ValueError:
        return address
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(ipaddress.ip_network(f"{address.partition('%')[0]}/{_SITE}", strict=False))


def _as_forwarded(scope: Scope) -> Scope:
    told = _told(Headers(scope=scope))
    changed = dict(scope)
    if told.get("proto") in ("http", "https"):
        changed["scheme"] = told["proto"]
    if _HOST.fullmatch(told.get("host", "")):
        changed["headers"] = list(scope["headers"])
        MutableHeaders(scope=changed)["host"] = told["host"]
    if (client := _address(told.get("for", ""))) is not None:
        changed["client"] = (client, 0)
    prefix = told.get("prefix", "").rstrip("/")
    if _PREFIX.fullmatch(prefix) and not scope.get("root_path"):
        changed["root_path"] = prefix
        changed["path"] = prefix + scope["path"]
        changed["raw_path"] = prefix.encode() + (scope.get("raw_path") or scope["path"].encode())
    return changed


def _address(told: str) -> str | None:
    """The address without its port, if it is one and no made-up name (RFC 7239, 6)."""
    bare = told[1:].partition("]")[0] if told.startswith("[") else told
    for candidate in (bare, bare.rpartition(":")[0]):
        try:
            return str(ipaddress.ip_address(candidate))
        except ValueError:
            continue
    return None


def _told(headers: Headers) -> dict[str, str]:
    """What the nearest proxy says: the last element of each field, for that is the one it added itself."""
    told = {
        name: headers[f"x-forwarded-{name}"].rpartition(",")[2].strip()
        for name in ("proto", "host", "prefix", "for")
        if f"x-forwarded-{name}" in headers
    }
    nearest = headers.get("forwarded", "").rpartition(",")[2]
    told |= {name.lower(): quoted or plain for name, quoted, plain in _PAIR.findall(nearest)}
    return told
