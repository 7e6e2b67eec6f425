"""`members record`: as text, JSON and CSV."""

from __future__ import annotations

from tests.cli.command_runner import Folder

from .test_member_commands import add

AID = ("credits", "add", "7", "certificate", "first-aid", "--by", "=Lee", "--on", "2026-05-04")
RECORD = ("members", "record", "7")


def test_a_record_is_printed_in_every_format(folder: Folder) -> None:
    add(folder)
    assert folder.run(*RECORD).out == "Nothing yet.\n"
    folder.run(*AID, "--until", "2029-05-04")
    folder.run("credits", "add", "7", "program", "leadership", "--by", "Kim", "--on", "2026-06-01")
    folder.run("credits", "withdraw", "1", "--reason", "A typing error")
    new, old = folder.run(*RECORD).out.splitlines()
    assert new.split() == ["2026-06-01", "program", "Program:", "leadership"]
    assert old.startswith("2026-05-04  certificate Certificate: first aid ")
    assert old.endswith(": A typing error")
    lines = folder.run(*RECORD, "--kind", "certificate", "--format", "json").data["lines"]
    assert isinstance(lines, list)
    assert [(each["key"], each["valid_until"]) for each in lines] == [("first-aid", "2029-05-04")]
    header, *rows = folder.run(*RECORD, "--format", "csv").out.splitlines()
    assert header.startswith("on,kind,title,result,grade,by,note,valid_until,withdrawn_on")
    assert rows[1].startswith("2026-05-04,certificate,Certificate: first aid,,,'=Lee,,2029-05-04,")


def test_an_unknown_kind_lists_those_known(folder: Folder) -> None:
    add(folder)
    shown = folder.run(*RECORD, "--kind", "medal", code=1).err
    assert "there is no kind medal" in shown
    assert "certificate" in shown


def test_an_unknown_member_is_told(folder: Folder) -> None:
    assert "no such member" in folder.run(*RECORD, code=1).err
