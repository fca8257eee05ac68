"""Identifiers of ISO, IEC, CISPR and what they publish with others: "ISO/IEC DIS 22989", "IEC 62443:2014"."""

from __future__ import annotations

import re

from .model import Identifier, Supplement

_STAGES = "PWI|NP|NWIP|AWI|WD|CD|CDV|DIS|FDIS|PRF|PDIS|DP|ACD|ADIS|RPRF|IS"
_KINDS = {
    word.upper(): word
    for word in ("TR", "TS", "PAS", "R", "Guide", "ISP", "TTA", "DATA", "IWA", "SRD", "OSD")
}
_FRONT = re.compile(
    r"(?P<front>(?:ISO|IEC|CISPR|IWA|CD|IEEE/(?:ISO|IEC))\b[A-Z/ ]*?)(?P<round>\d)?[ /]+(?P<p>P?)(?=\d)", re.I
)
_NUMBER = re.compile(r"\d+[A-Z]{0,3}(?:[-.][0-9A-Z]+)*", re.I)
_DATE = re.compile(r"\s*(?:[:(]\s*|[-–](?=(?:19|20)\d\d\b))(\d{4})(?:-\d\d)?\b\)?")
_DASH_YEAR = re.compile(r"(?<=.)-((?:19[2-9]|20[0-4])\d)(?:-(?:0\d|1[0-2]))?$")
_ROUND = re.compile(r"\.(\d)$")
_DRAFT = re.compile(r"/\s*D[- ]?([0-9A-Z._]+?)(?:-(\d{4})(?:-[0-9A-Za-z]+)?)?$", re.I)
_SUPPLEMENT = re.compile(
    rf"\s*(?P<join>[/+])\s*(?:(?P<stage>{_STAGES}|pr|Fpr)\s*)?"
    r"(?P<kind>FDAMD?|DAMD?|PDAM|DCOR|FDCOR|Amd|Amendment|Cor|Corrigendum|Add|Suppl|ISH|FRAG|AC|A)[. ]*"
    r"(?P<number>\d*)(?:\.\d)?(?:[:-](?P<date>\d{4})(?:-\d\d)?)?:?",
    re.I,
)
_SUPPLEMENT_KINDS = {
    "AMD": ("", "Amd"), "AMENDMENT": ("", "Amd"), "DAM": ("D", "Amd"), "DAMD": ("D", "Amd"),
    "FDAM": ("FD", "Amd"), "FDAMD": ("FD", "Amd"), "PDAM": ("PD", "Amd"), "COR": ("", "Cor"),
    "CORRIGENDUM": ("", "Cor"), "DCOR": ("D", "Cor"), "FDCOR": ("FD", "Cor"), "ADD": ("", "Add"),
    "SUPPL": ("", "Suppl"), "ISH": ("", "ISH"), "FRAG": ("", "FRAG"), "A": ("", "A"), "AC": ("", "AC"),
}  # fmt: skip
_VARIANT = re.compile(r"\s+(RLV|CSV|CMV|SER|EXV(?:-[A-Z]+)?|Redline)$", re.I)
_LANGUAGE = re.compile(r"\s*\((?:[A-Z](?:[/,][A-Z])*|en|fr)\)$")
_ORDER = {"ISO": 0, "IEC": 1, "IEEE": 2}


def parse_iso(text: str) -> Identifier | None:
    """The identifier in `text`, or None where it is not of this family."""
    text = _LANGUAGE.sub("", text)
    front = _FRONT.match(text)
    if front is None:
        return None
    words = _words(front["front"])
    number = _NUMBER.match(text, front.end())
    if words is None or number is None:
        return None
    publishers, stage, kind = words
    rest, variant = _split_variant(text[number.end() :])
    bare, version, date = _number(number[0], publishers, bool(stage), bool(front["p"]), rest)
    draft = _DRAFT.search(rest)
    if draft:
        version, date, rest = f"D{draft[1]}", draft[2] or date, rest[: draft.start()]
    version = version or (f"{front['round']}" if front["round"] else "")
    found = _DATE.match(rest)
    if found:
        date, rest = found[1], rest[found.end() :]
    supplements, more = _supplements(rest)
    if supplements is None:
        return None
    return Identifier(
        "iso",
        publishers,
        bare,
        kind,
        date,
        stage or ("P" if draft else ""),
        version,
        supplements,
        more + variant,
    )


def _words(front: str) -> tuple[tuple[str, ...], str, str] | None:
    """Publishers in their order, stage and kind, out of what stands before the number."""
    publishers: list[str] = []
    stage = kind = ""
    for word in filter(None, re.split(r"[ /]+", front.upper())):
        if re.fullmatch(_STAGES, word):
            stage = word
        elif word in _KINDS:
            kind = _KINDS[word]
        elif (split := re.fullmatch(r"(F?D)(TR|TS|PAS|ISP|GUIDE)", word)) is not None:
            stage, kind = split[1], _KINDS[split[2]]
        elif word == "STD":
            continue
        elif stage or kind:
            return None
        else:
            publishers.append(word)
    if kind == "IWA" and not publishers:
        publishers = ["ISO"]
    if not publishers:
        return None
    return tuple(sorted(publishers, key=lambda name: _ORDER.get(name, 3))), stage, kind


def _number(
    number: str, publishers: tuple[str, ...], staged: bool, project: bool, rest: str
) -> tuple[str, str, str]:
    """Number, round of a draft ("9490.2") and year, where they hang on the number."""
    date = version = ""
    if not rest.startswith(":") and (year := _DASH_YEAR.search(number)) is not None:
        number, date = number[: year.start()], year[1]
    if "IEEE" not in publishers and staged and not project and (again := _ROUND.search(number)) is not None:
        number, version = number[: again.start()], again[1]
    return number.replace(".", "-").upper(), version, date


def _split_variant(rest: str) -> tuple[str, str]:
    found = _VARIANT.search(rest)
    if found is None:
        return rest.rstrip(), ""
    word = found[1] if found[1].lower() != "redline" else "RLV"
    return rest[: found.start()], word.upper()


def _supplements(rest: str) -> tuple[tuple[Supplement, ...] | None, str]:
    """The supplements, and the text of those that are consolidated into the text ("+AMD1:2017 ")."""
    found: list[Supplement] = []
    consolidated = ""
    at = 0
    while at < len(rest):
        part = _SUPPLEMENT.match(rest, at)
        if part is None or part.end() == at:
            return None, ""
        at = part.end()
        stage, kind = _SUPPLEMENT_KINDS[part["kind"].upper()]
        date = part["date"] or ""
        if part["join"] == "+":
            consolidated += f"+{kind.upper()}{part['number']}" + (f":{date}" if date else "")
        else:
            given = part["stage"] or ""
            given = {"PR": "pr", "FPR": "Fpr"}.get(given.upper(), given.upper())
            found.append(Supplement(kind, part["number"], date, stage or given))
    return tuple(found), f"{consolidated} " if consolidated else ""
