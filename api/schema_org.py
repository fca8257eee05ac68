"""Descriptions in the words of schema.org, for search engines and the profile of that name."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Quad

from isogloss.ontology.names import IG, PREFIXES

from .addresses import kind_of
from .description import Description

_DCTERMS, _SKOS, _SCHEMA, _FOAF = (PREFIXES[name] for name in ("dcterms", "skos", "schema", "foaf"))

_TYPES = {
    "publication": "CreativeWork",
    "body": "Organization",
    "person": "Person",
    "theme": "DefinedTerm",
    "concept": "DefinedTerm",
    "term": "DefinedTerm",
    "scheme": "DefinedTermSet",
    "vocabulary": "DefinedTermSet",
    "event": "Event",
    "initiative": "Project",
    "usecase": "CreativeWork",
    "section": "Chapter",
    "statement": "Claim",
    "figure": "Observation",
}
_TYPES_BY_CLASS = {
    IG + "PolicyInstrument": "Legislation",
    IG + "TechnicalReport": "Report",
    IG + "Dataset": "Dataset",
    IG + "Tool": "SoftwareApplication",
    IG + "Database": "Dataset",
    IG + "Company": "Corporation",
    IG + "Academia": "CollegeOrUniversity",
    IG + "PublicAuthority": "GovernmentOrganization",
    IG + "NonGovernmentalOrganization": "NGO",
}

# schema.org's word for each of our properties that it has one for.
_TEXTS = {
    _DCTERMS + "identifier": "identifier",
    _DCTERMS + "alternative": "alternateName",
    _SKOS + "altLabel": "alternateName",
    IG + "acronym": "alternateName",
    IG + "formerIdentifier": "alternateName",
    _DCTERMS + "description": "description",
    _SKOS + "definition": "description",
    IG + "gloss": "description",
    _DCTERMS + "issued": "datePublished",
    _SCHEMA + "startDate": "startDate",
    _SCHEMA + "endDate": "endDate",
    _SCHEMA + "location": "location",
    IG + "number": "position",
    IG + "roleTitle": "jobTitle",
}
_LINKS = {
    IG + "publishedBy": "publisher",
    IG + "developedBy": "creator",
    IG + "madeBy": "creator",
    IG + "organizedBy": "organizer",
    IG + "statedBy": "author",
    IG + "theme": "about",
    IG + "about": "about",
    _DCTERMS + "isPartOf": "isPartOf",
    _SKOS + "inScheme": "inDefinedTermSet",
    PREFIXES["org"] + "subOrganizationOf": "parentOrganization",
    PREFIXES["org"] + "memberOf": "worksFor",
    _FOAF + "page": "url",
    _FOAF + "homepage": "url",
}

_FAMILIES: dict[str, tuple[str, ...]] = {
    "work": (
        "CreativeWork", "Legislation", "Report", "Dataset", "SoftwareApplication", "Chapter", "Claim",
        "DefinedTermSet",
    ),
    "group": (
        "Organization", "Corporation", "CollegeOrUniversity", "GovernmentOrganization", "NGO", "Project",
    ),
}  # fmt: skip
_FAMILY = {name: family for family, names in _FAMILIES.items() for name in names}

# Words that schema.org has for some classes only: by family (or class), the word it has there.
_ONLY: dict[str, dict[str, str]] = {
    **{name: {"work": name} for name in ("datePublished", "publisher", "creator", "author", "position")},
    **{name: {"Event": name} for name in ("startDate", "endDate", "organizer")},
    **{name: {"Person": name} for name in ("jobTitle", "worksFor")},
    "location": {"Event": "location", "group": "location"},
    "inDefinedTermSet": {"DefinedTerm": "inDefinedTermSet"},
    "parentOrganization": {"group": "parentOrganization"},
    "isPartOf": {"work": "isPartOf", "Event": "superEvent", "group": "parentOrganization"},
    "about": {
        "work": "about",
        "Event": "about",
        "group": "knowsAbout",
        "Person": "knowsAbout",
        "Observation": "observationAbout",
    },
}


def schema_org(description: Description) -> dict[str, Any]:
    """A JSON-LD object that stands on its own; values in the order of the facts."""
    data: dict[str, Any] = {
        "@context": {"@vocab": "https://schema.org/", "url": {"@type": "@id"}},
        "@id": description.iri,
        "@type": type_of(description.iri, description.types()),
        "name": description.label(),
    }
    for fact in description.outward():
        _add(data, description, fact.predicate, fact.object)
    return data


def schema_org_quads(description: Description) -> list[Quad]:
    """The same as RDF, in the default graph."""
    return list(ox.parse(json.dumps(schema_org(description)), ox.RdfFormat.JSON_LD))


def type_of(iri: str, classes: Iterable[str]) -> str:
    """schema.org's class for a thing of ours that is in these classes."""
    for name in classes:
        if name in _TYPES_BY_CLASS:
            return _TYPES_BY_CLASS[name]
    return _TYPES.get(kind_of(iri), "Thing")


def _add(data: dict[str, Any], description: Description, predicate: str, value: object) -> None:
    if predicate in _TEXTS and isinstance(value, Literal):
        if name := _word(_TEXTS[predicate], data["@type"]):
            _append(data, name, value.value)
    elif predicate in _LINKS and isinstance(value, NamedNode):
        name = _word(_LINKS[predicate], data["@type"])
        if name == "url":
            _append(data, name, value.value)
        elif name:
            _append(data, name, {"@id": value.value, "name": description.label(value.value)})


def _word(name: str, kind: str) -> str:
    """What schema.org calls a property of things of this class of its own; empty if it has no word."""
    if name not in _ONLY:
        return name
    return _ONLY[name].get(_FAMILY.get(kind, kind), "")


def _append(data: dict[str, Any], name: str, value: Any) -> None:
    known = data.setdefault(name, value)
    if known is value or value == known or (isinstance(known, list) and value in known):
        return
    data[name] = [*known, value] if isinstance(known, list) else [known, value]
