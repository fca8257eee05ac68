"""A list that was taken away comes in again: what it says meets the things it came from."""

from __future__ import annotations

from pathlib import Path

import httpx
import pytest
from pyoxigraph import NamedNode, RdfFormat, Store, parse

from isogloss.graph.readers.publication_lists import read_publications
from isogloss.graph.works.kept import record_files
from isogloss.graph.works.loading import load_list
from isogloss.graph.works.source import write_loaded
from isogloss.ontology.names import BASE


def taken_in(
    client: httpx.Client, form: str, ending: str, folder: Path, store: Store
) -> tuple[int, set[str]]:
    """How many publications came in, and every thing of ours that they are about or point to."""
    asked = {"q": "qkd", "format": form, "per_page": "0"}
    path = folder / f"list.{ending}"
    path.write_bytes(client.get("/api/search", params=asked).content)
    report = load_list(folder / "state", read_publications(path, "again"), "again")
    assert report.refused == []
    write_loaded(record_files(folder / "state"), store, folder / "loaded.nq")
    nodes = {
        node.value
        for quad in parse(path=str(folder / "loaded.nq"), format=RdfFormat.N_QUADS)
        for node in (quad.subject, quad.object)
        if isinstance(node, NamedNode) and node.value.startswith(f"{BASE}id/")
    }
    return report.kept, nodes


@pytest.mark.parametrize(("form", "ending"), [("csv", "csv"), ("bibtex", "bib"), ("json", "json")])
def test_a_list_comes_in_again_in_every_format(
    client: httpx.Client, store: Store, tmp_path: Path, form: str, ending: str
) -> None:
    found = client.get("/api/search", params={"q": "qkd", "kind": "publication", "per_page": "0"}).json()
    kept, nodes = taken_in(client, form, ending, tmp_path, store)
    assert kept == found["total"]
    assert {item["iri"] for item in found["items"]} <= nodes
    unknown = {node for node in nodes if not any(store.quads_for_pattern(NamedNode(node), None, None, None))}
    assert unknown == set()
