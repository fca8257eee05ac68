"""Identifiers of ITU: "ITU-T Y.3800 (10/2019)", "ITU-T G.992.3 (2002) Cor. 1 (12/2003)", "ITU-R M.2117-0"."""

from __future__ import annotations

import re

from .model import Identifier, Supplement

_FRONT = re.compile(
    r"(?:(?:draft(?:\s+new)?\s+)?recommendation\s+)?(?:ITU[- ]?(?P<sector>[TRD])\b|CCITT|CCIR)\s*"
    r"(?:(?:rec(?:ommendation|\.)?|report|rep\.)\s+)?",
    re.I,
)
_BARE = re.compile(
    r"(?:(?:rec(?:ommendation|\.)?)\s+)?(?=(?P<series>[A-Z]{1,3})\.(?:\d|[A-Za-z][\w.-]*[A-Za-z]$)"
    r"|[A-Z]STR[.-]|[A-Z] Suppl\.? \d)",
    re.I,
)
_RADIO = frozenset(("BO", "BR", "BS", "BT", "RA", "RS", "SA", "SF", "SM", "SNG", "TF"))
_BODY = re.compile(
    r"(?P<number>[A-Z]+[ -]\d*\s?Suppl\.?\s*[\w.]+|[A-Za-z]{1,6}[.-][\w.+-]*?(?:/[A-Z]\.[\w.-]+)*|[\w./:-]+?)"
    r"(?P<bis>\s?(?:bis|ter|quater)\b)?(?P<language>\s[A-Z]\b)?(?=[\s(]|$)",
    re.I,
)
_DATE = r"\(\s*(?:(?P<month>\d\d?)[/.])?(?P<year>\d{4})\s*\)"
_DATED = re.compile(r"\s*" + _DATE)
_DATE_ISO = re.compile(r"\s*\(\s*(?P<year>\d{4})-(?P<month>\d\d)\s*\)")
_SUPPLEMENT = re.compile(
    r"\s*(?P<kind>Technical Cor|Tech\.? Cor|Amd|Amendment|Cor|Corrigendum|Err|Erratum|Suppl|Annex|App|Add"
    r"|Imp)\.?"
    r"\s*(?P<number>[A-Z]?\d+(?:\.\d+)*|[A-Z]{1,4}\d*|)(?P<tail>\s+test vectors)?(?=[\s(]|$)",
    re.I,
)
_VERSION = re.compile(r"\s*\(?v\.?(\d+)\)?(?=[\s(]|$)", re.I)
_KINDS = {
    "technical cor": "Cor.", "tech cor": "Cor.", "tech. cor": "Cor.", "amd": "Amd.", "amendment": "Amd.",
    "cor": "Cor.", "corrigendum": "Cor.", "err": "Err.", "erratum": "Err.", "suppl": "Suppl.",
    "annex": "Annex", "app": "App.", "add": "Add.", "imp": "Imp.",
}  # fmt: skip


def parse_itu(text: str) -> Identifier | None:
    """The identifier in `text`, or None; without "ITU-T" it must look like a Recommendation (Y.3800)."""
    sector, at = _sector(text)
    body = _BODY.match(text, at) if sector else None
    if body is None or not sector:
        return None
    number = _tidy(body["number"]) + (body["bis"] or "").strip().lower()
    number += (body["language"] or "").upper()
    version = _VERSION.match(text, body.end())
    date, at = _date(text, version.end() if version else body.end())
    supplements: list[Supplement] = []
    while at < len(text):
        part = _SUPPLEMENT.match(text, at)
        if part is None or part.end() == at:
            return None
        label = part["number"].upper() + (part["tail"] or "")
        own, at = _date(text, part.end())
        supplements.append(Supplement(_KINDS[part["kind"].lower()], label, own))
    revision = f"V{version[1]}" if version else ""
    if sector == "R" and not version:
        number, revision = _radio_revision(number)
    return Identifier(
        "itu", (f"ITU-{sector}",), number, date=date, version=revision, supplements=tuple(supplements)
    )


def _radio_revision(number: str) -> tuple[str, str]:
    """ITU-R counts the revisions of a text behind its number: M.2117-0."""
    found = re.fullmatch(r"([A-Z]+\.\d+)-(\d+)", number)
    return (found[1], found[2]) if found else (number, "")


def _sector(text: str) -> tuple[str, int]:
    front = _FRONT.match(text)
    if front:
        return (front["sector"] or "T").upper(), front.end()
    bare = _BARE.match(text)
    if bare is None:
        return "", 0
    return "R" if (bare["series"] or "").upper() in _RADIO else "T", bare.end()


def _tidy(number: str) -> str:
    """One spelling of the series letter and of "Suppl."."""
    found = re.fullmatch(r"([A-Z]+[ -]\d*)\s?Suppl\.?\s*([\w.]+)", number, re.I)
    if found:
        return f"{found[1].strip().upper()} Suppl. {found[2]}"
    series, dot, rest = number.partition(".")
    return f"{series.upper()}{dot}{rest}" if dot else number


def _date(text: str, at: int) -> tuple[str, int]:
    found = _DATED.match(text, at) or _DATE_ISO.match(text, at)
    if found is None:
        return "", len(text.rstrip()) if not text[at:].strip() else at
    month = found["month"]
    return found["year"] + (f"-{int(month):02}" if month else ""), found.end() if text[
        found.end() :
    ].strip() else len(text)
