"""Tables of facts: what is refused, and that the refusal says where."""

import contextlib
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from isogloss.errors import SourceError
from isogloss.graph.readers.tables import read_table


def table(folder: Path, text: str, name: str = "facts.csv") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_row_gives_its_cells_stripped_and_split(tmp_path: Path) -> None:
    path = table(tmp_path, "slug,names\n a , one | two |\n")
    (row,) = read_table(path, required=("slug",), optional=("names",))
    assert row["slug"] == "a"
    assert row.many("names") == ("one", "two")
    assert row.line == 2


def test_a_tab_separated_table_reads_the_same(tmp_path: Path) -> None:
    path = table(tmp_path, "slug\tname\na\tone, two\n", "facts.tsv")
    (row,) = read_table(path, required=("slug", "name"))
    assert row["name"] == "one, two"


@pytest.mark.parametrize(
    ("text", "line", "field", "says"),
    [
        ("", 1, None, "empty"),
        ("name\nx\n", 1, "slug", "lacks"),
        ("slug,colour\na,red\n", 1, "colour", "unknown field"),
        ("slug,slug\na,b\n", 1, "slug", "twice"),
        ("slug,name\na\n", 2, None, "1 cells under a header of 2"),
        ("slug,name\na,x\n,y\n", 3, "slug", "must not be empty"),
        ('slug,name\na,"open\n', 2, None, "not a well-formed table"),
    ],
)
def test_a_faulty_table_is_refused_with_its_place(
    tmp_path: Path, text: str, line: int, field: str | None, says: str
) -> None:
    path = table(tmp_path, text)
    with pytest.raises(SourceError, match=says) as caught:
        list(read_table(path, required=("slug",), optional=("name",)))
    assert (caught.value.file, caught.value.line, caught.value.field) == (str(path), line, field)


def test_a_file_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "facts.csv"
    path.write_bytes(b"slug\n\xff\xfe\n")
    with pytest.raises(SourceError, match="utf-8"):
        list(read_table(path, required=("slug",)))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text())
def test_any_text_is_either_rows_or_a_source_error(tmp_path: Path, text: str) -> None:
    path = tmp_path / "any.csv"
    path.write_bytes(text.encode("utf-8", "replace"))
    with contextlib.suppress(SourceError):
        assert all(row["slug"] for row in read_table(path, required=("slug",), optional=("name",)))
