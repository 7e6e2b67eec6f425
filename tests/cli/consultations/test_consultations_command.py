"""Consultations from opening them to their results, on the command line."""

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


POINT, OTHER = "first/expectation-1", "first/requirement-1"


def answered(folder: Folder) -> str:
    """A consultation that Kim has answered, as the committee entered it."""
    number = open_one(folder)
    folder.write("people.txt", PEOPLE)
    folder.run("consultations", "invite", number, "people.txt", "--group", "Employers")
    folder.run(
        "consultations", "answer", number, "kim@employer.example", "--keep", OTHER,
        "--change", POINT, "Give an example.", "--matters", OTHER, "--matters", POINT,
    )  # fmt: skip
    return number


def shown(folder: Folder, number: str) -> dict[str, dict[str, object]]:
    """The points by name."""
    points = folder.run("consultations", "show", number, "--format", "json").data["points"]
    assert isinstance(points, list)
    return {each["point"]: each for each in points}


def test_answers_are_entered_and_added_to(folder: Folder) -> None:
    number = answered(folder)
    points = shown(folder, number)
    assert points[POINT]["answers"] == {"change": 1}
    assert (points[OTHER]["weight"], points[POINT]["weight"]) == (3, 2)
    folder.run("consultations", "answer", number, "kim@employer.example", "--drop", OTHER,
               "--matters", POINT)  # fmt: skip
    points = shown(folder, number)
    assert points[OTHER]["answers"] == {"drop": 1}
    assert points[POINT]["answers"] == {"change": 1}
    assert (points[OTHER]["weight"], points[POINT]["weight"]) == (0, 3)
    [kim, lou] = folder.run("consultations", "people", number, "--format", "json").data["people"]
    assert (kim["entered_by"], lou["entered_by"]) == ("cli:tester", "")
    assert "kim@employer.example>  invited, answered" in folder.run(
        "consultations", "people", number
    ).out  # fmt: skip
    unknown = folder.run(
        "consultations", "answer", number, "no@employer.example", "--keep", POINT, code=1
    )
    assert "no@employer.example: this person isn't invited" in unknown.err


def test_respond_replace_take_back_send_and_finish(folder: Folder) -> None:
    number = answered(folder)
    respond = ("consultations", "respond", number, POINT)
    assert "Saved." in folder.run(*respond, "adopted", "Done.").out
    assert "No change." in folder.run(*respond, "adopted", "Done.").out
    refused = folder.run(*respond, "not-adopted", "No.", code=1)
    assert "the point has a response: Done. Add --replace" in refused.err
    assert "Taken back." in folder.run(*respond, "--take-back").out
    assert "No change." in folder.run(*respond, "--take-back").out
    early = folder.run("consultations", "send", number, code=1)
    assert "still open" in early.err
    folder.run("consultations", "close", number)
    missing = folder.run("consultations", "finish", number, code=1)
    assert "points without a response: 1" in missing.err
    folder.run(*respond, "not-adopted", "It is law.")
    assert folder.run("consultations", "send", number, "--format", "json").data == {"people": 1}
    assert "sent already" in folder.run(*respond, "--take-back", code=1).err
    folder.run(*respond, "adopted", "It is done.", "--replace")
    text = folder.run("consultations", "show", number).out
    assert "adopted (not sent yet): It is done." in text
    assert "Points to respond to: none" in text
    done = folder.run("consultations", "finish", number).out
    assert "Finished. 2 people get the result by email." in done
    assert shown(folder, number)[POINT]["sent"] is True
    assert "is finished" in folder.run(*respond, "adopted", "No.", "--replace", code=1).err


def test_wrong_uses_of_respond(folder: Folder) -> None:
    number = open_one(folder)
    unknown = folder.run("consultations", "respond", number, "x/whole", "adopted", "Yes.", code=1)
    assert "x/whole: this isn't a part of the draft." in unknown.err
    nothing = folder.run("consultations", "respond", number, POINT, code=2)
    assert "Give a decision and a text, or --take-back." in nothing.err
    both = folder.run(
        "consultations", "respond", number, POINT, "adopted", "Yes.", "--take-back", code=2
    )
    assert "or --take-back" in both.err


def test_invitations_are_withdrawn_given_again_and_sent_again(folder: Folder) -> None:
    number = answered(folder)
    withdraw = ("consultations", "withdraw", number, "kim@employer.example")
    nobody = folder.run(*withdraw, "no@employer.example", code=1)
    assert "isn't invited" in nobody.err
    assert folder.run(*withdraw, "--format", "json").data == {"withdrawn": 1}
    assert "0 invitations withdrawn." in folder.run(*withdraw).out
    assert shown(folder, number)[POINT]["answers"] == {}
    again = ("consultations", "resend", number)
    assert "was withdrawn" in folder.run(*again, "kim@employer.example", code=1).err
    assert "1 link sent." in folder.run(*again, "lou@employer.example").out
    folder.run("consultations", "invite", number, "people.txt", "--group", "Employers")
    assert shown(folder, number)[POINT]["answers"] == {"change": 1}


def test_groups_change_and_asking_for_approval(folder: Folder) -> None:
    number = open_one(folder)
    folder.run("consultations", "add-group", number, "Board", "--degree", "decides")
    assert "nobody is invited yet (Board)" in folder.run("consultations", "show", number).out
    remove = ("consultations", "remove-group", number, "Board")
    assert "Say why it is removed." in folder.run(*remove, code=1).err
    assert "Removed: Board" in folder.run(*remove, "--reason", "A mistake").out
    gone = folder.run("consultations", "remove-group", number, "Board", code=1)
    assert "there is no such group" in gone.err
    folder.write("people.txt", PEOPLE)
    folder.run("consultations", "invite", number, "people.txt", "--group", "Board", "--degree",
               "decides")  # fmt: skip
    assert "2 people are asked." in folder.run("consultations", "ask", number).out
    change = ("consultations", "change", number, "--title", "Another")
    assert "Changed." in folder.run(*change, "--closes", "2999-05-01 12:00").out
    assert "No change." in folder.run(*change).out
    [listed] = folder.run("consultations", "list", "--format", "json").data["consultations"]
    assert (listed["title"], listed["closes"]) == ("Another", "2999-05-01 12:00")
    folder.run("consultations", "close", number)
    unapproved = folder.run("consultations", "finish", number, code=1)
    assert "Kim Example (Board)" in unapproved.err
