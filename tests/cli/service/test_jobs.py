"""`pull` and `deliver` against the sandbox: from sign-up to the last award."""

from __future__ import annotations

import time

from bridge.moodle.sandbox.simulated_learner import take_quiz
from tests.cli.command_runner import Folder
from tests.cli.conftest import CURRICULUM, FIRST, SECOND

KIM = ("--number", "7", "--email", "kim@example.org", "--first-name", "Kim", "--last-name", "Doe")


def pass_quiz(folder: Folder) -> None:
    """Kim passes the quiz of the first milestone."""
    user = folder.run("members", "show", "7", "--format", "json").data["moodle_user"]
    assert isinstance(user, int)
    take_quiz(folder.path / "var/sandbox.db", "stewardpath:small:check", user, time.time)


def deliveries(folder: Folder) -> dict[tuple[str, str], str]:
    rows = folder.run("members", "show", "7", "--format", "json").data["deliveries"]
    assert isinstance(rows, list)
    return {(row["kind"], row["target"].split(":")[-1]): row["state"] for row in rows}


def states(folder: Folder) -> list[str]:
    [path] = folder.run("members", "show", "7", "--format", "json").data["paths"]  # type: ignore[misc]
    return [step["state"] for step in path["milestones"]]


def test_a_member_earns_every_milestone(folder: Folder) -> None:
    folder.run("apply")
    folder.run("members", "add", *KIM, "--region", "north")
    assert "5 done" in folder.run("deliver").out
    assert folder.run("deliver").out == "Nothing to deliver.\n"
    assert len(list((folder.path / "var/mail").glob("*.eml"))) == 2  # the welcome and the notice
    pass_quiz(folder)
    assert "1 milestone awarded." in folder.run("pull").out
    again = folder.run("pull", "--format", "json").data
    assert (again["changes"], again["awards"]) == (0, 0)
    assert states(folder) == ["earned", "later"]
    assert folder.run("deliver", "--format", "json").data == {"done": 3}
    folder.run("members", "role", "7", "steward")
    assert states(folder) == ["earned", "open"]
    words = ("members", "signoff", "7", "basic-training", "--by", "Lee")
    assert "1 milestone awarded." in folder.run(*words).out
    folder.run("deliver")
    assert states(folder) == ["earned", "earned"]
    assert set(deliveries(folder).values()) == {"done"}
    assert ("enrol", "second") in deliveries(folder)
    assert (
        "new results for 0 members; 0 milestones awarded." in folder.run("pull", "--reconcile").out
    )


def test_deliveries_that_need_attention_are_listed_and_retried(folder: Folder) -> None:
    folder.run("members", "add", *KIM)
    assert "2 waiting for a setting: see `stewardpath status`" in folder.run("deliver").out
    shown = folder.run("status").out
    assert "Needs attention" in shown
    assert "member 7: the course stewardpath:small:first is not in Moodle yet." in shown
    assert "next try" in folder.run("members", "show", "7").out
    folder.run("apply")
    assert folder.run("deliver").out == "Nothing to deliver.\n"
    assert "3 done" in folder.run("deliver", "--retry").out
    assert "Nothing needs your attention." in folder.run("status").out


def test_erase_names_the_account_that_still_exists_in_moodle(folder: Folder) -> None:
    folder.run("apply")
    folder.run("members", "add", *KIM)
    folder.run("deliver")
    printed = folder.run("members", "erase", "7", "--yes").out
    assert "still exists in Moodle" in printed
    assert folder.run("deliver").out == "Nothing to deliver.\n"
    assert folder.run("pull", "--reconcile", "--format", "json").data["awards"] == 0


def test_a_milestone_that_is_renamed_twice_is_not_awarded_again(folder: Folder) -> None:
    folder.run("apply")
    folder.run("members", "add", *KIM, "--region", "north")
    folder.run("deliver")
    pass_quiz(folder)
    assert "1 milestone awarded." in folder.run("pull").out
    for key, previously in (("begun", "first"), ("fresh", "begun")):
        folder.write("curricula/small/curriculum.yaml", CURRICULUM.replace("first", key))
        renamed = f"milestone: {key}\npreviously: {previously}"
        folder.write("curricula/small/first.yaml", FIRST.replace("milestone: first", renamed))
        folder.write("curricula/small/second.yaml", SECOND.replace("[first]", f"[{key}]"))
        folder.run("apply")
        assert "0 milestones awarded" in folder.run("pull", "--reconcile").out
    awards = folder.run("awards", "list", "7", "--format", "json").data["awards"]
    assert isinstance(awards, list)
    assert len(awards) == 1


def rename_first(folder: Folder, *, said: bool) -> None:
    """The first milestone is now `other`; with `said`, its file says that it was renamed."""
    line = "\npreviously: first" if said else ""
    folder.write("curricula/small/curriculum.yaml", CURRICULUM.replace("first", "other"))
    other = FIRST.replace("milestone: first", f"milestone: other{line}")
    folder.write("curricula/small/first.yaml", other)
    folder.write("curricula/small/second.yaml", SECOND.replace("[first]", "[other]"))


def test_a_wrong_rename_can_be_taken_back_until_it_is_applied(folder: Folder) -> None:
    folder.run("apply")
    folder.run("members", "add", *KIM, "--region", "north")
    folder.run("deliver")
    pass_quiz(folder)
    folder.run("pull")
    rename_first(folder, said=True)
    folder.run("pull")
    assert '"rename"' in folder.run("plan", "--format", "json").out
    rename_first(folder, said=False)
    assert '"rename"' not in folder.run("plan", "--format", "json").out
    rename_first(folder, said=True)
    folder.run("apply")
    rename_first(folder, said=False)
    folder.run("pull")
    assert states(folder) == ["earned", "later"]
    awards = folder.run("awards", "list", "7", "--format", "json").data["awards"]
    assert isinstance(awards, list)
    assert len(awards) == 1
