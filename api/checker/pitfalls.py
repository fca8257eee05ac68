"""The pitfalls of OOPS!, the ontology pitfall scanner, that a program can see.

P01, P09, P14 to P18 and P23 ask what somebody meant (one word for two things, a special case forgotten, a
class put too high), so only a person can see them. Whether the IRI's own host leads to a server (P37) is seen
only on the network; from here the server itself is asked.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pyoxigraph import BlankNode, NamedNode

from isogloss.ontology.names import BASE, PREFIXES

from .findings import Findings
from .ontologies import CLASSES, LINKS, OWL, PROPERTIES, RDF, RDFS, SKOS, VALUES, Ontology
from .sameness import SAMENESS, Pitfall
from .site import Site

_CLASS_NAME, _PROPERTY_NAME = re.compile(r"[A-Z][A-Za-z0-9]*"), re.compile(r"[a-z][A-Za-z0-9]*")
_MERGED, _CATCH_ALL = re.compile(r"[a-z](?:And|Or)[A-Z]"), re.compile(r"Misc|Miscellaneous|Unknown")
# A relation may hold between things of any kind; and one direction of a link is enough, since a query can go
# back along it (^) and pages show both, while a property more each way is one more to learn.
_MAY_BE_MEANT = ("P11", "P13")
_TOGETHER = (RDFS + "subClassOf", RDFS + "subPropertyOf", RDFS + "domain", RDFS + "range")


def check_pitfalls(ontology: Ontology, findings: Findings) -> None:
    """Look for every pitfall; each finding names the terms that are in it."""
    for number, (meaning, look) in PITFALLS.items():
        found = sorted(set(look(ontology)))
        names = ", ".join(iri.removeprefix(ontology.namespace) for iri in found)
        if number in _MAY_BE_MEANT and found:
            findings.leave(f"OOPS {number}", f"{meaning}, which may be meant: {names}")
        else:
            findings.expect(f"OOPS {number}", not found, f"{meaning}: {names}")


def check_available(site: Site, ontology: Ontology, findings: Findings) -> None:
    """P37: the ontology can be had at its own address (here: at that path of the server asked)."""
    path = "/" + ontology.iri.removeprefix(BASE)
    status = site.ask(path, {"accept": "text/turtle"}).status_code
    findings.expect("OOPS P37", status == 200, f"not to be had on the Web: {path} is {status}")
    findings.leave("OOPS P37", f"whether {ontology.iri} leads here is seen only on the network")


def _unconnected(it: Ontology) -> Iterator[str]:
    named = {q.object.value for q in it.triples() if isinstance(q.object, NamedNode)}
    for term in it.own(*CLASSES, LINKS, VALUES):
        if term not in named and not any(
            it.values(term, name) for name in (*_TOGETHER, OWL + "equivalentClass")
        ):
            yield term


def _wrong_inverse(it: Ontology) -> Iterator[str]:
    for term in it.own(LINKS):
        for other in it.links(term, OWL + "inverseOf"):
            domain, range_ = it.links(term, RDFS + "domain"), it.links(other, RDFS + "range")
            if domain and range_ and set(domain) != set(range_):
                yield term


def _cycles(it: Ontology) -> Iterator[str]:
    for predicate in (RDFS + "subClassOf", RDFS + "subPropertyOf"):
        for term in it.own(*CLASSES, *PROPERTIES):
            reached, waiting = set[str](), it.links(term, predicate)
            while waiting:
                above = waiting.pop()
                if above not in reached:
                    reached.add(above)
                    waiting += it.links(above, predicate)
            if term in reached:
                yield term


def _merged(it: Ontology) -> Iterator[str]:
    return (term for term in it.own(*CLASSES) if _MERGED.search(_name(it, term)))


def _unannotated(it: Ontology) -> Iterator[str]:
    for term in it.own(*CLASSES, *PROPERTIES):
        if not (it.values(term, RDFS + "label") and it.values(term, SKOS + "definition")):
            yield term


def _no_disjointness(it: Ontology) -> Iterator[str]:
    disjoint = {OWL + "disjointWith", OWL + "AllDisjointClasses", OWL + "disjointUnionOf"}
    told = {q.predicate.value for q in it.triples()} | {getattr(q.object, "value", "") for q in it.triples()}
    if not told & disjoint:
        yield it.iri


def _no_domain_or_range(it: Ontology) -> Iterator[str]:
    """Neither of both, not even from the property above it, so that nothing can be told from its use."""
    for term in it.own(LINKS, VALUES):
        family = [term, *it.links(term, RDFS + "subPropertyOf")]
        if not any(it.values(each, RDFS + name) for each in family for name in ("domain", "range")):
            yield term


def _several_domains(it: Ontology) -> Iterator[str]:
    for term in it.own(LINKS, VALUES):
        if len(it.values(term, RDFS + "domain")) > 1 or len(it.values(term, RDFS + "range")) > 1:
            yield term


def _misused_annotations(it: Ontology) -> Iterator[str]:
    for term in it.own(*CLASSES, *PROPERTIES):
        labels, told = it.texts(term, RDFS + "label"), it.texts(term, SKOS + "definition")
        if set(labels) & set(told) or not all(text.strip() for text in (*labels, *told)):
            yield term


def _catch_all(it: Ontology) -> Iterator[str]:
    return (term for term in it.own(*CLASSES) if _CATCH_ALL.fullmatch(_name(it, term)))


def _naming(it: Ontology) -> Iterator[str]:
    yield from (term for term in it.own(*CLASSES) if not _CLASS_NAME.fullmatch(_name(it, term)))
    yield from (term for term in it.own(*PROPERTIES) if not _PROPERTY_NAME.fullmatch(_name(it, term)))


def _own_inverse(it: Ontology) -> Iterator[str]:
    return (term for term in it.own(LINKS) if it.has(term, OWL + "inverseOf", term))


def _inverse_of_symmetric(it: Ontology) -> Iterator[str]:
    for term in it.own(OWL + "SymmetricProperty"):
        if it.values(term, OWL + "inverseOf"):
            yield term


def _uneven(kind: str) -> Pitfall:
    """A symmetric or transitive property needs the same classes on both sides."""

    def look(it: Ontology) -> Iterator[str]:
        for term in it.own(kind):
            sides = [set(it.links(term, RDFS + name)) for name in ("domain", "range")]
            if all(sides) and sides[0] != sides[1]:
                yield term

    return look


def _same_label(it: Ontology) -> Iterator[str]:
    seen: dict[str, str] = {}
    for term in it.own(*CLASSES):
        for label in it.texts(term, RDFS + "label"):
            if (other := seen.setdefault(label.casefold(), term)) != term:
                yield from (term, other)


def _short_chain(it: Ontology) -> Iterator[str]:
    for quad in it.triples():
        if quad.predicate.value == OWL + "propertyChainAxiom" and isinstance(quad.object, BlankNode):
            rests = [
                q for q in it.triples() if q.subject == quad.object and q.predicate.value == RDF + "rest"
            ]
            if any(getattr(q.object, "value", "") == RDF + "nil" for q in rests):
                yield str(getattr(quad.subject, "value", ""))


def _untyped(it: Ontology) -> Iterator[str]:
    known = {*it.own(*CLASSES, *PROPERTIES, OWL + "NamedIndividual")}
    for quad in it.triples():
        for term in (quad.predicate, quad.object):
            iri = term.value if isinstance(term, NamedNode) else ""
            if iri.startswith(it.namespace) and iri != it.namespace and iri not in known:
                yield iri


def _file_extension(it: Ontology) -> Iterator[str]:
    if re.search(r"\.(owl|rdf|ttl|n3|rdfxml)$", it.iri):
        yield it.iri


def _no_declaration(it: Ontology) -> Iterator[str]:
    if not it.iri:
        yield "owl:Ontology"


def _ambiguous_namespace(it: Ontology) -> Iterator[str]:
    if not it.namespace.endswith(("#", "/")):
        yield it.namespace


def _hijacked(it: Ontology) -> Iterator[str]:
    """A term in somebody else's namespace that is defined here, not merely declared or related."""
    for quad in it.triples():
        iri = quad.subject.value if isinstance(quad.subject, NamedNode) else ""
        foreign = iri and not iri.startswith((it.namespace, it.iri))
        if foreign and quad.predicate.value in (SKOS + "definition", RDFS + "isDefinedBy"):
            yield iri


def _no_licence(it: Ontology) -> Iterator[str]:
    if not it.header(PREFIXES["dcterms"] + "license"):
        yield it.iri


def _name(it: Ontology, term: str) -> str:
    return term.removeprefix(it.namespace)


PITFALLS: dict[str, tuple[str, Pitfall]] = {
    "P04": ("connected with nothing else", _unconnected),
    "P05": ("domain and range do not fit those of the inverse", _wrong_inverse),
    "P06": ("in a circle of narrower and broader", _cycles),
    "P07": ("one class for two concepts", _merged),
    "P08": ("without label or definition", _unannotated),
    "P10": ("nothing is said to be disjoint", _no_disjointness),
    "P11": ("neither domain nor range", _no_domain_or_range),
    "P19": ("several domains or ranges, which mean their intersection", _several_domains),
    "P20": ("label and definition are the same, or empty", _misused_annotations),
    "P21": ("a class for whatever is left", _catch_all),
    "P22": ("not named as the others are", _naming),
    "P25": ("its own inverse", _own_inverse),
    "P26": ("an inverse of a symmetric property", _inverse_of_symmetric),
    "P28": ("symmetric, with different classes on its sides", _uneven(OWL + "SymmetricProperty")),
    "P29": ("transitive, with different classes on its sides", _uneven(OWL + "TransitiveProperty")),
    "P32": ("two classes with one label", _same_label),
    "P33": ("a chain of one property", _short_chain),
    "P34/P35": ("used without being declared", _untyped),
    "P36": ("a file name in the IRI", _file_extension),
    "P38": ("no declaration of the ontology", _no_declaration),
    "P39": ("a namespace that ends in neither # nor /", _ambiguous_namespace),
    "P40": ("somebody else's term, defined here", _hijacked),
    "P41": ("no licence", _no_licence),
    **SAMENESS,
}
