"""The zygote: a process with every import done, from which workers are forked within milliseconds.

It has one thread, opens no store, and knows nothing of any query, so that a fork of it is as good as new.
Orders come over a socket, each with the descriptors of one worker; it ends when the server hangs up or dies,
and with it every worker that is left. Linux only: elsewhere a worker is started afresh.
"""

from __future__ import annotations

import gc
import os
import signal
import socket
import sys
from contextlib import suppress
from typing import NoReturn

from . import priority, sandbox, seccomp, worker
from .post import PID, to_post

ORDER_SIZE = 1024 * 1024
HANDED = 3  # descriptors: its end of the socket, the page that both share, where to complain


def serve(control: socket.socket) -> None:
    """Fork a worker for each order, until the server hangs up; one that cannot be had is a closed socket."""
    zygote = os.getpid()
    while True:
        order, descriptors, _, _ = socket.recv_fds(control, ORDER_SIZE, HANDED)
        if not order:
            return
        if len(descriptors) == HANDED and forked():
            control.close()
            be_born(zygote, order, descriptors)
        for descriptor in descriptors:
            os.close(descriptor)


def forked() -> bool:
    """Whether this is the new process; False in the old one, also where there can be no new one."""
    try:
        return os.fork() == 0
    except OSError as error:
        os.write(2, f"{error}\n".encode())
        return False


def be_born(zygote: int, order: bytes, descriptors: list[int]) -> NoReturn:
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
    worker.work(connection, skipped, to_post(order))


def bury(*_: object) -> None:
    """Let go of workers that have ended; their processor time counts as the server's from then on."""
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def main(arguments: list[str]) -> None:
    descriptor, parent = map(int, arguments)
    sandbox.die_with_parent(parent)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, bury)
    seccomp.available()  # loads it, once for all
    priority.can_be_taken_back()
    gc.freeze()  # what a collector never touches stays shared
    serve(socket.socket(fileno=descriptor))
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1:])
