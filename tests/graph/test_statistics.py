"""What the build counts for the pages: the same as a query over the finished store finds."""

from pathlib import Path

from pyoxigraph import QuerySolutions, Store

from isogloss.graph.snapshot import Snapshot
from isogloss.graph.statistics import count_triples, read_documents
from isogloss.ontology.names import BASE


def counted(store: Store, query: str) -> dict[str, int]:
    rows = store.query(query)
    assert isinstance(rows, QuerySolutions)
    return {row["it"].value: int(row["n"].value) for row in rows}


def test_classes_and_properties_are_counted_as_a_query_counts_them(snapshot: Snapshot, store: Store) -> None:
    told = snapshot.manifest["statistics"]
    classes = "SELECT ?it (COUNT(DISTINCT ?s) AS ?n) { ?s a ?it } GROUP BY ?it"
    assert told["classes"] == counted(store, classes)
    assert told["properties"] == counted(store, "SELECT ?it (COUNT(*) AS ?n) { ?s ?it ?o } GROUP BY ?it")


def test_the_documents_are_all_things_of_ours_that_have_a_class(snapshot: Snapshot, store: Store) -> None:
    query = f'SELECT ?it (1 AS ?n) {{ ?it a ?class FILTER(STRSTARTS(STR(?it), "{BASE}id/")) }}'
    assert read_documents(snapshot.documents) == sorted(counted(store, query))


def test_links_are_told_by_property_and_place(tmp_path: Path) -> None:
    thing = f"<{BASE}id/publication/a>"
    lines = (
        f"{thing} <x:page> <https://example.org/one> .",
        f"{thing} <x:page> <https://example.org/two?x=1#y> .",
        f"{thing} <x:page> <urn:iso:std:1> .",
        f"{thing} <x:page> <{BASE}id/publication/b> .",
        f"{thing} <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <https://example.org/Class> .",
        "<https://example.org/elsewhere> <x:page> <https://example.net/> .",
        f'{thing} <x:title> "<https://example.org/no link>" .',
    )
    (tmp_path / "triples.nt").write_text("\n".join(lines) + "\n")
    told = count_triples([tmp_path / "triples.nt"], tmp_path / "documents.gz")
    assert told["links"] == [["x:page", "https://example.org/", 2]]
    assert read_documents(tmp_path / "documents.gz") == [f"{BASE}id/publication/a"]
