"""Keys that a YAML mapping has twice are found where they stand, whatever the text."""

import contextlib

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from isogloss.repeated import repeated_key


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: 1\nb: 2\n", None),
        ("a: 1\nb: 2\na: 3\n", ("a", 3)),
        ("- {a: 1}\n- {a: 2}\n", None),
        ("a: b\nb: a\n", None),
        ("a: [a, a, {a: 1}]\n", None),
        ("x:\n- y:\n    k: 1\n    k: 2\nx: 3\n", ("k", 4)),
        ("'a': 1\na: 2\n", ("a", 2)),
        ("? [a]\n: 1\n? [a]\n: 2\nb: 1\nb: 2\n", ("b", 6)),
        ("a: &x {k: 1}\nb: *x\nc: *x\na: 1\n", ("a", 4)),
        ("a: 1\n---\na: 1\n", None),
        ("", None),
    ],
)
def test_the_first_key_that_comes_again_is_told_with_its_line(
    text: str, found: tuple[str, int] | None
) -> None:
    assert repeated_key(text) == found


@given(st.dictionaries(st.text(max_size=5), st.dictionaries(st.text(max_size=5), st.none()), max_size=5))
def test_what_yaml_writes_has_no_key_twice(tree: dict[str, dict[str, None]]) -> None:
    assert repeated_key(yaml.safe_dump(tree, allow_unicode=True)) is None


@given(st.text(max_size=100))
def test_any_text_is_looked_through_or_no_yaml(text: str) -> None:
    with contextlib.suppress(yaml.YAMLError):
        repeated_key(text)


def test_nesting_without_end_is_refused() -> None:
    with pytest.raises(yaml.YAMLError, match="nested deeper"):
        repeated_key("[" * 100_000)
