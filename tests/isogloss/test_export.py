"""`isogloss export`, as a user types it."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from isogloss.commands.export import Form
from isogloss.commands.verbs import app
from isogloss.errors import NotFound
from isogloss.graph.exporters import EXPORTERS
from isogloss.graph.readers.tbx import read_tbx

RUN = CliRunner()


def test_chosen_terms_are_written_in_the_format_asked_for(state: Path, tmp_path: Path) -> None:
    path = tmp_path / "act.tbx"
    words = [
        "export",
        "eu-ai-act-2024",
        str(path),
        "--format",
        "tbx",
        "--term",
        "deep-fake",
        "--state",
        str(state),
    ]
    assert RUN.invoke(app, words).exit_code == 0
    (entry,) = read_tbx(path).entries
    assert entry.label() == "deep fake"
    assert entry.clause == "Art. 3(60)"


def test_every_exporter_can_be_asked_for() -> None:
    assert [form.value for form in Form] == list(EXPORTERS)


def test_an_unknown_vocabulary_is_named(state: Path) -> None:
    result = RUN.invoke(app, ["export", "no-such-words", "--state", str(state)])
    assert isinstance(result.exception, NotFound)
    with pytest.raises(NotFound, match="no-such-words"):
        raise result.exception
