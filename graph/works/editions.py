"""Records gathered into editions: one document is one edition, however many records tell of it."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from itertools import combinations

from ..identifiers import Identifier, known, parse, verbatim
from ..readers.publications import SCHEMA
from ..readers.relaton import Record
from .kept import Kept
from .status import ORDER, Verdict, is_draft, judge
from .titles import alike

_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True, slots=True)
class Merge:
    """That two records or works are one, by which rule, and which record or work was taken in."""

    rule: str
    taken: str


@dataclass(slots=True)
class Edition:
    """One dated text, or an undated draft, with the records behind it, the best informed first.

    `date` is the day, month or year of publication; `also` are identifiers under which other archives hold
    the same text; `part` is an amendment that goes by the number of what it amends.
    """

    identifier: Identifier
    records: list[Kept]
    draft: bool
    verdict: Verdict
    slug: str
    date: str
    status: str = ""
    part: bool = False
    merges: list[Merge] = field(default_factory=list)
    also: list[Identifier] = field(default_factory=list)

    @property
    def record(self) -> Record:
        """The record that is believed where several disagree."""
        return self.records[0].record

    @property
    def order(self) -> tuple[str, tuple[int, ...], str]:
        """Sorts the editions of a work from old to new: those of ETSI and the revisions of ITU-R by version,
        others by date, since ITU-T gave its editions versions (V9) only in the middle of their row.
        """
        version = tuple(int(part) for part in _NUMBERS.findall(self.identifier.version))
        if self.counted:
            return "", version, self.date
        return self.date, version, self.slug

    @property
    def counted(self) -> bool:
        """Whether versions tell the order: ITU-R's first text, before the first revision, has none."""
        by_version = self.identifier.family == "etsi" and bool(self.identifier.version)
        return by_version or self.identifier.publishers == ("ITU-R",)


def identify(record: Record) -> Identifier:
    """The identifier of a record; one without a date takes the year in which the text was published."""
    found = parse(record.identifier) or verbatim(record.identifier)
    if record.slug:
        return found if found.slug == record.slug else known(record.identifier, record.slug)
    if found.family == "verbatim" and not _NUMBERS.search(record.identifier):
        found = verbatim(record.title or record.identifier)  # "A Call" is a title that was cut short
    published = record.dates.get("published", "")
    if found.dated or not published or found.supplements or is_draft(record, found):
        return found
    of_a_list = record.schema == SCHEMA and found.family == "itu"  # its identifiers tell the month
    return replace(found, date=published[: 7 if of_a_list else 4])


def edition_date(identifier: Identifier, records: list[Record]) -> str:
    """The finest date told that agrees with the identifier's own, which wins; empty where none is told."""
    own = identifier.supplements[-1].date if identifier.supplements else identifier.date
    told = [
        record.dates[name] for record in records for name in ("published", "updated") if name in record.dates
    ]
    agreeing = [date for date in told if date.startswith(own)]
    if own:
        return max(agreeing, key=len, default=own)
    return max((record.dates.get("published", "") for record in records), default="")


def gather(kept: Iterable[Kept]) -> dict[str, Edition]:
    """Editions by slug. Records of one canonical identifier tell of one document."""
    groups: dict[str, list[tuple[Identifier, Kept]]] = {}
    for one in kept:
        identifier = identify(one.record)
        groups.setdefault(identifier.slug, []).append((identifier, one))
    editions = {slug: _edition(slug, members) for slug, members in groups.items()}
    _join(editions)
    return editions


def _edition(slug: str, members: list[tuple[Identifier, Kept]]) -> Edition:
    members.sort(key=lambda pair: _informed(pair[1]), reverse=True)
    identifier = members[0][0]
    records = [kept for _, kept in members]
    published = [pair for pair in members if not is_draft(pair[1].record, pair[0])]
    draft = not published
    # IEEE has drafts under the number of the text; that one is over says nothing of the text.
    verdicts = [judge(kept.record, own) for own, kept in _freshest(published or members)]
    verdict = max(verdicts, key=lambda one: ORDER.index(one.status))
    merges = [Merge(_rule(records[0].record, other.record), other.record.source) for other in records[1:]]
    date = edition_date(identifier, [kept.record for kept in records])
    return Edition(identifier, records, draft, verdict, slug, date, merges=merges)


def _join(editions: dict[str, Edition]) -> None:
    """Join what two archives hold under identifiers that differ in the publishers: IEC 61588:2021 in the one,
    IEC/IEEE 61588:2021 in the other. Where IEEE takes part the years may differ by one (approved, published).
    """
    groups: dict[tuple[str, str], list[Edition]] = {}
    for one in editions.values():
        it = one.identifier
        if it.family == "iso" and it.date and not (it.supplements or it.variant or it.prefix or one.draft):
            groups.setdefault((it.number, it.kind), []).append(one)
    for group in groups.values():
        group.sort(key=lambda one: (-len(one.identifier.publishers), one.slug))
        for home, other in combinations(group, 2):
            if home.slug in editions and other.slug in editions and _one_text(home, other):
                home.records += other.records
                home.also += [other.identifier, *other.also]
                home.verdict = max(home.verdict, other.verdict, key=lambda one: ORDER.index(one.status))
                taken = other.record.source
                home.merges += [Merge("same-number-year-and-title", taken), *other.merges]
                del editions[other.slug]


def _one_text(one: Edition, other: Edition) -> bool:
    first, second = one.identifier, other.identifier
    if first.publishers == second.publishers and first.date == second.date:
        return False
    apart = abs(int(first.date) - int(second.date))
    joint = "IEEE" in first.publishers and "IEEE" in second.publishers
    if apart > (1 if joint else 0) or _archives(one) & _archives(other):
        return False
    return alike(one.record.title, other.record.title)


def _archives(edition: Edition) -> set[str]:
    return {kept.record.archive for kept in edition.records}


def _informed(kept: Kept) -> tuple[bool, str, str, str, str]:
    """Sorts records by what speaks for them: still upstream, later schema, fetched later, later stage."""
    record = kept.record
    return not kept.gone, record.schema, record.fetched, record.stage, record.source


def _freshest(members: list[tuple[Identifier, Kept]]) -> list[tuple[Identifier, Kept]]:
    """The best informed record of each archive: an older one of the same archive is merely out of date."""
    found: dict[str, tuple[Identifier, Kept]] = {}
    for pair in members:
        found.setdefault(pair[1].record.archive, pair)
    return list(found.values())


def _rule(one: Record, other: Record) -> str:
    return "same-identifier" if one.identifier == other.identifier else "same-identifier-written-otherwise"
