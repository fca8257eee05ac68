"""Queries that try each part of SPARQL 1.1, over the values in `in_process.trig` and the small store."""

from __future__ import annotations

# ?v every value, ?n the finite numbers, ?w the words in an order, ?one always 1, ?none nothing
_COUNTED = (
    "{ { SELECT * { ?s ex:value ?v } ORDER BY STR(?s) STR(?v) }"
    " BIND(IF(isNumeric(?v) && ABS(?v) < 1e6, ?v, ?none) AS ?n) BIND(STR(?v) AS ?w) BIND(1 AS ?one) }"
)

FUNCTIONS = (
    "STR(?v)", "LANG(?v)", "LANGMATCHES(LANG(?v), '*')", "LANGMATCHES(LANG(?v), 'en')", "DATATYPE(?v)",
    "BOUND(?v)", "IRI(CONCAT('http://x/', ENCODE_FOR_URI(STR(?v))))", "URI('relative/../x')", "ABS(?v)",
    "CEIL(?v)", "FLOOR(?v)", "ROUND(?v)", "CONCAT(STR(?v), '|')", "STRLEN(STR(?v))", "UCASE(?v)",
    "LCASE(?v)", "ENCODE_FOR_URI(STR(?v))", "CONTAINS(STR(?v), 'o')", "STRSTARTS(STR(?v), 'c')",
    "STRENDS(STR(?v), 'r')", "STRBEFORE(?v, 'o')", "STRAFTER(?v, 'o')", "YEAR(?v)", "MONTH(?v)", "DAY(?v)",
    "HOURS(?v)", "MINUTES(?v)", "SECONDS(?v)", "TIMEZONE(?v)", "TZ(?v)", "MD5(STR(?v))", "SHA1(STR(?v))",
    "SHA256(STR(?v))", "SHA384(STR(?v))", "SHA512(STR(?v))", "COALESCE(?missing, ?v + 1, 'none')",
    "IF(isNumeric(?v), ?v * 2, ?v)", "STRLANG(STR(?v), 'x')", "STRDT(STR(?v), ex:type)", "sameTerm(?v, 7)",
    "isIRI(?v)", "isURI(?s)", "isBlank(?s)", "isLiteral(?v)", "isNumeric(?v)",
    "REGEX(STR(?v), '^C.L', 'i')", "REPLACE(STR(?v), '([aeiou])', '<$1>')", "SUBSTR(STR(?v), 2)",
    "SUBSTR(STR(?v), 2, 3)", "xsd:integer(?v)", "xsd:decimal(?v)", "xsd:double(?v)", "xsd:float(?v)",
    "xsd:string(?v)", "xsd:boolean(?v)", "xsd:dateTime(?v)", "?v = 7.5", "?v < 8", "?v IN (7, 'text')",
    "?v NOT IN (7, 'text')", "!(?v = 7) || ?v > 3", "-?v", "+?v", "?v / 3", "?v / 0", "?v - 0.1",
    "?v * 1e3", "?v + ?v", "EXISTS { ?s ex:value 7 }", "NOT EXISTS { ?s ex:value 7 }",
)  # fmt: skip
AGGREGATES = (
    "COUNT(*)", "COUNT(DISTINCT *)", "COUNT(?v)", "COUNT(DISTINCT ?v)", "MIN(?n)", "MAX(?n)", "SUM(?n)",
    "SUM(DISTINCT ?n)", "AVG(?n)", "AVG(DISTINCT ?n)", "GROUP_CONCAT(?w)",
    "GROUP_CONCAT(DISTINCT ?w; SEPARATOR=', ')", "SAMPLE(?one)", "SUM(?none)", "AVG(?none)", "MIN(?none)",
    "GROUP_CONCAT(?none)", "COUNT(?none)",
)  # fmt: skip
PATHS = (
    "ex:knows", "^ex:knows", "ex:knows/ex:knows", "ex:knows|ex:likes", "ex:knows?", "ex:knows*",
    "ex:knows+", "(ex:knows|ex:likes)+", "(^ex:knows)*", "!ex:knows", "!^ex:knows",
    "!(ex:knows|ex:value|^ex:likes)", "ex:list/rdf:rest*/rdf:first", "(ex:knows/ex:likes)*",
    "ex:knows/!ex:likes",
)  # fmt: skip
SELECTS = (
    "SELECT * { ?s ex:label ?l } ORDER BY ?l LIMIT 20",
    "SELECT DISTINCT ?p { ?s ?p ?o } ORDER BY ?p",
    "SELECT REDUCED ?g { GRAPH ?g { ?s ex:label ?l } } ORDER BY ?g",
    "SELECT ?a ?b { ?a ex:next/ex:next ?b . FILTER(?a != ?b) } ORDER BY ?a OFFSET 5 LIMIT 7",
    "SELECT ?a { ?a (ex:next|^ex:next)? <http://example.org/thing/5> } ORDER BY ?a",
    "SELECT (COUNT(*) AS ?n) { <http://example.org/thing/1> ex:next+ ?b }",
    "SELECT ?s ?m { ?s ex:label ?l OPTIONAL { ?s ex:missing ?m } } ORDER BY ?s LIMIT 3",
    "SELECT ?s ?m { ?s ex:value ?v OPTIONAL { ?s ex:value ?m FILTER(?m > ?v) } }",
    "SELECT ?s { ?s ex:label ?l MINUS { ?s ex:next <http://example.org/thing/3> } } ORDER BY ?s LIMIT 5",
    "SELECT ?s { ?s ex:value ?v MINUS { ?x ex:value 7 } }",
    "SELECT ?s { { ?s ex:label 'thing 1'@en } UNION { ?s ex:label 'thing 2'@en } } ORDER BY ?s",
    "SELECT ?s { ?s ex:label ?l FILTER NOT EXISTS { ?s ex:missing ?m } } ORDER BY ?s LIMIT 4",
    "SELECT ?s { ?s ex:value ?v FILTER EXISTS { ?s ex:value ?w FILTER(LANG(?w) = 'en-GB') } }",
    "SELECT ?s ?n { VALUES (?s ?n) { (ex:a 1) (UNDEF 2.5) (ex:b 3e0) ('x'@en true) } } ORDER BY ?n",
    "SELECT ?s ?v { ?s ex:value ?v } VALUES ?s { ex:integer ex:german ex:nothing }",
    "SELECT ?x { BIND(CONCAT('a', '\"<&>,\\t\\n', STR(1 + 2)) AS ?x) }",
    "SELECT ?x ?y { BIND(1/0 AS ?x) BIND(?x AS ?y) }",
    "SELECT ?g (COUNT(DISTINCT ?s) AS ?n) { GRAPH ?g { ?s ?p ?o } } GROUP BY ?g HAVING (COUNT(?s) > 1)",
    "SELECT ?kind (COUNT(*) AS ?n) { ?s ex:value ?v } GROUP BY (DATATYPE(?v) AS ?kind) ORDER BY ?kind",
    "SELECT (GROUP_CONCAT(?l; SEPARATOR='|') AS ?a) { { SELECT ?l { ?s ex:label ?l } ORDER BY ?l LIMIT 4 } }",
    "SELECT ?s ?x { ?s ex:label ?x . { SELECT ?s { ?s ex:next ?n } ORDER BY ?s LIMIT 2 } } ORDER BY ?s",
    "SELECT ?v { ?s ex:value ?v } ORDER BY DESC(?v) ?s",
    "SELECT ?v { ?s ex:value ?v } ORDER BY ASC(STRLEN(STR(?v))) STR(?v) LIMIT 5 OFFSET 3",
    "SELECT (COUNT(*) AS ?n) FROM <http://example.org/graph/0> { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) FROM <http://example.org/graph/0> FROM <http://example.org/graph/1>"
    " { ?s ?p ?o }",
    "SELECT (COUNT(*) AS ?n) FROM NAMED <http://example.org/graph/0> { GRAPH ?g { ?s ?p ?o } }",
    "SELECT ?g FROM <http://example.org/graph/0> FROM NAMED <http://example.org/graph/1>"
    " { ?s ex:next ?o . GRAPH ?g { ?o ?p ?q } }",
    "SELECT ?o { GRAPH <http://example.org/graph/values> { ex:german ex:value ?o } }",
    "SELECT ?s { GRAPH <http://example.org/none> { ?s ?p ?o } }",
    "SELECT ('\\u00e9\\U0001F600 \\\\ \\'' AS ?x) ('''long 'quoted' ''' AS ?y) (\"\" AS ?z) {}",
    "SELECT ?x ?y { VALUES ?x { 1 2 3 } VALUES ?y { 2 3 4 } FILTER(?x<?y&&?y>?x) } ORDER BY ?x ?y",
    "SELECT ?v { <http://example.org/a%2Fb%20c?d=e&f#g> ex:value ?v }",
    "SELECT ?s { ?s ex:value 'beyond ASCII' }",
    "SELECT ?v { <http://example.org/gr\\u00F6\\u00DFe/\\U0001F600> ex:value ?v }",
    "SELECT * {} ", "SELECT ?nothing { ?s ex:nothing ?nothing }", "SELECT ?unbound {}",
    "SELECT ?x { ?x ex:nameless [ ex:value 'nobody' ] }", "SELECT ?y { [] ex:nameless/ex:value ?y }",
    "SELECT ?first ?second { ex:listed ex:list (?first ?second ex:three _:last) }",
    "SELECT (1 AS ?a) (-1 AS ?b) (1.0 AS ?c) (1e0 AS ?d) (01 AS ?e) (.5 AS ?f) (1E-7 AS ?g) (true AS ?h) {}",
    "SELECT (1 = 1.0 AS ?a) ('a' = 'a'@en AS ?b) (1/3 AS ?c) (2/2 AS ?d) (1e308*10 AS ?e) (0.1+0.2 AS ?f) {}",
    "SELECT ('2024-02-29'^^xsd:date < '2024-03-01'^^xsd:date AS ?a) ('a'@EN = 'a'@en AS ?b) {}",
    "SELECT # a comment with SERVICE and RAND()\n ?s { ?s ex:value 'text' }",
    "select distinct ?s where{?s ex:value?t optional{?s ex:label ?l}filter(!bound(?l))}order by desc(?s)",
)  # fmt: skip
ASKS = ("ASK { ?s ex:label 'thing 7'@en }", "ASK { ?s ex:nothing ?o }", "ASK {}", "ASK { FILTER(1/0) }")
GRAPHS = (
    "CONSTRUCT { ?s ex:called ?l } WHERE { ?s ex:label ?l } ORDER BY ?s LIMIT 5",
    "CONSTRUCT WHERE { ex:nothing ex:label ?l }",
    "CONSTRUCT WHERE { ?s ex:value ?v ; ex:value ?w }",
    "CONSTRUCT { ?s ex:list (1 'two' ex:three) } WHERE { VALUES ?s { ex:a } }",
    "CONSTRUCT { _:each ex:of ?s ; ex:and [ ex:also ?v ] } WHERE { ?s ex:value ?v FILTER(isNumeric(?v)) }",
    "CONSTRUCT { ?v ex:is ?s . ?s ex:is ?v } WHERE { ?s ex:value ?v }",
    "CONSTRUCT { ?s ?p ?o } WHERE { GRAPH <http://example.org/graph/values> { ?s ?p ?o } }",
    "CONSTRUCT { ?s ?p ?o } FROM <http://example.org/graph/1> WHERE { ?s ?p ?o }",
    "DESCRIBE <http://example.org/thing/1>",
    "DESCRIBE ex:quotes ex:german ex:listed",
    "DESCRIBE ?s WHERE { ?s ex:label 'thing 2'@en }",
    "DESCRIBE <http://example.org/a%2Fb%20c?d=e&f#g>",
    "DESCRIBE ex:nothing",
)
ROWS = (
    *SELECTS,
    *ASKS,
    *(f"SELECT ?s ({each} AS ?x) {{ ?s ex:value ?v }}" for each in FUNCTIONS),
    *(f"SELECT ?s {{ ?s ex:value ?v FILTER({each}) }}" for each in FUNCTIONS),
    *(f"SELECT ({each} AS ?x) {_COUNTED}" for each in AGGREGATES),
    *(f"SELECT ?s ({each} AS ?x) {_COUNTED} GROUP BY ?s HAVING(COUNT(*) > 0)" for each in AGGREGATES),
    *(f"SELECT ?a ?b {{ ?a {path} ?b FILTER(!isNumeric(?b)) }}" for path in PATHS),
    *(f"SELECT ?b {{ ex:a {path} ?b }}" for path in PATHS),
)
