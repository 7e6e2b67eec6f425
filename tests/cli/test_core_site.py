"""A Moodle without the companion: what the commands tell the person who has to help."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.cli.command_runner import Folder
from tests.support.sandbox_server import TOKEN, running_sandbox

from .conftest import furnish

FILE = "var/moodle-xml/small.check.xml"


@pytest.fixture
def bare(tmp_path: Path) -> Iterator[Folder]:
    folder = furnish(tmp_path)
    with running_sandbox(tmp_path / "bare.db", companion=False) as site:
        text = (tmp_path / "config.yaml").read_text()
        folder.write("config.yaml", f"{text}moodle: {{url: '{site.url}'}}\n")
        folder.secrets = {"STEWARDPATH_MOODLE_TOKEN": TOKEN}
        yield folder


def test_doctor_says_which_way_and_why(bare: Folder) -> None:
    shown = bare.run("doctor").out
    assert "! way to moodle  by core services alone, because the token offers no function" in shown
    assert "stewardpath moodle plugin" in shown


def test_what_is_for_a_person_is_listed_once_with_its_file(bare: Folder) -> None:
    for command in ("plan", "apply"):
        shown = bare.run(command).out
        assert "these are for a person" in shown
        assert shown.count("✋ quiz  “Check what you know”") == 1
        assert "ID number: stewardpath:small:check, questions: small.check.xml" in shown
        assert f"Questions to import (Moodle XML) are in {(bare.path / FILE).parent}" in shown
    assert len(ElementTree.parse(bare.path / FILE).findall("question")) == 2
    again = bare.run("plan", "--format", "json").data["plans"]
    assert isinstance(again, list)
    assert {change["action"] for change in again[0]["changes"]} == {"by-hand"}
