"""Descriptions as RDF: the facts of a thing and of the document about it, in three profiles, every format."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Quad

from isogloss.errors import NotAcceptable, NotFound
from isogloss.ontology.names import BASE, PREFIXES

from .addresses import document_iri
from .description import RDFS_LABEL, Description
from .negotiation import RdfFormat
from .schema_org import schema_org_quads

LICENSE = "https://creativecommons.org/licenses/by/4.0/"
DATA_SET = BASE + "dataset"

_DEFAULT = ox.DefaultGraph()
_FORMATS = {
    "text/turtle": ox.RdfFormat.TURTLE,
    "application/ld+json": ox.RdfFormat.JSON_LD,
    "application/json": ox.RdfFormat.JSON_LD,
    "application/n-triples": ox.RdfFormat.N_TRIPLES,
    "text/plain": ox.RdfFormat.N_TRIPLES,
    "application/rdf+xml": ox.RdfFormat.RDF_XML,
    "application/trig": ox.RdfFormat.TRIG,
    "application/n-quads": ox.RdfFormat.N_QUADS,
    "text/n3": ox.RdfFormat.N3,
}


@dataclass(frozen=True, slots=True)
class Profile:
    """One way to describe a thing (content negotiation by profile): its token, its IRI, what it holds."""

    token: str
    iri: str
    label: str
    meaning: str


LABELLED = Profile(
    "labelled",
    BASE + "profiles#labelled",
    "With labels",
    "Every fact about the thing, inward and outward, and a label for whatever those facts name.",
)
BARE = Profile(
    "bare", BASE + "profiles#bare", "Bare", "Only the facts that have the thing itself as their subject."
)
SCHEMA_ORG = Profile(
    "schema", "https://schema.org/", "schema.org", "What schema.org has words for, as search engines read it."
)
PROFILES: tuple[Profile, ...] = (LABELLED, BARE, SCHEMA_ORG)

_NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, 2.2
_NAME = re.compile(r"[^\W\d][\w.-]*$")  # the end of an IRI that an element can be called by

# An element of Accept-Profile: an IRI in angle brackets or a token, and how much it is wanted.
_PROFILE = re.compile(r"(<[^<>]*>|[A-Za-z]+)(?:\s*;\s*q\s*=\s*([01](?:\.\d{0,3})?))?\s*(?:,|$)")


def profile_named(name: str) -> Profile | None:
    """The profile of a token or IRI (with or without angle brackets), None if there is none of that name."""
    wanted = name.strip().strip("<>")
    for profile in PROFILES:
        if wanted in (profile.token, profile.iri, profile.iri.rstrip("/")):
            return profile
    return None


def profile_wanted(name: str | None, field: str | None) -> Profile:
    """The profile that `?_profile=` names, else the one that Accept-Profile wants most, else the first.

    A name that is none of ours is NotFound; a field without one of ours asks for nothing that can be given.
    """
    if name:
        if (named := profile_named(name)) is not None:
            return named
        raise NotFound(f"No profile {name}; there are: {', '.join(each.token for each in PROFILES)}.")
    ranked = sorted(_PROFILE.finditer(field or ""), key=lambda found: -float(found[2] or 1))
    accepted = (profile_named(found[1]) for found in ranked if float(found[2] or 1) > 0)
    return next((profile for profile in accepted if profile), PROFILES[0])


def document(description: Description, profile: Profile, modified: datetime | None) -> list[Quad]:
    """The quads of the document: what it says of the thing, and what it says of itself (default graph).

    Without a time of change the document says nothing of itself: the data is then not ours to speak for.
    """
    if profile == SCHEMA_ORG:
        about_thing = schema_org_quads(description)
    else:
        about_thing = list(_facts(description, inward=profile == LABELLED))
        if profile == LABELLED:
            about_thing += _labels(description)
    return about_thing + (list(_about_itself(description, profile, modified)) if modified else [])


def serialise(quads: Iterable[Quad], wanted: RdfFormat) -> bytes:
    """RDF in a format; without named graphs where the format has none, each triple then once.

    RDF/XML has no way to say some signs, for which U+FFFD stands there, nor properties whose IRI ends in no
    name, for which it is NotAcceptable.
    """
    target = _FORMATS[wanted.media_type]
    if wanted.quads:
        return ox.serialize(quads, format=target, prefixes=PREFIXES) or b""
    triples = list(dict.fromkeys(quad.triple for quad in quads))
    if target == ox.RdfFormat.RDF_XML:
        return _xml(triples)
    return ox.serialize(triples, format=target, prefixes=PREFIXES) or b""


def _xml(triples: Sequence[ox.Triple]) -> bytes:
    nameless = next((each.predicate.value for each in triples if not _NAME.search(each.predicate.value)), "")
    if nameless:
        others = tuple(name for name in _FORMATS if name != "application/rdf+xml")
        raise NotAcceptable(
            f"RDF/XML has no way to say the property {nameless}, which ends in no name; other formats have.",
            offered=others,
        )
    body = ox.serialize(triples, format=ox.RdfFormat.RDF_XML, prefixes=PREFIXES) or b""
    return _NOT_IN_XML.sub("\ufffd", body.decode()).encode()


def _facts(description: Description, *, inward: bool) -> Iterator[Quad]:
    facts = description.facts if inward else description.outward()
    for fact in facts:
        for graph in fact.graphs or (None,):
            name = NamedNode(graph) if graph else _DEFAULT
            assert not isinstance(fact.subject, Literal)  # noqa: S101 - RDF has no literal subjects
            yield Quad(fact.subject, NamedNode(fact.predicate), fact.object, name)


def _labels(description: Description) -> list[Quad]:
    label = NamedNode(RDFS_LABEL)
    return [
        Quad(NamedNode(iri), label, value, _DEFAULT)
        for iri, neighbour in description.names.items()
        for value, _ in neighbour.values(RDFS_LABEL)
        if iri != description.iri
    ]


def _about_itself(description: Description, profile: Profile, modified: datetime) -> Iterator[Quad]:
    itself = NamedNode(document_iri(description.iri))
    moment = Literal(
        modified.astimezone(UTC).isoformat(timespec="seconds"),
        datatype=NamedNode(PREFIXES["xsd"] + "dateTime"),
    )
    told: list[tuple[str, NamedNode | Literal]] = [
        (PREFIXES["rdf"] + "type", NamedNode(PREFIXES["foaf"] + "Document")),
        (PREFIXES["foaf"] + "primaryTopic", NamedNode(description.iri)),
        (
            PREFIXES["dcterms"] + "title",
            Literal(f"What Isogloss knows of {description.label()}", language="en"),
        ),
        (PREFIXES["dcterms"] + "license", NamedNode(LICENSE)),
        (PREFIXES["dcterms"] + "modified", moment),
        (PREFIXES["dcterms"] + "conformsTo", NamedNode(profile.iri)),
        (PREFIXES["void"] + "inDataset", NamedNode(DATA_SET)),
    ]
    told += [(PREFIXES["prov"] + "wasDerivedFrom", NamedNode(graph)) for graph in description.graphs]
    for predicate, value in told:
        yield Quad(itself, NamedNode(predicate), value, _DEFAULT)
