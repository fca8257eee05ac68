"""Lists, ready questions, the ontology and the data set as data: each page has a twin for programs."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from xml.etree import ElementTree

import httpx
import pyoxigraph as ox
import pytest
import rdflib
from pyoxigraph import NamedNode

from isogloss.api import vocabulary
from isogloss.api.app import create_app
from isogloss.graph.engine.base import Engine
from isogloss.graph.snapshot import Snapshot
from isogloss.ontology.names import BASE, IG, ONTOLOGY, PREFIXES
from isogloss.queries.library import Parameter, ReadyQuery
from isogloss.settings import Settings

from .serving import serving

HTML = {"accept": "text/html"}


def test_a_list_comes_as_json_with_facets_and_a_total(client: httpx.Client) -> None:
    asked = {"theme": "quantum-key-distribution", "q": "Y.3800"}
    found = client.get("/publications.json", params=asked).json()
    assert len(found["items"]) == min(found["total"], 50)
    assert f"{BASE}id/publication/itu-t-y.3800" in {item["iri"] for item in found["items"]}
    assert {"type", "theme", "status"} <= set(found["facets"])


def test_facets_count_what_choosing_them_gives(client: httpx.Client) -> None:
    whole = client.get("/statements.json").json()
    for name in ("type", "theme", "to"):
        for facet in whole["facets"][name][:2]:
            narrowed = client.get("/statements.json", params={name: facet["value"]}).json()
            assert narrowed["total"] == facet["count"]


def test_a_list_as_csv_is_whole(client: httpx.Client) -> None:
    total = client.get("/statements.json").json()["total"]
    rows = list(csv.DictReader(io.StringIO(client.get("/statements.csv").text)))
    assert len(rows) == total
    assert len({row["iri"] for row in rows}) == total
    assert all(row["label"] and row["sections"] for row in rows)


def test_accept_chooses_the_form_of_a_list(client: httpx.Client) -> None:
    for accept, got in (
        ("text/csv", "text/csv"),
        ("application/json", "application/json"),
        ("text/html", "text/html"),
    ):
        assert client.get("/events", headers={"accept": accept}).headers["content-type"].startswith(got)
    assert client.get("/events", headers={"accept": "image/png"}).status_code == 406


def test_the_pages_of_a_list_hold_each_thing_once(client: httpx.Client) -> None:
    seen: list[str] = []
    url: str | None = "/usecases.json"
    for _ in range(50):
        answer = client.get(url or "")
        seen += [item["iri"] for item in answer.json()["items"]]
        url = str(answer.url.join(answer.links["next"]["url"])) if "next" in answer.links else None
        if url is None:
            break
        url = url.replace("/usecases?", "/usecases.json?")
    assert len(seen) == len(set(seen)) == client.get("/usecases.json").json()["total"]
    assert client.get("/usecases.json?page=1000").status_code == 404


@pytest.mark.parametrize("value", ["> } DROP ALL #", "a b", "\\u0000", "no-such-theme"])
def test_a_filter_that_makes_no_sense_finds_nothing_or_is_refused(client: httpx.Client, value: str) -> None:
    answer = client.get("/publications.json", params={"theme": value})
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert answer.json()["total"] == 0
    quoted = client.get("/publications.json", params={"q": f'"{value}\\'})
    assert quoted.json()["total"] == 0


QUESTION = ReadyQuery(
    name="opportunities",
    summary="Which opportunities are addressed to a study group?",
    description="One line each.",
    tags=("example",),
    params=(Parameter("body", "iri", "Study group", f"<{BASE}id/body/itu-t-sg5>"),),
    text=f"""PREFIX ig: <{IG}> PREFIX rdfs: <{PREFIXES["rdfs"]}>
SELECT ?opportunity ?label WHERE {{ VALUES ?body {{ <{BASE}id/body/itu-t-sg5> }}
  ?opportunity a ig:Opportunity ; ig:addressedTo ?body ; rdfs:label ?label }} ORDER BY ?label
""",
)


@pytest.fixture(scope="module")
def asker(
    snapshot: Snapshot, settings: Settings, another_engine: Callable[[], Engine]
) -> Iterator[httpx.Client]:
    app = create_app(settings, another_engine(), snapshot, {"opportunities": QUESTION})
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as asking:
        yield asking


def test_the_library_is_listed_with_its_parameters(asker: httpx.Client) -> None:
    (listed,) = asker.get("/api/queries").json()
    assert listed["name"] == "opportunities"
    assert listed["params"][0]["default"] == f"{BASE}id/body/itu-t-sg5"
    assert (
        asker.get(httpx.URL(str(asker.base_url.join("/api/queries"))).join(listed["url"])).status_code == 200
    )


def test_a_question_runs_in_the_format_that_is_wanted(asker: httpx.Client) -> None:
    rows = asker.get("/api/queries/opportunities").json()["results"]["bindings"]
    table = list(csv.reader(io.StringIO(asker.get("/api/queries/opportunities.csv").text)))
    assert table[0] == ["opportunity", "label"]
    assert len(table) == len(rows) + 1 > 5
    tsv = asker.get("/api/queries/opportunities", headers={"accept": "text/tab-separated-values"})
    assert tsv.headers["content-type"].startswith("text/tab-separated-values")


def test_a_parameter_changes_the_answer_and_may_be_given_in_short(asker: httpx.Client) -> None:
    long = asker.get("/api/queries/opportunities", params={"body": f"{BASE}id/body/itu-t-sg13"}).json()
    short = asker.get("/api/queries/opportunities", params={"body": "body/itu-t-sg13"}).json()
    assert long == short
    assert long != asker.get("/api/queries/opportunities").json()


def test_wrong_parameters_and_names_are_told(asker: httpx.Client) -> None:
    assert asker.get("/api/queries/opportunities", params={"body": "a> b"}).status_code == 400
    assert asker.get("/api/queries/opportunities", params={"nobody": "x"}).status_code == 404
    assert asker.get("/api/queries/nothing").status_code == 404
    assert asker.get("/queries/nothing", headers=HTML).status_code == 404


def test_the_page_of_a_question_shows_its_answer_its_text_and_downloads(asker: httpx.Client) -> None:
    page = asker.get("/queries/opportunities", headers=HTML).text
    rows = asker.get("/api/queries/opportunities").json()["results"]["bindings"]
    assert f"<b>{len(rows)}</b> row" in page
    assert rows[0]["label"]["value"] in page.replace("&#39;", "'")
    assert "../api/queries/opportunities.csv" in page
    assert "ig:addressedTo" in page
    assert 'href="queries/opportunities"' in asker.get("/", headers=HTML).text


@pytest.mark.parametrize("suffix", ["ttl", "jsonld", "nt", "rdf", "trig", "nq", "n3", "json"])
def test_the_ontology_is_the_same_in_every_format(client: httpx.Client, suffix: str) -> None:
    forms = {"jsonld": ox.RdfFormat.JSON_LD, "json": ox.RdfFormat.JSON_LD, "n3": ox.RdfFormat.N3}
    form = forms.get(suffix) or ox.RdfFormat.from_extension(suffix)
    answer = client.get(f"/ontology.{suffix}")
    assert answer.status_code == 200
    assert len(list(ox.parse(answer.content, form))) == len(vocabulary.shipped().quads)


def test_the_ontology_answers_at_its_own_and_its_version_iri(client: httpx.Client) -> None:
    version = vocabulary.shipped().version
    for path in ("/ontology", f"/ontology/{version}", f"/ontology/{version}.rdf"):
        answer = client.get(path, headers={"accept": "application/rdf+xml"})
        assert answer.status_code == 200
        graph = rdflib.Graph().parse(data=answer.content, format="xml")
        assert (rdflib.URIRef(ONTOLOGY), rdflib.OWL.versionInfo, rdflib.Literal(version)) in graph
    assert client.get("/ontology/9.9.9").status_code == 404
    assert client.get("/ontology.pdf").status_code == 404


def test_the_reference_page_defines_every_class_and_property(client: httpx.Client) -> None:
    page = client.get("/ontology", headers=HTML).text
    held = vocabulary.shipped()
    for term in [*held.classes(), *held.properties()]:
        assert f'id="{term.name}"' in page
        assert term.definition.replace("'", "&#39;") in page
    for prefix, namespace in PREFIXES.items():
        assert f"PREFIX {prefix}: &lt;{namespace}&gt;" in page


def test_the_examples_on_the_reference_page_run_and_find_something(client: httpx.Client) -> None:
    page = client.get("/ontology", headers=HTML).text
    blocks = [block.partition("</code>")[0] for block in page.split("<pre><code>")[1:]]
    examples = [block.replace("&lt;", "<").replace("&gt;", ">") for block in blocks if "SELECT" in block]
    assert len(examples) == 2
    for example in examples:
        found = client.get("/sparql", params={"query": example}, headers={"accept": "text/csv"})
        assert len(found.text.splitlines()) > 3


@pytest.mark.parametrize("path", ["/.well-known/void", "/dataset.ttl"])
def test_the_data_set_describes_itself(client: httpx.Client, path: str) -> None:
    graph = rdflib.Graph().parse(data=client.get(path).content, format="turtle")
    it = rdflib.URIRef(BASE + "dataset")
    void, dcat = rdflib.Namespace(PREFIXES["void"]), rdflib.Namespace(PREFIXES["dcat"])
    assert (it, rdflib.RDF.type, dcat.Dataset) in graph
    assert (it, rdflib.RDF.type, void.Dataset) in graph
    for predicate in (
        rdflib.DCTERMS.license,
        void.sparqlEndpoint,
        void.dataDump,
        void.triples,
        dcat.distribution,
    ):
        assert graph.value(it, predicate) is not None
    partitions = set(graph.objects(it, void.classPartition))
    assert rdflib.URIRef(IG + "Publication") in {graph.value(part, void["class"]) for part in partitions}


def test_each_part_of_the_data_set_has_title_licence_and_a_file(
    client: httpx.Client, snapshot: Snapshot
) -> None:
    graph = rdflib.Graph().parse(data=client.get("/dataset.ttl").content, format="turtle")
    it, terms, dcat = rdflib.URIRef(BASE + "dataset"), rdflib.DCTERMS, rdflib.Namespace(PREFIXES["dcat"])
    void = rdflib.Namespace(PREFIXES["void"])
    parts = set(graph.objects(it, terms.hasPart))
    assert {str(part).removeprefix(BASE + "graph/") for part in parts} == set(snapshot.manifest["counts"])
    for part in parts:
        assert graph.value(part, terms.license) is not None
        file = graph.value(graph.value(part, dcat.distribution), dcat.downloadURL)
        assert str(file) == str(graph.value(part, void.dataDump))
        assert client.head(str(file)).status_code == 200
    assert str(graph.value(rdflib.URIRef(BASE + "graph/mappings"), terms.title)).startswith("How terms")
    assert graph.value(graph.value(it, terms.publisher), rdflib.FOAF.name) is not None
    whole = graph.value(rdflib.URIRef(f"{it}#dump"), dcat.byteSize)
    assert whole is not None
    assert int(str(whole)) == snapshot.dump.stat().st_size
    service = graph.value(predicate=dcat.servesDataset, object=it)
    assert str(graph.value(service, dcat.endpointURL)).endswith("/sparql")


def test_the_base_of_all_names_tells_programs_what_the_data_set_is(client: httpx.Client) -> None:
    for accept, place in (
        ("text/turtle", "./dataset.ttl"),
        ("application/ld+json, */*;q=0.1", "./dataset.jsonld"),
    ):
        answer = client.get("/", headers={"accept": accept})
        assert (answer.status_code, answer.headers["location"]) == (303, place)
    for accept in ("*/*", "text/html, */*;q=0.8", "image/png"):
        answer = client.get("/", headers={"accept": accept})
        assert answer.headers["content-type"].startswith("text/html")
        assert "Accept" in answer.headers["vary"].split(", ")


def test_a_graph_that_is_not_there_is_a_404_with_those_that_are(client: httpx.Client) -> None:
    answer = client.get("/graph/nothing")
    assert answer.status_code == 404
    assert BASE + "graph/report-2025" in answer.json()["suggestions"]


def test_dumps_hold_what_is_served(client: httpx.Client, snapshot: Snapshot) -> None:
    whole = gzip.decompress(client.get("/dumps/isogloss.nq.gz").content)
    assert len(whole.splitlines()) == sum(snapshot.manifest["counts"].values())
    ontology = client.get("/dumps/ontology.nt").content
    assert len(list(ox.parse(ontology, ox.RdfFormat.N_TRIPLES))) == snapshot.manifest["counts"]["ontology"]
    for path in ("/dumps/nothing.ttl", "/dumps/../deps.py", "/dumps/ontology.exe"):
        assert client.get(path).status_code == 404


def test_a_named_graph_leads_to_the_description_of_the_data_set(client: httpx.Client) -> None:
    answer = client.get("/graph/report-2025", headers=HTML)
    assert answer.status_code == 303
    assert answer.headers["location"] == "../dataset#graph-report-2025"
    for name, place in (("html", "?_mediatype=html"), ("rdf", ".rdf")):
        named = client.get(f"/graph/report-2025?_mediatype={name}").headers["location"]
        assert named == f"../dataset{place}#graph-report-2025"
    assert client.get("/.well-known/void?_mediatype=nt").headers["content-type"] == "application/n-triples"
    assert 'id="graph-report-2025"' in client.get("/dataset", headers=HTML).text


def test_crawlers_find_every_document_and_its_date(client: httpx.Client, snapshot: Snapshot) -> None:
    assert (
        f"Sitemap: {client.base_url}/sitemap.xml".replace("//sitemap", "/sitemap")
        in client.get("/robots.txt").text
    )
    root = ElementTree.fromstring(client.get("/sitemap.xml").content)  # noqa: S314 - our own
    space = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
    places = [str(each.text) for each in root.iter(space + "loc")]
    assert len(places) == len(set(places)) > 1000
    built = datetime.fromisoformat(snapshot.manifest["built"]).astimezone(UTC).date().isoformat()
    assert {each.text for each in root.iter(space + "lastmod")} == {built}
    for place in places[:: len(places) // 12]:
        assert client.head(place).status_code == 200


def test_the_context_names_the_prefixes(client: httpx.Client) -> None:
    assert client.get("/context.jsonld").json()["@context"]["ig"] == IG


def test_health_tells_the_digest_of_the_data(client: httpx.Client, snapshot: Snapshot) -> None:
    told = client.get("/health").json()
    assert told["status"] == "ok"
    assert told["digest"] == snapshot.digest
    assert told["triples"] == sum(snapshot.manifest["counts"].values())
    assert client.get("/health").headers["cache-control"] == "no-store"


def test_a_theme_is_a_defined_term_for_search_engines(client: httpx.Client) -> None:
    graph = ox.parse(client.get("/doc/theme/edge-ai.nt?_profile=schema").content, ox.RdfFormat.N_TRIPLES)
    types = {quad.object for quad in graph if quad.predicate.value == PREFIXES["rdf"] + "type"}
    assert NamedNode("https://schema.org/DefinedTerm") in types
