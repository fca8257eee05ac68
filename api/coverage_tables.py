"""A list of counts laid out as a grid: one thing down, another across, and parts of a count in each cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

_SHADES = (1, 3, 8, 20)  # the counts at which a cell gets darker


@dataclass(frozen=True, slots=True)
class Head:
    """What a line or column is about."""

    key: str
    label: str


@dataclass(frozen=True, slots=True)
class Cell:
    """The parts of a count, in the order that was asked for."""

    parts: tuple[int, ...]

    @property
    def total(self) -> int:
        """All parts together."""
        return sum(self.parts)

    @property
    def shade(self) -> int:
        """How dark the cell is: 0 (nothing) to 4."""
        return sum(self.total >= least for least in _SHADES)


@dataclass(frozen=True, slots=True)
class Grid:
    """Lines of cells under `columns`; `more` are lines with fewer that are left out."""

    columns: tuple[Head, ...]
    lines: tuple[tuple[Head, tuple[Cell, ...]], ...]
    more: int = 0

    def sorted_across(self) -> Grid:
        """The same with the columns in the order of their keys."""
        order = sorted(range(len(self.columns)), key=lambda place: self.columns[place].key)
        lines = ((head, tuple(cells[place] for place in order)) for head, cells in self.lines)
        return replace(self, columns=tuple(self.columns[place] for place in order), lines=tuple(lines))


def crossed(  # noqa: PLR0913 - what goes where
    rows: Iterable[Mapping[str, str]],
    *,
    down: tuple[str, str],
    across: tuple[str, str],
    part: str,
    parts: tuple[str, ...],
    count: str,
    most: tuple[int, int],
) -> Grid:
    """A grid of counts: `down` and `across` name the columns of key and label, `part` the one that splits a
    count (empty: none does). Rows of other parts are left out. Heads come with the largest sums first, at
    most so many down and across (0: all).
    """
    cells: Counter[tuple[str, str, str]] = Counter()
    heads: tuple[dict[str, str], dict[str, str]] = {}, {}
    sums: tuple[Counter[str], Counter[str]] = Counter(), Counter()
    for row in rows:
        kind = row.get(part, "")
        if kind not in parts:
            continue
        keys = row[down[0]], row[across[0]]
        cells[*keys, kind] += int(row[count])
        for place, (key, label) in enumerate((down, across)):
            heads[place][keys[place]] = row[label]
            sums[place][row[key]] += int(row[count])
    chosen = [_largest(each, limit) for each, limit in zip(sums, most, strict=True)]
    lines = tuple(
        (
            Head(one, heads[0][one]),
            tuple(Cell(tuple(cells[one, other, p] for p in parts)) for other in chosen[1]),
        )
        for one in chosen[0]
    )
    return Grid(tuple(Head(key, heads[1][key]) for key in chosen[1]), lines, len(sums[0]) - len(chosen[0]))


def _largest(sums: Mapping[str, int], most: int) -> list[str]:
    found = sorted(sums, key=lambda key: (-sums[key], key))
    return found[:most] if most else found
