"""What the guard lets through, what it refuses and where, and that the engine agrees with it."""

from __future__ import annotations

import contextlib
import dataclasses
import socket
import threading
import time
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Store

from isogloss.errors import IsoglossError, QueryRefused, QuerySyntaxError, QueryTooLarge
from isogloss.graph.engine.guard import FUNCTIONS, examine, harmless, is_allowed, rewritten, token_at

REFUSED = [
    ("SELECT * { SERVICE <http://x/> { ?s ?p ?o } }", 1, 12, "SERVICE"),
    ("SELECT * {\n  service ?x { ?s ?p ?o } }", 2, 3, "service"),
    ("SELECT * { SERVICE SILENT <http://x/> {} }", 1, 12, "SERVICE"),
    ("ASK { FILTER EXISTS { SERVICE<http://x/>{} } }", 1, 23, "SERVICE"),
    ("ASK { { SELECT * { SERVICE <http://x/> {} } } }", 1, 20, "SERVICE"),
    ("ASK { OPTIONAL{SERVICE <http://x/> {}} }", 1, 16, "SERVICE"),
    ("ASK { # a comment\nSeRvIcE # another\n<http://x/> {} }", 2, 1, "SeRvIcE"),
    ("ASK { FILTER(1<2)SERVICE <http://x/> {} }", 1, 18, "SERVICE"),
    ("ASK { ?s ?p 1SERVICE <http://x/> {} }", 1, 14, "SERVICE"),
    ("ASK { FILTER(?a<?b)#>'''\nSERVICE <http://x/> {} #'''\n}", 2, 1, "SERVICE"),
    ("ASK { \\u0053ERVICE <http://x/> {} }", 1, 7, "\\u0053ERVICE"),
    ("PREFIX service: <http://x/> ASK { service:a {} }", 1, 35, "service:a"),
    ("PREFIX servicex: <http://x/> ASK { ?s ?p ?o servicex:a {} }", 1, 45, "servicex:a"),
    ("INSERT DATA { <a:b> <a:b> <a:b> }", 1, 1, "INSERT"),
    ("PREFIX a: <b:c>\nDELETE WHERE { ?s ?p ?o }", 2, 1, "DELETE"),
    ("BASE <http://x/> LOAD <http://y/>", 1, 18, "LOAD"),
    ("CLEAR ALL", 1, 1, "CLEAR"),
    ("ASK {} ; INSERT DATA {}", 1, 10, "INSERT"),
    ("WITH <a:b> DELETE {} WHERE {}", 1, 1, "WITH"),
]
ALLOWED = [
    "SELECT ?service { ?service a <http://service/SERVICE> }",
    'ASK { ?s ?p "SERVICE <http://x/> {}" }',
    "ASK { ?s ?p '''it's a ''SERVICE'' ''' }",
    "# SERVICE\nASK { ?s ?p ?o # LOAD INSERT SERVICE\n}",
    "PREFIX service: <http://x/> ASK { ?s service:SERVICE service:load . service:a a service:b }",
    "PREFIX service: <http://x/> ASK { GRAPH service:g { ?s ?p ?o } }",
    "PREFIX service: <http://x/> SELECT * FROM service:g { ?s ?p ?o }",
    "PREFIX service: <http://x/> DESCRIBE service:a ?x { ?x ?p ?o }",
    "ASK { _:service ?SERVICE $insert . ?s ?p 'x'@service }",
    r'ASK { ?s ?p "a \" SERVICE <x> {} \\" }',
    "PREFIX s: <http://x/> ASK { ?s s:p\\#SERVICE ?o }",
    "ASK { FILTER(?a < 3 && ?b > 4) }",
    "PREFIX x: <http://x/> ASK { VALUES (?a ?b) { (<http://x/a#b> <http://x/service#c>) } }",
    "PREFIX x: <http://x/> ASK { ?s (x:a|^x:b)/x:c* (1 <http://x/#y> x:z) }",
]
FETCH = "bif:http_get"
CALLS = [
    f"SELECT (<{FETCH}>('http://x/') AS ?x) {{}}",
    f"SELECT <{FETCH}>('http://x/') {{}}",
    f"SELECT * {{ FILTER <{FETCH}> ('http://x/') }}",
    f"SELECT * {{ FILTER(1 < 2 && <{FETCH}>('http://x/') = 1) }}",
    f"SELECT * {{ BIND(CONCAT('a', <{FETCH}>('http://x/')) AS ?x) }}",
    f"SELECT * {{ ?s ?p ?o }} ORDER BY ?s <{FETCH}>('http://x/')",
    f"SELECT * {{ ?s ?p ?o }} GROUP BY <{FETCH}>('http://x/')",
    f"SELECT * {{ ?s ?p ?o }} LIMIT <{FETCH}>('http://x/')",
    f"DESCRIBE ?x <{FETCH}>('http://x/') {{ ?x ?p ?o }}",
    f"ASK {{ FILTER EXISTS {{ ?s ?p ?o FILTER <{FETCH}>('http://x/') }} }}",
    "PREFIX b: <bif:http_> SELECT (b:get('http://x/') AS ?x) {}",
    "PREFIX b: <bif:> SELECT (b:http\\_get('http://x/') AS ?x) {}",
    "BASE <bif:> SELECT (<http_get>('http://x/') AS ?x) {}",
    "SELECT (<\\u0062if:http_get>('http://x/') AS ?x) {}",
    f"SELECT ('\\u0027, <{FETCH}>(1), \\u0027' AS ?x) {{}}",
    "SELECT (<java:java.lang.System>('http://x/') AS ?x) {}",
]
NO_CALLS = [
    "SELECT (<http://www.w3.org/2001/XMLSchema#integer>('1') AS ?x) {}",
    "PREFIX xsd: <http://www.w3.org/2001/XMLSchema#> ASK { ?s ?p ?o FILTER(xsd:date(?o) > xsd:date(?x)) }",
    "PREFIX x: <http://x/> ASK { ?s x:p (1 2) ; x:q (?a) . [] x:a/x:b (3) . (1) x:c (2) }",
    "PREFIX x: <http://x/> ASK { FILTER EXISTS { ?s x:p (1 2) } FILTER(?x IN (x:a, x:b)) }",
    "PREFIX x: <http://x/> CONSTRUCT { ?s x:p (1 2) } WHERE { VALUES (?s) { (x:a) (<http://x/b>) } }",
    "SELECT ('<bif:http_get>(1)' AS ?x) {}",
]


@pytest.mark.parametrize("text", CALLS)
def test_functions_of_an_engine_of_its_own_are_refused(text: str) -> None:
    with pytest.raises(QueryRefused, match="function"):
        examine(text, (), FUNCTIONS)


@pytest.mark.parametrize("text", NO_CALLS)
def test_casts_and_lists_are_no_such_calls(text: str) -> None:
    examine(text, (), FUNCTIONS)


@pytest.mark.parametrize(("text", "line", "column", "token"), REFUSED)
def test_refuses_with_the_place(text: str, line: int, column: int, token: str) -> None:
    with pytest.raises(QueryRefused) as caught:
        examine(text)
    assert (caught.value.line, caught.value.column, caught.value.token) == (line, column, token)


@pytest.mark.parametrize("text", ALLOWED)
def test_words_elsewhere_are_not_mistaken_for_keywords(text: str) -> None:
    examine(text)


@pytest.mark.parametrize(
    "text", ["", "SELEKT * {}", "trueSERVICE", "ASK { 'abc }", "ASK { ?s foo:bar ?o }", "ASK {]"]
)
def test_what_holds_no_sparql_is_a_syntax_error_with_its_place(text: str) -> None:
    with pytest.raises(QuerySyntaxError) as caught:
        examine(text)
    assert caught.value.line == 1
    assert caught.value.column is not None


def test_tells_form_data_set_and_what_may_change() -> None:
    assert examine("ASK {}").form == "ASK"
    assert examine("SELECT * FROM <a:b> {}").has_dataset
    assert examine("SELECT (RAND() AS ?x) {}").volatile
    assert not examine("SELECT ?rand { ?rand ?p 'NOW()' }").volatile


def test_nesting_is_bounded() -> None:
    with pytest.raises(QueryTooLarge, match="deep"):
        examine("ASK " + "{" * 600 + "}" * 600)


def test_an_allowed_service_is_named_in_full() -> None:
    allowed = ("https://query.example.org/sparql",)
    verdict = examine("PREFIX q: <https://query.example.org/> ASK { SERVICE q:sparql {} }", allowed)
    assert [each.iri for each in verdict.services] == ["https://query.example.org/sparql"]
    text = "BASE <https://query.example.org/> ASK { SERVICE SILENT <sparql> {} }"
    verdict = examine(text, allowed)
    changed = rewritten(text, verdict, {"https://query.example.org/sparql": "http://127.0.0.1:9/1"})
    assert changed == "BASE <https://query.example.org/> ASK { SERVICE SILENT <http://127.0.0.1:9/1> {} }"


@pytest.mark.parametrize(
    "iri",
    [
        "https://query.example.org.evil.com/", "https://query.example.org@evil.com/", "http://query.example.org/",
        "https://query.example.org/a/../../x", "ftp://query.example.org/", "https://query.example.org:81/",
        "https://QUERY.example.org\\@evil/", "https://query.example.org:443@evil.com/",
        "//query.example.org/",
        "https://query.example.org/%2e%2e/x", "https://query.example.org/open/..%2fclosed",
        "https://query.example.org/open/..;/closed", "https://query.example.org/open/%2E%2E;x=y/closed",
        "https://query.example.org/open/..%5Cclosed", "https://que\\u0009ry.example.org/", "https://query%2eexample.org/",
        "https://query.example.org\\u000a/", "\\u0020https://query.example.org/",
    ],
)  # fmt: skip
def test_an_iri_beside_the_list_is_not_on_it(iri: str) -> None:
    assert not is_allowed(iri, ["https://query.example.org", "https://query.example.org/open/"])
    with pytest.raises((QueryRefused, QuerySyntaxError)):
        examine(f"ASK {{ SERVICE <{iri}> {{}} }}", ["https://query.example.org"])


@pytest.mark.parametrize(
    ("prefix", "iri"),
    [
        ("https://query.example.org", "https://QUERY.Example.org/sparql"),
        ("https://Query.example.org/", "https://query.example.org/sparql?default=1"),
        ("https://query.example.org/open/", "https://query.example.org/open/a..b/%20/c;d"),
        ("http://query.example.org:8080/", "HTTP://query.example.org:8080/"),
    ],
)
def test_an_iri_on_the_list_may_be_called(prefix: str, iri: str) -> None:
    verdict = examine(f"ASK {{ SERVICE <{iri}> {{}} }}", [prefix])
    assert [each.iri for each in verdict.services] == [iri]


def test_an_address_beside_a_folder_of_the_list_is_not_on_it() -> None:
    for iri in ("https://a.example/closed/", "https://a.example/open", "https://a.example/openly/"):
        assert not is_allowed(iri, ["https://a.example/open/"])


@pytest.mark.parametrize("iri", ["http://[/", "//[x]:y/", "http://[::1/", "http://a]/", "http://a:b:c/"])
def test_what_is_no_iri_harms_nobody(iri: str) -> None:
    assert not is_allowed(iri, ["http://a.example/"])
    assert examine(f"BASE <{iri}> PREFIX y: <{iri}> PREFIX z: <z> ASK {{ y:a.b.c ?p z:d }}").form == "ASK"
    with pytest.raises(QueryRefused):
        examine(f"BASE <{iri}> ASK {{ SERVICE <x> {{}} }}", ["http://a.example/"])


def test_a_variable_service_is_refused_even_with_a_list() -> None:
    with pytest.raises(QueryRefused):
        examine("ASK { VALUES ?x { <https://a.example/> } SERVICE ?x {} }", ["https://a.example/"])


def test_names_that_the_engine_cannot_read_are_written_out() -> None:
    text = "PREFIX x: <http://x/> ASK { ?s ?p x:a.b.c }"
    changed = rewritten(text, examine(text), {})
    assert changed == "PREFIX x: <http://x/> ASK { ?s ?p <http://x/a.b.c> }"
    Store().query(changed)


@pytest.mark.parametrize(
    "text",
    [
        "SELECT (CONCAT ('a', 'b') AS ?x) {}",
        "SELECT (CoAlesce\n(?y, 'a', 'b') AS ?x) {}",
        "SELECT (BNODE () AS ?x) {}",
        "SELECT (CONCAT # a comment\n (COALESCE (?y, 'a'), CONCAT  ('b')) AS ?x) {}",
    ],
)
def test_blanks_that_the_engine_cannot_read_are_left_out(text: str) -> None:
    with pytest.raises(SyntaxError):
        Store().query(text)
    assert harmless(text) is None
    Store().query(rewritten(text, examine(text), {}))


def test_finds_the_token_at_a_place() -> None:
    assert token_at("ASK {\n  ?s foo }", 2, 6) == "foo"
    assert token_at("ASK {", 1, 6) == ""


COMMON = """PREFIX ig: <https://w3id.org/isogloss/ontology#>
SELECT ?p ?l WHERE { ?p a ig:Publication ; ig:label ?l . FILTER(?l < "b" && ?p != ig:x) }
ORDER BY ?l LIMIT 9"""


def test_a_common_query_costs_well_under_a_millisecond() -> None:
    best = min(_seconds(COMMON) for _ in range(50))
    assert best < 0.001


@pytest.mark.parametrize(
    "piece",
    [
        "a.",
        "'",
        "<",
        "\\",
        "\\\\u",
        "?a<",
        "x:a.",
        "#\n",
        "a:",
        "((",
        "'''",
        '"\\"',
        "<a",
        "1.",
        "_:a.",
        "@a-",
    ],
)
def test_hostile_input_takes_linear_time(piece: str) -> None:
    short, long = (min(_seconds(f"ASK {{ {piece * n}") for _ in range(3)) for n in (4_000, 32_000))
    assert long < max(short, 0.002) * 40


def _seconds(text: str) -> float:
    started = time.perf_counter()
    with contextlib.suppress(IsoglossError):
        examine(text)
    return time.perf_counter() - started


class Listener:
    """Counts who calls on a loopback port; hangs up at once."""

    def __init__(self) -> None:
        self._server = socket.create_server(("127.0.0.1", 0))
        self.port = self._server.getsockname()[1]
        self.calls = 0
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._server.accept()
            except OSError:
                return
            self.calls += 1
            connection.close()

    def close(self) -> None:
        self._server.shutdown(socket.SHUT_RDWR)
        self._server.close()


@pytest.fixture(scope="module")
def listener() -> Iterator[Listener]:
    found = Listener()
    yield found
    found.close()


HIDING = [
    "",
    "?s ?p ?o . ",
    "?s ?p ?o ",
    "?s ?p 1",
    "?s ?p true",
    "?s ?p 'a'@en",
    "?s ?p y:a.b.",
    "?s ?p y:a.b",
    "{} ",
    "FILTER(1<2)",
    "FILTER(?a<?b)#>'''\n",
    "FILTERy:f(?a<?b)#>'''\n",
    "# '''\n",
    "?s ?p '''x''' . ",
    "?s ?p '\\u0027 #' . ",
    '?s ?p "\\\\u0022 # " . ',
    "BIND(1 AS ?z)",
    "OPTIONAL{} ",
    "?s y:p|^y:q ?o ",
    "FILTER EXISTS {",
    "<http://y/#> a y:b ",
    "?s ?p (1 <http://y/#> 2) ",
    'FILTER(?a IN (<http://y/#>, ?b<?c)) #>"""\n',
    "VALUES ?v { <http://y/#'> } ",
    "?s ?p ''''x''' ",
    "FILTER((?a)<?b)#>'\n",
    "FILTER(y:f(?a)<y:b)#>'\n",
    "SELECT ?x { ",
    "[] ?p ?o . ",
    "_:a.b ?p ?o . ",
    "\\u0023\n",
    "?s ?p 1.e5 ",
]
CALLS = [
    "SERVICE <URL> {}",
    "SERVICE<URL>{}",
    "SERVICE SILENT <URL> {}",
    "service:x {}",
    "SERVICEy:x {}",
    "SERVICESILENTy:x {}",
    "SERVICE y:x {}",
    "SERVICE:x{}",
    "\\u0053ERVICE <URL> {}",
    "SERVICE#\n<URL>{}",
    "SERVICE BASEY {}",
    "trueSERVICE <URL> {}",
    "servicey:x { ?a ?b ?c }",
    "VALUES ?u { <URL> } SERVICE ?u {}",
    "'''#'''SERVICE <URL> {}",
]
ENDS = ["", "}", "#'''\n", "#'\n", ")", " }}", '#"""\n', " FILTER(?c > 1)"]


@settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(st.sampled_from(HIDING), max_size=3),
    st.sampled_from(CALLS),
    st.lists(st.sampled_from(ENDS), max_size=3),
    st.booleans(),
)
def test_nothing_that_passes_makes_the_engine_call_anyone(
    listener: Listener, before: list[str], call: str, after: list[str], declared: bool
) -> None:
    url = f"http://127.0.0.1:{listener.port}/"
    prefixes = f"PREFIX y: <{url}> PREFIX : <{url}> " + (
        f"PREFIX service: <{url}> PREFIX servicey: <{url}> PREFIX SERVICEy: <{url}> PREFIX FILTERy: <{url}> "
        if declared
        else ""
    )
    text = prefixes + "ASK { " + "".join(before) + call.replace("URL", url) + "".join(after) + "\n}"
    _run_if_it_passes(text, listener)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from([*HIDING, *CALLS, *ENDS, *"'\"#<>(){}.\\ \n"]), max_size=12))
def test_no_heap_of_fragments_slips_through(listener: Listener, parts: list[str]) -> None:
    url = f"http://127.0.0.1:{listener.port}/"
    _run_if_it_passes(f"PREFIX y: <{url}> ASK {{ {''.join(parts).replace('URL', url)} }}", listener)


def _run_if_it_passes(text: str, listener: Listener) -> None:
    try:
        verdict = harmless(text) or examine(text)
    except IsoglossError:
        return
    calls = listener.calls
    with contextlib.suppress(SyntaxError, OSError, ValueError, RuntimeError):
        Store().query(rewritten(text, verdict, {}))
    assert listener.calls == calls


@settings(max_examples=200, deadline=None)
@given(st.text(max_size=60), st.sampled_from(["'", '"', "'''", '"""']))
def test_a_string_may_say_anything(content: str, quote: str) -> None:
    written = content.replace("\\", "\\\\").replace("'", "\\'").replace('"', '\\"').replace("\n", "\\n")
    text = f"SELECT (STR({quote}{written.replace(chr(13), chr(92) + 'r')}{quote}) AS ?x) {{}}"
    if "\\u" in text.lower():
        return
    assert examine(text).form == "SELECT"


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from([*HIDING, *CALLS, *ENDS, "FROM <a:b>", "NOW()", " y:a.b.c ", "y:a.b"]), max_size=6
    )
)
def test_a_glance_never_says_more_than_a_reading(parts: list[str]) -> None:
    text = f"PREFIX y: <http://y/> ASK {{ {' '.join(parts)} }}"
    at_a_glance = harmless(text)
    if at_a_glance is None:
        return
    try:
        read = examine(text)
    except QuerySyntaxError:
        return
    assert dataclasses.replace(read, form="") == at_a_glance


@pytest.mark.parametrize(
    ("text", "passes"),
    [
        ("SELECT ?p ?o { <http://example.org/a.b.c> ?p ?o }", True),
        ("PREFIX y: <http://www.example.org/> SELECT * { y:a ?p 1.5 }", True),
        ("PREFIX y: <http://www.example.org/> SELECT * { y:a.b.c ?p ?o }", False),
        ("ASK { \u017fervice <http://y/> {} }", False),
        ("SELECT (NoW() AS ?x) {}", False),
        ("ASK " + "{" * 500 + "}" * 500, False),
    ],
)
def test_common_queries_pass_at_a_glance(text: str, passes: bool) -> None:
    assert (harmless(text) is not None) == passes
