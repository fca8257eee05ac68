"""What a search asks for, as the query of a URL says it: read once, and written back as permanent links."""

from __future__ import annotations

from typing import Annotated, Literal
from urllib.parse import urlencode

from fastapi import Query
from pydantic import BaseModel, ConfigDict, Field, field_validator
from starlette.requests import Request

from isogloss.errors import NotFound, SnapshotError
from isogloss.graph.search.finder import Finder, Item, Wanted
from isogloss.graph.search.schema import FACETS

from .addresses import path_of, relative
from .deps import Services

PER_PAGE = 20
_MOST_VALUES = 10  # of one facet at once
_MOST_LENGTH = 300  # characters of a value

Sort = Literal["", "relevance", "newest", "oldest", "title", "identifier"]
Values = list[str]


class Asked(BaseModel):
    """The parameters of a search. Every facet may be given several times: all of its values must hold.

    `from` and `to` are years, inclusive. `per_page` 0 asks for the whole list, `whole` for all values of one
    facet.
    """

    model_config = ConfigDict(frozen=True, populate_by_name=True)

    q: str = Field("", max_length=200)
    kind: Values = Field(default_factory=list)
    body: Values = Field(default_factory=list)
    status: Values = Field(default_factory=list)
    type: Values = Field(default_factory=list)
    theme: Values = Field(default_factory=list)
    vertical: Values = Field(default_factory=list)
    activity: Values = Field(default_factory=list)
    application: Values = Field(default_factory=list)
    year: Values = Field(default_factory=list)
    language: Values = Field(default_factory=list)
    vocabulary: Values = Field(default_factory=list)
    first: str = Field("", alias="from", pattern=r"^([0-9]{4})?$")
    last: str = Field("", alias="to", pattern=r"^([0-9]{4})?$")
    sort: Sort = ""
    page: int = Field(1, ge=1, le=10**6)
    per_page: int = Field(PER_PAGE, ge=0, le=500)
    format: str = Field("", max_length=20)
    whole: str = Field("", pattern=f"^({'|'.join(FACETS)})?$")

    @field_validator(*FACETS)
    @classmethod
    def _given(cls, values: Values) -> Values:
        """Those that say something: a form sends empty ones along."""
        found = list(dict.fromkeys(value.strip() for value in values if value.strip()))
        if len(found) > _MOST_VALUES or any(len(value) > _MOST_LENGTH for value in found):
            raise ValueError(f"at most {_MOST_VALUES} values of at most {_MOST_LENGTH} characters")
        return found

    @property
    def facets(self) -> dict[str, tuple[str, ...]]:
        """The facets that narrow, each with its values."""
        named = {name: tuple(getattr(self, name)) for name in FACETS}
        return {name: values for name, values in named.items() if values}

    @property
    def narrows(self) -> bool:
        """Whether anything at all is asked for."""
        return bool(self.q.strip() or self.facets or self.first or self.last)

    def wanted(self, **fixed: str) -> Wanted:
        """The search; `fixed` are facets that the page itself sets."""
        facets = {**self.facets, **{name: (value,) for name, value in fixed.items()}}
        order = self.sort or ("relevance" if self.q.strip() else "newest")
        return Wanted(self.q, facets, self.first, self.last, order, self.page, self.per_page or 1, self.whole)

    def pairs(self) -> list[tuple[str, str]]:
        """The parameters that say something, but for the page, in a fixed order."""
        found = [("q", self.q)]
        found += [(name, value) for name, values in self.facets.items() for value in values]
        found += [("from", self.first), ("to", self.last), ("sort", self.sort)]
        return [(name, value) for name, value in found if value]

    def without(self, name: str, value: str) -> list[tuple[str, str]]:
        """The same without one of them."""
        return [pair for pair in self.pairs() if pair != (name, value)]


AskedDep = Annotated[Asked, Query()]


def to_path(path: str, pairs: list[tuple[str, str]], **more: str | int) -> str:
    """The permanent link of a search; `more` are added where they have a value."""
    query = urlencode([*pairs, *((name, value) for name, value in more.items() if value not in ("", None))])
    return f"{path}?{query}" if query else path


def finder(services: Services) -> Finder:
    """The index of the snapshot that is served now: another one may be served at the next request."""
    if services.snapshot is None:
        raise SnapshotError("somebody else's data is served here, which has no index")
    return Finder(services.snapshot.index)


def page_count(total: int, per_page: int) -> int:
    """How many pages so many things fill; a list of nothing has one."""
    return max(1, -(-total // per_page)) if per_page else 1


def check_page(page: int, pages: int) -> None:
    """NotFound for a page after the last one."""
    if page > pages:
        raise NotFound(f"The list has {pages} page(s) under these filters; there is no page {page}.")


def url_of(iri: str) -> str:
    """Where a thing is described: the path on this server of one of ours."""
    return path_of(iri) or iri


def named(request: Request, item: Item) -> dict[str, str]:
    """A thing found, as data."""
    return {
        "iri": item.iri,
        "url": relative(request.scope, url_of(item.iri)),
        "kind": item.kind,
        "label": item.label,
        "identifier": item.identifier,
    }
