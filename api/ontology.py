"""The ontology: RDF in every format, and a reference page that is enough to write queries with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

from fastapi import APIRouter, Request
from starlette.responses import Response

from isogloss.errors import NotFound
from isogloss.graph.engine.base import Engine
from isogloss.ontology.names import IG, ONTOLOGY, PREFIXES, PROLOGUE

from . import vocabulary
from .addresses import relative, route_path
from .asking import iris, number, rows, text
from .bodies import Body
from .deps import Services, ServicesDep
from .description import short_name
from .documents import LICENSE, serialise
from .linked_data import chosen_type, with_charset
from .negotiation import BY_SUFFIX, BY_TYPE, HTML, RDF_FORMATS, TURTLE
from .rendering import render
from .statistics import statistics
from .vocabulary import Vocabulary

router = APIRouter(include_in_schema=False)

MOST_COUNTED = 1_000_000  # triples up to which each is looked at to tell how classes use properties


_LABEL = PREFIXES["rdfs"] + "label"


@dataclass(frozen=True, slots=True)
class Use:
    """How often the members of a class have a property, and the classes (or datatypes) of its values."""

    predicate: str
    count: int
    values: tuple[tuple[str, int], ...]


@router.get("/ontology")
async def newest(request: Request, services: ServicesDep) -> Response:
    """The ontology as it is now."""
    return await _answer(request, services, "/ontology", chosen_type(request, _asked(request)))


@router.get("/ontology.{suffix}")
async def newest_as(request: Request, services: ServicesDep, suffix: str) -> Response:
    """The ontology in the format of the suffix."""
    if suffix not in BY_SUFFIX:
        raise NotFound(f"The ontology is not served as .{suffix}; there are: {', '.join(BY_SUFFIX)}.")
    return await _answer(request, services, "/ontology", BY_SUFFIX[suffix].media_type)


@router.get("/ontology/{version}")
async def version(request: Request, services: ServicesDep, version: str) -> Response:
    """One version of the ontology, by its version IRI; with a suffix in that format."""
    newest = vocabulary.shipped()
    stem, _, suffix = version.rpartition(".")
    for name in (version, stem) if suffix in BY_SUFFIX else (version,):
        held = newest if name == newest.version else services.past.ontology(name)
        if held is not None:
            negotiated = name == version
            wanted = chosen_type(request, _asked(request)) if negotiated else BY_SUFFIX[suffix].media_type
            return await _answer(request, services, f"/ontology/{name}", wanted, held)
    known = ", ".join((newest.version, *sorted(services.past.ontologies, reverse=True)))
    raise NotFound(f"There is no version {version} of the ontology; there are: {known}.", (ONTOLOGY,))


def _asked(request: Request) -> str | None:
    return request.query_params.get("_mediatype")


async def _answer(
    request: Request, services: Services, path: str, media_type: str, held: Vocabulary | None = None
) -> Response:
    """The ontology, or the version of it that is `held`; what was rendered before is sent again."""
    held = held or vocabulary.shipped()
    validators = services.validators(request, media_type, sha256(held.turtle).hexdigest())
    if validators.match(request, there=True):
        return _located(validators.not_modified(), request, path, media_type)
    if (body := services.bodies.get(validators.etag)) is not None:
        return validators.stamp(body.response())
    if media_type == HTML:
        response = await _page(request, services, held)
    elif media_type == TURTLE.media_type:
        response = Response(held.turtle, media_type=with_charset(media_type))
    else:
        response = Response(serialise(held.quads, BY_TYPE[media_type]), media_type=with_charset(media_type))
    response.headers["Link"] = ", ".join(_links(request, path, held))
    _located(response, request, path, media_type)
    services.bodies.keep(validators.etag, Body.of(response))
    return validators.stamp(response)


def _located(response: Response, request: Request, path: str, media_type: str) -> Response:
    """Say under which address of its own the format is, unless it was asked for there."""
    if media_type != HTML and not route_path(request.scope).endswith("." + BY_TYPE[media_type].suffix):
        suffixed = f"{path}.{BY_TYPE[media_type].suffix}"
        response.headers["Content-Location"] = relative(request.scope, suffixed)
    response.headers.add_vary_header("Accept")
    return response


def _links(request: Request, path: str, held: Vocabulary) -> list[str]:
    def to(target: str) -> str:
        return f"<{relative(request.scope, target)}>"

    return [
        f'{to(path)}; rel="canonical"',
        f'<{ONTOLOGY}/{held.version}>; rel="cite-as"',
        f'<{LICENSE}>; rel="license"',
        f'{to(f"/ontology/{vocabulary.shipped().version}")}; rel="latest-version"',
        f'{to(path + ".ttl")}; rel="describedby"; type="text/turtle"',
        *(
            f'{to(f"{path}.{each.suffix}")}; rel="alternate"; type="{each.media_type}"'
            for each in RDF_FORMATS
        ),
    ]


async def _page(request: Request, services: Services, held: Vocabulary) -> Response:
    classes, properties = held.classes(), held.properties()
    counted = await statistics(services)
    # Those below no other of ours: what is true of a narrower class is told with the one above it.
    tops = [
        term.iri for term in classes if not any(iri.startswith(IG) for iri in term.above) and not term.defined
    ]
    # Properties of others above ours hold wherever ours do, and labels hold everywhere: told once, in words.
    implied = {iri for term in properties for iri in term.above if not iri.startswith(IG)} | {_LABEL}
    countable = sum(counted.properties.values()) <= MOST_COUNTED
    found = await _uses(services.engine, tops) if countable else {}
    uses = {
        name: [use for use in of_class if use.predicate not in implied] for name, of_class in found.items()
    }
    return render(
        request,
        services,
        "ontology.html",
        ontology=held,
        newest=vocabulary.shipped().version,
        classes=vocabulary.nested(classes),
        properties=vocabulary.nested(properties),
        counts=counted.classes,
        uses=uses,
        usage=counted.properties,
        schemes=await _schemes(services.engine),
        prefixes=PREFIXES,
        short=short_name,
        local=lambda iri: iri.removeprefix(IG) if iri.startswith(IG) else "",
        formats=RDF_FORMATS,
    )


async def _uses(engine: Engine, tops: Sequence[str]) -> dict[str, tuple[Use, ...]]:
    """For each of these classes: the properties that its members have, and what kinds of value they take."""
    found = await rows(
        engine,
        f"""{PROLOGUE}
SELECT ?class ?p ?range (COUNT(*) AS ?count) WHERE {{
  VALUES ?class {{ {iris(tops)} }}
  ?it a ?class ; ?p ?value .
  FILTER(?p != rdf:type)
  OPTIONAL {{ ?value a ?valueClass FILTER(?valueClass IN ({", ".join(f"<{top}>" for top in tops)})) }}
  BIND(IF(ISLITERAL(?value), DATATYPE(?value), ?valueClass) AS ?range)
}} GROUP BY ?class ?p ?range""",
    )
    gathered: dict[str, dict[str, list[tuple[str, int]]]] = {}
    for row in found:
        of_class = gathered.setdefault(text(row, "class"), {})
        of_class.setdefault(text(row, "p"), []).append((text(row, "range"), number(row, "count")))
    return {name: _by_count(of_class) for name, of_class in gathered.items()}


def _by_count(properties: Mapping[str, Sequence[tuple[str, int]]]) -> tuple[Use, ...]:
    uses = [
        Use(predicate, sum(count for _, count in values), tuple(sorted(values, key=lambda value: -value[1])))
        for predicate, values in properties.items()
    ]
    return tuple(sorted(uses, key=lambda use: (-use.count, use.predicate)))


async def _schemes(engine: Engine) -> list[tuple[str, str, str, int]]:
    """The concept schemes that are no outside vocabulary: IRI, label, description, number of concepts."""
    found = await rows(
        engine,
        f"{PROLOGUE}SELECT ?scheme (SAMPLE(?name) AS ?label) (SAMPLE(?text) AS ?description)"
        " (COUNT(DISTINCT ?concept) AS ?count) WHERE { ?scheme a skos:ConceptScheme ; rdfs:label ?name"
        " FILTER NOT EXISTS { ?scheme a ig:Vocabulary }"
        " OPTIONAL { ?scheme dcterms:description ?text } OPTIONAL { ?concept skos:inScheme ?scheme } }"
        " GROUP BY ?scheme ORDER BY ?label",
    )
    return [
        (text(row, "scheme"), text(row, "label"), text(row, "description"), number(row, "count"))
        for row in found
    ]
