"""Identifiers of ETSI, 3GPP, the IETF, NIST, CEN and CENELEC, national bodies and consortia."""

from __future__ import annotations

import re
from dataclasses import replace

from .iso import parse_iso
from .model import Identifier, Supplement

_ETSI = re.compile(
    r"(?P<publisher>ETSI)\s+(?P<kind>I-ETS|GTS(?:\s+GSM)?|[A-Z]{2,5})\s+"
    r"(?P<number>(?:[A-Za-z0-9]+(?:-[A-Z]+)?\s+)?\d[\d.]*(?:\s?\d{3})?(?:-[A-Z0-9]+)*)"
    r"(?P<supplements>(?:/[AC]\d+)*)(?:\s+(?P<version>V\d+(?:\.\d+)*|ed\.\d+))?(?:\s+\((?P<date>\d{4}-\d\d)\))?$",
    re.I,
)
_3GPP = re.compile(
    r"3GPP\s+(?P<kind>TS|TR)\s+(?P<number>\d\d\.\d{2,3}[A-Za-z]?(?:-\d+)*)"
    r"(?:\s*(?:version\s+|V\.?)(?P<version>\d+(?:\.\d+){1,2})(?:\s+Release\s+\S+)?)?$",
    re.I,
)
_RFC = re.compile(r"(?:IETF\s+)?(?P<kind>RFC|BCP|STD|FYI)[\s-]*0*(?P<number>\d+)$", re.I)
_DRAFT = re.compile(
    r"(?:(?:IETF\s+)?I-D[.\s]+)?(?:draft-)(?P<number>[a-z0-9]+(?:-[a-z0-9_.]+?)*?)(?:-(?P<version>\d\d))?$",
    re.I,
)
_NIST = re.compile(
    r"(?:NIST[\s-]?)?(?P<kind>AI|SP|IR|FIPS(?:\s+PUB)?|CSWP|TN|GCR|HB|NISTIR|VTS|AMS)[\s-]+(?P<number>\d+[A-Z]?(?:[-.]\d+[A-Z]*)*)"
    r"(?:\s*(?:r|rev\.?\s*)(?P<revision>\d+))?(?:\s+(?P<stage>ipd|fpd|2pd|3pd|iwd|draft))?$",
    re.I,
)
_CEN = re.compile(
    r"(?P<stage>pr|Fpr)?(?P<publishers>EN|HD|CWA|CEN(?:/CLC)?|CLC|CEN-CENELEC)(?:[/ ](?P<kind>TS|TR|Guide))?"
    r"\s+(?P<number>\d+(?:-\d+)*)"
    r"(?::(?P<date>\d{4}))?(?P<supplements>(?:/(?:pr|Fpr)?A[C\d]?\d*(?::\d{4})?)*)$",
    re.I,
)
_CEN_SUPPLEMENT = re.compile(r"/(?P<stage>pr|Fpr)?(?P<kind>AC|A)(?P<number>\d*)(?::(?P<date>\d{4}))?", re.I)
_ADOPTERS = re.compile(
    r"(?P<prefix>(?:pr|Fpr)?(?:EN|CEN(?:/CLC|-CENELEC)?|CLC)|BS|DIN|NF|UNE|NEN|SS|SFS|DS|NS|ONORM|SN|PN|CSN|UNI|I\.S\.|AS(?:/NZS)?|CSA|CAN/CSA|JIS|GB/T|GB/Z|KS"
    r"|ABNT NBR|IS|SANS|GOST R|ANSI|INCITS|CSN|LST|EVS)[ -](?=(?:(?:pr|Fpr)?(?:EN|CEN|CLC)\b|ISO\b|IEC\b))",
)
_PLAIN = re.compile(
    r"(?P<publishers>GB(?:/[TZ])?|YY(?:/T)?|YD(?:/T)?|JIS|KS|UNE|DIN(?:\s+SPEC)?|BSI?|PAS|NF|AS|CAN/CIOSC|CAN/DGSI|CSA|TEC|ANSI/CTA|ANSI/UL|ANSI/AAMI|UL|ECMA"
    r"|OGC|SAE|TTA[SK]?|SS|IS)[ -]"
    r"(?P<number>(?:[A-Z]\s?)?\d[\dA-Z]*(?:[.-]\d+)*?)(?:[-:](?P<date>(?:19|20)\d\d))?$",
)


def parse_other(text: str) -> Identifier | None:
    """The identifier in `text`, or None where it follows none of these grammars."""
    for reader in (_etsi, _3gpp, _ietf, _nist, _adoption, _european, _plain):
        found = reader(text)
        if found is not None:
            return found
    return None


def _etsi(text: str) -> Identifier | None:
    found = _ETSI.match(text)
    if found is None:
        return None
    number = re.sub(r"\s+", " ", found["number"])
    if re.match(r"\d{6}(?!\d)", number):
        number = f"{number[:3]} {number[3:]}"
    supplements = tuple(
        Supplement(part[0].upper(), part[1:]) for part in found["supplements"].split("/") if part
    )
    version = found["version"] or ""
    version = version.upper() if version[:1] in "vV" else version.lower()
    kind = re.sub(r"\s+", " ", found["kind"].upper())
    return Identifier(
        "etsi", ("ETSI",), number, kind, found["date"] or "", version=version, supplements=supplements
    )


def _3gpp(text: str) -> Identifier | None:
    found = _3GPP.match(text)
    if found is None:
        return None
    version = f"V{found['version']}" if found["version"] else ""
    return Identifier("plain", ("3GPP",), found["number"], found["kind"].upper(), version=version)


def _ietf(text: str) -> Identifier | None:
    if (rfc := _RFC.match(text)) is not None:
        return Identifier("ietf", ("IETF",), rfc["number"], rfc["kind"].upper())
    if (draft := _DRAFT.match(text)) is not None:
        number, version = draft["number"].lower(), draft["version"] or ""
        return Identifier("ietf", ("IETF",), number, "draft", stage="I-D", version=version)
    return None


def _nist(text: str) -> Identifier | None:
    found = _NIST.match(text)
    if found is None or (
        not text.upper().startswith("NIST") and found["kind"].upper()[:4] not in ("FIPS", "SP", "NISTIR"[:4])
    ):
        return None
    kind = {"NISTIR": "IR", "FIPS PUB": "FIPS"}.get(found["kind"].upper(), found["kind"].upper())
    version = f"Rev. {found['revision']}" if found["revision"] else ""
    return Identifier(
        "plain",
        ("NIST",),
        found["number"].upper(),
        kind,
        stage=(found["stage"] or "").lower(),
        version=version,
    )


def _adoption(text: str) -> Identifier | None:
    found = _ADOPTERS.match(text)
    if found is None:
        return None
    rest = text[found.end() :]
    inner = _adoption(rest) or _european(rest) or parse_iso(rest)
    if inner is None:
        return None
    prefix = found["prefix"].replace("CEN-CENELEC", "CEN/CLC")
    return replace(inner, prefix=(prefix, *inner.prefix))


def _european(text: str) -> Identifier | None:
    found = _CEN.match(text)
    if found is None:
        return None
    publishers = found["publishers"].upper().replace("CEN-CENELEC", "CEN/CLC").split("/")
    parts = tuple(
        Supplement(part["kind"].upper(), part["number"], part["date"] or "", _stage(part["stage"]))
        for part in _CEN_SUPPLEMENT.finditer(found["supplements"])
    )
    kind = "Guide" if (found["kind"] or "").lower() == "guide" else (found["kind"] or "").upper()
    return Identifier(
        "cen",
        tuple(publishers),
        found["number"],
        kind,
        found["date"] or "",
        _stage(found["stage"]),
        supplements=parts,
    )


def _stage(text: str | None) -> str:
    """A European draft stage as CEN writes it: pr or Fpr."""
    return {"pr": "pr", "fpr": "Fpr"}.get((text or "").lower(), "")


def _plain(text: str) -> Identifier | None:
    found = _PLAIN.match(text)
    if found is None:
        return None
    return Identifier("plain", (found["publishers"],), found["number"], date=found["date"] or "")
