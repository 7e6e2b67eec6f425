"""`consultations list`, `open`, `invite`, `close`, `reopen` and `export`."""

from __future__ import annotations

from tests.cli.command_runner import Folder

PEOPLE = "Kim Example <kim@employer.example>\nlou@employer.example\n"


def open_one(folder: Folder, about: str = "small/first") -> str:
    opened = folder.run(
        "consultations", "open", about, "2999-04-17 18:00", "--title", "First", "--format", "json"
    )
    return str(opened.data["consultation"])


def test_from_open_to_reopened(folder: Folder) -> None:
    assert folder.run("consultations", "list").out == "No consultations.\n"
    number = open_one(folder)
    folder.write("people.txt", PEOPLE)
    invite = ("consultations", "invite", number, "people.txt", "--group", "Board")
    assert "Invited: 2. Invited already: 0." in folder.run(*invite, "--degree", "decides").out
    assert "Invited: 0. Invited already: 2." in folder.run(*invite).out
    [listed] = folder.run("consultations", "list", "--format", "json").data["consultations"]
    assert (listed["state"], listed["invited"], listed["answered"]) == ("open", 2, 0)
    assert "Closed." in folder.run("consultations", "close", number).out
    assert "closed already" in folder.run("consultations", "close", number).out
    assert "closed" in folder.run("consultations", "list").out
    folder.run("consultations", "reopen", number, "2999-05-17 18:00")
    assert "until 2999-05-17 18:00" in folder.run("consultations", "list").out


def test_export(folder: Folder) -> None:
    number = open_one(folder, "small")
    table = folder.run("consultations", "export", number).out.splitlines()
    assert table[0].startswith("milestone,point,kind,text,group")
    assert "first,first/expectation-1,expectation,Knows where it begins" in table[2]
    rows = folder.run("consultations", "export", number, "--format", "json").data["answers"]
    assert {each["milestone"] for each in rows} == {"first", "second"}
    assert "no such consultation" in folder.run("consultations", "export", "99", code=1).err


def test_a_list_with_a_wrong_line_invites_nobody(folder: Folder) -> None:
    number = open_one(folder)
    folder.write("people.txt", PEOPLE + "nobody\n")
    result = folder.run("consultations", "invite", number, "people.txt", "--group", "Board", code=1)
    assert "line 3: nobody" in result.err
    assert "0 of 0 answered" in folder.run("consultations", "list").out


def test_what_can_not_be_opened(folder: Folder) -> None:
    wrong = folder.run(
        "consultations", "open", "small/none", "2999-04-17 18:00", "--title", "X", code=1
    )
    assert "there is no milestone `none`" in wrong.err
