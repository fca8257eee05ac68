"""Two builds are told apart thing by thing, and a patch makes the second of the first."""

from __future__ import annotations

import gzip
import tempfile
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from isogloss.graph.changes import Change, changes, patch
from isogloss.graph.snapshot import before, building, current, publish
from isogloss.ontology.names import BASE, IG, PREFIXES, graph

LABEL = f"<{PREFIXES['rdfs']}label>"


def thing(name: str) -> str:
    return f"<{BASE}id/publication/{name}>"


def line(name: str, value: str, predicate: str = LABEL, where: str = "catalogue") -> str:
    return f"{thing(name)} {predicate} {value} <{graph(where)}> .\n"


def status(name: str, value: str) -> str:
    return line(name, f"<{BASE}id/concept/status/{value}>", f"<{IG}status>")


def dump(folder: Path, name: str, lines: list[str]) -> Path:
    path = folder / f"{name}.nq.gz"
    path.write_bytes(gzip.compress("".join(sorted(lines)).encode()))
    return path


OLD = [
    line("gone", '"Gone"'),
    line("same", '"Same"'),
    line("edited", '"Edited"'),
    line("moved", '"Moved"'),
    status("moved", "under-development"),
    line("x", '"Follows"', where="inferred"),
    f'<{BASE}elsewhere> {LABEL} "no thing" .\n',
]
NEW = [
    line("fresh", '"Fresh"'),
    line("same", '"Same"'),
    line("edited", '"Edited at last"'),
    line("edited", '"more"', f"<{IG}note>"),
    line("moved", '"Moved"'),
    status("moved", "in-force"),
]


def test_each_thing_is_told_by_what_happened_to_it(tmp_path: Path) -> None:
    found = {
        change.label: change for change in changes(dump(tmp_path, "old", OLD), dump(tmp_path, "new", NEW))
    }
    assert {label: change.kind for label, change in found.items()} == {
        "Fresh": "new",
        "Gone": "withdrawn",
        "Edited at last": "changed",
        "Moved": "status moved",
    }
    edited = found["Edited at last"]
    assert (edited.added, edited.removed) == (2, 1)
    moved = found["Moved"]
    assert moved == Change(
        f"{BASE}id/publication/moved", "status moved", "Moved", 1, 1,
        f"{BASE}id/concept/status/under-development", f"{BASE}id/concept/status/in-force",
    )  # fmt: skip


def test_the_same_dump_has_no_change(tmp_path: Path) -> None:
    path = dump(tmp_path, "old", OLD)
    assert list(changes(path, path)) == []
    assert list(patch(path, path)) == [b"TX .\n", b"TC .\n"]


lines = st.sets(
    st.builds(
        line,
        st.sampled_from(["a", "a/b", "a-b", "b"]),
        st.sampled_from(['"1"', '"2"', '"3"']),
        where=st.sampled_from(["catalogue", "inferred"]),
    )
)


@given(lines, lines)
def test_a_patch_makes_the_second_dump_of_the_first(old: set[str], new: set[str]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        told = list(patch(dump(Path(folder), "old", [*old]), dump(Path(folder), "new", [*new])))
    made = set(old)
    for each in told[1:-1]:
        sign, _, quad = each.decode().partition(" ")
        assert (quad in made) == (sign == "D")
        (made.discard if sign == "D" else made.add)(quad)
    assert made == new


def test_the_snapshot_before_is_known_while_it_is_kept(tmp_path: Path) -> None:
    made = []
    for name in ("first", "second", "third"):
        with building(tmp_path) as folder:
            made.append(publish(tmp_path, folder, {"digest": name}))
    assert current(tmp_path).name == "third"
    earlier = before(current(tmp_path))
    assert earlier is not None
    assert earlier.name == "second"
