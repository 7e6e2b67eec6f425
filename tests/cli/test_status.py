"""`status`."""

from __future__ import annotations

from .running import Folder


def test_before_anything_was_done(folder: Folder) -> None:
    shown = folder.run("status").out
    assert "Members: 0" in shown
    assert "Milestones awarded: none yet" in shown
    assert "pull       never" in shown
    assert "Nothing waits for a person." in shown
    data = folder.run("status", "--format", "json").data
    assert set(data) == {"members", "awards", "deliveries", "runs", "waiting"}
    assert data["runs"] == dict.fromkeys(("apply", "pull", "drift", "reconcile"))


def test_after_some_work(folder: Folder) -> None:
    folder.run("apply")
    folder.run("pull")
    folder.write("members.csv", "number,email,first_name,last_name\n1,a@example.org,Ann,Ex\n")
    folder.run("members", "import", "members.csv")
    shown = folder.run("status").out
    assert "Members: 1" in shown
    assert "s ago, went well (changes 0, members 0, awards 0)" in shown
    assert "  enrol            1       0       0" in shown
    assert "a@example.org" not in shown
