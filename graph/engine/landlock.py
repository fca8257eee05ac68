"""Landlock: rights that a process gives up for good, beside the system calls that seccomp takes from it.

The numbers are those of linux/landlock.h, the same on every architecture; older kernels know fewer rights.
"""

from __future__ import annotations

import ctypes
import os
import struct

CREATE_RULESET, ADD_RULE, RESTRICT_SELF = 444, 445, 446
VERSION = 1  # a flag of CREATE_RULESET: only tell what the kernel knows
NET_PORT = 2  # a type of rule
NO_NEW_PRIVILEGES = 38

READ_FILE, READ_DIRECTORY = 1 << 2, 1 << 3
FILES_SINCE = {1: 13, 2: 14, 3: 15, 5: 16}  # version -> how many rights on files there are
BIND, CONNECT, NET_SINCE = 1 << 0, 1 << 1, 4
ABSTRACT_SOCKETS, SIGNALS, SCOPES_SINCE = 1 << 0, 1 << 1, 6


class Unavailable(Exception):
    """This system has no Landlock; the text says why."""


def knows_ports() -> bool:
    """Whether this kernel can bind a process to a port. Raises Unavailable."""
    return _version(ctypes.CDLL(None, use_errno=True)) >= NET_SINCE


def forbid(port: int) -> None:
    """Let the process write, make, remove and run no file, and reach no TCP port but this one (0: none).

    Nor may it send signals to others. Of all that, what the kernel knows how to forbid; and it holds for
    threads that are started afterwards. Raises Unavailable.
    """
    library = ctypes.CDLL(None, use_errno=True)
    version = _version(library)
    net = BIND | CONNECT if version >= NET_SINCE else 0
    scopes = ABSTRACT_SOCKETS | SIGNALS if version >= SCOPES_SINCE else 0
    rights = struct.pack("=QQQ", _files(version), net, scopes)
    rights = rights[: 24 if scopes else 16 if net else 8]
    ruleset = _call(library, CREATE_RULESET, rights, ctypes.c_size_t(len(rights)), 0)
    try:
        if net and port:
            _call(library, ADD_RULE, ruleset, NET_PORT, struct.pack("=QQ", CONNECT, port), 0)
        if library.prctl(NO_NEW_PRIVILEGES, 1, 0, 0, 0):
            raise Unavailable(os.strerror(ctypes.get_errno()))
        _call(library, RESTRICT_SELF, ruleset, 0)
    finally:
        os.close(ruleset)


def _version(library: ctypes.CDLL) -> int:
    return _call(library, CREATE_RULESET, None, ctypes.c_size_t(0), VERSION)


def _files(version: int) -> int:
    """Every right on files that this version knows, except to read them."""
    rights = max(count for since, count in FILES_SINCE.items() if since <= version)
    return ((1 << rights) - 1) & ~(READ_FILE | READ_DIRECTORY)


def _call(library: ctypes.CDLL, number: int, *arguments: object) -> int:
    result = int(library.syscall(ctypes.c_long(number), *arguments))
    if result < 0:
        raise Unavailable(f"the kernel has no Landlock ({os.strerror(ctypes.get_errno())})")
    return result
