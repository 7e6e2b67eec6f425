"""`access`: who has which role, and what it opens."""

from __future__ import annotations

import pytest

from tests.cli.command_runner import Folder

SETTINGS = """
committee: [education@union.example]
payroll: [Payroll@union.example, education@union.example]
regions: {north: {name: North, chair: {name: C, email: chair@union.example}}}
"""


@pytest.fixture
def folder(folder: Folder) -> Folder:
    file = folder.path / "config.yaml"
    known = file.read_text(encoding="utf-8") if file.exists() else ""
    file.write_text(known + SETTINGS, encoding="utf-8")
    return folder


def test_the_roles_of_the_configuration(folder: Folder) -> None:
    shown = folder.run("access").out
    assert "Payroll: Payroll@union.example, education@union.example\n" in shown
    assert "Regional chair: chair@union.example\n" in shown
    assert "Approver: nobody\n" in shown
    roles = folder.run("access", "--format", "json").data["roles"]
    assert isinstance(roles, dict)
    assert roles["committee"] == ["education@union.example"]


def test_the_rights_of_one_person(folder: Folder) -> None:
    both = folder.run("access", "EDUCATION@union.example").out
    assert both.startswith("EDUCATION@union.example: Payroll, Committee\n")
    assert "  Payroll batches: all\n" in both
    assert "Claims" not in both
    chair = folder.run("access", "chair@union.example", "--format", "json").data
    assert (chair["roles"], chair["regions"]) == (["chair"], ["north"])
    assert folder.run("access", "x@union.example").out == "x@union.example: no role\n"


def test_a_member(folder: Folder) -> None:
    folder.run("members", "add", "--number", "7", "--email", "m@union.example",
               "--first-name", "A", "--last-name", "B")  # fmt: skip
    assert folder.run("access", "m@union.example").out.startswith("m@union.example: Member\n")


def test_the_tables(folder: Folder) -> None:
    assert "| Claims and their receipts 🔒 |" in folder.run("access", "--table").out


def test_an_invalid_address_is_named(folder: Folder) -> None:
    file = folder.path / "config.yaml"
    text = file.read_text(encoding="utf-8").replace("Payroll@union.example,", "payroll,")
    file.write_text(text, encoding="utf-8")
    error = folder.run("access", code=1).err
    assert "config.yaml" in error
    assert "`payroll.0`: is not an email address" in error
