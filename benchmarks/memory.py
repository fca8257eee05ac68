"""How much memory a process and those below it hold together."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def share(pid: int) -> float:
    """MiB of a process and those below it, each shared page counted in part (PSS)."""
    found = 0.0
    for task in Path(f"/proc/{pid}/task").iterdir():
        for child in (task / "children").read_text().split():
            with suppress(OSError):  # it has ended meanwhile
                found += share(int(child))
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return found + next(int(line.split()[1]) for line in lines if line.startswith("Pss:")) / 1024


@contextmanager
def watched(pid: int, every: float = 0.5) -> Iterator[list[float]]:
    """The shares of a process while it runs, read again and again by a thread."""
    found: list[float] = [0.0]
    ended = threading.Event()

    def look() -> None:
        while not ended.wait(every):
            with suppress(OSError, StopIteration):
                found.append(share(pid))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        ended.set()
        thread.join()
