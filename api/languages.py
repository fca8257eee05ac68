"""Labels in several languages: which one to show, in the order that the reader wants them."""

from __future__ import annotations

from collections.abc import Mapping

from fastapi import Request

from .negotiation import wanted_languages

_LAST = "en"  # where nothing that is wanted is there, before any other


def asked_languages(request: Request) -> tuple[str, ...]:
    """Language tags in the order in which the request wants them: `lang=fr,en`, else Accept-Language."""
    asked = request.query_params.get("lang", "").strip()[:100]
    return wanted_languages(asked or request.headers.get("accept-language"))


def best(texts: Mapping[str, str], wanted: tuple[str, ...]) -> tuple[str, str]:
    """The text to show and its language; one in no language counts as English.

    The order: what is wanted, from the most wanted down (RFC 4647 lookup); English; the first there is.

    >>> best({"en": "bias", "fr-CA": "biais"}, ("fr", "de"))
    ('biais', 'fr-CA')
    """
    known = {(language or _LAST).lower(): (text, language) for language, text in sorted(texts.items())}
    for tag in (*wanted, _LAST):
        for language, found in known.items():
            if _fits(language, tag.lower()):
                return found
    return next(iter(known.values()), ("", ""))


def _fits(language: str, tag: str) -> bool:
    return language == tag or language.startswith(tag + "-") or tag.startswith(language + "-")


def foreign(language: str) -> str:
    """The language where a page must tell it: pages are in English."""
    return "" if language.partition("-")[0].lower() in ("", _LAST) else language
