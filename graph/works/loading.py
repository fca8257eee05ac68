"""Records from archives into the state: read in parallel, selected, kept; what went upstream is marked."""

from __future__ import annotations

import multiprocessing
import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from importlib import import_module
from itertools import chain, islice
from pathlib import Path

from isogloss.errors import SourceError

from ..readers.archives import Member, Unread, archives_in, read_members
from ..readers.publication_lists import Passed
from ..readers.relaton import Record, Refusal, archive_name, inner_path, read_record
from .editions import identify
from .kept import Kept, encode, mark_gone, read_lines, write_lines

ALONE = 600  # files up to which starting more processes takes longer than reading
_BATCH = 200
_AHEAD = 6  # batches a process that wait or run, so that memory stays bounded

Select = Callable[[Record], tuple[str, ...]]
OnProgress = Callable[[str, int], None]


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one file: a line to keep (None: read and not selected), or a reason why not."""

    path: str
    line: bytes | None = None
    slug: str = ""
    refused: str = ""


@dataclass(slots=True)
class Report:
    """What a load did: counts a reader can add up, and each refusal with its reason; `passed` are entries of
    a list that are no publications.
    """

    read: int = 0
    passed: int = 0
    kept: int = 0
    new: int = 0
    changed: int = 0
    gone: int = 0
    merged: int = 0
    refused: list[Refusal] = field(default_factory=list)

    @property
    def left(self) -> int:
        """How many were read, and no rule of the selection caught them."""
        return self.read - self.kept - len(self.refused)

    @property
    def reasons(self) -> Counter[str]:
        """How many records were refused for which reason, without what is particular to one file."""
        return Counter(one.reason.partition(" (")[0] for one in self.refused)


def select_all(record: Record) -> tuple[str, ...]:
    """Every record is kept, and no rule had to catch it."""
    return ("all",)


def load(
    state: Path,
    paths: Iterable[Path],
    *,
    select: str = "",
    workers: int = 0,
    on_progress: OnProgress = lambda archive, count: None,
) -> Report:
    """Load archives, folders of them or of records, or single records into the state.

    `select` names a function (module:name) that says which rules catch a record, empty keeps all. The same
    archives give the same state, whatever was loaded in which order.

    `workers` are processes, 0 for one a core. Errors: SourceError where an archive cannot be read; archives
    before it in `paths` stay loaded.
    """
    report, slugs = Report(), Counter[str]()
    with _Processes(workers or os.cpu_count() or 1) as processes:
        for path in chain.from_iterable(map(_sources, paths)):
            archive = archive_name(path)
            taken = _read_all(path, archive, select, processes)
            _keep(state, archive, _counted(taken, archive, on_progress), report, slugs)
    report.merged = sum(count - 1 for count in slugs.values())
    return report


def _sources(path: Path) -> Iterator[Path]:
    """The archives of a folder, each under its own name, then the folder for what lies in it unpacked."""
    archives = archives_in(path)
    yield from archives
    if not archives or next(read_members(path), None) is not None:
        yield path


def load_list(
    state: Path, read: Iterable[Record | Refusal | Passed], archive: str, *, select: str = ""
) -> Report:
    """Load the records of a list of publications, as `read_publications` gives them, under a name of its own.

    What a list held under that name and holds no more is kept and marked. Errors: SourceError where it cannot
    be read; nothing has changed then.
    """
    rules_of = _selection(select)
    report, slugs = Report(), Counter[str]()
    entries = list(read)
    taken = [_selected(one, rules_of) for one in entries if not isinstance(one, Passed)]
    _keep(state, archive, taken, report, slugs)
    report.passed = len(entries) - len(taken)
    report.merged = sum(count - 1 for count in slugs.values())
    return report


def _counted(taken: Iterable[Taken], archive: str, on_progress: OnProgress) -> Iterator[Taken]:
    for count, one in enumerate(taken, start=1):
        yield one
        if count % 1000 == 0:
            on_progress(archive, count)


def _keep(state: Path, archive: str, taken: Iterable[Taken], report: Report, slugs: Counter[str]) -> None:
    stored = read_lines(state, archive)
    lines: dict[str, bytes] = {}
    seen: set[str] = set()
    unreadable: set[str] = set()
    for one in taken:
        report.read += 1
        seen.add(one.path)
        if one.refused:
            unreadable.add(one.path)
            report.refused.append(Refusal(archive, one.path, one.refused))
        elif one.line is not None:
            if one.path in lines:
                report.refused.append(
                    Refusal(archive, one.path, "of two files with one name, the later is kept")
                )
            else:
                slugs[one.slug] += 1
            lines[one.path] = one.line
    report.kept += len(lines)
    report.new += len(lines.keys() - stored.keys())
    report.changed += sum(stored.get(path, line) != line for path, line in lines.items())
    today = datetime.now(UTC).date().isoformat()
    for path in stored.keys() - lines.keys():
        if path not in seen:
            lines[path] = mark_gone(stored[path], today)
            report.gone += lines[path] != stored[path]
        elif path in unreadable:
            lines[path] = stored[path]  # unreadable today; what was read before stands
    if lines != stored:
        write_lines(state, archive, (lines[path] for path in sorted(lines)))


class _Processes:
    """Some more processes, started when there is first work for them and kept for all archives."""

    def __init__(self, count: int) -> None:
        self.count = count
        self._started = ExitStack()

    def __enter__(self) -> _Processes:
        return self

    def __exit__(self, *_: object) -> None:
        self._started.close()

    @cached_property
    def pool(self) -> ProcessPoolExecutor:
        context = multiprocessing.get_context("spawn")  # forking copies locks that a progress thread may hold
        return self._started.enter_context(ProcessPoolExecutor(self.count, mp_context=context))


def _read_all(path: Path, archive: str, select: str, processes: _Processes) -> Iterator[Taken]:
    """In order; in this process while there are few files, in more beyond that."""
    members = read_members(path)
    first = list(islice(members, ALONE + 1))
    if not first:
        raise SourceError("holds no records", file=path)
    if processes.count == 1 or len(first) <= ALONE:
        rules_of = _selection(select)
        yield from (_take(member, archive, rules_of) for member in chain(first, members))
        return
    waiting: deque[Future[list[Taken]]] = deque()
    for batch in _batches(chain(first, members)):
        waiting.append(processes.pool.submit(take_batch, batch, archive, select))
        if len(waiting) >= _AHEAD * processes.count:
            yield from waiting.popleft().result()
    while waiting:
        yield from waiting.popleft().result()


def _batches(members: Iterator[Member | Unread]) -> Iterator[list[Member | Unread]]:
    while batch := list(islice(members, _BATCH)):
        yield batch


def take_batch(members: Iterable[Member | Unread], archive: str, select: str) -> list[Taken]:
    """Read, select and encode; runs in a process of its own, so it takes the name of the selection."""
    rules_of = _selection(select)
    return [_take(member, archive, rules_of) for member in members]


def _take(member: Member | Unread, archive: str, rules_of: Select) -> Taken:
    path = inner_path(member.path)
    if isinstance(member, Unread):
        return Taken(path, refused=member.reason)
    record = read_record(member, archive)
    return _selected(record, rules_of)


def _selected(record: Record | Refusal, rules_of: Select) -> Taken:
    if isinstance(record, Refusal):
        return Taken(record.path, refused=record.reason)
    rules = rules_of(record)
    if not rules:
        return Taken(record.path)
    identifier = identify(record)
    return Taken(record.path, encode(Kept(record, rules if rules != ("all",) else ())), identifier.slug)


def _selection(name: str) -> Select:
    if not name:
        return select_all
    module, _, function = name.partition(":")
    found: Select = getattr(import_module(module), function)
    return found
