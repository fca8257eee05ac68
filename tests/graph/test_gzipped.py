"""A gzipped file is its content alone, so that the same data have the same checksum everywhere."""

from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from isogloss.graph.gzipped import gzipped


def test_name_and_time_leave_no_trace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    written = []
    for name, now in (("one.gz", 1.0), ("another.gz", 2e9)):
        monkeypatch.setattr("time.time", lambda now=now: now)
        with gzipped(tmp_path / name) as packed:
            packed.write(b"the same\n")
        written.append((tmp_path / name).read_bytes())
    assert written[0] == written[1]
    assert gzip.decompress(written[0]) == b"the same\n"
