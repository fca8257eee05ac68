"""What the comparison asks the engine for, where a body publishes very much."""

from __future__ import annotations

import asyncio
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Store

from isogloss.api.term_views import Views, views
from isogloss.graph.engine.embedded import EmbeddedEngine
from isogloss.settings import Settings


def test_a_publisher_of_very_much_does_not_hold_a_comparison_up(tmp_path: Path, settings: Settings) -> None:
    base = "https://w3id.org/isogloss/"
    by, position = NamedNode(f"{base}ontology#publishedBy"), NamedNode("https://schema.org/position")
    kind, body = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"), NamedNode(f"{base}id/body/iso")
    term, label = (
        NamedNode(f"{base}id/term/v0/bias"),
        NamedNode("http://www.w3.org/2004/02/skos/core#prefLabel"),
    )
    vocabularies = [NamedNode(f"{base}id/vocabulary/v{number}") for number in range(100)]
    store = Store(str(tmp_path / "store"))
    store.bulk_extend(
        Quad(NamedNode(f"{base}id/publication/p{number}"), by, body) for number in range(100_000)
    )
    for number, each in enumerate(vocabularies):
        store.add(Quad(each, kind, NamedNode(f"{base}ontology#Vocabulary")))
        store.add(Quad(each, by, body))
        store.add(Quad(each, position, Literal(number + 7)))
    store.add(Quad(term, kind, NamedNode(f"{base}ontology#Term")))
    store.add(Quad(term, label, Literal("bias", language="en")))
    store.add(Quad(term, NamedNode("http://www.w3.org/2004/02/skos/core#inScheme"), vocabularies[50]))
    store.flush()
    del store
    engine = EmbeddedEngine(
        tmp_path / "store", digest="much", settings=settings.model_copy(update={"state": tmp_path})
    )

    async def seen() -> Views:
        async with engine:
            return await views(engine, [term.value], ["bias"])

    (found,) = asyncio.run(seen()).terms
    assert found.standing == (7, 57)
