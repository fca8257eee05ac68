"""What a worker cannot do, tried from inside: a process enters the sandbox and reports how it fares."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from isogloss.graph.engine import landlock, seccomp

PROBE = """
import json, os, socket, sys, threading
from isogloss.graph.engine import sandbox
gateway, elsewhere, folder = int(sys.argv[1]), int(sys.argv[2]), sys.argv[3]
given_up = sandbox.enter(gateway)
TRIALS = {
    "gateway": lambda: socket.create_connection(("127.0.0.1", gateway)),
    "elsewhere": lambda: socket.create_connection(("127.0.0.1", elsewhere)),
    "listen": lambda: socket.create_server(("127.0.0.1", 0)),
    "udp": lambda: socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
    "ipv6": lambda: socket.socket(socket.AF_INET6, socket.SOCK_STREAM),
    "unix": lambda: socket.socket(socket.AF_UNIX, socket.SOCK_STREAM),
    "multipath": lambda: socket.socket(socket.AF_INET, socket.SOCK_STREAM, 262),
    "read": lambda: open(folder + "/here").read(),
    "write": lambda: open(folder + "/here", "a"),
    "make": lambda: open(folder + "/new", "w"),
    "remove": lambda: os.unlink(folder + "/here"),
    "program": lambda: os.execv("/bin/true", ["true"]),
    "signal": lambda: os.kill(os.getppid(), 0),
}
done = []
def work():
    for name, trial in TRIALS.items():
        try:
            trial()
            done.append(name)
        except OSError:
            pass
thread = threading.Thread(target=work)
thread.start()
thread.join()
print(json.dumps([given_up, done]))
"""


def works() -> bool:
    try:
        return landlock.knows_ports() and seccomp.available()
    except landlock.Unavailable:
        return False


pytestmark = pytest.mark.skipif(
    sys.platform != "linux" or not works(),
    reason="this system lacks libseccomp or Landlock",
)


def tried(folder: Path, *, gateway: bool) -> tuple[dict[str, str], list[str]]:
    (folder / "here").write_text("something", encoding="utf-8")
    with socket.create_server(("127.0.0.1", 0)) as way_out, socket.create_server(("127.0.0.1", 0)) as other:
        ports = [way_out.getsockname()[1] if gateway else 0, other.getsockname()[1]]
        told = subprocess.run(
            [sys.executable, "-c", PROBE, *map(str, ports), str(folder)], capture_output=True, check=True
        )
    given_up, done = json.loads(told.stdout)
    return given_up, done


def test_a_worker_reads_and_does_nothing_else(tmp_path: Path) -> None:
    given_up, done = tried(tmp_path, gateway=False)
    assert done == ["read"]
    assert given_up == {"network": "closed by seccomp", "files": "read-only by Landlock"}


def test_a_worker_for_service_reaches_its_gateway_alone(tmp_path: Path) -> None:
    given_up, done = tried(tmp_path, gateway=True)
    assert done == ["gateway", "read"]
    assert given_up["network"] == "the gateway alone by seccomp and Landlock"
