"""`members edit`, `merge`, `deactivate`, `reactivate` and notes."""

from __future__ import annotations

from tests.cli.command_runner import Folder
from tests.cli.members.test_member_commands import add


def add_lee(folder: Folder, number: str = "9") -> int:
    """Add another member; return their ID."""
    lee = ("--number", number, "--email", "lee@example.org", "--first-name", "Lee")
    added = folder.run("members", "add", *lee, "--region", "north", "--format", "json").data
    assert (added["added"], added["changed"]) == (True, True)
    return int(added["id"])


def shown(folder: Folder, number: str) -> dict[str, object]:
    return dict(folder.run("members", "show", number, "--format", "json").data)


def test_details_are_edited_and_cleared(folder: Folder) -> None:
    add(folder)
    edit = ("members", "edit", "7")
    ran = folder.run(*edit, "--unit", "Transit", "--last-name", "-", "--region", "North")
    assert ran.out == "Updated.\n"
    assert (shown(folder, "7")["unit"], shown(folder, "7")["region"]) == ("Transit", "north")
    assert folder.run(*edit, "--unit", "Transit").out == "No change.\n"
    assert "there is no region" in folder.run(*edit, "--region", "nrth", code=1).err
    assert "the name is missing" in folder.run(*edit, "--first-name", "-", code=1).err
    changed = folder.run(*edit, "--number", "70", "--keep-former-number", "--format", "json").data
    assert changed["changed"] is True
    assert shown(folder, "7") == shown(folder, "70")


def test_whoever_has_the_number_or_email_is_a_question(folder: Folder) -> None:
    add(folder)
    lee = add_lee(folder)
    edit = ("members", "edit", "7", "--email", "lee@example.org")
    asked = folder.run(*edit, code=1)
    assert f"add --other-than {lee}." in asked.err
    [similar] = folder.run(*edit, "--format", "json", code=1).data["similar"]
    assert (similar["id"], similar["why"]) == (lee, "email")
    assert folder.run(*edit, "--other-than", str(lee)).out == "Updated.\n"
    taken = folder.run("members", "edit", "7", "--number", "9", code=1)
    assert "this is a member already" in taken.err


def test_a_member_is_deactivated_and_reactivated(folder: Folder) -> None:
    add(folder)
    why = ("--reason", "Moved")
    assert folder.run("members", "deactivate", "7", *why).out == "Deactivated.\n"
    assert folder.run("members", "deactivate", "7", *why).out == "No change.\n"
    assert shown(folder, "7")["status"] == "left"
    data = folder.run("members", "reactivate", "7", *why, "--format", "json").data
    assert data["changed"] is True
    assert shown(folder, "7")["status"] == "member"
    assert "Missing option" in folder.run("members", "deactivate", "7", code=2).err


def test_notes_are_written_listed_changed_and_removed(folder: Folder) -> None:
    add(folder)
    assert folder.run("members", "notes", "7").out == "None yet.\n"
    assert folder.run("members", "note", "7", "Call at five").out == "Saved as note 1.\n"
    assert folder.run("members", "note", "7", "Call at five").out == "No change.\n"
    assert folder.run("members", "change-note", "1", "Call at six").out == "Saved.\n"
    [note] = folder.run("members", "notes", "7", "--format", "json").data["notes"]
    assert note["text"] == "Call at six"
    other = folder.run("members", "change-note", "1", "x", code=1, USER="someone", SUDO_USER="")
    assert "only the person who wrote a note" in other.err
    assert folder.run("members", "remove-note", "1").out == "Removed.\n"
    assert "there is no such note" in folder.run("members", "remove-note", "1", code=1).err


def test_two_records_are_merged_after_a_preview(folder: Folder) -> None:
    add(folder)
    lee = add_lee(folder)
    folder.run("members", "note", "9", "Called")
    merge = ("members", "merge", "7", f"id:{lee}", "--take", "email")
    seen = folder.run(*merge, "--preview").out
    assert "email: kim@example.org | lee@example.org → lee@example.org" in seen
    assert "region: - | north → north" in seen
    assert "moves: member_note 1" in seen
    assert "Add --yes or --preview." in folder.run(*merge, "--format", "json", code=1).err
    done = folder.run(*merge, "--yes", "--format", "json").data
    assert (done["merged"], done["removed"], done["moved"]["member_note"]) == (True, lee, 1)
    assert "lee@example.org" in folder.run("members", "export", "7").out
    assert shown(folder, "9")["region"] == "north"
    assert "there is no such member" in folder.run(*merge, "--yes", code=1).err
