"""Editions gathered into works, and what took the place of what."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

from ..identifiers import Identifier, parse
from .editions import Edition, Merge
from .status import EDITION, IN_FORCE, STATED, SUPERSEDED, UNDER_DEVELOPMENT, UNKNOWN, WITHDRAWN
from .titles import akin, alike

_IEC_NUMBERS = 60000
_3GPP = re.compile(r"\(3GPP (TS|TR) (\d\d\.\d+(?:-\d+)*)", re.I)


@dataclass(slots=True)
class Work:
    """An undated publication: `editions` are dated, from old to new; `undated` are drafts that carry no date
    and texts whose date is not told; `former` are identifiers that the work had.
    """

    identifier: Identifier
    slug: str
    editions: list[Edition] = field(default_factory=list)
    undated: list[Edition] = field(default_factory=list)
    merges: list[Merge] = field(default_factory=list)
    former: list[Identifier] = field(default_factory=list)

    @property
    def published(self) -> list[Edition]:
        """Published texts proper, from old to new: no drafts, redlines, consolidated versions or parts."""
        return [one for one in self.editions if not (one.draft or one.identifier.variant or one.part)]

    @property
    def newest(self) -> Edition:
        """The text that speaks for the work: the newest published one, else the draft that got furthest."""
        texts = (
            self.published or [one for one in self.editions if not one.draft] or self.editions or self.undated
        )
        return texts[-1]

    @property
    def name(self) -> str:
        """What the work is called now: as long as there is only a European draft, with its "pr"."""
        draft = None if self.published else self.newest.identifier.draft_of_work
        return (draft or self.identifier).canonical

    @property
    def status(self) -> str:
        """In force where an edition is; else what its newest text is."""
        found = {one.status for one in self.published} or {
            one.status for one in (*self.editions, *self.undated)
        }
        for status in (IN_FORCE, UNDER_DEVELOPMENT, SUPERSEDED, WITHDRAWN):
            if status in found and status in (IN_FORCE, UNDER_DEVELOPMENT):
                return status
        return self.newest.status or UNKNOWN


@dataclass(frozen=True, slots=True)
class Link:
    """A relation of two editions (by slug): supersedes, revises, amends or adopts; `derived` by dates."""

    kind: str
    source: str
    target: str
    derived: bool = False


@dataclass
class Catalogue:
    """Works by slug, the editions by slug, links between them, and relations that could not be believed."""

    works: dict[str, Work]
    editions: dict[str, Edition]
    work_of: dict[str, Work]
    links: set[Link] = field(default_factory=set)
    doubted: list[str] = field(default_factory=list)

    def work_called(self, identifier: Identifier) -> Work | None:
        """The work that goes, or went, by an identifier."""
        slug = identifier.work.slug
        return self.works.get(slug) or self.works.get(self._former.get(slug, ""))

    @cached_property
    def _former(self) -> dict[str, str]:
        return {one.work.slug: work.slug for work in self.works.values() for one in work.former}


def arrange(editions: dict[str, Edition]) -> Catalogue:
    """The whole: works, links between their editions, and the statuses that follow from these."""
    works = _works(editions.values())
    known = editions | {other.slug: one for one in editions.values() for other in one.also}
    links, doubted = _stated(known)
    _mark_parts(known, links)
    works = _merged(works, links)
    work_of = {edition.slug: work for work in works.values() for edition in (*work.editions, *work.undated)}
    catalogue = Catalogue(works, editions, work_of, links, doubted)
    for work in works.values():
        catalogue.links.update(_by_date(work, catalogue.links))
    _settle(catalogue)
    return catalogue


def _works(editions: Iterable[Edition]) -> dict[str, Work]:
    works: dict[str, Work] = {}
    for edition in editions:
        identifier = edition.identifier.work
        slug = identifier.slug
        work = works.setdefault(slug, Work(identifier, slug))
        (work.editions if edition.identifier.dated and edition.date else work.undated).append(edition)
    for work in works.values():
        _sort(work)
    return works


def _sort(work: Work) -> None:
    work.editions.sort(key=lambda one: one.order)
    work.undated.sort(key=lambda one: (one.record.stage, one.slug))


# --- relations that the records state


def _stated(editions: dict[str, Edition]) -> tuple[set[Link], list[str]]:
    links: set[Link] = set()
    doubted: list[str] = []
    for edition in (one for slug, one in editions.items() if slug == one.slug):
        for link in _relations(edition, editions):
            source, target = editions[link.source], editions[link.target]
            if link.kind == "supersedes" and source.draft:
                links.add(replace(link, kind="revises"))
            elif link.kind == "supersedes" and _is_coming(target):
                # ISO's "will be replaced by", turned round
                links.add(Link("revises", link.target, link.source))
            elif source.date[:4] < target.date[:4]:
                doubted.append(f"{source.slug} of {source.date} {link.kind} {target.slug} of {target.date}")
            else:
                links.add(link)
    return links, doubted


def _mark_parts(editions: dict[str, Edition], links: Iterable[Link]) -> None:
    """IEEE has amendments under the number of the text alone ("IEEE Std 802.3" for its Amendment 7)."""
    for link in links:
        source, target = editions[link.source], editions[link.target]
        if link.kind == "amends" and source.identifier.work == target.identifier.work:
            source.part = True


def _is_coming(edition: Edition) -> bool:
    return edition.draft and not edition.date and edition.verdict.status == UNDER_DEVELOPMENT


def _relations(edition: Edition, editions: dict[str, Edition]) -> Iterator[Link]:
    for relation in {one for kept in edition.records for one in kept.record.relations}:
        found = parse(relation.target)
        target = _text_of(found, editions) if found else None
        if target is None or target.slug == edition.slug:
            continue
        here, there = edition.slug, target.slug
        if relation.type == "obsoletes" or (relation.type, relation.description) == ("updates", "revises"):
            amends = _supplements(edition.identifier, target.identifier)
            yield Link("amends" if amends else "supersedes", here, there)
        elif relation.type == "updates" and relation.description in ("amends", "corrects"):
            yield Link("amends", here, there)
        elif relation.type in ("updates", "obsoletedBy"):  # ISO's "updates" points to the newer text
            amends = _supplements(target.identifier, edition.identifier)
            yield Link("amends" if amends else "supersedes", there, here)
        elif relation.type == "adoptedFrom":
            yield Link("adopts", here, there)


def _supplements(one: Identifier, other: Identifier) -> bool:
    """Whether the one is an amendment or corrigendum to the other, or to another edition of it."""
    base = one.supplemented
    return base is not None and base.work == other.work


def _text_of(identifier: Identifier, editions: dict[str, Edition]) -> Edition | None:
    """The edition itself; for a redline of it that has no record, the text that it is a redline of."""
    found = editions.get(identifier.slug)
    if found is None and identifier.variant:
        return editions.get(replace(identifier, variant="").slug)
    return found


# --- one work under several identifiers


def _merged(works: dict[str, Work], links: set[Link]) -> dict[str, Work]:
    """Works of one number whose publishers changed (ISO 2022, ISO/IEC 2022) are one, if evidence says so."""
    linked = _linked_works(works, links)
    groups: dict[tuple[str, ...], list[Work]] = {}
    for work in works.values():
        if (key := _series(work.identifier)) is not None:
            groups.setdefault(key, []).append(work)
    for group in groups.values():
        if len(group) > 1:
            _merge_group(group, linked, works)
    _merge_drafts_of_amendments(works)
    return works


def _merge_drafts_of_amendments(works: dict[str, Work]) -> None:
    """The drafts of an amendment name its base without a year ("ISO/IEC 14496-15/FDAM 1"), and the base's
    edition beside: they are those of the amendment to that edition.
    """
    amendments = {
        (_amendment(work.identifier), work.newest.record.edition): work
        for work in works.values()
        if work.identifier.supplements and work.identifier.date and work.published
    }
    for other in [work for work in works.values() if work.identifier.supplements and not work.editions]:
        home = amendments.get((_amendment(other.identifier), other.newest.record.edition))
        if other.identifier.date or home is None or not other.newest.record.edition:
            continue
        if alike(home.newest.record.title, other.newest.record.title):
            _take_in(home, other, "same-number-edition-and-title")
            del works[other.slug]


def _amendment(identifier: Identifier) -> Identifier:
    """An amendment without the years of all that it names."""
    bare = tuple(replace(one, date="", stage="") for one in identifier.supplements)
    return replace(identifier, date="", stage="", version="", supplements=bare)


def _linked_works(works: dict[str, Work], links: set[Link]) -> set[frozenset[str]]:
    home = {one.slug: work.slug for work in works.values() for one in (*work.editions, *work.undated)}
    return {
        frozenset((home[one.source], home[one.target]))
        for one in links
        if one.kind in ("supersedes", "revises")
    }


def _series(identifier: Identifier) -> tuple[str, ...] | None:
    """What stays when the publishers change; None for what has no such number or only amends another text."""
    if identifier.supplements or identifier.prefix:
        return None
    if identifier.family == "iso":
        kind = (
            "" if identifier.kind == "R" else identifier.kind
        )  # ISO Recommendations became standards in 1972
        return "iso", identifier.number, kind
    if identifier.family == "ieee":
        return "ieee", identifier.number.upper()
    return None


def _merge_group(group: list[Work], linked: set[frozenset[str]], works: dict[str, Work]) -> None:
    """Take older works into the newest one, oldest evidence last; what shows no evidence stays apart."""
    group.sort(key=lambda work: (work.newest.date or "9999", work.slug), reverse=True)
    while group:
        home, *rest = group
        group = []
        members = {home.slug}
        for other in rest:
            rule = _evidence(home, other, linked, members)
            if rule:
                members.add(other.slug)
                _take_in(home, other, rule)
                del works[other.slug]
            else:
                group.append(other)


def _evidence(home: Work, other: Work, linked: set[frozenset[str]], members: set[str]) -> str:
    if any(frozenset((member, other.slug)) in linked for member in members):
        return "same-number-and-superseded"
    titles = {home.newest.record.title, *(one.record.title for one in home.editions[:1])}
    theirs = other.newest.record.title
    same = akin if _one_series(home.identifier, other.identifier) else alike
    return "same-number-and-title" if any(same(title, theirs) for title in titles) else ""


def _one_series(one: Identifier, other: Identifier) -> bool:
    """Whether both number from one series: ISO's, with whomever; IEC's from 60000 on, which ISO left free."""
    if "ISO" in one.publishers and "ISO" in other.publishers:
        return True
    number = one.number.partition("-")[0]
    return one.family == "iso" and number.isdecimal() and int(number) >= _IEC_NUMBERS


def _take_in(home: Work, other: Work, rule: str) -> None:
    home.editions += other.editions
    home.undated += other.undated
    home.merges += [Merge(rule, other.identifier.canonical), *other.merges]
    home.former += [other.identifier, *other.former]
    _sort(home)


# --- what follows from dates


def release_line(edition: Edition) -> str:
    """Editions that replace each other: all of a work, but each release of a 3GPP text is kept on its own."""
    if edition.identifier.family == "etsi" and _3GPP.search(edition.record.title):
        return edition.identifier.version.partition(".")[0]
    return ""


def _by_date(work: Work, links: set[Link]) -> Iterator[Link]:
    """Each edition supersedes the one before it, where no record says what does and it is not in force."""
    lines: dict[str, list[Edition]] = {}
    for edition in work.published:
        lines.setdefault(release_line(edition), []).append(edition)
    for line in lines.values():
        for place, older in enumerate(line):
            newer = next((one for one in line[place + 1 :] if _follows(one, older)), None)
            verdict = older.verdict
            stays = verdict.status == IN_FORCE and (not verdict.if_newer or verdict.only == STATED)
            if newer and not stays and Link("supersedes", newer.slug, older.slug) not in links:
                yield Link("supersedes", newer.slug, older.slug, derived=True)


def _follows(newer: Edition, older: Edition) -> bool:
    """Whether the one, which comes later in order, came out later: ETSI mends the first release of a text
    when the second one is long out, and ITU-R dates some texts by the day of their translation.
    """
    length = min(len(newer.date), len(older.date))
    if newer.identifier.family == "etsi":
        return newer.date[:length] >= older.date[:length]
    return newer.counted or newer.date != older.date


def _settle(catalogue: Catalogue) -> None:
    """The statuses, now that it is known what has a successor."""
    replaced: defaultdict[str, set[str]] = defaultdict(set)
    for link in catalogue.links:
        if link.kind == "supersedes":
            replaced[link.target].add(catalogue.work_of[link.source].slug)
    for work in catalogue.works.values():
        for edition in (*work.editions, *work.undated):
            verdict, by = edition.verdict, replaced.get(edition.slug, set())
            if verdict.only == EDITION:
                by = by & {work.slug}
            overtaken = by or (edition.draft and _published_since(edition, work))
            edition.status = verdict.if_newer if verdict.if_newer and overtaken else verdict.status


def speaking(drafts: Sequence[Edition]) -> Edition:
    """The draft that speaks for the next edition of a work: the furthest that is in the making, if any is."""
    alive = [one for one in drafts if one.status == UNDER_DEVELOPMENT]
    return (alive or [one for one in drafts if one.status != WITHDRAWN] or drafts)[-1]


def _published_since(draft: Edition, work: Work) -> bool:
    """Whether the text that was in the making is out: one of that edition, or one as young as the draft."""
    if not work.published:
        return False
    if draft.date:
        return work.published[-1].date >= draft.date[:4]
    return bool(became(draft, work))


def became(draft: Edition, work: Work) -> list[Edition]:
    """The published texts of the edition whose draft this was: those of its number."""
    number = draft.record.edition
    return [one for one in work.published if number and one.record.edition == number]
