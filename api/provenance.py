"""The build in PROV: what was made, from which files, by which versions of which programs, and when."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
from pyoxigraph import Literal, NamedNode, Quad

from isogloss.ontology.names import PREFIXES, graph

from .documents import DATA_SET

_PROV, _RDF, _DCTERMS, _XSD = (PREFIXES[name] for name in ("prov", "rdf", "dcterms", "xsd"))
_SPDX = "http://spdx.org/rdf/terms#"
_DEFAULT = ox.DefaultGraph()

Told = tuple[str, str, NamedNode | Literal]


def provenance(manifest: Mapping[str, Any], built: datetime) -> list[Quad]:
    """The activity that made the snapshot of `manifest`, which ended at `built`."""
    build = DATA_SET + "#build"
    took = timedelta(seconds=sum(manifest.get("seconds", {}).values()))
    told: list[Told] = [
        (DATA_SET, _PROV + "wasGeneratedBy", NamedNode(build)),
        (build, _RDF + "type", NamedNode(_PROV + "Activity")),
        (build, _PROV + "startedAtTime", _moment(built - took)),
        (build, _PROV + "endedAtTime", _moment(built)),
        *_programs(build, manifest.get("versions", {})),
        *_files(build, manifest.get("sources", {})),
    ]
    return [Quad(NamedNode(subject), NamedNode(name), value, _DEFAULT) for subject, name, value in told]


def _programs(build: str, versions: Mapping[str, str]) -> Iterator[Told]:
    for name, version in versions.items():
        agent = f"{DATA_SET}#program-{quote(name)}"
        yield build, _PROV + "wasAssociatedWith", NamedNode(agent)
        yield agent, _RDF + "type", NamedNode(_PROV + "SoftwareAgent")
        yield agent, _DCTERMS + "title", Literal(name)
        yield agent, PREFIXES["schema"] + "softwareVersion", Literal(version)


def _files(build: str, sources: Mapping[str, Mapping[str, str]]) -> Iterator[Told]:
    for source, files in sources.items():
        for name, digest in files.items():
            file = f"{DATA_SET}#file-{quote(source, safe='')}-{quote(name, safe='')}"
            checksum = file + "-sha256"
            yield build, _PROV + "used", NamedNode(file)
            yield graph(source), _PROV + "wasDerivedFrom", NamedNode(file)
            yield file, _RDF + "type", NamedNode(_PROV + "Entity")
            yield file, _DCTERMS + "title", Literal(name)
            yield file, _SPDX + "checksum", NamedNode(checksum)
            yield checksum, _SPDX + "algorithm", NamedNode(_SPDX + "checksumAlgorithm_sha256")
            yield checksum, _SPDX + "checksumValue", Literal(digest, datatype=NamedNode(_XSD + "hexBinary"))


def _moment(when: datetime) -> Literal:
    text = when.astimezone(UTC).isoformat(timespec="seconds")
    return Literal(text, datatype=NamedNode(_XSD + "dateTime"))
