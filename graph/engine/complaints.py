"""What engines say when a query does not parse or yields too much, in our words."""

from __future__ import annotations

import re

from isogloss.errors import QuerySyntaxError, QueryTooLarge

from .guard import token_at

_PLACE = re.compile(r"(?:error )?at (\d+):(\d+):\s*|line (\d+)(?:,? column (\d+))?[:,]?\s*")


def syntax_error(told: str, text: str) -> QuerySyntaxError:
    """The complaint with its position; the list of all that could have stood there is left out."""
    place = _PLACE.search(told)
    if place is None:
        return QuerySyntaxError(f"The query does not parse: {told}")
    line = int(place[1] or place[3])
    column = int(place[2] or place[4]) if place[2] or place[4] else None
    token = token_at(text, line, column) if column else None
    found = f", near “{token}”" if token else ", at its end" if column else ""
    where = f"line {line}" + (f", column {column}" if column else "")
    reason = told[place.end() :]
    hint = f": {reason}" if reason and len(reason) < 120 else "."
    return QuerySyntaxError(
        f"The query does not parse at {where}{found}{hint}", line=line, column=column, token=token
    )


def too_many(cap: str, limit: int, unit: str) -> QueryTooLarge:
    message = f"The answer has more than {limit:,} {unit}, the most that this service gives ({cap})."
    return QueryTooLarge(message, cap=cap, limit=limit)
