"""A standards identifier, taken apart; and the three ways to write it down again."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, replace

from isogloss.ontology import names

_LONGEST_SLUG = 80
_EUROPEAN_STAGES = ("pr", "Fpr")  # of CEN and CENELEC, up to the enquiry and at the formal vote
_UNSTAGED = re.compile(r"F?pr(?=[A-Z])")


@dataclass(frozen=True, slots=True)
class Supplement:
    """An amendment, corrigendum or the like to the text before it; `date` is a year or a year and month."""

    kind: str
    number: str = ""
    date: str = ""
    stage: str = ""


@dataclass(frozen=True, slots=True)
class Identifier:
    """One identifier. `family` tells whose grammar it follows; empty parts are not there.

    `prefix` are adopters before somebody else's identifier ("EN", "DIN EN"); `date` is a year or a year and
    month (ISO 8601); `stage` a draft stage as the body abbreviates it; `version` an ETSI version, an IEEE
    draft number, the revision of an Internet-Draft or of an ITU-R text; `variant` a redline, consolidated
    or other reading aid of the same text.
    """

    family: str
    publishers: tuple[str, ...]
    number: str
    kind: str = ""
    date: str = ""
    stage: str = ""
    version: str = ""
    supplements: tuple[Supplement, ...] = ()
    variant: str = ""
    prefix: tuple[str, ...] = ()

    @property
    def canonical(self) -> str:
        """The identifier as its body writes it; `parse` gives the same identifier back.

        >>> from isogloss.graph.identifiers import parse
        >>> parse("iso/iec 22989 : 2022").canonical
        'ISO/IEC 22989:2022'
        """
        return _WRITERS[self.family](self)

    @property
    def slug(self) -> str:
        """The last part of the IRI: the canonical form with ISO 8601 dates, as a slug.

        >>> from isogloss.graph.identifiers import parse
        >>> parse("ITU-T Rec. Y.3800 (10/2019)").slug
        'itu-t-y.3800-2019-10'
        """
        if self.family == "known":
            return self.kind
        if self.family == "verbatim":  # may be a whole title
            return "-".join(filter(None, (_verbatim_slug(self.number), self.date)))
        text = _SLUG_WRITERS.get(self.family, _WRITERS[self.family])(self)
        return names.slug(text.replace(". ", " "))

    @property
    def work(self) -> Identifier:
        """The undated work: no date, stage, version or variant. A supplement keeps what it supplements."""
        prefix = tuple(_UNSTAGED.sub("", one) for one in self.prefix)
        if self.supplements:
            *before, last = self.supplements
            bare = replace(last, date="", stage="")
            return replace(self, stage="", version="", variant="", supplements=(*before, bare), prefix=prefix)
        return replace(self, date="", stage="", version="", variant="", prefix=prefix)

    @property
    def draft_of_work(self) -> Identifier | None:
        """The undated work as it is called while it is a European draft (prEN 18281), None for what is none.

        >>> from isogloss.graph.identifiers import parse
        >>> parse("EN ISO/IEC 22989:2023/prA1:2025").draft_of_work.canonical
        'EN ISO/IEC 22989:2023/prA1'
        """
        if not self._european_stage:
            return None
        work = self.work
        if self.supplements:
            *before, last = work.supplements
            staged = replace(last, stage=self.supplements[-1].stage)
            return replace(work, prefix=self.prefix, stage=self.stage, supplements=(*before, staged))
        return replace(work, stage=self.stage, prefix=self.prefix)

    @property
    def is_draft(self) -> bool:
        """Whether the identifier itself tells that the text is not published."""
        own = self.supplements[-1].stage if self.supplements else ""
        return bool(self.stage or own or self._european_stage)

    @property
    def _european_stage(self) -> bool:
        own = self.supplements[-1].stage if self.supplements else self.stage
        return own in _EUROPEAN_STAGES or any(_UNSTAGED.match(one) for one in self.prefix)

    @property
    def supplemented(self) -> Identifier | None:
        """What this amends or corrects, or None where it is a text of its own."""
        return replace(self, supplements=self.supplements[:-1], variant="") if self.supplements else None

    @property
    def adopted(self) -> Identifier | None:
        """What a national or European adoption takes over, or None."""
        return replace(self, prefix=self.prefix[1:]) if self.prefix else None

    @property
    def dated(self) -> bool:
        """Whether the text itself (its last supplement, where it is one) carries a date or version."""
        own = self.supplements[-1].date if self.supplements else self.date
        return bool(own or self.version)


def _iso(it: Identifier) -> str:
    return _iso_text(it, "" if it.prefix else " ")


def _iso_slug(it: Identifier) -> str:
    return _iso_text(it, " ")


def _iso_text(it: Identifier, before_a: str) -> str:
    """`before_a` parts the A of a European amendment from its number: CEN writes EN ISO 1:2020/A1."""
    joined = [it.stage + it.kind] if it.stage in ("D", "FD") else [it.stage, it.kind]  # DTR, FDTS
    words = [word for word in joined if word]
    front = "/".join(it.publishers)
    if it.kind == "IWA":
        front = ""
    elif it.publishers == ("ISO",) and words and words[0] != "Guide":
        front = f"ISO/{words.pop(0)}"
    text = " ".join((*filter(None, (front,)), *words, it.number))
    text += f".{it.version}" if it.version and not it.version.startswith("D") else ""
    text += f"/{it.version}" if it.version.startswith("D") else ""
    text += f":{it.date}" if it.date else ""
    for one in it.supplements:
        apart = before_a if one.kind in ("A", "AC") else " "
        text += f"/{_supplement_word(one)}" + (f"{apart}{one.number}" if one.number else "")
        text += f":{one.date}" if one.date else ""
    gap = "" if it.variant.startswith("+") or not it.variant else " "
    return _prefixed(it, text + gap + it.variant)


def _supplement_word(one: Supplement) -> str:
    """ "Amd", and as a draft "CD Amd", "DAM", "FDAM" or "DCOR", as ISO writes them."""
    if one.stage in ("D", "FD", "PD"):
        return one.stage + {"Amd": "AM", "Cor": "COR"}.get(one.kind, f" {one.kind}")
    return f"{one.stage}{' ' if one.stage and one.stage.lower()[-2:] != 'pr' else ''}{one.kind}"


def _cen(it: Identifier) -> str:
    front = it.stage + "/".join(it.publishers)
    text = f"{front}{'/' if it.kind else ''}{it.kind} {it.number}"
    text += f":{it.date}" if it.date else ""
    for one in it.supplements:
        text += f"/{one.stage}{one.kind}{one.number}" + (f":{one.date}" if one.date else "")
    return _prefixed(it, text)


def _itu(it: Identifier) -> str:
    return _itu_text(it, _month_first)


def _itu_slug(it: Identifier) -> str:
    return _itu_text(it, str)


def _itu_text(it: Identifier, write_date: Callable[[str], str]) -> str:
    def dated(date: str) -> str:
        return f" ({write_date(date)})" if date else ""

    revision = f" ({it.version})" if it.version.startswith("V") else f"-{it.version}" if it.version else ""
    text = f"{it.publishers[0]} {it.number}{revision}{dated(it.date)}"
    for one in it.supplements:
        text += f" {one.kind}" + (f" {one.number}" if one.number else "") + dated(one.date)
    return text


def _month_first(date: str) -> str:
    year, _, month = date.partition("-")
    return f"{month}/{year}" if month else year


def _ieee(it: Identifier) -> str:
    text = f"{'/'.join(it.publishers)} {it.stage}{it.number}"
    text += f"/{it.version}" if it.version else ""
    text += f"-{it.date}" if it.date else ""
    for one in it.supplements:
        text += f"/{one.kind}{one.number}" + (f"-{one.date}" if one.date else "")
    return _prefixed(it, text + (f" {it.variant}" if it.variant else ""))


def _etsi(it: Identifier) -> str:
    return _etsi_slug(it) + (f" ({it.date})" if it.date else "")


def _etsi_slug(it: Identifier) -> str:
    """The version alone tells an ETSI edition; its month is not needed to find it."""
    text = f"{it.publishers[0]} {it.kind} {it.number}"
    text += "".join(f"/{one.kind}{one.number}" for one in it.supplements)
    return text + (f" {it.version}" if it.version else "")


def _ietf(it: Identifier) -> str:
    if it.kind == "draft":
        return f"draft-{it.number}" + (f"-{it.version}" if it.version else "")
    return f"{it.kind} {it.number}"


def _plain(it: Identifier) -> str:
    text = " ".join(filter(None, ("/".join(it.publishers), it.kind, it.number, it.version, it.stage)))
    return _prefixed(it, text + (f"-{it.date}" if it.date else ""))


def _verbatim_slug(text: str) -> str:
    """With a sum of the text where a slug keeps none of its letters: one in Cyrillic or Chinese.

    >>> _verbatim_slug("A Call to Action"), _verbatim_slug("ГОСТ Р 59276")
    ('a-call-to-action', '59276-a30bbef1')
    """
    slug = names.slug(text)[:_LONGEST_SLUG].strip("-.")
    lost = not slug or any(sign.isalpha() and not sign.isascii() for sign in text)
    if re.search("[a-z]", slug) or not lost:
        return slug
    return "-".join(filter(None, (slug, hashlib.sha256(text.encode()).hexdigest()[:8])))


def _verbatim(it: Identifier) -> str:
    return it.number + (f":{it.date}" if it.date else "")


def _prefixed(it: Identifier, text: str) -> str:
    """Adopters before the text; a European draft stage stands before "EN" (prEN, FprEN)."""
    return " ".join((*it.prefix, text))


_WRITERS: dict[str, Callable[[Identifier], str]] = {
    "iso": _iso, "cen": _cen, "itu": _itu, "ieee": _ieee, "etsi": _etsi, "ietf": _ietf, "plain": _plain,
    "verbatim": _verbatim, "known": _verbatim,
}  # fmt: skip
_SLUG_WRITERS: dict[str, Callable[[Identifier], str]] = {
    "iso": _iso_slug, "itu": _itu_slug, "etsi": _etsi_slug,
}  # fmt: skip
