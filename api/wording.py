"""The words and the order in which pages show properties: what comes first, how a link reads backwards."""

from __future__ import annotations

from isogloss.ontology.names import IG, PREFIXES

_D, _S, _F, _O, _SC, _M = (PREFIXES[name] for name in ("dcterms", "skos", "foaf", "org", "schema", "sssom"))

# The headings of a page and their properties, both in reading order. What is not here comes last.
HEADINGS: tuple[tuple[str, tuple[str, ...]], ...] = (
    (
        "Names and identifiers",
        (
            _D + "identifier", IG + "formerIdentifier", _D + "title", _S + "prefLabel", _F + "name",
            _D + "alternative", IG + "acronym", _S + "altLabel", _S + "hiddenLabel", _S + "notation",
            IG + "number", IG + "order", IG + "isicSection", _D + "language",
        ),
    ),
    (
        "The mapping",
        (
            _M + "subject_id", _M + "subject_label", _M + "subject_source", _M + "predicate_modifier",
            _M + "predicate_id", _M + "object_id", _M + "object_label", _M + "object_source",
            IG + "mappingStatus", PREFIXES["rdfs"] + "comment",
        ),
    ),
    (
        "Why it is held",
        (
            _M + "mapping_justification", _M + "confidence", _M + "mapping_source", _M + "derived_from",
            _M + "author_id", _M + "mapping_tool", _M + "mapping_date", _M + "reviewer_id",
            _M + "review_date", _M + "reviewer_agreement", IG + "reviewComment", _M + "see_also",
        ),
    ),
    (
        "In other vocabularies",
        (
            _S + "exactMatch", _S + "closeMatch", _S + "broadMatch", _S + "narrowMatch", _S + "relatedMatch",
        ),
    ),
    (
        "Status and dates",
        (
            IG + "status", IG + "recordedStatus", IG + "statusTold", IG + "stage", IG + "publicationType",
            PREFIXES["bibo"] + "edition", IG + "editionNumber", _D + "issued",
            _SC + "startDate",
            _SC + "endDate", IG + "dateAsTold", _SC + "location", _SC + "addressCountry",
        ),
    ),
    (
        "The figure",
        (_SC + "value", _SC + "unitText", IG + "valueAsTold"),
    ),
    (
        "The two readings",
        (IG + "readingOne", IG + "readingTwo"),
    ),
    (
        "Who",
        (
            IG + "publishedBy", IG + "developedBy", IG + "madeBy", IG + "organizedBy", IG + "statedBy",
            IG + "addressedTo", IG + "involves", IG + "involvesPerson", IG + "role", IG + "roleTitle",
            _O + "memberOf",
        ),
    ),
    (
        "Place and relations",
        (
            _D + "isPartOf", _D + "hasPart", _O + "subOrganizationOf", _S + "broader", _S + "inScheme",
            _S + "topConceptOf",
            IG + "editionOf", IG + "newestEditionInForce", IG + "supersedes", IG + "amends", IG + "adopts",
            IG + "buildsOn", IG + "complements", IG + "implements", IG + "contributesTo",
            IG + "collaboratesWith", _D + "references", _D + "relation", IG + "involvedIn", IG + "definedIn",
            IG + "clause", IG + "addresses", _S + "related",
        ),
    ),
    (
        "Subject",
        (
            IG + "about", IG + "theme", IG + "authenticityCluster", IG + "mediaType", IG + "industryVertical",
            IG + "humanAIActivity", IG + "applicationArea", IG + "ics", IG + "useCase",
        ),
    ),
    (
        "On the web",
        (
            _F + "page", _F + "homepage", IG + "codeRepository", IG + "openSource", _D + "source",
            _D + "license", _D + "rights",
        ),
    ),
    (
        "How it came here",
        (
            IG + "selectedBy", IG + "classifiedBy", IG + "pattern", IG + "assigns", IG + "proposedSubject",
            IG + "proposedProperty", IG + "proposedObject", IG + "reason", IG + "confidence", IG + "evidence",
        ),
    ),
    (
        "Notes",
        (
            _S + "definition", IG + "gloss", _D + "description", IG + "characterisation",
            IG + "definitionAccess", _S + "scopeNote", _S + "example", _S + "editorialNote", IG + "inList",
            IG + "position", IG + "pageUnstated", IG + "themeUnstated",
        ),
    ),
)  # fmt: skip
OTHER_HEADING = "Other facts"

# Evidence has a place of its own on a page.
EVIDENCE = (IG + "statedIn", IG + "citedIn", IG + "namedAgainIn")

# Facts that rules derived are folded away, but for these.
SHOWN_THOUGH_DERIVED = (IG + "newestEditionInForce", IG + "themeOrBroader")

# Labels of properties that other vocabularies define; those of our own come with the ontology.
LABELS: dict[str, str] = {
    _D + "identifier": "identifier",
    _D + "title": "title",
    _D + "alternative": "other title",
    _D + "issued": "issued",
    _D + "isPartOf": "part of",
    _D + "hasPart": "has part",
    _D + "references": "references",
    _D + "relation": "related to",
    _D + "subject": "subject",
    _D + "description": "description",
    _D + "license": "licence",
    _D + "rights": "rights",
    _D + "language": "language",
    _D + "publisher": "publisher",
    _D + "conformsTo": "conforms to",
    PREFIXES["bibo"] + "edition": "edition",
    _D + "modified": "modified",
    _D + "created": "created",
    _D + "creator": "creator",
    _D + "source": "source",
    _D + "isVersionOf": "version of",
    _D + "hasVersion": "has version",
    _D + "replaces": "replaces",
    _D + "isReplacedBy": "replaced by",
    _S + "prefLabel": "name",
    _S + "altLabel": "also called",
    _S + "hiddenLabel": "also searched as",
    _S + "notation": "code",
    _S + "definition": "definition",
    _S + "scopeNote": "scope",
    _S + "example": "example",
    _S + "editorialNote": "editor’s note",
    _S + "broader": "broader",
    _S + "narrower": "narrower",
    _S + "broaderTransitive": "broader, at any distance",
    _S + "narrowerTransitive": "narrower, at any distance",
    _S + "related": "related",
    _S + "inScheme": "in scheme",
    _S + "topConceptOf": "at the top of",
    _S + "hasTopConcept": "top concept",
    _F + "name": "name",
    _F + "page": "web page",
    _F + "homepage": "home page",
    _O + "subOrganizationOf": "belongs to",
    _O + "hasSubOrganization": "has part",
    _O + "transitiveSubOrganizationOf": "belongs, at any distance, to",
    _O + "memberOf": "member of",
    _SC + "startDate": "from",
    _SC + "endDate": "to",
    _SC + "location": "place",
    _SC + "addressCountry": "country",
    _SC + "value": "value",
    _SC + "unitText": "unit",
    IG + "order": "place in the report",
    IG + "inList": "list that it stands in",
    IG + "position": "place in that list",
    PREFIXES["rdf"] + "type": "type",
    PREFIXES["rdfs"] + "label": "label",
    PREFIXES["rdfs"] + "comment": "comment",
    PREFIXES["rdfs"] + "isDefinedBy": "defined by",
    PREFIXES["rdfs"] + "subClassOf": "kind of",
    PREFIXES["prov"] + "wasDerivedFrom": "derived from",
    _S + "exactMatch": "means the same as",
    _S + "closeMatch": "means nearly the same as",
    _S + "broadMatch": "is narrower than",
    _S + "narrowMatch": "is broader than",
    _S + "relatedMatch": "is related to",
    _M + "subject_id": "from",
    _M + "subject_label": "name of the first",
    _M + "subject_source": "from the vocabulary",
    _M + "predicate_modifier": "but",
    _M + "predicate_id": "relation",
    _M + "object_id": "to",
    _M + "object_label": "name of the second",
    _M + "object_source": "to the vocabulary",
    _M + "mapping_justification": "justified by",
    _M + "confidence": "confidence",
    _M + "mapping_source": "stated by",
    _M + "derived_from": "follows from",
    _M + "author_id": "author",
    _M + "reviewer_id": "reviewer",
    _M + "review_date": "reviewed on",
    _M + "reviewer_agreement": "agreement (-1 to 1)",
    IG + "reviewComment": "comment of the reviewer",
    _M + "mapping_tool": "tool",
    _M + "mapping_date": "date",
    _M + "see_also": "see also",
}

KINDS: dict[str, tuple[str, str]] = {
    "publication": ("publication", "publications"),
    "body": ("body", "bodies"),
    "person": ("person", "people"),
    "theme": ("theme", "themes"),
    "scheme": ("concept scheme", "concept schemes"),
    "concept": ("concept", "concepts"),
    "event": ("event", "events"),
    "initiative": ("initiative", "initiatives"),
    "usecase": ("use case", "use cases"),
    "statement": ("statement", "statements"),
    "section": ("section", "sections"),
    "figure": ("reported figure", "reported figures"),
    "involvement": ("involvement", "involvements"),
    "discrepancy": ("discrepancy", "discrepancies"),
    "vocabulary": ("vocabulary", "vocabularies"),
    "term": ("term", "terms"),
    "mapping": ("mapping", "mappings"),
    "proposal": ("proposal", "proposals"),
}

# How a link reads from its far end, in reading order; "{things}" stands for the plural of what points here.
INWARD: dict[str, str] = {
    _S + "broader": "Narrower {things}",
    _S + "topConceptOf": "At the top",
    _D + "isPartOf": "Its parts: {things}",
    IG + "editionOf": "Editions",
    IG + "supersedes": "Superseded by",
    IG + "amends": "Amended by",
    IG + "adopts": "Adopted as",
    _O + "subOrganizationOf": "Groups and parts",
    IG + "developedBy": "Develops",
    IG + "publishedBy": "Publishes",
    IG + "addressedTo": "Addressed to it",
    IG + "addresses": "What addresses it",
    IG + "statedBy": "Said by it",
    IG + "organizedBy": "Organizes",
    IG + "madeBy": "Use cases of its making",
    _O + "memberOf": "People",
    IG + "involves": "What it takes part in",
    IG + "involvedIn": "Who takes part",
    IG + "involvesPerson": "Takes part in",
    IG + "buildsOn": "Built on by",
    IG + "implements": "Implemented by",
    IG + "complements": "Complemented by",
    IG + "contributesTo": "Contributions from",
    IG + "collaboratesWith": "Collaborates with",
    _D + "references": "Referenced by",
    IG + "definedIn": "Terms that it defines",
    IG + "statedIn": "{Things} here",
    IG + "about": "{Things} about it",
    IG + "citedIn": "{Things} named here",
    IG + "namedAgainIn": "{Things} named again here",
    IG + "themeOrBroader": "{Things}",
    IG + "theme": "{Things}",
    _S + "inScheme": "{Things} in it",
    IG + "status": "{Things} with this status",
    IG + "recordedStatus": "{Things} recorded with this status",
    IG + "statusTold": "{Things} told to have this status",
    IG + "role": "{Things} with this role",
    IG + "industryVertical": "{Things} in it",
    _D + "source": "{Things} taken from it",
    IG + "selectedBy": "{Things} that this rule selects",
    IG + "classifiedBy": "{Things} that this rule classifies",
    IG + "assigns": "Rules that assign it",
    IG + "proposedSubject": "Gaps, themes and use cases proposed for it",
    IG + "proposedObject": "Proposed answers",
    IG + "newestEditionInForce": "Newest edition in force of",
    IG + "ics": "{Things} in this class",
    _D + "hasPart": "Part of",
    _S + "exactMatch": "What means the same",
    _S + "closeMatch": "What means nearly the same",
    _S + "broadMatch": "Narrower in other vocabularies",
    _S + "narrowMatch": "Broader in other vocabularies",
    _S + "relatedMatch": "Related in other vocabularies",
    _M + "subject_id": "Mappings from it",
    _M + "object_id": "Mappings to it",
    _M + "subject_source": "Mappings from its terms",
    _M + "object_source": "Mappings to its terms",
    _M + "mapping_source": "Mappings that it states",
    _M + "derived_from": "What follows from it",
    IG + "reviewOf": "Reviews",
}

# The same where the page's thing is of a kind that it reads otherwise for.
INWARD_OF: dict[tuple[str, str], str] = {
    (IG + "about", "person"): "{Things} about them",
    (IG + "proposedObject", "theme"): "Publications proposed for it",
    (IG + "proposedObject", "usecase"): "Publications proposed for it",
}

# The order of kinds below one link, e.g. of what a theme gathers or a section names.
KIND_ORDER = (
    "section", "theme", "statement", "publication", "body", "initiative", "event", "usecase", "term",
    "figure", "person", "involvement", "discrepancy", "vocabulary", "concept", "scheme", "mapping",
)  # fmt: skip


def plural(noun: str) -> str:
    """The plural of a class label.

    >>> [plural(noun) for noun in ("gap", "standards body", "consortium", "academic institution")]
    ['gaps', 'standards bodies', 'consortia', 'academic institutions']
    """
    if noun.endswith("ium"):
        return noun[:-2] + "a"
    if noun.endswith("y") and noun[-2:-1] not in "aeiou":
        return noun[:-1] + "ies"
    return noun if noun.endswith("s") else noun + "s"


def status_name(iri: str) -> str:
    """The name of a status, read off its IRI.

    >>> status_name("https://w3id.org/isogloss/id/concept/status/in-force")
    'in force'
    """
    return iri.rpartition("/")[2].replace("-", " ") or "none"


def inward_heading(predicate: str, label: str, kind: str, *, of: str, alone: bool) -> str:
    """The heading of the things of one kind that point to a page's thing (of kind `of`) by one property.

    `alone` says that no things of another kind do so on the page; else the heading tells the kind.
    """
    things = KINDS.get(kind, ("thing", "things"))[1]
    plain = INWARD.get(predicate, f"{{Things}} whose “{label}” this is")
    pattern = INWARD_OF.get((predicate, of), plain)
    if not alone and "{" not in pattern:
        pattern += ": {things}"
    return pattern.format(things=things, Things=things.capitalize())


def inward_rank(predicate: str, kind: str) -> tuple[int, int]:
    """Where that heading stands on the page."""
    order = list(INWARD)
    of_predicate = order.index(predicate) if predicate in INWARD else len(order)
    return of_predicate, KIND_ORDER.index(kind) if kind in KIND_ORDER else len(KIND_ORDER)
