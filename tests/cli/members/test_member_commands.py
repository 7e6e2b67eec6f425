"""`members`: import, add, show, sign off, export and erase."""

from __future__ import annotations

import csv
import json
from contextlib import closing
from datetime import UTC, datetime

import pytest

from bridge.foundations.forms import drafts
from bridge.foundations.forms.drafts import FormPlace
from bridge.foundations.owners import Owner
from bridge.privacy import link_person
from bridge.store.database import open_database
from bridge.store.persons import changes
from bridge.store.persons.records import PersonRecord
from tests.cli.command_runner import Folder
from tests.support.databases import write_ahead_log

MIXED_ROWS = (
    "\ufeffMember Number;E-Mail;First Name;Last Name;Region;Role;Role since;Shoe size\r\n"
    "1001;ann@example.org;Ann;Éxample;north;;;38\r\n"
    '1002;bob@example.org;Bob;"Ex;ample";NORTH;steward;2026-01-31;44\r\n'
    "1003;not an address;Cy;Example;;;;\r\n"
    "1001;other@example.org;Ann;Example;;;;\r\n"
    "1004;di@example.org;Di;Example;nrth;;;\r\n"
    "1005;eve@example.org;Eve;Example;;;31.01.2026;\r\n"
    "\r\n"
    ";fay@example.org;Fay;Example;;;;\r\n"
    "1006;gus@example.org;Gus;Example\r\n"
    "1,5E+03;hal@example.org;Hal;Example;;;;\r\n"
    '1007;ida@example.org;"Ida;Example;;;;\r\n'
)
REFUSED_LINES = [4, 5, 6, 7, 9, 10, 11, 12]
KIM = ("--number", "7", "--email", "kim@example.org", "--first-name", "Kim", "--last-name", "Doe")


def add(folder: Folder, *more: str) -> str:
    return folder.run("members", "add", *KIM, *more).out


def test_facts_are_added_cleared_and_shown_without_private_ones(folder: Folder) -> None:
    facts = ("--status", "Retired", "--unit", "Transit 12", "--payroll-number", "P-77")
    assert add(folder, *facts) == "Signed up.\n"
    shown = folder.run("members", "show", "7").out
    assert "status         retired" in shown
    assert "unit           Transit 12" in shown
    assert "P-77" not in shown
    assert "P-77" in folder.run("members", "export", "7").out
    assert add(folder, "--unit", "-") == "Updated.\n"
    assert folder.run("members", "show", "7", "--format", "json").data["unit"] == ""
    refused = folder.run("members", "add", *KIM, "--status", "gone", code=1)
    assert "there is no status `gone`" in refused.err


def test_import_reports_every_invalid_row(folder: Folder) -> None:
    folder.write("members.csv", MIXED_ROWS)
    ran = folder.run("members", "import", "members.csv", "--report", "refused.csv", code=1)
    assert "2 created, 0 changed, 0 unchanged." in ran.out
    assert "8 rows refused. Report: refused.csv" in ran.out
    assert "there is no region `nrth`; did you mean `north`?" in ran.out
    assert "`Shoe size`" in ran.err
    with (folder.path / "refused.csv").open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["line"]) for row in rows] == REFUSED_LINES
    assert all(row["reason"][-1] in ".?" for row in rows)
    again = folder.run("members", "import", "members.csv", "--format", "json", code=1).data
    assert (again["created"], again["changed"], again["unchanged"]) == (0, 0, 2)
    assert again["refused"] == [{"line": int(r["line"]), "reason": r["reason"]} for r in rows]


def test_import_says_which_roles_ended_and_how_to_keep_them(folder: Folder) -> None:
    def imported(role: str) -> str:
        row = f"7,anna@example.org,Anna,Ashevak,{role}"
        folder.write("roles.csv", f"number,email,first_name,last_name,role\n{row}\n")
        ran = folder.run("members", "import", "roles.csv")
        return ran.out + ran.err

    assert "ended" not in imported("steward")
    assert "ended" not in imported("trustee; *")
    assert "1 role ended" in imported("trustee")
    assert "such as `trustee;*`" in imported("mentor")
    folder.write("roles.csv", "number,email,first_name,last_name,role\n8,b@example.org,B,B,*\n")
    assert "no role beside it" in folder.run("members", "import", "roles.csv", code=1).out


def test_importing_a_valid_file_twice_changes_nothing(folder: Folder) -> None:
    folder.write("members.csv", "number,email,first_name,last_name\n1,a@example.org,Ann,Ex\n")
    assert "1 created" in folder.run("members", "import", "members.csv").out
    assert "1 unchanged" in folder.run("members", "import", "members.csv").out


def test_many_refused_rows_are_not_all_printed(folder: Folder) -> None:
    rows = "".join(f"{n},bad,Ann,Example\n" for n in range(50))
    folder.write("members.csv", "number,email,first_name,last_name\n" + rows)
    ran = folder.run("members", "import", "members.csv", code=1)
    assert "… and 30 more. To list all: --report FILE.csv" in ran.out


def test_import_refuses_files_that_are_not_member_lists(folder: Folder) -> None:
    folder.write("empty.csv", "")
    folder.write("other.csv", "name,shoe\nAnn,38\n")
    (folder.path / "image.csv").write_bytes(bytes(range(256)) * 4)
    for name in ("empty.csv", "other.csv", "image.csv"):
        assert "rror: " in folder.run("members", "import", name, code=1).err
    for name in ("missing.csv", "."):
        assert name in folder.run("members", "import", name, code=2).err


def test_a_report_that_cannot_be_written(folder: Folder) -> None:
    folder.write("members.csv", MIXED_ROWS)
    ran = folder.run("members", "import", "members.csv", "--report", "no/where.csv", code=1)
    assert "cannot be written" in ran.err


def test_add_and_add_again(folder: Folder) -> None:
    assert add(folder, "--region", "north") == "Signed up.\n"
    assert add(folder, "--region", "North") == "No change.\n"
    assert add(folder, "--role", "Steward") == "Updated.\n"
    assert folder.run("members", "show", "7", "--format", "json").data["role"] == "steward"


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--region", "nrth"), "did you mean `north`?"),
        (("--email", "kim"), "not an address"),
        (("--language", "elvish!"), "not a language code"),
        (("--number", ""), "the member number is missing"),
    ],
)
def test_add_refuses(folder: Folder, options: tuple[str, ...], message: str) -> None:
    assert message in folder.run("members", "add", *KIM, *options, code=1).err


def test_show_prints_milestones_and_deliveries(folder: Folder) -> None:
    add(folder, "--region", "north", "--language", "fr")
    shown = folder.run("members", "show", "7").out
    assert "▸ First Step" in shown
    assert "missing: Pass the quiz “Check what you know”" in shown
    assert "pending welcome" in shown
    data = folder.run("members", "show", "kim@example.org", "--format", "json").data
    assert data["number"] == "7"
    [path] = data["paths"]  # type: ignore[misc]
    assert [step["state"] for step in path["milestones"]] == ["open", "later"]


@pytest.mark.parametrize(
    "words",
    [("show", "99"), ("role", "99", "steward"), ("export", "99"), ("erase", "99", "--yes")],
)
def test_an_unknown_member_number(folder: Folder, words: tuple[str, ...]) -> None:
    ran = folder.run("members", *words, code=1)
    assert (
        ran.err
        == "Error: 99: there is no such member. Enter a member number or an email address.\n"
    )


def test_role_and_signoff(folder: Folder) -> None:
    add(folder)
    words = ("members", "signoff", "7", "basic-training", "--by", "Lee", "--note", "May")
    assert (
        folder.run("members", "role", "7", "steward", "--since", "2026-01-31").out == "Recorded.\n"
    )
    assert (
        folder.run("members", "role", "7", "steward", "--since", "2026-01-31").out == "No change.\n"
    )
    assert folder.run(*words).out == "Recorded.\n"
    assert "before" in folder.run(*words).out
    assert "steward since 2026-01-31" in folder.run("members", "show", "7").out
    assert folder.run("members", "role", "7", "none").out == "Recorded.\n"
    assert folder.run("members", "show", "7", "--format", "json").data["role"] == ""


def test_a_signoff_that_no_curriculum_requires(folder: Folder) -> None:
    add(folder)
    ran = folder.run("members", "signoff", "7", "basic-trainning", "--by", "Lee", code=1)
    assert "did you mean `basic-training`?" in ran.err
    assert "--by" in folder.run("members", "signoff", "7", "basic-training", code=2).err
    assert "--since" in folder.run("members", "role", "7", "x", "--since", "May", code=2).err


def test_export_and_erase(folder: Folder) -> None:
    add(folder)
    folder.run("members", "show", "7")
    exported = folder.run("members", "export", "7").data
    assert isinstance(exported["member"], dict)
    assert exported["member"]["email"] == "kim@example.org"
    assert {"looked", "exported"} <= {row["action"] for row in exported["audit"]}  # type: ignore[attr-defined]
    assert {row["who"] for row in exported["audit"]} == {"cli:tester"}  # type: ignore[attr-defined]
    assert "Stopped." in folder.run("members", "erase", "7", stdin="n\n", code=1).err
    folder.run("members", "show", "7")
    assert "Erased." in folder.run("members", "erase", "7", stdin="y\n").out
    folder.run("members", "show", "7", code=1)
    status = folder.run("status", "--format", "json").data
    assert status["members"] == 0
    assert "kim" not in json.dumps(status)


def test_erasing_empties_the_log_of_the_database(folder: Folder) -> None:
    add(folder)
    with closing(open_database(f"sqlite:///{folder.path}/var/stewardpath.db")) as store:
        assert write_ahead_log(store) == b"", "an open connection keeps the log from now on"
        folder.run("members", "show", "7")
        assert write_ahead_log(store)
        folder.run("members", "erase", "7", "--yes")
        assert write_ahead_log(store) == b""


def test_erase_says_who_stays_and_spares_what_is_confidential(folder: Folder) -> None:
    add(folder)
    store = open_database(f"sqlite:///{folder.path}/var/stewardpath.db")
    now = datetime.now(UTC)
    with closing(store), store.transaction() as session:
        guest = changes.add(session, PersonRecord("Lee", "lee@example.org"), "chair", now).id
        link_person(session, guest, 1, "chair", now)
        place = FormPlace(Owner(member_id=1), ("path/x",), needs="grievance-forms")
        drafts.save(session, place, {"why": ["x"]}, 0, now)
    assert "--confidential" in folder.run("members", "erase", "7", "--yes", code=1).err
    erased = folder.run("members", "erase", "7", "--yes", "--confidential").out
    assert f"Person {guest} stays" in erased
    assert "lee@example.org" in folder.run("persons", "list").out


def test_the_old_name_of_erase_still_works(folder: Folder) -> None:
    add(folder)
    ran = folder.run("members", "forget", "7", "--yes")
    assert ran.out == "Erased.\n"
    assert ran.err == (
        "`stewardpath members forget` is deprecated. Use `stewardpath members erase`.\n"
    )
    assert "forget" not in folder.run("members", "--help").out


def test_a_preview_of_an_import_says_what_changes_and_imports_nothing(folder: Folder) -> None:
    header = "number,email,first_name,last_name,role\n"
    folder.write("members.csv", f"{header}1,one@example.org,Kim,Doe,steward\n")
    folder.run("members", "import", "members.csv")
    folder.write(
        "next.csv",
        f"{header}1,kim@example.org,Kim,Doe,trustee\n2,two@example.org,Lee,Roe,\n3,three,Al,Bo,\n",
    )
    shown = folder.run("members", "import", "next.csv", "--preview", code=1).out
    assert "line 2: 1: email: one@example.org → kim@example.org; " in shown
    assert "+ role trustee" in shown
    assert "role steward: until no end → " in shown
    assert "line 3: 2: new" in shown
    assert "1 new, 1 changed, 0 unchanged.\nNothing was imported.\n" in shown
    assert "line 4: the email is not an address" in shown
    data = folder.run("members", "import", "next.csv", "--preview", "--format", "json", code=1).data
    assert (data["new"], data["changed"], len(data["rows"])) == (1, 1, 2)
    assert data["rows"][0]["changes"] == [
        {"field": "email", "before": "one@example.org", "after": "kim@example.org"}
    ]
    assert [each["line"] for each in data["refused"]] == [4]
    assert folder.run("members", "show", "1", "--format", "json").data["email"] == "one@example.org"
