"""The dump: the same sorted bytes, however little memory there is to sort in."""

import gzip
import hashlib
from contextlib import ExitStack
from pathlib import Path

from isogloss.graph.dump import copy_graph, merged, pack_files, sort_in_pieces, write_dump


def plain(folder: Path, count: int, name: str = "plain.nq") -> Path:
    path = folder / name
    path.write_text("".join(f'<x:thing> <x:p> "{n * 7919 % count}" <x:graph> .\n' for n in range(count)))
    return path


def test_the_lines_are_packed_in_their_order_and_the_digest_is_that_of_the_text(tmp_path: Path) -> None:
    lines = sorted(plain(tmp_path, 100).read_bytes().splitlines(keepends=True))
    digest = write_dump(lines, tmp_path / "dump.gz")
    text = gzip.decompress((tmp_path / "dump.gz").read_bytes())
    assert text == b"".join(lines)
    assert digest == hashlib.sha256(text).hexdigest()


def test_sorting_in_pieces_gives_the_same_bytes(tmp_path: Path) -> None:
    file = plain(tmp_path, 1000)
    (tmp_path / "pieces").mkdir()
    whole = sort_in_pieces(file, tmp_path)
    pieces = sort_in_pieces(file, tmp_path / "pieces", lines_in_memory=64)
    assert (len(whole), len(pieces)) == (1, 16)
    assert pack_files(whole, tmp_path / "whole.gz") == pack_files(pieces, tmp_path / "pieces.gz")
    assert (tmp_path / "whole.gz").read_bytes() == (tmp_path / "pieces.gz").read_bytes()


def test_sorted_files_come_together_in_order(tmp_path: Path) -> None:
    (tmp_path / "one").write_text("a\nc\n")
    (tmp_path / "two").write_text("b\nc\n")
    with ExitStack() as opened:
        assert list(merged((tmp_path / "one", tmp_path / "two"), opened)) == [b"a\n", b"b\n", b"c\n", b"c\n"]


def test_nothing_has_an_empty_dump(tmp_path: Path) -> None:
    assert write_dump([], tmp_path / "dump.gz") == hashlib.sha256(b"").hexdigest()


def test_triples_become_quads_of_a_graph(tmp_path: Path) -> None:
    path = tmp_path / "graph.nq"
    with path.open("wb") as target:
        copy_graph([b'<x:a> <x:b> "ends with a dot ." .\n'], b"<x:graph>", target)
    assert path.read_bytes() == b'<x:a> <x:b> "ends with a dot ." <x:graph> .\n'
