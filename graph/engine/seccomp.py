"""A filter in the kernel that takes a process's means to open sockets and start programs, for good.

Through libseccomp, which knows every architecture's system calls; Debian and its kin always have it.
"""

from __future__ import annotations

import contextlib
import ctypes
import ctypes.util
import errno
from functools import cache

ALLOW = 0x7FFF0000
ERRNO = 0x00050000
NETWORK = ("socket", "connect", "bind", "listen", "accept", "accept4", "io_uring_setup")
PROGRAMS = ("execve", "execveat", "fork", "vfork", "ptrace", "process_vm_writev", "unshare", "setns")


class Unavailable(Exception):
    """This system cannot filter system calls; the text says why."""


def forbid(names: tuple[str, ...]) -> None:
    """Let every thread of this process get EPERM from these system calls from now on. Raises Unavailable."""
    library = _library()
    context = library.seccomp_init(ctypes.c_uint32(ALLOW))
    if not context:
        raise Unavailable("libseccomp gives no filter")
    try:
        library.seccomp_attr_set(ctypes.c_void_p(context), _ALL_THREADS, 1)
        for name in names:
            number = library.seccomp_syscall_resolve_name(name.encode())
            if number >= 0:
                action = ctypes.c_uint32(ERRNO | errno.EPERM)
                library.seccomp_rule_add_array(ctypes.c_void_p(context), action, number, 0, None)
        failure = library.seccomp_load(ctypes.c_void_p(context))
        if failure:
            raise Unavailable(f"the kernel takes no filter ({errno.errorcode.get(-failure, failure)})")
    finally:
        library.seccomp_release(ctypes.c_void_p(context))


_ALL_THREADS = 4  # SCMP_FLTATR_CTL_TSYNC


def prepare() -> None:
    """Load what `forbid` needs, for processes that are forked from this one."""
    with contextlib.suppress(Unavailable):
        _library()


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
