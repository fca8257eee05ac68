"""The keys of the index that a citation may be meant for, however it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator

from .. import identifiers
from .schema import identifier_key

_BARE = re.compile(r"\d{4,5}(?:-\d+)?|802\.\d+[a-z]*", re.I)  # a number without its publisher
_BARE_OF = ("isoiec", "iso", "ieee", "rfc", "isoiectr", "isoiects", "isotr", "isots")
_BARE_SERIES = re.compile(r"[A-Z][ .]?\d{2,4}(?:\.\d+)*", re.I)  # a Recommendation without ITU-T, or its dot
_BEGUN_SERIES = re.compile(r"[A-Z][ .]?\d[\d.]*", re.I)
_DOI = re.compile(r"(?:https?://(?:dx\.)?doi\.org/|doi:)?(10\.\d{4,9}/\S+)", re.I)
# RFC 5141: the originator, then what kind of document it is, its number and part, then edition and language.
_URN = re.compile(
    r"urn:iso:std:(?P<by>[a-z-]+)(?::(?P<kind>[a-z]+))?:(?P<number>\d+)(?::(?P<part>-[\d-]+))?", re.I
)
_COMMON = re.compile(r"\s*\|\s*")  # between the two identifiers of a common text

# How people write what is written otherwise here; each rule is tried on what those before it made.
_REWRITTEN: tuple[tuple[re.Pattern[str], str], ...] = tuple(
    (re.compile(pattern, re.I), instead)
    for pattern, instead in (
        (r"^urn:ietf:", ""),
        (r"^10\.(?:6028|17487)/(?=NIST|RFC)", ""),  # whose DOIs are their identifiers
        (r"^https?://(?:www\.)?rfc-editor\.org/(?:rfc|info)/", ""),
        (r"^https?://datatracker\.ietf\.org/doc/(?:html/)?", ""),
        (r"^https?://(?:www\.)?itu\.int/rec/", ""),
        (r"^T-REC-(\S+?)-(\d{4})(\d\d)(?:-\S*)?$", r"ITU-T \1 (\3/\2)"),
        (r"^T-REC-(\S+?)(?:/\w*)?$", r"ITU-T \1"),
        (r"\bRec(?:ommendation)?\.?\s", ""),
        (r"^(?:ITU-?T\s+)?([A-Z])[. ]?Sup(?:pl)?\.?\s*(\d+)", r"ITU-T \1 Suppl. \2"),
        (r"^(ITU-?[TR]\s.+):(\d{4})$", r"\1 (\2)"),
        (r"^((?:ISO|IEC)\b.+[^:\d]\d+(?:-\d+)*)\s*\((\d{4})\)$", r"\1:\2"),
        (r"^(?:ITU-?T\s+)?(?:SG|Study Group)\s*(\d+)$", r"SG\1"),
        (r"\bCEN[-/ ]CENELEC\b", "CEN/CLC"),
        (r"^(?=(?:EN|ES|EG|TS|TR|GS|GR|SR) \d{3} \d{3}\b|(?:GS|GR) [A-Z][A-Z-]+ \d{3}\b)", "ETSI "),
        (r"^(?=(?:TS|TR) \d\d\.\d{3}\b)", "3GPP "),
        (r"^(?=(?:AI|IR|CSWP) \d)", "NIST "),
        (r"^(?:ISBN[: ]?\s*)?(?=97[89][- ]?\d)(?=(?:[- ]?\d){13}$)", "isbn:"),
        (r"/$", ""),
    )
)  # fmt: skip
_WITHOUT_IEC = re.compile(r"^ISO(?!\s*/?\s*IEC)\b", re.I)  # people leave out the second publisher
_YEAR = re.compile(r"\s*\((?:19|20)\d\d\)$")


def spellings(text: str) -> Iterator[str]:
    """The keys that `text` may be meant for, the nearest first; some more than once."""
    yield identifier_key(text)
    if (doi := _DOI.fullmatch(text.strip())) is not None:
        yield identifier_key(f"doi:{doi[1]}")
        yield from _of_one(doi[1])
    for one in _COMMON.split(text.strip()):
        yield from _of_one(one)


def beginnings(text: str) -> tuple[str, ...]:
    """How the keys begin of what somebody may be writing: "iso 420" of ISO/IEC too, "y.38" of ITU-T.

    >>> beginnings("iso 420"), beginnings("y.38"), beginnings("qkd")
    (('iso420', 'isoiec420'), ('y38', 'ituty38'), ('qkd',))
    """
    found = [identifier_key(text), identifier_key(_WITHOUT_IEC.sub("ISO/IEC", text))]
    if _BEGUN_SERIES.fullmatch(text.strip()):
        found.append("itut" + identifier_key(text))
    return tuple(dict.fromkeys(filter(None, found)))


def _of_one(text: str) -> Iterator[str]:
    written = _of_urn(text) or _rewritten(text)
    for one in (written, _WITHOUT_IEC.sub("ISO/IEC", written), _YEAR.sub("", written)):
        yield identifier_key(one)
        if (parsed := identifiers.parse(one)) is not None:
            yield identifier_key(parsed.slug)
            yield identifier_key(parsed.work.slug)
    if _BARE.fullmatch(written):
        yield from (publisher + identifier_key(written) for publisher in _BARE_OF)
    if _BARE_SERIES.fullmatch(written):
        yield from (sector + identifier_key(written) for sector in ("itut", "itur"))


def _rewritten(text: str) -> str:
    for pattern, instead in _REWRITTEN:
        text = pattern.sub(instead, text)
    return text


def _of_urn(text: str) -> str:
    """ISO's URN as a citation of the work; empty for what is none.

    >>> _of_urn("urn:iso:std:iso-iec:tr:24029:-1:ed-1:v1:en")
    'iso/iec tr 24029-1'
    """
    found = _URN.match(text)
    if found is None:
        return ""
    words = (found["by"].replace("-", "/"), found["kind"], found["number"] + (found["part"] or ""))
    return " ".join(word for word in words if word)
