"""The memory of rendered bodies: a document of one snapshot and one code never changes."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from starlette.responses import Response

OVERHEAD = 500  # bytes that an entry takes beside body and headers


@dataclass(frozen=True, slots=True)
class Body:
    """A body with its media type and the headers that go with it, whoever asks."""

    content: bytes
    media_type: str
    headers: tuple[tuple[str, str], ...] = ()

    @classmethod
    def of(cls, response: Response) -> Body:
        """What is worth keeping of a complete response; its length is told anew."""
        kept = tuple(
            (name, value)
            for name, value in response.headers.items()
            if name not in ("content-type", "content-length")
        )
        return cls(bytes(response.body), response.headers["content-type"], kept)

    def response(self) -> Response:
        """The response again, with the very same headers."""
        response = Response(self.content)
        response.headers["content-type"] = self.media_type
        for name, value in self.headers:
            response.headers[name] = value
        return response

    @property
    def size(self) -> int:
        return OVERHEAD + len(self.content) + sum(len(name) + len(value) for name, value in self.headers)


class Bodies:
    """Keeps up to `limit` bytes of bodies by key, those asked for last the longest; 0 keeps none.

    A key must name everything that the body depends on: an entity tag does. An empty key is never kept.
    """

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._bodies: OrderedDict[str, Body] = OrderedDict()
        self._under_way: dict[str, asyncio.Future[Body]] = {}
        self.size = 0

    def get(self, key: str) -> Body | None:
        """The body under `key`, which counts as asked for."""
        body = self._bodies.get(key)
        if body is not None:
            self._bodies.move_to_end(key)
        return body

    def keep(self, key: str, body: Body) -> None:
        """Keep a body, and let go of the ones not asked for the longest where there is no room."""
        if not key or body.size > self._limit // 4:
            return
        if (old := self._bodies.pop(key, None)) is not None:
            self.size -= old.size
        self._bodies[key] = body
        self.size += body.size
        while self.size > self._limit:
            _, oldest = self._bodies.popitem(last=False)
            self.size -= oldest.size

    async def once(self, key: str, make: Callable[[], Awaitable[Body]]) -> Body:
        """The body under `key`; however many ask for it, it is made once, also where none is kept."""
        if (body := self.get(key)) is not None:
            return body
        if (task := self._under_way.get(key)) is None:
            task = self._under_way[key] = asyncio.ensure_future(self._made(key, make))
        return await asyncio.shield(task)  # a client that goes away does not stop it for the others

    async def _made(self, key: str, make: Callable[[], Awaitable[Body]]) -> Body:
        try:
            body = await make()
        finally:
            del self._under_way[key]
        self.keep(key, body)
        return body
