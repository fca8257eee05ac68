"""What was withdrawn says what replaced it, and old versions of the ontology stay where they were."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path

import httpx
import pytest
import rdflib

from isogloss.api import vocabulary
from isogloss.api.app import create_app
from isogloss.api.past import Past, shipped_past
from isogloss.errors import SourceError
from isogloss.graph.engine.base import Engine
from isogloss.graph.snapshot import Snapshot
from isogloss.graph.withdrawn import Withdrawal, read_withdrawn
from isogloss.ontology.names import BASE, ONTOLOGY
from isogloss.settings import Settings

from .serving import serving

OLD = f"{BASE}id/publication/withdrawn-once"
INSTEAD = f"{BASE}id/publication/itu-t-y.3800"
TURTLE = (
    f"<{ONTOLOGY}> a <http://www.w3.org/2002/07/owl#Ontology> ;"
    ' <http://www.w3.org/2002/07/owl#versionInfo> "0.0.9" .'
)
PAST = Past(
    {
        OLD: Withdrawal(OLD, (INSTEAD,), date(2026, 3, 1)),
        OLD + "-alone": Withdrawal(OLD + "-alone", (), date(2026, 3, 1)),
    },
    {"0.0.9": TURTLE.encode()},
)


@pytest.fixture(scope="module")
def late(
    snapshot: Snapshot, settings: Settings, another_engine: Callable[[], Engine]
) -> Iterator[httpx.Client]:
    app = create_app(settings, another_engine(), snapshot, past=PAST)
    with serving(app) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client


@pytest.mark.parametrize("where", ["/id", "/doc", "/linkset"])
def test_a_withdrawn_thing_is_gone_and_names_what_replaced_it(late: httpx.Client, where: str) -> None:
    answer = late.get(f"{where}/publication/withdrawn-once")
    assert answer.status_code == 410
    assert answer.json()["suggestions"] == [INSTEAD]
    assert "2026-03-01" in answer.json()["detail"]
    assert answer.headers["link"] == f'<{INSTEAD}>; rel="successor-version"'


def test_a_suffix_and_a_browser_are_told_the_same(late: httpx.Client) -> None:
    assert late.get("/doc/publication/withdrawn-once.ttl").status_code == 410
    page = late.get("/doc/publication/withdrawn-once", headers={"accept": "text/html"})
    assert page.status_code == 410
    assert "What replaced it" in page.text
    assert 'href="itu-t-y.3800">ITU-T Y.3800: Overview' in page.text


def test_what_nothing_replaced_is_gone_all_the_same(late: httpx.Client) -> None:
    answer = late.get("/doc/publication/withdrawn-once-alone")
    assert answer.status_code == 410
    assert "nothing replaced it" in answer.json()["detail"]


def test_an_old_version_of_the_ontology_is_served_as_it_was(late: httpx.Client) -> None:
    for path in ("/ontology/0.0.9", "/ontology/0.0.9.ttl"):
        answer = late.get(path, headers={"accept": "text/turtle"})
        assert answer.content == TURTLE.encode()
        assert f'../ontology/{vocabulary.shipped().version}>; rel="latest-version"' in answer.headers["link"]
    assert "older version" in late.get("/ontology/0.0.9", headers={"accept": "text/html"}).text
    assert "0.0.9" in late.get("/ontology/0.0.1").json()["detail"]


def test_what_ships_as_past_is_past(snapshot: Snapshot, client: httpx.Client) -> None:
    past = shipped_past()
    for iri in past.withdrawn:
        asked = {"query": f"ASK {{ <{iri}> a ?class }}"}
        assert not client.get("/sparql", params=asked, headers={"accept": "application/json"}).json()[
            "boolean"
        ]
    for version in past.ontologies:
        held = past.ontology(version)
        assert held is not None
        graph = rdflib.Graph().parse(data=held.turtle, format="turtle")
        assert graph.value(rdflib.URIRef(ONTOLOGY), rdflib.OWL.versionInfo) == rdflib.Literal(version)


def test_the_newest_ontology_leads_back_to_the_one_before_it(client: httpx.Client) -> None:
    newest = rdflib.Graph().parse(data=client.get("/ontology.ttl").content, format="turtle")
    before = str(newest.value(rdflib.URIRef(ONTOLOGY), rdflib.OWL.priorVersion))
    answer = client.get(before.removeprefix(BASE.removesuffix("/")), headers={"accept": "text/turtle"})
    assert answer.status_code == 200
    held = rdflib.Graph().parse(data=answer.content, format="turtle")
    assert held.value(rdflib.URIRef(ONTOLOGY), rdflib.OWL.versionIRI) == rdflib.URIRef(before)
    assert vocabulary.shipped().version not in shipped_past().ontologies


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("nokind/x,,2026-01-01", "slug"),
        ("body/x,nowhere,2026-01-01", "replaced_by"),
        ("body/x,,soon", "since"),
    ],
)
def test_a_bad_row_of_withdrawn_things_names_its_field(tmp_path: Path, line: str, field: str) -> None:
    table = tmp_path / "withdrawn.csv"
    table.write_text(f"slug,replaced_by,since\n{line}\n")
    with pytest.raises(SourceError, match=rf"withdrawn.csv:2 \[{field}\]"):
        read_withdrawn(table)


def test_a_table_of_withdrawn_things_is_read_by_iri(tmp_path: Path) -> None:
    table = tmp_path / "withdrawn.csv"
    table.write_text("slug,replaced_by,since\nbody/a,body/b|body/c,2026-01-01\n")
    found = read_withdrawn(table)[f"{BASE}id/body/a"]
    assert found.replaced_by == (f"{BASE}id/body/b", f"{BASE}id/body/c")
    assert found.since == date(2026, 1, 1)
