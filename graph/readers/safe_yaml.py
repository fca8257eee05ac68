"""YAML from strangers: mappings, lists and strings, and nothing else.

The parser is libyaml's; the tree is built here from its events, so that tags and aliases are refused before
anything is made of them, depth and size are bounded, and no text is guessed into a date or a number. That is
also faster than `yaml.CSafeLoader`, which resolves each scalar.
"""

from __future__ import annotations

from typing import Any

import yaml
from yaml.cyaml import CParser  # type: ignore[attr-defined]

from isogloss.repeated import repeated_key

MOST_BYTES = 1024 * 1024
MOST_EVENTS = 200_000
MOST_DEPTH = 40

_NOTHING = frozenset(("~", "null", "Null", "NULL"))


class _Twice(Exception):
    """A mapping has a key twice."""


class YamlRefused(Exception):
    """This is not YAML, or not the plain kind that a record needs; the text says where and why."""


def load_yaml(data: bytes) -> Any:
    """The one document in `data`: dict, list or str, nested; an empty file is "", and so is null.

    Errors: YamlRefused.
    """
    if len(data) > MOST_BYTES:
        raise YamlRefused(f"{len(data)} bytes; a record has at most {MOST_BYTES}")
    try:
        parser = CParser(data)
        try:
            return _document(parser)
        finally:
            parser.dispose()
    except _Twice as error:
        key, line = repeated_key(data) or ("", 0)
        raise YamlRefused(f"the key {key!r} twice in one mapping (line {line})") from error
    except yaml.MarkedYAMLError as error:
        raise YamlRefused(_where(error)) from error
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise YamlRefused(" ".join(str(error).split())) from error


def _where(error: yaml.MarkedYAMLError) -> str:
    line = f" (line {error.problem_mark.line + 1})" if error.problem_mark else ""
    return f"not well-formed YAML: {error.problem or error.context}{line}"


def _document(parser: Any) -> Any:
    """Builds the tree with a stack of what is open, so that depth costs no Python frames.

    Mappings are gathered as flat lists of keys and values in turn and made dicts where they end.
    """
    get_event = parser.get_event
    top: list[Any] = []
    stack: list[list[Any]] = []
    for _ in range(MOST_EVENTS):
        event = get_event()
        kind = type(event)
        if kind is yaml.ScalarEvent:
            top.append(_scalar(event))
        elif kind is yaml.MappingStartEvent or kind is yaml.SequenceStartEvent:
            _refuse_tag(event)
            if len(stack) >= MOST_DEPTH:
                raise YamlRefused(f"nested deeper than {MOST_DEPTH} levels{_line(event)}")
            stack.append(top)
            top = []
        elif kind is yaml.SequenceEndEvent:
            done, top = top, stack.pop()
            top.append(done)
        elif kind is yaml.MappingEndEvent:
            done, top = top, stack.pop()
            top.append(_mapping(done))
        elif kind is yaml.StreamEndEvent:
            return _only(top)
        elif kind is yaml.AliasEvent:
            raise YamlRefused(f"an alias, which a record has no need of{_line(event)}")
    raise YamlRefused(f"more than {MOST_EVENTS} values")


def _scalar(event: Any) -> str:
    if event.tag is not None:
        _refuse_tag(event)
    value: str = event.value
    return "" if value in _NOTHING and event.implicit[0] else value


def _mapping(flat: list[Any]) -> dict[str, Any]:
    keys = flat[::2]
    for key in keys:
        if type(key) is not str:
            raise YamlRefused("a key that is no text")
    found = dict(zip(keys, flat[1::2], strict=True))
    if len(found) < len(keys):
        raise _Twice
    return found


def _only(documents: list[Any]) -> Any:
    if len(documents) > 1:
        raise YamlRefused("more than one document in the file")
    return documents[0] if documents else ""


def _refuse_tag(event: Any) -> None:
    if event.tag is not None and event.tag != "!":
        raise YamlRefused(f"the tag {event.tag}, which a record has no need of{_line(event)}")


def _line(event: Any) -> str:
    return f" (line {event.start_mark.line + 1})"
