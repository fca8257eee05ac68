"""What a worker gives up before its first query: network, writing to files, endless memory, its own life.

Linux has them all; elsewhere `enter` says what is missing, and the server tells its log and `/health`.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

from . import landlock, seccomp

PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when the server's goes, however it goes."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def enter(gateway: int) -> dict[str, str]:
    """Close the network, but for this port of a gateway (0: none); forbid programs, and writing to files.

    To be called before there are threads. Returns what holds, each with the means, or why there is none.
    """
    if sys.platform != "linux":
        return dict.fromkeys(("files", "network"), f"open: {sys.platform} has no seccomp and no Landlock")
    try:
        landlock.forbid(gateway)
        files, bound = "read-only by Landlock", landlock.knows_ports()
    except landlock.Unavailable as error:
        files, bound = f"open: {error}", False
    return {"files": files, "network": close_network(gateway, bound)}


def close_network(gateway: int, bound: bool) -> str:
    """Forbid sockets; for SERVICE all but TCP, which is `bound` to the gateway or not."""
    try:
        calls = seccomp.SERVING if gateway else seccomp.NETWORK
        seccomp.forbid(seccomp.PROGRAMS + calls, tcp_alone=bool(gateway))
    except seccomp.Unavailable as error:
        return f"open: {error}"
    if not gateway:
        return "closed by seccomp"
    return "the gateway alone by seccomp and Landlock" if bound else "open: Landlock knows no ports here"


def bound_memory(extra: int) -> str:
    """RLIMIT_DATA counts private writable memory, so the store's mapped files do not eat into it."""
    used = _status_bytes("VmData")
    if not used:
        return "unbounded: this system does not count a process's data"
    resource.setrlimit(resource.RLIMIT_DATA, (used + extra, used + extra))
    return "RLIMIT_DATA"


def resident_bytes() -> int:
    """Bytes of memory that this process holds for itself; 0 where the system does not say."""
    try:
        with open("/proc/self/statm", "rb") as statm:
            _, resident, shared, *_ = statm.read().split()
    except OSError:
        return 0
    return (int(resident) - int(shared)) * resource.getpagesize()


def give_back() -> None:
    """Return what the allocator keeps for later to the system, where it can be asked to."""
    if sys.platform == "linux":
        trim = getattr(ctypes.CDLL(None), "malloc_trim", None)
        if trim is not None:
            trim(0)


def _status_bytes(name: str) -> int:
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            return next((int(line.split()[1]) * 1024 for line in status if line.startswith(name + ":")), 0)
    except OSError:
        return 0
