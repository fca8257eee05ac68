"""What the Python that runs the tests takes, and newer ones do not."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("api", "benchmarks", "graph", "isogloss", "mappings", "ontology", "queries", "tests")


@pytest.mark.parametrize("folder", FOLDERS)
def test_docstrings_can_be_written_to_a_file(folder: str) -> None:
    """From Python 3.13 on a module in which one cannot, for half of a sign in it, is not even imported."""
    broken = [str(source) for source in (ROOT / folder).rglob("*.py") if any(map(_half, _docstrings(source)))]
    assert broken == []


def _docstrings(source: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(source.read_bytes())):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            yield ast.get_docstring(node, clean=False) or ""


def _half(text: str) -> bool:
    return text.encode("utf-8", "replace").decode() != text
