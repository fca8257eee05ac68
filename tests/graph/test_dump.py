"""The dump: the same sorted bytes, however little memory there is to sort in."""

import gzip
import hashlib
from pathlib import Path

from pyoxigraph import Literal, NamedNode, Quad, Store

from isogloss.graph.dump import write_dump


def filled(count: int) -> Store:
    store = Store()
    thing, graph = NamedNode("x:thing"), NamedNode("x:graph")
    store.extend(Quad(thing, NamedNode("x:p"), Literal(f"{n * 7919 % count}"), graph) for n in range(count))
    return store


def test_the_lines_are_sorted_and_the_digest_is_that_of_the_text(tmp_path: Path) -> None:
    digest = write_dump(filled(100), tmp_path / "dump.gz")
    text = gzip.decompress((tmp_path / "dump.gz").read_bytes())
    lines = text.splitlines()
    assert len(lines) == 100
    assert lines == sorted(lines)
    assert digest == hashlib.sha256(text).hexdigest()


def test_sorting_in_pieces_on_disk_gives_the_same_bytes_and_leaves_nothing(tmp_path: Path) -> None:
    store = filled(1000)
    whole = write_dump(store, tmp_path / "whole.gz")
    pieces = write_dump(store, tmp_path / "pieces.gz", lines_in_memory=64)
    assert whole == pieces
    assert (tmp_path / "whole.gz").read_bytes() == (tmp_path / "pieces.gz").read_bytes()
    assert {path.name for path in tmp_path.iterdir()} == {"whole.gz", "pieces.gz"}


def test_an_empty_store_has_an_empty_dump(tmp_path: Path) -> None:
    assert write_dump(Store(), tmp_path / "dump.gz") == hashlib.sha256(b"").hexdigest()
