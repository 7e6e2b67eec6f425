"""`credits`: list, add and withdraw."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from tests.cli.command_runner import Folder

from .test_member_commands import add

AID = ("credits", "add", "7", "certificate", "first-aid", "--by", "Lee", "--on", "2026-05-04")


def test_a_credit_is_added_once_and_withdrawn(folder: Folder) -> None:
    add(folder)
    assert folder.run("credits", "list", "7").out == "No credits.\n"
    assert folder.run(*AID).out == "Recorded.\n"
    assert folder.run(*AID).out == "No change: it was recorded before.\n"
    renewed = (*AID[:-1], "2026-06-04", "--until", "2029-06-04", "--format", "json")
    assert folder.run(*renewed).data == {"recorded": True, "awarded": 0, "required": False}
    rows = folder.run("credits", "list", "7", "--format", "json").data["credits"]
    assert isinstance(rows, list)
    assert [(row["key"], row["occurred_on"], row["valid_until"]) for row in rows] == [
        ("first-aid", "2026-05-04", None),
        ("first-aid", "2026-06-04", "2029-06-04"),
    ]
    withdraw = ("credits", "withdraw", str(rows[0]["id"]), "--reason", "A typing error")
    assert folder.run(*withdraw).out == "Withdrawn.\n"
    assert folder.run(*withdraw).out == "No change: it was withdrawn before.\n"
    assert "(withdrawn: A typing error)" in folder.run("credits", "list", "7").out
    assert folder.run(*AID).out == "Recorded.\n", "it can be recorded again"


def test_bad_input(folder: Folder) -> None:
    add(folder)
    assert "not a valid key" in folder.run(*AID[:4], "First Aid", *AID[5:], code=1).err
    assert "in the future" in folder.run(*AID[:-1], "2999-01-01", code=1).err
    assert "is before --on" in folder.run(*AID, "--until", "2020-01-01", code=1).err
    assert "no such credit" in folder.run("credits", "withdraw", "9", "--reason", "x", code=1).err
    folder.run(*AID)
    assert "is empty" in folder.run("credits", "withdraw", "1", "--reason", " ", code=1).err


def test_a_withdrawn_signoff_names_the_milestone_that_stays(folder: Folder) -> None:
    add(folder)
    first = (folder.path / "curricula/small/first.yaml").read_text()
    needed = first.replace("  - quiz: check\nack", "  - signoff: met\nack")
    folder.write("curricula/small/first.yaml", needed)
    folder.run("members", "signoff", "7", "met", "--by", "Lee")
    words = ("credits", "withdraw", "1", "--reason", "Not attended")
    assert "Add --milestones keep, --milestones withdraw or" in folder.run(*words, code=1).err
    keep = (*words, "--milestones", "keep")
    assert "Say with --note why the milestones stay." in folder.run(*keep, code=1).err
    out = folder.run(*keep, "--note", "She was there").out
    assert "Still awarded: first (award 1)." in out


def test_the_milestone_can_be_withdrawn_too_and_on_its_own(folder: Folder) -> None:
    add(folder)
    first = (folder.path / "curricula/small/first.yaml").read_text()
    needed = first.replace("  - quiz: check\nack", "  - signoff: met\nack")
    folder.write("curricula/small/first.yaml", needed)
    signoff = ("members", "signoff", "7", "met", "--by", "Lee")
    folder.run(*signoff)
    words = ("credits", "withdraw", "1", "--reason", "Not attended", "--milestones", "withdraw")
    assert "Withdrawn too: first (award 1)." in folder.run(*words).out
    assert "(withdrawn: Not attended)" in folder.run("awards", "list", "7").out
    assert "1 milestone awarded." in folder.run(*signoff).out, "its requirements were unmet"
    withdraw = ("awards", "withdraw", "2", "--reason", "By mistake", "--format", "json")
    assert folder.run(*withdraw).data == {"withdrawn": True}
    assert folder.run(*withdraw).data == {"withdrawn": False}
    assert folder.run("awards", "allow", "2").out == (
        "It can be earned again.\n1 milestone awarded.\n"
    )
    assert folder.run("awards", "allow", "2").out == "No change.\n"
    rows = folder.run("awards", "list", "7", "--format", "json").data["awards"]
    assert isinstance(rows, list)
    assert [(row["id"], row["withdrawn_at"] is None) for row in rows] == [
        (3, True), (1, False), (2, False),
    ]  # fmt: skip
    assert "no such award" in folder.run("awards", "allow", "9", code=1).err
    assert "is empty" in folder.run("awards", "withdraw", "3", "--reason", " ", code=1).err


def test_a_credit_without_a_day_happened_on_the_unions_day(folder: Folder) -> None:
    zones = ("Etc/GMT+12", "Pacific/Kiritimati")  # at any time, one of them has another day
    zone = next(each for each in zones if _day(each) != _day("UTC"))
    folder.write("config.yaml", f"{(folder.path / 'config.yaml').read_text()}\ntimezone: {zone}\n")
    add(folder)
    before = _day(zone)
    folder.run("credits", "add", "7", "certificate", "first-aid", "--by", "Lee")
    [row] = folder.run("credits", "list", "7", "--format", "json").data["credits"]  # type: ignore[misc]
    assert row["occurred_on"] in (before, _day(zone))


def _day(zone: str) -> str:
    return datetime.now(ZoneInfo(zone)).date().isoformat()


def test_a_credit_that_no_milestone_requires_is_recorded_with_a_warning(folder: Folder) -> None:
    add(folder)
    first = (folder.path / "curricula/small/first.yaml").read_text()
    needed = first.replace("  - quiz: check\nack", "  - certificate: first-aid\nack")
    folder.write("curricula/small/first.yaml", needed)
    wrong = folder.run(*AID[:4], "frist-aid", *AID[5:])
    assert wrong.out == "Recorded.\n"
    assert "requires the certificate credit frist-aid" in wrong.err
    assert "Did you mean first-aid?" in wrong.err
    assert "Required: first-aid." in folder.run(*AID[:4], "forklift", *AID[5:]).err
    assert "requires" in folder.run(*AID[:3], "session", *AID[4:]).err, "of another kind"
    assert folder.run(*AID).err == ""
