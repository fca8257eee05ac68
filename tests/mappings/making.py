"""Small vocabularies, claims and sets for the tests of mappings."""

from isogloss.mappings import sets
from isogloss.mappings.claims import Claim
from isogloss.mappings.terms import TERM, Term, Terms, Vocabulary

HEAD = """#curie_map:
#  a: https://w3id.org/isogloss/id/term/a/
#  b: https://w3id.org/isogloss/id/term/b/
#  ig: https://w3id.org/isogloss/ontology#
#  body: https://w3id.org/isogloss/id/body/
#  orcid: https://orcid.org/
#  mapping: https://w3id.org/isogloss/id/mapping/
#  vocabulary: https://w3id.org/isogloss/id/vocabulary/
#  xsd: http://www.w3.org/2001/XMLSchema#
#extension_definitions:
#- slot_name: mapping_status
#  property: ig:mappingStatus
#  type_hint: xsd:string
#license: https://creativecommons.org/licenses/by/4.0/
#mapping_set_id: https://w3id.org/isogloss/id/mapping/set/a--b
#mapping_set_title: a and b
"""
COLUMNS = (
    "record_id", "subject_id", "subject_label", "predicate_id", "predicate_modifier", "object_id",
    "object_label", "mapping_justification", "object_source", "confidence", "reviewer_id",
    "reviewer_agreement", "review_date", "author_id", "mapping_status",
)  # fmt: skip


def table(*rows: dict[str, str]) -> str:
    """A set of these records; what a row leaves out is filled with something that fits."""
    usual = {
        "subject_id": "a:one", "predicate_id": "skos:exactMatch", "object_id": "b:one",
        "mapping_justification": "semapv:ManualMappingCuration", "confidence": "0.9",
    }  # fmt: skip
    lines = ["\t".join({**usual, **row}.get(column, "") for column in COLUMNS) for row in rows]
    return HEAD + "\t".join(COLUMNS) + "\n" + "".join(f"{line}\n" for line in lines)


def iri(name: str) -> str:
    """`a/one` as the IRI of that term."""
    return TERM + name


def claim(subject: str, predicate: str, other: str, confidence: float = 0.9, **more: object) -> Claim:
    name = f"{subject} {predicate} {other}".replace("/", "-").replace(" ", "-")
    record = f"https://w3id.org/isogloss/id/mapping/{name}{'-not' if more.get('negated') else ''}"
    return Claim(record, iri(subject), predicate, iri(other), confidence=confidence, **more)  # type: ignore[arg-type]


def terms(*names: str, status: str = "in-force", **more: dict[str, object]) -> Terms:
    """Terms named `vocabulary/slug`, their label made from the slug; `more` holds fields by slug."""
    found = tuple(
        Term(
            iri(name), name.split("/", maxsplit=1)[0],
            (name.split("/")[1].replace("-", " "),), **more.get(name.split("/")[1], {}),  # type: ignore[arg-type]
        )
        for name in names
    )  # fmt: skip
    slugs = {term.vocabulary for term in found}
    return Terms(found, {slug: Vocabulary(slug, slug.upper(), status) for slug in slugs})


__all__ = ["COLUMNS", "HEAD", "claim", "iri", "sets", "table", "terms"]
