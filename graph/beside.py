"""A step of a build in a process of its own: beside the others, and its memory goes with it."""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any, Generic, TypeVar

from isogloss.errors import BuildError, IsoglossError

from .engine.sandbox import die_with_parent

Result = TypeVar("Result")


class Step(Generic[Result]):
    """A function at work in another process; `result` waits for it."""

    def __init__(self, function: Callable[..., Result], *args: object) -> None:
        context = multiprocessing.get_context("spawn")  # forking copies locks that other threads may hold
        self._name = getattr(function, "__name__", "a step of the build")
        self._answer, end = context.Pipe(duplex=False)
        self._process = context.Process(target=_work, args=(os.getpid(), end, function, args))
        self._process.start()
        end.close()

    def result(self) -> Result:
        """What the function returned. Errors: those of ours that it raised; BuildError if it broke down."""
        try:
            value, error = self._answer.recv()
        except EOFError:
            self._process.join()
            raise BuildError(f"{self._name} broke down (exit code {self._process.exitcode})") from None
        self._process.join()
        if error is not None:
            raise _unpacked(*error)
        found: Result = value
        return found

    def stop(self) -> None:
        """End it, whether it is done or not."""
        self._process.kill()
        self._process.join()
        self._answer.close()


class Here(Generic[Result]):
    """The same for work that is too little for a process: done at once, in this one."""

    def __init__(self, function: Callable[..., Result], *args: object) -> None:
        self._found = function(*args)

    def result(self) -> Result:
        """What the function returned."""
        return self._found

    def stop(self) -> None:
        """There is nothing to end."""


@contextmanager
def beside(
    function: Callable[..., Result], *args: object, here: bool = False
) -> Iterator[Step[Result] | Here[Result]]:
    """Start `function` in another process; it is ended on the way out, if it is not done by then.

    With `here` it runs in this process, before anything else does.
    """
    step = Here(function, *args) if here else Step(function, *args)
    try:
        yield step
    finally:
        step.stop()


def _work(parent: int, answer: Connection, function: Callable[..., object], args: tuple[object, ...]) -> None:
    die_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # whoever interrupts the build ends this too
    try:
        answer.send((function(*args), None))
    except IsoglossError as error:
        answer.send((None, (type(error), error.args, error.__dict__)))


def _unpacked(kind: type[IsoglossError], args: tuple[object, ...], state: dict[str, Any]) -> IsoglossError:
    """Not by its constructor, which may want other arguments than the text that came of them."""
    error = kind.__new__(kind, *args)
    error.__dict__.update(state)
    return error
