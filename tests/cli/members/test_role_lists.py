"""`roles`: giving a role to a list, ending it, and undoing both."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Folder

MEMBERS = "number,email,first_name,last_name\n" + "".join(
    f"{n},m{n}@example.org,First{n},Last{n}\n" for n in range(1, 6)
)
GIVE = ("roles", "give", "trustee", "people.txt")


@pytest.fixture
def people(folder: Folder) -> Path:
    folder.write("members.csv", MEMBERS)
    folder.run("members", "import", "members.csv")
    folder.write("people.txt", "1\nm2@example.org\n3, 99\n")
    return folder.path / "people.txt"


def test_a_preview_records_nothing(folder: Folder, people: Path) -> None:
    shown = folder.run(*GIVE, "--preview").out
    assert "m2@example.org  First2 Last2: new" in shown
    assert "3 new, 1 not found" in shown
    assert folder.run("roles", "list").out == "Nothing was recorded yet.\n"


def test_a_role_is_given_ended_and_both_are_undone(folder: Folder, people: Path) -> None:
    done = folder.run(*GIVE, "--since", "2026-01-01", "--until", "2029-06-30", "--yes").out
    assert "Recorded for 3 members (list 1).\n" in done
    again = folder.run(*GIVE, "--since", "2026-01-01", "--preview").out
    assert "has it on some of these days (2026-01-01 to 2029-06-30)" in again
    ended = folder.run("roles", "end", "trustee", "people.txt", "--until", "2026-02-01", "--yes")
    assert "Recorded for 3 members (list 2).\n" in ended.out
    assert "trustee ended  3 members" in folder.run("roles", "list").out
    assert folder.run("roles", "undo", "2").out == "Undone for 3 members.\n"
    assert folder.run("roles", "undo", "2").out == "No change.\n"
    undone = folder.run("roles", "undo", "1", "--format", "json").data
    assert undone == {"undone": 3, "not_undone": 0, "to_decide": 0}
    assert "trustee ended  3 members, undone" in folder.run("roles", "list").out


def test_json_has_every_line(folder: Folder, people: Path) -> None:
    assert "--yes or --preview" in folder.run(*GIVE, "--format", "json", code=1).err
    data = folder.run(*GIVE, "--yes", "--format", "json").data
    assert (data["list"], data["recorded"], data["counts"]) == (1, 3, {"new": 3, "not-found": 1})
    assert data["lines"][0]["member"]["number"] == "1"
    assert [each["kind"] for each in folder.run("roles", "list", "--format", "json").data["lists"]]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--since", "2026-02-01", "--until", "2026-01-01"), "ends before it begins"),
        (("--region", "nowhere"), "nowhere"),
        (("--since", "1800-01-01"), "1800-01-01 is too long ago"),
        (("--until", "1800-01-01"), "ends before it begins"),
    ],
)
def test_a_wrong_role_is_refused(
    folder: Folder, people: Path, arguments: tuple[str, ...], said: str
) -> None:
    assert said in folder.run(*GIVE, *arguments, "--yes", code=1).err
    assert "no such list" in folder.run("roles", "undo", "9", code=1).err
