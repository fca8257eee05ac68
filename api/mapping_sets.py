"""Mappings of the graph back to SSSOM: a selection as one set, and as the files that it is taken away in."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from curies import Converter
from pyoxigraph import NamedNode
from sssom_pydantic import Record, SemanticMapping, Slot
from sssom_pydantic.io import record_to_semantic_mapping
from sssom_pydantic.models import MULTIPLE_REFERENCE_FIELDS, SINGLE_REFERENCE_FIELDS
from starlette.responses import Response

from isogloss.graph.engine.base import Engine
from isogloss.mappings.claims import COMMENT_DEFINITION, COMMENT_SLOT, with_status
from isogloss.mappings.sets import Alignment, about, converter_for, to_csv, to_text
from isogloss.mappings.sheet import to_sheet
from isogloss.ontology.names import BASE, IG, PREFIXES

from .asking import Term, iris, rows, text

SSSOM, CSV = "application/sssom+tsv", "text/csv"
BATCH = 300
_REFERENCES = SINGLE_REFERENCE_FIELDS | MULTIPLE_REFERENCE_FIELDS | {"mapping_tool_id"}
_SEVERAL = {name for name, field in Record.model_fields.items() if "list" in str(field.annotation)}
_SSSOM, _COMMENT, _STATUS = PREFIXES["sssom"], PREFIXES["rdfs"] + "comment", IG + "mappingStatus"
_REVIEW = IG + "reviewComment"
_NAMESPACE = re.compile(r".*[/#:](?=[^/#:])")
_TERM, _VOCABULARY = f"{BASE}id/term/", f"{BASE}id/vocabulary/"


async def alignment(engine: Engine, records: Iterable[str], title: str) -> Alignment:
    """These records as one mapping set; every slot that the graph holds is in it."""
    wanted = list(records)
    facts: dict[str, dict[str, list[Term]]] = {iri: defaultdict(list) for iri in wanted}
    for start in range(0, len(wanted), BATCH):
        found = await rows(
            engine,
            f"SELECT ?m ?p ?o WHERE {{ VALUES ?m {{ {iris(wanted[start : start + BATCH])} }} ?m ?p ?o }}"
            " ORDER BY ?m ?p ?o",
        )
        for row in found:
            facts[text(row, "m")][text(row, "p")].append(row["o"])
    converter = converter_for(sorted(_slugs(facts.values())))
    for number, namespace in enumerate(sorted(_foreign(facts, converter)), 1):
        converter.add_prefix(f"ns{number}", namespace)
    mappings = tuple(_mapping(iri, told, converter) for iri, told in facts.items() if told)
    return Alignment(mappings, converter, about("selection", title))


async def taken_away(engine: Engine, records: Iterable[str], form: str) -> Response:
    """These records as a file: `csv`, `sssom`, or `review`, which is SSSOM with room for a verdict."""
    told = await alignment(engine, records, "A selection of mappings")
    if form == "csv":
        return Response(to_csv(told), media_type="text/csv; charset=utf-8")
    response = Response(to_sheet(told) if form == "review" else to_text(told), media_type=SSSOM)
    where = 'attachment; filename="to-judge' if form == "review" else 'inline; filename="selection'
    response.headers["Content-Disposition"] = f'{where}.sssom.tsv"'
    return response


def _slugs(told: Iterable[dict[str, list[Term]]]) -> set[str]:
    """The vocabularies whose terms the records name: each has a prefix of its own."""
    found = set()
    for facts in told:
        for value in (value.value for values in facts.values() for value in values):
            for base in (_TERM, _VOCABULARY):
                if value.startswith(base):
                    found.add(value.removeprefix(base).partition("/")[0])
    return found


def _foreign(facts: dict[str, dict[str, list[Term]]], converter: Converter) -> set[str]:
    """The namespaces of what is named but is no thing of ours: records and terms of others."""
    named = {
        value.value
        for told in facts.values()
        for predicate, values in told.items()
        for value in values
        if isinstance(value, NamedNode) and predicate.removeprefix(_SSSOM) in _REFERENCES
    }
    unknown = (iri for iri in (*facts, *named) if not converter.compress(iri))
    return {found[0] for iri in unknown if (found := _NAMESPACE.match(iri))}


def _mapping(iri: str, told: dict[str, list[Term]], converter: Converter) -> SemanticMapping:
    slots: dict[str, object] = {"record_id": converter.compress(iri, strict=True)}
    for predicate, values in told.items():
        name = "comment" if predicate == _COMMENT else predicate.removeprefix(_SSSOM)
        if name in Record.model_fields and predicate.startswith((_SSSOM, _COMMENT)):
            written = [_written(name, value, converter) for value in values]
            slots[name] = written if name in _SEVERAL else written[0]
    mapping = record_to_semantic_mapping(Record.model_validate(slots), converter)
    for said in told.get(_REVIEW, ()):
        slot = Slot(predicate=COMMENT_DEFINITION.predicate, value=said.value)
        mapping = mapping.model_copy(update={"extensions": {COMMENT_SLOT: slot}})
    status = next((value.value.rpartition("/")[2] for value in told.get(_STATUS, ())), "")
    return with_status(mapping, status) if status else mapping


def _written(slot: str, value: Term, converter: Converter) -> str:
    if slot in _REFERENCES and isinstance(value, NamedNode):
        return converter.compress(value.value) or value.value
    return value.value
