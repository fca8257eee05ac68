"""The Accept fields that clients send, each with the media type that they are due; none means 406."""

from __future__ import annotations

TTL, JSON_LD, NT, XML, TRIG, NQ, N3, JSON, HTML = (
    "text/turtle", "application/ld+json", "application/n-triples", "application/rdf+xml",
    "application/trig", "application/n-quads", "text/n3", "application/json", "text/html",
)  # fmt: skip
NONE = ""

MATRIX: tuple[tuple[str, str], ...] = (
    # one format each
    (TTL, TTL), (JSON_LD, JSON_LD), (NT, NT), (XML, XML), (TRIG, TRIG), (NQ, NQ), (N3, N3), (JSON, JSON),
    (HTML, HTML),
    # wildcards
    ("*/*", TTL), ("", TTL), ("text/*", TTL), ("application/*", JSON_LD), ("*/*;q=0.1", TTL),
    # what programs send: rdflib, Jena, RDF4J, librdf, Comunica, the OWL API, readers of schema.org
    ("application/rdf+xml,text/rdf+n3;q=0.9,application/xhtml+xml;q=0.5, */*;q=0.1", XML),
    ("text/turtle, application/rdf+xml;q=0.9, application/trix+xml;q=0.8, */*;q=0.5", TTL),
    ("text/turtle,application/n-triples;q=0.9,application/ld+json;q=0.8,*/*;q=0.3", TTL),
    ("application/rdf+xml;q=0.2, application/n-triples, text/turtle;q=0.8", NT),
    ("application/n-quads,application/trig;q=0.95,application/ld+json;q=0.9", NQ),
    ("application/trig;q=0.9, application/n-quads;q=0.9, text/turtle;q=0.9, text/html;q=0.1", TRIG),
    ("application/rdf+xml, application/xml; q=0.7, text/xml; q=0.6, text/plain; q=0.1, */*; q=0.09", XML),
    ("application/rdf+xml, text/rdf+n3, text/rdf+ttl, application/xhtml+xml, text/html;q=0.3", XML),
    ('application/ld+json;profile="http://www.w3.org/ns/json-ld#compacted", application/json;q=0.5', JSON_LD),
    ("application/ld+json;q=0.9, application/json;q=0.8", JSON_LD),
    ("application/ld+json, text/turtle, application/rdf+xml", JSON_LD),
    ("application/json, text/plain, */*", JSON),
    # what people's browsers send
    ("text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,*/*;q=0.8", HTML),
    ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", HTML),
    ("text/html, application/xhtml+xml, image/jxr, */*", HTML),
    # weights, spaces, case, parameters
    ("text/html;q=0.8, text/turtle;q=0.9", TTL), ("text/html;q=0.9, text/turtle;q=0.8", HTML),
    ("text/turtle;q=0.5,text/html;q=0.5", TTL), ("text/html;q=0.5,text/turtle;q=0.5", HTML),
    ("TEXT/TURTLE", TTL), ("Text/Html", HTML), ("text/turtle ; q=1.0", TTL), ("text/turtle;Q=0.7", TTL),
    ("text/turtle;charset=utf-8", TTL), ("text/turtle;q=0, application/ld+json", JSON_LD),
    ("text/turtle;q=0, */*;q=0.5", JSON_LD), ("text/*;q=0.3, application/rdf+xml;q=0.4", XML),
    ("image/png, text/turtle", TTL), ("application/pdf, */*;q=0.1", TTL), (",text/turtle,", TTL),
    ("text/turtle;q=0.001", TTL), ("nonsense, application/n-triples", NT),
    # what nobody can be given
    ("image/png", NONE), ("application/pdf, image/*", NONE), ("*/*;q=0", NONE), ("text/turtle;q=0", NONE),
    ("application/xml", NONE), ("text/turtle;charset=utf-16", NONE),
)  # fmt: skip

SUFFIXES: dict[str, str] = {
    "ttl": TTL, "jsonld": JSON_LD, "nt": NT, "rdf": XML, "trig": TRIG, "nq": NQ, "n3": N3, "json": JSON,
}  # fmt: skip
