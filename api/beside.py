"""What a page tells beside the facts that touch its thing: asked along with the names, shown by kind."""

from __future__ import annotations

import re
from dataclasses import dataclass

from isogloss.ontology.names import PREFIXES


@dataclass(frozen=True, slots=True)
class Beside:
    """A pattern that joins with nothing else, written in whole IRIs, and the variables that it binds.

    None of them is called as those of the names are: x, p, o, label, defined.
    """

    columns: tuple[str, ...]
    select: str


def in_full(pattern: str, *prefixes: str) -> str:
    """The pattern with each `ig:name` of the named prefixes written as a whole IRI.

    >>> in_full("?a rdfs:label ?b", "rdfs")
    '?a <http://www.w3.org/2000/01/rdf-schema#label> ?b'
    """
    for prefix in prefixes:
        pattern = re.sub(rf"(?<![\w:]){prefix}:(\w+)", rf"<{PREFIXES[prefix]}\1>", pattern)
    return pattern
