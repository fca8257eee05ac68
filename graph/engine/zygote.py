"""The zygote: a process with every import done and the store open, from which workers are forked in no time.

It knows nothing of any query, so that a fork of it is as good as new. Orders come over a socket, each with
the descriptors of one worker; it ends when the server hangs up or dies, and with it every worker that is
left. Linux only: elsewhere a worker is started afresh.

A fork has none of the threads that RocksDB keeps. They are for writing and compacting, which a store that is
open for reading never does, and all are asleep when a fork is made: no lock is left in the hands of one that
is not there. Blocks of the store are read by position, so that no process moves another's place in a file.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
import threading
import time
import warnings
from contextlib import suppress
from typing import NoReturn

from . import priority, sandbox, seccomp, worker
from .post import PID, to_post

ORDER_SIZE = 1024 * 1024
HANDED = 3  # descriptors: its end of the socket, the page that both share, where to complain
LOOKS = 500  # at threads that are to fall asleep, a millisecond apart


def serve(control: socket.socket, opened: worker.Opened | None) -> None:
    """Fork a worker for each order, until the server hangs up; one that cannot be had is a closed socket."""
    zygote = os.getpid()
    while True:
        order, descriptors, _, _ = socket.recv_fds(control, ORDER_SIZE, HANDED)
        if not order:
            return
        if len(descriptors) == HANDED and forked():
            control.close()
            be_born(zygote, order, descriptors, opened)
        for descriptor in descriptors:
            os.close(descriptor)


def forked() -> bool:
    """Whether this is the new process; False in the old one, also where there can be no new one."""
    try:
        return os.fork() == 0
    except OSError as error:
        os.write(2, f"{error}\n".encode())
        return False


def be_born(zygote: int, order: bytes, descriptors: list[int], opened: worker.Opened | None) -> NoReturn:
    """Become a worker; the server learns who it is over the worker's own socket, before anything else."""
    sandbox.die_with_parent(zygote)
    os.setsid()  # a share of the processor of its own, see priority.py
    priority.give(os.getpid(), priority.Rank.PATIENT)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    wire, skipped, complaints = descriptors
    os.dup2(complaints, 2)
    os.close(complaints)
    connection = socket.socket(fileno=wire)
    handle = os.pidfd_open(os.getpid())
    socket.send_fds(connection, [PID.pack(os.getpid())], [handle])
    os.close(handle)
    worker.work(connection, skipped, to_post(order), opened)


def bury(*_: object) -> None:
    """Let go of workers that have ended; their processor time counts as the server's from then on."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def open_for_all(path: str) -> worker.Opened | None:
    """The store, to be forked with; None if each worker has to open it, or to say why it cannot be."""
    try:
        opened = worker.Opened.at(path)
    except (OSError, ValueError):
        return None
    for _ in range(LOOKS):
        if all_asleep():
            return opened
        time.sleep(0.001)
    return None


def all_asleep() -> bool:
    """Whether every other thread of this process waits for something."""
    states = set()
    for task in os.listdir("/proc/self/task"):
        with suppress(FileNotFoundError), open(f"/proc/self/task/{task}/stat", encoding="ascii") as stat:
            if int(task) != threading.get_native_id():
                states.add(stat.read().rpartition(")")[2].split()[0])
    return states <= {"S"}


def main(arguments: list[str]) -> None:
    descriptor, parent, path = arguments
    sandbox.die_with_parent(int(parent))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, bury)
    seccomp.available()  # loads it, once for all
    priority.can_be_taken_back()
    # Python cannot know that the other threads are asleep for good, and advises against forks beside them.
    warnings.filterwarnings("ignore", "This process .* is multi-threaded", DeprecationWarning)
    opened = open_for_all(path)
    gc.freeze()  # what a collector never touches stays shared
    serve(socket.socket(fileno=int(descriptor)), opened)
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
