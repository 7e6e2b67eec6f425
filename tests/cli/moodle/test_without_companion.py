"""A Moodle without the companion plugin: what the commands print for the steps by hand."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast
from xml.etree import ElementTree

import pytest

from bridge.moodle.sandbox.webservice import registry
from bridge.moodle.site.needed_functions import needed
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
    assert "only core services, because the token has no access to the companion" in shown
    assert "stewardpath moodle plugin" in shown


def test_steps_by_hand_are_listed_once_with_their_file(bare: Folder) -> None:
    for command in ("plan", "apply"):
        shown = bare.run(command).out
        assert "do these steps by hand" in shown
        assert shown.count("✋ quiz  “Check what you know”") == 1
        assert (
            "ID number: stewardpath:small:check, files: small.check.txt, small.check.xml" in shown
        )
        assert f"questions to import (Moodle XML) are in {(bare.path / FILE).parent}" in shown
    assert len(ElementTree.parse(bare.path / FILE).findall("question")) == 2
    again = bare.run("plan", "--format", "json").data["plans"]
    assert isinstance(again, list)
    assert {change["action"] for change in again[0]["changes"]} == {"by-hand"}


def test_the_files_are_in_the_data_of_apply(bare: Folder) -> None:
    (applied,) = cast("list[Any]", bare.run("apply", "--format", "json").data["applied"])
    key = "stewardpath:small:check"
    assert (bare.path / applied["files"][key]).suffix == ".xml"
    assert "Check what you know" in (bare.path / applied["texts"][key]).read_text("utf-8")


def test_doctor_compares_the_functions_of_the_token(
    bare: Folder, monkeypatch: pytest.MonkeyPatch
) -> None:
    count = len(needed(companion=False))
    assert says(bare, "moodle functions") == [
        f"the token may call all {count} core functions that are needed."
    ]
    for name in ("enrol_manual_enrol_users", "core_get_string"):
        monkeypatch.delitem(registry._FUNCTIONS, name)
    with running_sandbox(bare.path / "less.db", companion=False) as site:
        file = bare.path / "config.yaml"
        file.write_text(re.sub(r"url: '[^']*'", f"url: '{site.url}'", file.read_text()))
        found = [each for each in findings(bare, 1) if each["what"] == "moodle functions"]
        assert [(each["state"], each["says"].split(":")[0]) for each in found] == [
            ("warning", "the token may not call core_get_string"),
            ("error", "the token may not call enrol_manual_enrol_users"),
        ]
        assert "members are not enrolled in courses" in found[1]["says"]


def test_doctor_says_whether_learners_see_one_language(bare: Folder) -> None:
    assert says(bare, "moodle languages") == []
    curriculum = bare.path / "curricula/small"
    top = curriculum / "curriculum.yaml"
    top.write_text(top.read_text() + "languages: [en, fr]\n")
    assert "only after `stewardpath apply`" in says(bare, "moodle languages")[0]


def findings(folder: Folder, code: int = 0) -> list[dict[str, str]]:
    found = folder.run("doctor", "--format", "json", code=code).data["findings"]
    return cast("list[dict[str, str]]", found)


def says(folder: Folder, what: str) -> list[str]:
    return [each["says"] for each in findings(folder) if each["what"] == what]
