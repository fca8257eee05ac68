"""The tables of the index, and the spelling under which identifiers are kept."""

from __future__ import annotations

import re
import unicodedata

# A part of `words`, while it is looked at closer.
PAGE_SCHEMA = """
CREATE VIRTUAL TABLE temp.page USING fts5 (
  identifier, label, alternative, text, tokenize = "unicode61 remove_diacritics 2");
"""
# What a word weighs in each column of `words`.
COLUMN_WEIGHTS = {"identifier": 2, "label": 6, "alternative": 3, "text": 1}
SCHEMA = """
CREATE TABLE thing (
  id INTEGER PRIMARY KEY, iri TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, label TEXT NOT NULL,
  identifier TEXT NOT NULL, year TEXT NOT NULL, gloss TEXT NOT NULL, weight REAL NOT NULL);
CREATE TABLE identifier (key TEXT NOT NULL, thing INTEGER NOT NULL, PRIMARY KEY (key, thing)) WITHOUT ROWID;
CREATE TABLE facet_value (
  id INTEGER PRIMARY KEY, name TEXT NOT NULL, value TEXT NOT NULL, UNIQUE (name, value));
CREATE TABLE having_value (
  value INTEGER NOT NULL, thing INTEGER NOT NULL, PRIMARY KEY (value, thing)) WITHOUT ROWID;
CREATE VIEW facet AS
  SELECT name, facet_value.value AS value, thing
  FROM facet_value JOIN having_value ON having_value.value = facet_value.id;
CREATE TABLE value (iri TEXT PRIMARY KEY, label TEXT NOT NULL, above TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE term (
  term TEXT PRIMARY KEY, first INTEGER NOT NULL, things INTEGER NOT NULL) WITHOUT ROWID;
CREATE VIRTUAL TABLE words USING fts5 (
  identifier, label, alternative, text, tokenize = "unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE theme_name USING fts5 (label, tokenize = "unicode61 remove_diacritics 2");
CREATE VIRTUAL TABLE vocabulary USING fts5vocab (words, row);
"""
# What is faster made over a full table than kept while it fills.
AFTERWARDS = """
CREATE INDEX value_of_thing ON having_value (thing, value);
INSERT INTO words (words) VALUES ('optimize');
ANALYZE;
"""

FACETS = (
    "kind", "body", "status", "type", "theme", "vertical", "activity", "application", "year", "language",
    "vocabulary",
)  # fmt: skip
# By what the lists of publications are filtered beside: their classes, those that follow included, and who
# exactly publishes and develops them, not what these belong to. Kept for works alone, and in columns alone.
LISTED = {
    "class": "rdf:type", "publisher": "ig:publishedBy", "developer": "ig:developedBy",
    "section": "ig:citedIn",
}  # fmt: skip
ONE_EACH = frozenset(("status", "year"))  # facets of which a thing has one value at most
_BEYOND = "\u0180"  # up to here our way to take accents off is that of FTS5
NONE = "none"  # the value of a thing that has none


def without_accents(text: str) -> str:
    """The text in lower case and plain letters, as the index keeps its words.

    >>> without_accents("Qualité")
    'qualite'
    """
    return "".join(
        sign for sign in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(sign)
    )


def readable(text: str) -> str:
    r"""The text without halves of signs, which JSON may hold and no file does.

    >>> readable("caf\ud800")
    'caf?'
    """
    return text.encode("utf-8", "replace").decode("utf-8")


def token(word: str) -> str:
    """The word as FTS5 keeps it, if it is one of Latin letters and digits alone; else nothing.

    >>> token("Qualité"), token("snake_case"), token("Ω")
    ('qualite', '', '')
    """
    plain = "".join(s for s in unicodedata.normalize("NFD", word.lower()) if not unicodedata.combining(s))
    return plain if max(word, default="") < _BEYOND and plain.isascii() and plain.isalnum() else ""


def identifier_key(text: str) -> str:
    """One spelling for all ways to write an identifier or acronym: letters and digits only, lower case.

    >>> identifier_key("iso/iec 22989:2022"), identifier_key("A.I.")
    ('isoiec229892022', 'ai')
    """
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "", plain)


def plain_words(text: str) -> str:
    """Text as the index should see it: dotted abbreviations closed up, so that "A.I." and "AI" are one word.

    >>> plain_words("A.I. for U.N. bodies")
    'AI for UN bodies'
    """
    return re.sub(r"\b(?:[A-Za-z]\.){2,}", lambda found: found[0].replace(".", ""), text)
