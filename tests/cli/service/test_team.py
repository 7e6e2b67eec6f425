"""`team`: list, invite, confirm and remove."""

from __future__ import annotations

import pytest

from tests.cli.command_runner import Folder

SETTINGS = "\nregions: {north: {name: North}}\n"
KIM = ("team", "invite", "kim@union.example", "--name", "Kim Diaz")


@pytest.fixture
def folder(folder: Folder) -> Folder:
    file = folder.path / "config.yaml"
    known = file.read_text(encoding="utf-8") if file.exists() else ""
    file.write_text(known + SETTINGS, encoding="utf-8")
    return folder


def test_roles_are_given_listed_and_ended(folder: Folder) -> None:
    assert folder.run("team", "list").out == "No roles were given.\n"
    invited = folder.run(*KIM, "--role", "payroll", "--role", "chair", "--region", "north")
    assert invited.out == "Invited: Regional chair.\nInvited: Payroll.\n"
    assert folder.run(*KIM, "--role", "payroll").out == "No change: Payroll was given before.\n"
    listed = folder.run("team", "list").out
    assert "kim@union.example" in listed
    assert "Regional chair (north): invited" in listed
    roles = folder.run("team", "list", "--format", "json").data["roles"]
    assert isinstance(roles, list)
    assert [each["role"] for each in roles] == ["chair", "payroll"]
    assert folder.run("team", "confirm", "1").out == "No change.\n"
    removed = folder.run("team", "remove", str(roles[1]["id"])).out
    assert removed == "Ended: Payroll of kim@union.example.\n"
    assert "Payroll" not in folder.run("team", "list").out


def test_mistakes_are_explained(folder: Folder) -> None:
    assert "no region was chosen" in folder.run(*KIM, "--role", "chair", code=1).err.lower()
    wrong = folder.run(*KIM, "--role", "chair", "--region", "x", code=1).err
    assert "north" in wrong
    assert "Invalid value" in folder.run(*KIM, "--role", "member", code=2).err
    assert "there is no role 9" in folder.run("team", "confirm", "9", code=1).err.lower()
    assert "not there any more" in folder.run("team", "remove", "9", code=1).err
