"""The checker finds nothing wrong with what ships, and finds what is wrong with a server that errs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from fastapi import FastAPI
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

from isogloss.api import vocabulary
from isogloss.api.app import create_app
from isogloss.api.checker.accept import MATRIX
from isogloss.api.checker.below import Below
from isogloss.api.checker.findings import Findings
from isogloss.api.checker.ontologies import Ontology
from isogloss.api.checker.pitfalls import PITFALLS, check_pitfalls
from isogloss.api.checker.places import check_below, check_places, check_proxied
from isogloss.api.checker.run import check_server
from isogloss.api.checker.site import Site
from isogloss.api.checker.things import check_thing
from isogloss.errors import EngineError
from isogloss.graph.engine.base import Engine
from isogloss.graph.snapshot import Snapshot
from isogloss.settings import Settings

from .serving import serving


@pytest.fixture(scope="module")
def kept(snapshot: Snapshot, settings: Settings, another_engine: Callable[[], Engine]) -> Iterator[str]:
    """A server as it ships, which keeps what it rendered."""
    keeping = settings.model_copy(update={"answer_cache": 1 << 26})
    with serving(create_app(keeping, another_engine(), snapshot)) as address:
        yield address


def test_one_thing_of_every_kind_answers_rightly_whatever_is_asked(kept: str) -> None:
    findings = check_server(kept, each=1)
    assert findings.failed == []
    assert findings.asked.total() > 2000
    asked = {name.partition(" ")[2] for name in findings.asked if name.startswith("FOOPS")}
    left = {told.partition(":")[0].partition(" ")[2] for told in findings.undecided}
    assert findings.asked["OOPS P37"] == 1
    assert len(asked | (left & {"FIND2", "FIND3", "FIND_3_BIS", "OM4.2"})) == 24


def test_it_holds_under_a_prefix_and_behind_a_proxy(
    snapshot: Snapshot, settings: Settings, another_engine: Callable[[], Engine]
) -> None:
    findings = Findings()
    trusting = settings.model_copy(update={"trusted_proxies": ("127.0.0.1",)})
    with ExitStack() as stack:
        app = Below(create_app(settings, another_engine(), snapshot), "/a/b")
        below = stack.enter_context(serving(app))
        check_below(stack.enter_context(Site(below + "/a/b")), "section/2025/10.3", findings)
        proxied = stack.enter_context(serving(create_app(trusting, another_engine(), snapshot)))
        check_proxied(stack.enter_context(Site(proxied)), findings)
    assert findings.failed == []
    assert findings.asked["proxies"] == 4


def test_the_matrix_holds_enough_fields_and_none_twice() -> None:
    fields = [accept for accept, _ in MATRIX]
    assert len(fields) == len(set(fields)) > 40


def wrong() -> FastAPI:
    """A server with the faults that peers have: HTML for all, no Vary, believes strangers, HEAD with 405."""
    app = FastAPI(openapi_url=None)

    @app.get("/{path:path}")
    def anything(request: Request, path: str) -> Response:
        host = request.headers.get("x-forwarded-host", "here.example")
        return PlainTextResponse(f"<html>Sitemap: http://{host}/sitemap.xml", media_type="text/html")

    return app


def test_the_faults_of_a_server_are_told_in_plain_words() -> None:
    findings = Findings()
    with serving(wrong()) as address, Site(address) as site:
        check_thing(site, "body/itu", findings)
        check_places(site, findings)
    told = "\n".join(findings.failed)
    for words in (
        "/id/body/itu with “Accept: text/turtle” is 200 text/html, not a 303",
        "/doc/body/itu with “Accept: application/rdf+xml” is 200 text/html, not application/rdf+xml",
        "/doc/body/itu.ttl is 200 text/html, not text/turtle",
        "does not vary by Accept",
        "has no strong ETag",
        "HEAD /id/body/itu is 405",
        "has no link “cite-as”",
        "believes a stranger",
        "an unknown body is 200",
        "/doc/body/there-is-no-such-body is 200, not 404, to a client with if-modified-since",
        "/sitemap.xml has no ETag",
        "profile bare of body/itu does not say which profile it is",
        "/doc/body/itu?_mediatype=nonsense is 200, not 406",
        "/id/body/itu?_mediatype=nt&_profile=bare loses the profile",
    ):
        assert words in told


def test_a_server_without_documents_or_out_of_reach_is_told_so() -> None:
    with serving(wrong()) as address, pytest.raises(EngineError, match="lists no documents"):
        check_server(address, each=1)
    with pytest.raises(EngineError, match="cannot be reached"):
        check_server("http://127.0.0.1:9", each=1)


HEAD = """@prefix : <https://x.example/o#> . @prefix owl: <http://www.w3.org/2002/07/owl#> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> . @prefix skos: <http://www.w3.org/2004/02/skos/core#> .
<https://x.example/o> a owl:Ontology .
"""
EXAMPLES = {
    "P02": ":Car a owl:Class ; owl:equivalentClass :Auto . :Auto a owl:Class .",
    "P03": ":is a owl:ObjectProperty .",
    "P12": ":maker a owl:ObjectProperty . <https://y.example/maker> a owl:ObjectProperty .",
    "P24": ":A a owl:Class ; owl:equivalentClass [ a owl:Class ; owl:unionOf ( :B :A ) ] .",
    "P27": ":p a owl:ObjectProperty ; owl:equivalentProperty :q . :q a owl:DatatypeProperty .",
    "P30": ":Event a owl:Class . <https://schema.org/Event> a owl:Class .",
    "P31": ":A a owl:Class ; owl:equivalentClass :B ; owl:disjointWith :B . :B a owl:Class .",
    "P04": ":Alone a owl:Class .",
    "P05": ":p a owl:ObjectProperty ; rdfs:domain :A ; owl:inverseOf :q . :q rdfs:range :B .",
    "P06": ":A a owl:Class ; rdfs:subClassOf :B . :B a owl:Class ; rdfs:subClassOf :A .",
    "P07": ":BodyOrPerson a owl:Class .",
    "P08": ":A a owl:Class .",
    "P10": ":A a owl:Class .",
    "P19": ":p a owl:ObjectProperty ; rdfs:domain :A , :B .",
    "P20": ":A a owl:Class ; rdfs:label 'same' ; skos:definition 'same' .",
    "P21": ":Miscellaneous a owl:Class .",
    "P22": ":lower_case a owl:Class .",
    "P25": ":p a owl:ObjectProperty ; owl:inverseOf :p .",
    "P26": ":p a owl:ObjectProperty , owl:SymmetricProperty ; owl:inverseOf :q .",
    "P28": ":p a owl:SymmetricProperty ; rdfs:domain :A ; rdfs:range :B .",
    "P29": ":p a owl:TransitiveProperty ; rdfs:domain :A ; rdfs:range :B .",
    "P32": ":A a owl:Class ; rdfs:label 'one' . :B a owl:Class ; rdfs:label 'One' .",
    "P33": ":p a owl:ObjectProperty ; owl:propertyChainAxiom ( :q ) .",
    "P34/P35": ":A a owl:Class ; rdfs:subClassOf :Undeclared .",
    "P40": "skos:Concept skos:definition 'mine now' .",
    "P41": "",
}


@pytest.mark.parametrize("number", EXAMPLES)
def test_a_pitfall_is_seen_where_it_is(number: str) -> None:
    findings = Findings()
    check_pitfalls(Ontology((HEAD + EXAMPLES[number]).encode()), findings)
    assert any(told.startswith(f"OOPS {number}:") for told in findings.failed)


def test_links_of_one_direction_are_told_and_left_to_a_person() -> None:
    findings = Findings()
    turtle = HEAD + ":p a owl:ObjectProperty . :q a owl:ObjectProperty ; owl:inverseOf :r ."
    check_pitfalls(Ontology((turtle + ":r a owl:ObjectProperty .").encode()), findings)
    assert [told for told in findings.undecided if "P13" in told] == [
        "OOPS P13: no inverse, which may be meant: p"
    ]


def test_what_ships_is_in_no_pitfall() -> None:
    findings = Findings()
    check_pitfalls(Ontology(vocabulary.shipped().turtle), findings)
    assert findings.failed == []
    assert len(PITFALLS) == 31


@pytest.mark.parametrize(
    ("turtle", "number"),
    [("", "P38"), ("<https://x.example/o.owl> a <http://www.w3.org/2002/07/owl#Ontology> .", "P36")],
)
def test_an_ontology_that_is_not_declared_or_is_a_file_is_told(turtle: str, number: str) -> None:
    findings = Findings()
    check_pitfalls(Ontology(turtle.encode()), findings)
    assert any(told.startswith(f"OOPS {number}:") for told in findings.failed)
