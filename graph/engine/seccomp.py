"""A filter in the kernel that takes a process's means to open sockets and start programs, for good.

Through libseccomp, which knows every architecture's system calls; Debian and its kin always have it.
"""

from __future__ import annotations

import ctypes
import ctypes.util
import errno
import socket
from functools import cache

ALLOW = 0x7FFF0000
ERRNO = 0x00050000
SERVING = ("bind", "listen", "accept", "accept4", "io_uring_setup")
NETWORK = ("socket", "connect", *SERVING)
PROGRAMS = ("execve", "execveat", "fork", "vfork", "ptrace", "process_vm_writev", "unshare", "setns")


class Unavailable(Exception):
    """This system cannot filter system calls; the text says why."""


class _Comparison(ctypes.Structure):
    """libseccomp's scmp_arg_cmp: of which argument of a system call, how, and with what."""

    _fields_ = (
        ("argument", ctypes.c_uint),
        ("operator", ctypes.c_int),
        ("a", ctypes.c_uint64),
        ("b", ctypes.c_uint64),
    )


NOT_EQUAL, GREATER, MASKED_EQUAL = 1, 6, 7
NOT_TCP = (
    _Comparison(0, NOT_EQUAL, socket.AF_INET),
    _Comparison(2, GREATER, socket.IPPROTO_TCP),  # other protocols that make streams too
    *(_Comparison(1, MASKED_EQUAL, 0xF, kind) for kind in range(16) if kind != socket.SOCK_STREAM),
)


def forbid(names: tuple[str, ...], *, tcp_alone: bool = False) -> None:
    """Let every thread of this process get EPERM from these system calls from now on. Raises Unavailable.

    With `tcp_alone`, also for sockets of any other kind than TCP over IPv4.
    """
    library = _library()
    context = library.seccomp_init(ctypes.c_uint32(ALLOW))
    if not context:
        raise Unavailable("libseccomp gives no filter")
    try:
        library.seccomp_attr_set(ctypes.c_void_p(context), _ALL_THREADS, 1)
        for name in names:
            _add(library, context, name)
        for comparison in NOT_TCP if tcp_alone else ():
            _add(library, context, "socket", comparison)
        failure = library.seccomp_load(ctypes.c_void_p(context))
        if failure:
            raise Unavailable(f"the kernel takes no filter ({errno.errorcode.get(-failure, failure)})")
    finally:
        library.seccomp_release(ctypes.c_void_p(context))


_ALL_THREADS = 4  # SCMP_FLTATR_CTL_TSYNC


def _add(library: ctypes.CDLL, context: int, name: str, *comparisons: _Comparison) -> None:
    """Forbid a system call, or such calls of it alone; one that this system does not know needs none."""
    number = library.seccomp_syscall_resolve_name(name.encode())
    if number >= 0:
        action = ctypes.c_uint32(ERRNO | errno.EPERM)
        array = (_Comparison * len(comparisons))(*comparisons)
        library.seccomp_rule_add_array(ctypes.c_void_p(context), action, number, len(comparisons), array)


def available() -> bool:
    """Whether there is what `forbid` needs; it stays loaded for processes that are forked from this one."""
    try:
        _library()
    except Unavailable:
        return False
    return True


def number_of(name: str) -> int | None:
    """The number of a system call on this machine, None where it is unknown."""
    try:
        number = int(_library().seccomp_syscall_resolve_name(name.encode()))
    except Unavailable:
        return None
    return number if number >= 0 else None


@cache
def _library() -> ctypes.CDLL:
    library = _loaded("libseccomp.so.2") or _loaded(ctypes.util.find_library("seccomp"))
    if library is None:
        raise Unavailable("libseccomp is not installed")
    library.seccomp_init.restype = ctypes.c_void_p
    return library


def _loaded(name: str | None) -> ctypes.CDLL | None:
    try:
        return ctypes.CDLL(name) if name else None
    except OSError:
        return None
