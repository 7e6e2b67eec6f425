"""`sessions import`, `export`, `copy` and `repeat`, several sessions at once, and JSON."""

from __future__ import annotations

import pytest

from tests.cli.command_runner import Folder
from tests.cli.sessions.test_sessions_command import audited, schedule
from tests.cli.sessions.test_sessions_command import union as union

FILE = """\
- key: spring
  session: hearings
  starts: 2999-04-17 18:00
  timezone: Europe/Paris
  seats: {online: 40}
  place: {online: https://meet.example/secret}
"""


def test_import_preview_and_export(union: Folder) -> None:
    union.write("schedule.yaml", FILE)
    preview = union.run("sessions", "import", "schedule.yaml", "--preview")
    assert (preview.out, preview.err) == (
        "new: spring  Hearings\n", "Preview: 1 new, 0 changed, 0 different, 0 unchanged.\n",
    )  # fmt: skip
    assert union.run("sessions", "list").out == "No sessions.\n"
    assert "1 new" in union.run("sessions", "import", "schedule.yaml").err
    assert "1 unchanged" in union.run("sessions", "import", "schedule.yaml").err
    exported = union.run("sessions", "export").out
    assert "secret" not in exported
    assert "ends: 2999-04-17 19:30" in exported
    union.run("sessions", "export", "--format", "csv", "--links", "--output", "all.csv")
    assert "https://meet.example/secret" in (union.path / "all.csv").read_text()
    done = union.run("sessions", "import", "all.csv", "--format", "json").data
    assert done["sessions"] == [{"key": "spring", "line": 2, "outcome": "unchanged", "changes": []}]
    lists = [each for each in audited(union, "listed") if each["list"] == "sessions"]
    assert [(each["format"], each["links"]) for each in lists] == [("yaml", False), ("csv", True)]
    [in_json] = union.run("sessions", "export", "--format", "json").data["sessions"]
    assert in_json["seats"] == {"online": 40}


def test_differences_stay_unless_the_file_shall_win(union: Folder) -> None:
    schedule(union, "--key", "spring", "--zone", "Europe/Paris", "--seats-online", "30",
             "--link", "https://meet.example/secret")  # fmt: skip
    union.write("schedule.yaml", FILE)
    kept = union.run("sessions", "import", "schedule.yaml")
    assert "  seats_online: 30 → 40 (kept: changed on the pages)" in kept.out
    assert "--overwrite" in kept.err
    union.write("schedule.yaml", FILE.replace("secret", "other"))
    won = union.run("sessions", "import", "schedule.yaml", "--overwrite")
    assert won.out == ("changed: spring  Hearings\n  link: another link\n  seats_online: 30 → 40\n")


def test_every_mistake_is_printed_with_its_place_and_nothing_is_changed(union: Folder) -> None:
    union.write("schedule.csv", (
        "key;session;starts;timezone;online\n"
        "a;hearings;2999-04-17 18:00;Europe/Paris;yes\n"
        "b;hearing;2020-04-17 18:00;Mars;http://meet.example\n"
    ))  # fmt: skip
    answer = union.run("sessions", "import", "schedule.csv", code=1)
    assert answer.out.splitlines() == [
        "schedule.csv:3:2: error: there is no topic `hearing`. – did you mean `hearings`?",
        "schedule.csv:3:4: error: there is no time zone `Mars`. – Write a zone such as "
        "America/Toronto or Europe/Paris.",
        "schedule.csv:3:5: error: the link to join must begin with https://. – write the link, "
        "`bigbluebutton`, `zoom:` and a number, `yes` or `no`",
    ]
    assert union.run("sessions", "list").out == "No sessions.\n"
    data = union.run("sessions", "import", "schedule.csv", "--format", "json", code=1).data
    assert (data["imported"], len(data["errors"])) == (False, 3)
    (union.path / "latin.csv").write_bytes("clé".encode("latin-1"))
    assert "not UTF-8" in union.run("sessions", "import", "latin.csv", code=1).out


def test_copy_and_repeat(union: Folder) -> None:
    schedule(union, "--key", "spring", "--zone", "Europe/Paris")  # a Wednesday
    union.run("sessions", "copy", "spring", "2999-09-02 18:00", "--key", "autumn")
    [_, copied] = union.run("sessions", "list", "--format", "json").data["sessions"]
    assert (copied["key"], copied["ends"]) == ("autumn", "2999-09-02 19:30")
    preview = union.run("sessions", "repeat", "spring", "--by", "day", "--times", "2", "--preview")
    assert preview.out == (
        "2999-05  2999-05-17 18:00 Europe/Paris\n2999-06  2999-06-17 18:00 Europe/Paris\n"
    )
    made = union.run("sessions", "repeat", "spring", "--by", "day", "--times", "2", "--open")
    assert "2 sessions created." in made.err
    months = union.run(
        "sessions", "repeat", "spring", "--by", "day", "--until", "2999-07-31", "--preview",
        "--format", "json",
    ).data["months"]  # fmt: skip
    assert [each["problem"] for each in months] == [
        "it is scheduled already.", "it is scheduled already.", "",
    ]  # fmt: skip


def test_several_at_once_or_none_and_in_json(union: Folder) -> None:
    for key in ("a", "b"):
        schedule(union, "--key", key)
    wrong = union.run("sessions", "postpone", "a", "b", code=1)
    assert "a: only a session that is open can be postponed." in wrong.err
    opened = union.run("sessions", "open", "a", "b", "--format", "json").data["sessions"]
    assert [(each["key"], each["state"], each["changed"]) for each in opened] == [
        ("a", "open", True), ("b", "open", True),
    ]  # fmt: skip
    cancelled = union.run("sessions", "cancel", "a", "b", "--reason", "Snow.").err
    assert cancelled == "a: Cancelled.\nb: Cancelled.\n"
    for command in (["postpone", "gone"], ["schedule", "small/gone", "2999-04-17 18:00"]):
        assert union.run("sessions", *command, "--format", "json", code=1).out == ""
    two = union.run("sessions", "postpone", "a", "b", "--to", "2999-05-20 18:00", code=2)
    assert "name one KEY" in two.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["schedule", "small/hearings", "2999-04-17 18:00", "--key", "k" * 61], "1 to 60"),
        (["schedule", "small/hearings", "2999-04-17 18:00", "--zone", "localtime"], "no time zone"),
        (["schedule", "small/hearings", "2027-03-14 02:30", "--zone", "America/Toronto"],
         "doesn't exist"),
        (["schedule", "small/hearings", "2026-11-01 01:30", "--zone", "America/Toronto"],
         "comes twice"),
        (["schedule", "small/hearings", "2999-04-17 18:00", "--seats-online", "0"], "from 1 to"),
        (["schedule", "small/hearings", "2999-04-17 18:00", "--link", "https://"], "https://"),
        (["schedule", "small/hearings", "2999-04-17 18:00", "--leader", "1"], "no member or"),
        (["schedule", "small/hearings", "9999-12-31 23:59"], "the year is not from 2000 to 2999"),
        (["copy", "spring", "9999-12-31 23:59"], "the year is not from"),
        (["repeat", "spring", "--times", "0"], "1 to 36"),
        (["repeat", "spring"], "how many times"),
        (["repeat", "spring", "--times", "2", "--until", "2999-12-01"], "how many times"),
        (["repeat", "gone", "--times", "2"], "no session with this key"),
        (["copy", "spring", "2020-01-01 18:00"], "in the past"),
        (["postpone", "spring", "--to", "2020-01-01 18:00"], "open or postponed"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said(union: Folder, arguments: list[str], message: str) -> None:
    schedule(union, "--key", "spring")
    answer = union.run("sessions", *arguments, code=1)
    assert message in answer.err
    assert len(union.run("sessions", "list").out.splitlines()) == 1
