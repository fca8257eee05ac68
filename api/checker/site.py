"""One server to check: requests that follow no redirect, and a sample of its things."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

import httpx

from isogloss.errors import EngineError

_PLACE = re.compile(r"<loc>([^<]+)</loc>")
MOST_SITEMAPS = 50  # files of one index that are read


class Site:
    """A server under its base URL, which may hold a prefix; EngineError where it is out of reach."""

    def __init__(self, base: str, *, timeout: float = 60) -> None:
        self.base = base.rstrip("/")
        self._client = httpx.Client(timeout=timeout, follow_redirects=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, *rest: BaseException | TracebackType | None) -> None:
        self._client.close()

    def ask(
        self, path: str, headers: Mapping[str, str] | None = None, *, method: str = "GET"
    ) -> httpx.Response:
        """The answer at a path below the base, or at a whole URL."""
        url = path if path.startswith(("http://", "https://")) else self.base + path
        try:
            return self._client.request(method, url, headers=headers)
        except httpx.HTTPError as error:
            raise EngineError(f"{url} cannot be reached: {error}") from error

    def sample(self, each: int) -> dict[str, list[str]]:
        """Up to `each` things (kind/slug) of every kind that the site map lists, spread evenly over it."""
        found: dict[str, list[str]] = defaultdict(list)
        for place in self._places("/sitemap.xml"):
            _, is_thing, thing = urlsplit(place).path.partition("/doc/")
            if is_thing:
                found[thing.partition("/")[0]].append(thing)
        return {kind: things[:: -(-len(things) // each)] for kind, things in sorted(found.items())}

    def _places(self, path: str) -> list[str]:
        text = self.ask(path).text
        places = _PLACE.findall(text)
        if "<sitemapindex" not in text:
            return places
        parts = [self.ask("/" + part.rpartition("/")[2]).text for part in places[:MOST_SITEMAPS]]
        return [place for part in parts for place in _PLACE.findall(part)]
