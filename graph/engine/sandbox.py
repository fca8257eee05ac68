"""What a worker process gives up before its first query: the network, boundless memory, a life of its own.

Linux has all three; elsewhere `enter` says what is missing, and the server tells its log and `/health`.
"""

from __future__ import annotations

import ctypes
import os
import resource
import signal
import sys

from . import seccomp

PR_SET_PDEATHSIG = 1


def die_with_parent(parent: int) -> None:
    """Ask the kernel to kill this process when the server's goes, however it goes."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(0)


def enter(*, memory: int, network: bool) -> dict[str, str]:
    """Bound the memory to what is used now plus `memory` bytes, and close the network unless it is needed.

    Returns what holds: `memory` and `network`, each with the means, or with why there is none.
    """
    return {"memory": bound_memory(memory), "network": close_network(network)}


def close_network(needed: bool) -> str:
    """Forbid sockets and programs; a worker that SERVICE needs keeps its sockets."""
    if sys.platform != "linux":
        return f"open: {sys.platform} has no seccomp"
    try:
        seccomp.forbid(seccomp.PROGRAMS if needed else seccomp.NETWORK + seccomp.PROGRAMS)
    except seccomp.Unavailable as error:
        return f"open: {error}"
    return "open to the SERVICE gateway" if needed else "closed by seccomp"


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
