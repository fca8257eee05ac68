"""Bundling the scripts of the pages: from the lock file, with whatever Node there is, or not at all."""

from __future__ import annotations

import importlib.util
import json
import shutil
import socket
from pathlib import Path
from types import ModuleType

import pytest

import isogloss.api

from .browsing import DIST

WEB = Path(isogloss.api.__file__).parent / "web"


@pytest.fixture
def bundler(tmp_path: Path) -> ModuleType:
    """The bundling script in a copy of its folder, without what it made."""
    folder = tmp_path / "web"
    if not (WEB / "bundle.py").is_file():
        pytest.skip("the package is installed without the sources of its scripts")
    shutil.copytree(WEB, folder, ignore=shutil.ignore_patterns("dist", "node_modules"))
    spec = importlib.util.spec_from_file_location("bundle_under_test", folder / "bundle.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_lock_file_names_no_place_to_download_from() -> None:
    lock = json.loads((WEB / "package-lock.json").read_text())
    assert all("resolved" not in package for package in lock["packages"].values())
    assert all("integrity" in package for name, package in lock["packages"].items() if name)


def test_without_node_there_is_no_bundle_and_it_is_said(
    bundler: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(bundler, "_in_wheel", lambda: None)
    assert bundler.node_requirement() == [bundler.NODE_WHEEL]
    assert bundler.bundle() is False
    assert "the SPARQL editor will be the plain form" in capsys.readouterr().err


def test_without_the_packages_the_build_goes_on_and_says_why(
    bundler: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    if not bundler._on_path():
        pytest.skip("there is no Node on this machine")
    with socket.create_server(("127.0.0.1", 0)) as taken:
        closed = taken.getsockname()[1]
    monkeypatch.setenv("npm_config_registry", f"http://127.0.0.1:{closed}")
    monkeypatch.setenv("npm_config_cache", str(tmp_path / "cache"))
    assert bundler.bundle() is False
    assert not bundler.DIST.exists()
    assert "ECONNREFUSED" in capsys.readouterr().err


def test_a_bundle_of_these_very_sources_is_not_made_again(bundler: ModuleType) -> None:
    bundler.DIST.mkdir()
    (bundler.DIST / bundler.STAMP).write_text(bundler._digest())
    assert bundler.bundle() is True
    assert bundler.node_requirement() == []
    (bundler.HERE / "src" / "editor" / "editor.js").write_text("// changed")
    assert not bundler._is_up_to_date()


@pytest.mark.skipif(not DIST.is_dir(), reason="the scripts of the pages were not bundled")
def test_the_notices_name_every_package_with_its_licence() -> None:
    notices = (DIST / "NOTICES.txt").read_text()
    for package in ("@zazuko/yasgui", "codemirror", "jquery", "datatables.net", "dompurify", "cytoscape"):
        assert f"\n{package} " in notices
    assert notices.count("Permission is hereby granted") > 15
