"""Clients that others wrote get what they ask for, from the server itself and from behind nginx."""

from __future__ import annotations

import contextlib
import json
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pyoxigraph as ox
import pytest
import rdflib

from isogloss.api.checker.findings import Findings
from isogloss.api.checker.places import check_below, check_places
from isogloss.api.checker.site import Site
from isogloss.api.checker.things import check_thing
from isogloss.ontology.names import BASE, IG, PREFIXES

from .browsing import Watched, browsing, need

HERE = Path(__file__).parent
THING = "publication/itu-t-y.3800"
LABEL = PREFIXES["rdfs"] + "label"
NGINX = """daemon off; pid {folder}/pid; error_log stderr crit; worker_processes 1;
events {{ worker_connections 64; }}
http {{
  access_log off; client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy;
  fastcgi_temp_path {folder}/fastcgi; uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
  server {{ listen 127.0.0.1:{port};
    location /data/isogloss/ {{ proxy_pass {address}/; proxy_set_header Host $http_host; }} }}
}}
"""


@pytest.fixture(scope="module")
def below(address: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The server behind nginx, which strips a prefix."""
    program = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
    need(program, "there is no nginx on this machine")
    folder = tmp_path_factory.mktemp("nginx")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    (folder / "conf").write_text(NGINX.format(folder=folder, port=port, address=address))
    process = subprocess.Popen([str(program), "-p", str(folder), "-c", str(folder / "conf"), "-e", "stderr"])
    try:
        _wait_for(port)
        yield f"http://127.0.0.1:{port}/data/isogloss"
    finally:
        process.terminate()
        process.wait(20)


def _wait_for(port: int) -> None:
    for _ in range(200):
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
            return
        time.sleep(0.05)
    raise TimeoutError("nginx did not start within ten seconds")


@pytest.fixture(params=["address", "below"])
def root(request: pytest.FixtureRequest) -> str:
    """The server by itself, and behind nginx under a prefix."""
    return str(request.getfixturevalue(request.param))


def test_the_checker_finds_nothing_wrong_behind_nginx_under_a_prefix(below: str) -> None:
    findings = Findings()
    with Site(below) as site:
        check_thing(site, THING, findings)
        check_places(site, findings)
        check_below(site, THING, findings)
    assert findings.failed == []
    assert findings.asked["sub-paths"] == 3


def test_curl_follows_one_hop_to_turtle(root: str) -> None:
    need(shutil.which("curl"), "there is no curl on this machine")
    told = subprocess.run(
        ["curl", "-sSL", "-H", "Accept: text/turtle", "-w", "\\n%{num_redirects} %{content_type}",
         f"{root}/id/{THING}"],
        check=True,
        capture_output=True,
        text=True,
        timeout=60,
    ).stdout  # fmt: skip
    body, _, seen = told.rpartition("\n")
    assert seen == "1 text/turtle; charset=utf-8"
    subjects = {str(quad.subject) for quad in ox.parse(body.encode(), ox.RdfFormat.TURTLE)}
    assert f"<{BASE}id/{THING}>" in subjects


def test_rdflib_reads_a_thing_by_its_address(root: str) -> None:
    graph = rdflib.Graph().parse(f"{root}/id/{THING}")
    assert graph.value(rdflib.URIRef(f"{BASE}id/{THING}"), rdflib.RDFS.label) is not None


def test_a_client_of_redirects_and_pyoxigraph_read_a_thing(root: str) -> None:
    answer = httpx.get(
        f"{root}/id/{THING}", headers={"accept": "application/n-triples"}, follow_redirects=True
    )
    assert len(answer.history) == 1
    assert len(list(ox.parse(answer.content, ox.RdfFormat.N_TRIPLES))) > 10


def test_owlready2_loads_the_ontology(root: str, tmp_path: Path) -> None:
    script = tmp_path / "load.py"
    script.write_text(
        "from owlready2 import World\n"
        f"ontology = World().get_ontology('{root}/ontology.rdf').load()\n"
        "found = {each.iri for each in ontology.classes()}\n"
        f"print(len(found), '{IG}Publication' in found)\n"
    )
    done = subprocess.run(
        [sys.executable, str(script)], check=False, capture_output=True, text=True, timeout=120
    )
    count, found = done.stdout.split()
    assert int(count) > 20
    assert found == "True"


def test_a_browser_follows_a_thing_to_its_page_and_on(root: str) -> None:
    with browsing() as browser:
        watched = Watched(browser)
        watched.page.goto(f"{root}/id/{THING}")
        assert urlsplit(watched.page.url).path.endswith(f"/doc/{THING}")
        assert "Y.3800" in watched.page.inner_text("h1")
        watched.page.locator('main a[href*="body/"]').first.click()
        watched.page.wait_for_url("**/doc/body/**")
        assert watched.page.url.startswith(root)
        assert watched.errors == []
        watched.close()


def comunica(kind: str, query: str, *sources: str) -> list[dict[str, str]]:
    need(shutil.which("node"), "there is no node on this machine")
    need(
        (HERE / "node_modules" / "@comunica").exists(), "Comunica is not installed here (npm ci in tests/api)"
    )
    done = subprocess.run(
        ["node", "comunica.mjs", kind, query, *sources],
        check=False,
        cwd=HERE,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def test_comunica_joins_the_endpoint_with_documents(address: str) -> None:
    query = f"SELECT ?acronym {{ <{BASE}id/{THING}> <{IG}publishedBy> ?body . ?body <{IG}acronym> ?acronym }}"
    found = comunica("sparql", query, f"{address}/sparql", f"{address}/doc/{THING}.ttl")
    assert any(each["acronym"].startswith("ITU") for each in found)


def test_comunica_finds_its_way_from_one_document_by_links(address: str) -> None:
    query = f"SELECT ?label {{ <{BASE}id/{THING}> <{LABEL}> ?label }}"
    found = comunica("traversal", query, f"{address}/doc/{THING}.ttl")
    assert any("Y.3800" in each["label"] for each in found)
