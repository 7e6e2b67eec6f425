"""`plan` and `apply`, against the sandbox."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from datetime import UTC, datetime

from bridge.config import load
from bridge.jobs.locks import run_locked
from bridge.store.database import open_database
from tests.cli.command_runner import Folder


def edit(folder: Folder, name: str, old: str, new: str) -> None:
    file = folder.path / "curricula/small" / name
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new))


def fingerprint(folder: Folder) -> str:
    found = re.search(r"Fingerprint: ([0-9a-f]{12})$", folder.run("plan").out, re.MULTILINE)
    assert found is not None
    return found[1]


def test_plan_apply_and_apply_again(folder: Folder) -> None:
    shown = folder.run("plan").out
    assert "+ course     First Step  first" in shown
    assert "to create." in shown
    assert "\x1b" not in shown
    plans = folder.run("plan", "--format", "json").data["plans"]
    assert isinstance(plans, list)
    assert plans[0]["fingerprint"] in shown
    made = folder.run("apply", "--fingerprint", plans[0]["fingerprint"]).out
    assert f"{len(plans[0]['changes'])} changes made." in made
    assert "Up to date: Moodle matches the curriculum." in folder.run("apply").out
    assert "Up to date: Moodle matches the curriculum." in folder.run("plan").out
    [again] = folder.run("apply", "--format", "json").data["applied"]  # type: ignore[misc]
    assert (again["made"], again["changes"], again["refused"]) == (0, [], [])


def test_an_edit_shows_old_and_new_values(folder: Folder) -> None:
    folder.run("apply")
    edit(folder, "first.yaml", "course:", "# a note to ourselves\ncourse:")
    assert "Up to date: Moodle matches the curriculum." in folder.run("plan").out
    edit(folder, "first.yaml", "title: Check what you know", "title: Check yourself")
    edit(folder, "first.yaml", "text: It begins here.", "text: It surely begins here.")
    shown = folder.run("plan").out
    assert "name: Check what you know → Check yourself" in shown
    assert "content: It begins here. → It surely begins here." in shown
    assert "2 to change." in shown
    assert "2 changes made." in folder.run("apply").out


def test_a_question_that_another_database_sent_is_shown_as_changed(folder: Folder) -> None:
    folder.run("apply")
    with closing(sqlite3.connect(folder.path / "var/stewardpath.db")) as db, db:
        db.execute("DELETE FROM question_content")
    edit(folder, "first.yaml", "text: It begins here.", "text: It surely begins here.")
    assert "content: changed" in folder.run("plan").out


def test_a_long_text_is_shown_where_it_differs(folder: Folder) -> None:
    edit(folder, "first.yaml", "Hello there.", "Hello there. " * 20)
    folder.run("apply")
    edit(folder, "first.yaml", "Hello there. \n", "Hello friends. \n")
    assert re.search(r"content: ….{0,60}there.* → ….{0,60}friends", folder.run("plan").out)


def test_a_removed_page_is_hidden(folder: Folder) -> None:
    folder.run("apply")
    page = "        - page: welcome\n          title: Welcome\n          body: Hello there.\n"
    edit(folder, "first.yaml", page, "")
    shown = folder.run("plan").out
    assert "⊘ page       Welcome  welcome" in shown
    assert "1 to hide." in shown
    folder.run("apply")
    assert "Up to date: Moodle matches the curriculum." in folder.run("plan").out


def test_a_plan_that_was_not_reviewed_is_refused(folder: Folder) -> None:
    reviewed = fingerprint(folder)
    edit(folder, "first.yaml", "Hello there.", "Good day.")
    ran = folder.run("apply", "--fingerprint", reviewed, code=1)
    assert "not " + reviewed in ran.err
    assert "Make a new plan and review it." in ran.err
    folder.run("apply", "--fingerprint", fingerprint(folder))


def test_a_large_change_needs_force(folder: Folder) -> None:
    folder.write(
        "config.yaml", (folder.path / "config.yaml").read_text() + "sync: {max_share: 0.1}"
    )
    folder.run("apply")
    for title in ("First Step", "Welcome", "Check what you know"):
        edit(folder, "first.yaml", f"title: {title}", f"title: New {title}")
    assert "Needs --force: This would hide or rewrite" in folder.run("plan").out
    assert "--force" in folder.run("apply", code=1).err
    assert "changes made." in folder.run("apply", "--force").out


def test_choosing_one_of_several_curricula(folder: Folder) -> None:
    other = folder.path / "curricula/other"
    for name in ("curriculum.yaml", "first.yaml", "second.yaml"):
        text = (folder.path / "curricula/small" / name).read_text()
        text = text.replace("curriculum: small", "curriculum: other")
        folder.write(f"curricula/other/{name}", text)
    assert other.is_dir()
    assert "(other)" not in folder.run("plan", "--curriculum", "small").out
    assert "Available: other, small." in folder.run("plan", "--curriculum", "nope", code=1).err
    assert "--curriculum" in folder.run("apply", "--fingerprint", "0" * 12, code=2).err
    folder.run("apply", "--curriculum", "other")
    assert (
        "Up to date: Moodle matches the curriculum."
        in folder.run("plan", "--curriculum", "other").out
    )


def test_nothing_is_applied_while_another_process_applies(folder: Folder) -> None:
    folder.run("apply")
    edit(folder, "first.yaml", "title: Check what you know", "title: Check yourself")
    store = open_database(load(None, {}, folder.path).database_url)
    with run_locked(store, "apply", lambda: datetime.now(UTC)):
        ran = folder.run("apply", code=1)
        assert "another process is running this job now (apply). Wait for it to end" in ran.err
        assert "to change." in folder.run("plan").out
    store.close()
    assert "1 change made." in folder.run("apply").out


def test_apply_waits_for_the_approval_of_those_who_decide(folder: Folder) -> None:
    folder.write("people.txt", "Kim Example <kim@employer.example>")
    folder.run("consultations", "open", "small", "2999-04-17 18:00", "--title", "The path")
    board = ("--group", "Board", "--degree", "decides")
    folder.run("consultations", "invite", "1", "people.txt", *board)
    refused = folder.run("apply", "--force", code=1)
    assert "Kim Example (Board)" in refused.err
    assert "to create." in folder.run("plan").out
