"""Damaged and questionable member numbers, from the command line."""

from __future__ import annotations

from tests.cli.command_runner import Folder

HEADER = "number,email,first_name,last_name\n"


def import_rows(folder: Folder, *rows: str, code: int = 0) -> str:
    (folder.path / "m.csv").write_text(HEADER + "\n".join(rows), encoding="utf-8")
    return folder.run("members", "import", "m.csv", code=code).out


def test_an_import_makes_no_second_member_and_a_person_answers(folder: Folder) -> None:
    import_rows(folder, "00125,kim@example.org,Kim,Doe", "7,lee@example.org,Lee,")
    out = import_rows(
        folder, "125,kim@example.org,Kim,Doe", "8,lee@example.org,Lee,", "1e+05,a@b.ca,A,B", code=1
    )
    assert "0 created, 0 changed, 0 unchanged" in out
    for words in ("line 2: a member has the same number in another spelling",
                  "line 3: a member with another number has the same name and email",
                  "line 4: the spreadsheet shortened the member number"):  # fmt: skip
        assert words in out
    listed = folder.run("members", "number-questions").out
    assert "1: Is number 125 (Kim Doe <kim@example.org>, from csv)" in listed
    assert "the same person as member 00125, Kim Doe <kim@example.org>?" in listed
    assert "1 question answered." in folder.run("members", "answer-number", "same", "1").out
    assert "1 question answered." in folder.run("members", "answer-number", "replace", "2").out
    out = import_rows(folder, "125,kim@example.org,Kim,New", "8,lee@example.org,Lee,")
    assert "0 created, 1 changed, 1 unchanged" in out
    assert folder.run("members", "show", "125", "--format", "json").data["number"] == "00125"
    assert folder.run("members", "show", "7", "--format", "json").data["number"] == "8"
    assert "No questions." in folder.run("members", "number-questions").out
    listed = folder.run("members", "number-questions", "--answered").out
    assert "Answered “replace” by cli:tester" in listed
    assert "1 question withdrawn." in folder.run("members", "answer-number", "withdraw", "1").out
    assert (
        "99: There is no such" in folder.run("members", "answer-number", "same", "99", code=1).err
    )


def test_one_member_is_refused_with_the_reason(folder: Folder) -> None:
    add = ("members", "add", "--email", "kim@example.org", "--first-name", "Kim")
    assert "Signed up." in folder.run(*add, "--number", "00125").out
    assert "as a quantity" in folder.run(*add, "--number", "125.0", code=1).err
    assert "in another spelling" in folder.run(*add, "--number", "125", code=1).err
    assert "the name is missing" in folder.run(*add[:4], "--number", "9", code=1).err
    assert "1: Is number 125" in folder.run("members", "number-questions").out, "it was stored"


def test_other_roles_are_accepted_with_a_warning(folder: Folder) -> None:
    unknown = "no curriculum and no setting names the role `stewrad`, so it opens nothing."
    add = ("members", "add", "--number", "7", "--email", "kim@example.org", "--first-name", "Kim")
    printed = folder.run(*add, "--role", "stewrad;délégué·e en chef", "--language", "de")
    assert f"Note: {unknown} Did you mean steward?" in printed.err
    assert "Note: pages and emails are in en and fr only, not in de." in printed.err
    assert folder.run(*add, "--role", "trustee;*", "--language", "Français").out == "Updated.\n"
    roles = folder.run("members", "show", "7", "--format", "json").data["roles"]
    assert isinstance(roles, list)
    assert [each["role"] for each in roles] == ["stewrad", "chief-steward", "trustee"]
    assert unknown in folder.run("members", "role", "7", "stewrad", "--unit", "1").err
    assert folder.run("members", "role", "7", "steward").err == ""
    (folder.path / "m.csv").write_text(HEADER.strip() + ",role\n7,kim@example.org,Kim,,stewrad\n")
    assert f"1 row: {unknown}" in folder.run("members", "import", "m.csv").err
    data = folder.run("members", "import", "m.csv", "--format", "json").data
    assert data["warnings"] == [{"warning": f"{unknown} Did you mean steward?", "rows": 1}]


def test_a_role_of_the_settings_is_known(folder: Folder) -> None:
    with (folder.path / "config.yaml").open("a") as file:
        file.write("\nmember_roles:\n  driver: {en: Bus driver, fr: Chauffeur}\n")
    add = ("members", "add", "--number", "7", "--email", "kim@example.org", "--first-name", "Kim")
    assert folder.run(*add, "--role", "chauffeur").err == ""
    assert folder.run("members", "show", "7", "--format", "json").data["role"] == "driver"
