"""What changed since the build before, as a page, JSON and Atom, whole and in pages."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from lxml import etree

from isogloss.api.app import create_app
from isogloss.graph.build import build
from isogloss.graph.engine.embedded import EmbeddedEngine
from isogloss.graph.sources import added_source, shipped_sources
from isogloss.ontology.names import BASE, PREFIXES
from isogloss.settings import Settings

from .serving import serving

ATOM = "{http://www.w3.org/2005/Atom}"


def concepts(count: int, label: str) -> str:
    return "".join(
        f'<{BASE}id/concept/made/c-{n}> <{PREFIXES["rdfs"]}label> "{label} {n}"@en .\n' for n in range(count)
    )


@pytest.fixture(scope="module")
def after(tmp_path_factory: pytest.TempPathFactory) -> Iterator[httpx.Client]:
    """A server whose newest build has 120 changed concepts, and one more than the build before."""
    folder = tmp_path_factory.mktemp("changing")
    ontology, own = shipped_sources()[0], folder / "own.ttl"
    state = Path(folder) / "state"
    own.write_text(concepts(120, "old"))
    build(state, (ontology, added_source(own)))
    own.write_text(concepts(121, "new & <better>"))
    snapshot = build(state, (ontology, added_source(own)))
    settings = Settings(state=state, workers=1)
    engine = EmbeddedEngine(snapshot.store, digest=snapshot.digest, settings=settings)
    app = create_app(settings, engine, snapshot)
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


def test_every_change_is_on_one_of_the_pages(after: httpx.Client) -> None:
    first = after.get("/changes.json")
    told = first.json()
    assert told["counts"] == {"new": 1, "status moved": 0, "changed": 120, "withdrawn": 0}
    second = after.get(first.url.join(first.links["next"]["url"])).json()
    assert len({each["iri"] for each in told["changes"] + second["changes"]}) == 121
    assert after.get("/changes.json?page=3").status_code == 404


def test_a_kind_can_be_chosen(after: httpx.Client) -> None:
    (new,) = after.get("/changes.json", params={"kind": "new"}).json()["changes"]
    assert new["iri"] == f"{BASE}id/concept/made/c-120"
    assert after.get("/changes.json?kind=nonsense").status_code == 400


def test_the_feed_is_atom_and_its_links_lead_to_the_things(after: httpx.Client) -> None:
    answer = after.get("/changes", headers={"accept": "application/atom+xml"})
    assert answer.headers["content-type"] == "application/atom+xml"
    feed = etree.fromstring(answer.content)
    entries = feed.findall(f"{ATOM}entry")
    assert len(entries) == 100
    assert len({entry.findtext(f"{ATOM}id") for entry in entries}) == 100
    assert "new & <better>" in str(entries[0].findtext(f"{ATOM}title"))
    link = entries[0].find(f"{ATOM}link")
    assert link is not None
    assert after.get(link.attrib["href"]).status_code == 200
    assert {each.attrib["rel"] for each in feed.findall(f"{ATOM}link")} == {"self", "alternate", "next"}
    told = ids_of_all_pages(after, "/changes.atom")
    assert len(told) == len(set(told)) == 121


def ids_of_all_pages(client: httpx.Client, path: str) -> list[str]:
    """The ids of all entries, page after page as the feed leads, each page being what it says it is."""
    ids: list[str] = []
    while path:
        feed = etree.fromstring(client.get(path).content)
        links = {each.attrib["rel"]: each.attrib["href"] for each in feed.findall(f"{ATOM}link")}
        assert links["self"].endswith(path.rpartition("/")[2])
        ids += [str(entry.findtext(f"{ATOM}id")) for entry in feed.findall(f"{ATOM}entry")]
        path = links.get("next", "")
    return ids


def test_the_page_shows_them_and_offers_the_feed(after: httpx.Client) -> None:
    page = after.get("/changes", headers={"accept": "text/html"}).text
    assert "new &amp; &lt;better&gt; 0" in page
    assert 'type="application/atom+xml"' in page
    assert "page=2" in page


def test_what_is_asked_twice_is_not_made_twice(after: httpx.Client) -> None:
    first = after.get("/changes.json")
    again = after.get("/changes.json", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304


def test_where_there_is_no_build_before_the_page_says_so(client: httpx.Client, state: Path) -> None:
    if len(list((state / "snapshots").iterdir())) > 1:
        pytest.skip("this state was built more than once")
    assert "first build" in client.get("/changes", headers={"accept": "text/html"}).text
    assert client.get("/changes.json").json()["changes"] == []


def test_the_data_set_tells_how_it_was_built(client: httpx.Client) -> None:
    graph = rdflib.Graph().parse(data=client.get("/dataset.ttl").content, format="turtle")
    prov, it = rdflib.Namespace(PREFIXES["prov"]), rdflib.URIRef(BASE + "dataset")
    build_of = graph.value(it, prov.wasGeneratedBy)
    assert (build_of, rdflib.RDF.type, prov.Activity) in graph
    assert str(graph.value(build_of, prov.startedAtTime)) < str(graph.value(build_of, prov.endedAtTime))
    titles = {str(graph.value(file, rdflib.DCTERMS.title)) for file in graph.objects(build_of, prov.used)}
    assert {"isogloss.ttl", "publications.csv"} <= titles
    agents = {
        str(graph.value(each, rdflib.DCTERMS.title))
        for each in graph.objects(build_of, prov.wasAssociatedWith)
    }
    assert {"isogloss", "python"} <= agents


def test_the_data_set_counts_its_links_to_elsewhere(client: httpx.Client) -> None:
    graph = rdflib.Graph().parse(data=client.get("/dataset.ttl").content, format="turtle")
    void = rdflib.Namespace(PREFIXES["void"])
    sets = list(graph.subjects(rdflib.RDF.type, void.Linkset))
    assert len(sets) > 5
    pages = next(
        each
        for each in sets
        if graph.value(each, void.linkPredicate) == rdflib.URIRef(PREFIXES["foaf"] + "page")
        and graph.value(each, void.objectsTarget) == rdflib.URIRef("https://www.itu.int/")
    )
    query = (
        f"SELECT (COUNT(*) AS ?n) {{ ?s <{PREFIXES['foaf']}page> ?o"
        f' FILTER(STRSTARTS(STR(?o), "https://www.itu.int/") && STRSTARTS(STR(?s), "{BASE}id/")) }}'
    )
    rows = client.get("/sparql", params={"query": query}, headers={"accept": "text/csv"}).text.split()
    assert int(str(graph.value(pages, void.triples))) == int(rows[1])
    assert len(list(ox.parse(client.get("/dataset.nt").content, ox.RdfFormat.N_TRIPLES))) > 500
