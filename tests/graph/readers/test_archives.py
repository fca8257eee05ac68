"""Archives from strangers: streamed, never unpacked, and stopped before they fill memory or disk."""

import contextlib
import gzip
import io
import os
import tarfile
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from isogloss.errors import SourceError
from isogloss.graph.readers.archives import Caps, Member, Unread, read_members

FILES = {"set/data/a.yaml": b"a: 1\n", "set/data/b.yml": b"b: 2\n"}


def make_folder(path: Path, files: dict[str, bytes]) -> Path:
    for name, data in files.items():
        (path / name).parent.mkdir(parents=True, exist_ok=True)
        (path / name).write_bytes(data)
    return path


def make_tar(mode: str) -> Callable[[Path, dict[str, bytes]], Path]:
    def make(path: Path, files: dict[str, bytes]) -> Path:
        target = path / f"set.tar{'.' + mode if mode else ''}"
        with tarfile.open(str(target), f"w:{mode}") as archive:  # type: ignore[call-overload]
            for name, data in files.items():
                info = tarfile.TarInfo(name)
                info.size = len(data)
                archive.addfile(info, io.BytesIO(data))
        return target

    return make


def make_zip(path: Path, files: dict[str, bytes]) -> Path:
    target = path / "set.zip"
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)
    return target


MAKERS = {
    "folder": make_folder,
    "zip": make_zip,
    **{f"tar {m}": make_tar(m) for m in ("", "gz", "xz", "bz2")},
}


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())
def test_every_kind_of_archive_gives_the_same_files(
    make: Callable[[Path, dict[str, bytes]], Path], tmp_path: Path
) -> None:
    found = list(read_members(make(tmp_path, FILES)))
    assert found == [Member(name, data) for name, data in FILES.items()]


@pytest.mark.parametrize("make", MAKERS.values(), ids=MAKERS.keys())
def test_indexes_and_hidden_and_other_files_are_passed_over(
    make: Callable[[Path, dict[str, bytes]], Path], tmp_path: Path
) -> None:
    files = {
        "index-v1.yaml": b"- x",
        ".github/ci.yml": b"on: push",
        "README.md": b"#",
        "data/a.yaml": b"a: 1",
    }
    assert [one.path for one in read_members(make(tmp_path, files))] == ["data/a.yaml"]


@pytest.mark.parametrize("make", [make_zip, make_tar("gz")], ids=["zip", "tar"])
def test_a_path_that_leads_out_is_named_and_the_rest_is_read(
    make: Callable[[Path, dict[str, bytes]], Path], tmp_path: Path
) -> None:
    hostile = {"../../etc/a.yaml": b"a: 1", "/etc/b.yaml": b"b: 1", "data/c.yaml": b"c: 1"}
    found = list(read_members(make(tmp_path, hostile)))
    assert [type(one) for one in found] == [Unread, Unread, Member]
    assert "leads out" in str(found[0])
    assert sorted(path.name for path in tmp_path.iterdir()) == [found_name(tmp_path)]


def found_name(folder: Path) -> str:
    """The archive itself: nothing was written beside it."""
    return next(path.name for path in folder.iterdir() if path.name.startswith("set"))


@pytest.mark.parametrize("make", [make_zip, make_tar("xz"), make_folder], ids=["zip", "tar", "folder"])
def test_a_file_larger_than_a_record_is_refused_without_being_read_whole(
    make: Callable[[Path, dict[str, bytes]], Path], tmp_path: Path
) -> None:
    archive = make(tmp_path, {"data/bomb.yaml": b"a" * 5000, "data/ok.yaml": b"a: 1"})
    bomb, fine = read_members(archive, Caps(file=1000))
    assert bomb == Unread("data/bomb.yaml", "larger than 1000 bytes")
    assert isinstance(fine, Member)


def test_a_tar_that_swells_between_two_files_is_stopped(tmp_path: Path) -> None:
    archive = make_tar("xz")(tmp_path, {"data/bomb.bin": b"\0" * 200_000, "data/a.yaml": b"a: 1"})
    with pytest.raises(SourceError, match="swells"):
        list(read_members(archive, Caps(between=50_000)))


def test_a_tar_header_that_announces_an_endless_name_is_stopped(tmp_path: Path) -> None:
    info = tarfile.TarInfo("data/a.yaml")
    info.pax_headers = {"comment": "x" * 200_000}
    path = tmp_path / "set.tar.gz"
    with tarfile.open(path, "w:gz", format=tarfile.PAX_FORMAT) as archive:
        archive.addfile(info)
    with pytest.raises(SourceError, match="swells"):
        list(read_members(path, Caps(between=50_000)))


def test_too_many_files_or_bytes_end_the_reading(tmp_path: Path) -> None:
    folder = make_folder(tmp_path, {f"{n}.yaml": b"a: 1" for n in range(10)})
    with pytest.raises(SourceError, match="more than 5 files"):
        list(read_members(folder, Caps(files=5)))
    with pytest.raises(SourceError, match="20 bytes"):
        list(read_members(folder, Caps(total=20)))


def test_files_that_are_refused_for_their_size_count_too(tmp_path: Path) -> None:
    archive = make_zip(tmp_path, {f"{n}.yaml": b"a" * 5000 for n in range(50)})
    with pytest.raises(SourceError, match="10000 bytes"):
        list(read_members(archive, Caps(file=1000, total=10_000)))


@pytest.mark.parametrize("method", [zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_a_broken_file_in_a_zip_is_named_and_the_rest_is_read(tmp_path: Path, method: int) -> None:
    path = tmp_path / "set.zip"
    with zipfile.ZipFile(path, "w", method) as archive:
        archive.writestr("a.yaml", os.urandom(300))
        archive.writestr("b.yaml", b"b: 2")
        place = archive.getinfo("a.yaml").header_offset + 30 + len("a.yaml")
    data = bytearray(path.read_bytes())
    data[place + 20 : place + 60] = b"\xff" * 40
    path.write_bytes(data)
    broken, fine = read_members(path)
    assert isinstance(broken, Unread)
    assert fine == Member("b.yaml", b"b: 2")


@settings(max_examples=150, deadline=None)
@given(maker=st.sampled_from(["zip", "tar ", "tar gz", "tar xz"]), data=st.data())
def test_no_bytes_can_do_more_than_be_refused(
    tmp_path_factory: pytest.TempPathFactory, maker: str, data: st.DataObject
) -> None:
    path = MAKERS[maker](tmp_path_factory.mktemp("any"), FILES)
    whole = bytearray(path.read_bytes())
    for place in data.draw(st.lists(st.integers(0, len(whole) - 1), max_size=8)):
        whole[place] = data.draw(st.integers(0, 255))
    path.write_bytes(whole[: data.draw(st.integers(0, len(whole)))])
    with contextlib.suppress(SourceError):
        list(read_members(path))


def test_links_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.txt").write_text("secret: 1")
    folder = make_folder(tmp_path / "set", {"a.yaml": b"a: 1"})
    os.symlink(tmp_path / "secret.txt", folder / "b.yaml")
    assert list(read_members(folder)) == [Member("a.yaml", b"a: 1"), Unread("b.yaml", "a link")]


def test_a_link_in_a_tar_is_no_file(tmp_path: Path) -> None:
    info = tarfile.TarInfo("data/a.yaml")
    info.type, info.linkname = tarfile.SYMTYPE, "/etc/passwd"
    path = tmp_path / "set.tar"
    with tarfile.open(path, "w") as archive:
        archive.addfile(info)
    assert list(read_members(path)) == [Unread("data/a.yaml", "no plain file")]


@pytest.mark.parametrize("name", ["set.tar.gz", "set.tar.xz", "set.zip", "set.tar"])
def test_a_broken_archive_is_an_error_that_names_it(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(b"not an archive at all" * 100)
    with pytest.raises(SourceError, match=name):
        list(read_members(path))


def test_an_archive_that_breaks_off_is_an_error(tmp_path: Path) -> None:
    whole = gzip.compress(os.urandom(20_000))
    path = tmp_path / "set.tar.gz"
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(SourceError):
        list(read_members(path))


def test_what_is_no_archive_is_refused_with_the_kinds_that_are(tmp_path: Path) -> None:
    path = tmp_path / "set.rar"
    path.write_bytes(b"")
    with pytest.raises(SourceError, match=r"\.zip"):
        list(read_members(path))


def test_names_are_shown_without_control_characters(tmp_path: Path) -> None:
    (one,) = read_members(make_tar("")(tmp_path, {"data/a\x1b[31m.yaml": b"a: 1"}))
    assert one.path == "data/a?[31m.yaml"
