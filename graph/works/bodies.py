"""Publishers, committees and study groups of the records, as a tree of bodies."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from isogloss.ontology import names

from ..identifiers import Identifier
from ..readers.publications import SCHEMA
from ..readers.relaton import Committee, Record

# Acronym: (slug, name, class, slug of the body above). Others are named as their records name them.
_PUBLISHERS = {
    "ISO": ("iso", "International Organization for Standardization", "StandardsBody", ""),
    "IEC": ("iec", "International Electrotechnical Commission", "StandardsBody", ""),
    "ITU": ("itu", "International Telecommunication Union", "InternationalOrganization", ""),
    "ITU-T": ("itu-t", "ITU Telecommunication Standardization Sector", "StandardsBody", "itu"),
    "ITU-R": ("itu-r", "ITU Radiocommunication Sector", "StandardsBody", "itu"),
    "ITU-D": ("itu-d", "ITU Telecommunication Development Sector", "InternationalOrganization", "itu"),
    "IEEE": ("ieee", "Institute of Electrical and Electronics Engineers", "StandardsBody", ""),
    "AIEE": ("aiee", "American Institute of Electrical Engineers", "StandardsBody", ""),
    "IRE": ("ire", "Institute of Radio Engineers", "StandardsBody", ""),
    "ANSI": ("ansi", "American National Standards Institute", "StandardsBody", ""),
    "ETSI": ("etsi", "European Telecommunications Standards Institute", "StandardsBody", ""),
    "3GPP": ("3gpp", "3rd Generation Partnership Project", "Collaboration", ""),
    "CISPR": ("cispr", "International Special Committee on Radio Interference", "Committee", "iec"),
    "IETF": ("ietf", "Internet Engineering Task Force", "StandardsBody", ""),
    "CIE": ("cie", "International Commission on Illumination", "StandardsBody", ""),
}

# ITU-T's study groups by study period. SG 9 and SG 16 became SG 21 with the period that began in 2025. Of the
# periods before 2022 only what records say in so many words: D.190, G.984.3, G.992.4 and Z.141.
_PERIODS = {
    "2001-2004": ("3", "15", "17"),
    "2005-2008": ("15",),
    "2022-2024": ("2", "3", "5", "9", "11", "12", "13", "15", "16", "17", "20"),
    "2025-2028": ("2", "3", "5", "11", "12", "13", "15", "17", "20", "21"),
}
_SUCCESSORS = {"21": ("9", "16")}

_STUDY_GROUP = re.compile(r"ITU-([TRD]) Study Group (\d+)")
_PATH = re.compile(r"(?P<head>(?:ISO|IEC|CISPR)(?:/(?:ISO|IEC|IEEE|CISPR|CIE)\b)*)[/ ](?P<groups>\S.*)")
_IEC_GROUP = re.compile(r"(?:TC|SC|PC|JTC|SyC|TA|JWG|SEG|ACTAD|ACOS|ACEA|ACEC|ACEE)\b")
_FORMERLY = re.compile(r"\s*[\[(](?:formel?r?ly [^\])]*|lu)[\])]", re.I)


@dataclass(slots=True)
class Body:
    """A body by its slug: `label_of` counts the names that records give it."""

    slug: str
    acronym: str
    kind: str
    above: tuple[str, ...] = ()
    names: Counter[str] = field(default_factory=Counter)
    periods: tuple[str, ...] = ()
    replaces: tuple[str, ...] = ()
    source: str = ""

    @property
    def name(self) -> str:
        """The name that most records give; of two equally frequent ones the first in the alphabet."""
        if not self.names:
            return self.acronym
        return min(self.names.items(), key=lambda pair: (-pair[1], pair[0]))[0]

    @property
    def label(self) -> str:
        """Acronym and name: "ISO/IEC JTC 1/SC 42: Artificial intelligence"."""
        return f"{self.acronym}: {self.name}" if self.names and self.name != self.acronym else self.name


class Register:
    """The bodies met so far; each is entered with the bodies above it.

    `known` are slugs of bodies that are described elsewhere, by names that lists of publications may use.
    """

    def __init__(self, known: Mapping[str, str] | None = None) -> None:
        self.bodies: dict[str, Body] = {}
        self.known = known or {}

    def publishers(self, identifier: Identifier, record: Record) -> list[str]:
        """Slugs of the bodies that publish a text: those in its identifier, else those of the record."""
        if record.schema == SCHEMA and record.bodies:
            return [self.known.get(name) or self._publisher(name, record) for name in record.bodies]
        acronyms = [*identifier.prefix, *identifier.publishers] or list(record.bodies)
        return [self._publisher(acronym, record) for acronym in acronyms]

    def committees(self, identifier: Identifier, record: Record) -> list[str]:
        """Slugs of the committees that a record names."""
        listed = self.known if record.schema == SCHEMA else {}
        found = (
            listed.get(one.name) or self._committee(one, identifier, record) for one in record.committees
        )
        return [slug for slug in dict.fromkeys(found) if slug]

    def _enter(self, body: Body, record: Record, name: str = "") -> str:
        kept = self.bodies.setdefault(body.slug, body)
        if not kept.source:
            kept.source = record.archive
        if name and name != kept.acronym:
            kept.names[name] += 1
        return kept.slug

    def _publisher(self, acronym: str, record: Record) -> str:
        acronym = "ITU" if acronym in ("ITU-T", "ITU-R", "ITU-D") else acronym
        return self._named(acronym, record)

    def _named(self, acronym: str, record: Record) -> str:
        slug, name, kind, above = _PUBLISHERS.get(acronym, (names.slug(acronym), "", "StandardsBody", ""))
        if above and above not in self.bodies:
            self._named(above.upper(), record)
        return self._enter(Body(slug, acronym, kind, (above,) if above else ()), record, name)

    def _committee(self, committee: Committee, identifier: Identifier, record: Record) -> str:
        text = committee.identifier or committee.name
        if (group := _STUDY_GROUP.match(text)) is not None:
            return self._study_group(group[1], group[2], record)
        if (identifier.family == "iso" or "IEC" in record.bodies) and _IEC_GROUP.match(text):
            text = f"IEC {text}"
        if (path := _PATH.fullmatch(text)) is not None:
            return self._path(path["head"], path["groups"], committee, record)
        if identifier.family == "itu":
            above = self._named(identifier.publishers[0], record)
            return self._enter(Body(names.slug(f"{above} {text}"), text, "Committee", (above,)), record)
        if identifier.family == "etsi":
            text = _FORMERLY.sub("", text)
            above = self._named("ETSI", record)
            return self._enter(
                Body(names.slug(f"etsi {text}"), f"ETSI {text}", "Committee", (above,)), record
            )
        if " of the IEEE " in text or text.startswith("IEEE "):
            return self._society(text, record)
        return self._enter(Body(names.slug(text), text, "Committee"), record, committee.name) if text else ""

    def _study_group(self, sector: str, number: str, record: Record) -> str:
        above = self._named(f"ITU-{sector}", record)
        slug = f"itu-{sector.lower()}-sg{number}"
        if slug in self.bodies or sector != "T":
            body = Body(slug, f"ITU-{sector} SG{number}", "StudyGroup", (above,))
            return self._enter(body, record, f"ITU-{sector} Study Group {number}")
        before = tuple(self._study_group(sector, one, record) for one in _SUCCESSORS.get(number, ()))
        periods = tuple(period for period, groups in _PERIODS.items() if number in groups)
        body = Body(slug, f"ITU-T SG{number}", "StudyGroup", (above,), periods=periods, replaces=before)
        return self._enter(body, record, f"ITU-T Study Group {number}")

    def _path(self, head: str, groups: str, committee: Committee, record: Record) -> str:
        """Each level of "ISO/IEC JTC 1/SC 42"; only the last one has the name that the record gives."""
        above = tuple(self._named(one, record) for one in head.split("/"))
        gap = "/" if head == "ISO" else " "
        parts = groups.split("/")
        slug = ""
        for depth in range(1, len(parts) + 1):
            acronym = f"{head}{gap}{'/'.join(parts[:depth])}"
            last = depth == len(parts) and committee.identifier
            body = Body(names.slug(acronym), acronym, "Committee", above)
            slug = self._enter(body, record, committee.name if last else "")
            above = (slug,)
        return slug

    def _society(self, text: str, record: Record) -> str:
        leaf, _, society = text.rpartition(" of the IEEE ")
        above = self._named("IEEE", record)
        if society and leaf:
            name = f"IEEE {society}"
            above = self._enter(Body(names.slug(name), name, "Committee", (above,)), record)
        return self._enter(Body(names.slug(f"ieee {text}"), text, "Committee", (above,)), record)

    def __iter__(self) -> Iterator[Body]:
        return iter(self.bodies[slug] for slug in sorted(self.bodies))
