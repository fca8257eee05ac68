"""Identifiers of IEEE and its forebears: "IEEE Std 7000-2021", "IEEE P7001/D-4-2021-08", "AIEE 9-1950"."""

from __future__ import annotations

import re

from .model import Identifier, Supplement

_FRONT = re.compile(
    r"(?:(?P<ansi>ANSI)[/ ])?(?P<publisher>IEEE|AIEE|IRE|ANSI|NESC)"
    r"(?:/\s?(?:AIEE|ASA|ANSI|USEMCSC|CSA|MPAI|NACE|ASTM|EIA|EAB))?\s+"
    r"(?:(?:Unapproved|Approved)\s+)?(?:Draft\s+)?(?:Std\.?|Standard|No\.?)?\s*",
    re.I,
)
_BARE = re.compile(r"(?=P[CN]?\d{3,5}(?:\.\d+)*\b)")
_NUMBER = re.compile(
    r"(?P<project>P?)(?P<number>[A-Z]{0,2}\d+[A-Z]{0,4}(?:\.[0-9A-Z]+)*(?:-\d+(?=-(?:19|20)\d\d))?)", re.I
)
_DRAFT = re.compile(
    r"/\s*(?:D|Draft)[- ]?(?P<draft>[0-9A-Z._]+)"
    r"(?:[-,]\s*(?P<year>(?:19|20)\d\d)(?:-(?P<month>[0-9A-Z]+))?)?",
    re.I,
)
_YEAR = re.compile(r"\s*[-:]\s*((?:18|19|20)\d\d)(?:-(\d\d))?(?![\d])")
_SUPPLEMENT = re.compile(
    r"/\s*(?P<kind>Cor|Amd|Int|Err|Conformance)[ .]?(?P<number>[0-9A-Za-z]*)"
    r"(?:-(?P<date>\d{4})(?:-\d\d)?)?",
    re.I,
)
_BASE_YEAR = re.compile(r"^-(?:19|20)\d\d(?=/\s*D)", re.I)  # of the text that the draft corrects
_VARIANT = re.compile(r"\s*[-–(]?\s*(Redline)\)?$", re.I)
_SIGNS = str.maketrans("", "", "™®")


def parse_ieee(text: str) -> Identifier | None:
    """The identifier in `text`, or None; a bare "P7001" is a project of IEEE."""
    text = text.translate(_SIGNS)
    front = _FRONT.match(text) or _BARE.match(text)
    number = _NUMBER.match(text, front.end()) if front else None
    if front is None or number is None:
        return None
    publisher = (front.groupdict().get("publisher") or "IEEE").upper()
    rest, variant = _BASE_YEAR.sub("", text[number.end() :]), ""
    if (found := _VARIANT.search(rest)) is not None:
        rest, variant = rest[: found.start()], "Redline"
    version, date, rest = _draft_and_date(rest)
    supplements, rest = _supplements(rest)
    if not date:
        _, date, rest = _draft_and_date(rest)
    if rest.strip():
        return None
    stage = "P" if number["project"] else ""
    return Identifier(
        "ieee", (publisher,), number["number"], date=date, stage=stage, version=version,
        supplements=supplements, variant=variant,
    )  # fmt: skip


def _draft_and_date(rest: str) -> tuple[str, str, str]:
    version = date = ""
    if (draft := _DRAFT.match(rest)) is not None:
        version, rest = f"D{draft['draft']}", rest[draft.end() :]
        month = draft["month"] or ""
        date = (draft["year"] or "") + (f"-{month}" if re.fullmatch(r"0[1-9]|1[0-2]", month) else "")
    elif (year := _YEAR.match(rest)) is not None:
        date, rest = year[1], rest[year.end() :]
    return version, date, rest


def _supplements(rest: str) -> tuple[tuple[Supplement, ...], str]:
    found: list[Supplement] = []
    while (part := _SUPPLEMENT.match(rest)) is not None:
        found.append(Supplement(part["kind"].capitalize(), part["number"], part["date"] or ""))
        rest = rest[part.end() :]
    return tuple(found), rest
