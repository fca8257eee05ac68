"""Where the quads of a build come from: one source a named graph, each with the files behind it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from importlib.resources import as_file, files
from pathlib import Path

from pyoxigraph import (
    BlankNode,
    CanonicalizationAlgorithm,
    Dataset,
    DefaultGraph,
    NamedNode,
    Quad,
    RdfFormat,
    Store,
    parse,
)

from isogloss.errors import SourceError
from isogloss.mappings.sets import CC0, ENDING
from isogloss.ontology import names

from .catalogue import FILES, read_catalogue
from .glossary import declared_things, read_glossary, tables
from .judging import standing
from .mapping_quads import quads as mapping_quads
from .report import TABLES, read_report
from .review_quads import review_quads

CC_BY = "https://creativecommons.org/licenses/by/4.0/"


@dataclass(frozen=True, slots=True)
class Source:
    """A part of the data: its files, and what reads them. `title` and `license` describe the graph.

    A large source has `write` as well: it writes its quads as N-Quads to a file that the store loads by
    itself, and may look at what the store holds already.
    """

    name: str
    title: str
    files: tuple[Path, ...]
    read: Callable[[], Iterable[Quad]]
    license: str = ""
    write: Callable[[Store, Path], None] | None = None

    @property
    def graph(self) -> NamedNode:
        return NamedNode(names.graph(self.name))


def package_folder(package: str) -> Path:
    """The folder of one of our packages on disk; the wheel is always installed unpacked."""
    with as_file(files(package)) as path:
        return Path(path)


def shipped_sources(changes: tuple[Path, ...] = (), added: tuple[Path, ...] = ()) -> tuple[Source, ...]:
    """What every build holds: the ontology with its schemes, and the facts that ship.

    The mappings are taken after the `changes` that a state keeps, and after what `added` sets bring.
    """
    ontology = package_folder("isogloss.ontology")
    turtle = (ontology / "isogloss.ttl", *sorted((ontology / "schemes").glob("*.ttl")))
    data = package_folder("isogloss.graph") / "data"
    report, catalogue, glossary = data / "report", data / "catalogue", data / "glossary"
    report_files = (*(report / table.file for table in TABLES), report / "relations.csv")
    return (
        Source("ontology", "The ontology and its concept schemes", turtle, partial(_turtle, turtle), CC_BY),
        Source(
            "report-2025",
            "What the report on the International AI Standards Exchange 2025 says",
            report_files,
            partial(_report, report, turtle),
            CC_BY,
        ),
        Source(
            "catalogue",
            "AI standards and work items of the world, each with the record behind it",
            tuple(catalogue / file for file in FILES),
            partial(_catalogue, data, turtle),
            CC_BY,
        ),
        Source(
            "glossary",
            "What standards and glossaries call things: their vocabularies and terms",
            tuple(glossary / table.file for table in tables(glossary)),
            partial(_glossary, data, turtle),
            CC_BY,
        ),
        _mappings(shipped_sets(), changes, added),
    )


def shipped_sets() -> Path:
    """The folder of the mapping sets that ship."""
    return package_folder("isogloss.mappings") / "sets"


def _mappings(folder: Path, changes: tuple[Path, ...], added: tuple[Path, ...]) -> Source:
    def read() -> Iterator[Quad]:
        known = standing(folder, changes, added)
        yield from mapping_quads(known.sets)
        yield from review_quads(known)

    sets = (*sorted(folder.glob(f"*{ENDING}")), *changes, *added)
    title = "How terms of one vocabulary relate to terms of another, each record with its status"
    return Source("mappings", title, sets, read, CC0)


def added_source(path: Path) -> Source:
    """A user's own RDF, a file or a folder; triples without a graph go to one named after the file."""
    found = tuple(sorted(p for p in path.rglob("*") if p.is_file())) if path.is_dir() else (path,)
    return Source(
        f"added/{names.slug(path.name)}", f"Added: {path.name}", found, partial(_added, found, path)
    )


def read_rdf(path: Path, graph: NamedNode | DefaultGraph) -> Iterator[Quad]:
    """The quads of an RDF file of any format; triples go into `graph`, named graphs are kept.

    Errors: SourceError with the line where the file does not parse, or when the format is not known.
    """
    suffix = path.name.removesuffix(".gz").rpartition(".")[2]
    form = RdfFormat.from_extension(suffix)
    if form is None:
        raise SourceError(f"no RDF format goes by the ending {suffix!r}", file=path)
    try:
        for quad in parse(path=str(path), format=form, base_iri=path.resolve().as_uri()):
            own = isinstance(quad.graph_name, DefaultGraph)
            yield Quad(quad.subject, quad.predicate, quad.object, graph if own else quad.graph_name)
    except SyntaxError as error:
        raise SourceError(error.msg or str(error), file=path, line=error.lineno) from error
    except OSError as error:
        raise SourceError(error.strerror or str(error), file=path) from error


def stable_blank_nodes(quads: Iterable[Quad]) -> Iterable[Quad]:
    """The same quads, blank nodes named by what they say (RDFC-1.0), so that no dump changes by chance."""
    found = list(quads)
    if not any(isinstance(node, BlankNode) for quad in found for node in (quad.subject, quad.object)):
        return found
    dataset = Dataset(found)
    dataset.canonicalize(CanonicalizationAlgorithm.RDFC_1_0)
    return dataset


def scheme_things(turtle: Iterable[Path]) -> set[NamedNode]:
    """Every IRI of ours that the schemes declare: themes, concepts and the schemes themselves."""
    ours = names.BASE + "id/"
    quads = _turtle(tuple(turtle))
    return {q.subject for q in quads if isinstance(q.subject, NamedNode) and q.subject.value.startswith(ours)}


def _turtle(paths: tuple[Path, ...]) -> Iterable[Quad]:
    graph = NamedNode(names.graph("ontology"))
    return stable_blank_nodes(quad for path in paths for quad in read_rdf(path, graph))


def _report(folder: Path, turtle: tuple[Path, ...]) -> Iterable[Quad]:
    graph = NamedNode(names.graph("report-2025"))
    facts = read_report(folder, scheme_things(turtle))
    return (Quad(t.subject, t.predicate, t.object, graph) for t in facts.triples)


def _catalogue(data: Path, turtle: tuple[Path, ...]) -> Iterable[Quad]:
    graph = NamedNode(names.graph("catalogue"))
    known = scheme_things(turtle)
    told = read_report(data / "report", known).triples
    triples = read_catalogue(data / "catalogue", known, told, declared_things((data / "glossary",)))
    return (Quad(t.subject, t.predicate, t.object, graph) for t in triples)


def _glossary(data: Path, turtle: tuple[Path, ...]) -> Iterable[Quad]:
    graph = NamedNode(names.graph("glossary"))
    report, catalogue = (declared_things((data / name,)) for name in ("report", "catalogue"))
    facts = read_glossary(data / "glossary", scheme_things(turtle) | report | catalogue, report - catalogue)
    return (Quad(t.subject, t.predicate, t.object, graph) for t in facts.triples)


def _added(paths: tuple[Path, ...], root: Path) -> Iterable[Quad]:
    base = root if root.is_dir() else root.parent
    for path in paths:
        graph = NamedNode(names.graph(f"added/{names.slug(str(path.relative_to(base)))}"))
        yield from stable_blank_nodes(read_rdf(path, graph))
