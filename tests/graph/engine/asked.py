"""A small store, and an engine that plain tests can ask."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from pyoxigraph import Literal, NamedNode, Quad, Store

from isogloss.graph.engine.base import Answer, Engine, QueryRequest
from isogloss.graph.engine.embedded import EmbeddedEngine
from isogloss.settings import Settings

T = TypeVar("T")
EX = "http://example.org/"


def small_quads(things: int = 300) -> Iterator[Quad]:
    """`things` things in three graphs, each with a label and a link to the next."""
    for number in range(things):
        graph = NamedNode(f"{EX}graph/{number % 3}")
        thing = NamedNode(f"{EX}thing/{number}")
        yield Quad(thing, NamedNode(EX + "label"), Literal(f"thing {number}", language="en"), graph)
        yield Quad(thing, NamedNode(EX + "next"), NamedNode(f"{EX}thing/{(number + 1) % things}"), graph)


def make_store(path: Path, things: int = 300) -> Path:
    store = Store(str(path))
    store.bulk_extend(small_quads(things))
    store.flush()
    del store
    return path


@dataclass
class Asked:
    """An engine on an event loop of its own, asked one thing after the other."""

    engine: Engine
    runner: asyncio.Runner

    def run(self, work: Awaitable[T]) -> T:
        async def wait() -> T:
            return await work

        return self.runner.run(wait())

    def ask(self, text: str, *accept: str, **options: Any) -> tuple[Answer, bytes]:
        return self.run(answered(self.engine, text, *accept, **options))

    def body(self, text: str, *accept: str, **options: Any) -> str:
        return self.ask(text, *accept, **options)[1].decode()


async def answered(engine: Engine, text: str, *accept: str, **options: Any) -> tuple[Answer, bytes]:
    answer = await engine.query(QueryRequest(text, accept, **options))
    return answer, b"".join([chunk async for chunk in answer.chunks])


def settings_with(**values: Any) -> Settings:
    return Settings(**values)


@contextmanager
def embedded(store: Path, **settings: Any) -> Iterator[Asked]:
    """An embedded engine over `store` for the length of a test."""
    with asyncio.Runner() as runner:
        engine = EmbeddedEngine(store, digest="first", settings=settings_with(**settings))
        runner.run(engine.start())
        try:
            yield Asked(engine, runner)
        finally:
            runner.run(engine.close())
