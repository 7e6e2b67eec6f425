"""`signoffs`: recording a list, and undoing it; `awards decisions` and `awards decide`."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Folder

MEMBERS = "number,email,first_name,last_name\n" + "".join(
    f"{n},m{n}@example.org,First{n},Last{n}\n" for n in range(1, 6)
)


@pytest.fixture
def people(folder: Folder) -> Path:
    """Five members, a milestone that a sign-off earns, and a list of three of them."""
    folder.write("members.csv", MEMBERS)
    folder.run("members", "import", "members.csv")
    first = (folder.path / "curricula/small/first.yaml").read_text()
    needed = first.replace("  - quiz: check\nack", "  - signoff: met\nack")
    folder.write("curricula/small/first.yaml", needed)
    folder.write("people.txt", "1\nm2@example.org\n3, 99\n")
    return folder.path / "people.txt"


RECORD = ("signoffs", "record", "met", "people.txt", "--by", "Lee")


def test_a_preview_records_nothing(folder: Folder, people: Path) -> None:
    shown = folder.run(*RECORD, "--preview").out
    assert "m2@example.org  First2 Last2 (2): new" in shown
    assert "99  not found" in shown
    assert "3 new, 1 not found" in shown
    assert folder.run("signoffs", "list").out == "Nothing was recorded yet.\n"


def test_a_list_is_recorded_and_withdrawn_again(folder: Folder, people: Path) -> None:
    folder.run("members", "signoff", "3", "met", "--by", "Kim")
    done = folder.run(*RECORD, "--yes").out
    assert "3  First3 Last3 (3): already signed off on" in done
    assert "Recorded for 2 members (list 1).\n2 milestones awarded.\n" in done
    assert "met  2 members" in folder.run("signoffs", "list").out
    assert "Add --reason." in folder.run("signoffs", "undo", "1", code=1).err
    undone = folder.run("signoffs", "undo", "1", "--reason", "Wrong course").out
    assert (
        undone == "2 sign-offs withdrawn.\n2 milestones to decide: stewardpath awards decisions\n"
    )
    assert "No change" in folder.run("signoffs", "undo", "1").out
    assert "1  1  first  lacks signoff:met: Wrong course" in folder.run("awards", "decisions").out
    decide = ("awards", "decide", "1", "keep", "--reason", "Was there")
    assert folder.run(*decide).out == "It stays.\n"
    assert folder.run(*decide, "--format", "json").data == {"decided": False}
    withdraw = ("awards", "decide", "2", "withdraw", "--reason", "Not earned")
    assert folder.run(*withdraw).out == "Withdrawn.\n"
    assert folder.run("awards", "decisions").out == "Nothing to decide.\n"
    assert "Not earned" in folder.run("awards", "list", "2").out


def test_as_json(folder: Folder, people: Path) -> None:
    assert "Add --yes or --preview." in folder.run(*RECORD, "--format", "json", code=1).err
    data = folder.run(*RECORD, "--yes", "--format", "json").data
    assert data["counts"] == {"new": 3, "not-found": 1}
    assert (data["recorded"], data["awarded"], data["list"]) == (3, 3, 1)
    [first, *_] = data["lines"]
    assert (first["text"], first["member"]["first_name"]) == ("1", "First1")
    lists = folder.run("signoffs", "list", "--format", "json").data["lists"]
    assert [(each["id"], each["count"]) for each in lists] == [(1, 3)]
    undone = folder.run("signoffs", "undo", "1", "--reason", "x", "--format", "json").data
    assert undone == {"withdrawn": 3, "to_decide": 3, "stay": 0}
    assert len(folder.run("awards", "decisions", "--format", "json").data["decisions"]) == 3


def test_what_is_wrong_is_said(folder: Folder, people: Path) -> None:
    assert (
        "no curriculum requires"
        in folder.run(
            "signoffs", "record", "meet", "people.txt", "--by", "Lee", "--yes", code=1
        ).err
    )
    assert "is in the future" in folder.run(*RECORD, "--on", "2999-01-01", "--yes", code=1).err
    assert "is too long ago" in folder.run(*RECORD, "--on", "1926-01-01", "--yes", code=1).err
    assert "no such list" in folder.run("signoffs", "undo", "9", code=1).err
    assert (
        "no such decision"
        in folder.run("awards", "decide", "9", "keep", "--reason", "x", code=1).err
    )


def test_undoing_says_what_was_recorded_again(folder: Folder, people: Path) -> None:
    folder.run(*RECORD, "--yes")
    folder.run("credits", "withdraw", "1", "--reason", "Wrong day", "--milestones", "later")
    folder.run("members", "signoff", "1", "met", "--by", "Kim")
    undone = folder.run("signoffs", "undo", "1", "--reason", "Wrong list").out
    assert "2 sign-offs withdrawn." in undone
    assert "Corrected or recorded again, and left as it is: 1 member" in undone
