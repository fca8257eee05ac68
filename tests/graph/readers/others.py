"""Files of terms that their publishers made; a test that needs one skips where they are not at hand."""

from pathlib import Path

import pytest

RAW = Path(__file__).parents[4] / "shared" / "glossary" / "raw"


def others_file(name: str) -> Path:
    """A file or folder of that collection, or the test is skipped."""
    path = RAW / name
    if not path.exists():
        pytest.skip(f"the collection of others' files is not here ({name})")
    return path
