"""The columns of the index: what they say of sets of things is what one would count by hand."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from isogloss.graph.search.columns import ORDERS, Columns, columns_file, read_columns, write_columns

THINGS = 7
VALUES = st.lists(st.sets(st.integers(1, THINGS), min_size=1), max_size=5)
CHOSEN = st.sets(st.integers(1, THINGS))


def written(folder: Path, values: list[set[int]]) -> Columns:
    index = folder / "index.db"
    orders = {name: np.arange(THINGS, 0, -1, dtype=np.uint32) for name in ORDERS}
    write_columns(index, [np.array(sorted(value), dtype=np.uint32) for value in values], orders)
    return read_columns(index)


@given(values=VALUES, chosen=CHOSEN)
def test_counts_are_how_many_of_the_chosen_things_have_each_value(
    tmp_path_factory: pytest.TempPathFactory, values: list[set[int]], chosen: set[int]
) -> None:
    columns = written(tmp_path_factory.mktemp("columns"), values)
    mask = columns.none()
    mask[list(chosen)] = True
    assert columns.counts(mask).tolist() == (counts := [len(value & chosen) for value in values])
    for some in range(len(values) + 1):
        assert columns.counts(mask, some).tolist() == counts[:some]
    assert columns.ordered(mask, "title").tolist() == sorted(chosen, reverse=True)


def test_the_things_of_one_value_or_of_several_in_a_row(tmp_path: Path) -> None:
    columns = written(tmp_path, [{1, 2}, {2, 5}, {7}])
    assert np.flatnonzero(columns.having(1)).tolist() == [2, 5]
    assert np.flatnonzero(columns.having(0, 2)).tolist() == [1, 2, 5]


def test_the_best_score_comes_first_and_of_one_score_the_more_relevant(tmp_path: Path) -> None:
    columns = written(tmp_path, [{1}])
    things, scores = np.array([1, 2, 3], dtype=np.uint32), np.array([1.0, 2.0, 2.0])
    assert columns.by_score(things, scores).tolist() == [3, 2, 1]


def test_columns_that_are_cut_short_are_refused(tmp_path: Path) -> None:
    written(tmp_path, [{1}])
    file = columns_file(tmp_path / "index.db")
    file.write_bytes(file.read_bytes()[:-4])
    with pytest.raises(ValueError, match="not whole"):
        read_columns(tmp_path / "index.db")
