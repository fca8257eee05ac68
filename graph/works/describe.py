"""What is stated of each work, edition, draft and body: the catalogue as facts."""

from __future__ import annotations

import re
from collections.abc import Iterator

from ..identifiers import Identifier, parse
from ..readers.relaton import Record
from . import listed, nquads
from .bodies import Body, Register
from .editions import Edition, Merge
from .facts import Facts, class_of, gone_since, numbers, stages, titles, twins
from .families import Catalogue, Link, Work, became, speaking
from .nquads import Lines, text, thing

_PAGES = ("src", "pdf")
_3GPP = re.compile(
    r"\s*\(3GPP (?P<id>(?:TS|TR) \d\d\.\d+(?:-\d+)*)\s+version (?P<version>[\d.]+)[^)]*\)", re.I
)


class Describer:
    """Writes a catalogue. `told` are IRIs (in angle brackets) of things that another graph describes: they
    keep its label, type, status and date, and what the records say stands beside these. `known` names bodies
    and themes that lists of publications may mean.
    """

    def __init__(
        self, catalogue: Catalogue, lines: Lines, told: set[str], known: listed.Known | None = None
    ) -> None:
        self.catalogue, self.lines = catalogue, lines
        self.told = told
        self.known = known or listed.Known()
        self.register = Register(self.known.bodies)
        self.ics: dict[str, str] = {}
        self.adopted: dict[str, tuple[str, str]] = {}

    def write(self) -> None:
        """Everything, works by slug, so that the same records make the same bytes."""
        for slug in sorted(self.catalogue.works):
            self._work(self.catalogue.works[slug])
        self._links()
        self._adopted()
        for body in self.register:
            self._body(body)
        self._ics_scheme()

    # --- works, editions, drafts

    def _work(self, work: Work) -> None:
        subject, newest = thing("publication", work.slug), work.newest
        name = work.name
        facts = self._names(subject, f"ig:{class_of(work)}", name, newest.record)
        facts += [("dcterms:identifier", text(name))]
        facts += [("ig:formerIdentifier", text(one.canonical)) for one in work.former]
        own = listed.word_on(work)
        facts += self._status(subject, own.status if own else work.status)
        dated = newest.identifier.dated or listed.is_listed(newest.record)
        date = own.date if own else newest.date if dated else ""
        if date and subject not in self.told:
            facts.append(("dcterms:issued", nquads.date(date)))
        facts += self._common(newest, work.identifier)
        facts += [("ig:mergedBy", text(_merge(one))) for one in work.merges]
        if not work.editions:
            facts += stages(newest.records)
        for one in listed.undated_texts(work):
            facts += titles(one.record, name) + numbers(one) + self._common(one, work.identifier)
        self.lines.facts(subject, facts)
        for edition in work.editions:
            self._edition(edition, subject)
        if work.editions and (drafts := [one for one in work.undated if one.draft]):
            self._draft(work, drafts)

    def _names(self, subject: str, kind: str, name: str, record: Record) -> Facts:
        title = record.title
        facts: Facts = []
        if subject not in self.told:
            facts += [("rdf:type", self.lines.property(kind))]
            facts += [("rdfs:label", text(f"{name}: {title}" if title else name, "en"))]
        return facts + titles(record, name)

    def _status(self, subject: str, status: str) -> Facts:
        concept = thing("concept", f"status/{status}")
        found: Facts = [("ig:recordedStatus", concept)]
        return found if subject in self.told else [("ig:status", concept), *found]

    def _common(self, edition: Edition, identifier: Identifier) -> Facts:
        """What a work takes from the text that speaks for it."""
        facts: Facts = []
        for kept in edition.records:
            record = kept.record
            facts += listed.keywords(record, self.known)
            for slug in self.register.committees(edition.identifier, record):
                facts.append(("ig:developedBy", thing("body", slug)))
            for code, label in record.ics:
                if re.fullmatch(r"\d\d(\.\d{3}(\.\d\d)?)?", code):
                    self.ics.setdefault(code, label)
                    facts.append(("ig:ics", thing("concept", f"ics/{code}")))
        facts += self._behind(edition, identifier)
        rules = {rule for kept in edition.records for rule in kept.rules}
        return facts + [
            ("ig:selectedBy", thing("concept", f"selection-rule/{rule}")) for rule in sorted(rules)
        ]

    def _behind(self, edition: Edition, identifier: Identifier) -> Facts:
        """Publishers, pages and the records behind a text."""
        facts: Facts = []
        for slug in self.register.publishers(identifier, edition.record):
            facts.append(("ig:publishedBy", thing("body", slug)))
        for kept in edition.records:
            pages = (nquads.web(url) for kind, url in kept.record.links if kind in _PAGES)
            facts += [("foaf:page", page) for page in pages if page]
            facts.append(("dcterms:source", text(kept.record.source)))
        if gone := gone_since(edition.records):
            facts.append(("ig:goneUpstream", nquads.date(gone)))
        return facts

    def _edition(self, edition: Edition, work: str) -> None:
        subject, name = thing("publication", edition.slug), edition.identifier.canonical
        facts = self._names(subject, "ig:Edition", name, edition.record)
        facts += [("dcterms:identifier", text(name))]
        if subject not in self.told:
            facts += [("ig:editionOf", work), ("dcterms:issued", nquads.date(edition.date))]
        if not edition.identifier.variant:
            facts += self._status(subject, edition.status)
        else:
            facts.append(("ig:variant", text(edition.identifier.variant)))
        facts += stages(edition.records) + numbers(edition) + self._behind(edition, edition.identifier)
        facts += [("ig:mergedBy", text(_merge(one))) for one in edition.merges]
        self.lines.facts(subject, facts)

    def _draft(self, work: Work, drafts: list[Edition]) -> None:
        """The next edition, while it is in the making and carries no date: a work item of its own; or what is
        left of drafts of which the text is out.
        """
        newest = speaking(drafts)
        subject, name = thing("publication", f"{work.slug}-draft"), newest.identifier.canonical
        alike = (one for one in drafts if one.status == newest.status)
        facts = self._names(subject, "ig:WorkItem", name, newest.record)
        facts += [("dcterms:identifier", text(one.identifier.canonical)) for one in alike]
        facts += self._status(subject, newest.status)
        for one in (become := became(newest, work)):
            self.lines.facts(thing("publication", one.slug), [("ig:supersedes", subject)])
        if not become:
            facts.append(("ig:revises", thing("publication", work.slug)))
        facts += stages(newest.records) + self._common(newest, work.identifier)
        self.lines.facts(subject, facts)

    # --- links

    def _node(self, slug: str) -> str:
        """The thing that stands for an edition: itself, the draft of its work, or the work."""
        work = self.catalogue.work_of[slug]
        if any(one.slug == slug for one in work.editions):
            return thing("publication", slug)
        return thing("publication", f"{work.slug}-draft" if work.editions else work.slug)

    def _is_past(self, slug: str) -> bool:
        """Whether this is a draft that is over, while another draft of the same work, now in the making, has
        its IRI.
        """
        edition = self.catalogue.editions[slug]
        drafts = [one for one in self.catalogue.work_of[slug].undated if one.draft]
        return edition in drafts and edition.status != speaking(drafts).status

    def _links(self) -> None:
        for link in sorted(self.catalogue.links, key=_link_order):
            source, target = self._node(link.source), self._node(link.target)
            if source != target and not self._is_past(link.target):
                facts = [(f"ig:{link.kind}", target)]
                if link.derived:
                    facts.append(("ig:supersedesByDate", target))
                self.lines.facts(source, facts)
                self._works_link(link)
        for slug in sorted(self.catalogue.editions):
            self._supplement(self.catalogue.editions[slug])
            self._common_text(self.catalogue.editions[slug])
            if linked := listed.links(self.catalogue.editions[slug], self.catalogue, self.told):
                self.lines.facts(self._node(slug), linked)

    def _works_link(self, link: Link) -> None:
        """A work whose last text was replaced by another work's text is superseded by that work; not so an
        amendment to it that was taken up.
        """
        newer, older = self.catalogue.work_of[link.source], self.catalogue.work_of[link.target]
        base = older.identifier.supplemented
        taken_up = base is not None and self.catalogue.work_called(base) is newer
        last = older.newest.slug == link.target and not taken_up
        if link.kind == "supersedes" and newer is not older and last:
            self.lines.facts(
                thing("publication", newer.slug), [("ig:supersedes", thing("publication", older.slug))]
            )

    def _supplement(self, edition: Edition) -> None:
        base = edition.identifier.supplemented
        if base is None:
            return
        work = self.catalogue.work_called(base)
        if work is None:
            return
        amended = [one for one in work.published if base.date and one.identifier.date.startswith(base.date)]
        target = thing("publication", amended[-1].slug if amended else work.slug)
        self.lines.facts(self._node(edition.slug), [("ig:amends", target)])
        own = self.catalogue.work_of[edition.slug]
        self.lines.facts(thing("publication", own.slug), [("ig:amends", thing("publication", work.slug))])

    def _common_text(self, edition: Edition) -> None:
        """A Recommendation and an ISO/IEC standard with one text keep their identifiers, and are linked."""
        own = self.catalogue.work_of[edition.slug]
        for twin in twins(edition):
            if (work := self.catalogue.work_called(twin)) is not None and work is not own:
                self.lines.facts(
                    thing("publication", own.slug), [("ig:commonTextWith", thing("publication", work.slug))]
                )
        if (found := _3GPP.search(edition.record.title)) is not None:
            adopted = parse(f"3GPP {found['id']}")
            if adopted is not None:
                title = _3GPP.sub("", edition.record.title)
                self.adopted[adopted.slug] = (adopted.canonical, title)
                self.lines.facts(
                    thing("publication", edition.slug),
                    [
                        ("ig:adopts", thing("publication", adopted.slug)),
                        ("ig:adoptedVersion", text(found["version"])),
                    ],
                )

    def _adopted(self) -> None:
        """3GPP's own texts, as far as the ETSI records that adopt them tell of them."""
        for slug, (name, title) in sorted(self.adopted.items()):
            subject = thing("publication", slug)
            if subject in self.told or slug in self.catalogue.works:
                continue
            kind = "ig:TechnicalReport" if " TR " in name else "ig:TechnicalSpecification"
            source = Record(name, titles={"en": title}, archive="relaton-data-etsi")
            facts = self._names(subject, kind, name, source)
            facts += [("dcterms:identifier", text(name)), *self._status(subject, "unknown")]
            publisher = self.register.publishers(Identifier("plain", ("3GPP",), ""), source)[0]
            facts += [("ig:publishedBy", thing("body", publisher))]
            facts += [("dcterms:source", text("named by the ETSI records that adopt it"))]
            self.lines.facts(subject, facts)

    # --- bodies and ICS

    def _body(self, body: Body) -> None:
        subject = thing("body", body.slug)
        facts: Facts = [("org:subOrganizationOf", thing("body", one)) for one in body.above]
        facts += [("ig:studyPeriod", text(one)) for one in body.periods]
        facts += [("dcterms:replaces", thing("body", one)) for one in body.replaces]
        if subject not in self.told:
            facts += [("rdf:type", self.lines.property(f"ig:{body.kind}"))]
            facts += [("rdfs:label", text(body.label, "en")), ("skos:prefLabel", text(body.name, "en"))]
            facts += [("ig:acronym", text(body.acronym)), ("dcterms:source", text(body.source))]
        self.lines.facts(subject, facts)

    def _ics_scheme(self) -> None:
        scheme = thing("scheme", "ics")
        if not self.ics:
            return
        title = text("International Classification for Standards, as far as records use it", "en")
        kind = self.lines.property("skos:ConceptScheme")
        self.lines.facts(scheme, [("rdf:type", kind), ("rdfs:label", title), ("dcterms:title", title)])
        for code in sorted({*self.ics, *(above for one in self.ics for above in _above(one))}):
            label = self.ics.get(code, "")
            facts: Facts = [("rdf:type", self.lines.property("skos:Concept")), ("skos:inScheme", scheme)]
            facts += [("skos:notation", text(code))]
            facts += [("rdfs:label", text(f"{code} {label}" if label else f"ICS {code}", "en"))]
            if label:
                facts.append(("skos:prefLabel", text(label, "en")))
            higher = next(_above(code), "")
            facts += (
                [("skos:broader", thing("concept", f"ics/{higher}"))]
                if higher
                else [("skos:topConceptOf", scheme)]
            )
            self.lines.facts(thing("concept", f"ics/{code}"), facts)


def _merge(merge: Merge) -> str:
    return f"{merge.rule}: {merge.taken}"


def _above(code: str) -> Iterator[str]:
    """The classes above an ICS class, nearest first."""
    while "." in code:
        code = code.rpartition(".")[0]
        yield code


def _link_order(link: Link) -> tuple[str, str, str]:
    return link.source, link.kind, link.target
