"""A Moodle without the companion plugin: what the commands print for the steps by hand."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.command_runner import Folder
from tests.cli.conftest import write_sample_folder
from tests.support.sandbox_server import TOKEN, running_sandbox

FILE = "var/moodle-xml/small.check.xml"


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Folder]:
    folder = write_sample_folder(tmp_path)
    with running_sandbox(tmp_path / "bare.db", companion=False) as site:
        text = (tmp_path / "config.yaml").read_text()
        folder.write("config.yaml", f"{text}moodle: {{url: '{site.url}'}}\n")
        folder.secrets = {"STEWARDPATH_MOODLE_TOKEN": TOKEN}
        yield folder


def test_doctor_reports_the_missing_plugin(bare: Folder) -> None:
    shown = bare.run("doctor").out
    assert (
        "! moodle access  only core services, because the token has no access to the companion"
        in shown
    )
    assert "stewardpath moodle plugin" in shown


def test_steps_by_hand_are_listed_once_with_their_file(bare: Folder) -> None:
    for command in ("plan", "apply"):
        shown = bare.run(command).out
        assert "do these steps by hand" in shown
        assert shown.count("✋ quiz  “Check what you know”") == 1
        assert "ID number: stewardpath:small:check, questions: small.check.xml" in shown
        assert f"Questions to import (Moodle XML) are in {(bare.path / FILE).parent}" in shown
    assert len(ElementTree.parse(bare.path / FILE).findall("question")) == 2
    again = bare.run("plan", "--format", "json").data["plans"]
    assert isinstance(again, list)
    assert {change["action"] for change in again[0]["changes"]} == {"by-hand"}
